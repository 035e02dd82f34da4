import { labDown } from './down.ts';
import { labStatus } from './status.ts';
import { labUp } from './up.ts';

const USAGE = `npm run lab -- up              bring up Kubernetes, RabbitMQ, a registry and a docker daemon
npm run lab -- down            take all of it away again
npm run lab -- status [--json] what runs, and where`;

const start = Date.now();
/** To standard error: standard output is for what another program reads. */
const report = (line: string) =>
  process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

async function main(command: string | undefined, option: string | undefined): Promise<void> {
  if (command === 'up') {
    const status = await labUp(report);
    report(
      `the lab is up; KUBECONFIG=${status.kubeconfig} DOCKER_HOST=${status.dockerHost} broker ${status.broker.url}`,
    );
  } else if (command === 'down') {
    await labDown(report);
  } else if (command === 'status' && (option === undefined || option === '--json')) {
    const status = await labStatus();
    console.log(option === '--json' ? JSON.stringify(status, null, 2) : inWords(status));
    process.exitCode = status.up ? 0 : 1;
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

function inWords(status: Awaited<ReturnType<typeof labStatus>>): string {
  const list = (pairs: Record<string, string | number>) =>
    Object.entries(pairs)
      .map(pair => pair.join(' '))
      .join(', ') || 'none';
  return [
    `lab         ${status.up ? 'up' : 'not up'}`,
    `kubeconfig  ${status.kubeconfig}`,
    `docker      DOCKER_HOST=${status.dockerHost} ${status.docker}`,
    `kubectl     ${status.kubectl}`,
    `registry    ${status.registry}`,
    `broker      ${status.broker.url}, management ${status.broker.management}`,
    `pids        ${list(status.pids)}`,
    `versions    ${list(status.versions)}`,
  ].join('\n');
}

try {
  const [command, option] = process.argv.slice(2);
  await main(command, option);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // At once: a step that went on beside the failed one is not worth waiting for.
  process.exit(1);
}
