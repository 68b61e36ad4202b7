import {
  decryptAtRest,
  digestOf,
  importVerificationKey,
  manifests,
  open,
  padmeLength,
  readReceipt,
  unpad,
} from '../../libs/envelope';
import { type Directory } from '../../libs/schema';
import { adoptDirectory, isValidAt } from '../../libs/trust';
import { makeVectors } from './make-vectors';
import { openingContext } from './opening';
import {
  readVectors,
  type ManifestVectors,
  type MessageVectors,
  type ReceiptVectors,
  type Vectors,
} from './vector-format';

const bytes = (text: string) => Buffer.from(text, 'base64url');

describe.each(['message-hybrid.json', 'message-classic.json'] as const)('%s', (file) => {
  const vectors = readVectors(file);

  it('has a good number of twins', () => {
    expect(vectors.tampered.length).toBeGreaterThanOrEqual(12);
  });

  it.each(vectors.valid.map((row) => [row.name, row] as const))('opens: %s', async (_, row) => {
    expect(await openedRow(vectors, row)).toEqual(row);
  });

  it.each(vectors.tampered.map((row) => [row.name, row.code, row] as const))('refuses %s: %s', async (_, code, row) => {
    const context = openingContext(vectors, row.circumstances);
    await expect(open(row.token, context)).rejects.toMatchObject({ code });
  });
});

/** What opening gives, in the form in which a valid row says it. */
async function openedRow(vectors: MessageVectors, { name, token }: MessageVectors['valid'][number]) {
  const { message, original, outer, inner } = await open(token, openingContext(vectors));
  const payload = bytes(original.split('.')[1]!).toString();
  expect(message).toEqual(JSON.parse(payload));
  return { name, token, digest: digestOf(token), payload, original, outer, inner };
}

describe('receipts.json', () => {
  const vectors = readVectors('receipts.json');

  it.each(vectors.valid.map((row) => [row.name, row] as const))('reads: %s', async (_, { token, receipt }) => {
    expect(await read(vectors, token)).toEqual({ ...receipt, at: new Date(receipt.at) });
  });

  it.each(vectors.tampered.map((row) => [row.name, row.code, row.token] as const))(
    'refuses %s: %s',
    async (_, code, token) => {
      await expect(read(vectors, token)).rejects.toMatchObject({ code });
    },
  );
});

function read({ keys }: ReceiptVectors, token: string) {
  return readReceipt(token, async (node, kid, at) => {
    const key = keys.find((candidate) => candidate.node === node && candidate.kid === kid);
    return key && isValidAt(key, at) ? importVerificationKey(kid, key.jwk) : undefined;
  });
}

describe('manifests.json', () => {
  const vectors = readVectors('manifests.json');

  it.each(vectors.valid.map((row) => [row.name, row] as const))('reads: %s', async (_, { token, claims }) => {
    expect(await readManifest(vectors, token)).toEqual(claims);
  });

  it.each(vectors.tampered.map((row) => [row.name, row.code, row.token] as const))(
    'refuses %s: %s',
    async (_, code, token) => {
      await expect(readManifest(vectors, token)).rejects.toMatchObject({ code });
    },
  );

  it('writes messages as leaves, and trees of them as roots', () => {
    const tree = new manifests.MerkleTree();
    const roots = [tree.root()];
    for (const { leaf, ...entry } of vectors.leaves) {
      expect(Buffer.from(manifests.manifestLeaf(entry))).toEqual(bytes(leaf));
      tree.add(bytes(leaf));
      roots.push(tree.root());
    }
    expect(roots).toEqual(vectors.roots);
    expect(vectors.valid[0]!.claims.sent).toEqual({ count: 3, total: 1003, root: roots[3] });
  });
});

function readManifest({ keys }: ManifestVectors, token: string) {
  return manifests.readManifest(token, async (node, kid, at) => {
    const key = keys.find((candidate) => candidate.node === node && candidate.kid === kid);
    return key && isValidAt(key, at) ? importVerificationKey(kid, key.jwk) : undefined;
  });
}

describe('directory.json', () => {
  const { anchor, documents, now, valid, tampered } = readVectors('directory.json');
  const signed = (name: string) => Buffer.from(documents[name]!);
  const inForce = (name: string | undefined) => {
    if (name === undefined) return undefined;
    const { payload } = JSON.parse(documents[name]!) as { payload: string };
    return { signed: signed(name), directory: JSON.parse(bytes(payload).toString()) as Directory };
  };

  it.each(valid.map((row) => [row.name, row] as const))('adopts %s', async (_, row) => {
    const adopted = await adoptDirectory(signed(row.document), anchor, new Date(now), inForce(row.inForce));
    expect(adopted).toEqual(inForce(row.document)!.directory);
    expect(adopted.version).toBe(row.version);
  });

  it.each(tampered.map((row) => [row.name, row.code, row] as const))('refuses %s: %s', async (_, code, row) => {
    const adopting = adoptDirectory(signed(row.document), anchor, new Date(row.now ?? now), inForce(row.inForce));
    await expect(adopting).rejects.toMatchObject({ code });
  });
});

describe('padding.json', () => {
  const { lengths, valid, tampered } = readVectors('padding.json');

  it.each(lengths)('%d bytes become %d', (length, padded) => {
    expect(padmeLength(length)).toBe(padded);
  });

  it.each(valid.map((row) => [row.name, row] as const))('takes the padding off %s', (_, { content, padded }) => {
    expect(Buffer.from(unpad(bytes(padded)))).toEqual(bytes(content));
  });

  it.each(tampered.map((row) => [row.name, row] as const))('refuses %s', (_, { code, padded }) => {
    expect(() => unpad(bytes(padded))).toThrow(expect.objectContaining({ code }));
  });
});

describe('at-rest.json', () => {
  const { keys, valid, tampered } = readVectors('at-rest.json');

  it.each(valid.map((row) => [row.name, row] as const))('decrypts %s', (_, { key, row, stored, plaintext }) => {
    expect(Buffer.from(decryptAtRest(bytes(keys[key]!), bytes(stored), row))).toEqual(bytes(plaintext));
  });

  it.each(tampered.map((row) => [row.name, row] as const))('refuses it %s', (_, { key, row, stored, code }) => {
    expect(() => decryptAtRest(bytes(keys[key]!), bytes(stored), row)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the program that made the vectors', () => {
  it('still makes messages that open', async () => {
    const vectors = await makeVectors('message-classic.json');
    for (const row of vectors.valid) expect(await openedRow(vectors, row)).toEqual(row);
  });

  it.each([
    'message-hybrid.json',
    'receipts.json',
    'manifests.json',
    'directory.json',
    'padding.json',
    'at-rest.json',
  ] as const)('still makes the rows of %s, and none that the file lacks', async (file: keyof Vectors) => {
    const names = (vectors: Vectors[keyof Vectors]) =>
      [...vectors.valid, ...vectors.tampered].map(({ name }) => name).sort();
    expect(names(await makeVectors(file))).toEqual(names(readVectors(file)));
  });
});
