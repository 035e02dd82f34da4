import type { Locator, Page } from 'playwright-core';

/** What we use of the page's elements; the project itself is compiled without the browser's types. */
export interface Dom {
  textContent: string;
  className: string;
  id: string;
  value?: string;
  style: Record<string, string>;
  childNodes: Iterable<Dom>;
  parentElement: Dom | null;
  ownerDocument: { createTreeWalker(root: Dom, show: number): { nextNode(): Dom | null }; createRange(): DomRange };
  getAttribute(name: string): string | null;
  querySelector(selector: string): Dom | null;
  querySelectorAll(selector: string): Iterable<Dom>;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
  checkVisibility(): boolean;
}

interface DomRange {
  setStart(node: Dom, offset: number): void;
  setEnd(node: Dom, offset: number): void;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}

/**
 * Runs a function in the page, in one step, so that what it reads belongs together.
 * @param read gets the page's root element; it sees nothing else of the file that it is written in
 */
export function inPage<R, A = undefined>(page: Page, read: (root: Dom, argument: A) => R, argument?: A): Promise<R> {
  return page.locator(':root').evaluate(read as never, argument);
}

/** A string is matched whole, a RegExp anywhere. */
export type Label = string | RegExp;

export function isLabel(text: string, label: Label): boolean {
  return typeof label === 'string' ? text === label : label.test(text);
}

/** A string or a RegExp, matched anywhere. */
export function hasText(text: string, part: Label): boolean {
  return typeof part === 'string' ? text.includes(part) : part.test(text);
}

/** For Playwright's hasText, which takes a string for a part. */
export function whole(label: Label): RegExp {
  return typeof label === 'string' ? new RegExp(`^\\s*${literally(label)}\\s*$`) : label;
}

/** A text as the pattern that matches just it. */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The text of all elements of a locator that there are now, as it is drawn. */
export async function textOf(elements: Locator): Promise<string> {
  return plain((await elements.allInnerTexts()).join('\n'));
}

/** VS Code draws spaces as non-breaking ones in places. */
export function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
}
