import type { App } from '../../app.ts';

/** Command: Publish Clipboard as Messages… */
export async function publishClipboard(_app: App, _row?: unknown): Promise<void> {}
