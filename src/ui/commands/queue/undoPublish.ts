import type { App } from '../../app.ts';

/** Command: Undo Last Publish… */
export async function undoPublish(_app: App, _row?: unknown): Promise<void> {}
