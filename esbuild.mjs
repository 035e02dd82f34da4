// Bundles the extension: a small file that is loaded at activation, and beside it the Kubernetes part, the AMQP part and
// the reader of manifests, each loaded when it is first needed; and the pages of webviews.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

// `import('../cluster/index.ts')` in the source becomes `require('./cluster.cjs')` in the bundle.
const parts = {
  cluster: 'src/cluster/index.ts',
  broker: 'src/broker/index.ts',
  manifest: 'src/workload/manifest.ts',
  commands: 'src/ui/commands/index.ts',
  editor: 'src/ui/editor/liveManifests.ts',
  dashboard: 'src/ui/dashboard/dashboardPages.ts',
  documents: 'src/ui/documentSources.ts',
  tasks: 'src/ui/tasks.ts',
  findings: 'src/ui/findingText.ts',
  runEnd: 'src/ui/runEnd.ts',
};

const lateParts = {
  name: 'late-parts',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const part = Object.entries(parts).find(([, file]) => file.endsWith(path.replace(/^[./]+/, '')));
      return part && { path: `./${part[0]}.cjs`, external: true };
    });
  },
};

// VS Code changes http and https in its extension host: every request goes by the editor's proxy settings, and the agent
// that was asked for is dropped, and with it the client's certificate and the kept-alive connections. A cluster is reached
// as kubectl reaches it, so these parts take the functions as they were; VS Code keeps them under this name.
const plainHttp = {
  name: 'plain-http',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: 'plain-http' }));
    onLoad({ filter: /.*/, namespace: 'plain-http' }, ({ path }) => ({
      contents: `const own = process.getBuiltinModule('${path}'); module.exports = own.__vscodeOriginal ?? own;`,
    }));
  },
};

// Of client-node the kubeconfig and its credentials are used; the calls are our own. Its package does not say that its
// modules have no side effects, which keeps every generated class in the bundle, and undici, which only those call.
const leanClientNode = {
  name: 'lean-client-node',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /client-node|^\./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === 'resolved' || !`${path} ${importer}`.includes('client-node')) return undefined;
      return { ...(await resolve(path, { kind, importer, resolveDir, pluginData: 'resolved' })), sideEffects: false };
    });
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'never-called' }));
    onLoad({ filter: /.*/, namespace: 'never-called' }, () => ({ contents: 'module.exports = {}' }));
  },
};

const extension = await build({
  entryPoints: { extension: 'src/extension.ts', ...parts },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  minify: true,
  charset: 'utf8',
  sourcemap: 'linked',
  logLevel: 'warning',
  plugins: [lateParts, plainHttp, leanClientNode],
  metafile: true,
});

// What runs in a webview: a page's script and its style.
const pages = await build({
  entryPoints: [
    { in: 'src/ui/chart/page/main.ts', out: 'chart' },
    { in: 'src/ui/chart/page/chart.css', out: 'chart' },
    { in: 'src/ui/dashboard/page/main.ts', out: 'dashboard' },
    { in: 'src/ui/dashboard/page/dashboard.css', out: 'dashboard' },
  ],
  outdir: 'dist',
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true,
});

// The licenses of the bundled packages ask to go along with them.
const inputs = [extension, pages].flatMap(({ metafile }) => Object.keys(metafile.inputs));
const packages = new Set(inputs.flatMap(path => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
const notices = [...packages].sort().map(folder => {
  const license = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
  const { name, version, license: kind } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  return `${name} ${version} (${kind})\n\n${license ? readFileSync(`${folder}/${license}`, 'utf8').trim() : ''}\n`;
});
writeFileSync('dist/THIRD-PARTY-NOTICES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
