import { installEditor } from './editor/install.ts';
import { startServer } from './editor/server.ts';

// Starts an editor and says which, to be killed then: once its processes are gone, nothing is left behind.
const server = await startServer({ install: await installEditor() });
console.log(server.folder);
setInterval(() => {}, 60_000);
