import type { App } from '../../app.ts';

/** Command: Resume Publishing… */
export async function resumePublish(_app: App, _row?: unknown): Promise<void> {}
