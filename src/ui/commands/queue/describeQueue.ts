import type { App } from '../../app.ts';

/** Command: Describe Queue */
export async function describeQueue(_app: App, _row?: unknown): Promise<void> {}
