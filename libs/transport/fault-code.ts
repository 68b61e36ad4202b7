import { TraoError, type Code } from '../errors';

/**
 * Why a request failed as a whole. In TLS 1.3 a refused client sees only that the other side closed (`UND_ERR_SOCKET`), so that
 * counts as a TLS fault and stands in the record, not as a network blip.
 */
export function faultCode(error: unknown): Code {
  const { name, cause } = error as { name?: string; cause?: unknown };
  const code = libraryCode(error);
  if (error instanceof TraoError) return error.code;
  if (cause instanceof TraoError) return cause.code;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'partner_unreachable';
  if (/TIMEOUT|ABORT/.test(code) || name === 'TimeoutError') return 'partner_timeout';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|UND_ERR_SOCKET|EPROTO/.test(code)) return 'partner_tls';
  if (/RES_EXCEEDED/.test(code)) return 'bad_answer';
  return 'partner_unreachable';
}

/** True when it was us who refused the partner's certificate; false when the other side ended the connection. */
export const isOurRefusal = (error: unknown): boolean => !/^$|UND_ERR_SOCKET|EPROTO|ALERT/.test(libraryCode(error));

function libraryCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
