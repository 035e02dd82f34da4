import type { App } from '../../app.ts';

/** Command: Copy Messages… */
export async function copyMessages(_app: App, _row?: unknown): Promise<void> {}
