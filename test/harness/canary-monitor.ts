import { once } from 'node:events';
import { connect } from 'node:net';
import { APPS, HOST, mailPort, operationsPort, smtpPort } from '../../apps/cli/local/layout';
import type { Channel } from './canary-channels';
import { crawl } from './monitor-crawl';
import { OperatorSession } from './operator-session';
import { NODES, type NodeId, type TwoNodes } from './two-nodes';
import type { WebhookReceiver } from './webhook-receiver';

/** Where operators begin; links lead to the rest. */
const AREAS = [
  'overview',
  'messages',
  'recover',
  'queues',
  'partners',
  'keys',
  'alerts',
  'errors',
  'audit',
  'settings',
];
/** What programs of operators ask a monitor for. */
const REST = ['/v1/status', '/v1/messages?limit=200', '/v1/alerts', '/v1/partners', '/v1/diagnostics'];

/** Everything through which a monitor tells anybody anything, of two running nodes. */
export function monitorChannels(nodes: TwoNodes, receiver: WebhookReceiver): Channel[] {
  const scrapes: [string, Uint8Array][] = [];
  const hold = async (text: string) => {
    const database = await nodes.database('vn');
    await database.query(
      `INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', $1, 'planted')
       ON CONFLICT (partner) DO UPDATE SET reason = excluded.reason`,
      [text],
    );
  };
  const code = async (text: string) =>
    void (await (await nodes.database('vn')).query('UPDATE outbox SET code = $1', [text]));
  return [
    { name: 'pages and downloads of the monitor', read: () => pagesOf(nodes), plant: hold },
    { name: 'CSV of the monitor', read: () => csvOf(nodes), plant: code },
    { name: 'REST of the monitor', read: () => restOf(nodes), plant: code },
    {
      name: 'metrics and health',
      async *read() {
        for await (const scrape of scrapesOf(nodes)) scrapes.push(scrape);
        yield* scrapes;
      },
      // Labels take known words only, so that nothing can be planted behind them: what is planted is a line of a scrape.
      plant: async (text) => void scrapes.push(['planted', Buffer.from(`trao_planted{label="${text}"} 1\n`)]),
    },
    { name: 'mail', read: () => mailsOf(nodes), plant: (text) => sendMail(smtpPort(nodes.layout), text) },
    {
      name: 'webhooks',
      async *read() {
        for (const { headers, body } of receiver.caught) yield ['webhook', Buffer.from(JSON.stringify(headers) + body)];
      },
      plant: (text) => fetch(receiver.url, { method: 'POST', body: JSON.stringify({ text }) }),
    },
  ];
}

/** What an operator and an auditor come to by following links, in both languages. */
async function* pagesOf(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const [node, sub, language] of [
    ['vn', 'monitor/operator', 'en'],
    ['vn', 'monitor/auditor', 'vi'],
    ['gb', 'monitor/operator', 'en'],
  ] as const) {
    const session = await OperatorSession.of(nodes, node, sub, language);
    for await (const { path, status, bytes } of crawl(
      session,
      AREAS.map((area) => `/${area}`),
    )) {
      if (status >= 500) throw new Error(`${node} ${path} answers ${status}.`);
      yield [`${node} ${sub} ${path}`, bytes];
    }
  }
}

async function* csvOf(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const node of NODES) {
    const session = await OperatorSession.of(nodes, node, 'monitor/operator');
    for await (const { path, contentType, bytes } of crawl(session, ['/messages', '/errors']))
      if (contentType.includes('csv')) yield [`${node} ${path}`, bytes];
  }
}

async function* restOf(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const { id, monitor, operatorTokens } of nodes.access.nodes) {
    const headers = { authorization: `Bearer ${operatorTokens!['monitor/operator']}` };
    const ask = async (where: string) => {
      const answer = await fetch(monitor + where, { headers });
      if (answer.status !== 200) throw new Error(`${id} ${where} answers ${answer.status}.`);
      return [`${id} ${where}`, Buffer.from(JSON.stringify([...answer.headers]) + (await answer.text()))] as const;
    };
    for (const where of REST) yield await ask(where);
    const database = await nodes.database(id as NodeId);
    const rows = await database.query<{ id: string }>('SELECT id FROM outbox UNION SELECT id FROM inbox');
    for (const { id: message } of rows) yield await ask(`/v1/messages/${message}`);
  }
}

async function* scrapesOf({ layout }: TwoNodes): AsyncGenerator<[string, Uint8Array]> {
  for (const node of layout.nodes)
    for (const app of APPS)
      for (const where of ['metrics', 'health/live', 'health/ready']) {
        const answer = await fetch(`http://${HOST}:${operationsPort(layout, node, app)}/${where}`);
        yield [`${node.id}-${app} ${where}`, Buffer.from(await answer.text())];
      }
}

async function* mailsOf({ layout }: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  const mails = await fetch(`http://${HOST}:${mailPort(layout)}/messages.json`);
  yield ['caught mail', Buffer.from(await mails.text())];
}

/** A mail by the protocol itself: our own mailer has no way to send a text. */
async function sendMail(port: number, text: string): Promise<void> {
  const socket = connect(port, HOST);
  await once(socket, 'data');
  const lines = ['HELO test', 'MAIL FROM:<a@vn.example>', 'RCPT TO:<b@vn.example>', 'DATA'];
  for (const line of [...lines, `Subject: planted\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n.`]) {
    socket.write(`${line}\r\n`);
    await once(socket, 'data');
  }
  socket.end('QUIT\r\n');
}
