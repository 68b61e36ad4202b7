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
}

const CASE_STEPS = 1_000;
const STATE_RUNS = 200;
const STATE_WARM_UP_RUNS = 20;
const NARRATIVE_CHARACTERS = 3_000;
const WARM_UP_MS = 200;
const MAX_SECONDS = 1;

/** Measures what a message costs before and after its cryptography: validation, state of the case, rules, scan of texts. */
export async function measureCore(folders: ExampleFolders, seconds: number): Promise<CoreFigures> {
  prepareValidators();
  const limitMs = Math.min(seconds, MAX_SECONDS) * 1000;
  const validation: CoreFigures['validation'][number][] = [];
  for (const input of validationInputs(folders)) validation.push(await measureValidation(input, limitMs));
  return {
    validation,
    state: await measureState(),
    rules: { checksPerS: rounded(await measureRules(folders, limitMs), 0) },
    narrative: await measureNarrative(limitMs),
  };
}

async function measureValidation({ input, messages }: ValidationInput, limitMs: number) {
  const rate = async (work: (message: Message) => void) => {
    const perS = await ratePerCpuSecond((turn) => work(messages[turn % messages.length]!), limitMs);
    return rounded(perS, 0);
  };
  return {
    input,
    messages: messages.length,
    assertPerS: await rate((message) => assertMessage(message)),
    readPerS: await rate((message) => void readMessage(message)),
  };
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

async function measureRules(folders: ExampleFolders, limitMs: number): Promise<number> {
  const cleared = clearedReferral(folders);
  return ratePerCpuSecond(() => {
    const faults = clearanceFaults(cleared);
    // A refusal may end early: its time would say nothing about what is sent.
    if (faults.length > 0)
      throw new TraoError('internal', { detail: 'The rules refuse the referral of the benchmark.', faults });
  }, limitMs);
}

async function measureNarrative(limitMs: number): Promise<CoreFigures['narrative']> {
  const text = narrativeOf(NARRATIVE_CHARACTERS);
  const known = { names: NAMES };
  const perS = await ratePerCpuSecond(() => void scanText(text, known), limitMs);
  return { characters: text.length, kbPerS: rounded((perS * Buffer.byteLength(text)) / 1000, 0) };
}

/** Turns of `work` per second of CPU, after a warm-up. Other processes take time by the clock from us, and little CPU. */
async function ratePerCpuSecond(work: (turn: number) => void, limitMs: number): Promise<number> {
  turnsIn(WARM_UP_MS, work);
  const cpu = process.cpuUsage();
  const turns = turnsIn(limitMs, work);
  const { user, system } = process.cpuUsage(cpu);
  // Ctrl-C is heard between two measurements.
  await setImmediate();
  return (turns * 1_000_000) / (user + system);
}

function turnsIn(limitMs: number, work: (turn: number) => void): number {
  const end = performance.now() + limitMs;
  let turn = 0;
  while (performance.now() < end) {
    work(turn);
    turn += 1;
  }
  return turn;
}
