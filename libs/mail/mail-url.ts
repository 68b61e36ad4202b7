import { TraoError } from '../errors';

/** Where mail goes, and how. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: before anything is said; `plain`: on this machine only. */
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user?: string;
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;

/**
 * Reads the address of a mail server: `smtps://user@mail.example`, or `smtp://…`, which then has to offer STARTTLS. To another machine
 * nothing goes without TLS: the mail says nothing, but names of officers and the password of the server travel with it.
 * @throws TraoError `config_invalid`, also for a password in it: others on the machine could read a setting. The address is not
 *   repeated.
 */
export function checkMailUrl(text: string): MailServer {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('it is not an address');
  }
  const { protocol, hostname, port, username, password, search, pathname } = url;
  if (protocol !== 'smtp:' && protocol !== 'smtps:') throw invalid('it begins with smtps:// or smtp://');
  if (hostname === '' || search !== '' || !['', '/'].includes(pathname))
    throw invalid('it has a host, perhaps a port and a user, and nothing else');
  if (password !== '') throw invalid('its password stands in a file that TRAO_SMTP_PASSWORD_FILE names');
  const here = LOOPBACK.includes(hostname);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || PORTS[protocol],
    security: protocol === 'smtps:' ? 'tls' : here ? 'plain' : 'starttls',
    ...(username !== '' && { user: decodeURIComponent(username) }),
  };
}

const invalid = (why: string) =>
  new TraoError('config_invalid', { detail: `The address of the mail server is not one: ${why}.` });
