import type { Message } from '../schema';

/**
 * The words by which an officer looks for a case: names of the person and the reference that the receiver gave it. They are
 * stored as keyed tokens only (libs/text).
 */
export function searchableOf(message: Message): string[] {
  return 'ack' in message ? [message.ack.localReference] : namesIn(message);
}

/** The names of the person that a message says. */
export function namesIn(message: Message): string[] {
  const person = personOf(message);
  const names = [person?.name?.full, person?.name?.latin, ...(person?.aliases ?? [])];
  return names.filter((name) => name !== undefined);
}

function personOf(message: Message) {
  if ('identityMode' in message) return message.person;
  if ('rfiResponse' in message) return message.rfiResponse.disclosed?.person;
  if ('update' in message) return message.update.disclosed?.person;
  return 'correction' in message ? message.correction.disclosed?.person : undefined;
}
