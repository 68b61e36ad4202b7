import type { SignatureKey } from '../../libs/envelope';
import type { Directory } from '../../libs/schema';
import { governor, makeWorld } from '../../libs/trust/fixtures/world';
import { signDirectory } from '../../libs/trust';

const day = (number: number) => new Date(Date.now() + number * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');

/** Directories of two nodes, valid around now, with the keys of the countries that sign them. */
export interface SignedWorld {
  /** The trust anchor, as JSON text. */
  readonly anchor: string;
  readonly directory: Directory;
  readonly governors: Readonly<Record<'vn' | 'gb' | 'la', SignatureKey>>;
  /** The directory with other members, signed by two countries or those given. */
  sign(more: Partial<Directory>, keys?: readonly SignatureKey[]): Promise<Buffer>;
  /** A governance of a new country beside the others, with its key. @param notBefore default: long ago */
  enlarged(country: string, notBefore?: string): Promise<{ governance: Directory['governance']; key: SignatureKey }>;
}

export async function signedWorld(): Promise<SignedWorld> {
  const { directory: dated, governors } = await makeWorld();
  const around = JSON.stringify(dated, (name, value: unknown) => {
    if (name === 'notBefore' || name === 'issuedAt') return day(-30);
    return name === 'notAfter' || name === 'expiresAt' ? day(30) : value;
  });
  const directory = JSON.parse(around) as Directory;
  const { trustDomain, governance } = directory;
  return {
    anchor: JSON.stringify({ trustDomain, governance }),
    directory,
    governors,
    async sign(more, keys = [governors.vn, governors.gb]) {
      return Buffer.from(await signDirectory({ ...directory, ...more }, keys));
    },
    async enlarged(country, notBefore = day(-40)) {
      const { entry, key } = await governor(country);
      const dates = { notBefore, notAfter: day(30) };
      return { governance: { threshold: 3, keys: [...governance.keys, { ...entry, ...dates }] }, key };
    },
  };
}

export const past = day(-1);
