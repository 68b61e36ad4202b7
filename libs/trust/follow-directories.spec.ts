import { bringIntoForce, compareDirectory, examineDirectory, followDirectories, readDirectory, signDirectory } from '.';
import { countersign, digestOf, type SigningKey } from '../envelope';
import type { Directory } from '../schema';
import { governor, makeWorld, NOW, type World } from './fixtures/world';

const EXPIRED = { issuedAt: '2026-11-20T00:00:00Z', expiresAt: '2026-11-21T00:00:00Z' };

describe('versions one after the other', () => {
  let world: World;
  let ph: Awaited<ReturnType<typeof governor>>;
  let changed: Directory['governance'];
  beforeAll(async () => {
    world = await makeWorld();
    ph = await governor('ph');
    const [vn] = world.directory.governance.keys;
    changed = { threshold: 2, keys: [vn!, ph.entry] };
  });
  const anchor = () => ({ trustDomain: 'test' as const, governance: world.directory.governance });
  const sign = async (
    change: Partial<Directory>,
    by: readonly SigningKey[] = [world.governors.vn, world.governors.gb],
  ) => Buffer.from(await signDirectory({ ...world.directory, ...change }, by));
  const inForce = async (change: Partial<Directory> = {}) =>
    bringIntoForce({ ...world.directory, ...change }, await sign(change));
  /** A version with another governance, and one that only that governance has signed. */
  const chain = async (more: Partial<Directory> = {}) => [
    await sign({ version: 8, governance: changed, ...more }, [world.governors.vn, world.governors.gb, ph.key]),
    await sign({ version: 9, governance: changed }, [world.governors.vn, ph.key]),
  ];

  describe('are followed', () => {
    it('from the trust anchor or the one in force, each proven by the one before', async () => {
      const links = await chain();
      const last = await followDirectories(links, anchor(), NOW);
      expect(last).toMatchObject({ directory: { version: 9 }, signed: links[1] });
      expect(await followDirectories(links, anchor(), NOW, await inForce())).toMatchObject({
        directory: { version: 9 },
      });
      await expect(followDirectories(links.slice(1), anchor(), NOW, await inForce())).rejects.toMatchObject({
        code: 'directory_below_threshold',
        detail: 'Needed: 2; valid: vn.',
      });
    });

    it('though those on the way have expired, but not the last', async () => {
      expect((await followDirectories(await chain(EXPIRED), anchor(), NOW)).directory.version).toBe(9);
      const expired = [await sign({ version: 8 }), await sign({ version: 9, ...EXPIRED })];
      await expect(followDirectories(expired, anchor(), NOW)).rejects.toMatchObject({ code: 'directory_expired' });
      expect((await followDirectories(expired, anchor(), 'as issued')).directory.version).toBe(9);
    });

    it('with what each of them said of keys', async () => {
      const revoked = structuredClone(world.directory.nodes);
      revoked[0]!.receiptKeys[0]!.status = 'revoked';
      const without = structuredClone(world.directory.nodes);
      without[0]!.receiptKeys.splice(0, 1, ...without[0]!.units[0]!.signingKeys.splice(0));
      const links = [await sign({ version: 8, nodes: revoked }), await sign({ version: 9, nodes: without })];
      const last = await followDirectories(links, anchor(), NOW);
      await expect(followDirectories([await sign({ version: 10 })], anchor(), NOW, last)).rejects.toMatchObject({
        code: 'directory_key_unrevoked',
      });
    });
  });

  describe('are compared with the one in force', () => {
    const compare = async (links: readonly Uint8Array[], now = NOW) =>
      compareDirectory(links, anchor(), now, await inForce());

    it('the same, also with other signatures, and after it has expired', async () => {
      expect(await compare([await sign({})])).toEqual({ kind: 'same', version: 7 });
      const resigned = await sign({}, [world.governors.gb, world.governors.la]);
      expect(await compare([resigned], new Date('2027-06-01T00:00:00Z'))).toEqual({ kind: 'same', version: 7 });
    });

    it('an older one, whatever else is wrong with it', async () => {
      expect(await compare([await sign({ version: 6 }, [])])).toEqual({ kind: 'older', version: 6 });
    });

    it('a newer one, by what its signers signed', async () => {
      const newer = await sign({ version: 8 });
      const { document } = await readDirectory(newer);
      const payloadDigest = digestOf(document.payload);
      expect(await compare([newer])).toEqual({ kind: 'newer', version: 8, payloadDigest });
      const resigned = await sign({ version: 8 }, [world.governors.gb, world.governors.la]);
      expect(await compare([resigned])).toEqual({ kind: 'newer', version: 8, payloadDigest });
    });

    it('one that only the versions before it can prove', async () => {
      const [link, last] = await chain();
      expect(await compare([last!])).toEqual({ kind: 'refused', version: 9, code: 'directory_below_threshold' });
      expect(await compare([link!, last!])).toMatchObject({ kind: 'newer', version: 9 });
    });

    it.each<[string, () => Promise<Uint8Array>, string, number | undefined]>([
      ['another one of its version', () => sign({ expiresAt: '2027-01-20T00:00:00Z' }), 'directory_fork', 7],
      ['one that one country signed', () => sign({ version: 8 }, [world.governors.vn]), 'directory_below_threshold', 8],
      ['one that has expired', () => sign({ version: 8, ...EXPIRED }), 'directory_expired', 8],
      ['one of another domain', () => sign({ version: 8, trustDomain: 'demo' }), 'wrong_domain', 8],
      ['what is no directory', async () => Buffer.from('<html>'), 'directory_malformed', undefined],
    ])('refused: %s', async (_what, make, code, version) => {
      expect(await compare([await make()])).toEqual({ kind: 'refused', version, code });
    });

    const raw = async (payload: string, by: readonly SigningKey[] = [world.governors.vn, world.governors.gb]) =>
      Buffer.from(await countersign(Buffer.from(payload), 'trao-directory+jws', by));

    it.each([
      '{',
      'null',
      '[]',
      '{"version":8}',
      '{"issuedAt":"2026-11-22T00:00:00Z"}',
      '{"version":"8","issuedAt":""}',
    ])('refused, whoever has signed it: %s', async (payload) => {
      const refused = { kind: 'refused', version: undefined, code: 'directory_malformed' };
      expect(await compare([await raw(payload)])).toEqual(refused);
    });

    it('refused for its signatures before it is judged, which is a thousand times more work', async () => {
      const unsound = JSON.stringify({ ...world.directory, version: 8, nodes: [] });
      expect(await compare([await raw(unsound, [])])).toEqual({
        kind: 'refused',
        version: 8,
        code: 'directory_below_threshold',
      });
      expect(await compare([await raw(unsound)])).toEqual({ kind: 'refused', version: 8, code: 'directory_malformed' });
      const other = JSON.stringify({ ...world.directory, expiresAt: '2027-01-20T00:00:00Z' });
      expect(await compare([await raw(other, [])])).toMatchObject({ code: 'directory_below_threshold' });
    });

    it('with links that are judged as of their day, and the copy as of now', async () => {
      const ending = structuredClone(changed);
      ending.keys[1]!.notAfter = '2026-11-21T00:00:00Z'; // signs on the day of issue, and not any more now
      const { vn, gb } = world.governors;
      const link = await sign({ version: 8, governance: ending }, [vn, gb, ph.key]);
      const last = await sign({ version: 9, governance: { ...ending, threshold: 1 } }, [vn, ph.key]);
      expect(await compare([link, last])).toEqual({ kind: 'refused', version: 9, code: 'directory_below_threshold' });
      expect(await compare([link])).toMatchObject({ kind: 'refused', version: 8 });
      const alone = structuredClone(changed);
      alone.threshold = 1;
      const one = await sign({ version: 8, governance: { ...alone, keys: ending.keys } }, [vn, gb, ph.key]);
      const two = await sign({ version: 9, governance: { ...alone, keys: ending.keys } }, [vn]);
      expect(await compare([one, two])).toMatchObject({ kind: 'newer', version: 9 });
    });
  });

  describe('are examined for people', () => {
    const examine = async (signed: Uint8Array, withBase = true) => {
      const results = await examineDirectory(
        await readDirectory(signed),
        anchor(),
        NOW,
        withBase ? await inForce() : undefined,
      );
      return Object.fromEntries(results.map(({ check, failure }) => [check, failure?.code]));
    };
    const PASSED = {
      domain: undefined,
      version: undefined,
      quorum: undefined,
      newQuorum: undefined,
      continuity: undefined,
      time: undefined,
    };

    it('with every check passed', async () => {
      expect(await examine(await sign({ version: 8 }))).toEqual(PASSED);
      expect(await examine(await sign({}), false)).toEqual(PASSED);
    });

    it('with all that failed, not the first alone', async () => {
      const nodes = structuredClone(world.directory.nodes);
      nodes[0]!.receiptKeys[0]!.kid = nodes[0]!.units[0]!.encryptionKeys[0]!.kid;
      nodes[0]!.units[0]!.encryptionKeys.shift();
      const all = await sign({ ...EXPIRED, version: 6, trustDomain: 'demo', governance: changed, nodes }, [
        world.governors.gb,
      ]);
      expect(await examine(all)).toEqual({
        domain: 'wrong_domain',
        version: 'directory_rollback',
        quorum: 'directory_below_threshold',
        newQuorum: 'directory_below_threshold',
        continuity: 'directory_key_changed',
        time: 'directory_expired',
      });
    });

    it('with the old quorum and the new one apart', async () => {
      const { vn, gb } = world.governors;
      const change = { version: 8, governance: changed };
      expect(await examine(await sign(change, [vn, gb]))).toEqual({
        ...PASSED,
        newQuorum: 'directory_below_threshold',
      });
      expect(await examine(await sign(change, [vn, ph.key]))).toEqual({
        ...PASSED,
        quorum: 'directory_below_threshold',
      });
      expect(await examine(await sign(change, [vn, gb, ph.key]))).toEqual(PASSED);
    });
  });
});
