import { TraoError } from '../errors';

/** Classes 08 (connection), 57 (shutdown, a statement that waited too long), 53 (resources), 40 (lost against another transaction), 25006 (it only reads). */
const SQL_STATES = /^(08|57P|57014|53|40|25P03|25006|55P03)/;

/** What the system says of a connection: refused, cut, silent, or to a machine, network, socket or name that is not there now. */
const OF_THE_SYSTEM = /^(ECONN|EHOST|ENET|EADDR|EAI_|ENOTFOUND|ENOENT|EPIPE|ETIMEDOUT)/;

const OF_THE_DRIVER = /Connection terminated|timeout exceeded|read timeout|not queryable|ended/i;

/** Whether the database, the way to it or its server's state is at fault, so that waiting and trying again is right. */
export function isOutage(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return SQL_STATES.test(code) || OF_THE_SYSTEM.test(code) || OF_THE_DRIVER.test(message);
}

/** Whether the connection itself is at fault: it is silent, or its server only reads. After the other faults it can be used again. */
export function isUseless(error: unknown): error is TraoError {
  if (!(error instanceof TraoError) || error.code !== 'database_unavailable') return false;
  const { code = '' } = (error.cause ?? {}) as { code?: string };
  return !/^(40|53|55P03|57014)/.test(code);
}
