import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TraoError } from '../../../libs/errors';
import { removePostgres } from '../../../libs/launcher';
import { OfficeClient } from '../office-client';
import { readAccess } from './access';
import { demoBlock } from './demo-block';
import { startNetwork, type Network } from './network';
import { tellStories, type Told } from './journeys/replay';
import { isProven } from './journeys/send-and-wait';
import { STORIES } from './journeys/stories';
import { makeTrouble } from './trouble';

export interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly reset?: boolean;
  /** Make trouble that operators see, after the stories. */
  readonly trouble?: boolean;
  readonly data: string;
  readonly portBase: string;
  readonly suite: 'hybrid' | 'classic';
}

/** Runs the demonstration until it is told to stop, or once. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const folder = resolve(options.data);
  const portBase = Number(options.portBase);
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_000) {
    throw new TraoError('config_invalid', { detail: '--port-base is a number from 1024 to 65000.' });
  }
  if (options.reset) await reset(folder);
  const begun = performance.now();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say('Starting PostgreSQL and two nodes, Viet Nam and the United Kingdom ...');
  const stopped = untilSignal();
  const network = await startNetwork({
    folder,
    portBase,
    respawn: true,
    suite: options.suite,
    redisUrl: process.env['REDIS_URL'],
    log: say,
  });
  try {
    const readyMs = performance.now() - begun;
    say(`Ready after ${(readyMs / 1000).toFixed(1)} s. Telling four invented stories ...`);
    const told = await Promise.race([tellStories(STORIES, officeOf(folder)), stopped]);
    if (!told) throw new TraoError('start_failed', { detail: 'Stopped before the stories were told.' });
    const timingsMs = { ready: Math.round(readyMs), total: Math.round(performance.now() - begun) };
    report(told, timingsMs, network, options);
    if (!isGood(told)) process.exitCode = 1;
    if (options.trouble) await Promise.race([makeTrouble({ network, office: officeOf(folder), say }), stopped]);
    if (!options.once) await stopped;
  } finally {
    say('Stopping ...');
    await network.stop();
  }
}

function report(
  told: readonly Told[],
  timingsMs: { ready: number; total: number },
  network: Network,
  options: DemoOptions,
): void {
  if (!options.json)
    return void process.stdout.write(demoBlock(told, timingsMs, network.layout, options.once === true));
  const messages = told
    .flatMap(({ steps }) => steps)
    .map(({ what, from, to, delivery }) => ({
      id: delivery.id,
      type: what,
      from,
      to,
      states: delivery.states.map(({ state, at }) => ({ state, at })),
      receipts: delivery.receipts.map(({ event, verified }) => ({ event, verified })),
    }));
  process.stdout.write(`${JSON.stringify({ ok: isGood(told), stories: told.map(storyOf), messages, timingsMs })}\n`);
}

/** Every message has come through with its evidence, and both sides tell the same story. */
function isGood(told: readonly Told[]): boolean {
  return told.every(({ steps, agree }) => agree && isProven(steps));
}

function storyOf({ title, agree, views }: Told) {
  return {
    title,
    agree,
    timelines: views.map(({ unit, shown }) => ({ unit, state: shown.state, timeline: shown.timeline ?? [] })),
  };
}

function officeOf(folder: string): OfficeClient {
  const access = readAccess(folder);
  if (!access) throw new TraoError('start_failed', { detail: folder });
  return new OfficeClient(access);
}

/**
 * Resolves at Ctrl-C, when asked to end, or when the program that a person started is gone, even by kill -9 (bin/trao.cjs).
 * Listening from the start, a signal during the start also ends cleanly.
 */
function untilSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
    process.on('disconnect', () => done());
    // Listening on the channel alone must not keep us running.
    process.channel?.unref();
  });
}

async function reset(folder: string): Promise<void> {
  await removePostgres(join(folder, 'postgres', 'cluster'));
  rmSync(folder, { recursive: true, force: true });
}
