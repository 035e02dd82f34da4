import type { App } from '../../app.ts';

/** Command: Move Messages… */
export async function moveMessages(_app: App, _row?: unknown): Promise<void> {}
