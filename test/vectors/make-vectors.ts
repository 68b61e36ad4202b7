import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeBase64url, encryptAtRest, newCaseKey, pad, padmeLength } from '../../libs/envelope';
import { makeDirectories } from './make-directories';
import { makeManifests } from './make-manifests';
import { makeMessages } from './make-messages';
import { makeReceipts } from './make-receipts';
import { type AtRestVectors, type PaddingVectors, type Vectors } from './vector-format';

/**
 * Made the files in this folder. Keys and random numbers are new in each run, so the files cannot be made again: what is there
 * stays, for old vectors stay green for ever; `--renew` replaces it, which is right only before the first release of a format.
 *
 *   node -r ./libs/launcher/fixtures/from-source.cjs test/vectors/make-vectors.ts [--renew]
 */
const MAKERS: { readonly [F in keyof Vectors]: () => Vectors[F] | Promise<Vectors[F]> } = {
  'message-hybrid.json': () => makeMessages('hybrid'),
  'message-classic.json': () => makeMessages('classic'),
  'receipts.json': makeReceipts,
  'manifests.json': makeManifests,
  'directory.json': makeDirectories,
  'padding.json': makePadding,
  'at-rest.json': makeAtRest,
};

/** New vectors for one file. */
export async function makeVectors<F extends keyof Vectors>(file: F): Promise<Vectors[F]> {
  return MAKERS[file]();
}

function makePadding(): PaddingVectors {
  const lengths = [
    0, 1, 2047, 2048, 2049, 2100, 4095, 4096, 4097, 10_000, 65_535, 65_536, 65_537, 1_000_000, 1_048_576,
  ];
  const powers = Array.from({ length: 12 }, (_, at) => 3 * 2 ** (at + 10) + 1);
  const base64url = (bytes: Uint8Array) => encodeBase64url(bytes);
  const block = (change: (bytes: Buffer) => unknown) => {
    const bytes = Buffer.from(pad(Buffer.from('Trao')));
    return base64url((change(bytes) as Buffer | undefined) ?? bytes);
  };
  return {
    lengths: [...lengths, ...powers].map((length) => [length, padmeLength(length)] as const),
    valid: [
      { name: 'nothing', content: '', padded: base64url(pad(Buffer.alloc(0))) },
      { name: 'four bytes', content: base64url(Buffer.from('Trao')), padded: block(() => undefined) },
      { name: 'to the brim', content: base64url(Buffer.alloc(2044, 7)), padded: base64url(pad(Buffer.alloc(2044, 7))) },
      { name: 'one over', content: base64url(Buffer.alloc(2045, 7)), padded: base64url(pad(Buffer.alloc(2045, 7))) },
    ],
    tampered: [
      { name: 'a byte at the end', code: 'bad_padding', padded: block((bytes) => void bytes.writeUInt8(1, 2047)) },
      { name: 'a byte behind the content', code: 'bad_padding', padded: block((bytes) => void bytes.writeUInt8(1, 8)) },
      {
        name: 'a shorter length than the content',
        code: 'bad_padding',
        padded: block((bytes) => void bytes.writeUInt32BE(3)),
      },
      {
        name: 'a length beyond the end',
        code: 'bad_padding',
        padded: block((bytes) => void bytes.writeUInt32BE(2045)),
      },
      { name: 'one byte more', code: 'bad_padding', padded: block((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])) },
      { name: 'one byte less', code: 'bad_padding', padded: block((bytes) => bytes.subarray(1)) },
      {
        name: 'the next block size',
        code: 'bad_padding',
        padded: block((bytes) => Buffer.concat([bytes, Buffer.alloc(64)])),
      },
    ],
  };
}

function makeAtRest(): AtRestVectors {
  const row = ['case_event', 'vn.mps-criminal', 'cb9d2806-fdca-42b5-82bd-1f1136fdc44b', 'message-1', 'original'];
  const keys = { case1: newCaseKey(), case2: newCaseKey() };
  const texts = { 'Vietnamese text': 'Nguyễn Thị Ánh', 'an empty text': '' };
  const valid = Object.entries(texts).map(([name, text]) => ({
    name,
    key: 'case1',
    row,
    plaintext: encodeBase64url(Buffer.from(text)),
    stored: encodeBase64url(encryptAtRest(keys.case1, Buffer.from(text), row)),
  }));
  const stored = Buffer.from(valid[0]!.stored, 'base64url');
  const moved = (at: number, part: string) => row.map((old, index) => (index === at ? part : old));
  const flipped = (at: number) => encodeBase64url(stored.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  const base = { key: 'case1', row, stored: valid[0]!.stored, code: 'case_unreadable' as const };
  return {
    keys: { case1: encodeBase64url(keys.case1), case2: encodeBase64url(keys.case2) },
    valid,
    tampered: [
      { ...base, name: 'in another unit', row: moved(1, 'vn.mofa-london') },
      { ...base, name: 'in another case', row: moved(2, 'cb9d2806-fdca-42b5-82bd-1f1136fdc44c') },
      { ...base, name: 'in another row', row: moved(3, 'message-2') },
      { ...base, name: 'in another column', row: moved(4, 'summary') },
      { ...base, name: 'in a row cut elsewhere', row: [...row.slice(0, 3), 'message-1o', 'riginal'] },
      { ...base, name: 'with another key', key: 'case2' },
      { ...base, name: 'of another format', stored: flipped(0) },
      { ...base, name: 'with another IV', stored: flipped(1) },
      { ...base, name: 'with another tag', stored: flipped(13) },
      { ...base, name: 'with other content', stored: flipped(29) },
      { ...base, name: 'cut short', stored: encodeBase64url(stored.subarray(0, -1)) },
      { ...base, name: 'without content or tag', stored: encodeBase64url(stored.subarray(0, 20)) },
    ],
  };
}

/** Writes the files that are missing, or all. */
async function main(renew: boolean): Promise<void> {
  for (const file of Object.keys(MAKERS) as (keyof Vectors)[]) {
    const target = path.join(__dirname, file);
    if (existsSync(target) && !renew) {
      process.stdout.write(`${file} is there and stays\n`);
    } else {
      writeFileSync(target, `${JSON.stringify(await makeVectors(file), null, 1)}\n`);
      process.stdout.write(`${file} made\n`);
    }
  }
}

if (require.main === module) void main(process.argv.includes('--renew'));
