import type { App } from '../../app.ts';

/** Command: Show Queue Chart */
export async function showChart(_app: App, _row?: unknown): Promise<void> {}
