import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { officeUrlOf } from '../harness/officer-session';
import { plantOfficers, type Planted } from '../harness/planted-officers';
import { callOffice } from '../harness/office-rest';
import { officeRoutes, type Route } from '../harness/route-table';
import { startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { ALL_ROLES, OPEN_PAGES, PAGES, READERS, REST, type PageRule, type RestRule } from './authorisation-table';

const REFERRAL = example('referral-protect-adult');
const OWN = REFERRAL.header.senderUnit;
const OTHER = 'vn.moh-social';
/** Of the partner's node, and no party of the case. */
const STRANGER = 'gb.nca';
const NOWHERE = '01900000-0000-7000-8000-000000000000';

const ROUTES = officeRoutes();
const pages = ROUTES.filter(({ kind, name }) => kind === 'page' && !(name in OPEN_PAGES));
const rest = ROUTES.filter(({ kind }) => kind === 'rest');

type Ids = Readonly<Record<string, string>>;

describe('every route of the office × every role × own unit, other unit, other node, signed out', () => {
  let nodes: TwoNodes;
  let [own, other, abroad]: (readonly Planted[])[] = [];
  let ids: Ids;
  let draft: { readonly id: string; readonly digest: string };

  beforeAll(async () => {
    nodes = await startTwoNodes();
    const { messageId } = await nodes.office.send(OWN, REFERRAL);
    await untilFinal(nodes, messageId);
    const as = `${OWN}/liaison`;
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const written = await callOffice(nodes, 'vn', `/v1/units/${OWN}/drafts`, {
      method: 'POST',
      as: OWN,
      headers,
      body: JSON.stringify({ document: REFERRAL }),
    });
    draft = { id: String(written.body['id']), digest: String(written.body['digest']) };
    const sent = (await callOffice(nodes, 'vn', `/v1/units/${OWN}/messages/${messageId}`, { as }))
      .body as unknown as typeof REFERRAL;
    ids = idsFor({ referral: String(sent.header['referralId']), message: messageId, draft: draft.id });
    const reasons = { [ids['referral']!]: 'supervision' };
    const [here, there] = await Promise.all([
      plantOfficers(nodes, 'vn', [OWN, OTHER], ALL_ROLES, reasons),
      plantOfficers(nodes, 'gb', [STRANGER], ALL_ROLES),
    ]);
    [own, other, abroad] = [here.filter(({ unit }) => unit === OWN), here.filter(({ unit }) => unit === OTHER), there];
  });
  afterAll(() => nodes?.stop());

  it('is asked in full: a route that is added must be added to the table', () => {
    const listed = [...Object.keys(PAGES), ...Object.keys(OPEN_PAGES), ...Object.keys(REST)].toSorted();
    expect(listed).toEqual(ROUTES.map(({ name }) => name).toSorted());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each(pages)('page $name', async (route) => {
    const rule = PAGES[route.name]!;
    const faults: string[] = [];
    const expectStatus = (who: string, seen: number, wanted: number) => {
      if (seen !== wanted) faults.push(`${who}: ${seen}, not ${wanted}`);
    };
    for (const person of own!) {
      const wanted = rule.roles.includes(person.role) ? ownStatus(rule, person.role) : 403;
      expectStatus(
        `own ${person.role}`,
        (await visit('vn', route, rule, person, rule.changes ? nowhere(ids) : ids)).status,
        wanted,
      );
    }
    for (const person of other!) {
      const wanted = rule.roles.includes(person.role) ? rule.foreign : 403;
      expectStatus(`other ${person.role}`, (await visit('vn', route, rule, person, ids)).status, wanted);
    }
    for (const person of abroad!) {
      // Their session is none here, and at their own office our ids lead nowhere.
      const away = await visit('vn', route, rule, person, ids);
      expectStatus(`abroad ${person.role}`, away.status, 303);
      expect(away.headers.get('location')).toMatch(/^\/sign-in\?back=/);
      const wanted = rule.roles.includes(person.role) ? rule.foreign : 403;
      expectStatus(`abroad, at home ${person.role}`, (await visit('gb', route, rule, person, ids)).status, wanted);
    }
    // A bearer token opens no page; nobody gets in with nothing.
    for (const headers of [{}, { authorization: `Bearer ${own![0]!.bearer}` }] as Record<string, string>[]) {
      expectStatus('signed out', (await visit('vn', route, rule, undefined, ids, headers)).status, 303);
    }
    expect(faults).toEqual([]);
  });

  it.each(Object.entries(OPEN_PAGES))(
    'open page %s tells nothing to the world',
    async (name, { status, query = '' }) => {
      const route = ROUTES.find((one) => one.name === name)!;
      const answer = await fetch(officeUrlOf(nodes, 'vn') + filled(route.path, ids) + query, {
        method: route.method,
        redirect: 'manual',
        headers: HTML,
      });
      expect(answer.status).toBe(status);
      const text = await answer.text();
      for (const secret of ['Nguyễn Thị Ví Dụ', ...Object.values(ids).filter((id) => id.length === 36)])
        expect(text).not.toContain(secret);
    },
  );

  it.each(rest)('REST $name', async (route) => {
    const rule = REST[route.name]!;
    const faults: string[] = [];
    const call = async (unit: string, as: string | undefined, at: Ids = nowhere(ids)) => {
      const path = filled(route.path, { ...at, unit });
      const body = route.method === 'GET' ? {} : { body: '{}' };
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      return (
        await callOffice(nodes, 'vn', path, {
          method: route.method as 'GET',
          headers,
          ...(as !== undefined && { as }),
          ...body,
        })
      ).status;
    };
    const expectIn = (who: string, status: number, inside: boolean) => {
      const fault = inside ? status === 401 || status === 403 || status >= 500 : status !== 403;
      if (fault) faults.push(`${who}: ${status}`);
    };
    for (const { role, bearer } of own!) {
      expectIn(`own ${role}`, await call(OWN, bearer), mayCall(rule, role, true));
    }
    for (const { role, bearer } of other!) {
      expectIn(`other ${role}`, await call(OWN, bearer, ids), mayCall(rule, role, false));
      // By the path of their own unit, our ids lead nowhere.
      const status = await call(OTHER, bearer, ids);
      if (/:(?!unit|list)/.test(route.path) && status >= 200 && status < 300)
        faults.push(`other by its own path ${role}: ${status}`);
    }
    for (const { role, bearer, cookie } of abroad!) {
      if (rule === 'anybody') continue;
      if ((await call(OWN, bearer, ids)) !== 401) faults.push(`abroad ${role}`);
      const withCookie = await fetch(officeUrlOf(nodes, 'vn') + filled(route.path, ids), {
        method: route.method,
        headers: { cookie },
      });
      if (withCookie.status !== 401) faults.push(`abroad with a cookie ${role}`);
    }
    if (rule !== 'anybody') {
      // A session of a page opens nothing of REST.
      const { status } = await fetch(officeUrlOf(nodes, 'vn') + filled(route.path, ids), {
        method: route.method,
        headers: { cookie: own![0]!.cookie },
      });
      if (status !== 401) faults.push(`with a page's session: ${status}`);
    }
    const outside = await call(OWN, undefined, ids);
    if (rule === 'anybody' ? outside >= 400 && outside !== 404 : outside !== 401) faults.push(`signed out: ${outside}`);
    expect(faults).toEqual([]);
  });

  it('has changed nothing by all that', async () => {
    const { body } = await callOffice(nodes, 'vn', `/v1/units/${OWN}/drafts/${draft.id}`, { as: OWN });
    expect(body).toMatchObject({ digest: draft.digest, approvals: [] });
    const shown = await callOffice(nodes, 'vn', `/v1/units/${OWN}/cases/${ids['referralId']}`, { as: OWN });
    expect(shown.body).toMatchObject({ state: 'delivered' });
  });

  async function visit(
    node: NodeId,
    route: Route,
    rule: PageRule,
    person: Planted | undefined,
    at: Ids,
    more: Record<string, string> = {},
  ) {
    const token = person?.formToken ?? '';
    const headers = {
      ...HTML,
      ...(person && { cookie: person.cookie }),
      ...more,
      'x-trao-form-token': token,
      'upload-offset': '0',
    };
    const url = officeUrlOf(nodes, node) + filled(route.path, at) + (rule.query ?? '');
    const form = new URLSearchParams({ _csrf: token, ...rule.form });
    const stop = new AbortController();
    const answer = await fetch(url, {
      method: route.method,
      redirect: 'manual',
      headers,
      signal: stop.signal,
      ...(route.method !== 'GET' && { body: route.method === 'POST' ? form : 'x' }),
    });
    // A stream of events never ends by itself.
    stop.abort();
    return { status: answer.status, headers: answer.headers };
  }
});

const ownStatus = ({ own }: PageRule, role: Planted['role']) =>
  typeof own === 'number' ? own : (own[role] ?? own.others)!;

const HTML = { accept: 'text/html' };

/** The parameters of all paths. */
function idsFor({ referral, message, draft }: { referral: string; message: string; draft: string }) {
  return {
    referralId: referral,
    messageId: message,
    draftId: draft,
    referral,
    message,
    draft,
    page: 'privacy',
    list: 'units',
  };
}

const nowhere = (ids: Ids): Ids =>
  Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id.length === 36 ? NOWHERE : id]));

/** A path with its parameters put in; `:id` is what the path is about. */
function filled(path: string, ids: Ids): string {
  const id = /^\/v1\/units\/:unit\/drafts\/:id|^\/drafts/.test(path)
    ? ids['draft']
    : path.startsWith('/cases/')
      ? ids['referral']
      : ids['message'];
  const asked = path.replace('/:section/:page', '/person/name');
  return asked.replaceAll(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent((name === 'id' ? id : ids[name]) ?? NOWHERE),
  );
}

function mayCall(rule: RestRule, role: Planted['role'], ownUnit: boolean): boolean {
  if (typeof rule !== 'string') return ownUnit && rule.includes(role);
  switch (rule) {
    case 'readers':
      return ownUnit && READERS.includes(role);
    case 'unit':
      return ownUnit;
    case 'operator':
      // Operators of a node are no officers of a unit, whatever their role is called.
      return false;
    case 'client':
    case 'anybody':
      return true;
  }
}
