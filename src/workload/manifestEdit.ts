import type { Span } from './manifest.ts';

/** The one replacement that setCompletions makes; undefined when the number cannot be set without changing more. */
export function completionsEdit(
  _text: string,
  _completions: number,
  _job = 0,
): { span: Span; text: string } | undefined {
  return undefined;
}

/** The text with the Job's completions set, every other byte kept. */
export function setCompletions(text: string, _completions: number, _job = 0): string {
  return text;
}

/** The text with the image of the Job's worker set, every other byte kept. */
export function setImage(text: string, _image: string, _job = 0): string {
  return text;
}
