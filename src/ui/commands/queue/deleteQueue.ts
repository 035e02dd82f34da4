import type { App } from '../../app.ts';

/** Command: Delete Queue… */
export async function deleteQueue(_app: App, _row?: unknown): Promise<void> {}
