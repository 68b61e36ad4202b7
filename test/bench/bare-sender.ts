import { readReceipt, seal } from '../../libs/envelope';
import { poster, serve } from './bare-http';
import { openPool, readBareSettings, tell } from './bare-settings';
import { documentOf, renewed } from './document';
import { Party } from './parties';

/** The sending half of the bare pipeline, a process of its own. */
const TABLES = `
CREATE TABLE IF NOT EXISTS bare_outbox (id uuid PRIMARY KEY, sealed text STORAGE EXTERNAL NOT NULL, digest text NOT NULL,
  state text NOT NULL, received text STORAGE EXTERNAL, delivered text STORAGE EXTERNAL)`;
/** Messages that are sealed at the same time. */
const SENDERS = 8;
/** Messages that may be under way: enough to keep both processes busy, few enough that the end does not lag behind. */
const MAX_UNDER_WAY = 64;

async function main(): Promise<void> {
  const settings = readBareSettings();
  const party = await Party.load(settings.keys, 'vn');
  const pool = await openPool(settings.databaseUrl, TABLES);
  const tls = await party.tls('gb');
  const post = poster(tls, settings.partnerPort, SENDERS);
  const document = documentOf(settings.sizeBytes);
  const digests = new Map<string, string>();
  let waiting: (() => void)[] = [];
  let delivered = 0;
  let stopped = false;

  const settle = async (column: 'received' | 'delivered', token: string, known?: string) => {
    const receipt = await readReceipt(token, party.receiptKeyOf);
    const digest = known ?? digests.get(receipt.messageId);
    if (receipt.event !== column || receipt.digest !== digest) throw new Error('wrong receipt');
    await pool.query(
      `UPDATE bare_outbox SET ${column} = $2, state = CASE state WHEN 'delivered' THEN state ELSE $3 END WHERE id = $1`,
      [receipt.messageId, token, column],
    );
    return receipt.messageId;
  };

  await serve(tls, settings.port, async (token) => {
    const id = await settle('delivered', token);
    digests.delete(id);
    delivered += 1;
    waiting.shift()?.();
    return { answer: '' };
  });

  const send = async () => {
    const message = renewed(document);
    const id = message.header.messageId;
    const { token, digest } = await seal(await party.sealInput(message));
    digests.set(id, digest);
    await pool.query(`INSERT INTO bare_outbox (id, sealed, digest, state) VALUES ($1, $2, $3, 'queued')`, [
      id,
      token,
      digest,
    ]);
    // The `delivered` receipt may be settled before this one: it then stays the state.
    await settle('received', await post(token), digest);
  };
  const loop = async () => {
    while (!stopped) {
      if (digests.size >= MAX_UNDER_WAY) await new Promise<void>((resolve) => waiting.push(resolve));
      else await send();
    }
  };

  process.on('message', (wish: 'start' | 'count' | 'stop') => {
    if (wish === 'start') for (let sender = 0; sender < SENDERS; sender += 1) void loop();
    if (wish === 'count') tell({ delivered });
    if (wish !== 'stop') return;
    stopped = true;
    for (const wake of waiting) wake();
    waiting = [];
  });
  process.on('disconnect', () => process.exit(0));
  tell({ ready: true });
}

void main();
