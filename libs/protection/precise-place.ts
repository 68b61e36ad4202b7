import type { Message } from '../schema';
import { daysAfter } from './calendar';
import { contentOf } from './content';

/** Days that a precise place may be kept. */
export const PRECISE_PLACE_DAYS = 7;

/** When the precise place of a message written at `createdAt` (RFC 3339) must be gone, at the latest. */
export function precisePlaceExpiresAt(createdAt: string): Date {
  return daysAfter(new Date(createdAt), PRECISE_PLACE_DAYS);
}

/** The message without a precise place whose time is over; the same object when there is none. The signed original is not touched. */
export function withoutExpired<M extends Message>(message: M, now: Date): M {
  const precise = contentOf(message)?.sections.location?.precise;
  if (!precise) return message;
  const own = Date.parse(precise.expiresAt);
  const latest = precisePlaceExpiresAt(message.header.createdAt).getTime();
  if (now.getTime() < Math.min(own, latest)) return message;
  const copy = structuredClone(message);
  delete contentOf(copy)!.sections.location!.precise;
  return copy;
}
