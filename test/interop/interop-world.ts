import { importEncryptionKey, importSigningKey } from '../../libs/envelope';
import type { DirectoryKey } from '../../libs/schema';
import { Partners } from '../../libs/trust';
import { makePair, type FictionalPair } from '../fakes/fictional-keys';
import { fictionalWorld, type FictionalWorld } from '../fakes/fictional-world';

export const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';
const VALIDITY = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' } as const;

/** The fictional countries, with keys of which the tools may know the private halves. The suite of the recipient is `classic`. */
export interface InteropWorld extends FictionalWorld {
  readonly signing: FictionalPair;
  readonly encryption: FictionalPair;
  /** The receipt key of the United Kingdom. */
  readonly receipt: FictionalPair;
}

export async function interopWorld(): Promise<InteropWorld> {
  const [base, signing, encryption, receipt] = await Promise.all([
    fictionalWorld(),
    makePair(`${SENDER}.interop`, 'ES256'),
    makePair(`${RECIPIENT}.interop`, 'classic'),
    makePair('gb.interop', 'ES256'),
  ]);
  const directory = structuredClone(base.directory);
  const units = new Map(directory.nodes.flatMap((node) => node.units.map((unit) => [unit.id, unit])));
  units.get(SENDER)!.signingKeys = [listed(signing)];
  units.get(RECIPIENT)!.encryptionKeys = [{ ...listed(encryption), suite: 'classic' }];
  directory.nodes.find(({ id }) => id === 'gb')!.receiptKeys = [listed(receipt)];
  const keys = {
    signing: await importSigningKey(signing.kid, signing.privateJwk),
    encryption: await importEncryptionKey(encryption.kid, encryption.privateJwk),
    receipt: await importSigningKey(receipt.kid, receipt.privateJwk),
  };
  const keysOf = (node: string) => {
    const store = base.keysOf(node);
    if (node === 'vn') store.signing.set(SENDER, keys.signing);
    if (node === 'gb') {
      store.receipt = keys.receipt;
      store.decryption.set(encryption.kid, { unit: RECIPIENT, key: keys.encryption });
    }
    return store;
  };
  return { directory, partners: new Partners(directory), keysOf, signing, encryption, receipt };
}

const listed = ({ kid, publicJwk }: FictionalPair): DirectoryKey => ({ kid, jwk: publicJwk, ...VALIDITY });
