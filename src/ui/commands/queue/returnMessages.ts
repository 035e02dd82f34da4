import type { App } from '../../app.ts';

/** Command: Return Dead-Lettered Messages… */
export async function returnMessages(_app: App, _row?: unknown): Promise<void> {}
