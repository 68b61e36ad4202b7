import { TraoError, type Code } from '../errors';
import { fictionalWorld } from '../../test/fakes/fictional-world';
import { ManualClock } from '../../test/fakes/manual-clock';
import { sayOff, watchPartners, type PartnerWatch, type WatchPorts } from '.';
import { Partners, type Comparison } from '../trust';

/**
 * Copies of the directory are texts here: `8` is version 8, `8 b` another one of that version, `8 bad_code` one that is refused with that
 * code, `8<7` one that only version 7 proves. Whether a signed one is what it says is tested in libs/trust.
 */
const copy = (text: string) => Buffer.from(text);

interface Served {
  readonly serves?: string;
  readonly earlier?: Readonly<Record<number, string>>;
  readonly offsetMs?: number;
  readonly fails?: Code;
}

/** A node with version 7 in force, and what its partners serve. */
async function startNode(partners: Readonly<Record<string, Served>>, others: readonly string[] = []) {
  const { directory } = await fictionalWorld();
  const [template] = directory.nodes;
  const ids = ['vn', ...Object.keys(partners), ...others];
  const nodes = ids.map((id) => ({ ...template!, id, units: [] }));
  const clock = new ManualClock('2026-11-22T23:59:00.000Z');
  let inForce = '7';
  const alarms: string[] = [];
  const told = new Set<string>();
  const rows = new Map<string, PartnerWatch>();
  const asked: string[] = [];
  const node = {
    clock,
    alarms,
    rows,
    asked,
    partners: { ...partners },
    inForce: () => inForce,
    /** What adoption throws. */
    fault: undefined as TraoError | undefined,
    atOnce: 0,
  };
  const versionOf = (text: string) => Number.parseInt(text, 10);
  let running = 0;
  const ports: WatchPorts = {
    clock,
    self: { node: 'vn', partners: () => new Partners({ ...directory, version: versionOf(inForce), nodes }) },
    directory: {
      tag: () => `"${inForce}"`,
      compare: async (links) => compare(links.map(String), inForce),
      async adopt(links, from) {
        if (node.fault) throw node.fault;
        inForce = String(links.at(-1));
        asked.push(`adopted ${links.map(String).join(' then ')} from ${from}`);
      },
    },
    store: {
      known: async () => [...rows.values()],
      note: async (watches) => watches.forEach((watch) => void rows.set(watch.partner, watch)),
    },
    raiseAlarm: async (kind, subject, code, { detail, once } = {}) => {
      if (once !== undefined && told.has(once)) return;
      if (once !== undefined) told.add(once);
      alarms.push([kind, subject, code, detail].filter(Boolean).join(' '));
    },
    async ask(partner, tag) {
      running += 1;
      node.atOnce = Math.max(node.atOnce, running);
      await Promise.resolve();
      running -= 1;
      const { serves = '7', offsetMs = 0, fails } = node.partners[partner] ?? {};
      if (fails) throw new TraoError(fails);
      const signed = tag === `"${serves}"` ? undefined : copy(serves);
      return { signed, clock: { offsetMs, doubtMs: 0 } };
    },
    async earlier(partner, version) {
      asked.push(`${partner} ${version}`);
      const text = node.partners[partner]?.earlier?.[version];
      return text === undefined ? undefined : copy(text);
    },
  };
  return Object.assign(node, { watch: () => watchPartners(ports), ports });
}

function compare(links: readonly string[], inForce: string): Comparison {
  const text = links.at(-1)!;
  const version = Number.parseInt(text, 10);
  const [, code] = /^\d+ ([a-z]+_[a-z_]+)$/.exec(text) ?? [];
  if (Number.isNaN(version)) return { kind: 'refused', version: undefined, code: 'directory_malformed' };
  if (text === inForce) return { kind: 'same', version };
  const ours = Number.parseInt(inForce, 10);
  if (version < ours) return { kind: 'older', version };
  if (version === ours) return { kind: 'refused', version, code: 'directory_fork' };
  if (code) return { kind: 'refused', version, code: code as Code };
  const [, proof] = /<(\d+)$/.exec(text) ?? [];
  const proven = proof === undefined || links.some((link) => Number.parseInt(link, 10) === Number(proof));
  if (!proven) return { kind: 'refused', version, code: 'directory_below_threshold' };
  return { kind: 'newer', version, payloadDigest: text };
}

describe('a look at all partners', () => {
  it('finds everybody at the same version, and is quiet', async () => {
    const node = await startNode({ gb: {}, kh: {} });
    expect(await node.watch()).toEqual({ version: 7, asked: 2, answered: 2, clock: { ours: undefined, theirs: [] } });
    expect([node.alarms, node.asked]).toEqual([[], []]);
    const at = node.clock.now();
    const quiet = { askedAt: at, answeredAt: at, version: 7, behindSince: undefined, code: undefined };
    expect([...node.rows.values()]).toEqual(
      ['gb', 'kh'].map((partner) => ({ partner, ...quiet, clock: { offsetMs: 0, doubtMs: 0 } })),
    );
  });

  it('asks nobody where there is no partner', async () => {
    const node = await startNode({});
    expect(await node.watch()).toEqual({ version: 7, asked: 0, answered: 0, clock: { ours: undefined, theirs: [] } });
  });

  it('asks few at a time', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `p${at}`);
    const node = await startNode({}, ids);
    expect((await node.watch()).answered).toBe(20);
    expect(node.atOnce).toBe(8);
    expect(node.rows.size).toBe(20);
  });

  it('adopts the newest valid version, whoever withholds it', async () => {
    const node = await startNode({ gb: { serves: '7' }, kh: { serves: '9' }, au: { serves: '8' } });
    expect((await node.watch()).version).toBe(9);
    expect([node.inForce(), node.asked, node.alarms]).toEqual(['9', ['adopted 9 from kh'], []]);
    const at = node.clock.now();
    const seen = [...node.rows.values()].map(({ partner, version, behindSince }) => [partner, version, behindSince]);
    expect(seen).toEqual([
      ['gb', 7, at],
      ['kh', 9, undefined],
      ['au', 8, at],
    ]);
  });

  it('takes one of two copies with the same content', async () => {
    const node = await startNode({ gb: { serves: '8' }, kh: { serves: '8' } });
    await node.watch();
    expect([node.inForce(), node.asked, node.alarms]).toEqual(['8', ['adopted 8 from gb'], []]);
  });

  it('goes on with the others when some do not answer, and remembers what they served', async () => {
    const node = await startNode({ gb: { serves: '6', offsetMs: 5 }, kh: { serves: '7' } });
    await node.watch();
    const before = node.rows.get('gb')!;
    node.clock.advance(300_000);
    node.partners = { gb: { fails: 'partner_timeout' }, kh: { serves: '8' }, au: { fails: 'partner_tls' } };
    expect(await node.watch()).toMatchObject({ version: 8, asked: 2, answered: 1 });
    expect(node.rows.get('gb')).toEqual({ ...before, askedAt: node.clock.now(), code: 'partner_timeout' });
    expect(node.alarms).toEqual([]);
  });

  it('knows nothing of a partner that never answered', async () => {
    const node = await startNode({ gb: { fails: 'partner_unreachable' } });
    await node.watch();
    expect(node.rows.get('gb')).toEqual({
      partner: 'gb',
      askedAt: node.clock.now(),
      answeredAt: undefined,
      version: undefined,
      behindSince: undefined,
      clock: undefined,
      code: 'partner_unreachable',
    });
  });
});

describe('copies that are refused', () => {
  it('raise one alarm each with the partner as subject, and keep nobody from the good one', async () => {
    const node = await startNode({
      gb: { serves: '9 directory_expired' },
      kh: { serves: '<html>' },
      au: { serves: '8' },
    });
    await node.watch();
    expect(node.inForce()).toBe('8');
    const alarms = [
      'directory_refused gb directory_expired Version 9.',
      'directory_refused kh directory_malformed It is no directory.',
    ];
    expect(node.alarms).toEqual(alarms);
    expect(node.rows.get('gb')).toMatchObject({ version: 9, behindSince: undefined, code: 'directory_expired' });
    expect(node.rows.get('kh')).toMatchObject({
      version: undefined,
      behindSince: undefined,
      code: 'directory_malformed',
    });
    await node.watch();
    expect(node.alarms).toEqual(alarms);
    node.partners = { ...node.partners, gb: { serves: '10 directory_expired' } };
    await node.watch();
    expect(node.alarms.slice(2)).toEqual(['directory_refused gb directory_expired Version 10.']);
  });

  it('are a fork when a partner serves another one of our version', async () => {
    const node = await startNode({ gb: { serves: '7 b' } });
    await node.watch();
    expect([node.inForce(), node.alarms]).toEqual(['7', ['directory_refused gb directory_fork Version 7.']]);
  });

  it('are a fork when two partners serve one version with two contents: neither is taken', async () => {
    const node = await startNode({ gb: { serves: '8' }, kh: { serves: '8 b' }, au: { serves: '8' } });
    await node.watch();
    expect([node.inForce(), node.asked]).toEqual(['7', []]);
    expect(node.alarms).toEqual(['gb', 'kh', 'au'].map((id) => `directory_refused ${id} directory_fork Version 8.`));
    // What all agree on ends it, and the one before the fork is no way around it.
    node.partners = { ...node.partners, gb: { serves: '9' } };
    await node.watch();
    expect([node.inForce(), node.asked]).toEqual(['9', ['adopted 9 from gb']]);
  });

  it('are no fork when one of the two is not valid: nobody can stop a version with a false one', async () => {
    const node = await startNode({ gb: { serves: '8' }, kh: { serves: '8 directory_below_threshold' } });
    await node.watch();
    expect([node.inForce(), node.alarms]).toEqual(['8', ['directory_refused kh directory_below_threshold Version 8.']]);
  });

  it('leave an older version that is not forked to be taken', async () => {
    const node = await startNode({ gb: { serves: '9' }, kh: { serves: '9 b' }, au: { serves: '8' } });
    await node.watch();
    expect(node.asked).toEqual(['adopted 8 from au']);
  });

  it('are told of when it shows only on keeping them', async () => {
    const node = await startNode({ gb: { serves: '8' } });
    node.fault = new TraoError('directory_fork');
    expect((await node.watch()).version).toBe(7);
    expect(node.alarms).toEqual(['directory_refused gb directory_fork Version 8.']);
  });

  it('are none while this machine cannot keep them: it is tried again', async () => {
    const node = await startNode({ gb: { serves: '8' } });
    node.fault = new TraoError('database_unavailable');
    await expect(node.watch()).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(node.alarms).toEqual([]);
    node.fault = undefined;
    expect((await node.watch()).version).toBe(8);
  });
});

describe('a change of governance that we missed', () => {
  it('is followed through the versions in between', async () => {
    const node = await startNode({ gb: { serves: '10<8', earlier: { 8: '8' } } });
    expect((await node.watch()).version).toBe(10);
    expect(node.asked).toEqual(['gb 8', 'gb 9', 'adopted 8 then 10<8 from gb']);
    expect(node.alarms).toEqual([]);
  });

  it('is refused when the partner does not have them, or they prove nothing', async () => {
    const node = await startNode({ gb: { serves: '10<8' }, kh: { serves: '10<8', earlier: { 9: '9' } } });
    expect((await node.watch()).version).toBe(7);
    expect(node.alarms).toEqual([
      'directory_refused gb directory_below_threshold Version 10.',
      'directory_refused kh directory_below_threshold Version 10.',
    ]);
  });

  it('is no reason to ask for more when there is nothing in between, or another fault', async () => {
    const node = await startNode({ gb: { serves: '8<6' }, kh: { serves: '10 directory_expired' } });
    await node.watch();
    expect(node.asked).toEqual([]);
  });

  it('asks for the last 64 versions and no more, whatever a partner claims', async () => {
    const node = await startNode({ gb: { serves: '9000000<8' } });
    await node.watch();
    expect(node.asked).toEqual(Array.from({ length: 64 }, (_, at) => `gb ${8_999_936 + at}`));
  });

  it('gives up on versions that are larger together than any honest ones', async () => {
    const node = await startNode({ gb: { serves: '12<8' } });
    const version = '8'.padEnd(6 * 1024 * 1024);
    const asked: number[] = [];
    Object.assign(node.ports, {
      earlier: async (_partner: string, number: number) => {
        asked.push(number);
        return Buffer.from(version);
      },
    });
    await node.watch();
    expect([asked, node.inForce()]).toEqual([[8, 9, 10], '7']);
    expect(node.alarms).toEqual(['directory_refused gb directory_below_threshold Version 12.']);
  });

  it('waits when the partner stops answering in between', async () => {
    const node = await startNode({ gb: { serves: '10<8' } });
    Object.assign(node.ports, { earlier: () => Promise.reject(new TraoError('partner_timeout')) });
    await node.watch();
    expect([node.alarms, node.rows.get('gb')!.code]).toEqual([[], 'partner_timeout']);
  });
});

describe('a partner that stays behind', () => {
  it('is told of once after a day, for each version', async () => {
    const node = await startNode({ gb: { serves: '6' }, kh: {} });
    await node.watch();
    const since = node.clock.now();
    node.clock.advance(24 * 3_600_000 - 1);
    await node.watch();
    expect([node.alarms, node.rows.get('gb')!.behindSince]).toEqual([[], since]);
    node.clock.advance(1);
    await node.watch();
    await node.watch();
    expect(node.alarms).toEqual(['directory_behind gb It serves version 6; 7 is in force.']);
    node.partners = { ...node.partners, kh: { serves: '8' } };
    await node.watch();
    expect(node.alarms.slice(1)).toEqual(['directory_behind gb It serves version 6; 8 is in force.']);
  });

  it('is forgotten once it has caught up', async () => {
    const node = await startNode({ gb: { serves: '6' } });
    await node.watch();
    node.partners = { gb: { serves: '7' } };
    await node.watch();
    node.clock.advance(48 * 3_600_000);
    node.partners = { gb: { serves: '6' } };
    await node.watch();
    expect([node.alarms, node.rows.get('gb')!.behindSince]).toEqual([[], node.clock.now()]);
  });
});

describe('clocks that differ', () => {
  it('are told of once a day, ours under the name of this node', async () => {
    const node = await startNode({ gb: { offsetMs: 412_400 }, kh: { offsetMs: 412_600 } });
    expect((await node.watch()).clock).toEqual({ ours: { offMs: -412_400, grave: true }, theirs: [] });
    await node.watch();
    const alarm = 'clock_skew vn clock_skew The clock is 412 s behind.';
    expect(node.alarms).toEqual([alarm]);
    node.clock.advance(60_000); // past midnight
    await node.watch();
    expect(node.alarms).toEqual([alarm, alarm]);
    expect(node.rows.get('gb')!.clock).toEqual({ offsetMs: 412_400, doubtMs: 0 });
  });

  it('are told of under the name of the partner where the others agree with us', async () => {
    const node = await startNode({ gb: { offsetMs: 90_000 }, kh: {}, au: { offsetMs: -61_000 } });
    await node.watch();
    expect(node.alarms).toEqual([
      'clock_skew gb clock_skew The clock is 90 s ahead.',
      'clock_skew au clock_skew The clock is 61 s behind.',
    ]);
  });

  it('do not count where nobody answered', async () => {
    const node = await startNode({ gb: { offsetMs: 90_000, fails: 'partner_busy' } });
    expect((await node.watch()).clock.ours).toBeUndefined();
  });

  it('are said in whole seconds', () => {
    expect([sayOff(-60_400), sayOff(60_600)]).toEqual(['The clock is 60 s behind.', 'The clock is 61 s ahead.']);
  });
});
