import { run } from './command.ts';

/** Where a machine gets its Debian packages from. */
export interface Archive {
  main: string;
  /** Of security updates; undefined when the machine has none configured. */
  security: string | undefined;
}

/** The Debian archive that this machine's apt is set up with; undefined on a machine of another distribution (Ubuntu). */
export async function debianArchive(): Promise<Archive | undefined> {
  const listed = await run([
    'apt-get',
    'indextargets',
    '--format',
    '$(ORIGIN)|$(LABEL)|$(REPO_URI)',
    'Created-By: Packages',
  ]);
  const sources = listed.split('\n').map(line => line.split('|'));
  const address = (label: string) =>
    sources.find(([origin, itsLabel]) => origin === 'Debian' && itsLabel === label)?.[2]?.replace(/\/$/, '');
  const main = address('Debian');
  return main === undefined ? undefined : { main, security: address('Debian-Security') };
}
