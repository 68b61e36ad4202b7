import { randomUUID } from 'node:crypto';
import { prepareDraft } from '../../apps/cli/hand-in';
import type { OfficeCalls } from '../../apps/cli/office-calls';
import type { Message } from '../../libs/schema';
import type { Database } from '../../libs/storage';
import { consentRecord, SENDER_UNIT } from './document';
import { copyDraft } from './draft-copies';

/** The office that drafts wait in. */
export interface DraftOffice {
  readonly calls: OfficeCalls;
  /** Its database, as the owner. */
  readonly database: Database;
  readonly storageKey: Uint8Array;
}

/**
 * Referrals that were written and approved by two officers and wait to be sent. What people do is not measured: it is done before the
 * measurement begins. One is written over HTTP as officers do, the others are copies of it.
 */
export class DraftPool {
  private ids: string[] = [];
  private template: string | undefined;

  constructor(
    private readonly office: DraftOffice,
    private readonly document: Message,
  ) {}

  /** Has at least `count` drafts ready. */
  async fill(count: number): Promise<void> {
    const missing = count - this.ids.length;
    if (missing <= 0) return;
    const { database, storageKey } = this.office;
    this.template ??= await this.write();
    const ids = await copyDraft(database, storageKey, { unit: SENDER_UNIT, id: this.template }, missing);
    // As a list and not as arguments: minutes of load are more drafts than a call takes.
    this.ids = [...ids.reverse(), ...this.ids];
    // What writing them has left to do belongs to no measurement.
    await database.query('VACUUM (ANALYZE) draft');
    await database.query('CHECKPOINT');
  }

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  /** Takes one out, the oldest first; undefined when none is left. */
  take(): string | undefined {
    return this.ids.pop();
  }

  private async write(): Promise<string> {
    const letter = {
      unit: SENDER_UNIT,
      document: this.document,
      key: randomUUID(),
      records: { consent: consentRecord() },
    };
    return (await prepareDraft(letter, this.office.calls)).id;
  }
}
