import { TraoError, type Code } from '../errors';

/** Codes of Node.js for what a network does, such as ECONNREFUSED and ENOTFOUND. */
const OF_THE_NETWORK = /^(?!EPROTO$)E[A-Z]+$/;

/**
 * Why a request failed as a whole. In TLS 1.3 a refused client sees only that the other side closed (`UND_ERR_SOCKET`), so that
 * counts as a TLS fault and stands in the record, not as a network blip. What is neither of the network nor of the HTTP client is a
 * verdict of TLS: OpenSSL has more of them than could be listed.
 */
export function faultCode(error: unknown): Code {
  const { name, cause } = error as { name?: string; cause?: unknown };
  if (error instanceof TraoError) return error.code;
  if (cause instanceof TraoError) return cause.code;
  const code = libraryCode(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'partner_unreachable';
  if (/TIMEOUT|ABORT/.test(code) || name === 'TimeoutError') return 'partner_timeout';
  if (code === 'UND_ERR_SOCKET') return 'partner_tls';
  if (/RES_EXCEEDED/.test(code)) return 'bad_answer';
  return code === '' || code.startsWith('UND_ERR') || OF_THE_NETWORK.test(code) ? 'partner_unreachable' : 'partner_tls';
}

/** True when it was us who refused the partner's certificate; false when the other side ended the connection. */
export const isOurRefusal = (error: unknown): boolean =>
  error instanceof TraoError || !/UND_ERR_SOCKET|EPROTO|ALERT/.test(libraryCode(error));

function libraryCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
