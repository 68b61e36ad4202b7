import { randomUUID } from 'node:crypto';
import { prepareDraft } from '../../apps/cli/hand-in';
import type { OfficeCalls } from '../../apps/cli/office-calls';
import type { Message } from '../../libs/schema';
import { consentRecord, SENDER_UNIT } from './document';

/** Officers who write and approve at the same time. */
const WRITERS = 16;

/**
 * Referrals that were written and approved by two officers and wait to be sent. What people do is not measured: it is done
 * before the measurement begins.
 */
export class DraftPool {
  private readonly ids: string[] = [];

  constructor(
    private readonly calls: OfficeCalls,
    private readonly document: Message,
  ) {}

  /** Has at least `count` drafts ready. */
  async fill(count: number): Promise<void> {
    let missing = count - this.ids.length;
    const writer = async () => {
      while (missing > 0) {
        missing -= 1;
        this.ids.push(await this.write());
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  /** Takes one out; undefined when none is left. */
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
    return (await prepareDraft(letter, this.calls)).id;
  }
}
