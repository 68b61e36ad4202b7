import { importSigningKey, type SigningKey } from '../../libs/envelope';
import type { Directory } from '../../libs/schema';
import { signDirectory } from '../../libs/trust';
import { makePair } from '../fakes/fictional-keys';
import { fictionalWorld } from '../fakes/fictional-world';

const day = (number: number) => new Date(Date.now() + number * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');

/** Directories of two nodes, valid around now, with the keys of the countries that sign them. */
export interface SignedWorld {
  /** The trust anchor, as JSON text. */
  readonly anchor: string;
  readonly directory: Directory;
  readonly governors: Readonly<Record<'vn' | 'gb' | 'la', SigningKey>>;
  /** The directory with other members, signed by two countries or those given. */
  sign(more: Partial<Directory>, keys?: readonly SigningKey[]): Promise<Buffer>;
  /** A governance of a new country beside the others, with its key. @param notBefore default: long ago */
  enlarged(country: string, notBefore?: string): Promise<{ governance: Directory['governance']; key: SigningKey }>;
}

/** @param edit of the directory, before anybody signs it */
export async function signedWorld(edit: (directory: Directory) => unknown = () => undefined): Promise<SignedWorld> {
  const [vn, gb, la] = await Promise.all([governor('vn'), governor('gb'), governor('la')]);
  const governing = { threshold: 2, keys: [vn.entry, gb.entry, la.entry] };
  const directory: Directory = { ...(await directoryOfToday()), governance: governing };
  edit(directory);
  const { trustDomain, governance } = directory;
  return {
    anchor: JSON.stringify({ trustDomain, governance }),
    directory,
    governors: { vn: vn.key, gb: gb.key, la: la.key },
    async sign(more, keys = [vn.key, gb.key]) {
      return Buffer.from(await signDirectory({ ...directory, ...more }, keys));
    },
    async enlarged(country, notBefore = LONG_AGO) {
      const { entry, key } = await governor(country, notBefore);
      return { governance: { threshold: 3, keys: [...governance.keys, entry] }, key };
    },
  };
}

async function governor(node: string, notBefore = LONG_AGO) {
  const { kid, publicJwk, privateJwk } = await makePair(`${node}.gov1`, 'Ed25519');
  const entry = { kid, node, jwk: publicJwk, notBefore, notAfter: day(300), status: 'active' } as const;
  return { entry, key: await importSigningKey(kid, privateJwk) };
}

/** The directory of the fictional world with dates around now. */
export async function directoryOfToday(): Promise<Directory> {
  const { directory } = await fictionalWorld();
  const text = JSON.stringify(directory, (name, value: unknown) => {
    if (name === 'notBefore') return LONG_AGO;
    if (name === 'issuedAt') return day(-30);
    return name === 'notAfter' || name === 'expiresAt' ? day(90) : value;
  });
  return JSON.parse(text) as Directory;
}

const LONG_AGO = day(-40);
export const past = day(-1);
