import { join } from 'node:path';
import { caseStateOf } from '../../libs/lifecycle';
import { clearanceFaults } from '../../libs/protection';
import { scanText } from '../../libs/text';
import { measureCore } from './core';
import { clearedReferral, NAMES, narrativeOf, stepsOfCase, validationInputs } from './core-inputs';

const SCHEMAS = join(__dirname, '..', '..', 'schemas');
const FOLDERS = {
  messages: join(SCHEMAS, 'referral', 'v1', 'examples', 'valid'),
  consents: join(SCHEMAS, 'consent', 'v1', 'examples', 'valid'),
};

describe('inputs of the core', () => {
  it('are a referral, an answer and every valid example', () => {
    const [referral, answer, all] = validationInputs(FOLDERS);
    expect(referral?.messages.map(({ header }) => header)).toMatchObject([
      { messageType: 'referral', purpose: 'PROTECT' },
    ]);
    expect(answer?.messages.map(({ header }) => header.messageType)).toEqual(['rfi_response']);
    const types = new Set(all?.messages.map(({ header }) => header.messageType));
    expect(types.size).toBe(26);
    expect(all?.messages).toContainEqual(referral?.messages[0]);
  });

  it('are a referral that may be sent, because of its record of consent', () => {
    const { record, ...without } = clearedReferral(FOLDERS);
    expect(clearanceFaults({ ...without, record })).toEqual([]);
    expect(clearanceFaults(without)).not.toEqual([]);
  });

  it('are a case of which every step counts', () => {
    const { referral, history } = caseStateOf(stepsOfCase(1_000));
    expect(referral).toBe('in_progress');
    expect(history).toHaveLength(1_000);
    expect(history.filter(({ effect }) => effect === 'overtaken')).toEqual([]);
    const authors = history.map(({ step }) => step.by);
    expect(authors.filter((by) => by === 'sender')).toHaveLength(499);
    expect(new Set(history.map(({ step }) => step.id)).size).toBe(1_000);
  });

  it('are a narrative of the length asked for, in which there is something to find', () => {
    const text = narrativeOf(3_000);
    expect(text).toHaveLength(3_000);
    expect(text.normalize('NFC')).toBe(text);
    const kinds = new Set(scanText(text, { names: NAMES }).map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['phone']));
  });
});

describe('measurement of the core', () => {
  it('has a figure for everything', async () => {
    const figures = await measureCore(FOLDERS, 0.01);
    expect(figures.validation.map(({ input }) => input)).toEqual(['referral', 'rfi_response', 'all examples']);
    const rates = figures.validation.flatMap(({ assertPerS, readPerS }) => [assertPerS, readPerS]);
    for (const rate of [...rates, figures.rules.checksPerS, figures.narrative.kbPerS]) expect(rate).toBeGreaterThan(0);
    expect(figures.state).toMatchObject({ steps: 1_000, runs: 200 });
    expect(figures.state.p50Ms).toBeGreaterThan(0);
    expect(figures.state.p99Ms).toBeGreaterThanOrEqual(figures.state.p50Ms!);
    expect(figures.narrative.characters).toBe(3_000);
    expect(figures.envelope.map(({ suite }) => suite)).toEqual(['hybrid', 'classic']);
    for (const { sealMs, openMs, bareSealMs, bareOpenMs, ratio } of figures.envelope)
      for (const figure of [sealMs, openMs, bareSealMs, bareOpenMs, ratio]) expect(figure).toBeGreaterThan(0);
    // Compiling all validators under the test runner alone takes seconds on a busy machine.
  }, 60_000);
});
