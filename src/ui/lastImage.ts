import type { App } from './app.ts';

/** Where the name given last is remembered: the next worker most likely goes to the same registry. */
const LAST_IMAGE = 'image';

/** @returns the image's name that was given last in this workspace, when one was built and had none */
export const lastImage = ({ memory }: App): string | undefined => memory.get<string>(LAST_IMAGE);

/** Remembers an image's name as the one given last. */
export const rememberImage = async ({ memory }: App, image: string): Promise<void> => memory.update(LAST_IMAGE, image);
