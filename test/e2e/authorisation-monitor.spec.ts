import { CATALOGUE } from '../../libs/errors';
import { OfficerSession } from '../harness/officer-session';
import { OperatorSession } from '../harness/operator-session';
import { monitorUrlOf } from '../harness/operator-window';
import { monitorRoutes, type Route } from '../harness/route-table';
import { MONITORED, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

/** The people of the demonstration's monitors, with their roles. Written down here, not taken from the code under test. */
const PEOPLE = {
  'monitor/operator': ['operator_read', 'operator_act'],
  'monitor/watcher': ['operator_read'],
  'monitor/keys': ['operator_read', 'key_officer'],
  'monitor/registration': ['operator_read', 'registration_officer'],
  'monitor/auditor': ['auditor'],
} as const;
type Sub = keyof typeof PEOPLE;
const SUBS = Object.keys(PEOPLE) as Sub[];

const ALL = ['operator_read', 'operator_act', 'key_officer', 'registration_officer', 'auditor'];
const ACTS = ['operator_act'];
const REGISTERS = ['operator_act', 'registration_officer'];
const CHANGES = ['operator_act', 'key_officer'];
const CONFIRMS = ['key_officer'];

/** Who may do what. A route that is added must be added here, or the test fails. */
const RULES: Readonly<Record<string, readonly string[] | 'anybody'>> = {
  'GET /': 'anybody',
  'GET /language': 'anybody',
  'GET /sign-in': 'anybody',
  'GET /sign-in/callback': 'anybody',
  'GET /sign-in/start': 'anybody',
  'GET /sign-out': 'anybody',
  'POST /session': ALL,
  'POST /sign-out': ALL,
  'GET /overview': ALL,
  'GET /messages': ALL,
  'GET /messages/export.csv': ALL,
  'GET /messages/:id': ALL,
  'GET /messages/:id/evidence.json': ALL,
  'POST /messages/:id/resend': ACTS,
  'POST /messages/views': ALL,
  'POST /messages/views/forget': ALL,
  'GET /recover': ALL,
  'POST /recover': ACTS,
  'GET /recover/:id': ALL,
  'POST /recover/:id/stop': ACTS,
  'GET /queues': ALL,
  'GET /queues/dead': ALL,
  'POST /queues/:queue/hold': ACTS,
  'POST /queues/:queue/release': ACTS,
  'GET /partners': ALL,
  'GET /partners/:id': ALL,
  'POST /partners/:id/ping': REGISTERS,
  'POST /partners/:id/resume': REGISTERS,
  'POST /partners/:id/suspend': REGISTERS,
  'POST /partners/:id/test': REGISTERS,
  'GET /keys': ALL,
  'GET /alerts': ALL,
  'GET /alerts/:id': ALL,
  'POST /alerts/:id/acknowledge': ACTS,
  'POST /alerts/:id/resolve': ACTS,
  'POST /alerts/:id/silence': ACTS,
  'POST /alerts/test/:channel': ACTS,
  'GET /runbooks': ALL,
  'GET /runbooks/:kind': ALL,
  'GET /errors': ALL,
  'GET /errors.csv': ALL,
  'GET /audit': ALL,
  'GET /audit.json': ALL,
  'POST /audit/verify': ALL,
  'GET /settings': ALL,
  'GET /settings/change/:name': CHANGES,
  'POST /settings/change/:name': CHANGES,
  'POST /settings/changes/:id/confirm': CONFIRMS,
  'POST /settings/changes/:id/withdraw': CHANGES,
  'GET /settings/diagnostics': ALL,
  'GET /settings/diagnostics.json': ALL,
  'GET /settings/users': ALL,
  'GET /v1/status': ALL,
  'GET /v1/messages': ALL,
  'GET /v1/messages/:id': ALL,
  'POST /v1/messages/:id/resend': ACTS,
  'POST /v1/recoveries': ACTS,
  'GET /v1/recoveries/:id': ALL,
  'GET /v1/recoveries/:id/messages': ALL,
  'POST /v1/recoveries/:id/stop': ACTS,
  'GET /v1/alerts': ALL,
  'POST /v1/alerts/:id/acknowledge': ACTS,
  'GET /v1/partners': ALL,
  'GET /v1/partners/:id/manifests': ALL,
  'GET /v1/partners/:id/manifests/:round': ALL,
  'POST /v1/partners/:id/manifests': REGISTERS,
  'GET /v1/partners/:id/pings': ALL,
  'GET /v1/partners/:id/tests/:test': ALL,
  'POST /v1/partners/:id/test': REGISTERS,
  'POST /v1/partners/:id/ping': REGISTERS,
  'POST /v1/partners/:id/suspend': REGISTERS,
  'POST /v1/partners/:id/resume': REGISTERS,
  'GET /v1/diagnostics': ALL,
};

const ROUTES = monitorRoutes();
const NOWHERE = '01900000-0000-7000-8000-000000000000';
/** Parts of paths that lead nowhere, so that nobody changes what others look at. A setting of security is proposed by key officers too. */
const PARTS: Readonly<Record<string, string>> = { kind: 'no_workers', name: 'alert_webhooks' };
const filled = ({ path }: Route) => path.replaceAll(/:(\w+)/g, (_, part: string) => PARTS[part] ?? NOWHERE);
const guarded = (kind: Route['kind']) =>
  ROUTES.filter((route) => route.kind === kind && RULES[route.name] !== 'anybody');
const may = (sub: Sub, { name }: Route) => PEOPLE[sub].some((role) => RULES[name]!.includes(role));

describe('every route of the monitor × every operator, an officer, and nobody', () => {
  let nodes: TwoNodes;
  let sessions: ReadonlyMap<Sub, OperatorSession>;
  let officer: OfficerSession;
  beforeAll(async () => {
    nodes = await startTwoNodes('postgres', MONITORED);
    sessions = new Map(
      await Promise.all(SUBS.map(async (sub) => [sub, await OperatorSession.of(nodes, 'vn', sub)] as const)),
    );
    officer = await OfficerSession.of(nodes, 'vn.mps-criminal');
  });
  afterAll(() => nodes?.stop());

  const base = () => monitorUrlOf(nodes, 'vn');

  it('is asked in full: a route that is added must be added to the table', () => {
    expect(Object.keys(RULES).toSorted()).toEqual(ROUTES.map(({ name }) => name).toSorted());
  });

  it.each(guarded('page').filter(({ name }) => name !== 'POST /sign-out'))('page $name', async (route) => {
    const faults: string[] = [];
    const path = filled(route);
    for (const [sub, session] of sessions) {
      const { status, location } = route.method === 'GET' ? await session.get(path) : await session.post(path);
      const toSignIn = location?.startsWith(`${base()}/sign-in`) === true;
      const inside = may(sub, route);
      if (inside ? status === 403 || status >= 500 || toSignIn : status !== 403) faults.push(`${sub}: ${status}`);
      if (route.method === 'POST' && inside) {
        const forged = await session.post(path, { _csrf: '' });
        if (forged.status !== CATALOGUE.form_expired.http)
          faults.push(`${sub} without the form's token: ${forged.status}`);
      }
    }
    const strangers: readonly [string, Record<string, string>][] = [
      ['nobody', {}],
      ['a token of an operator', bearerOf(nodes, 'monitor/operator')],
      ['an officer', { cookie: cookieOf(officer) }],
    ];
    for (const [who, headers] of strangers) {
      const { status } = await fetch(base() + path, {
        method: route.method,
        redirect: 'manual',
        headers: { accept: 'text/html', ...headers },
      });
      if (status !== 303) faults.push(`${who}: ${status}`);
    }
    expect(faults).toEqual([]);
  });

  it.each(guarded('rest'))('REST $name', async (route) => {
    const faults: string[] = [];
    const call = async (headers: Record<string, string>) => {
      const body = route.method === 'GET' ? {} : { body: '{}' };
      const all = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers };
      return (await fetch(base() + filled(route), { method: route.method, headers: all, ...body })).status;
    };
    for (const sub of SUBS) {
      const status = await call(bearerOf(nodes, sub));
      const inside = may(sub, route);
      if (inside ? status === 401 || status === 403 || status >= 500 : status !== 403) faults.push(`${sub}: ${status}`);
    }
    const { tokens } = nodes.access.nodes.find(({ id }) => id === 'vn')!;
    const abroad = nodes.access.nodes.find(({ id }) => id === 'gb')!.operatorTokens!['monitor/operator']!;
    const strangers: readonly [string, Record<string, string>][] = [
      ['nobody', {}],
      ['an officer', { authorization: `Bearer ${tokens['vn.mps-criminal']}` }],
      ['an operator of the office', { authorization: `Bearer ${tokens['operator']}` }],
      ['an operator abroad', { authorization: `Bearer ${abroad}` }],
      ['a session', { cookie: cookieOf(sessions.get('monitor/operator')!, 'trao_monitor') }],
    ];
    for (const [who, headers] of strangers) {
      const status = await call(headers);
      if (status !== 401) faults.push(`${who}: ${status}`);
    }
    expect(faults).toEqual([]);
  });

  it('POST /sign-out ends the session', async () => {
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    expect((await session.get('/overview')).status).toBe(200);
    await session.post('/sign-out');
    expect((await session.get('/overview')).status).toBe(303);
  });
});

const bearerOf = (nodes: TwoNodes, sub: Sub) => ({
  authorization: `Bearer ${nodes.access.nodes.find(({ id }) => id === 'vn')!.operatorTokens![sub]}`,
});

function cookieOf({ url, browser }: OfficerSession | OperatorSession, prefix = 'trao'): string {
  const name = `${prefix}_${new URL(url).port}`;
  return `${name}=${browser.cookie(name)}`;
}
