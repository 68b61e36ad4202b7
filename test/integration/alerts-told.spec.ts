import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { startAlertKeeper, tryTarget, type AlertKeeperParts } from '../../apps/monitor/alert-keeper';
import { openMailer } from '../../libs/mail';
import { LOG_EVENTS } from '../../libs/platform';
import { alarmStore, alerts } from '../../libs/storage';
import { openWebhooks, readRanges, readWebhookKey } from '../../libs/webhooks';
import { forgetAll, seconds, setting } from './alerts-fixture';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { putOutbox } from './rows-fixture';
import { isSigned, newKey, startReceiver } from './webhooks-fixture';

/** From an alarm or a condition to the mail and the webhook that operators get. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('alertstold');
});
afterAll(() => node?.remove());
beforeEach(() => forgetAll(node));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function mailServer(port = 0) {
  const mails: { to: string; text: string }[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo[0]!.address,
          text: readable(Buffer.concat(chunks).toString('latin1')),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', () => listening()));
  const close = () => new Promise<void>((closed) => server.close(() => closed()));
  closing.push(close);
  return { mails, port: (server.server.address() as AddressInfo).port, close };
}

/** A mail as a person reads it: the encodings of header and body undone. */
function readable(source: string): string {
  const at = source.indexOf('\r\n\r\n');
  const [head, body] = [source.slice(0, at), source.slice(at + 4)];
  const bytes = /Transfer-Encoding: base64/i.test(head)
    ? Buffer.from(body, 'base64')
    : Buffer.from(
        body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => byte(hex)),
        'latin1',
      );
  const subject = /^Subject: ((?:.|\r\n[ \t])*)/m.exec(head)![1]!.replaceAll(/\?=\s+=\?/g, '?==?');
  const words = subject.replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, text: string) =>
    (kind.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/g, (_code, hex: string) => byte(hex)),
          'latin1',
        )
    ).toString('utf8'),
  );
  return `${words.replaceAll(/\r\n\s*/g, ' ')}\n${bytes.toString('utf8').replaceAll('\r\n', '\n')}`;
}
const byte = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16));

/** A monitor whose looks and time are in the hands of the test. */
async function keeperOf(more: Partial<AlertKeeperParts> = {}) {
  const clock = { now: new Date('2026-11-29T12:00:00Z') };
  const logged: { event: string; fields: object }[] = [];
  const keeper = startAlertKeeper({
    node: 'vn',
    database: node.monitor,
    mailer: undefined,
    webhooks: undefined,
    canaries: [],
    logger: { log: (event, fields = {}) => void logged.push({ event, fields }) },
    now: () => clock.now,
    everyMs: 3_600_000,
    ...more,
  });
  await keeper.stop();
  return {
    logged,
    at: () => clock.now,
    async after(count: number) {
      clock.now = seconds(clock.now, count);
      await keeper.look();
    },
  };
}

const key = readWebhookKey(newKey().pem);
const rules = readRanges('127.0.0.0/8');
const mailerTo = (port: number) => {
  const mailer = openMailer({ url: `smtp://127.0.0.1:${port}`, from: 'trao@vn.example' });
  closing.push(mailer.close);
  return mailer;
};
const tellsOf = async (kind: string) => {
  const [alert] = await alerts.listAlerts(node.monitor.query, { kinds: [kind as 'no_workers'] }, 1);
  return (await alerts.showAlert(node.monitor.query, alert!.id))!.tells;
};

/** Processes that run, so that their absence is not what alerts are about. */
async function everythingRuns(now: Date) {
  await node.owner.query('DELETE FROM process_beat');
  for (const app of ['gateway', 'worker', 'office'])
    await node.owner.query(
      `INSERT INTO process_beat (id, app, host, version, started_at, facts) VALUES (gen_random_uuid(), $1, 'host-1', '0', $2, '{}')`,
      [app, now],
    );
}

it('tells by mail and webhook that something holds, and that it is over', async () => {
  const receiver = await startReceiver('http', '127.0.0.1');
  closing.push(receiver.close);
  const server = await mailServer();
  const keeper = await keeperOf({ mailer: mailerTo(server.port), webhooks: openWebhooks({ key, rules }) });
  await everythingRuns(keeper.at());
  await setting(node, 'alert_mail_to', ['ops@vn.example', 'duty@vn.example']);
  await setting(node, 'alert_webhooks', [receiver.url]);
  await setting(node, 'alert_language', 'vi');
  const [id] = await putOutbox(node.owner, [{ lane: 'emergency', createdAt: seconds(keeper.at(), -14 * 60) }]);

  await keeper.after(10);
  expect(server.mails.map(({ to }) => to).toSorted()).toEqual(['duty@vn.example', 'ops@vn.example']);
  expect(server.mails[0]!.text).toMatch(/^Trao vn: cao, mới phát sinh: Một thông điệp khẩn cấp chờ quá lâu\n/);
  expect(server.mails[0]!.text).toContain('emergency_unsent');
  expect(server.mails[0]!.text).not.toMatch(/https?:|www\.|\/\//);
  const [raised] = receiver.heard;
  expect(isSigned(raised!, key.publicKey)).toBe(true);
  expect(JSON.parse(raised!.body)).toEqual({
    type: 'alert.raised',
    timestamp: '2026-11-29T12:00:10.000Z',
    data: {
      node: 'vn',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      kind: 'emergency_unsent',
      level: 'high',
      subject: 'gb',
      count: 1,
      firstAt: '2026-11-29T12:00:10.000Z',
    },
  });

  await node.owner.query(`UPDATE outbox SET state = 'delivered' WHERE id = $1`, [id]);
  await keeper.after(70);
  expect(receiver.heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
    'alert.raised',
    'alert.recovered',
  ]);
  expect(server.mails.slice(2).map(({ text }) => text.split('\n')[0])).toEqual([
    'Trao vn: cao, đã kết thúc: Một thông điệp khẩn cấp chờ quá lâu',
    'Trao vn: cao, đã kết thúc: Một thông điệp khẩn cấp chờ quá lâu',
  ]);
  await keeper.after(3600);
  expect([server.mails.length, receiver.heard.length]).toEqual([4, 2]);
  expect(keeper.logged.map(({ event }) => event)).toEqual(['alert_raised', 'alert_recovered']);
});

it('tells in one mail what happens at the same time', async () => {
  const server = await mailServer();
  const keeper = await keeperOf({ mailer: mailerTo(server.port) });
  await everythingRuns(keeper.at());
  await setting(node, 'alert_mail_to', ['ops@vn.example']);
  for (let number = 0; number < 40; number += 1)
    await alarmStore(node.worker)('undeliverable', `message ${number}`, 'expired');
  await alarmStore(node.office)('integrity_failure', 'message 0');
  await keeper.after(10);
  await alarmStore(node.worker)('file_damaged', 'file 1');
  await keeper.after(10);
  expect(server.mails).toHaveLength(1);
  const [subject, , ...lines] = server.mails[0]!.text.split('\n');
  expect(subject).toBe('Trao vn: 41 alerts, the highest: critical');
  expect(lines.join('\n')).toContain('and 11 more.');
  await keeper.after(60);
  expect(server.mails).toHaveLength(2);
  expect(server.mails[1]!.text).toContain('file_damaged');
});

it('reminds once a day of what nobody has taken, all in one mail', async () => {
  const server = await mailServer();
  const keeper = await keeperOf({ mailer: mailerTo(server.port) });
  await everythingRuns(keeper.at());
  await setting(node, 'alert_mail_to', ['ops@vn.example']);
  for (const subject of ['message 1', 'message 2', 'message 3']) {
    await alarmStore(node.worker)('undeliverable', subject, 'expired');
    await keeper.after(3600);
  }
  await everythingRuns(keeper.at());
  expect(server.mails).toHaveLength(3);
  await keeper.after(9 * 3600);
  expect(server.mails).toHaveLength(3);
  await keeper.after(3600);
  expect(server.mails).toHaveLength(4);
  expect(server.mails[3]!.text.split('\n')[0]).toBe('Trao vn: 3 alerts, the highest: high');
  await keeper.after(24 * 3600);
  expect(server.mails).toHaveLength(5);
});

it('tries a webhook again when its target is down, says why, and slows nothing else', async () => {
  const receiver = await startReceiver('http', '127.0.0.1');
  await receiver.close();
  const other = await startReceiver('http', '127.0.0.1');
  closing.push(other.close);
  const keeper = await keeperOf({ webhooks: openWebhooks({ key, rules }) });
  await everythingRuns(keeper.at());
  await setting(node, 'alert_webhooks', [receiver.url, other.url]);
  await alarmStore(node.worker)('file_damaged', 'file 1');
  await keeper.after(10);
  expect(other.heard).toHaveLength(1);
  const waiting = (await tellsOf('file_damaged')).find(({ target }) => target === receiver.url);
  expect(waiting).toMatchObject({
    attempts: 1,
    sentAt: undefined,
    code: 'webhook_unavailable',
    nextAttemptAt: seconds(keeper.at(), 10),
  });
  expect(keeper.logged.filter(({ event }) => event === 'alert_not_told')).toMatchObject([
    { fields: { channel: 'webhook' } },
  ]);

  await keeper.after(9);
  expect((await tellsOf('file_damaged')).find(({ target }) => target === receiver.url)).toMatchObject({ attempts: 1 });
  await keeper.after(1);
  expect((await tellsOf('file_damaged')).find(({ target }) => target === receiver.url)).toMatchObject({
    attempts: 2,
    nextAttemptAt: seconds(keeper.at(), 20),
  });

  const back = await startReceiver('http', '127.0.0.1', receiver.port);
  closing.push(back.close);
  await keeper.after(20);
  expect(back.heard).toHaveLength(1);
  expect(isSigned(back.heard[0]!, key.publicKey)).toBe(true);
  expect(back.heard[0]!.headers['webhook-id']).toBe(waiting!.id);
  expect((await tellsOf('file_damaged')).find(({ target }) => target === receiver.url)).toMatchObject({
    sentAt: keeper.at(),
    code: undefined,
    nextAttemptAt: undefined,
  });
  expect(other.heard).toHaveLength(1);
});

it('gives up what cannot succeed, and says why', async () => {
  const gone = await startReceiver('http', '127.0.0.1');
  closing.push(gone.close);
  gone.status = 410;
  const keeper = await keeperOf({ webhooks: openWebhooks({ key, rules }) });
  await everythingRuns(keeper.at());
  const inside = 'https://169.254.169.254/latest';
  await setting(node, 'alert_webhooks', [gone.url, inside]);
  await setting(node, 'alert_mail_to', ['ops@vn.example']);
  await alarmStore(node.worker)('file_damaged', 'file 1');
  await keeper.after(10);
  const end = async () =>
    Object.fromEntries(
      (await tellsOf('file_damaged')).map(({ target, code, nextAttemptAt }) => [target, { code, nextAttemptAt }]),
    );
  expect(await end()).toMatchObject({
    [gone.url]: { code: 'webhook_gone', nextAttemptAt: undefined },
    [inside]: { code: 'target_not_allowed', nextAttemptAt: undefined },
    'ops@vn.example': { code: 'mail_unavailable', nextAttemptAt: seconds(keeper.at(), 10) },
  });
  await setting(node, 'alert_mail_to', []);
  await keeper.after(60);
  expect(await end()).toMatchObject({ 'ops@vn.example': { code: 'target_removed', nextAttemptAt: undefined } });
  expect(gone.heard).toHaveLength(1);
});

it('raises that processes are gone once they have been for a minute, and that they are back', async () => {
  const keeper = await keeperOf();
  await node.owner.query('DELETE FROM process_beat');
  const kinds = async () =>
    (await alerts.listAlerts(node.monitor.query, { states: ['new'] }, 10)).map(({ kind }) => kind).toSorted();
  await keeper.after(10);
  expect(await kinds()).toEqual([]);
  await keeper.after(50);
  expect(await kinds()).toEqual(['no_gateway', 'no_office', 'no_workers']);

  // A monitor that was restarted takes an outage that goes on for what it is.
  const restarted = await keeperOf();
  await restarted.after(7200);
  expect(await kinds()).toEqual(['no_gateway', 'no_office', 'no_workers']);
  await everythingRuns(restarted.at());
  await restarted.after(60);
  expect(await kinds()).toEqual([]);
});

describe('a target that somebody tries', () => {
  const parts = { node: 'vn', mailer: undefined, webhooks: undefined };
  it('hears a test and nothing else', async () => {
    const receiver = await startReceiver('http', '127.0.0.1');
    closing.push(receiver.close);
    const server = await mailServer();
    const both = { ...parts, mailer: mailerTo(server.port), webhooks: openWebhooks({ key, rules }) };
    await tryTarget(both, 'webhook', receiver.url, 'en');
    await tryTarget(both, 'mail', 'ops@vn.example', 'en');
    expect(JSON.parse(receiver.heard[0]!.body)).toMatchObject({ type: 'alert.test', data: { node: 'vn' } });
    expect(server.mails[0]!.text).toContain('Trao vn\nThis is a test of alerts by mail.');
  });

  it.each([
    ['mail', 'ops@vn.example', 'mail_unavailable'],
    ['webhook', 'https://hook.example/', 'key_missing'],
  ] as const)('by %s says what is missing', async (channel, target, code) => {
    await expect(tryTarget(parts, channel, target, 'en')).rejects.toMatchObject({ code });
  });
});

it('logs with events of the catalogue', () => {
  expect(Object.keys(LOG_EVENTS)).toEqual(
    expect.arrayContaining(['alerts_not_judged', 'alert_raised', 'alert_recovered', 'alert_not_told']),
  );
});
