import type { App } from './app.ts';

/** @returns the image's name that was given last in this workspace, when one was built and had none */
export const lastImage = (app: App): string | undefined => app.memory.get<string>('image');
