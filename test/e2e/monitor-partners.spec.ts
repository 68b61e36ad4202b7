import type { Browser } from 'playwright-core';
import { keyFingerprint, readDirectory } from '../../libs/trust';
import { startChromium } from '../harness/browser';
import { example } from '../harness/examples';
import { OfficerWindow } from '../harness/officer-window';
import { OperatorSession } from '../harness/operator-session';
import { OperatorWindow } from '../harness/operator-window';
import { MONITORED, startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const TO_GB = example('referral-protect-adult');
const PATIENCE = { timeoutMs: 60_000 };

describe('partners, queues and keys at the monitor', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  const open: OperatorWindow[] = [];
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes('postgres', MONITORED), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });
  afterEach(async () => {
    const faults = open.flatMap(({ audit }) => audit.faults);
    for (const window of open.splice(0)) await window.close();
    // A fault of the last test is told by throwing: an expectation has no place outside a test.
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  /** A window of an operator of Viet Nam who has signed in. */
  async function operator(post: string, back: string, language: 'vi' | 'en' = 'en', javaScript = true) {
    const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language, javaScript });
    open.push(window);
    await window.signIn(`monitor/${post}`, back);
    return window;
  }
  const stateOf = async (node: NodeId, id: string) => {
    const database = await nodes.database(node);
    const [row] = await database.query<{ state: string }>('SELECT state FROM outbox WHERE id = $1', [id]);
    return row?.state;
  };
  const arrived = (node: NodeId, id: string) =>
    waitFor(`${id} to be delivered`, async () => (await stateOf(node, id)) === 'delivered', PATIENCE);
  const send = async () => (await nodes.office.send(TO_GB.header.senderUnit, TO_GB)).messageId;
  /** Fills the one reason of a form and presses its button. */
  async function giveReason(window: OperatorWindow, form: string, reason: string): Promise<void> {
    await window.page.locator(`form[action="${form}"] input[name=reason]`).fill(reason);
    await window.pressAt(`form[action="${form}"] button`);
  }
  /** Loads a page again until it shows what is looked for. */
  const shows = (window: OperatorWindow, where: string, selector: string) =>
    waitFor(
      `${selector} at ${where}`,
      async () => {
        await window.visit(where);
        return (await window.page.locator(selector).count()) > 0;
      },
      { ...PATIENCE, everyMs: 500 },
    );

  it.each(['vi', 'en'] as const)('shows every page in %s, also to somebody who only looks', async (language) => {
    const window = await operator('watcher', '/queues', language);
    for (const where of ['/queues', '/queues/dead', '/partners', '/partners/gb', '/keys', '/keys?node=gb']) {
      expect(await window.visit(where)).toBe(200);
      // Looking is all: nothing on the page acts but the way out and the language.
      expect(await window.page.locator('main form').count()).toBe(0);
    }
    expect(await window.visit('/partners/zz')).toBe(404);
    expect(await window.visit('/keys?node=zz')).toBe(404);
  });

  it('suspends a partner: nothing is sent, everything is received and answered, and what waits goes when it is resumed', async () => {
    const window = await operator('registration', '/partners/gb');
    await giveReason(window, '/partners/gb/suspend', '   ');
    expect(await window.errors()).toContain(window.t('queues:reason.required'));
    await giveReason(window, '/partners/gb/suspend', 'Its key may have been stolen');
    expect(await window.text()).toContain('Its key may have been stolen');
    expect(await window.text()).toContain(window.t('partners:notice.suspended'));

    const held = await send();
    const referral = example('referral-verify-adult');
    const incoming = (await nodes.office.send(referral.header.senderUnit, referral)).messageId;
    await arrived('gb', incoming);
    expect(await stateOf('vn', held)).toBe('queued');
    const vn = await nodes.database('vn');
    expect(await vn.query('SELECT FROM attempt WHERE message_id = $1', [held])).toEqual([]);

    const officer = await OfficerWindow.open(browser, nodes, { node: 'vn', language: 'vi' });
    await officer.signIn(TO_GB.header.senderUnit);
    expect(await officer.text()).toContain(officer.t('office:work.suspended', { unit: officer.t('office:node.gb') }));
    expect(officer.audit.faults).toEqual([]);
    await officer.close();

    await giveReason(window, '/partners/gb/resume', 'A new key is in the directory');
    await arrived('vn', held);
    const acts = await vn.query<{ act: string; operator: string }>(
      `SELECT act, operator FROM operator_log WHERE object = 'gb' ORDER BY seq`,
    );
    expect(acts).toEqual([
      { act: 'partner_suspended', operator: 'monitor/registration' },
      { act: 'partner_resumed', operator: 'monitor/registration' },
    ]);
  });

  it('answers clearly when somebody else was quicker', async () => {
    const [one, two] = [
      await operator('operator', '/partners/gb', 'vi'),
      await operator('registration', '/partners/gb'),
    ];
    await giveReason(one, '/partners/gb/suspend', 'kiểm tra');
    await giveReason(two, '/partners/gb/suspend', 'the same thing');
    expect(await two.text()).toContain('It is suspended already.');
    await one.visit('/partners/gb');
    await giveReason(one, '/partners/gb/resume', 'xong');
    expect(await one.text()).toContain(one.t('partners:notice.resumed'));
  });

  it('tests a connection step by step, without JavaScript, and says where it fails and what to do', async () => {
    const window = await operator('registration', '/partners/gb', 'en', false);
    await window.pressAt('form[action="/partners/gb/test"] button');
    await shows(window, '/partners/gb', '[data-test-state=passed]');
    await nodes.stopApp('gb', 'gateway');
    await window.pressAt('form[action="/partners/gb/test"] button');
    await shows(window, '/partners/gb', '[data-test-state=failed]');
    const text = await window.text();
    expect(text).toContain('The partner does not answer.');
    expect(text).toContain(window.t('partners:test.fix.tcp'));
    expect(text).toContain(window.t('partners:test.result.none'));
    await nodes.startApp('gb', 'gateway');
  });

  it('pings through the whole path and shows the ping to no officer', async () => {
    const window = await operator('operator', '/partners/gb', 'vi');
    await window.pressAt('form[action="/partners/gb/ping"] button');
    await shows(window, '/partners/gb', '[data-ping=ok]');
    const vn = await nodes.database('vn');
    const gb = await nodes.database('gb');
    const [ping] = await vn.query<{ id: string }>(
      `SELECT message_id AS id FROM partner_ping WHERE outcome = 'ok' AND NOT scheduled`,
    );
    expect(await stateOf('vn', ping!.id)).toBe('delivered');
    for (const node of [vn, gb]) {
      expect(await node.query('SELECT FROM case_event WHERE message_id = $1', [ping!.id])).toEqual([]);
    }
    // Both sides have seen the other's certificate by now.
    await window.visit('/partners/gb');
    expect(await window.text()).toContain(window.t('partners:certificate.out'));
    expect(await window.text()).toContain(window.t('partners:certificate.in'));
  });

  it('holds a queue and lets it go on; only who may act can', async () => {
    const window = await operator('operator', '/queues');
    await giveReason(window, '/queues/partner/hold', 'maintenance of the line');
    const held = await send();
    const vn = await nodes.database('vn');
    await window.visit('/queues');
    expect(await window.text()).toContain('maintenance of the line');
    expect(await stateOf('vn', held)).toBe('queued');

    const watcher = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const registrar = await OperatorSession.of(nodes, 'vn', 'monitor/registration');
    for (const session of [watcher, registrar])
      expect((await session.post('/queues/partner/release', { reason: 'because' })).status).toBe(403);
    expect((await watcher.post('/partners/gb/suspend', { reason: 'because' })).status).toBe(403);
    expect((await watcher.post('/partners/gb/test', {})).status).toBe(403);
    expect((await watcher.post('/partners/gb/ping', {})).status).toBe(403);
    expect(await vn.query('SELECT queue FROM queue_hold')).toEqual([{ queue: 'partner' }]);

    await giveReason(window, '/queues/partner/release', 'done');
    await arrived('vn', held);
  });

  it('groups dead letters by code and partner, each group with the way to its messages', async () => {
    const vn = await nodes.database('vn');
    const dead = await send();
    await arrived('vn', dead);
    // What no fault of the demonstration brings about: a message that this node has given up.
    await vn.query(`UPDATE outbox SET state = 'undeliverable', code = 'too_large' WHERE id = $1`, [dead]);
    const window = await operator('operator', '/queues/dead');
    const links = await window.page.locator('main td a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links[0]).toBe('/messages?direction=sent&partner=gb&state=undeliverable&code=too_large');
    expect(links[1]).toMatch(/^\/recover\?partner=gb&states=failed&since=\d{4}-.*Z&until=.*Z$/);
    expect(await window.text()).toContain('The document is larger than allowed.');
    await window.visit(String(links[0]));
    expect(await window.text()).toContain(dead.slice(0, 8));
    expect(await window.visit(String(links[1]))).toBe(200);
    const watcher = await operator('watcher', '/queues/dead', 'vi');
    expect(await watcher.page.locator('main td a').count()).toBe(1);
    await vn.query(`UPDATE outbox SET state = 'delivered', code = NULL WHERE id = $1`, [dead]);
  });

  it('shows red when no worker lives', async () => {
    await nodes.stopApp('vn', 'worker');
    const window = await operator('watcher', '/queues', 'vi');
    expect(await window.page.locator('.govuk-warning-text').innerText()).toContain(window.t('queues:noWorkers'));
    await nodes.startApp('vn', 'worker');
    await waitFor(
      'the worker to be seen',
      async () => {
        await window.visit('/queues');
        return (await window.page.locator('.govuk-warning-text').count()) === 0;
      },
      { ...PATIENCE, everyMs: 500 },
    );
  });

  it('shows keys with fingerprints that others can compare, and who holds them', async () => {
    const window = await operator('keys', '/keys');
    const own = await window.text();
    const vn = await nodes.database('vn');
    const [{ signed }] = (await vn.query<{ signed: Buffer }>(
      'SELECT signed FROM directory_document ORDER BY version DESC LIMIT 1',
    )) as [{ signed: Buffer }];
    const { directory } = await readDirectory(signed);
    const unit = directory.nodes.find(({ id }) => id === 'vn')!.units[0]!;
    expect(own).toContain(await keyFingerprint(unit.signingKeys[0]!.jwk));
    expect(own).toMatch(/office @ /);
    expect(own).toMatch(/gateway @ /);
    await window.visit('/keys?node=gb');
    const partner = directory.nodes.find(({ id }) => id === 'gb')!;
    expect(await window.text()).toContain(await keyFingerprint(partner.receiptKeys[0]!.jwk));
  });

  it('shows no pages to somebody who has not signed in', async () => {
    for (const where of ['/queues', '/queues/dead', '/partners', '/partners/gb', '/keys']) {
      const { status, location } = await new OperatorSession(nodes, 'vn').get(where);
      expect(status).toBe(303);
      expect(location).toContain(`/sign-in?back=${encodeURIComponent(where)}`);
    }
  });
});
