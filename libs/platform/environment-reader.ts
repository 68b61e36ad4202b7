import { readFileSync } from 'node:fs';
import type { TlsFiles } from './tls-files';

/** Settings of a process: environment → configuration, in plain functions. All faults are listed at once. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What opens the keys of a process. */
export type Unlock = { readonly keyFile: string } | { readonly passphraseFile: string };

/** Where clamd listens. */
export interface ScannerConfig {
  readonly host: string;
  readonly port: number;
}

const MIN_SECRET = 32;
/** A hundred years: whoever means for ever. */
const MAX_DAYS = 36_500;
const MAX_COUNT = 1_000_000;

/** Reads settings one by one and notes what is wrong with each. */
export class EnvironmentReader {
  constructor(
    private readonly env: Environment,
    private readonly faults: string[],
  ) {}

  text(name: string, fallback?: string): string {
    const value = this.env[name] || fallback;
    if (value === undefined) this.faults.push(`${name} is not set`);
    return value ?? '';
  }

  /** A text that holds a secret: itself, or in the file that `NAME_FILE` names, which nobody sees in a list of processes. */
  secretText(name: string): string {
    const inFile = this.optionalSecret(name);
    return inFile ?? this.text(name);
  }

  optionalSecret(name: string): string | undefined {
    const [own, file] = [this.optional(name), `${name}_FILE`];
    if (!this.env[file]) return own;
    if (own !== undefined) this.faults.push(`set one of ${name} and ${file}`);
    return this.file(file).trim();
  }

  fault(what: string): void {
    this.faults.push(what);
  }

  /** URLs of Redis with commas in between, of which there are `most` at the most; they may hold passwords, so none is shown. */
  redisUrls(name: string, most = 20): string | undefined {
    const value = this.optionalSecret(name);
    if (!value) return undefined;
    const urls = value.split(',').map((url) => url.trim());
    const isRedis = (url: string) => URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol);
    if (urls.length > most || !urls.every(isRedis))
      this.faults.push(
        `${name} is not ${most === 1 ? 'a URL' : 'a list of URLs with commas'} as redis://… or rediss://…`,
      );
    return value;
  }

  /** A number of whole days. */
  days(name: string, fallback: number, least = 1): number {
    const days = Number(this.text(name, String(fallback)));
    if (!Number.isInteger(days) || days < least || days > MAX_DAYS)
      this.faults.push(`${name} is not a number of days from ${least} to ${MAX_DAYS}`);
    return days;
  }

  /** A whole number. */
  count(name: string, fallback: number, least = 1): number {
    const count = Number(this.text(name, String(fallback)));
    if (!Number.isInteger(count) || count < least || count > MAX_COUNT)
      this.faults.push(`${name} is not a whole number from ${least} to ${MAX_COUNT}`);
    return count;
  }

  port(name: string): number {
    const port = Number(this.text(name));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) this.faults.push(`${name} is not a port`);
    return port;
  }

  /** The files are read again when they change, so their names stay. */
  tls(): TlsFiles {
    const secret = 'TRAO_TLS_PASSPHRASE_FILE';
    const passphrase = this.env[secret] ? { passphrase: this.readable(secret) } : {};
    if (!this.env['TRAO_TLS_PFX'])
      return { cert: this.readable('TRAO_TLS_CERT'), key: this.readable('TRAO_TLS_KEY'), ...passphrase };
    if (this.env['TRAO_TLS_CERT'] || this.env['TRAO_TLS_KEY'])
      this.faults.push('TRAO_TLS_PFX takes the place of TRAO_TLS_CERT and TRAO_TLS_KEY: set one or the other');
    return { pfx: this.readable('TRAO_TLS_PFX'), ...passphrase };
  }

  /** The name of a file that can be read. */
  private readable(name: string): string {
    this.file(name);
    return this.env[name] ?? '';
  }

  /** A passphrase itself is never in the environment: others on the machine could read it there. */
  unlock(): Unlock {
    const [keyFile, passphraseFile] = [this.optional('TRAO_KEY_FILE'), this.optional('TRAO_KEY_PASSPHRASE_FILE')];
    if ((keyFile === undefined) === (passphraseFile === undefined))
      this.faults.push('one of TRAO_KEY_FILE and TRAO_KEY_PASSPHRASE_FILE must be set');
    return passphraseFile === undefined ? { keyFile: keyFile ?? '' } : { passphraseFile };
  }

  /** An address of HTTP. */
  url(name: string): string {
    const value = this.text(name);
    if (value && !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''))
      this.faults.push(`${name} is not an http or https address`);
    return value;
  }

  /** Long secrets, one a line: a short one could be guessed. */
  secrets(name: string): readonly string[] {
    const list = this.file(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (this.env[name] && (list.length === 0 || list.some((secret) => secret.length < MIN_SECRET)))
      this.faults.push(`${name} needs secrets of ${MIN_SECRET} characters and more, one a line`);
    return list;
  }

  timeZone(name: string): string {
    const zone = this.text(name, 'UTC');
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
    } catch {
      this.faults.push(`${name}: ${zone} is not a time zone`);
    }
    return zone;
  }

  /** `host:port` of clamd. */
  scanner(): ScannerConfig | undefined {
    const address = this.env['TRAO_SCANNER'];
    if (!address) return undefined;
    const [, host = '', port] = /^([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(address) ?? [];
    if (port === undefined || Number(port) < 1 || Number(port) > 65_535)
      this.faults.push('TRAO_SCANNER is not host:port');
    return { host: host.replace(/[[\]]/g, ''), port: Number(port) };
  }

  optional(name: string): string | undefined {
    return this.env[name] || undefined;
  }

  optionalFile(name: string): string | undefined {
    return this.env[name] ? this.file(name) : undefined;
  }

  file(name: string): string {
    const path = this.text(name);
    try {
      return path && readFileSync(path, 'utf8');
    } catch {
      this.faults.push(`${name}: ${path} cannot be read`);
      return '';
    }
  }
}
