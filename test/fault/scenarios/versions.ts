import type { Message } from '../../../libs/schema';
import { untilFinal } from '../../harness/ledger';
import { RogueSender, type SealedMessage } from '../../harness/rogue-sender';
import type { TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { on } from './run-scenario';
import type { Scenario } from './scenario';
import { promise, REFERRALS, send } from './traffic';

/** What a row of the outbox has of its own; everything else is as in the row that it is made like. */
const OWN: Readonly<Record<string, string>> = {
  id: '$1::uuid',
  sealed: '$2::text',
  digest: '$3::text',
  size_bytes: 'octet_length($2::text)',
  state: `'queued'`,
  code: 'NULL',
  attempts: '0',
  strikes: '0',
  batch: 'NULL',
  next_attempt_at: 'now()',
  created_at: 'now()',
  changed_at: 'now()',
};

/** Puts a message into the outbox of vn as if its office were of another version and had sealed it. */
async function queue(nodes: TwoNodes, { id, token, digest }: SealedMessage, like: string): Promise<void> {
  const database = await nodes.database('vn');
  const columns = await database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'outbox' AND is_generated = 'NEVER'`,
  );
  const names = columns.map(({ name }) => name);
  await database.query(
    `INSERT INTO outbox (${names.join(', ')}) SELECT ${names.map((name) => OWN[name] ?? name).join(', ')} FROM outbox WHERE id = $4`,
    [id, token, digest, like],
  );
  await database.query(`INSERT INTO delivery_event (message_id, state) VALUES ($1, 'queued')`, [id]);
}

const versioned = (version: string, more: object) => (message: Message) =>
  ({ ...message, header: { ...message.header, schemaVersion: version, ...more } }) as Message;

const ADDED = { addedByALaterVersion: 'kept as it came, whatever it may mean' };

export const VERSIONS: readonly Scenario[] = [
  {
    name: 'schema_versions',
    how: 'vn sends a message of version 1.9 with a field that nobody knows, and one of version 2.0, between others',
    async run({ nodes }) {
      const rogue = await RogueSender.of(nodes);
      const before = await send(nodes);
      const minor = await rogue.seal(REFERRALS.vn, { rewrite: versioned('1.9', ADDED) });
      const major = await rogue.seal(REFERRALS.vn, { rewrite: versioned('2.0', {}) });
      for (const message of [major, minor]) await queue(nodes, message, before.id);
      const promised = [before, promise(minor.id, REFERRALS.vn), await send(nodes)];
      const refused = await untilFinal(nodes, major.id, { timeoutMs: 60_000 });
      await untilFinal(nodes, minor.id, { timeoutMs: 60_000 });
      const faults: string[] = [];
      if (refused.state !== 'refused' || refused.code !== 'schema_unsupported')
        faults.push(`the unknown major version is ${refused.state} with ${refused.code}`);
      const [kept] = await (
        await nodes.database('vn')
      ).query<{ sealed: string }>('SELECT sealed FROM outbox WHERE id = $1', [major.id]);
      if (kept?.sealed !== major.token) faults.push('the sender has not kept what was refused');
      const read = await waitFor('the message to be read', () =>
        nodes.office.message(REFERRALS.vn.header.recipientUnit, minor.id),
      );
      if (!JSON.stringify(read).includes(ADDED.addedByALaterVersion)) faults.push('the added field was not kept');
      return {
        promised,
        healedAt: Date.now(),
        alarms: [...on('vn', 'message_refused'), ...on('gb', 'integrity_failure')],
        faults,
        seen: { minor: '1.9', major: '2.0' },
      };
    },
  },
];
