import { importEncryptionKey, importVerificationKey, type OpenContext } from '../../libs/envelope';
import { isValidAt } from '../../libs/trust';
import { type Circumstances, type MessageVectors } from './vector-format';

/** What a receiver knows that has the keys and the directory part of `vectors`. */
export function openingContext(vectors: MessageVectors, change: Partial<Circumstances> = {}): OpenContext {
  const { staleKids, now, ...rest } = { ...vectors.circumstances, ...change };
  const unitOf = (id: string) => vectors.directory.units.find((unit) => unit.id === id);
  return {
    ...rest,
    now: new Date(now),
    async decryptionKey(kid) {
      if (staleKids.includes(kid)) return 'stale';
      const pair = vectors.keys.encryption.find((key) => key.kid === kid);
      return pair && { unit: pair.unit, key: await importEncryptionKey(kid, pair.privateJwk) };
    },
    nodeOf: (unit) => unitOf(unit)?.node,
    async verificationKey(unit, kid, at) {
      const key = unitOf(unit)?.signingKeys.find((candidate) => candidate.kid === kid);
      return key && isValidAt(key, at) ? importVerificationKey(kid, key.jwk) : undefined;
    },
  };
}
