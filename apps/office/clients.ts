import { createHash, timingSafeEqual } from 'node:crypto';
import { TraoError } from '../../libs/errors';

/**
 * A system that may call this office. Its token is kept as a digest only. A client belongs to one unit, or is an operator, who sees
 * deliveries and never content: the two cannot be combined (domain §2).
 */
export type Client =
  | { readonly id: string; readonly tokenSha256: string; readonly role: 'unit'; readonly unit: string }
  | { readonly id: string; readonly tokenSha256: string; readonly role: 'operator' };

/** @throws TraoError `config_invalid` */
export function readClients(text: string): readonly Client[] {
  const list = parse(text);
  if (new Set(list.map(({ id }) => id)).size < list.length)
    throw new TraoError('config_invalid', { detail: 'a client id stands twice' });
  for (const client of list) {
    const known = client.role === 'operator' || (client.role === 'unit' && typeof client.unit === 'string');
    const complete = typeof client.id === 'string' && /^[0-9a-f]{64}$/.test(client.tokenSha256);
    if (!known || !complete || (client.role === 'operator' && 'unit' in client)) {
      throw new TraoError('config_invalid', { detail: `client ${String(client.id)}` });
    }
  }
  return list;
}

function parse(text: string): Client[] {
  try {
    return JSON.parse(text) as Client[];
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: 'The list of clients is not JSON.', cause });
  }
}

/** The client of a bearer token, or undefined. Every entry is compared, so that time tells nothing. */
export function clientOf(clients: readonly Client[], authorization: string | undefined): Client | undefined {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? '')?.[1];
  if (!token) return undefined;
  const digest = createHash('sha256').update(token).digest();
  return clients.filter((client) => timingSafeEqual(Buffer.from(client.tokenSha256, 'hex'), digest))[0];
}
