import {
  addSignature,
  adoptDirectory,
  documentFingerprint,
  keepSignatures,
  mergeSignatures,
  proposeDirectory,
  readDirectory,
  samePayload,
  signDirectory,
  signersOf,
  voicesOf,
  writeDirectory,
} from '.';
import { countersign, importVerificationKey } from '../envelope';
import { glanceAt } from './directory-document';
import { governor, makeWorld, NOW, type World } from './fixtures/world';

describe('a proposal that countries sign one after the other', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  const anchor = () => ({ trustDomain: 'test' as const, governance: world.directory.governance });
  const proposal = async () => Buffer.from(await proposeDirectory(world.directory));
  const signedBy = async (...countries: ('vn' | 'gb' | 'la')[]) => {
    let { document } = await readDirectory(await proposal());
    for (const country of countries) document = await addSignature(document, world.governors[country]);
    return document;
  };
  const textOf = (document: Parameters<typeof writeDirectory>[0]) => Buffer.from(writeDirectory(document));
  const voices = async (document: Parameters<typeof writeDirectory>[0]) =>
    voicesOf(await signersOf(document, world.directory.governance, NOW));

  it('carries the document and no signature, and can be read again', async () => {
    const { directory, document } = await readDirectory(await proposal());
    expect(directory).toEqual(world.directory);
    expect(document.signatures).toEqual([]);
    expect(Buffer.from(document.payload).toString()).toBe(JSON.stringify(world.directory));
    await expect(adoptDirectory(await proposal(), anchor(), NOW)).rejects.toMatchObject({
      code: 'directory_below_threshold',
      detail: 'Needed: 2; valid: none.',
    });
  });

  it('is refused with all its faults before anybody signs it', async () => {
    const bad = structuredClone(world.directory);
    bad.nodes[0]!.units[0]!.id = 'gb.forest';
    bad.nodes[1]!.receiptKeys[0]!.jwk = bad.nodes[0]!.receiptKeys[0]!.jwk;
    bad.nodes[1]!.units[0]!.encryptionKeys[0]!.suite = 'classic';
    bad.nodes[1]!.units[1]!.id = 'gb.police';
    await expect(proposeDirectory(bad)).rejects.toMatchObject({
      code: 'directory_key_reused',
      detail: 'The first fault is at /nodes/1/receiptKeys/0.',
      faults: [
        {
          pointer: '/nodes/1/receiptKeys/0',
          code: 'key_in_two_places',
          rule: expect.stringContaining('/nodes/0/receiptKeys/0'),
        },
        { pointer: '/nodes/1/units/0/encryptionKeys/0/suite', code: 'suite_of_another_key' },
        { pointer: '/nodes/0/units/0/id', code: 'not_of_this_node' },
        { pointer: '/nodes/1/units/1/id', code: 'id_in_two_places' },
      ],
    });
    await expect(proposeDirectory({ ...bad, version: 0 })).rejects.toMatchObject({ code: 'directory_malformed' });
  });

  it('may be large, and names its faults when it is read as well', async () => {
    const signed = async (payload: string) =>
      Buffer.from(await countersign(Buffer.from(payload), 'trao-directory+jws', []));
    const large = JSON.stringify(world.directory) + ' '.repeat(1_500_000);
    expect((await readDirectory(await signed(large))).directory).toEqual(world.directory);
    expect(glanceAt(await signed(large)).version).toBe(7);
    const bad = structuredClone(world.directory);
    bad.nodes[0]!.units[0]!.id = 'gb.forest';
    bad.nodes[1]!.units[0]!.id = 'vn.forest';
    await expect(readDirectory(await signed(JSON.stringify(bad)))).rejects.toMatchObject({
      code: 'directory_malformed',
      detail: 'The first fault is at /nodes/0/units/0/id.',
      faults: [{ code: 'not_of_this_node' }, { code: 'not_of_this_node' }],
      cause: { code: 'directory_malformed' },
    });
    const early = await readDirectory(await signed('{')).catch((error: unknown) => error);
    expect(early).toMatchObject({ code: 'directory_malformed', detail: undefined, cause: { code: 'malformed_json' } });
    expect(() => glanceAt(Buffer.from('{'))).toThrow(expect.objectContaining({ code: 'directory_malformed' }));
  });

  it('gathers signatures over the same bytes until it can be adopted', async () => {
    const one = await signedBy('vn');
    expect(await voices(one)).toEqual(['vn']);
    const two = await signedBy('vn', 'gb');
    expect(await voices(two)).toEqual(['vn', 'gb']);
    expect(documentFingerprint(two.payload)).toBe(
      documentFingerprint((await readDirectory(await proposal())).document.payload),
    );
    expect(await adoptDirectory(textOf(two), anchor(), NOW)).toEqual(world.directory);
    // What two countries sign one after the other is what they sign together.
    const together = await readDirectory(Buffer.from(await signDirectory(world.directory, [world.governors.vn])));
    expect(samePayload(together.document, two)).toBe(true);
  });

  it('is one again out of copies that were signed apart, each signature once', async () => {
    const [vn, gb] = [await signedBy('vn'), await signedBy('gb')];
    const merged = mergeSignatures([vn, gb, vn]);
    expect(merged.signatures).toEqual([...vn.signatures, ...gb.signatures]);
    expect(await adoptDirectory(textOf(merged), anchor(), NOW)).toEqual(world.directory);
    expect(mergeSignatures([vn])).toEqual(vn);
  });

  it('is not merged with another document', async () => {
    const other = Buffer.from(await signDirectory({ ...world.directory, version: 8 }, [world.governors.gb]));
    const { document } = await readDirectory(other);
    const vn = await signedBy('vn');
    expect(samePayload(document, vn)).toBe(false);
    expect(() => mergeSignatures([vn, document])).toThrow(expect.objectContaining({ code: 'directory_fork' }));
  });

  it('can be freed from signatures that nobody asked for, and from bad ones', async () => {
    const stranger = await governor('ph', 'vn.gov1'); // calls its key as Viet Nam does
    const bad = await addSignature(await signedBy('gb'), stranger.key);
    const keys = await Promise.all(
      world.directory.governance.keys.map(({ kid, jwk }) => importVerificationKey(kid, jwk)),
    );
    expect(keepSignatures(bad, keys).signatures).toEqual((await signedBy('gb')).signatures);
    expect(keepSignatures(bad, [])).toEqual({ payload: bad.payload, signatures: [] });
  });

  it('tells of every governance key whether it has signed', async () => {
    const stranger = await governor('ph', 'la.gov1');
    const document = await addSignature(await signedBy('vn'), stranger.key);
    const governance = structuredClone(world.directory.governance);
    expect(await signersOf(document, governance, NOW)).toEqual([
      { node: 'vn', kid: 'vn.gov1', verdict: 'signed' },
      { node: 'gb', kid: 'gb.gov1', verdict: 'missing' },
      { node: 'la', kid: 'la.gov1', verdict: 'bad' },
    ]);
    governance.keys[0]!.status = 'revoked';
    const [vn] = await signersOf(document, governance, NOW);
    expect(vn).toEqual({ node: 'vn', kid: 'vn.gov1', verdict: 'not_valid' });
    expect(
      voicesOf([vn!, { node: 'gb', kid: 'a', verdict: 'signed' }, { node: 'gb', kid: 'b', verdict: 'signed' }]),
    ).toEqual(['gb']);
  });
});
