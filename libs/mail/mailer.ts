import { randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { TraoError } from '../errors';
import { alertMail, type MailText, type Told } from '../monitoring';
import { checkMailUrl } from './mail-url';
import { NOTICE_TEXTS } from './notice-texts';

export interface Mailer {
  /**
   * Sends the one text that officers get.
   * @throws TraoError `mail_unavailable` when the server cannot be reached or trusted, or takes no mail now; `mail_refused` when it
   *   refuses this one. Neither holds the address.
   */
  readonly send: (to: string, language: 'en' | 'vi') => Promise<void>;
  /**
   * Tells an operator of alerts of a node: ids, kinds, levels, numbers and times. Without any alert it is a test.
   * @throws TraoError as `send`
   */
  readonly tellAlerts: (to: string, language: 'en' | 'vi', node: string, told: readonly Told[]) => Promise<void>;
  readonly close: () => void;
}

const TIMEOUT_MS = 20_000;

export interface MailerOptions {
  /** See `checkMailUrl`. */
  readonly url: string;
  /** The address that the mails come from. */
  readonly from: string;
  /** Of the user whom the URL names. */
  readonly password?: string | undefined;
  /** Certificates that the server's must chain to, as PEM; undefined for those that Node.js trusts. */
  readonly ca?: string | undefined;
}

/** Speaks to one mail server. @throws TraoError `config_invalid` */
export function openMailer({ url, from, password, ca }: MailerOptions): Mailer {
  const { host, port, security, user } = checkMailUrl(url);
  if ((user === undefined) !== (password === undefined))
    throw new TraoError('config_invalid', { detail: 'A mail server has both a user and a password, or neither.' });
  const domain = /^[^\s@<>"]+@([a-z0-9.-]+)$/i.exec(from)?.[1];
  if (domain === undefined) throw new TraoError('config_invalid', { detail: 'The sender of mails is not an address.' });
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'plain',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
    ...(user !== undefined && { auth: { user, pass: password } }),
    // The greeting would otherwise name this machine.
    name: domain,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Mails are texts of ours: nothing of them may name a file or an address to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const post = async (to: string, language: 'en' | 'vi', { subject, text }: MailText) => {
    const mail = {
      from: { name: 'Trao', address: from },
      to: { name: '', address: to },
      subject,
      text,
      // Chance and the sender's domain: neither the name of the machine nor a number that counts.
      messageId: `<${randomUUID()}@${domain}>`,
      xMailer: false as const,
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
    };
    try {
      await transport.sendMail(mail);
    } catch (error) {
      throw asMailError(error);
    }
  };
  return {
    send: (to, language) => post(to, language, NOTICE_TEXTS[language]),
    tellAlerts: (to, language, node, told) => post(to, language, alertMail(node, told, language)),
    close: () => transport.close(),
  };
}

/** What the library throws holds the address and the server's words: only its kind goes on. */
function asMailError(error: unknown): TraoError {
  const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string };
  const refused = responseCode !== undefined && responseCode >= 500 && code === 'EENVELOPE';
  const detail = [code, responseCode].filter((part) => part !== undefined).join(' ');
  return new TraoError(refused ? 'mail_refused' : 'mail_unavailable', detail === '' ? {} : { detail });
}
