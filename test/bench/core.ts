import { setImmediate } from 'node:timers/promises';
import { TraoError } from '../../libs/errors';
import { caseStateOf } from '../../libs/lifecycle';
import { clearanceFaults } from '../../libs/protection';
import { assertMessage, prepareValidators, readMessage, type Message } from '../../libs/schema';
import { scanText } from '../../libs/text';
import {
  clearedReferral,
  NAMES,
  narrativeOf,
  stepsOfCase,
  validationInputs,
  type ExampleFolders,
  type ValidationInput,
} from './core-inputs';
import { measureEnvelope, type EnvelopeFigures } from './envelope';
import { percentilesOf, rounded } from './percentiles';

/** What the pure core does with one processor. `…PerS` is per second of CPU, all threads of the process. */
export interface CoreFigures {
  /** Messages, already parsed. `messages`: how many different ones. */
  readonly validation: readonly {
    readonly input: string;
    readonly messages: number;
    readonly assertPerS: number;
    readonly readPerS: number;
  }[];
  /** The state of one case from all its steps, in milliseconds by the clock. */
  readonly state: {
    readonly steps: number;
    readonly runs: number;
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
  };
  /** Checks of one referral with its record of consent. */
  readonly rules: { readonly checksPerS: number };
  /** Bytes in UTF-8; 1 kB is 1,000. */
  readonly narrative: { readonly characters: number; readonly kbPerS: number };
  readonly envelope: readonly EnvelopeFigures[];
}

const CASE_STEPS = 1_000;
const STATE_RUNS = 200;
const STATE_WARM_UP_RUNS = 20;
const NARRATIVE_CHARACTERS = 3_000;
/** The compiler takes about a second to settle on the validator of a referral. */
const WARM_UP_MS = 500;
const SLICE_MS = 50;
const MAX_SECONDS = 0.7;

/** Measures what a message costs before and after its cryptography, and what the envelope adds to that. */
export async function measureCore(folders: ExampleFolders, seconds: number): Promise<CoreFigures> {
  prepareValidators();
  const limitMs = Math.min(seconds, MAX_SECONDS) * 1000;
  const validation: CoreFigures['validation'][number][] = [];
  for (const input of validationInputs(folders)) validation.push(await measureValidation(input, limitMs));
  return {
    validation,
    state: await measureState(),
    rules: await measureRules(folders, limitMs),
    narrative: await measureNarrative(limitMs),
    envelope: await measureEnvelope(seconds),
  };
}

async function measureValidation({ input, messages }: ValidationInput, limitMs: number) {
  const cycled = (work: (message: Message) => void) => (turn: number) => work(messages[turn % messages.length]!);
  const own = cycled((message) => assertMessage(message));
  const partners = cycled((message) => void readMessage(message));
  const [assertPerS, readPerS] = await ratesPerCpuSecond([own, partners], limitMs);
  return { input, messages: messages.length, assertPerS: rounded(assertPerS!, 0), readPerS: rounded(readPerS!, 0) };
}

async function measureState(): Promise<CoreFigures['state']> {
  const steps = stepsOfCase(CASE_STEPS);
  const timed = () => {
    const begun = performance.now();
    caseStateOf(steps);
    return performance.now() - begun;
  };
  for (let run = 0; run < STATE_WARM_UP_RUNS; run += 1) timed();
  const times: number[] = [];
  while (times.length < STATE_RUNS) {
    times.push(timed());
    await setImmediate();
  }
  const { p50, p99 } = percentilesOf(times);
  return { steps: CASE_STEPS, runs: STATE_RUNS, p50Ms: rounded(p50, 2), p99Ms: rounded(p99, 2) };
}

async function measureRules(folders: ExampleFolders, limitMs: number): Promise<CoreFigures['rules']> {
  const cleared = clearedReferral(folders);
  const check = () => {
    const faults = clearanceFaults(cleared);
    // A refusal may end early: its time would say nothing about what is sent.
    if (faults.length > 0) throw new TraoError('internal', { detail: 'The rules refuse the referral.', faults });
  };
  const [perS] = await ratesPerCpuSecond([check], limitMs);
  return { checksPerS: rounded(perS!, 0) };
}

async function measureNarrative(limitMs: number): Promise<CoreFigures['narrative']> {
  const text = narrativeOf(NARRATIVE_CHARACTERS);
  const known = { names: NAMES };
  const [perS] = await ratesPerCpuSecond([() => void scanText(text, known)], limitMs);
  return { characters: text.length, kbPerS: rounded((perS! * Buffer.byteLength(text)) / 1000, 0) };
}

type Work = (turn: number) => void;

/**
 * Turns of each kind of work per second of CPU, after a warm-up: other processes take time by the clock from us, and little CPU.
 * The kinds take turns in short slices, so that none has the warmer code or the quieter machine.
 * @param limitMs length by the clock, for each kind
 */
async function ratesPerCpuSecond(works: readonly Work[], limitMs: number): Promise<number[]> {
  await inSlices(works, WARM_UP_MS);
  return inSlices(works, limitMs);
}

async function inSlices(works: readonly Work[], limitMs: number): Promise<number[]> {
  const spent = works.map((work) => ({ work, turns: 0, cpuUs: 0 }));
  for (let slice = 0; slice * SLICE_MS < limitMs; slice += 1) {
    for (const each of spent) {
      const cpu = process.cpuUsage();
      each.turns = turnsInSlice(each.work, each.turns);
      const { user, system } = process.cpuUsage(cpu);
      each.cpuUs += user + system;
    }
    // Ctrl-C is heard here.
    await setImmediate();
  }
  return spent.map(({ turns, cpuUs }) => (turns * 1_000_000) / cpuUs);
}

/** The number of the next turn. */
function turnsInSlice(work: Work, first: number): number {
  const end = performance.now() + SLICE_MS;
  let turn = first;
  while (performance.now() < end) {
    work(turn);
    turn += 1;
  }
  return turn;
}
