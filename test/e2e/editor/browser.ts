import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Report, timed } from '../../lab/progress.ts';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome'];
const chineseFont = '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc';

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path));
}

/**
 * The path of a Chromium, installed from Debian's packages when the machine has none, together with a font for
 * Chinese, without which screenshots show boxes.
 * @throws when packages are missing and cannot be installed; the message has apt's own words
 */
export async function installBrowser(report: Report = () => {}, signal?: AbortSignal): Promise<string> {
  const found = findBrowser();
  const missing = [...(found ? [] : ['chromium']), ...(existsSync(chineseFont) ? [] : ['fonts-wqy-microhei'])];
  if (found && (missing.length === 0 || process.getuid?.() !== 0)) return found;
  if (process.getuid?.() !== 0)
    throw new Error('The tests need Chromium. Install it (Debian: apt-get install chromium) or run them as root.');
  report(`browser: installing ${missing.join(' and ')} with apt-get (about 130 MB to download, 420 MB on disk)`);
  await timed(report, `browser: ${missing.join(' and ')}`, async () => {
    await withRetries(() => apt(['update'], signal));
    await withRetries(() => apt(['install', '-y', '--no-install-recommends', ...missing], signal));
  });
  const installed = findBrowser();
  if (!installed) throw new Error(`apt-get installed ${missing.join(' and ')}, but there is no browser in PATH.`);
  return installed;
}

async function apt(args: string[], signal?: AbortSignal): Promise<void> {
  await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=600', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 20 * 60_000,
    maxBuffer: 64 * 1024 * 1024,
    signal,
  });
}

// DPkg::Lock::Timeout does not wait for the lock of the package lists, and an update by somebody else in the middle
// of an install takes the archives away: both pass by themselves.
async function withRetries(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const passing = /Could not get lock|cannot access archive|is held by process/.test(String(error));
      if (!passing || tries === 6) throw error;
      await new Promise(resolve => setTimeout(resolve, tries * 2000));
    }
  }
}
