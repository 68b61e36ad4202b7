/**
 * When a row is due again, in SQL: as long from now as the process means, by the clock of the database, which is also the one that judges
 * what is due. The clock of a process may be wrong, and may be set right before the time has come.
 * @param at the time that the process means
 * @param clock the process's own time when it says so
 */
export const dueAt = (at: string, clock: string): string => `now() + (${at} - ${clock}::timestamptz)`;
