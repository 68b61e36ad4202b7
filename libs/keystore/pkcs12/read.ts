import { createDecipheriv, createPrivateKey, timingSafeEqual, X509Certificate, type KeyObject } from 'node:crypto';
import type { asn1 } from 'node-forge';
import { TraoError } from '../../errors';
import { CIPHERS, DIGESTS, macOf, OID, pbkdf2, pkcs12Key, PRFS, PURPOSE } from './schemes';

/** What a PKCS#12 file holds. */
export interface PfxContents {
  readonly privateKey: KeyObject;
  /** PEM; the certificate of the key first. */
  readonly certificates: readonly string[];
}

/** A file must not be able to keep the machine busy for ever. */
const MAX_ITERATIONS = 5_000_000;
const MAX_BYTES = 1_048_576;
const VERSION = 3;

/**
 * Reads a PKCS#12 file: a local one of an administrator, never one from a network. node-forge takes the structure apart; the keys and
 * what is encrypted are OpenSSL's matter, so that elliptic keys and strong ciphers work as well as RSA.
 * @throws TraoError `key_locked` for a wrong passphrase, `key_damaged` for what is no PKCS#12, `bad_key` when it holds no key or several
 */
export async function readPfx(bytes: Uint8Array, passphrase: string): Promise<PfxContents> {
  const { default: forge } = await import('node-forge');
  const reader = new PfxReader(forge.asn1, forge.util, passphrase);
  let keys: KeyObject[];
  let certificates: X509Certificate[];
  try {
    ({ keys, certificates } = reader.read(bytes));
  } catch (error) {
    // Without the cause: it may quote what was decrypted.
    throw error instanceof TraoError ? error : new TraoError('key_damaged', { detail: 'It is no sound PKCS#12 file.' });
  }
  const [privateKey, second] = keys;
  if (!privateKey || second)
    throw new TraoError('bad_key', { detail: `The file holds ${keys.length} keys; one is taken.` });
  const own = certificates.filter((certificate) => certificate.checkPrivateKey(privateKey));
  const others = certificates.filter((certificate) => !own.includes(certificate));
  return { privateKey, certificates: [...own, ...others].map((certificate) => certificate.toString()) };
}

type Node = asn1.Asn1;
type Forge = typeof import('node-forge');

class PfxReader {
  private readonly keys: KeyObject[] = [];
  private readonly certificates: X509Certificate[] = [];

  constructor(
    private readonly asn1: Forge['asn1'],
    private readonly util: Forge['util'],
    private readonly passphrase: string,
  ) {}

  read(bytes: Uint8Array): { keys: KeyObject[]; certificates: X509Certificate[] } {
    if (bytes.length > MAX_BYTES) throw new TraoError('too_large');
    const [version, content, mac] = childrenOf(this.parse(bytes));
    const [type, safes] = childrenOf(content);
    if (!mac || bytesOf(version)[0] !== VERSION || this.oid(type) !== OID.data)
      throw unsupported('a file without a check by passphrase');
    const authenticated = bytesOf(childrenOf(safes)[0]);
    this.verify(authenticated, mac);
    for (const safe of childrenOf(this.parse(authenticated))) this.readSafe(safe);
    return { keys: this.keys, certificates: this.certificates };
  }

  /** @throws TraoError `key_locked` */
  private verify(content: Uint8Array, mac: Node): void {
    const [info, salt, rounds] = childrenOf(mac);
    const [algorithm, expected] = childrenOf(info);
    const digest = DIGESTS[this.oid(childrenOf(algorithm)[0])];
    if (!digest) throw unsupported('its check');
    const wanted = bytesOf(expected);
    const key = pkcs12Key(digest, this.passphrase, bytesOf(salt), this.count(rounds), PURPOSE.mac, wanted.length);
    const found = macOf(digest, key, content);
    if (found.length !== wanted.length || !timingSafeEqual(found, wanted))
      throw new TraoError('key_locked', {
        detail: 'The passphrase is not that of the PKCS#12 file, or the file is damaged.',
      });
  }

  private readSafe(safe: Node): void {
    const [type, content] = childrenOf(safe);
    const inner = childrenOf(content)[0];
    const isPlain = this.oid(type) === OID.data;
    if (!isPlain && this.oid(type) !== OID.encryptedData) throw unsupported('one of its parts');
    const bags = isPlain ? bytesOf(inner) : this.decrypt(childrenOf(inner)[1]);
    for (const bag of childrenOf(this.parse(bags))) this.readBag(bag);
  }

  private readBag(bag: Node): void {
    const [type, content] = childrenOf(bag);
    const value = childrenOf(content)[0]!;
    switch (this.oid(type)) {
      case OID.keyBag:
        this.keys.push(createPrivateKey({ key: this.bytes(value), format: 'der', type: 'pkcs8' }));
        break;
      case OID.shroudedKeyBag:
        this.keys.push(
          createPrivateKey({ key: this.bytes(value), format: 'der', type: 'pkcs8', passphrase: this.passphrase }),
        );
        break;
      case OID.certBag: {
        const [kind, certificate] = childrenOf(value);
        if (this.oid(kind) === OID.x509Certificate)
          this.certificates.push(new X509Certificate(bytesOf(childrenOf(certificate)[0])));
        break;
      }
      default:
      // Revocation lists and secrets of other programs are none of ours.
    }
  }

  /** EncryptedContentInfo: the certificates, where a program encrypts them too. */
  private decrypt(info: Node | undefined): Buffer {
    const [, algorithm, encrypted] = childrenOf(info);
    const [scheme, parameters] = childrenOf(algorithm);
    const id = this.oid(scheme);
    const decipher =
      id === OID.pbes2 ? this.pbes2(parameters) : id === OID.tripleDes ? this.tripleDes(parameters) : undefined;
    if (!decipher) throw unsupported('its cipher, RC2 as a rule');
    return Buffer.concat([decipher.update(bytesOf(encrypted)), decipher.final()]);
  }

  private pbes2(parameters: Node | undefined) {
    const [derivation, cipher] = childrenOf(parameters);
    const [, derived] = childrenOf(derivation);
    const [salt, rounds, ...more] = childrenOf(derived);
    // A length of the key may stand before the function; the function may be missing: then it is SHA-1.
    const last = more.at(-1);
    const prf = last && Array.isArray(last.value) ? PRFS[this.oid(childrenOf(last)[0])] : 'sha1';
    const [cipherId, iv] = childrenOf(cipher);
    const [name, length] = CIPHERS[this.oid(cipherId)] ?? [];
    if (!name || !length || !prf) throw unsupported('its cipher');
    const key = pbkdf2(this.passphrase, bytesOf(salt), this.count(rounds), length, prf);
    return createDecipheriv(name, key, bytesOf(iv));
  }

  private tripleDes(parameters: Node | undefined) {
    const [salt, rounds] = childrenOf(parameters);
    const derive = (purpose: 1 | 2, length: number) =>
      pkcs12Key('sha1', this.passphrase, bytesOf(salt), this.count(rounds), purpose, length);
    return createDecipheriv('des-ede3-cbc', derive(PURPOSE.key, 24), derive(PURPOSE.iv, 8));
  }

  private count(node: Node | undefined): number {
    const count = node ? Number(`0x${bytesOf(node).toString('hex')}`) : 1;
    if (count < 1 || count > MAX_ITERATIONS) throw unsupported('its number of iterations');
    return count;
  }

  private parse = (bytes: Uint8Array): Node =>
    this.asn1.fromDer(this.util.createBuffer(Buffer.from(bytes).toString('binary')));

  private bytes = (node: Node): Buffer => Buffer.from(this.asn1.toDer(node).getBytes(), 'binary');

  private oid = (node: Node | undefined): string => this.asn1.derToOid(bytesOf(node).toString('binary'));
}

const unsupported = (what: string) =>
  new TraoError('key_damaged', {
    detail: `It uses what is not supported: ${what}. Convert it: openssl pkcs12 -in OLD -nodes | openssl pkcs12 -export -out NEW`,
  });

function childrenOf(node: Node | undefined): Node[] {
  if (!Array.isArray(node?.value)) throw new TypeError('no sequence');
  return node.value;
}

/** The content of a primitive value. Encryption may split octets into pieces. */
function bytesOf(node: Node | undefined): Buffer {
  if (Array.isArray(node?.value)) return Buffer.concat(node.value.map(bytesOf));
  if (typeof node?.value !== 'string') throw new TypeError('no value');
  return Buffer.from(node.value, 'binary');
}
