import { createHash } from 'node:crypto';
import { CATALOGUE, TraoError, type Code } from '../errors';
import { parseStrictJson } from '../schema';
import type { IncomingFile } from './accept-piece';

/** The bodies between gateways (protocol §4). */
export const MESSAGES_MEDIA_TYPE = 'application/vnd.trao.messages';
export const ANSWERS_MEDIA_TYPE = 'application/jsonl';
export const PIECE_MEDIA_TYPE = 'application/octet-stream';
export const MAX_BATCH_MESSAGES = 64;
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_ANSWER_BYTES = 16_384;

/** The gateway's answer for one message of a batch. */
export type MessageAnswer =
  | { readonly jti: string; readonly receipt: string }
  | { readonly jti?: string | undefined; readonly problem: { readonly code: Code } };

/** The gateway's answer for one receipt. */
export interface ReceiptAnswer {
  readonly status: 'stored' | 'known' | 'refused';
  readonly code?: Code | undefined;
}

/** One compact token a line. */
export function encodeMessages(tokens: readonly string[]): string {
  return tokens.join('\n');
}

/**
 * @throws TraoError `too_large` for more than 64 lines, `bad_request` for none
 */
export function decodeMessages(body: string): string[] {
  const lines = body.split('\n', MAX_BATCH_MESSAGES + 2);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new TraoError('bad_request', { detail: 'The body holds no message.' });
  if (lines.length > MAX_BATCH_MESSAGES)
    throw new TraoError('too_large', { detail: `At most ${MAX_BATCH_MESSAGES} messages.` });
  return lines;
}

export function encodeAnswers(answers: readonly MessageAnswer[]): string {
  return answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
}

/**
 * Reads a gateway's answer to a batch: exactly one line per message, in order. A captive portal's page is not an answer.
 * @throws TraoError `bad_answer`
 */
export function decodeAnswers(body: Uint8Array, expected: number): MessageAnswer[] {
  const lines = Buffer.from(body).toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length !== expected) throw new TraoError('bad_answer');
  return lines.map((line) => readAnswer(readJson(Buffer.from(line))));
}

/** @throws TraoError `bad_answer` */
export function decodeReceiptAnswers(body: Uint8Array, expected: number): ReceiptAnswer[] {
  const answers = readJson(body, MAX_BATCH_MESSAGES * MAX_ANSWER_BYTES);
  if (!Array.isArray(answers) || answers.length !== expected) throw new TraoError('bad_answer');
  return answers.map((answer: { status?: unknown; code?: unknown } | null) => {
    const status = answer?.status;
    if (status === 'stored' || status === 'known') return { status };
    if (status === 'refused') return { status, code: knownCode(answer?.code) };
    throw new TraoError('bad_answer');
  });
}

/**
 * Reads what a gateway says of a file: how much of it is there, and its receipt when that is all.
 * @throws TraoError `bad_answer`
 */
export function decodeHeld(body: Uint8Array): IncomingFile {
  const { total, held, receipt } = (readJson(body) ?? {}) as { total?: unknown; held?: unknown; receipt?: unknown };
  const numbers = [total, held].every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  if (!numbers || (held as number) > (total as number)) throw new TraoError('bad_answer');
  if (receipt !== undefined && typeof receipt !== 'string') throw new TraoError('bad_answer');
  return { total: total as number, held: held as number, ...(receipt !== undefined && { receipt }) };
}

/** The place of a piece in its file, as `Content-Range` says it (RFC 9110 §14.4); undefined when it says something else. */
export function readContentRange(
  header: string | undefined,
): { start: number; end: number; total: number } | undefined {
  const [, start, end, total] = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(header ?? '') ?? [];
  return total === undefined ? undefined : { start: Number(start), end: Number(end), total: Number(total) };
}

export const contentRange = (start: number, length: number, total: number): string =>
  `bytes ${start}-${start + length - 1}/${total}`;

/** The value of a `Content-Digest` header (RFC 9530) for a body. */
export function contentDigest(body: Uint8Array | string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

function readAnswer(value: unknown): MessageAnswer {
  const { jti, receipt, problem } = (value ?? {}) as { jti?: unknown; receipt?: unknown; problem?: { code?: unknown } };
  if (typeof jti === 'string' && typeof receipt === 'string') return { jti, receipt };
  if (typeof problem === 'object' && problem !== null) {
    return { ...(typeof jti === 'string' && { jti }), problem: { code: knownCode(problem.code) } };
  }
  throw new TraoError('bad_answer');
}

/** A code that we do not know counts as a fault of the partner that may pass: a newer partner must not lose us a message. */
function knownCode(code: unknown): Code {
  return typeof code === 'string' && Object.hasOwn(CATALOGUE, code) ? (code as Code) : 'partner_error';
}

function readJson(bytes: Uint8Array, maxBytes = MAX_ANSWER_BYTES): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes });
  } catch (cause) {
    throw new TraoError('bad_answer', { cause });
  }
}
