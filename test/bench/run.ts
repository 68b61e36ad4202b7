import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CONSENT_EXAMPLES, EXAMPLES, HOST } from '../../apps/cli/local/layout';
import { asTraoError, TraoError } from '../../libs/errors';
import { assertPortsFree } from '../../libs/launcher';
import { meanOf, measureBare } from './bare';
import { Cleanup } from './cleanup';
import { measureCore } from './core';
import { documentOf } from './document';
import { measureFloor } from './floor';
import { measureLoad, type LoadPlan, type LoadResult } from './load';
import { describeMachine } from './machine';
import { measureLists } from './monitor-lists';
import { measureWatchedLoad } from './monitor-load';
import { measurePages } from './pages';
import { findRedis } from './redis';
import type { Measured } from './report';
import { say } from './say';
import type { Backend, Settings } from './settings';
import { measureStored } from './stored';
import { measureTiming } from './timing';

/** Lengths of what the targets need, beside the maximum of the first back end. */
const TARGET_RATES = [50];
const RATE_SECONDS = 30;
const OTHER_SECONDS = 120;
const STORED_SECONDS = 10;
const BARE_SECONDS = 15;
const FLOOR_SECONDS = 10;

/** A benchmark with the folder that it works in. */
export function prepare({ data }: Settings): { readonly folder: string; readonly cleanup: Cleanup } {
  if (data === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'trao-bench-'));
    return { folder, cleanup: new Cleanup(folder) };
  }
  const folder = resolve(data);
  mkdirSync(folder, { recursive: true });
  return { folder, cleanup: new Cleanup(undefined) };
}

/** Measures the parts asked for, one after the other, each with databases of its own. */
export async function run(settings: Settings, folder: string, cleanup: Cleanup): Promise<Measured> {
  const { only, sizes, seconds } = settings;
  // Never the database of somebody's installation: what is measured here are thousands of invented referrals.
  delete process.env['DATABASE_URL'];
  delete process.env['REDIS_URL'];
  for (const size of sizes) documentOf(size); // a size that no referral has is told at once
  const portBase = await freePorts();
  const minutes = settings.targets || settings.sustained;
  const floorSeconds = minutes ? FLOOR_SECONDS : seconds;
  const bareSeconds = minutes ? BARE_SECONDS : seconds;
  let measured: Measured = { machine: describeMachine(folder) };
  if (only.includes('core')) {
    say('core: validation, state of a case, rules, scan of texts');
    measured = { ...measured, core: await measureCore({ messages: EXAMPLES, consents: CONSENT_EXAMPLES }, seconds) };
  }
  if (only.includes('floor')) {
    say('floor: cryptography alone');
    measured = { ...measured, floor: await measureFloor(join(folder, 'floor'), sizes, floorSeconds) };
  }
  if (only.includes('bare')) {
    measured = { ...measured, bare: await measureBare(join(folder, 'bare'), portBase, sizes, bareSeconds, cleanup) };
  }
  if (only.includes('timing')) {
    say(`timing: ${settings.samples} refusals of each class`);
    measured = { ...measured, timing: await measureTiming(settings.samples) };
  }
  if (only.includes('pages')) {
    measured = { ...measured, pages: await measurePages(join(folder, 'pages'), portBase, settings.cases, cleanup) };
  }
  if (only.includes('monitor')) {
    const lists = await measureLists(join(folder, 'monitor'), portBase, settings.messages, seconds, cleanup);
    measured = { ...measured, monitor: lists };
  }
  if (only.includes('watched')) {
    measured = { ...measured, watched: await measureWatchedLoad(join(folder, 'watched'), portBase, seconds, cleanup) };
  }
  const onServer = (postgres: string) => {
    measured = { ...measured, machine: { ...measured.machine, postgres } };
  };
  const { throughQueue } = settings;
  const bed = {
    folder,
    portBase,
    cleanup,
    onServer,
    throughQueue,
    profiles: settings.profile ? profileFolder(settings) : undefined,
  };
  const backends = settings.backends.filter(isThere);
  if (only.includes('load')) {
    const load: LoadResult[] = [];
    for (const [index, backend] of backends.entries())
      load.push(...(await measureLoad(backend, planOf(settings, index), bed)));
    measured = { ...measured, load };
  }
  if (only.includes('stored')) {
    const most = settings.targets ? STORED_SECONDS : seconds;
    const stored = { ...bed, folder: join(folder, 'stored'), profiles: undefined };
    measured = { ...measured, stored: await measureStored(backends[0]!, settings.messages, most, stored) };
  }
  if (only.includes('bare') && settings.targets) {
    // What else the machine does may change in a quarter of an hour: the yardstick is taken at both ends.
    const again = await measureBare(join(folder, 'bare-again'), portBase, sizes, bareSeconds, cleanup);
    measured = { ...measured, bare: meanOf(measured.bare!, again) };
  }
  return measured;
}

/** Of the targets: the first back end is loaded for minutes, the others long enough to compare. */
function planOf({ sizes, seconds, sustained, targets, rates }: Settings, index: number): LoadPlan {
  const short = targets && index > 0 ? Math.min(seconds, OTHER_SECONDS) : seconds;
  return {
    sizes,
    seconds: short,
    sustained: sustained || targets,
    rates: rates ?? (targets ? TARGET_RATES : sustained ? [] : undefined),
    rateSeconds: targets || sustained ? RATE_SECONDS : seconds,
  };
}

/** Profiles are kept, for tools that show them. */
function profileFolder({ data }: Settings): string {
  const profiles = data === undefined ? mkdtempSync(join(tmpdir(), 'trao-profiles-')) : join(resolve(data), 'profiles');
  say(`CPU profiles go to ${profiles}`);
  return profiles;
}

function isThere(backend: Backend): boolean {
  if (backend !== 'redis' || findRedis()) return true;
  say('there is no redis-server on the PATH: its measurements are left out');
  return false;
}

const FIRST_PORT = 17_100;
const LAST_PORT = 19_800;

/** The first of two hundred ports of which those that we use are free: two pairs of nodes may run at a time. */
async function freePorts(): Promise<number> {
  for (let base = FIRST_PORT; base <= LAST_PORT; base += 100) {
    const used = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34, 90];
    const claims = [...used, ...used.map((offset) => offset + 100)].map((offset) => ({
      port: base + offset,
      host: HOST,
      purpose: 'benchmark',
    }));
    try {
      await assertPortsFree(claims);
      return base;
    } catch (error) {
      if (asTraoError(error).code !== 'port_taken') throw error;
    }
  }
  throw new TraoError('port_taken', { detail: `No free ports from ${FIRST_PORT} to ${LAST_PORT}.` });
}
