import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decryptCompact, importEncryptionKey, splitCompact, type EncryptionKey, type Jwk } from '../../libs/envelope';

/** Vectors of others stay outside of the project, each with its own licence; see README.md. */
const FOLDER = process.env['VECTORS_DIR'] ?? path.join(__dirname, '../../../shared/vectors');
const ARCHIVE = path.join(FOLDER, 'jose-hpke-pq-examples.tar.gz');
const present = existsSync(ARCHIVE);
const describeWhenPresent = present ? describe : describe.skip;

if (!present) process.stderr.write(`external vectors are not checked: ${ARCHIVE} is not there (set VECTORS_DIR)\n`);

describe('vectors of others', () => {
  it('are there when it counts: in CI', () => {
    expect({ present: present || process.env['CI'] === undefined, ARCHIVE }).toEqual({ present: true, ARCHIVE });
  });
});

describeWhenPresent('the example of HPKE-10 in draft-skokan-jose-hpke-pq-pqt', () => {
  let temporary: string;
  let token: string;
  let key: EncryptionKey;

  beforeAll(async () => {
    temporary = mkdtempSync(path.join(tmpdir(), 'trao-vectors-'));
    execFileSync('tar', ['-xzf', ARCHIVE, '-C', temporary]);
    const read = (file: string) => readFileSync(path.join(temporary, 'examples', file), 'utf8').trim();
    token = read('jwe/HPKE-10-compact.txt');
    const jwk = JSON.parse(read('jwks/HPKE-10.json')) as Jwk & { kid: string };
    key = await importEncryptionKey(jwk.kid, jwk);
  });
  afterAll(() => rmSync(temporary, { recursive: true }));

  /** Segments 2 and 4 are empty: integrated encryption has neither IV nor tag of its own. */
  const decrypt = async (text: string) => decryptCompact(splitCompact(text, 5, [2, 4]), key);

  it('opens with the suite hybrid', async () => {
    expect(key.suite).toBe('hybrid');
    expect(Buffer.from(await decrypt(token)).toString()).toMatch(/^You can trust us to stick with you/);
  });

  it.each([0, 1, 3])('does not open with one bit flipped in segment %d', async (segment) => {
    const segments = token.split('.');
    const bytes = Buffer.from(segments[segment]!, 'base64url');
    const middle = bytes.length >> 1;
    bytes[middle] = bytes[middle]! ^ 1;
    const flipped = segments.with(segment, bytes.toString('base64url')).join('.');
    await expect(decrypt(flipped)).rejects.toMatchObject({ code: 'undecryptable' });
  });

  it.each([2, 4])('does not open with something in segment %d, which is empty', async (segment) => {
    await expect(decrypt(token.split('.').with(segment, 'AA').join('.'))).rejects.toMatchObject({
      code: 'not_canonical',
    });
  });
});
