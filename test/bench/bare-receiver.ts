import { digestOf, issueReceipt, open, readEnvelope } from '../../libs/envelope';
import { poster, serve } from './bare-http';
import { openPool, readBareSettings, tell } from './bare-settings';
import { receiptFor } from './floor';
import { Party } from './parties';

/** The receiving half of the bare pipeline, a process of its own. */
const TABLES = `
CREATE TABLE IF NOT EXISTS bare_inbox (id uuid PRIMARY KEY, sealed text STORAGE EXTERNAL NOT NULL, digest text NOT NULL,
  received text STORAGE EXTERNAL NOT NULL);
CREATE TABLE IF NOT EXISTS bare_case (id uuid PRIMARY KEY, original text STORAGE EXTERNAL NOT NULL,
  delivered text STORAGE EXTERNAL NOT NULL)`;
const MAX_BYTES = 1_048_576;
const CONNECTIONS = 8;

/** A message that got lost makes the measurement worthless. */
function fail(error: unknown): void {
  console.error(`bare-receiver: ${(error as Error).message}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const settings = readBareSettings();
  const party = await Party.load(settings.keys, 'gb');
  const pool = await openPool(settings.databaseUrl, TABLES);
  const tls = await party.tls('vn');
  const post = poster(tls, settings.partnerPort, CONNECTIONS);

  const file = async (id: string, token: string, digest: string) => {
    const { original } = await open(token, party.openContext('vn'));
    const delivered = await issueReceipt(receiptFor('delivered', id, digest), await party.receiptKey());
    await pool.query('INSERT INTO bare_case (id, original, delivered) VALUES ($1, $2, $3)', [id, original, delivered]);
    await post(delivered);
  };

  await serve(tls, settings.port, async (token) => {
    const id = readEnvelope(token, MAX_BYTES).outer.jti;
    const digest = digestOf(token);
    const received = await issueReceipt(receiptFor('received', id, digest), await party.receiptKey());
    await pool.query('INSERT INTO bare_inbox (id, sealed, digest, received) VALUES ($1, $2, $3, $4)', [
      id,
      token,
      digest,
      received,
    ]);
    const after = () => {
      file(id, token, digest).catch(fail);
    };
    return { answer: received, after };
  });
  process.on('disconnect', () => process.exit(0));
  tell({ ready: true });
}

void main();
