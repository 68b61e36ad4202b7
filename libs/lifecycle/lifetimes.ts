import type { Message } from '../schema';

type Priority = Message['header']['priority'];

const DAY_MS = 86_400_000;

/** How long a message may travel before it expires. Our own choice: a partner that is down for ten days loses nothing. */
const LIFETIME_DAYS: Record<Priority, number> = { emergency: 14, urgent: 21, normal: 30 };

/** When a message of this priority that is sealed now expires. */
export function expiryOf(priority: Priority, now: Date): Date {
  return new Date(now.getTime() + LIFETIME_DAYS[priority] * DAY_MS);
}
