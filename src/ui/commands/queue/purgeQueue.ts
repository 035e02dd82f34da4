import type { App } from '../../app.ts';

/** Command: Purge Queue… */
export async function purgeQueue(_app: App, _row?: unknown): Promise<void> {}
