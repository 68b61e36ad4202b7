import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Nothing of it looks for the internet, and it runs as root in a container without a graphics card. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** The engine without a browser's own windows comes first: the same pages for a quarter less of the processor. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

let found: string | null | undefined;

/** The browser to test with: the one that `CHROMIUM` names, or the first on the PATH; null where there is none. */
function findChromium(): string | null {
  const named = process.env['CHROMIUM'];
  const names = named === undefined ? NAMES : [named];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** Whether there is a Chromium. Says so once when there is none. @throws Error in CI when there is none */
export function hasChromium(): boolean {
  if (found !== undefined) return found !== null;
  found = findChromium();
  if (found === null) {
    process.stderr.write('Chromium: none found (CHROMIUM, PATH), pages are NOT tested in a browser\n');
    if (process.env['CI']) throw new Error('CI must test pages in a browser: install chromium.');
  }
  return found !== null;
}

/** Starts the browser. Whoever starts it closes it; it ends with this process all the same. */
export function startChromium(): Promise<Browser> {
  if (!hasChromium()) throw new Error('There is no Chromium.');
  return chromium.launch({ executablePath: pathOf(found!), args: FLAGS });
}

/** Playwright takes a path, not a name. */
function pathOf(name: string): string {
  if (name.includes('/')) return name;
  return spawnSync('sh', ['-c', `command -v "${name}"`], { encoding: 'utf8' }).stdout.trim();
}
