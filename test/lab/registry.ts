import { assertAlive, ensureDaemon } from './daemon.ts';
import { inHome, inLab, REGISTRY } from './layout.ts';
import { until } from './until.ts';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** Starts the image registry, on loopback, and waits until it answers. */
export async function ensureRegistry(): Promise<void> {
  const config = inLab('etc', 'registry.json');
  await ensureDaemon({
    name: 'registry',
    argv: ['/usr/bin/docker-registry', 'serve', config],
    files: {
      [config]: JSON.stringify({
        version: '0.1',
        log: { level: 'warn' },
        storage: { filesystem: { rootdirectory: inHome('registry') }, delete: { enabled: true } },
        http: { addr: REGISTRY },
      }),
    },
  });
  await until(
    'the registry answers',
    async () => (await fetch(`http://${REGISTRY}/v2/`, { signal: AbortSignal.timeout(2000) })).ok,
    {
      timeoutMs: 20_000,
      orThrow: () => assertAlive('registry'),
    },
  );
}

/** Whether the registry has an image under this tag. */
export async function registryHas(image: string, tag: string): Promise<boolean> {
  const response = await fetch(`http://${REGISTRY}/v2/${image}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: MANIFEST },
    signal: AbortSignal.timeout(5000),
  });
  return response.ok;
}
