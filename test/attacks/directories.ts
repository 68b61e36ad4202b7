import { countersign, generateKeyPair, importSigningKey, type SigningKey } from '../../libs/envelope';
import type { Directory, DirectoryNode, DirectoryUnit, GovernanceKey } from '../../libs/schema';
import { adoptDirectory, signDirectory, type InForce, type TrustAnchor } from '../../libs/trust';
import { fictionalWorld } from '../fakes/fictional-world';

export const NOW = new Date('2026-11-22T06:00:00Z');
const TYP = 'trao-directory+jws';
const COUNTRIES = ['vn', 'gb', 'kh'] as const;

export type Edit = (directory: Directory, nodes: readonly DirectoryNode[], units: readonly DirectoryUnit[]) => unknown;

/** A directory of three countries of which two must sign, and what its signers can be made to sign. */
export interface Signers {
  readonly directory: Directory;
  readonly anchor: TrustAnchor;
  readonly keys: readonly SigningKey[];
  /** The directory with changes; `nodes` and `units` are all there are, in their order. */
  edited(edit: Edit): Directory;
  /** Signs any document, as if the programs of the signers had checked nothing. Default: by two of three. */
  signAny(document: unknown, by?: readonly SigningKey[]): Promise<Uint8Array>;
  /** How adopting ends: the version, or the code. */
  adopt(signed: Uint8Array, inForce?: InForce, now?: Date): Promise<number | string>;
  inForce(directory: Directory): Promise<InForce>;
}

export async function signers(): Promise<Signers> {
  const { directory: world } = await fictionalWorld();
  const made = await Promise.all(COUNTRIES.map(governor));
  const governance = { threshold: 2, keys: made.map(({ entry }) => entry) };
  const directory: Directory = { ...structuredClone(world), version: 7, governance };
  const anchor = { trustDomain: directory.trustDomain, governance };
  const keys = made.map(({ key }) => key);
  const two = keys.slice(0, 2);
  return {
    directory,
    anchor,
    keys,
    edited(edit) {
      const copy = structuredClone(directory);
      edit(
        copy,
        copy.nodes,
        copy.nodes.flatMap(({ units }) => units),
      );
      return copy;
    },
    signAny: async (document, by = two) => Buffer.from(await countersign(bytesOf(document), TYP, by)),
    adopt: (signed, inForce, now = NOW) =>
      adoptDirectory(signed, anchor, now, inForce).then(
        ({ version }) => version,
        (error: Error & { code: string }) => error.code,
      ),
    inForce: async (document) => ({ directory: document, signed: Buffer.from(await signDirectory(document, two)) }),
  };
}

async function governor(node: string): Promise<{ entry: GovernanceKey; key: SigningKey }> {
  const kid = `${node}.gov7`;
  const { publicJwk, privateJwk } = await generateKeyPair('Ed25519');
  const validity = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' } as const;
  const entry = { kid, node, jwk: publicJwk as GovernanceKey['jwk'], ...validity };
  return { entry, key: await importSigningKey(kid, privateJwk) };
}

const bytesOf = (document: unknown) => Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
