import { brokenChain, faultOfHistory } from './histories';
import { differences } from './manifests';
import { PROMISES, reportOf, type Finding, type PromiseName } from './report';

const all = (finding: Finding) =>
  Object.fromEntries(Object.keys(PROMISES).map((name) => [name, finding])) as Record<PromiseName, Finding>;

describe('a report', () => {
  it('has a line for every promise and names each fault with its promise', () => {
    const report = reportOf({ ...all([]), I4: ['m was ahead'], I10: { reason: 'one partner' } });
    expect(report.lines).toHaveLength(13);
    expect(report.faults).toEqual(['I4 m was ahead']);
    expect(report.lines.find(({ promise }) => promise === 'I10')).toEqual({
      promise: 'I10',
      outcome: 'not applicable',
      reason: 'one partner',
    });
  });
});

describe('the steps of a message', () => {
  it.each([
    [['queued', 'sending', 'received', 'delivered'], 'delivered'],
    [['queued', 'sending', 'delivered', 'opened'], 'opened'],
    [['queued'], 'queued'],
    [['queued', 'sending', 'undeliverable', 'queued', 'sending', 'delivered'], 'delivered'],
  ])('%j are a way of the machine', (steps, state) => {
    expect(faultOfHistory(steps, state)).toBeUndefined();
  });

  it.each([
    [[], 'queued', 'do not begin'],
    [['sending', 'delivered'], 'delivered', 'do not begin'],
    [['queued', 'sending'], 'delivered', 'end otherwise'],
    [['queued', 'delivered', 'received'], 'received', 'no way'],
    [['queued', 'opened', 'delivered'], 'delivered', 'no way'],
    [['queued', 'sending', 'delivered', 'refused'], 'refused', 'no way'],
  ])('%j of a message that is %s are not', (steps, state, fault) => {
    expect(faultOfHistory(steps, state)).toContain(fault);
  });
});

describe('the chain of a log', () => {
  const lines = [
    { seq: '1', previous: '', line: 'a', digest: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' },
    {
      seq: '2',
      previous: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      line: 'b',
      digest: '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
    },
  ];

  it('holds when each line follows on the one before', () => {
    expect(brokenChain(lines)).toEqual([]);
    expect(brokenChain([])).toEqual([]);
  });

  it('breaks where a line is missing, changed or moved', () => {
    expect(brokenChain(lines.slice(1))).toEqual(['line 1 of the log of operators is missing']);
    expect(brokenChain([{ ...lines[0]!, line: 'c' }, lines[1]!])).toEqual([
      'line 1 of the log of operators was changed',
    ]);
    expect(brokenChain([lines[0]!, { ...lines[1]!, previous: 'ff' }])).toEqual([
      'line 2 of the log of operators does not follow on the one before',
    ]);
  });
});

describe('two manifests', () => {
  const entry = (id: string, standing: 'held' | 'filed' | 'opened', digest = 'd') => ({ id, standing, digest });

  it('match when they say the same of every message', () => {
    expect(differences([entry('a', 'filed'), entry('b', 'held')], [entry('b', 'held'), entry('a', 'filed')])).toEqual(
      [],
    );
  });

  it('differ where one side has a message, a digest or a standing that the other has not', () => {
    expect(differences([entry('a', 'filed')], [])).toEqual(['a is filed d here and nothing there']);
    expect(differences([], [entry('a', 'held')])).toEqual(['a is nothing here and held d there']);
    expect(differences([entry('a', 'filed', 'x')], [entry('a', 'filed', 'y')])).toHaveLength(1);
    expect(differences([entry('a', 'filed')], [entry('a', 'opened')])).toHaveLength(1);
  });
});
