import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { liveRecord, type Example } from '../../apps/cli/local/journeys/live-document';
import { processesOf, runCli, startCli, type CliRun } from '../harness/cli';
import { example } from '../harness/examples';
import { ROOT } from '../harness/paths';
import { nextPortBase } from '../harness/free-ports';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { expectTold } from '../harness/told-stories';
import { waitFor } from '../harness/wait-for';

const SCHEMAS = path.join(ROOT, 'schemas');
const EXAMPLE = (name: string) => path.join(SCHEMAS, 'referral', 'v1', 'examples', name);
const NAME = 'referral-protect-adult';

describe('the demonstration, as a person starts it', () => {
  const folders: string[] = [];
  const runs: CliRun[] = [];
  afterEach(async () => {
    for (const { child } of runs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await Promise.all(runs.splice(0).map(({ ended }) => ended));
    for (const folder of folders.splice(0)) removeTempFolder(folder);
  });

  function newFolder(): string {
    const folder = makeTempFolder('demo');
    folders.push(folder);
    return folder;
  }
  function demo(folder: string, portBase: number, ...more: string[]): CliRun {
    const run = startCli(['demo', '--data', folder, '--port-base', String(portBase), ...more]);
    runs.push(run);
    return run;
  }
  const untilNoProcess = (folder: string) =>
    waitFor(`no process of ${folder}`, () => {
      const left = processesOf(folder);
      if (left.length > 0) throw new Error(left.join('\n'));
      return true;
    });

  it('--once --json: one document on stdout, exit 0, and nothing stays behind', async () => {
    const folder = newFolder();
    const { code, stdout, stderr } = await demo(folder, nextPortBase(), '--once', '--json').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Ready after') });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expectTold(JSON.parse(stdout));
    expect(processesOf(folder)).toEqual([]);

    // Everything is still there at the second start.
    const again = await demo(folder, nextPortBase(), '--once', '--json').ended;
    expect(again.code).toBe(0);
    expectTold(JSON.parse(again.stdout));
    expect(processesOf(folder)).toEqual([]);
  });

  it('a taken port: exit 2, the port and its purpose are named, nothing stays behind', async () => {
    const folder = newFolder();
    const portBase = nextPortBase();
    const blocker = await listenOn(portBase + 12);
    try {
      const { code, stdout, stderr } = await demo(folder, portBase, '--once', '--json').ended;
      expect(code).toBe(2);
      expect(stderr).toContain(`127.0.0.1:${portBase + 12} for the office of United Kingdom (in use)`);
      expect(stderr).not.toMatch(/\n {4}at /);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'port_taken' } });
      expect(processesOf(folder)).toEqual([]);
    } finally {
      blocker.close();
    }
  });

  it('two side by side; commands against one of them; Ctrl-C ends each', async () => {
    const [one, two] = [newFolder(), newFolder()];
    const [first, second] = [demo(one, nextPortBase()), demo(two, nextPortBase())];
    await Promise.all([first.says(/It stays up until Ctrl-C/), second.says(/It stays up until Ctrl-C/)]);

    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await runCli(...args, '--data', one, '--json');
      return { code, body: JSON.parse(stdout) as Record<string, unknown>, stderr };
    };
    // Referral and consent as of today: a consent must be in force.
    const [referral, consent] = [path.join(one, 'referral.json'), path.join(one, 'consent.json')];
    writeFileSync(referral, JSON.stringify(example(NAME)));
    writeFileSync(consent, JSON.stringify(consentOfToday()));
    const sent = await json('send', referral, '--as', 'vn.mps-criminal', '--consent', consent);
    expect(sent).toMatchObject({ code: 0, body: { ok: true, messageId: expect.any(String) } });
    const id = String(sent.body['messageId']);
    await waitFor(
      'the message to be delivered',
      async () => (await json('message', 'show', id)).body['state'] === 'delivered',
    );

    const list = await json('message', 'list', '--state', 'delivered');
    expect(list.body['deliveries']).toContainEqual(
      expect.objectContaining({ id, senderNode: 'vn', recipientNode: 'gb' }),
    );
    const inbox = await json('inbox', '--as', 'gb.ho-sca');
    expect(inbox.code).toBe(0);
    expect(inbox.body['referrals']).toContainEqual(expect.objectContaining({ openedBy: id, state: 'delivered' }));
    const clear = await json('inbox', '--as', 'gb.ho-sca', '--message', id);
    expect(clear.body).toMatchObject({ header: { messageId: id }, person: { name: { full: 'Nguyễn Thị Ví Dụ' } } });

    const { referralId } = clear.body['header'] as { referralId: string };
    const entry = { messageId: id, type: 'referral', by: 'sender', state: 'sent', effect: 'moved' };
    for (const unit of ['vn.mps-criminal', 'gb.ho-sca']) {
      expect(await json('case', 'timeline', referralId, '--as', unit)).toMatchObject({
        code: 0,
        body: { referralId, state: 'delivered', timeline: [entry] },
      });
    }

    const doctor = await json('doctor');
    const unwell = (doctor.body['checks'] as { name: string; result: string }[]).filter(
      ({ result, name }) => result !== 'ok' && name !== 'disk',
    );
    expect(unwell).toEqual([]);
    expect([0, 1]).toContain(doctor.code);

    // Refusals: exit 1, and stdout says why.
    const refused = await json('send', EXAMPLE('invalid/field-unknown-nested.json'), '--as', 'vn.mps-criminal');
    expect(refused).toMatchObject({
      code: 1,
      body: { ok: false, error: { code: 'schema_invalid', faults: [{ pointer: '/person/name/nickname' }] } },
    });
    expect(refused.stderr).toContain('/person/name/nickname');
    const without = await json('send', referral, '--as', 'vn.mps-criminal');
    expect(without).toMatchObject({
      code: 1,
      body: {
        ok: false,
        error: { code: 'protection_refused', faults: [{ pointer: '/consent', code: 'consent_record_missing' }] },
      },
    });
    expect(await json('send', referral, '--as', 'vn.mps-criminal', '--to', 'gb.nca')).toMatchObject({
      code: 1,
      body: { error: { code: 'wrong_recipient' } },
    });
    expect(await json('send', path.join(one, 'nothing.json'), '--as', 'vn.mps-criminal')).toMatchObject({
      code: 1,
      body: { error: { code: 'bad_request' } },
    });
    expect(await json('inbox', '--as', 'vn.nobody')).toMatchObject({
      code: 1,
      body: { error: { code: 'unknown_unit' } },
    });
    expect(await json('message', 'show', '00000000-0000-7000-8000-000000000000')).toMatchObject({
      code: 1,
      body: { error: { code: 'not_found' } },
    });

    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 0, signal: null });
    await untilNoProcess(one);
    // The other one is not touched by that.
    expect((await runCli('message', 'list', '--data', two)).code).toBe(0);
    expect((await runCli('message', 'list', '--data', one)).code).toBe(2);
    expect((await runCli('doctor', '--data', one)).code).toBe(2);

    // kill -9 of what the person started: everything goes all the same.
    second.child.kill('SIGKILL');
    await untilNoProcess(two);
  });

  it('files are checked and codes are listed without asking a node', async () => {
    const [good, bad] = [EXAMPLE(`valid/${NAME}.json`), EXAMPLE('invalid/field-unknown-nested.json')];
    const checked = await runCli('message', 'check', good, bad, '--json');
    expect(checked.code).toBe(1);
    expect(JSON.parse(checked.stdout)).toEqual([
      { file: good, valid: true, errors: [] },
      {
        file: bad,
        valid: false,
        errors: [expect.objectContaining({ path: '/person/name/nickname', code: 'unknown_field' })],
      },
    ]);
    expect((await runCli('message', 'check', good)).code).toBe(0);

    const listed = await runCli('codes', 'list', '--json');
    expect(listed.code).toBe(0);
    const { lists } = JSON.parse(listed.stdout) as { lists: { list: string; codes: number }[] };
    expect(lists.map(({ list }) => list)).toContain('exploitationType');
    expect(lists.filter(({ codes }) => !(codes > 0))).toEqual([]);
  });

  it('Ctrl-C while it starts ends it as well', async () => {
    const folder = newFolder();
    const run = demo(folder, nextPortBase());
    await run.says(/creating the PostgreSQL cluster/);
    run.child.kill('SIGINT');
    const { code } = await run.ended;
    expect(code).not.toBe(0);
    await untilNoProcess(folder);
  });

  it('commands without a demonstration say so', async () => {
    const folder = newFolder();
    const list = await runCli('message', 'list', '--data', folder);
    expect(list).toMatchObject({ code: 2, stderr: expect.stringContaining('npm run demo') });
    expect(await runCli('doctor', '--data', folder)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('npm run demo'),
    });
    expect((await runCli('dance')).code).toBe(1);
  });
});

/** The consent that goes with the referral, moved to today by as much. */
function consentOfToday(): unknown {
  const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const consent = path.join(SCHEMAS, 'consent', 'v1', 'examples', 'valid', `consent-${NAME}.json`);
  return liveRecord(read(consent), read(EXAMPLE(`valid/${NAME}.json`)) as Example, new Date());
}

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
