import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { renewTls } from '../../../certs-dev/development-tls';
import { TraoError } from '../../../libs/errors';
import { Database } from '../../../libs/storage';
import type { OfficeClient } from '../office-client';
import { databaseOf } from './databases';
import { EXAMPLES, keyFolder, monitorUrl, type NodeLayout } from './layout';
import type { Network } from './network';
import { liveDocument, type Example } from './journeys/live-document';

/** How long the gateway of the United Kingdom is away. A process that is back within a minute is no outage, so it is a little more. */
const AWAY_MS = 80_000;
/** Until an alert has risen or ended. */
const PATIENCE_MS = 150_000;
const LOOK_MS = 2_000;
/** What the certificate of the United Kingdom is still valid for. */
const DAYS_LEFT = 5;

/** Alerts that must rise and what their monitor then shows, and end once the trouble is over. */
const EXPECTED = [
  { node: 'gb', kind: 'no_gateway', ends: true },
  { node: 'gb', kind: 'certificate_expiring', ends: true },
  { node: 'gb', kind: 'integrity_failure', ends: false },
  { node: 'vn', kind: 'oldest_unsent', ends: true },
  { node: 'vn', kind: 'message_refused', ends: false },
] as const;

export interface Trouble {
  readonly network: Network;
  readonly office: OfficeClient;
  readonly say: (line: string) => void;
}

/**
 * Makes trouble that operators have to see: the gateway of the United Kingdom goes away while Viet Nam sends, one message is damaged on its
 * way, a certificate ends soon. Then all of it is mended, and the alerts end by themselves, but for those that people have to look at.
 * @throws TraoError `start_failed` when an alert does not rise or does not end
 */
export async function makeTrouble({ network, office, say }: Trouble): Promise<void> {
  const { layout, supervisor } = network;
  const [vn, gb] = layout.nodes as readonly [NodeLayout, NodeLayout];
  await impatient(network);
  say(`Trouble begins. Watch it as an operator: ${monitorUrl(vn)} and ${monitorUrl(gb)}`);
  await renewTls(keyFolder(layout), gb.id, DAYS_LEFT);
  say(`  the certificate of ${gb.name.en} now ends in ${DAYS_LEFT} days`);
  await supervisor.stop('gb-gateway');
  say(`  the gateway of ${gb.name.en} is away for ${AWAY_MS / 1000} s`);
  const sent = await send(office);
  say(`  Viet Nam sends message ${sent.good}, which waits, and ${sent.damaged}, which somebody damages`);
  await damage(network, vn, sent.damaged);
  await pause(AWAY_MS);
  await supervisor.restart('gb-gateway');
  say(`  the gateway of ${gb.name.en} is back`);
  for (const { node, kind } of EXPECTED)
    say(`  risen at ${node}: ${kind} (${await seen(network, node, kind, 'risen')})`);
  await renewTls(keyFolder(layout), gb.id);
  say(`  the certificate of ${gb.name.en} is good for a year again`);
  for (const { node, kind, ends } of EXPECTED) {
    if (ends) say(`  ended at ${node}: ${kind} (${await seen(network, node, kind, 'ended')})`);
    else say(`  open at ${node} until an operator has looked: ${kind}`);
  }
  say('Trouble is over. Every alert has a runbook: docs/runbooks');
}

/** A minute instead of a quarter of an hour, and somebody who gets mail: nobody wants to watch a demonstration for so long. */
async function impatient(network: Network): Promise<void> {
  for (const node of network.layout.nodes)
    await asOwner(network, node, async (database) => {
      const wishes = { alert_unsent_warn_minutes: 1, alert_mail_to: [`operator@${node.id}.example`] };
      for (const [name, value] of Object.entries(wishes))
        await database.query(
          `INSERT INTO setting (name, value, changed_by) VALUES ($1, $2, 'demonstration')
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = now()`,
          [name, JSON.stringify(value)],
        );
    });
}

async function send(office: OfficeClient): Promise<{ readonly good: string; readonly damaged: string }> {
  const example = JSON.parse(readFileSync(join(EXAMPLES, 'ping-vn-to-gb.json'), 'utf8')) as SentExample;
  const ping = async () => {
    const document = liveDocument(example, new Map(), new Date());
    return (await office.send(example.header.senderUnit, document, randomUUID())).messageId;
  };
  return { good: await ping(), damaged: await ping() };
}

type SentExample = Example & { readonly header: { readonly senderUnit: string } };

/**
 * Turns one character of the sealed content of a message before it leaves, and the digest with it: somebody was in the database. The seal
 * itself then tells the partner.
 */
async function damage(network: Network, node: NodeLayout, message: string): Promise<void> {
  await asOwner(network, node, async (database) => {
    const place = 'length(sealed) - 40';
    await database.query(
      `UPDATE outbox SET sealed = overlay(sealed PLACING CASE WHEN substr(sealed, ${place}, 1) = 'A' THEN 'B' ELSE 'A' END FROM ${place} FOR 1)
       WHERE id = $1`,
      [message],
    );
    await database.query(
      `UPDATE outbox SET digest = rtrim(translate(encode(sha256(convert_to(sealed, 'UTF8')), 'base64'), '+/', '-_'), '=') WHERE id = $1`,
      [message],
    );
  });
}

/** Waits until an alert has risen since the trouble began, or has ended. Answers when. */
async function seen(network: Network, id: string, kind: string, what: 'risen' | 'ended'): Promise<string> {
  const node = network.layout.nodes.find((one) => one.id === id)!;
  const column = what === 'risen' ? 'first_at' : 'resolved_at';
  return asOwner(network, node, async (database) => {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(LOOK_MS)) {
      const [row] = await database.query<{ at: Date }>(
        `SELECT ${column} AS at FROM alert WHERE kind = $1 AND ${column} > now() - interval '10 minutes' ORDER BY ${column} DESC LIMIT 1`,
        [kind],
      );
      if (row) return row.at.toISOString().slice(11, 19);
    }
    throw new TraoError('start_failed', { detail: `The alert ${kind} of ${id} has not ${what} in time.` });
  });
}

async function asOwner<T>({ server }: Network, node: NodeLayout, work: (database: Database) => Promise<T>): Promise<T> {
  const url = new URL(server.adminUrl);
  url.pathname = `/${databaseOf(node)}`;
  const database = await Database.open({ url: url.href, poolSize: 1, applicationName: 'trao-demo' });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
