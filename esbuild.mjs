// Bundles the extension: a small file that is loaded at activation, and beside it the Kubernetes and the AMQP part, each
// loaded when it is first needed.
import { build } from 'esbuild';

// `import('../cluster/index.ts')` in the source becomes `require('./cluster.cjs')` in the bundle.
const lateParts = {
  name: 'late-parts',
  setup({ onResolve }) {
    onResolve({ filter: /\/(cluster|broker)\/index\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').at(-2)}.cjs`, external: true } : undefined,
    );
  },
};

await build({
  entryPoints: { extension: 'src/extension.ts', cluster: 'src/cluster/index.ts', broker: 'src/broker/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  minify: true,
  keepNames: false,
  sourcemap: 'linked',
  logLevel: 'warning',
  plugins: [lateParts],
});
