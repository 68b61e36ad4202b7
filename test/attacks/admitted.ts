import type { Jwk } from '../../libs/envelope';
import { admitKey, type KeyUse } from '../../libs/trust';

const USES: readonly KeyUse[] = ['governance', 'receipt', 'signing', 'encryption'];

/** The uses for which a key is admitted; any refusal is `bad_key`. */
export function admittedFor(jwk: Jwk, uses: readonly KeyUse[] = USES): string[] {
  return uses.flatMap((use) => {
    try {
      admitKey('kid1', jwk, use);
      return [use];
    } catch (error) {
      const { code } = error as { code: string };
      return code === 'bad_key' ? [] : [`${use}: ${code}`];
    }
  });
}
