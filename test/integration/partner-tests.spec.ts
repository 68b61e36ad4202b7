import { runPartnerTest } from '../../apps/worker/partner-tests';
import type { ProbeStep } from '../../libs/exchange';
import { createLogger } from '../../libs/platform';
import type { Directory } from '../../libs/schema';
import { partnerWork } from '../../libs/storage';
import { probePartner, type PartnerEndpoint } from '../../libs/transport';
import { freePort } from '../harness/free-ports';
import { makeAuthority, makeCertificate } from './certificates-fixture';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { signedWorld, type SignedWorld } from './directory-fixture';
import { client, gateway, startPartner, theirs, type Partner } from './partner-fixture';

/** Connection tests: each way in which a partner can fail ends at the step that it belongs to. */
let world: SignedWorld;
let signed: Buffer;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  world = await signedWorld();
  signed = await world.sign({});
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Served {
  readonly aheadMs?: number;
  readonly directory?: Buffer;
  readonly status?: number;
}
async function partnerThat(served: Served = {}, ...given: Parameters<typeof startPartner>): Promise<Partner> {
  const partner = await startPartner(...given);
  open.push(partner);
  partner.answer((response, { url }) => {
    const { aheadMs = 0, directory = signed, status = 200 } = served;
    const health = JSON.stringify({ protocol: 1, clock: new Date(Date.now() + aheadMs).toISOString() });
    response.writeHead(status).end(url === '/v1/health' ? health : directory);
  });
  return partner;
}

const probe = (
  endpoint: PartnerEndpoint,
  identity = client,
  heard: number[] = [],
  directory: Directory = world.directory,
) =>
  probePartner(endpoint, {
    identity: () => identity,
    directory: () => directory,
    noted: (steps) => Promise.resolve(void heard.push(steps.length)),
  });
/** `step` or `step: code`, as far as the test came. */
const said = (steps: readonly ProbeStep[]) =>
  steps.map(({ step, ok, code }) => (ok && code === undefined ? step : `${step}: ${code}`));

const CONNECTED = ['dns', 'tcp', 'tls', 'identity'];
const ALL = [...CONNECTED, 'clock', 'directory', 'signature'];

it('passes every step with a good partner, and says so step by step', async () => {
  const partner = await partnerThat();
  const heard: number[] = [];
  const steps = await probe(partner.endpoint, client, heard);
  expect(said(steps)).toEqual(ALL);
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const details = new Map(steps.map(({ step, detail }) => [step, detail]));
  expect(details.get('tls')).toMatch(/^TLSv1\.3, TLS_/);
  expect(details.get('identity')).toMatch(/^[0-9a-f]{64}$/);
  expect(details.get('signature')).toBe('2 / 2');
  // It is the partner that was asked, and it was sent no message.
  expect(partner.got.map(({ url, client: name }) => `${url} ${name}`)).toEqual(['/v1/health vn', '/v1/directory vn']);
});

it('ends at a name that leads nowhere', async () => {
  const partner = await partnerThat();
  const steps = await probe({ ...partner.endpoint, endpoint: 'https://nowhere.invalid:9' });
  expect(said(steps)).toEqual(['dns: partner_name']);
});

it('ends at a port where nobody listens', async () => {
  const partner = await partnerThat();
  const steps = await probe({ ...partner.endpoint, endpoint: `https://127.0.0.1:${await freePort()}` });
  expect(said(steps)).toEqual(['dns', 'tcp: partner_unreachable']);
});

it('ends at a certificate of another authority, and at TLS that is too old', async () => {
  const partner = await partnerThat();
  const stranger = makeAuthority('ca.gb');
  expect(said(await probe({ ...partner.endpoint, ca: [stranger.cert] }))).toEqual(['dns', 'tcp', 'tls: partner_tls']);
  const old = await partnerThat({}, gateway, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  const steps = said(await probe(old.endpoint));
  expect(steps.slice(0, 2)).toEqual(['dns', 'tcp']);
  expect(steps.at(-1)).toMatch(/^tls: partner_(tls|distrusts)$/);
});

it('ends at a key that the directory does not pin, though its authority is the right one', async () => {
  const partner = await partnerThat({}, makeCertificate('gateway.gb', theirs));
  const steps = await probe(partner.endpoint);
  expect(said(steps)).toEqual(['dns', 'tcp', 'tls', 'identity: partner_identity']);
  expect(steps.at(-1)?.detail).toBe('key_not_pinned');
  expect(partner.got).toEqual([]);
});

it('tells a partner that does not take our certificate from one that is not there', async () => {
  const partner = await partnerThat();
  const steps = await probe(partner.endpoint, makeCertificate('vn', makeAuthority('ca.vn')));
  // TLS 1.3 tells a client only afterwards that its certificate was refused.
  expect(said(steps).at(-1)).toMatch(/^(tls|clock): partner_distrusts$/);
});

it('outlives a connection that the partner ends while a step is written down', async () => {
  const partner = await partnerThat();
  const steps = await probePartner(partner.endpoint, {
    identity: () => makeCertificate('vn', makeAuthority('ca.vn')),
    directory: () => world.directory,
    noted: () => new Promise((resolve) => setTimeout(resolve, 100)),
  });
  expect(said(steps).at(-1)).toMatch(/partner_distrusts$/);
});

it('says when clocks differ and goes on', async () => {
  const partner = await partnerThat({ aheadMs: -45_000 });
  const steps = await probe(partner.endpoint);
  expect(said(steps)).toEqual([...CONNECTED, 'clock: partner_clock', 'directory', 'signature']);
  expect(steps[4]?.detail).toMatch(/^-4[45]\d{3} ms ± \d+ ms$/);
});

it('ends at a gateway that answers with an error, and says its status and nothing else of it', async () => {
  const partner = await partnerThat({ status: 403 });
  const steps = await probe(partner.endpoint);
  expect(said(steps)).toEqual([...CONNECTED, 'clock: partner_error']);
  expect(steps.at(-1)?.detail).toBe('HTTP 403');
});

it('tells directories that are none, old, expired or signed by too few', async () => {
  const { version } = world.directory;
  const after = async (directory: Buffer, inForce = version) => {
    const partner = await partnerThat({ directory });
    return said(await probe(partner.endpoint, client, [], { ...world.directory, version: inForce })).slice(5);
  };
  expect(await after(Buffer.from('{"secret":"never shown"}'))).toEqual(['directory: directory_malformed']);
  expect(await after(signed, version + 1)).toEqual(['directory: partner_behind', 'signature']);
  const expiresAt = new Date(Date.now() - 1000).toISOString();
  expect(await after(await world.sign({ expiresAt }))).toEqual(['directory: directory_expired', 'signature']);
  const alone = await world.sign({ version: version + 1 }, [world.governors.vn]);
  expect(await after(alone)).toEqual(['directory', 'signature: directory_below_threshold']);
});

describe('the way of a test from the monitor to the worker', () => {
  let node: NodeDatabase;
  beforeAll(async () => {
    node = await startNodeDatabase('tests');
  });
  afterAll(() => node?.remove());
  beforeEach(() => node.owner.query('TRUNCATE partner_test, operator_log'));

  const MINH = { id: 'minh', roles: ['registration_officer'] };
  const desk = () => partnerWork.partnerTests(node.monitor, () => ['gb', 'kh']);
  const run = (partner: Partner) =>
    runPartnerTest({
      store: partnerWork.testingStore(node.worker),
      identity: () => client,
      directory: () => world.directory,
      endpointOf: () => partner.endpoint,
      logger: createLogger('worker', 'vn', 'silent'),
    });

  it('is asked for, taken by one worker, and shows its steps', async () => {
    const partner = await partnerThat();
    const id = await desk().request('gb', MINH);
    expect(await desk().request('gb', MINH)).toBe(id); // pressed twice
    expect(await Promise.all([run(partner), run(partner)])).toEqual(expect.arrayContaining([1, 0]));
    const test = await desk().find(id);
    expect(test).toMatchObject({ partner: 'gb', requestedBy: 'minh', ok: true });
    expect(said(test!.steps!)).toEqual(ALL);
    expect((await desk().list('gb', 5)).map((one) => one.id)).toEqual([id]);
    expect(await desk().request('gb', MINH)).not.toBe(id); // it has ended: the next one is another
    const acts = await node.owner.query('SELECT act, object FROM operator_log ORDER BY seq');
    expect(acts).toEqual([
      { act: 'partner_tested', object: 'gb' },
      { act: 'partner_tested', object: 'gb' },
    ]);
  });

  it('shows what was found while it runs', async () => {
    const partner = await partnerThat();
    const id = await desk().request('gb', MINH);
    const seen: number[] = [];
    const store = partnerWork.testingStore(node.worker);
    await runPartnerTest({
      store: {
        ...store,
        async note(test, steps) {
          await store.note(test, steps);
          seen.push((await desk().find(id))!.steps!.length);
        },
      },
      identity: () => client,
      directory: () => world.directory,
      endpointOf: () => partner.endpoint,
      logger: createLogger('worker', 'vn', 'silent'),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is given up when no worker takes it, or its worker has ended', async () => {
    const id = await desk().request('gb', MINH);
    const lost = await desk().request('kh', MINH);
    const store = partnerWork.testingStore(node.worker);
    await store.take();
    await node.owner.query(`UPDATE partner_test SET requested_at = requested_at - interval '3 minutes'`);
    expect(await store.take()).toBeUndefined();
    for (const one of [id, lost]) {
      const test = await desk().find(one);
      expect(test).toMatchObject({ ok: false, finishedAt: expect.any(Date) as Date });
    }
    expect(await desk().request('gb', MINH)).not.toBe(id);
  });

  it('is not asked for about a partner that is none', async () => {
    await expect(desk().request('zz', MINH)).rejects.toMatchObject({ code: 'not_found' });
    expect(await node.owner.query('SELECT FROM partner_test')).toEqual([]);
  });
});
