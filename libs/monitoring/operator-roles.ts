/** What operators may do at the monitor (docs/how-to/watch-a-node.md). None of it reads content. */
export const OPERATOR_ROLES = [
  /** Sees everything that the monitor shows. */
  'operator_read',
  /** Sends again, holds queues and partners, tests, acknowledges alerts, proposes settings. */
  'operator_act',
  /** Watches keys, and confirms changes of security settings. */
  'key_officer',
  /** Suspends, resumes and tests partners. */
  'registration_officer',
  /** Sees everything and verifies the log of what operators did; acts on nothing. */
  'auditor',
] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

export const isOperatorRole = (role: unknown): role is OperatorRole => OPERATOR_ROLES.includes(role as OperatorRole);

/** Roles that only the monitor knows: whoever holds one reads no case, whatever else they hold. */
export const isOfMonitor = (role: string): boolean => isOperatorRole(role) && role !== 'auditor';
