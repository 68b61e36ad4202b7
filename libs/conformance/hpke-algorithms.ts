import * as HPKE from 'hpke';

/**
 * The algorithms of draft-skokan-jose-hpke-pq-pqt, tables 1 and 2: KEM and AEAD, all with SHAKE256. One of them is Trao's; the
 * others show that the library is sound where it shares code with it.
 */
const KEMS = [
  HPKE.KEM_MLKEM768_P256,
  HPKE.KEM_MLKEM768_X25519,
  HPKE.KEM_MLKEM1024_P384,
  HPKE.KEM_ML_KEM_768,
  HPKE.KEM_ML_KEM_1024,
];
const AEADS = [HPKE.AEAD_AES_256_GCM, HPKE.AEAD_ChaCha20Poly1305];
const FIRST = 8;
const ALGORITHM = /^HPKE-(\d{1,2})(-KE)?$/;

export interface HpkeAlgorithm {
  readonly suite: HPKE.CipherSuite;
  /** HPKE encrypts the key of the content (`-KE`), or the content itself. */
  readonly mode: 'key' | 'integrated';
}

/** The algorithm of that name, undefined when the draft has none. */
export function hpkeAlgorithmOf(alg: unknown): HpkeAlgorithm | undefined {
  const [, number, ke] = ALGORITHM.exec(String(alg)) ?? [];
  const at = Number(number) - FIRST;
  const [kem, aead] = [KEMS[Math.floor(at / AEADS.length)], AEADS[at % AEADS.length]];
  if (!kem || !aead) return undefined;
  return { suite: new HPKE.CipherSuite(kem, HPKE.KDF_SHAKE256, aead), mode: ke ? 'key' : 'integrated' };
}
