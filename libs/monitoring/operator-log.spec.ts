import { CHAIN_START, digestOfAct, endsBefore, followChain, headText, readHead, type LoggedAct } from './operator-log';

const ACTS = ['alert_acknowledged', 'setting_changed', 'partner_suspended'];

/** A chain of three acts. */
function chain(): LoggedAct[] {
  const acts: LoggedAct[] = [];
  for (const [index, act] of ACTS.entries()) {
    const bare = {
      seq: index + 1,
      at: new Date(Date.UTC(2026, 10, 29, 20, index)),
      operator: 'monitor/operator',
      roles: ['operator_read', 'operator_act'],
      act,
      object: 'gb',
      before: index === 1 ? '{"value": 15}' : null,
      after: index === 1 ? '{"value": 20}' : null,
      previous: acts.at(-1)?.digest ?? '',
    };
    acts.push({ ...bare, digest: digestOfAct({ ...bare, digest: '' }) });
  }
  return acts;
}

describe('the chain of what operators did', () => {
  it('is whole, in one go and in pieces', () => {
    const [first, ...rest] = chain();
    const head = { seq: 3, digest: rest[1]!.digest };
    expect(followChain(CHAIN_START, [first!, ...rest])).toEqual({ head });
    expect(followChain(followChain(CHAIN_START, [first!]), rest)).toEqual({ head });
    expect(followChain(CHAIN_START, [])).toEqual(CHAIN_START);
  });

  it('is over the line that PostgreSQL writes', () => {
    // SELECT encode(sha256(convert_to('[1, "2026-11-29T20:00:00.000Z", "o", ["a", "b"], "x", "\"gb\"", null, {"v": 1}, ""]', 'UTF8')), 'hex')
    const act = {
      seq: 1,
      at: new Date('2026-11-29T20:00:00Z'),
      operator: 'o',
      roles: ['a', 'b'],
      act: 'x',
      object: '"gb"',
      before: null,
      after: '{"v": 1}',
      previous: '',
      digest: '',
    };
    expect(digestOfAct(act)).toBe('ad4b2a5be3dd8e5919c92c2574932bbcf6438f77e3da1ad7c1f4222bee862414');
  });

  it.each([
    ['the operator', { operator: 'somebody' }],
    ['the roles', { roles: ['operator_read'] }],
    ['the time', { at: new Date(0) }],
    ['the act', { act: 'partner_resumed' }],
    ['the object', { object: 'vn' }],
    ['what was before', { before: '{"value": 16}' }],
    ['what is after', { after: null }],
    ['the digest itself', { digest: 'f'.repeat(64) }],
  ])('shows that %s was changed', (_what, change) => {
    const acts = chain();
    acts[1] = { ...acts[1]!, ...change };
    expect(followChain(CHAIN_START, acts)).toEqual({
      head: { seq: 1, digest: acts[0]!.digest },
      broken: { seq: 2, why: 'changed' },
    });
  });

  it('shows an act that was changed together with its digest, at the one behind it', () => {
    const acts = chain();
    const forged = { ...acts[1]!, operator: 'somebody' };
    acts[1] = { ...forged, digest: digestOfAct(forged) };
    expect(followChain(CHAIN_START, acts).broken).toEqual({ seq: 3, why: 'detached' });
  });

  it('shows acts that are gone from the middle and from the beginning, and stays broken', () => {
    const [first, second, third] = chain();
    const found = followChain(CHAIN_START, [first!, third!]);
    expect(found.broken).toEqual({ seq: 3, why: 'missing' });
    expect(followChain(found, [second!])).toBe(found);
    expect(followChain(CHAIN_START, [second!, third!]).broken).toEqual({ seq: 2, why: 'missing' });
  });

  it('does not show that the last act is gone: a head that was written down does', () => {
    const acts = chain();
    const { head } = followChain(CHAIN_START, acts);
    const cut = acts.slice(0, 2);
    expect(followChain(CHAIN_START, cut).broken).toBeUndefined();
    const digestAt = (list: readonly LoggedAct[], seq: number) => list.find((act) => act.seq === seq)?.digest;
    expect(endsBefore(head, digestAt(cut, head.seq))).toBe(true);
    expect(endsBefore(head, digestAt(acts, head.seq))).toBe(false);
  });

  it('reads a head as people write it down, and nothing else', () => {
    const head = { seq: 17, digest: 'a'.repeat(64) };
    expect(readHead(` ${headText(head)}\n`)).toEqual(head);
    for (const text of ['', '17', `17:${'a'.repeat(63)}`, `x:${'a'.repeat(64)}`, `17:${'A'.repeat(64)}`]) {
      expect(readHead(text)).toBeUndefined();
    }
  });
});
