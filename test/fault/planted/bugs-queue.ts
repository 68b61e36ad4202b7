import { integration, SIMULATOR, unit, type Bug } from './bug';

const WORK = 'libs/storage/work.ts';
const OUTBOX = 'libs/storage/outbox.ts';
const CIRCUIT = 'libs/exchange/circuit.ts';

/** Bugs in what is claimed, queued, tried again and given up. */
export const QUEUE_BUGS: readonly Bug[] = [
  {
    name: 'relay-by-last-id',
    why: 'The relay goes on behind the last id that it has seen; a row whose transaction committed late is never sent.',
    breaks: 'I1',
    patches: [
      {
        file: WORK,
        before: 'const CLAIMS = {',
        after: 'const LAST = new Map<string, string>();\nconst CLAIMS = {',
      },
      {
        file: WORK,
        before: `const rows = await query(CLAIMS[kind], [lane, partner, limit, id, kind]);`,
        after: `const group = [kind, lane, partner].join(' ');
        const last = LAST.get(group) ?? '00000000-0000-0000-0000-000000000000';
        const sql = CLAIMS[kind]
          .replace('ORDER BY next_attempt_at LIMIT', "AND id > '" + last + "' ORDER BY id LIMIT")
          .replace('RETURNING id', 'RETURNING ids');
        const rows = await query<{ ids: string[] }>(sql, [lane, partner, limit, id, kind]);
        if (rows[0]) LAST.set(group, rows[0].ids.toSorted().at(-1)!);`,
      },
    ],
    checks: [integration('storage-claims', 'finds rows whose transaction began earlier and committed later')],
  },
  {
    name: 'claim-never-ends',
    why: 'A claim lasts for ever: what a worker had in hand when it died is never sent.',
    breaks: 'I9',
    patches: [{ file: WORK, before: `interval '30 seconds'`, after: `interval '30 years'` }],
    checks: [integration('storage-batches')],
  },
  {
    name: 'two-relays-at-once',
    why: 'Two relays claim the same rows: messages are sent twice, and each claim ends the other.',
    breaks: 'I8',
    patches: [{ file: WORK, before: 'if (!lock?.taken) return undefined;', after: 'if (!lock) return undefined;' }],
    checks: [integration('storage-claims')],
  },
  {
    name: 'old-batch-frees-rows',
    why: 'A worker that stood still puts back messages that another one is sending.',
    breaks: 'I8',
    patches: [
      {
        file: OUTBOX,
        before: `WHERE o.id = r.id AND o.batch = $5 AND o.state = 'sending'`,
        after: `WHERE o.id = r.id AND $5::uuid IS NOT NULL AND o.state = 'sending'`,
      },
    ],
    checks: [integration('storage-batches')],
  },
  {
    name: 'old-batch-gives-up',
    why: 'A worker that stood still gives up a message that another one is sending.',
    breaks: 'I1',
    patches: [
      {
        file: OUTBOX,
        before: 'WHERE id = ANY ($1::uuid[]) AND batch = $2 ORDER BY id FOR UPDATE',
        after: 'WHERE id = ANY ($1::uuid[]) AND $2::uuid IS NOT NULL ORDER BY id FOR UPDATE',
      },
    ],
    checks: [integration('storage-batches')],
  },
  {
    name: 'expired-still-sent',
    why: 'A message whose time is over is sent all the same: it arrives after its evidence that it did not.',
    breaks: 'I4',
    patches: [{ file: WORK, before: ` AND expires_at > now()`, after: '' }],
    checks: [integration('storage-claims')],
  },
  {
    name: 'job-id-reused',
    why: 'Jobs are named by their batch and kept: the queue ignores the second job of a batch, and says nothing.',
    breaks: 'I9',
    patches: [
      {
        file: 'libs/queue/work-queue.ts',
        before: '{ batchId: batch.id }, JOB_OPTIONS)',
        after: '{ batchId: batch.id }, { attempts: 1, jobId: batch.id })',
      },
    ],
    checks: [
      integration('queue-postgres', 'takes a batch id again that failed before'),
      integration('queue-redis', 'takes a batch id again that failed before'),
    ],
  },
  {
    name: 'gives-up-after-three',
    why: 'A message is given up after three attempts, though its partner was only away.',
    breaks: 'I1',
    patches: [
      {
        file: 'libs/exchange/deliver.ts',
        before: `if (entryOf(code).retry !== 'later') return`,
        after: `if (entryOf(code).retry !== 'later' || message.attempts >= 3) return`,
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/deliver')],
  },
  {
    name: 'away-is-for-ever',
    why: 'A partner that cannot be reached counts as an answer: everything that waits for it is given up.',
    breaks: 'I1',
    patches: [
      {
        file: 'libs/exchange/deliver.ts',
        before: `if (partnerWide) return [{ messageId: message.id, retryAt: now, strike: false }];`,
        after: `if (partnerWide) return [{ messageId: message.id, gaveUp: code }];`,
      },
    ],
    checks: [SIMULATOR, unit('libs/exchange/deliver-failures')],
  },
  {
    name: 'refused-is-tried-for-ever',
    why: 'What a partner will never take is sent again without end, and nobody is told.',
    breaks: 'I11',
    patches: [
      {
        file: 'libs/exchange/deliver.ts',
        before: `if (entryOf(code).retry !== 'later') return`,
        after: `if (entryOf(code).retry !== 'later' && message.attempts < 0) return`,
      },
    ],
    checks: [unit('libs/exchange/deliver')],
  },
  {
    name: 'retry-after-unbounded',
    why: 'A partner that says "in thirty years" silences its lane for thirty years.',
    breaks: 'I9',
    patches: [
      {
        file: 'libs/exchange/retry.ts',
        before: 'return Math.min(Math.max(retryAfterMs, BASE_MS), MAX_PAUSE_MS);',
        after: 'return Math.max(retryAfterMs, BASE_MS);',
      },
    ],
    checks: [unit('libs/exchange/retry')],
  },
  {
    name: 'pause-of-a-wrong-clock',
    why: 'A circuit that opened while the clock ran ahead stays open until that day has come.',
    breaks: 'I9',
    patches: [{ file: CIRCUIT, before: 'pauseMs <= 0 || pauseMs > MAX_PAUSE_MS', after: 'pauseMs <= 0' }],
    checks: [unit('libs/exchange/retry')],
  },
  {
    name: 'circuit-never-probes',
    why: 'While a circuit is open nothing is tried, and nothing ever closes it.',
    breaks: 'I9',
    patches: [
      {
        file: CIRCUIT,
        before: 'return isOver && inFlight === 0 ? 1 : 0;',
        after: 'return isOver && inFlight < 0 ? 1 : 0;',
      },
    ],
    checks: [SIMULATOR],
  },
  {
    name: 'sent-twice-by-two-presses',
    why: 'The second press of the button sends a second message.',
    breaks: 'I3',
    patches: [
      {
        file: 'libs/casework/send.ts',
        before: 'if (earlier) return { messageId: earlier.messageId, replayed: true };',
        after: '',
      },
    ],
    checks: [unit('libs/casework/send')],
  },
];
