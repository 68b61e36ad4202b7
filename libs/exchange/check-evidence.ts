import { readReceipt } from '../envelope';
import { judgementOf } from './judgement';
import type { Self } from '../casework';

/**
 * Whether a stored receipt still proves what it should: its signature verifies with a key of the directory, and it names this message
 * and these sealed bytes.
 */
export async function isProof(
  token: string,
  message: { readonly id: string; readonly digest: string },
  self: Self,
): Promise<boolean> {
  try {
    const receipt = await readReceipt(token, (node, kid, at) => self.partners().receiptKey(node, kid, at));
    return receipt.messageId === message.id && receipt.digest === message.digest;
  } catch (error) {
    judgementOf(error);
    return false;
  }
}
