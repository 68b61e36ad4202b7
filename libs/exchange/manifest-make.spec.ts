import { manifests } from '../envelope';
import { comparedCountries, delivered } from '../../test/fakes/compared-countries';
import type { MemoryManifests } from '../../test/fakes/memory-manifests';
import { reconciling } from '.';

const TODAY = '2026-11-22';
const YESTERDAY = '2026-11-21';
const DAY_MS = 86_400_000;

// Keys and validators are made once, which takes its time.
beforeAll(() => comparedCountries(), 60_000);

describe('a manifest', () => {
  it('counts the messages of a day in each direction, and all that were before', async () => {
    const pair = await comparedCountries(`${YESTERDAY}T06:00:00Z`);
    await delivered(pair, 2);
    pair.clock.advance(DAY_MS);
    const ids = await delivered(pair, 3);
    const make = (of: MemoryManifests, partner: string, day: string) =>
      reconciling.makeManifest(partner, day, of.served);
    const first = await make(pair.ofVn, 'gb', YESTERDAY);
    expect(first.claims).toMatchObject({ iss: 'vn', aud: 'gb', day: YESTERDAY, sent: { count: 2, total: 2 } });
    await pair.ofVn.portsTo(pair.ofGb).count('gb', first);
    const [own, theirs] = [await make(pair.ofVn, 'gb', TODAY), await make(pair.ofGb, 'vn', TODAY)];
    expect(own.claims.sent).toEqual({ count: 3, total: 5, root: theirs.claims.received.root });
    expect(own.claims.received).toEqual({ count: 0, total: 0, root: theirs.claims.sent.root });
    const tree = new manifests.MerkleTree();
    for (const id of ids.toSorted()) {
      const { digest } = pair.vn.tables.outbox.get(id)!.message;
      tree.add(manifests.manifestLeaf({ id, digest, standing: 'filed' }));
    }
    expect(own.claims.sent.root).toBe(tree.root());
  });

  it('of a day with more messages than are read at once counts all of them', async () => {
    const { ofVn } = await comparedCountries();
    const many = Array.from({ length: 5_003 }, (_, at) => ({
      id: `${reconciling.idsOf(TODAY).after.slice(0, 14)}7000-8000-${at.toString(16).padStart(12, '0')}`,
      digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
      standing: 'filed' as const,
    }));
    const rows: reconciling.ManifestRows = {
      ...ofVn.rows,
      entries: (_, way, after, to, limit) =>
        Promise.resolve(way === 'sent' ? many.filter(({ id }) => id > after && id < to).slice(0, limit) : []),
    };
    const { claims } = await reconciling.makeManifest('gb', TODAY, { ...ofVn.served, rows });
    expect(claims.sent.count).toBe(5_003);
  });
});

describe('days that were never counted', () => {
  it('are counted before the first comparison, so that the running counts hold them', async () => {
    const pair = await comparedCountries();
    await delivered(pair, 2);
    pair.clock.advance(2 * DAY_MS);
    await pair.ofVn.compare(pair.ofGb, '2026-11-24', '2026-11-24');
    expect(pair.ofVn.sums.get(`gb ${TODAY}`)).toEqual({ sent: 2, received: 0 });
  });
});
