import { TraoError } from '../errors';
import type { Clock, Self } from '../casework';
import { parseStrictJson } from '../schema';
import type { Comparison } from '../trust';
import type { ClockReading } from './judge-clock';
import type { RaiseAlarm } from './ports';

/** What a partner answered when it was asked for its directory. */
export interface PartnerAnswer {
  readonly clock: Omit<ClockReading, 'partner'>;
  /** Its signed directory; undefined when it is byte for byte the one in force here. */
  readonly signed: Uint8Array | undefined;
}

/** What is known of a partner since it was last asked. */
export interface PartnerWatch {
  readonly partner: string;
  readonly askedAt: Date;
  readonly answeredAt: Date | undefined;
  /** The version of the directory that it serves. */
  readonly version: number | undefined;
  /** Since when it serves an older one than is in force here. */
  readonly behindSince: Date | undefined;
  readonly clock: Omit<ClockReading, 'partner'> | undefined;
  /** Why it gave no answer, or why its directory was refused. */
  readonly code: string | undefined;
}

export interface WatchStore {
  known(): Promise<PartnerWatch[]>;
  note(watches: readonly PartnerWatch[]): Promise<void>;
}

/** The directory in force, and what a copy of it is held against. */
export interface DirectoryInForce {
  /** The entity tag of the signed document (RFC 9110 §8.8.3). */
  tag(): string;
  /** What a copy is to the one in force; `links`: versions that lead to it, the copy last. */
  compare(links: readonly Uint8Array[]): Promise<Comparison>;
  /** Keeps a copy and brings it into force. @throws TraoError `directory_*` */
  adopt(links: readonly Uint8Array[], from: string): Promise<void>;
}

export interface WatchPorts {
  readonly self: Self;
  readonly clock: Clock;
  readonly directory: DirectoryInForce;
  readonly store: WatchStore;
  readonly raiseAlarm: RaiseAlarm;
  /** @param tag of the directory in force here @throws TraoError `partner_*`, `bad_answer` */
  readonly ask: (partner: string, tag: string) => Promise<PartnerAnswer>;
  /** A version that the partner adopted before; undefined when it has not. @throws TraoError `partner_*` */
  readonly earlier: (partner: string, version: number) => Promise<Uint8Array | undefined>;
}

const MAX_HEALTH_BYTES = 4096;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

/**
 * The clock in a partner's health (`GET /v1/health`), as far as it can be told: the partner read it at some time between our question and
 * its answer.
 * @param sentAt, receivedAt by our clock, milliseconds since 1970
 * @throws TraoError `bad_answer`
 */
export function readHealth(body: Uint8Array, sentAt: number, receivedAt: number): PartnerAnswer['clock'] {
  const clock = clockIn(body);
  if (clock === undefined || !INSTANT.test(clock) || Number.isNaN(Date.parse(clock))) throw new TraoError('bad_answer');
  const doubtMs = Math.abs(receivedAt - sentAt) / 2;
  return { offsetMs: Math.round(Date.parse(clock) - sentAt - doubtMs), doubtMs };
}

function clockIn(body: Uint8Array): string | undefined {
  try {
    const { clock } = parseStrictJson(body, { maxBytes: MAX_HEALTH_BYTES }) as { clock?: unknown };
    return typeof clock === 'string' ? clock : undefined;
  } catch (cause) {
    throw new TraoError('bad_answer', { cause });
  }
}
