import { issueReceipt, open, readReceipt, seal, type Receipt, type Suite } from '../../libs/envelope';
import { adoptDirectory } from '../../libs/trust';
import { flippedEverywhere, refusals, truncatedEverywhere } from '../fakes/damage';
import { example, EXAMPLES } from '../fakes/example-messages';
import { makeParties, signaturePair } from '../fakes/parties';
import { NOW, signers } from './directories';

/**
 * over everything that is signed or sealed: one bit flipped in EVERY byte, and a cut at EVERY byte, of ten small messages of
 * ten types and of the largest there is, in each suite; of receipts of all kinds under both algorithms; and of a signed directory.
 */
jest.setTimeout(300_000);

const MESSAGES = [
  'ping-vn-to-gb',
  'stats-report-au-to-vn-empty',
  'decline-idinfo',
  'update-follow-in-progress',
  'ack-protect-adult',
  'accept-protect-adult',
  'cancel-request-trace-adult',
  'closure-return-land-propose',
  'alert-protect-farm-threat',
  'erasure-confirm-protect-adult-recipient',
  'referral-protect-adult',
];
const SUITES: readonly Suite[] = ['hybrid', 'classic'];
const EVENTS: readonly Receipt['event'][] = [
  'received',
  'delivered',
  'opened',
  'refused',
  'not_received',
  'not_delivered',
  'not_opened',
];

/** What was tried, and how it ended. */
const totals: {
  readonly what: string;
  readonly of: number;
  readonly damaged: number;
  readonly counts: Record<string, number>;
}[] = [];
afterAll(() => {
  const rows = totals.map(({ what, of, damaged, counts }) => {
    const ends = Object.entries(counts).map(([code, count]) => `${code} ${count}`);
    return `  ${what}: ${of} whole, ${damaged} damaged, ${counts['accepted'] ?? 0} accepted; ${ends.toSorted().join(', ')}\n`;
  });
  process.stdout.write(`damage at every byte (attacks A-16, A-17)\n${rows.join('')}`);
});

function note(what: string, of: number, all: readonly Record<string, number>[]) {
  const counts: Record<string, number> = {};
  for (const each of all) for (const [code, count] of Object.entries(each)) counts[code] = (counts[code] ?? 0) + count;
  const total = { what, of, damaged: Object.values(counts).reduce((sum, count) => sum + count, 0), counts };
  totals.push(total);
  return total;
}

it('the messages are of different types, and the largest of all examples is among them', () => {
  const sizes = EXAMPLES.map((name) => [JSON.stringify(example(name)).length, name] as const);
  const [, largest] = sizes.toSorted(([a], [b]) => b - a)[0]!;
  expect(MESSAGES.map((name) => `${name}.json`)).toContain(largest);
  expect(new Set(MESSAGES.map((name) => example(`${name}.json`).header.messageType)).size).toBe(11);
});

it.each(SUITES)(
  'A-16 cut at every byte, A-17 with a bit flipped in every byte: messages of the suite %s',
  async (suite) => {
    const all: Record<string, number>[] = [];
    let length = 0;
    for (const name of MESSAGES) {
      const { input, context } = await makeParties(suite, example(`${name}.json`));
      const { token } = await seal(input);
      await expect(open(token, context)).resolves.toMatchObject({ outer: { suite } });
      const damaged = [...flippedEverywhere(token), ...truncatedEverywhere(token)];
      all.push(await refusals(damaged, (text) => open(text, context)));
      length += token.length;
    }
    const { counts, damaged } = note(`messages, ${suite}`, MESSAGES.length, all);
    expect(damaged).toBe(2 * length);
    expect(Object.keys(counts).toSorted()).toEqual(['bad_algorithm', 'bad_header', 'not_canonical', 'undecryptable']);
    // A base64url character is six bits: most damage gets as far as the cryptography.
    expect(counts['undecryptable']).toBeGreaterThan(0.8 * length);
  },
);

it('A-16 cut at every byte, A-17 with a bit flipped in every byte: receipts of all kinds', async () => {
  const all: Record<string, number>[] = [];
  for (const kind of ['ES256', 'Ed25519'] as const) {
    const pair = await signaturePair('rcpt1', kind);
    const keyOf = (node: string, kid: string) =>
      Promise.resolve(node === 'gb' && kid === 'rcpt1' ? pair.public : undefined);
    for (const event of EVENTS) {
      const receipt: Receipt = {
        id: '0b7f1f2e-6a5e-4a0a-9c1d-5e7f6a1b2c3d',
        issuer: 'gb',
        audience: 'vn',
        messageId: '01a201d7-1e88-7568-b9b7-4e493e2729e0',
        event,
        digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
        seq: 2,
        at: new Date('2026-11-22T06:01:02.345Z'),
        ...(event === 'refused' && { code: 'undecryptable' as const }),
      };
      const token = await issueReceipt(receipt, pair.private);
      expect(await readReceipt(token, keyOf)).toEqual(receipt);
      const damaged = [...flippedEverywhere(token), ...truncatedEverywhere(token)];
      all.push(await refusals(damaged, (text) => readReceipt(text, keyOf)));
    }
  }
  const { counts } = note('receipts', all.length, all);
  expect(Object.keys(counts).toSorted()).toEqual(['bad_signature', 'receipt_malformed', 'unknown_sender']);
});

it('A-16 cut at every byte, A-17 with a bit flipped in every byte: a signed directory', async () => {
  const { anchor, edited, signAny } = await signers();
  // A small one: it is read and judged as a whole before its signatures are.
  const directory = edited((copy) => {
    copy.nodes = copy.nodes.slice(1, 2).map((node) => ({ ...node, units: node.units.slice(0, 1) }));
  });
  const signed = Buffer.from(await signAny(directory)).toString();
  const adopt = (text: string) => adoptDirectory(Buffer.from(text), anchor, NOW);
  expect(await adopt(signed)).toEqual(directory);
  const { counts } = note('a directory', 1, [
    await refusals([...flippedEverywhere(signed), ...truncatedEverywhere(signed)], adopt),
  ]);
  expect(Object.keys(counts).toSorted()).toEqual(['directory_below_threshold', 'directory_malformed']);
});
