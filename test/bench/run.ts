import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CONSENT_EXAMPLES, EXAMPLES, HOST } from '../../apps/cli/local/layout';
import { asTraoError, TraoError } from '../../libs/errors';
import { assertPortsFree } from '../../libs/launcher';
import { measureBare } from './bare';
import { Cleanup } from './cleanup';
import { measureCore } from './core';
import { documentOf } from './document';
import { measureFloor } from './floor';
import { measureLoad, type LoadResult } from './load';
import { describeMachine } from './machine';
import { measureLists } from './monitor-lists';
import { measureWatchedLoad } from './monitor-load';
import { measurePages } from './pages';
import { findRedis } from './redis';
import type { Measured } from './report';
import { say } from './say';
import type { Backend, Settings } from './settings';
import { measureTiming } from './timing';

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
  let measured: Measured = { machine: describeMachine(folder) };
  if (only.includes('core')) {
    say('core: validation, state of a case, rules, scan of texts');
    measured = { ...measured, core: await measureCore({ messages: EXAMPLES, consents: CONSENT_EXAMPLES }, seconds) };
  }
  if (only.includes('floor')) {
    say('floor: cryptography alone');
    measured = { ...measured, floor: await measureFloor(join(folder, 'floor'), sizes, seconds) };
  }
  if (only.includes('bare')) {
    measured = { ...measured, bare: await measureBare(join(folder, 'bare'), portBase, sizes, seconds, cleanup) };
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
  if (!only.includes('load')) return measured;
  const load: LoadResult[] = [];
  const onServer = (postgres: string) => {
    measured = { ...measured, machine: { ...measured.machine, postgres } };
  };
  const profiles = settings.profile ? profileFolder(settings) : undefined;
  for (const backend of settings.backends.filter(isThere)) {
    load.push(...(await measureLoad(backend, { folder, portBase, sizes, seconds, cleanup, onServer, profiles })));
  }
  return { ...measured, load };
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
const LAST_PORT = 19_900;

/** The first of a hundred ports of which those that we use are free. */
async function freePorts(): Promise<number> {
  for (let base = FIRST_PORT; base <= LAST_PORT; base += 100) {
    const claims = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34, 90].map((offset) => ({
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
