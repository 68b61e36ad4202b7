import type { Request } from 'express';
import { randomUUID } from 'node:crypto';
import { faultAt, TraoError } from '../../../libs/errors';

/** The members of a body. None at all is an empty one. @throws TraoError `bad_request` */
export function membersOf(body: unknown, allowed: readonly string[]): Readonly<Record<string, unknown>> {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new TraoError('bad_request');
  const strange = Object.keys(body).filter((name) => !allowed.includes(name));
  if (strange.length > 0) throw new TraoError('bad_request', { faults: [faultAt('', 'has_unknown_field')] });
  return body as Readonly<Record<string, unknown>>;
}

/** A text member; empty where there is none, which the use of it refuses. @throws TraoError `bad_request` */
export function textOf(members: Readonly<Record<string, unknown>>, name: string): string {
  const value = members[name] ?? '';
  if (typeof value === 'string') return value;
  throw new TraoError('bad_request', {
    faults: [faultAt(`/${name}`, 'wrong_type', { en: 'a text', vi: 'một văn bản' })],
  });
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of what a request begins: its `Idempotency-Key`, so that a request that is sent twice begins one thing.
 * @throws TraoError `bad_request` for a key that is no UUID
 */
export function idOfRequest(request: Request): string {
  const key = request.get('idempotency-key');
  if (key === undefined) return randomUUID();
  if (!UUID.test(key))
    throw new TraoError('bad_request', { detail: 'Idempotency-Key has to be a UUID, in lower case.' });
  return key;
}
