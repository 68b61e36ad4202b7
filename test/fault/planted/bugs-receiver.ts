import { integration, SIMULATOR, unit, type Bug } from './bug';

const ACCEPT = 'libs/exchange/accept.ts';
const DESK = 'libs/exchange/desk.ts';
const INGEST = 'libs/exchange/ingest.ts';
const WAITING_FOR_EARLIER = 'libs/exchange/waiting-for-earlier.ts';
const ACCEPTING = 'libs/storage/accepting.ts';
const FILE_MESSAGE = 'libs/casework/file-message.ts';

/** Bugs of the node that takes messages in and files them. */
export const RECEIVER_BUGS: readonly Bug[] = [
  {
    name: 'answer-without-commit',
    why: 'The gateway answers `received` although the database has not said that it keeps the row.',
    breaks: 'I4',
    patches: [
      {
        file: ACCEPT,
        before: 'const stored = await ports.store.storeReceived([...fresh.values()], receipts);',
        after:
          'const stored = await ports.store.storeReceived([...fresh.values()], receipts).catch(() => new Set(fresh.keys()));',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/accept')],
  },
  {
    name: 'receipt-beside-the-commit',
    why: 'The receipt is written past the transaction of its message: it stands although the message was rolled back.',
    breaks: 'I4',
    patches: [
      {
        file: ACCEPTING,
        before: "await insertReceipts(query, theirs, 'handed');",
        after: "await insertReceipts(database.query, theirs, 'handed');",
      },
    ],
    checks: [integration('storage-inbox')],
  },
  {
    name: 'dedupe-by-bytes',
    why: 'A message is known by its bytes instead of by sender and id: other bytes under a known id count as a new message.',
    breaks: 'I1',
    patches: [
      {
        file: ACCEPT,
        before: 'return !taken && this.receiptOf(message) === undefined;',
        after: 'return (taken || true) && this.receiptOf(message) === undefined;',
      },
    ],
    checks: [unit('libs/exchange/accept')],
  },
  {
    name: 'dedupe-by-id-alone',
    why: 'An id that another sender has used counts as known: the second message is not stored.',
    breaks: 'I1',
    patches: [
      {
        file: ACCEPTING,
        before: 'r.message_id = ANY ($2::uuid[]) AND r.sender_node = $1 AND r.issuer',
        after: 'r.message_id = ANY ($2::uuid[]) AND r.issuer',
      },
    ],
    checks: [integration('storage-inbox')],
  },
  {
    name: 'refused-bytes-take-their-id-again',
    why: 'A copy that was looked up before its bytes were refused for a retired key takes the free id: the message sealed anew is `id_reused`.',
    breaks: 'I1',
    patches: [{ file: ACCEPTING, before: 'if (said!.again.length > 0)', after: 'if (said!.again.length > 1_000)' }],
    checks: [integration('storage-resealing')],
  },
  {
    name: 'duplicate-is-an-error',
    why: 'The same bytes again get an error: a sender that missed the first answer gives up a message that has arrived.',
    breaks: 'I1',
    patches: [
      {
        file: ACCEPT,
        before: '  const known = await storeNew(messages, peer, ports);',
        after: `  const before = await ports.store.findKnown(peer, messages.map(({ id }) => id));
  const earlier = new Set(before.map(({ id }) => id));
  const known = await storeNew(messages, peer, ports);`,
      },
      {
        file: ACCEPT,
        before: `answers.push('token' in item ? await`,
        after: `if ('token' in item && earlier.has(item.id)) answers.push(problem(item.id, new TraoError('id_reused')));
    else answers.push('token' in item ? await`,
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/accept')],
  },
  {
    name: 'duplicate-is-signed-anew',
    why: 'The same bytes again get a new receipt instead of the first one: two receipts say the same at two times.',
    breaks: 'I2',
    patches: [
      {
        file: ACCEPT,
        before: 'if (receipt) return { jti: message.id, receipt };',
        after: 'if (receipt) return { jti: message.id, receipt: (await signReceived(message, ports)).token };',
      },
    ],
    checks: [unit('libs/exchange/accept')],
  },
  {
    name: 'receipt-for-other-bytes',
    why: 'Other bytes under a known id get the receipt of the first ones, though nobody has stored them.',
    breaks: 'I2',
    patches: [
      {
        file: ACCEPT,
        before: 'find((entry) => entry.digest === digest)?.receipt',
        after: 'find((entry) => entry.digest === digest || entry.counts)?.receipt',
      },
    ],
    checks: [unit('libs/exchange/accept')],
  },
  {
    name: 'no-aud-check',
    why: 'A gateway takes in what is addressed to another node.',
    breaks: 'I1',
    patches: [
      { file: ACCEPT, before: `if (outer.aud !== self.node) throw new TraoError('wrong_recipient');`, after: '' },
    ],
    checks: [unit('libs/exchange/accept-refusals')],
  },
  {
    name: 'no-unit-check',
    why: 'A message that was signed for one unit and sealed to another is filed there: surreptitious forwarding.',
    breaks: 'I1',
    patches: [
      {
        file: 'libs/envelope/open.ts',
        before: 'if (outer.aud !== context.node || inner.aud !== unit)',
        after: 'if (outer.aud !== context.node || unit === "")',
      },
    ],
    checks: [unit('attacks/c-binding')],
  },
  {
    name: 'no-peer-check',
    why: 'A partner delivers in the name of another one.',
    breaks: 'I3',
    patches: [{ file: ACCEPT, before: `if (outer.iss !== peer) throw new TraoError('identity_mismatch');`, after: '' }],
    checks: [unit('libs/exchange/accept-refusals')],
  },
  {
    name: 'gap-is-refused',
    why: 'A message that overtook an earlier one of its referral is refused instead of held.',
    breaks: 'I1',
    patches: [
      {
        file: WAITING_FOR_EARLIER,
        before: 'const GAP_TIMEOUT_MS = 24 * 3_600_000;',
        after: 'const GAP_TIMEOUT_MS = -1;',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/ingest-order')],
  },
  {
    name: 'time-alone-refuses',
    why: 'A message whose time is over is refused although the earlier one that it waits for lies in the same inbox.',
    breaks: 'I1',
    patches: [
      {
        file: WAITING_FOR_EARLIER,
        before: 'if (now > until && !(place && (await store.earlierWaits(message, place, until)))) return undefined;',
        after: 'if (now > until) return undefined;',
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/ingest-order')],
  },
  {
    name: 'late-opening-refuses',
    why: 'A message that came in time and was opened late, because no worker ran, is refused as expired.',
    breaks: 'I1',
    patches: [
      {
        file: 'libs/envelope/open.ts',
        before: 'if (inner.exp <= receivedAt.getTime() / 1000)',
        after: 'if (inner.exp <= Math.max(now.getTime(), receivedAt.getTime()) / 1000)',
      },
    ],
    checks: [SIMULATOR, unit('libs/envelope/open-payload')],
  },
  {
    name: 'filed-out-of-order',
    why: 'A message that overtook an earlier one is filed, and the earlier one is refused when it comes.',
    breaks: 'I1',
    patches: [
      { file: FILE_MESSAGE, before: `if (header.seq > filed.seq + 1) throw new TraoError('seq_gap');`, after: '' },
      {
        file: FILE_MESSAGE,
        before: `if (header.prevDigest !== filed.digest) throw`,
        after: `if (header.seq === filed.seq + 1 && header.prevDigest !== filed.digest) throw`,
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'second-verdict',
    why: 'A worker whose claim ran out files what another one has filed: two final receipts for one message.',
    breaks: 'I2',
    patches: [
      {
        file: INGEST,
        before: 'const read = all.filter(({ message }) => waiting.has(nameOf(message)));',
        after: 'const read = waiting.size >= 0 ? all : [];',
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'own-fault-is-a-refusal',
    why: 'A key that is not here yet, or a fault of this machine, is signed as a refusal, which cannot be taken back.',
    breaks: 'I1',
    patches: [
      {
        file: 'libs/exchange/judgement.ts',
        before: 'if (retryable || entryOf(code).http >= 500) throw error;',
        after: 'if (retryable && entryOf(code).http < 0) throw error;',
      },
    ],
    checks: [unit('libs/exchange/ingest-refusals')],
  },
  {
    name: 'erased-case-is-forgotten',
    why: 'What is left of an erased case is not looked at: its last messages wait for a case that never comes.',
    breaks: 'I1',
    patches: [
      {
        file: DESK,
        before: 'if (isErased(stored)) this.tombstones.set(keyOf(stored), openTombstone(stored, storageKey));',
        after: 'if (isErased(stored)) openTombstone(stored, storageKey);',
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'case-key-made-anew',
    why: 'Every message gives its case a new key: what was filed before can never be read again.',
    breaks: 'I5',
    patches: [
      {
        file: FILE_MESSAGE,
        before: '    ...before,\n    summary:',
        after: '    ...newCase(before.unit, before.referralId, summary, storageKey),\n    summary:',
      },
    ],
    checks: [unit('libs/casework/file-message')],
  },
];
