import type { App } from '../../app.ts';

/** Command: Peek at Messages… */
export async function peekMessages(_app: App, _row?: unknown): Promise<void> {}
