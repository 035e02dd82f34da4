import { type Dom, hasText, inPage, isLabel, type Label, whole } from './dom.ts';
import { bringInSight, everyRow, type Row } from './list.ts';
import { leave, type Window } from './window.ts';

interface Question {
  title: string;
  placeholder: string;
  value: string;
  password: boolean;
  /** The prompt, or what is wrong with the value. */
  message: string;
  /** It offers rows to pick from. */
  hasList: boolean;
  /** The first rows, as a screen reader says them. */
  firstRows: string[];
}

export interface QuickPick extends Question {
  rows(): Promise<Row[]>;
  /** Types into the filter. */
  type(text: string): Promise<void>;
  /** Clicks the row of this label. */
  pick(label: Label): Promise<void>;
  /** Of a list with check boxes: ticks exactly the rows of these labels, and accepts. */
  tick(...labels: Label[]): Promise<void>;
  cancel(): Promise<void>;
}

export interface InputBox extends Question {
  /** Replaces what is in the box. */
  type(text: string): Promise<void>;
  /** The prompt or what is wrong with the value, once it has this part. */
  says(part: Label): Promise<string>;
  /** Presses Enter, and waits until something else is asked or nothing. */
  accept(): Promise<void>;
  cancel(): Promise<void>;
}

// Runs in the page.
function readQuestion(root: Dom): Question | undefined {
  const widget = root.querySelector('.quick-input-widget');
  if (!widget?.checkVisibility()) return undefined;
  const text = (selector: string) => {
    const element = widget.querySelector(selector);
    return element?.checkVisibility() ? element.textContent.trim() : '';
  };
  const input = widget.querySelector('input.input');
  return {
    title: text('.quick-input-title'),
    placeholder: input?.getAttribute('placeholder') ?? '',
    value: input?.value ?? '',
    password: input?.getAttribute('type') === 'password',
    message: text('.quick-input-message'),
    hasList: widget.querySelector('.quick-input-list')?.checkVisibility() ?? false,
    firstRows: [...widget.querySelectorAll('.quick-input-list .monaco-list-row')]
      .slice(0, 5)
      .map(row => row.getAttribute('aria-label') ?? ''),
  };
}

/** Words for what is asked at the top of the window. `about` is a part of the title, the placeholder or the prompt. */
export function quickInput(window: Window) {
  const { page, wait, click } = window;
  const widget = page.locator('.quick-input-widget');
  const box = widget.locator('input.input').first();
  const list = widget.locator('.quick-input-list .monaco-list');
  const read = () => inPage(page, readQuestion);

  const asked = (what: string, about: Label, hasList: boolean, timeout?: number) =>
    wait(
      `${what} about ${about}`,
      async () => {
        const question = await read();
        if (question?.hasList !== hasList) return undefined;
        return [question.title, question.placeholder, question.message].some(text => hasText(text, about)) && question;
      },
      { timeout, instead: read },
    );

  // The next question appears in the same elements: only its words tell that it is another one.
  const words = (question: Question) => JSON.stringify({ ...question, value: '', message: '' });
  const answered = (before: Question) =>
    wait(
      `the question "${before.title || before.placeholder || before.message}" to be answered`,
      async () => {
        const now = await read();
        return now === undefined || words(now) !== words(before);
      },
      { instead: read },
    );

  const cancel = async () => {
    await box.press('Escape');
    await wait('the question to be gone', async () => (await read()) === undefined);
  };

  async function row(label: Label) {
    await wait(`the row ${label}`, () => bringInSight(window, list, seen => isLabel(seen.label, label)), {
      instead: async () => (await everyRow(window, list)).map(seen => seen.label),
    });
    const name = page.locator('.quick-input-list-row:first-child .label-name', { hasText: whole(label) });
    return list.locator('.monaco-list-row', { has: name }).first();
  }

  return {
    async quickPick(about: Label, { timeout }: { timeout?: number } = {}): Promise<QuickPick> {
      const question = await asked('a list to pick from', about, true, timeout);
      return {
        ...question,
        rows: () => everyRow(window, list),
        type: text => box.fill(text),
        pick: async label => {
          await click(await row(label));
          await answered(question);
        },
        tick: async (...labels) => {
          for (const { label, checked } of await everyRow(window, list)) {
            if (labels.some(wanted => isLabel(label, wanted)) !== checked) await click(await row(label));
          }
          await box.press('Enter');
          await answered(question);
        },
        cancel,
      };
    },

    async inputBox(about: Label, { timeout }: { timeout?: number } = {}): Promise<InputBox> {
      const question = await asked('a box to type in', about, false, timeout);
      return {
        ...question,
        type: text => box.fill(text),
        says: part =>
          wait(
            `the box to say ${part}`,
            async () => {
              const message = (await read())?.message ?? '';
              return hasText(message, part) && message;
            },
            { instead: read },
          ),
        accept: async () => {
          await box.press('Enter');
          await answered(question);
        },
        cancel,
      };
    },

    /** Runs a command of the palette by its whole title, such as "Work Queue: Run Job". */
    async runCommand(title: string): Promise<void> {
      await leave(page);
      await page.keyboard.press('F1');
      const row = list.locator('.monaco-list-row', {
        has: page.locator('.quick-input-list-row:first-child .label-name', { hasText: whole(title) }),
      });
      await wait(`the command "${title}"`, async () => {
        // The palette does not look again by itself when commands join.
        if (!(await box.isVisible())) await page.keyboard.press('F1');
        else if (!(await row.first().isVisible())) {
          await box.fill('>');
          await box.fill(`>${title}`);
        }
        return row.first().isVisible();
      });
      await click(row.first());
      await wait('the palette to be gone', async () => !(await read())?.value.startsWith('>'));
    },
  };
}
