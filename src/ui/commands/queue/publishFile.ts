import type { App } from '../../app.ts';

/** Command: Publish File as Messages… */
export async function publishFile(_app: App, _row?: unknown): Promise<void> {}
