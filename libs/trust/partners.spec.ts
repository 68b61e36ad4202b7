import { adoptDirectory, isValidAt, Partners, signDirectory, spkiDigest, type Identified } from '.';
import { type DirectoryEncryptionKey, type DirectoryKey, type DirectoryUnit } from '../schema';
import certificates from './fixtures/certificates.json';
import { encryptionEntry, makeWorld, NOW, signatureEntry, type World } from './fixtures/world';

const der = (base64: string) => Buffer.from(base64, 'base64');
const derOf = (pem: string) => der(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
const EARLY = new Date('2026-10-31T23:59:59.999Z');
const FIRST = new Date('2026-11-01T00:00:00Z');
const LAST = new Date('2027-10-31T23:59:59.999Z');
const LATE = new Date('2027-11-01T00:00:00Z');

describe('partners', () => {
  let world: World;
  let partners: Partners;
  beforeAll(async () => {
    world = await makeWorld();
    partners = new Partners(world.directory);
  });
  /** Partners in whose directory one unit of vn is changed. */
  const withUnit = (change: Partial<DirectoryUnit>) => {
    const directory = structuredClone(world.directory);
    Object.assign(directory.nodes[0]!.units[0]!, change);
    return new Partners(directory);
  };

  it('come out of an adopted directory', async () => {
    const signed = Buffer.from(await signDirectory(world.directory, [world.governors.vn, world.governors.gb]));
    const anchor = { trustDomain: 'test' as const, governance: world.directory.governance };
    expect(new Partners(await adoptDirectory(signed, anchor, NOW)).nodeOf('vn.police')).toBe('vn');
  });

  it('know the nodes', () => {
    expect(partners.node('gb').id).toBe('gb');
    expect(() => partners.node('la')).toThrow(expect.objectContaining({ code: 'unknown_sender' }));
    expect(() => partners.node('toString')).toThrow(expect.objectContaining({ code: 'unknown_sender' }));
    expect(partners.partnersOf('vn').map(({ id }) => id)).toEqual(['gb']);
  });

  it('know which node a unit belongs to, by the directory and not by its name', () => {
    expect(partners.nodeOf('vn.police')).toBe('vn');
    expect(partners.nodeOf('vn.forest')).toBeUndefined();
    expect(partners.nodeOf('toString')).toBeUndefined();
  });

  it('know whether a unit is active', () => {
    const refused = expect.objectContaining({ code: 'unknown_unit' });
    expect(partners.activeUnit('vn.police', NOW)).toMatchObject({ node: { id: 'vn' }, unit: { id: 'vn.police' } });
    expect(() => partners.activeUnit('vn.forest', NOW)).toThrow(refused);
    expect(() => withUnit({ status: 'historical' }).activeUnit('vn.police', NOW)).toThrow(refused);
    const ending = withUnit({ notAfter: NOW.toISOString() });
    expect(() => ending.activeUnit('vn.police', NOW)).toThrow(refused);
    expect(ending.activeUnit('vn.police', new Date(NOW.getTime() - 1)).unit.id).toBe('vn.police');
  });

  describe('choose the key to seal to', () => {
    const entry = (kid: string, change: Partial<DirectoryEncryptionKey> = {}) =>
      encryptionEntry(kid, 'hybrid').then((key) => ({ ...key, ...change }));
    const chosen = async (encryptionKeys: DirectoryEncryptionKey[], at = NOW) =>
      (await withUnit({ encryptionKeys }).sealingKey('vn.police', at)).kid;

    it('of the first suite of the node', async () => {
      expect(await partners.sealingKey('vn.police', NOW)).toMatchObject({ kid: 'vn.police.enc1', suite: 'hybrid' });
      const directory = structuredClone(world.directory);
      directory.nodes[0]!.suites.reverse();
      expect(await new Partners(directory).sealingKey('vn.police', NOW)).toMatchObject({ suite: 'classic' });
    });

    it('of the suite that a signature names, as long as the node takes it', async () => {
      expect(await partners.sealingKey('vn.police', NOW, 'classic')).toMatchObject({ suite: 'classic' });
      const directory = structuredClone(world.directory);
      directory.nodes[0]!.suites = ['hybrid'];
      const stricter = new Partners(directory);
      await expect(stricter.sealingKey('vn.police', NOW, 'classic')).rejects.toMatchObject({ code: 'suite_mismatch' });
      directory.nodes[0]!.suites = [];
      await expect(new Partners(directory).sealingKey('vn.police', NOW)).rejects.toMatchObject({
        code: 'suite_mismatch',
      });
    });

    it('the newest of them', async () => {
      const keys = [
        await entry('b', { notBefore: '2026-11-20T00:00:00Z' }),
        await entry('c', { notBefore: '2026-11-20T00:00:00.500Z' }),
        await entry('a', { notBefore: '2026-11-19T00:00:00Z' }),
      ];
      expect(await chosen(keys)).toBe('c');
      expect(await chosen(keys.toReversed())).toBe('c');
    });

    it.each<[string, Partial<DirectoryEncryptionKey>]>([
      ['retired', { status: 'retired' }],
      ['revoked', { status: 'revoked' }],
      ['not yet valid', { notBefore: '2026-11-22T06:00:01Z' }],
      ['no longer valid', { notAfter: '2026-11-22T06:00:00Z' }],
    ])('but none that is %s', async (_, change) => {
      const unusable = await entry('new', { notBefore: '2026-11-21T00:00:00Z', ...change });
      expect(await chosen([unusable, await entry('old')])).toBe('old');
      await expect(chosen([unusable])).rejects.toMatchObject({ code: 'key_missing' });
    });

    it('and none for a unit that is gone', async () => {
      await expect(partners.sealingKey('vn.forest', NOW)).rejects.toMatchObject({ code: 'unknown_unit' });
      await expect(withUnit({ status: 'historical' }).sealingKey('vn.police', NOW)).rejects.toMatchObject({
        code: 'unknown_unit',
      });
    });

    it('and import it once', async () => {
      expect(await partners.sealingKey('vn.police', NOW)).toBe(await partners.sealingKey('vn.police', NOW));
    });
  });

  describe('find the key that verifies', () => {
    const signing = 'vn.police.sig1';

    it.each([
      ['before its time', EARLY, false],
      ['from its first moment', FIRST, true],
      ['to its last moment', LAST, true],
      ['after its time', LATE, false],
      ['at a time that is none', new Date(Number.NaN), false],
    ])('a message signed %s', async (_, at, found) => {
      expect((await partners.verificationKey('vn.police', signing, at))?.kid).toBe(found ? signing : undefined);
    });

    it.each([
      ['active', true],
      ['retired', true],
      ['revoked', false],
    ] as const)('with a key that is %s', async (status, found) => {
      const key = { ...(await signatureEntry('s')), status };
      expect((await withUnit({ signingKeys: [key] }).verificationKey('vn.police', 's', NOW)) !== undefined).toBe(found);
    });

    it('a message of a unit that is gone: what it signed stays verifiable', async () => {
      expect(await withUnit({ status: 'historical' }).verificationKey('vn.police', signing, NOW)).toBeDefined();
      const merged = withUnit({ status: 'historical', notAfter: NOW.toISOString() });
      const dayBefore = new Date(NOW.getTime() - 86_400_000);
      expect(await merged.verificationKey('vn.police', signing, dayBefore)).toBeDefined();
      expect(await merged.verificationKey('vn.police', signing, NOW)).toBeUndefined();
    });

    it('and none of another unit or for another use', async () => {
      expect(await partners.verificationKey('gb.police', signing, NOW)).toBeUndefined();
      expect(await partners.verificationKey('vn.forest', signing, NOW)).toBeUndefined();
      expect(await partners.verificationKey('vn.police', 'vn.rcpt1', NOW)).toBeUndefined();
      expect(await partners.receiptKey('vn', signing, NOW)).toBeUndefined();
    });

    it('a receipt of a node', async () => {
      expect(await partners.receiptKey('vn', 'vn.rcpt1', NOW)).toMatchObject({ kid: 'vn.rcpt1', algorithm: 'ES256' });
      expect(await partners.receiptKey('gb', 'vn.rcpt1', NOW)).toBeUndefined();
      expect(await partners.receiptKey('la', 'vn.rcpt1', NOW)).toBeUndefined();
      expect(await partners.receiptKey('vn', 'vn.rcpt1', EARLY)).toBeUndefined();
    });
  });

  it.each([
    ['active', 'active'],
    ['retired', 'ended'],
    ['revoked', 'revoked'],
  ] as const)('say of a key of theirs that is %s: %s', async (status, answer) => {
    const key = { ...(await encryptionEntry('k', 'classic')), status };
    expect(withUnit({ encryptionKeys: [key] }).encryptionKeyStatus('vn', 'k', NOW)).toBe(answer);
  });

  it('say of a key whose time is over that it has ended, and of one to come that it is theirs', async () => {
    const key = await encryptionEntry('k', 'classic');
    const within = (times: object) => withUnit({ encryptionKeys: [{ ...key, ...times }] });
    expect(within({ notAfter: NOW.toISOString() }).encryptionKeyStatus('vn', 'k', NOW)).toBe('ended');
    const justBefore = new Date(NOW.getTime() - 1);
    expect(within({ notAfter: NOW.toISOString() }).encryptionKeyStatus('vn', 'k', justBefore)).toBe('active');
    expect(within({ notBefore: key.notAfter }).encryptionKeyStatus('vn', 'k', NOW)).toBe('active');
    const revoked = within({ notAfter: NOW.toISOString(), status: 'revoked' });
    expect(revoked.encryptionKeyStatus('vn', 'k', NOW)).toBe('revoked');
  });

  it('say nothing of a key that is not theirs', () => {
    expect(partners.encryptionKeyStatus('vn', 'gb.police.enc1', NOW)).toBeUndefined();
    expect(partners.encryptionKeyStatus('la', 'vn.police.enc1', NOW)).toBeUndefined();
  });

  it('know whether a signing key stands in the directory at all', () => {
    expect(partners.listsSigningKey('vn', 'vn.police.sig1')).toBe(true);
    expect(partners.listsSigningKey('gb', 'vn.police.sig1')).toBe(false);
    expect(partners.listsSigningKey('vn', 'vn.rcpt1')).toBe(false);
    expect(partners.listsSigningKey('la', 'vn.police.sig1')).toBe(false);
    expect(partners.listsSigningKey(undefined, 'vn.police.sig1')).toBe(false);
  });

  describe('know a node by its TLS certificate', () => {
    const ca = { vn: derOf(certificates.vn.ca), gb: derOf(certificates.gb.ca) };
    const leaf = { vn: der(certificates.vn.leaf), gb: der(certificates.gb.leaf), other: der(certificates.vn.unpinned) };

    const AT = new Date('2026-12-01T00:00:00Z');

    it('when its key is pinned and it chains to its own CA', () => {
      expect(partners.identify([leaf.vn, ca.vn], AT)).toEqual({ node: 'vn', until: new Date('2027-12-25T03:08:53Z') });
      expect(partners.identify([leaf.gb, ca.gb], AT)).toEqual({ node: 'gb', until: new Date('2027-12-25T03:09:04Z') });
      expect(spkiDigest(leaf.vn)).toBe(certificates.vn.spki);
    });

    it.each<[string, readonly Uint8Array[], Identified]>([
      ['no certificate', [], { fault: 'no_certificate' }],
      ['a chain of the CA of another partner', [leaf.vn, ca.gb], { fault: 'authority_not_pinned', claimed: 'vn' }],
      ['a key that is not pinned, under the right CA', [leaf.other, ca.vn], { fault: 'key_not_pinned', claimed: 'vn' }],
      ['a pinned key without its CA', [leaf.gb], { fault: 'authority_not_pinned', claimed: 'gb' }],
      ['the CA itself', [ca.gb], { fault: 'key_not_pinned', claimed: 'gb' }],
      ['a key and a CA of nobody', [leaf.other], { fault: 'key_not_pinned' }],
    ])('and nobody by %s, but say whom it claims to be', (_, chain, identified) => {
      expect(partners.identify(chain, AT)).toEqual(identified);
    });

    it('only while the certificates are in time', () => {
      expect(partners.identify([leaf.vn, ca.vn], NOW)).toEqual({ fault: 'out_of_time', claimed: 'vn' });
    });
  });
});

describe('isValidAt', () => {
  it('is true from the first moment to just before the last, unless revoked', async () => {
    const key: DirectoryKey = await signatureEntry('k');
    expect([EARLY, FIRST, LAST, LATE].map((at) => isValidAt(key, at))).toEqual([false, true, true, false]);
    expect(isValidAt({ ...key, status: 'retired' }, NOW)).toBe(true);
    expect(isValidAt({ ...key, status: 'revoked' }, NOW)).toBe(false);
  });
});
