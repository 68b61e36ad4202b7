import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { openBackup, sealBackup } from '../../apps/cli/backup/container';
import { readParts, writeParts, type BackupFacts, type Manifest } from '../../apps/cli/backup/parts';
import { makeRecipient, readOpener, readRecipient, type RecipientKey } from '../../apps/cli/backup/recipient';
import { CHUNK_BYTES, SEAL_BYTES } from '../../libs/attachments';
import { SUITE_NAMES } from '../../libs/envelope';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

const FACTS: BackupFacts = {
  format: 1,
  node: 'vn',
  madeAt: '2026-11-29T00:00:00.000Z',
  database: 'trao_vn',
  schema: { newest: 'Newest9', count: 9 },
  postgres: { server: 15, tool: 15 },
  roles: ['trao_vn_worker'],
};

const folder = makeTempFolder('backup-file');
afterAll(() => removeTempFolder(folder));

async function* streamOf(...blocks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* blocks;
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const blocks = [];
  for await (const block of source) blocks.push(block);
  return Buffer.concat(blocks);
}

/** Bytes that cannot be compressed or guessed, the same each time. */
function noise(length: number, seed: string): Buffer {
  const blocks = [];
  for (let at = 0; at < length; at += 32) blocks.push(createHash('sha256').update(`${seed}${at}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

async function keysOf(
  suite: (typeof SUITE_NAMES)[number],
  name: string,
): Promise<{ to: RecipientKey; by: RecipientKey }> {
  const file = path.join(folder, `${name}.json`);
  const { publicFile } = await makeRecipient(file, suite);
  return { to: await readRecipient(publicFile), by: await readOpener(file) };
}

const DAMAGED = { code: 'backup_damaged' };

describe.each(SUITE_NAMES)('the file of a backup, key of suite %s', (suite) => {
  let keys: Awaited<ReturnType<typeof keysOf>>;
  beforeAll(async () => {
    keys = await keysOf(suite, suite);
  });

  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])(
    'gives back %d bytes as they were',
    async (length) => {
      const plain = noise(length, 'length');
      const sealed = await all(sealBackup(streamOf(plain.subarray(0, 7), plain.subarray(7)), keys.to));
      expect((await all(openBackup(streamOf(sealed), keys.by))).equals(plain)).toBe(true);
    },
  );

  it('opens by the key that it is for and by no other, and says which', async () => {
    const other = await keysOf(suite, `${suite}-other`);
    const sealed = await all(sealBackup(streamOf(noise(100, 'x')), keys.to));
    await expect(all(openBackup(streamOf(sealed), other.by))).rejects.toMatchObject({
      code: 'backup_locked',
      detail: expect.stringContaining(keys.to.kid) as string,
    });
  });

  it('notices every bit that is changed in its head and at the edges of its chunks', async () => {
    const plain = noise(CHUNK_BYTES + 300, 'flip');
    const sealed = await all(sealBackup(streamOf(plain), keys.to));
    const head = sealed.indexOf(0x0a, sealed.indexOf(0x0a) + 1) + 1;
    const first = head + CHUNK_BYTES + SEAL_BYTES;
    const places = [
      ...Array.from({ length: 60 }, (_, n) => Math.floor((n * head) / 60)),
      head,
      head + 1,
      head + 13,
      head + SEAL_BYTES,
      first - 1,
      first,
      first + 13,
      first + SEAL_BYTES,
      sealed.length - 1,
    ];
    for (const place of places) {
      const flipped = Buffer.from(sealed);
      flipped[place]! ^= 1;
      await expect(all(openBackup(streamOf(flipped), keys.by))).rejects.toMatchObject({
        code: expect.stringMatching(/^backup_(damaged|locked)$/) as string,
      });
    }
  });

  it('notices chunks that are missing, swapped, twice, of another file, and what follows the last', async () => {
    const size = CHUNK_BYTES + SEAL_BYTES;
    const seal = (seed: string) => all(sealBackup(streamOf(noise(2 * CHUNK_BYTES + 50, seed)), keys.to));
    const [one, two] = [await seal('one'), await seal('two')];
    const head = one.length - 2 * size - 50 - SEAL_BYTES;
    const chunk = (of: Buffer, n: number) => of.subarray(head + n * size, Math.min(head + (n + 1) * size, of.length));
    const [a, b, last] = [chunk(one, 0), chunk(one, 1), chunk(one, 2)];
    const start = one.subarray(0, head);
    const wrong = {
      'last missing': [start, a, b],
      'first missing': [start, b, last],
      'cut off within a chunk': [start, a, b.subarray(0, 1000)],
      'no chunk at all': [start],
      swapped: [start, b, a, last],
      twice: [start, a, a, last],
      'of another file': [start, chunk(two, 0), b, last],
      'under another head': [two.subarray(0, head), a, b, last],
      'more after the last': [start, a, b, last, Buffer.from('x')],
      'a chunk after the last': [start, a, b, last, chunk(two, 0)],
    };
    for (const [how, blocks] of Object.entries(wrong))
      await expect(all(openBackup(streamOf(...blocks), keys.by)).then(() => how)).rejects.toMatchObject(DAMAGED);
  });

  it('is no file that anything else makes', async () => {
    for (const text of [
      '',
      'trao-backup/1\n',
      'trao-backup/2\nx\n',
      'PGDMP',
      `trao-backup/1\n${'a'.repeat(9000)}`,
      'trao-backup/1\na.b.c.d.e\n',
    ])
      await expect(all(openBackup(streamOf(Buffer.from(text)), keys.by))).rejects.toMatchObject(DAMAGED);
  });
});

describe('keys of backups', () => {
  it('are made as two files, the private one for its owner only', async () => {
    const file = path.join(folder, 'pair.json');
    const { kid, publicFile } = await makeRecipient(file, 'hybrid');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = await readFile(publicFile, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ kid, kty: 'AKP' });
    expect(text).not.toContain('priv"');
    await expect(makeRecipient(file, 'hybrid')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('are not taken for each other, and nothing else is taken for one', async () => {
    const file = path.join(folder, 'roles.json');
    const { publicFile } = await makeRecipient(file, 'classic');
    await expect(readRecipient(file)).rejects.toMatchObject({ code: 'bad_key' });
    await expect(readOpener(publicFile)).rejects.toMatchObject({ code: 'bad_key' });
    const put = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };
    for (const text of [
      '{}',
      '[]',
      'null',
      '"x"',
      '{"kty":"RSA","n":"AQAB","e":"AQAB"}',
      '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}',
    ])
      await expect(readRecipient(put('wrong.json', text))).rejects.toMatchObject({ code: 'bad_key' });
    await expect(readRecipient(put('wrong.json', '{'))).rejects.toMatchObject({ code: 'malformed_json' });
    await expect(readRecipient(path.join(folder, 'nowhere.json'))).rejects.toMatchObject({ code: 'bad_request' });
  });
});

describe('the parts of a backup', () => {
  const part = (name: string, ...blocks: readonly Uint8Array[]) => ({ name, content: streamOf(...blocks) });

  async function read(stream: AsyncIterable<Uint8Array>): Promise<{ parts: Map<string, Buffer>; manifest: Manifest }> {
    const parts = new Map<string, Buffer>();
    let manifest: Manifest | undefined;
    for await (const piece of readParts(stream)) {
      if ('begin' in piece) parts.set(piece.begin, Buffer.alloc(0));
      else if ('block' in piece) parts.set(piece.part, Buffer.concat([parts.get(piece.part)!, piece.block]));
      else manifest = piece.manifest;
    }
    return { parts, manifest: manifest! };
  }

  it('come back as they were, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 5 }),
        fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (names, blocks, cut) => {
          const given = names.map((name) => part(`keys/worker/${name}.key`, ...blocks));
          const plain = await all(writeParts([...given, part('database', ...blocks)], FACTS));
          const cuts = [];
          for (let at = 0; at < plain.length; at += cut) cuts.push(plain.subarray(at, at + cut));
          const { parts, manifest } = await read(streamOf(...cuts));
          expect([...parts.keys()]).toEqual([...names.map((name) => `keys/worker/${name}.key`), 'database']);
          for (const bytes of parts.values()) expect(bytes).toEqual(Buffer.concat(blocks));
          expect(manifest).toMatchObject(FACTS);
          expect(manifest.parts.map(({ name }) => name)).toEqual([...parts.keys()]);
        },
      ),
    );
  });

  it.each([
    '../evil',
    'keys/../../etc/passwd',
    'keys/worker/..',
    'keys/./x/y',
    'files/directory/../x',
    '/etc/passwd',
    'keys/a b/c',
    'keys/worker/x\u0000y',
    'database/x',
    'files/x',
    '',
  ])('have no name that leads elsewhere: %j', async (name) => {
    await expect(all(writeParts([part(name, Buffer.from('x'))], FACTS))).rejects.toMatchObject({ code: 'bad_request' });
    // One that somebody else has written.
    const head = Buffer.alloc(5);
    head.writeUInt8(0x50);
    head.writeUInt32BE(Buffer.byteLength(name), 1);
    await expect(read(streamOf(head, Buffer.from(name)))).rejects.toMatchObject(DAMAGED);
  });

  it('are exactly those of the manifest, and it is the end', async () => {
    const one = part('database', Buffer.from('rows'));
    const whole = await all(writeParts([part('files/anchor/a.json', Buffer.from('anchor')), one], FACTS));
    const at = (text: string) => whole.indexOf(text);
    const changed = (where: number, to: string) =>
      Buffer.concat([whole.subarray(0, where), Buffer.from(to), whole.subarray(where + to.length)]);
    for (const wrong of [
      whole.subarray(0, -1),
      whole.subarray(0, at('M') - 0),
      Buffer.concat([whole, Buffer.from('D\u0000\u0000\u0000\u0000')]),
      Buffer.concat([whole, whole]),
      changed(at('rows'), 'Rows'),
      changed(whole.lastIndexOf('"bytes":4'), '"bytes":5'),
      changed(at('P'), 'X'),
      changed(at('P'), 'D'),
      changed(whole.lastIndexOf('"format":1'), '"format":2'),
      Buffer.concat([Buffer.from('D\u00ff\u00ff\u00ff\u00ff', 'latin1'), whole]),
      Buffer.alloc(0),
    ])
      await expect(read(streamOf(wrong))).rejects.toMatchObject(DAMAGED);
  });
});
