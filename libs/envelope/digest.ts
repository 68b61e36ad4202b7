import { createHash } from 'node:crypto';

/** SHA-256 of `bytes` as base64url: how receipts and chains name sealed bytes. Text is taken as UTF-8. */
export function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
