import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { callOffice, type RestCall } from '../harness/office-rest';
import { NODES, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const REFERRAL = example('referral-protect-adult');
const { senderUnit: SENDER, recipientUnit: RECIPIENT } = REFERRAL.header;

const EVERYBODY = [
  'own unit',
  'data protection of it',
  'systems of it',
  'other unit',
  'unit of the partner',
  'operator',
  'operator of the partner',
  'nobody',
  'wrong token',
] as const;
type Who = (typeof EVERYBODY)[number];

interface Ids {
  readonly message: string;
  readonly referral: string;
  readonly draft: string;
}

interface Route {
  readonly name: string;
  readonly call: (ids: Ids) => { readonly path: string } & RestCall;
  /** Who gets in, and with which status. */
  readonly allowed: Partial<Record<Who, number>>;
}

/** Everybody of the unit who reads content. */
const officers = (status: number) => ({ 'own unit': status, 'data protection of it': status });
const empty = {
  headers: { 'content-type': 'application/json', 'idempotency-key': 'access-matrix-1' },
  body: '{}',
} as const;
const UNIT = `/v1/units/${SENDER}`;
const NOWHERE = '00000000-0000-7000-8000-000000000000';

/** Routes of the office with who gets in and how. That no route is forgotten, authorisation.spec.ts sees. */
const ROUTES: readonly Route[] = [
  {
    name: 'POST /v1/units/:unit/messages',
    call: () => ({ path: `${UNIT}/messages`, method: 'POST', ...empty }),
    allowed: { ...officers(422), 'systems of it': 422 },
  },
  { name: 'GET /v1/units/:unit/inbox', call: () => ({ path: `${UNIT}/inbox` }), allowed: officers(200) },
  {
    name: 'GET /v1/units/:unit/messages/:id',
    call: ({ message }) => ({ path: `${UNIT}/messages/${message}` }),
    allowed: officers(200),
  },
  {
    name: 'POST /v1/units/:unit/drafts',
    call: () => ({ path: `${UNIT}/drafts`, method: 'POST', ...empty }),
    allowed: officers(400),
  },
  { name: 'GET /v1/units/:unit/drafts', call: () => ({ path: `${UNIT}/drafts` }), allowed: officers(200) },
  {
    name: 'GET /v1/units/:unit/drafts/:id',
    call: ({ draft }) => ({ path: `${UNIT}/drafts/${draft}` }),
    allowed: officers(200),
  },
  ...(
    [
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/approvals'],
      ['POST', '/decisions'],
      ['PUT', '/hold'],
      ['DELETE', '/hold'],
    ] as const
  ).map(([method, path]): Route => ({
    name: `${method} /v1/units/:unit/drafts/:id${path}`,
    call: ({ draft }) => ({ path: `${UNIT}/drafts/${draft}${path}`, method, ...empty }),
    allowed: officers(400),
  })),
  {
    name: 'POST /v1/units/:unit/drafts/:id/send',
    call: () => ({ path: `${UNIT}/drafts/${NOWHERE}/send`, method: 'POST', ...empty }),
    allowed: officers(404),
  },
  {
    name: 'POST /v1/units/:unit/cases/search',
    call: () => ({ path: `${UNIT}/cases/search`, method: 'POST', ...empty, body: JSON.stringify({ words: NOWHERE }) }),
    allowed: officers(200),
  },
  {
    name: 'GET /v1/units/:unit/cases/:id',
    call: ({ referral }) => ({ path: `${UNIT}/cases/${referral}` }),
    allowed: officers(200),
  },
  {
    name: 'PUT /v1/units/:unit/cases/:id/hold',
    call: () => ({ path: `${UNIT}/cases/${NOWHERE}/hold`, method: 'PUT' }),
    allowed: officers(404),
  },
  {
    name: 'DELETE /v1/units/:unit/cases/:id/hold',
    call: () => ({ path: `${UNIT}/cases/${NOWHERE}/hold`, method: 'DELETE' }),
    allowed: { 'data protection of it': 404 },
  },
  {
    name: 'POST /v1/units/:unit/cases/:id/override-review',
    call: () => ({ path: `${UNIT}/cases/${NOWHERE}/override-review`, method: 'POST' }),
    allowed: { 'data protection of it': 404 },
  },
  {
    name: 'POST /v1/units/:unit/cases/:id/forward',
    call: ({ referral }) => ({ path: `${UNIT}/cases/${referral}/forward`, method: 'POST', ...empty }),
    allowed: officers(400),
  },
  {
    name: 'GET /v1/units/:unit/cases/:id/export',
    call: ({ referral }) => ({ path: `${UNIT}/cases/${referral}/export?use=case_file` }),
    allowed: officers(200),
  },
  { name: 'GET /v1/deliveries', call: () => ({ path: '/v1/deliveries' }), allowed: { operator: 200 } },
  {
    name: 'GET /v1/deliveries/:id',
    call: ({ message }) => ({ path: `/v1/deliveries/${message}` }),
    allowed: { operator: 200 },
  },
  { name: 'GET /v1/directory', call: () => ({ path: '/v1/directory' }), allowed: { operator: 200 } },
  { name: 'GET /v1/directory/partners', call: () => ({ path: '/v1/directory/partners' }), allowed: { operator: 200 } },
  ...['/v1/codes', '/v1/codes/purpose'].map((path): Route => ({
    name: `GET ${path}`,
    call: () => ({ path }),
    allowed: { ...officers(200), 'systems of it': 200, 'other unit': 200, operator: 200 },
  })),
];
/** Whose token this node knows. */
const KNOWN: readonly Who[] = ['own unit', 'data protection of it', 'systems of it', 'other unit', 'operator'];
const OPEN = ['/health/live', '/health/ready'];

const CELLS = ROUTES.flatMap((route) => EVERYBODY.map((who) => ({ route, who, name: route.name })));

describe('who may call which route of an office', () => {
  let nodes: TwoNodes;
  let message: string;
  let ids: Ids;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    message = (await nodes.office.send(SENDER, REFERRAL)).messageId;
    await untilFinal(nodes, message);
    const [line] = await nodes.office.inbox(SENDER, 1);
    const body = JSON.stringify({ document: REFERRAL });
    const draft = await callOffice(nodes, 'vn', `${UNIT}/drafts`, { ...empty, body, method: 'POST', as: SENDER });
    ids = { message, referral: line!.referralId, draft: String(draft.body['id']) };
  });
  afterAll(() => nodes?.stop());

  /** The token of somebody; undefined for nobody. */
  function tokenOf(who: Who): string | undefined {
    const tokens = (node: string) => nodes.access.nodes.find(({ id }) => id === node)!.tokens;
    const of: Record<Who, string | undefined> = {
      'own unit': tokens('vn')[SENDER],
      'data protection of it': tokens('vn')[`${SENDER}/dpo`],
      'systems of it': tokens('vn')[`${SENDER}/systems`],
      'other unit': tokens('vn')['vn.mnd-border'],
      'unit of the partner': tokens('gb')[RECIPIENT],
      operator: tokens('vn')['operator'],
      'operator of the partner': tokens('gb')['operator'],
      nobody: undefined,
      'wrong token': 'x'.repeat(32),
    };
    return of[who];
  }

  /** A token of another node is unknown here, so it is no sign-in at all. */
  const refusal = (who: Who) => (KNOWN.includes(who) ? '403 forbidden' : '401 unauthenticated');

  it.each(CELLS)('$name by $who', async ({ route, who }) => {
    const { path, ...call } = route.call(ids);
    const as = tokenOf(who);
    const { status, body } = await callOffice(nodes, 'vn', path, { ...call, ...(as !== undefined && { as }) });
    const allowed = route.allowed[who];
    const seen = allowed === undefined ? `${status} ${body.code}` : String(status);
    expect(seen).toBe(allowed === undefined ? refusal(who) : String(allowed));
  });

  it.each(OPEN)('%s by anybody, without a fact about a person', async (path) => {
    const { status, text } = await callOffice(nodes, 'vn', path);
    expect(status).toBe(200);
    expect(text).not.toContain(message);
  });

  it('shows a unit nothing of another unit, however it asks', async () => {
    const as = tokenOf('other unit')!;
    const { status } = await callOffice(nodes, 'vn', `/v1/units/vn.mnd-border/messages/${message}`, { as });
    expect(status).toBe(404);
    const { body } = await callOffice(nodes, 'vn', '/v1/units/vn.mnd-border/inbox', { as });
    expect(body).toEqual({ referrals: [] });
    for (const path of [
      `/v1/units/vn.mnd-border%2F..%2F${SENDER}/inbox`,
      `/v1/units/${SENDER}%00/inbox`,
      `/v1//units/${SENDER}/inbox`,
    ]) {
      const answer = await callOffice(nodes, 'vn', path, { as });
      expect([401, 403, 404]).toContain(answer.status);
    }
  });

  it('lets an operator read no content', async () => {
    const as = tokenOf('operator')!;
    for (const path of ['/v1/deliveries', `/v1/deliveries/${message}`]) {
      const { text } = await callOffice(nodes, 'vn', path, { as });
      for (const secret of ['Nguyễn', SENDER, RECIPIENT, 'PROTECT', 'referral']) expect(text).not.toContain(secret);
    }
  });

  it('takes the token from the header only, in its one form', async () => {
    const token = tokenOf('own unit')!;
    const path = `/v1/units/${SENDER}/inbox`;
    for (const headers of [
      { cookie: `token=${token}` },
      { authorization: `Basic ${token}` },
      { authorization: token },
      { authorization: `bearer  ${token}` },
    ]) {
      expect((await callOffice(nodes, 'vn', path, { headers })).status).toBe(401);
    }
    expect((await callOffice(nodes, 'vn', `${path}?access_token=${token}`)).status).toBe(401);
  });

  it.each([
    ['GET', '/v1'],
    ['GET', '/v1/units'],
    ['GET', '/v1/alarms'],
    ['GET', '/metrics'],
    ['GET', '/../../etc/passwd'],
    ['POST', '/v1/deliveries'],
  ] as const)('has nothing at %s %s', async (method, path) => {
    const { status } = await callOffice(nodes, 'vn', path, { method, as: tokenOf('operator')! });
    expect([403, 404]).toContain(status);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'before=yesterday', 'unknown=1', 'state=asleep'])(
    'refuses the query %s',
    async (query) => {
      const { status, body } = await callOffice(nodes, 'vn', `/v1/deliveries?${query}`, { as: tokenOf('operator')! });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad_request' });
    },
  );

  it('answers data with no-store and without the framework’s name', async () => {
    for (const { call, allowed } of ROUTES) {
      const who = Object.keys(allowed)[0] as Who;
      const { path, ...rest } = call(ids);
      const { headers, status } = await callOffice(nodes, 'vn', path, { ...rest, as: tokenOf(who)! });
      expect(headers.get('x-powered-by')).toBeNull();
      expect({ path, cache: headers.get('cache-control') }).toEqual({
        path,
        cache: status === 200 ? 'no-store' : null,
      });
    }
  });

  it('finds both nodes in its own list', () => expect(nodes.access.nodes.map(({ id }) => id)).toEqual(NODES));
});
