import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { example } from '../../harness/examples';
import { untilFinal, type Promised } from '../../harness/ledger';
import { rotateEncryptionKey } from '../../harness/rotation';
import type { TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { on } from './run-scenario';
import type { Scenario } from './scenario';
import { promise, send } from './traffic';

/** To another unit than the rest of the flow, in the same lane. */
const POISON = example('referral-trace-adult');
/** `ingest` raises the alarm at the twentieth try; the pauses before would take longer than a run. */
const TRIES_BEFORE = 19;
const POISONED_MESSAGES = 2;

/** Sends until the office seals to the key that the directory now names; what it sealed to the one before is no poison. */
async function sendTo(kid: string, nodes: TwoNodes) {
  const vn = await nodes.database('vn');
  const [poison, others]: Promised[][] = [[], []];
  while (poison!.length < POISONED_MESSAGES) {
    const { messageId } = await nodes.office.send(POISON.header.senderUnit, POISON);
    const [row] = await vn.query<{ kid: string }>('SELECT recipient_kid AS kid FROM outbox WHERE id = $1', [messageId]);
    (row?.kid === kid ? poison : others)!.push(promise(messageId, POISON));
    await pause(1_000);
  }
  return { poison: poison!, others: others! };
}

export const POISONED: readonly Scenario[] = [
  {
    name: 'poison_message',
    how: 'gb’s worker lacks the key of one unit: two messages to it never open on this machine; the key comes back',
    async run({ nodes }) {
      const keys = path.join(nodes.folder, 'keys', 'nodes', 'gb', 'worker');
      const files = () =>
        readdirSync(keys, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
      const aside = (name: string) => path.join(nodes.folder, path.basename(name));
      const there = new Set(files());
      const kid = await rotateEncryptionKey(nodes, POISON.header.recipientUnit);
      const taken = files().filter((name) => !there.has(name));
      if (taken.length === 0) throw new Error('No file of the new key was found.');
      for (const name of taken) renameSync(path.join(keys, name), aside(name));
      const { poison, others } = await sendTo(kid, nodes);
      const gb = await nodes.database('gb');
      const tried = (least: number) =>
        waitFor(
          `the poison to be tried ${least} times`,
          async () => {
            const [row] = await gb.query<{ n: number }>(
              `SELECT count(*)::int AS n FROM inbox WHERE id = ANY ($1::uuid[]) AND state = 'stored' AND attempts >= $2`,
              [poison.map(({ id }) => id), least],
            );
            return row?.n === poison.length;
          },
          { timeoutMs: 120_000 },
        );
      await tried(1);
      await gb.query('UPDATE inbox SET attempts = $2, next_attempt_at = now() WHERE id = ANY ($1::uuid[])', [
        poison.map(({ id }) => id),
        TRIES_BEFORE,
      ]);
      // Whatever else is sent goes past them.
      for (let n = 0; n < 8; n += 1) others.push(await send(nodes, n % 2 === 0 ? 'vn' : 'gb'));
      for (const { id } of others) await untilFinal(nodes, id, { timeoutMs: 60_000 });
      await waitFor(
        'the alarm',
        async () => (await gb.query(`SELECT 1 FROM alarm WHERE kind = 'message_stuck'`)).length,
        {
          timeoutMs: 120_000,
        },
      );
      for (const name of taken) renameSync(aside(name), path.join(keys, name));
      await gb.query('UPDATE inbox SET next_attempt_at = now() WHERE id = ANY ($1::uuid[])', [
        poison.map(({ id }) => id),
      ]);
      return {
        promised: [...poison, ...others],
        healedAt: Date.now(),
        alarms: on('gb', 'message_stuck'),
        seen: { keyFiles: taken.length, others: others.length },
      };
    },
  },
];
