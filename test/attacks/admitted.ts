import type { Jwk } from '../../libs/envelope';
import { admitKey, type KeyUse } from '../../libs/trust';

const USES: readonly KeyUse[] = ['governance', 'receipt', 'signing', 'encryption'];

/** How admission ends for a key in each of the uses: the code, or `admitted`. Each end once. */
export function admissionOf(jwk: Jwk, uses: readonly KeyUse[] = USES): string[] {
  const ends = uses.map((use) => {
    try {
      admitKey('kid1', jwk, use);
      return `admitted: ${use}`;
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  return [...new Set(ends)];
}
