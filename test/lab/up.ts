import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { noteBaseline } from './baseline.ts';
import { ensureBinaries } from './binaries.ts';
import { brokerAnswers, brokerObjects, brokerVersion } from './broker.ts';
import { cacheDir, digestOf } from './cache.ts';
import { ensureCertificates } from './certificates.ts';
import { ensureContainerd, PAUSE_IMAGE, pullImage } from './containerd.ts';
import { ensureApiServer, ensureControllers, ensureEtcd } from './control-plane.ts';
import { dnsAnswers, dnsObjects } from './dns.ts';
import { ensureDocker } from './docker.ts';
import { ensureDebianImages, ensureProgramImages } from './images.ts';
import { apply } from './kubectl.ts';
import { HOME_FILE, inLab, REGISTRY, RUN } from './layout.ts';
import { withLock } from './lock.ts';
import { ensureNetwork, loadModules, NETWORK_WORDS } from './network.ts';
import { ensureNode } from './node.ts';
import { assertMachine, ensurePackages } from './packages.ts';
import { type Report, timed } from './progress.ts';
import { ensureRegistry } from './registry.ts';
import { forgetMadeFrom, type LabStatus, labStatus, madeFrom, writeMadeFrom } from './status.ts';
import { until } from './until.ts';
import { userObjects } from './users.ts';

/**
 * Brings the lab up, or makes sure that it is: starts what does not run, whatever state a killed run left behind,
 * and returns when the cluster, its DNS, the docker daemon and the broker answer. Minutes on a new machine, seconds
 * after that; at once when all is well. Two at once wait for each other.
 * @throws Error in words, with the end of the log of what failed
 */
export async function labUp(report: Report = line => process.stderr.write(`${line}\n`)): Promise<LabStatus> {
  if (madeFrom() === sourcesDigest()) {
    const status = await labStatus();
    if (status.up) return status;
  }
  assertMachine();
  return await withLock(report, () => bringUp(report));
}

async function bringUp(report: Report): Promise<LabStatus> {
  await ensurePackages(report);
  forgetMadeFrom();
  await prepare(report);
  await Promise.all([ensureRegistry(), ensureContainerd()]);
  const docker = ensureDocker();
  // Compiling and making images wait for different things: together they take little more than the longer one.
  await Promise.all([docker.then(() => ensureDebianImages(report)), ensureControlPlane(docker, report)]);
  await ensureCluster(report);
  writeMadeFrom(sourcesDigest());
  const status = await labStatus();
  if (!status.up) throw new Error('the lab came up and went down again at once; see `npm run lab -- status`');
  return status;
}

async function prepare(report: Report): Promise<void> {
  await loadModules();
  await noteBaseline();
  mkdirSync(RUN, { recursive: true, mode: 0o700 });
  if (!existsSync(HOME_FILE)) {
    report('setting up the network of the lab:');
    for (const words of NETWORK_WORDS) report(`  ${words}`);
    writeFileSync(HOME_FILE, cacheDir());
  }
  mkdirSync(inLab(), { recursive: true, mode: 0o700 });
  await ensureCertificates();
  await ensureNetwork();
}

async function ensureControlPlane(docker: Promise<void>, report: Report): Promise<void> {
  await ensureBinaries(report);
  const start = async () => {
    await ensureEtcd(report);
    await ensureApiServer();
    await ensureControllers();
  };
  await Promise.all([docker.then(() => ensureProgramImages(report)), timed(report, 'control plane', start)]);
}

async function ensureCluster(report: Report): Promise<void> {
  await Promise.all([
    pullImage(PAUSE_IMAGE).then(() => timed(report, 'node', ensureNode)),
    apply([...dnsObjects(), ...userObjects()]).then(() => apply(brokerObjects())),
  ]);
  await Promise.all([
    timed(report, 'DNS', () => until('DNS answers', dnsAnswers, { timeoutMs: 90_000 })),
    timed(report, 'broker', () => until('the broker answers', ready, { timeoutMs: 120_000, intervalMs: 250 })),
    // So that tests need not wait for the first Pod's image.
    pullImage(`${REGISTRY}/lab/worker:1`),
  ]);
}

async function ready(): Promise<boolean> {
  return (await brokerAnswers()) && (await brokerVersion()) !== '';
}

/** Of this folder: a lab that another state of it brought up is looked through piece by piece. */
function sourcesDigest(): string {
  return digestOf(import.meta.dirname);
}
