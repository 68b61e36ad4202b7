import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { example } from '../harness/examples';
import { runCli, startCli } from '../harness/cli';
import { monitorUrlOf } from '../harness/operator-window';
import { MONITORED, startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await startTwoNodes('postgres', MONITORED);
});
afterAll(() => nodes?.stop());

const trao = (...args: string[]) => runCli(...args, '--data', nodes.folder);
async function asJson<T = Record<string, unknown>>(...args: string[]): Promise<{ code: number | null; body: T }> {
  const { code, stdout } = await trao(...args, '--json');
  return { code, body: JSON.parse(stdout) as T };
}
const tokenOf = (sub: string) => nodes.access.nodes.find(({ id }) => id === 'vn')!.operatorTokens![`monitor/${sub}`]!;

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly senderNode: string;
  readonly tries: readonly { readonly host: string; readonly tls: string; readonly httpStatus: number }[];
}

async function send(): Promise<string> {
  const { messageId } = await nodes.office.send(REFERRAL.header.senderUnit, REFERRAL, randomUUID());
  return messageId;
}
const show = async (id: string) => (await asJson<Delivery>('message', 'show', id)).body;
const arrived = (id: string) => waitFor('the message to arrive', async () => (await show(id)).state === 'delivered');

describe('the command line at the monitors', () => {
  it('says how it stands, in lines and as JSON', async () => {
    const status = await waitFor('both nodes to be well', async () => {
      const found = await asJson<{ ok: boolean; nodes: { node: string }[] }>('status');
      return found.body.ok ? found : undefined;
    });
    expect(status.code).toBe(0);
    expect(status.body.nodes.map(({ node }) => node)).toEqual(['vn', 'gb']);
    // A partner that was not asked yet is no fault: for a moment after the start it is "unknown".
    const lines = await waitFor('gb to have heard of vn', async () => {
      const found = await trao('status', '--node', 'gb');
      if (found.stdout.includes('partner vn: unknown')) throw new Error(found.stdout);
      return found;
    });
    expect(lines).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ gb\n.*worker.*\n {2}partner vn: answers/),
    });
    const doctor = await asJson<{ checks: { name: string; result: string }[] }>('doctor');
    const ours = doctor.body.checks.filter(({ name }) => name.startsWith('monitor of'));
    expect(ours.map(({ name, result }) => [name, result])).toEqual([
      ['monitor of vn', 'ok'],
      ['monitor of gb', 'ok'],
    ]);
  });

  it('shows how each attempt was made, from whichever side', async () => {
    const id = await send();
    await arrived(id);
    const shown = await show(id);
    expect(shown).toMatchObject({ id, senderNode: 'vn' });
    expect(shown.tries[0]).toMatchObject({
      tls: 'TLSv1.3',
      httpStatus: 200,
      host: expect.stringContaining('127.0.0.1:'),
    });
    expect((await asJson<Delivery>('message', 'show', id, '--node', 'gb')).body).toMatchObject({
      id,
      senderNode: 'vn',
    });
    const { body } = await asJson<{ deliveries: Delivery[] }>('message', 'list', '--limit', '1');
    expect(body.deliveries).toMatchObject([{ id, state: 'delivered' }]);
    expect(await trao('message', 'resend', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(resend_refused)'),
    });
    expect(await trao('message', 'resend', randomUUID())).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(not_found)'),
    });
  });

  it('counts, sends again what a partner that was away has missed, and says of each how it ended', async () => {
    await nodes.stopApp('gb', 'gateway');
    const ids = [await send(), await send()];
    await waitFor('attempts that fail', async () => (await show(ids[0]!)).tries.length > 0);
    const recover = ['message', 'recover', '--partner', 'gb', '--since', '30m'];
    const counted = await asJson<{ found: number; dryRun: boolean }>(...recover, '--dry-run');
    expect(counted).toMatchObject({ code: 0, body: { found: 2, dryRun: true } });
    expect((await show(ids[1]!)).state).not.toBe('delivered');

    const began = await asJson<{ done: boolean }>(...recover, '--wait', '0');
    expect(began).toMatchObject({ code: 3, body: { done: false } });
    const running = startCli([...recover, '--per-minute', '600', '--data', nodes.folder]);
    await running.says(/0\/2/);
    await nodes.startApp('gb', 'gateway');
    const done = await running.ended;
    expect(done.code).toBe(0);
    // A terminal gets a bar; this is none.
    expect(done.stderr).toMatch(/2 messages of vn to gb\n(?:\d\/2\n)+/);
    for (const id of ids) expect(done.stdout).toMatch(new RegExp(`${id} {2}arrived`));
    await Promise.all(ids.map(arrived));
    expect(await trao(...recover)).toMatchObject({ code: 0, stdout: 'Nothing to send again.\n' });
  });

  it.each([
    [['--since', '30m', '--state', 'everything'], '/states'],
    [['--since', '9000d'], '/until'],
    [['--since', '30m', '--per-minute', '0'], '/perMinute'],
    [['--since', 'yesterday'], '/since'],
  ])('sends nothing again for %j', async (args, pointer) => {
    const { code, stderr } = await trao('message', 'recover', '--partner', 'gb', ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(`${pointer}:`);
  });

  it('tests, pings, suspends and resumes a partner', async () => {
    const tested = await asJson<{ ok: boolean; steps: { step: string; ok: boolean }[] }>('partner', 'test', 'gb');
    expect(tested.code).toBe(0);
    expect(tested.body.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['tls', 'identity', 'signature']));
    const pinged = await asJson<{ ok: boolean; ms: number }>('partner', 'ping', 'vn');
    expect(pinged).toMatchObject({ code: 0, body: { ok: true, node: 'gb' } });

    expect(await trao('partner', 'suspend', 'gb', '--reason', 'line is being repaired')).toMatchObject({ code: 0 });
    expect(await trao('partner', 'suspend', 'gb', '--reason', 'again')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(already_suspended)'),
    });
    expect((await trao('status', '--node', 'vn')).code).toBe(1);
    expect((await trao('partner', 'list')).stdout).toContain('line is being repaired');
    expect(await trao('partner', 'resume', 'gb', '--reason', ' ')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/reason'),
    });
    expect(await trao('partner', 'resume', 'gb', '--reason', 'repaired')).toMatchObject({ code: 0 });
    expect(await trao('partner', 'resume', 'gb', '--reason', 'repaired')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(not_suspended)'),
    });
    expect(await trao('partner', 'test', 'xx')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(not_found)'),
    });
  });

  it('lists and acknowledges alerts', async () => {
    const subject = randomUUID();
    await (
      await nodes.database('gb')
    ).query(`INSERT INTO alarm (kind, subject, code) VALUES ('id_reused', $1, 'id_reused')`, [subject]);
    type Alerts = { alerts: { id: string; node: string; subject: string; state: string }[] };
    const alert = await waitFor('the alert', async () =>
      (await asJson<Alerts>('alerts', 'list', '--kind', 'id_reused')).body.alerts.find(
        (one) => one.subject === subject,
      ),
    );
    expect(alert).toMatchObject({ node: 'gb', state: 'new' });
    expect(await trao('alerts', 'ack', alert.id)).toMatchObject({
      code: 0,
      stdout: 'id_reused of gb is acknowledged.\n',
    });
    const { body } = await asJson<Alerts>('alerts', 'list', '--state', 'acknowledged');
    expect(body.alerts).toMatchObject([{ id: alert.id }]);
    expect(await trao('alerts', 'ack', 'nonsense')).toMatchObject({ code: 1 });
  });

  it('writes diagnostics for who runs it alone, and over no other file', async () => {
    const file = path.join(nodes.folder, 'diagnostics.json');
    expect(await trao('diagnostics', '--out', file)).toMatchObject({ code: 0, stdout: `${file}\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ nodes: [{ program: { node: 'vn' } }, {}] });
    expect((await trao('diagnostics', '--out', file)).code).toBe(2);
  });
});

describe('the command line at a real node', () => {
  const fileWith = (token: string) => {
    const file = path.join(nodes.folder, `token-${randomUUID()}`);
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    return file;
  };
  const at = (url: string, file: string, ...args: string[]) =>
    runCli(...args, '--monitor', url, '--token-file', file, '--data', '/nowhere');

  it('reads with the token of whoever watches, and acts with none of theirs', async () => {
    const url = monitorUrlOf(nodes, 'vn');
    const file = fileWith(tokenOf('watcher'));
    expect((await at(url, file, 'status')).stdout).toContain('partner gb:');
    expect(await at(url, file, 'partner', 'suspend', 'gb', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(forbidden)'),
    });
    expect(await at(url, fileWith('x'.repeat(43)), 'alerts', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(unauthenticated)'),
    });
  });

  it.each([
    ['http://monitor.example', 'tokens travel by HTTPS only'],
    ['ftp://monitor.example', 'tokens travel by HTTPS only'],
    ['nonsense', 'is no address'],
  ])('sends a token to %s not at all', async (url, why) => {
    expect(await at(url, fileWith(tokenOf('watcher')), 'alerts', 'list')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(why),
    });
  });

  it('says what is missing', async () => {
    expect(await runCli('status', '--data', '/nowhere')).toMatchObject({ code: 2 });
    expect(await trao('status', '--node', 'fr')).toMatchObject({ code: 2, stderr: expect.stringContaining('vn, gb') });
    expect(await trao('status', '--monitor', 'https://monitor.example')).toMatchObject({ code: 2 });
  });
});

describe('the interface that it uses', () => {
  const call = (where: string, init: RequestInit = {}, sub = 'operator') =>
    fetch(monitorUrlOf(nodes, 'vn') + where, {
      ...init,
      headers: {
        authorization: `Bearer ${tokenOf(sub)}`,
        'content-type': 'application/json',
        ...(init.headers as object),
      },
    });
  const post = (where: string, body: string, headers: Record<string, string> = {}) =>
    call(where, { method: 'POST', body, headers });

  it.each([
    ['JSON that is cut off', '/v1/recoveries', '{', 400],
    ['a list', '/v1/recoveries', '[]', 400],
    ['a member of no meaning', '/v1/recoveries', '{"partner":"gb","who":1}', 400],
    ['a partner that is none', '/v1/recoveries', '{"partner":"fr","since":"2026-01-01"}', 400],
    ['a reason that is no text', '/v1/partners/gb/suspend', '{"reason":5}', 400],
    ['no reason', '/v1/partners/gb/suspend', '{}', 400],
    ['more than anybody types', '/v1/partners/gb/suspend', JSON.stringify({ reason: 'x'.repeat(20_000) }), 413],
    ['an id that is none', '/v1/messages/nonsense/resend', '{}', 400],
    ['a path that is none', '/v1/nowhere', '{}', 404],
  ])('answers %s with a problem', async (_what, where, body, status) => {
    const response = await post(where, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  it.each([
    '/v1/messages?state=nonsense',
    '/v1/messages?limit=0',
    '/v1/messages?after=x',
    '/v1/messages/nonsense',
    '/v1/alerts?level=loud',
    `/v1/recoveries/${'0'.repeat(8)}/messages`,
  ])('answers GET %s with 400', async (where) => expect((await call(where)).status).toBe(400));

  it('pages through messages', async () => {
    type Page = { messages: { id: string }[]; next: string | null };
    const first = (await (await call('/v1/messages?limit=1')).json()) as Page;
    const second = (await (await call(`/v1/messages?limit=1&after=${first.next}`)).json()) as Page;
    expect(second.messages[0]!.id).not.toBe(first.messages[0]!.id);
  });

  it('begins one thing for one key', async () => {
    await nodes.stopApp('gb', 'gateway');
    const id = await send();
    await waitFor('an attempt', async () => (await show(id)).tries.length > 0);
    const key = { 'idempotency-key': randomUUID() };
    const answers = [
      await post(`/v1/messages/${id}/resend`, '{}', key),
      await post(`/v1/messages/${id}/resend`, '{}', key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect((await post(`/v1/messages/${id}/resend`, '{}', { 'idempotency-key': 'x' })).status).toBe(400);
    const acts = await (
      await nodes.database('vn')
    ).query(`SELECT FROM operator_log WHERE act = 'message_resent' AND object = $1`, [id]);
    expect(acts).toHaveLength(1);
    await nodes.startApp('gb', 'gateway');
    await arrived(id);
  });

  it('lets an auditor read and do nothing', async () => {
    expect((await call('/v1/status', {}, 'auditor')).status).toBe(200);
    for (const where of [
      '/v1/recoveries',
      '/v1/partners/gb/test',
      '/v1/partners/gb/ping',
      `/v1/alerts/${randomUUID()}/acknowledge`,
    ])
      expect((await call(where, { method: 'POST', body: '{}' }, 'auditor')).status).toBe(403);
  });
});
