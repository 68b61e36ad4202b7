/** What was computed with secrets: agreements and decapsulations that came to an end, and bytes that were decrypted. */
export interface Work {
  agreements: number;
  decapsulations: number;
  decryptions: number;
  decryptedBytes: number;
}

type Subtle = typeof globalThis.crypto.subtle & { decapsulateBits(...args: unknown[]): Promise<ArrayBuffer> };
const subtle = globalThis.crypto.subtle as Subtle;
const real = {
  deriveBits: subtle.deriveBits.bind(subtle),
  decapsulateBits: subtle.decapsulateBits.bind(subtle),
  decrypt: subtle.decrypt.bind(subtle),
};

/** Counts until the mocks are restored. */
export function countWork(): Work {
  const work = { agreements: 0, decapsulations: 0, decryptions: 0, decryptedBytes: 0 };
  jest.spyOn(subtle, 'deriveBits').mockImplementation(async (...args) => {
    const bits = await real.deriveBits(...args);
    work.agreements += 1;
    return bits;
  });
  jest.spyOn(subtle, 'decapsulateBits').mockImplementation(async (...args) => {
    const bits = await real.decapsulateBits(...args);
    work.decapsulations += 1;
    return bits;
  });
  jest.spyOn(subtle, 'decrypt').mockImplementation((...args) => {
    work.decryptions += 1;
    work.decryptedBytes += args[2].byteLength;
    return real.decrypt(...args);
  });
  return work;
}
