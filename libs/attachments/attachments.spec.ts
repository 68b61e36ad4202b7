import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  assertFileType,
  chunkCount,
  extensionOf,
  FILE_STATES,
  FILE_STEPS,
  fitsName,
  MIME_TYPES,
  mimeOf,
  openChunk,
  openFile,
  PasswordWatch,
  recut,
  SEAL_BYTES,
  sealChunk,
  sealedLength,
  verifyFile,
  type FileKey,
} from '.';
import { codeList } from '../schema';
import { digestOf } from '../envelope';

const FILE_ID = '01a1c0a0-91d8-7f7c-8fa6-31639aae99ac';
const CHUNK = 64;

async function* of(...pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

function sealed(plain: Uint8Array, fileId = FILE_ID, key: Uint8Array = randomBytes(32)) {
  const file: FileKey = { fileId, key, bytes: plain.length, chunkBytes: CHUNK };
  const count = chunkCount(file);
  const chunks = Array.from({ length: count }, (_, number) =>
    sealChunk(key, plain.subarray(number * CHUNK, (number + 1) * CHUNK), {
      fileId,
      number,
      last: number === count - 1,
    }),
  );
  return { file, chunks };
}

const damaged = { code: 'file_damaged' };

describe('a sealed file', () => {
  it('opens to the same bytes, however its pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 200 }),
        async (plain, cut) => {
          const { file, chunks } = sealed(plain);
          const stream = Buffer.concat(chunks);
          expect(stream.length).toBe(sealedLength(file));
          const opened = await all(openFile(file, recut(of(stream), cut)));
          expect(opened.equals(plain)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hides what is in it', () => {
    const plain = Buffer.alloc(CHUNK * 3, 'the name of a person ');
    const { chunks } = sealed(plain);
    expect(Buffer.concat(chunks).includes('name of a person')).toBe(false);
    expect(new Set(chunks.map((chunk) => Buffer.from(chunk.subarray(SEAL_BYTES)).toString('hex'))).size).toBe(3);
  });

  const plain = randomBytes(CHUNK * 3 + 5);
  const changes: Record<string, (chunks: Uint8Array[]) => Uint8Array[]> = {
    'without its last chunk': (c) => c.slice(0, -1),
    'without a chunk in the middle': (c) => [c[0]!, ...c.slice(2)],
    'without anything': () => [],
    'with two chunks in each other’s place': (c) => [c[1]!, c[0]!, ...c.slice(2)],
    'with a chunk twice': (c) => [c[0]!, ...c],
    'with bytes behind its end': (c) => [...c, Buffer.of(1)],
    'with a chunk behind its end': (c) => [...c, c[3]!],
    'with a changed byte': (c) => c.map((chunk, i) => (i === 1 ? Buffer.from(chunk).fill(7, 40, 41) : chunk)),
    'with a chunk of another file': (c) => [
      c[0]!,
      sealed(plain, '01a1c0a0-91d8-7f7c-8fa6-31639aae99ad').chunks[1]!,
      ...c.slice(2),
    ],
    'with a chunk under another key': (c) => [c[0]!, sealed(plain).chunks[1]!, ...c.slice(2)],
    'with its last byte cut off': (c) => [...c.slice(0, -1), c[3]!.subarray(0, -1)],
  };

  it.each(Object.entries(changes))('does not open %s', async (_what, change) => {
    const { file, chunks } = sealed(plain);
    await expect(all(openFile(file, of(...change(chunks))))).rejects.toMatchObject(damaged);
  });

  it('does not open as one of another length', async () => {
    const { file, chunks } = sealed(plain);
    for (const bytes of [plain.length - 1, plain.length + 1, CHUNK])
      await expect(all(openFile({ ...file, bytes }, of(...chunks)))).rejects.toMatchObject(damaged);
  });

  it('does not let a chunk be the last that is not', () => {
    const { file, chunks } = sealed(plain);
    const place = { fileId: FILE_ID, number: 0, last: false };
    expect(Buffer.from(openChunk(file.key, chunks[0]!, place)).equals(plain.subarray(0, CHUNK))).toBe(true);
    expect(() => openChunk(file.key, chunks[0]!, { ...place, last: true })).toThrow(expect.objectContaining(damaged));
  });
});

describe('what a message says of a file', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(200)]);
  const promised = { sha256: digestOf(png), mime: 'image/png' } as const;

  it('is held against what came', async () => {
    const { file, chunks } = sealed(png);
    await expect(verifyFile(file, promised, of(...chunks))).resolves.toBeUndefined();
  });

  it.each([
    ['digest', { ...promised, sha256: digestOf('other') }],
    ['type', { ...promised, mime: 'application/pdf' as const }],
  ])('is refused with another %s', async (_what, other) => {
    const { file, chunks } = sealed(png);
    await expect(verifyFile(file, other, of(...chunks))).rejects.toMatchObject(damaged);
  });
});

describe('the type of a file', () => {
  const HEADS = {
    'application/pdf': Buffer.from('%PDF-1.7\n'),
    'image/jpeg': Buffer.from('ffd8ffe000104a464946', 'hex'),
    'image/png': Buffer.from('89504e470d0a1a0a0000', 'hex'),
  } as const;

  it('is one of those that the contract lists', () => {
    expect(MIME_TYPES.toSorted()).toEqual(
      codeList('mimeType')!
        .entries.map(({ code }) => code)
        .toSorted(),
    );
  });

  it.each(MIME_TYPES)('is known by its first bytes: %s', (mime) => {
    expect(mimeOf(HEADS[mime])).toBe(mime);
    expect(() => assertFileType(mime, HEADS[mime])).not.toThrow();
    for (const other of MIME_TYPES.filter((each) => each !== mime))
      expect(() => assertFileType(other, HEADS[mime])).toThrow(expect.objectContaining({ code: 'file_type' }));
  });

  it.each(['MZ\x90\x00', '<!DOCTYPE html>', '<svg xmlns', 'PK\x03\x04', 'GIF89a', '', '%PD', ' %PDF-1.7'])(
    'is none for what begins with %j',
    (text) => {
      expect(mimeOf(Buffer.from(text, 'latin1'))).toBeUndefined();
    },
  );

  it('has to fit the end of the name', () => {
    expect(fitsName('image/jpeg', 'Ảnh.JPG')).toBe(true);
    expect(fitsName('image/jpeg', 'a.jpeg')).toBe(true);
    expect(fitsName('application/pdf', 'report.pdf.exe')).toBe(false);
    expect(fitsName('application/pdf', 'report')).toBe(false);
    for (const mime of MIME_TYPES) expect(fitsName(mime, `x.${extensionOf(mime)}`)).toBe(true);
  });
});

describe('a password', () => {
  const seenIn = (...pieces: readonly string[]) => {
    const watch = new PasswordWatch();
    for (const piece of pieces) watch.look(Buffer.from(piece, 'latin1'));
    return watch.found;
  };

  it.each([
    ['a trailer', ['%PDF-1.4 … trailer << /Root 1 0 R /Encrypt 12 0 R /ID [] >>']],
    ['a dictionary in the trailer', ['<</Root 1 0 R/Encrypt<</Filter/Standard>>>>']],
    ['a cut', ['trailer << /Encr', 'ypt 12 ', '0 R >>']],
    ['line ends', ['/Encrypt\r\n12\r\n0\r\nR']],
    ['what came before it', ['/Encrypt 1 0 R', 'nothing']],
  ])('is seen in %s', (_where, pieces) => {
    expect(seenIn(...pieces)).toBe(true);
  });

  it.each([['/Encrypt is a word'], ['/EncryptMetadata true'], ['Encrypt 1 0 R'], ['']])('is not seen in %j', (text) => {
    expect(seenIn(text)).toBe(false);
  });
});

describe('the life of a file', () => {
  it('reaches every state, and ends', () => {
    const reached = new Set<string>(['uploading', 'awaiting']);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const state of FILE_STATES) if (reached.has(state)) for (const next of FILE_STEPS[state]) reached.add(next);
    }
    expect([...reached].toSorted()).toEqual([...FILE_STATES].toSorted());
    expect(FILE_STATES.filter((state) => FILE_STEPS[state].length === 0)).toEqual(['clean', 'infected', 'damaged']);
  });
});
