import type { App } from '../../app.ts';

/** Command: Save Messages to File… */
export async function saveMessages(_app: App, _row?: unknown): Promise<void> {}
