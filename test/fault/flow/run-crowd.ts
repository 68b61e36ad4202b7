import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { keyFolder, monitorUrl, officeUrl } from '../../../apps/cli/local/layout';
import { percentilesOf, rounded } from '../../bench/percentiles';
import { identityOf } from '../../harness/gateway-client';
import { MONITORED, startTwoNodes, type TwoNodes } from '../../harness/two-nodes';
import { Filler } from '../backlog/filler';
import { Asker, type Answered } from './asker';
import { Crowd } from './crowd';
import { playRound, type Round } from './rounds';

export interface CrowdOptions {
  readonly turns: number;
  readonly seconds: number;
  /** Messages a second from Viet Nam to the United Kingdom. */
  readonly perS: number;
  readonly say: (line: string) => void;
}

/** Where the crowd stands. */
const PLACES = ['nowhere', 'gateway', 'office', 'monitor'] as const;
type Place = (typeof PLACES)[number];

interface CrowdRound extends Round {
  readonly place: Place;
  readonly opened: number;
  /** Gone by the end of the round without having been asked to. */
  readonly letGo: number;
  readonly answered: Answered;
}

const IDLE = 5_000;
const SLOW = 50;
const WARM_UP_S = 8;
const SETTLE_MS = 3_000;

/** A crowd holds connections of a process of the United Kingdom without use, while messages come to it and people look at its pages. */
export async function runCrowd(options: CrowdOptions) {
  const nodes = await startTwoNodes('postgres', MONITORED);
  try {
    const filler = await Filler.of(await nodes.database('vn'), keyFolder(nodes.layout), () => new Date());
    const pids = await nodes.pids();
    await playRound(nodes, filler, { ...options, seconds: WARM_UP_S, pids });
    const rounds: CrowdRound[] = [];
    for (let turn = 1; turn <= options.turns; turn += 1)
      for (const place of PLACES) {
        options.say(`turn ${turn} of ${options.turns}: a crowd at ${place}`);
        rounds.push(await crowded(nodes, place, () => playRound(nodes, filler, { ...options, pids })));
        await pause(SETTLE_MS);
      }
    const load = loadavg().map((value) => Math.round(value));
    const rows = PLACES.map((place) => rowOf(place, rounds));
    return { rows, load, faults: rows.flatMap(({ place, unanswered }) => unanswered.map((why) => `${place}: ${why}`)) };
  } finally {
    await nodes.stop();
  }
}

async function crowded(nodes: TwoNodes, place: Place, play: () => Promise<Round>): Promise<CrowdRound> {
  const gb = nodes.layout.nodes.find(({ id }) => id === 'gb')!;
  // Those who were there before the crowd came, as a proxy is, and those who come new.
  const asker = new Asker([`${officeUrl(gb)}/health/ready`, `${officeUrl(gb)}/`, `${monitorUrl(gb)}/`]);
  await asker.once();
  const ports = { nowhere: 0, gateway: gb.gatewayPort, office: gb.officePort, monitor: gb.monitorPort };
  const crowd = new Crowd(ports[place], place === 'gateway' ? identityOf(nodes, 'vn') : undefined);
  try {
    const asking = asker.go();
    const opened = place === 'nowhere' ? 0 : IDLE + SLOW;
    if (opened > 0) await Promise.all([crowd.idle(IDLE), crowd.slow(SLOW)]);
    const round = await play();
    asker.stop();
    return { place, opened, ...round, letGo: crowd.refused, answered: await asking };
  } finally {
    asker.stop();
    crowd.leave();
  }
}

function rowOf(place: Place, all: readonly CrowdRound[]) {
  const rounds = all.filter((round) => round.place === place);
  const { p50, p99 } = percentilesOf(rounds.flatMap(({ times }) => times));
  const pages = percentilesOf(rounds.flatMap(({ answered }) => answered.times));
  return {
    place,
    opened: rounds.map(({ opened }) => opened),
    letGo: rounds.map(({ letGo }) => letGo),
    messages: rounds.reduce((sum, { times }) => sum + times.length, 0),
    p50Ms: rounded(p50, 0),
    p99Ms: rounded(p99, 0),
    pages: pages.p50 === null ? 0 : rounds.reduce((sum, { answered }) => sum + answered.times.length, 0),
    pagesP50Ms: rounded(pages.p50, 0),
    pagesP99Ms: rounded(pages.p99, 0),
    unanswered: rounds.flatMap(({ answered }) => answered.unanswered),
  };
}
