import { readFileSync } from 'node:fs';
import { TraoError } from '../../libs/errors';

/** In the two languages of Trao. */
export interface Bilingual {
  readonly en: string;
  readonly vi: string;
}
export type Language = keyof Bilingual;

/** An invented officer or operator of the demonstration. */
export interface Person {
  /** What the identity provider calls them: the id of their entry in the office's file of clients, or the monitor's of operators. */
  readonly sub: string;
  readonly name: string;
  /** At .example, which nobody can own (RFC 2606). */
  readonly email: string;
  readonly locale: Language;
  readonly unit: { readonly id: string; readonly name: Bilingual };
  readonly roles: readonly string[];
}

/** Everything that the identity provider of one node has to know. */
export interface IdentityConfig {
  readonly id: string;
  readonly name: Bilingual;
  readonly port: number;
  readonly clients: readonly IdentityClient[];
  /** Where the signing key is kept from one start to the next. */
  readonly keyFile: string;
}

/** An app that people sign in to through the identity provider: the office or the monitor of the node. */
export interface IdentityClient {
  readonly clientId: string;
  readonly clientSecretFile: string;
  /** E.g. `http://127.0.0.1:7102`. */
  readonly origin: string;
  /** Who may sign in there. */
  readonly people: readonly Person[];
}

/** The neighbours of an office that a demonstration brings along. */
export interface DemoConfig {
  readonly nodes: readonly IdentityConfig[];
  readonly mailPort: number;
  readonly smtpPort: number;
  readonly scannerPort: number;
}

/** Only this machine can reach the services of a demonstration: they ask nobody for a password. */
export const LOOPBACK = '127.0.0.1';
/** The trust domain of development keys (certs-dev). */
const DEMO = 'demo';

/**
 * Reads what to serve: `TRAO_DEMO` names a file that the demonstration wrote, `TRAO_TRUST_ANCHOR` says of which trust domain it is.
 * @throws TraoError `not_for_production` for a trust domain other than the demonstration's, `config_invalid`
 */
export function readDemoConfig(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  // Before anything else: whoever picks a name on the sign-in page is let in.
  const { trustDomain } = readJson<{ trustDomain?: unknown }>(env, 'TRAO_TRUST_ANCHOR');
  if (trustDomain !== DEMO)
    throw new TraoError('not_for_production', {
      detail:
        'The demonstration lets anybody sign in without a password, so it serves the trust domain demo only. ' +
        'Set up an identity provider of your own, see docs/how-to/sign-in.md.',
    });
  return readJson<DemoConfig>(env, 'TRAO_DEMO');
}

function readJson<T>(env: Readonly<Record<string, string | undefined>>, name: string): T {
  const file = env[name];
  if (!file) throw new TraoError('config_invalid', { detail: `${name} is not set. Start it with: npm run demo` });
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: `${name}: ${file} cannot be read as JSON.`, cause });
  }
}
