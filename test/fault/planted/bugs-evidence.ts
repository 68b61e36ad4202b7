import { integration, SIMULATOR, unit, type Bug } from './bug';

const SETTLE = 'libs/exchange/settle.ts';
const DELIVERY = 'libs/lifecycle/delivery.ts';
const COMPARE = 'libs/exchange/manifest-compare.ts';

/** Bugs in what proves how far a message is: receipts, negative evidence, states, manifests. */
export const EVIDENCE_BUGS: readonly Bug[] = [
  {
    name: 'receipt-unverified',
    why: 'Whatever looks like a receipt is one: a captive portal or a forger ends the message.',
    breaks: 'I2',
    patches: [{ file: 'libs/envelope/receipts.ts', before: '  verifySegments(segments, key);\n', after: '' }],
    checks: [unit('libs/envelope/receipts'), unit('attacks/g-forged')],
  },
  {
    name: 'receipt-without-digest',
    why: 'A receipt about other bytes proves ours.',
    breaks: 'I2',
    patches: [
      {
        file: SETTLE,
        before: `if (![message.digest, ...message.formerDigests].includes(receipt.digest)) return 'receipt_wrong_digest';`,
        after: '',
      },
    ],
    checks: [unit('libs/exchange/settle')],
  },
  {
    name: 'receipt-of-another-issuer',
    why: 'A partner hands over what another one has signed about a message that went to itself.',
    breaks: 'I2',
    patches: [
      {
        file: SETTLE,
        before: 'if (receipt.issuer !== peer || receipt.audience !== self.node)',
        after: 'if (receipt.audience !== self.node)',
      },
    ],
    checks: [unit('libs/exchange/settle')],
  },
  {
    name: 'receipt-about-another-message',
    why: 'The answer for one message carries the receipt of another: both count as received.',
    breaks: 'I4',
    patches: [
      {
        file: SETTLE,
        before: `if (about !== undefined && receipt.messageId !== about) throw new TraoError('receipt_unknown_message');`,
        after: '',
      },
    ],
    checks: [unit('libs/exchange/deliver')],
  },
  {
    name: 'digest-of-something-else',
    why: 'The final receipt names other bytes than those that were sent: it proves nothing to anybody.',
    breaks: 'I2',
    patches: [
      {
        file: 'libs/exchange/ingest.ts',
        before: `event: code ? 'refused' : 'delivered',
    digest: message.digest,`,
        after: `event: code ? 'refused' : 'delivered',
    digest: digestOf(message.digest),`,
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'handed-before-it-is',
    why: 'A receipt counts as handed back before it was: lost on its way, it never comes, and its message never ends.',
    breaks: 'I9',
    patches: [
      {
        file: 'libs/exchange/acknowledge.ts',
        before: '  const tokens = receipts.map((receipt) => receipt.token);',
        after: `  await ports.store.finish(batchId, receipts.map(({ id }) => ({ id, done: 'handed' })));
  const tokens = receipts.map((receipt) => receipt.token);`,
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'receipt-tried-once',
    why: 'A receipt that its addressee refuses once, because its directory lags behind, is never brought again.',
    breaks: 'I9',
    patches: [
      { file: 'libs/exchange/acknowledge.ts', before: 'const MAX_REFUSALS = 200;', after: 'const MAX_REFUSALS = 1;' },
    ],
    checks: [unit('libs/exchange/acknowledge')],
  },
  {
    name: 'late-refusal-ends-new-bytes',
    why: 'A refusal of bytes that were sealed anew since then ends the new ones.',
    breaks: 'I1',
    patches: [{ file: SETTLE, before: 'if (digest === message.digest) return', after: 'if (digest) return' }],
    checks: [SIMULATOR, integration('storage-resealing')],
  },
  {
    name: 'contradiction-overwrites',
    why: 'A partner that refuses what it has proven to have turns a delivered message into a refused one.',
    breaks: 'I2',
    patches: [
      {
        file: DELIVERY,
        before: `delivered: row({ opened: 'opened', refused: 'contradiction',`,
        after: `delivered: row({ opened: 'opened', refused: 'refused',`,
      },
    ],
    checks: [SIMULATOR, unit('libs/lifecycle/delivery')],
  },
  {
    name: 'contradiction-untold',
    why: 'A partner contradicts itself, and nobody hears of it.',
    breaks: 'I11',
    patches: [
      {
        file: SETTLE,
        before: 'filter((receipt) => contradicting.has(receipt));',
        after: 'filter((receipt) => !receipt.id && contradicting.has(receipt));',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/settle')],
  },
  {
    name: 'state-goes-back',
    why: 'A receipt that comes late takes a delivered message back to received, where it stays.',
    breaks: 'I6',
    patches: [
      {
        file: DELIVERY,
        before: `delivered: row({ opened: 'opened',`,
        after: `delivered: row({ received: 'received', opened: 'opened',`,
      },
    ],
    checks: [SIMULATOR, unit('libs/lifecycle/delivery')],
  },
  {
    name: 'expired-without-evidence',
    why: 'A message ends because its time is over, and nothing proves that it was so.',
    breaks: 'I2',
    patches: [
      {
        file: 'libs/exchange/expire.ts',
        before:
          'await store.expire(messages, await Promise.all(messages.map((message) => signEvidence(message, ports))));',
        after: 'await store.expire(messages, messages.length < 0 ? [await signEvidence(messages[0]!, ports)] : []);',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/expire')],
  },
  {
    name: 'expired-too-early',
    why: 'A message that still may arrive is signed off as not received.',
    breaks: 'I4',
    patches: [
      {
        file: 'libs/exchange/expire.ts',
        before: 'await store.lockExpired(ports.clock.now(), EXPIRE_AT_ONCE)',
        after: 'await store.lockExpired(new Date(ports.clock.now().getTime() + 30 * 86_400_000), EXPIRE_AT_ONCE)',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/expire')],
  },
  {
    name: 'settled-without-a-lock',
    why: 'Two receipts of one message are judged at the same time, each against the state before the other.',
    breaks: 'I6',
    patches: [
      {
        file: 'libs/storage/evidence.ts',
        before: `
         ORDER BY id FOR UPDATE OF o\`,
        [ids],`,
        after: `
         ORDER BY id\`,
        [ids],`,
      },
    ],
    checks: [integration('storage-evidence')],
  },
  {
    name: 'manifest-blind-to-bytes',
    why: 'Both sides hold other bytes under one id, and the manifests say that all is well.',
    breaks: 'I12',
    patches: [{ file: COMPARE, before: 'mine.digest !== theirs.digest;', after: 'mine.digest === "";' }],
    checks: [unit('libs/exchange/manifests')],
  },
  {
    name: 'manifest-heals-nothing',
    why: 'What a partner lost after it had signed is listed and not sent again.',
    breaks: 'I12',
    patches: [
      {
        file: COMPARE,
        before: 'gone.filter(({ id }) => !answers.get(id)!.held);',
        after: 'gone.filter(({ id }) => answers.get(id) === undefined);',
      },
    ],
    checks: [unit('libs/exchange/manifests')],
  },
];
