import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlockFile } from '../../../certs-dev/development-keys';
import { closeCase, nextMarkOf, searchableOf, toEvent, type OpenCase } from '../../../libs/casework';
import { deadlinesFor, machineDeadlines } from '../../../libs/deadlines';
import { digestOf, encryptAtRest, newCaseKey, seal, type Sealed } from '../../../libs/envelope';
import { openKeystore, type Keystore } from '../../../libs/keystore';
import { caseStateOf, expiryOf, toStep } from '../../../libs/lifecycle';
import type { Message } from '../../../libs/schema';
import { sendStore, type Database } from '../../../libs/storage';
import { searchKey, searchTokens } from '../../../libs/text';
import { adoptDirectory, Partners, type TrustAnchor } from '../../../libs/trust';
import { documentOf, RECIPIENT_UNIT, renewed, SENDER_UNIT } from '../../bench/document';

export type Lane = 'emergency' | 'urgent' | 'normal';

const NODE = 'vn';
const DOCUMENT_BYTES = 2_048;
/** Messages of one transaction: durable as ever, with fewer waits for the disk. */
const AT_ONCE = 25;

/** Whom referrals are for. */
export interface Addressee {
  readonly node: string;
  readonly unit: string;
}

const TO_GB: Addressee = { node: 'gb', unit: RECIPIENT_UNIT };

/** A referral that its sender was told is sent. */
export interface Filled {
  readonly id: string;
  readonly lane: Lane;
}

/**
 * Puts sealed referrals into the outbox of a node as its office does: signed and sealed by the unit's keys, each with a case, its signed
 * original, words and idempotency key, through the office's own store. What people do before that, and the office's HTTP, is left out:
 * written and approved by REST, a hundred thousand take an hour.
 */
export class Filler {
  private readonly document = documentOf(DOCUMENT_BYTES);

  private constructor(
    private readonly database: Database,
    private readonly partners: Partners,
    private readonly keys: Keystore,
    private readonly now: () => Date,
    private readonly to: Addressee,
  ) {}

  /** @param keyFolder of the nodes. @param now the clock of the office */
  static async of(database: Database, keyFolder: string, now: () => Date, to = TO_GB): Promise<Filler> {
    const anchor = JSON.parse(await readFile(join(keyFolder, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
    const directory = await adoptDirectory(await readFile(join(keyFolder, 'directory.json')), anchor, now());
    const unlock = { keyFile: unlockFile(keyFolder, NODE, 'office') };
    const keys = await openKeystore({ folder: join(keyFolder, 'nodes', NODE, 'office'), unlock });
    return new Filler(database, new Partners(directory), keys, now, to);
  }

  /** Sends `count` referrals, each in a lane of its own. They are durable when this returns. */
  async fill(count: number, laneOf: (index: number) => Lane, told: (done: number) => void = () => undefined) {
    const filled: Filled[] = [];
    for (let done = 0; done < count; done += AT_ONCE) {
      const lanes = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => laneOf(done + index));
      // A clock that has just been moved ends what PostgreSQL takes for idle by then: nothing is committed, and it is done again.
      filled.push(...(await this.save(lanes).catch(() => this.save(lanes))));
      told(filled.length);
    }
    return filled;
  }

  private async save(lanes: readonly Lane[]): Promise<Filled[]> {
    const sent = await Promise.all(lanes.map((lane) => this.make(lane)));
    await this.database.transaction(async (query) => {
      const store = sendStore(query);
      for (const one of sent) await store.save(one);
    });
    return sent.map(({ message }) => ({ id: message.id, lane: message.priority }));
  }

  /** What `send` of libs/casework writes of a referral. */
  private async make(lane: Lane) {
    const at = this.now();
    const fresh = renewed(this.document);
    const header = { ...fresh.header, recipientUnit: this.to.unit, priority: lane, createdAt: at.toISOString() };
    const message = { ...fresh, header } as Message;
    const expiresAt = expiryOf(lane, at);
    const { sealed, kid } = await this.seal(message, lane, at, expiresAt);
    const { record, search, event } = await this.caseOf(message, sealed, at);
    const outgoing = {
      id: message.header.messageId,
      recipientNode: this.to.node,
      recipientKid: kid,
      priority: lane,
      token: sealed.token,
      digest: sealed.digest,
      createdAt: at,
      expiresAt,
      attempts: 0,
    };
    const lookAt = new Date(at.getTime() + machineDeadlines(lane, this.terms).not_received);
    const key = randomUUID();
    const asked = { unit: SENDER_UNIT, clientId: 'backlog', idempotencyKey: key, requestDigest: digestOf(key) };
    const request = { ...asked, messageId: outgoing.id };
    const none = { kept: undefined, erases: undefined, filesOf: undefined, forgotten: [] };
    return { message: outgoing, lookAt, record, event, search, request, ...none };
  }

  private get terms() {
    return deadlinesFor(this.to.node, {});
  }

  private async seal(message: Message, priority: Lane, issuedAt: Date, expiresAt: Date) {
    const recipientKey = await this.partners.sealingKey(this.to.unit, issuedAt);
    const signingKey = await this.keys.signingKey(SENDER_UNIT);
    const { trustDomain } = this.partners.directory;
    const ends = { senderNode: NODE, recipientNode: this.to.node, trustDomain };
    const sealed = await seal({ message, ...ends, issuedAt, expiresAt, priority, signingKey, recipientKey });
    return { sealed, kid: recipientKey.kid };
  }

  private async caseOf(message: Message, { original }: Sealed, at: Date) {
    const storageKey = await this.keys.storageKey(SENDER_UNIT);
    const record = openedBy(message, digestOf(original), storageKey);
    const self = { node: NODE, partners: () => this.partners };
    const mark = nextMarkOf(record, caseStateOf(record.summary.steps), { self, deadlinesFor: () => this.terms });
    const tokens = searchTokens(searchKey(storageKey), searchableOf(message));
    const { unit, referralId } = record;
    return {
      record: closeCase(record, mark),
      search: { unit, referralId, tokens },
      event: toEvent(record, message.header.messageId, 'sent', original, at),
    };
  }
}

function openedBy(message: Message, digest: string, storageKey: Uint8Array): OpenCase {
  const { messageId, referralId, seq, recipientUnit } = message.header;
  const key = newCaseKey();
  const notes = { names: [], approvals: [], decisions: [], done: [], raised: [], unknownFields: [] };
  return {
    unit: SENDER_UNIT,
    referralId,
    key,
    wrappedKey: encryptAtRest(storageKey, key, ['unit_case', SENDER_UNIT, referralId, 'key']),
    summary: {
      side: 'sender',
      partnerUnit: recipientUnit,
      sent: { seq, digest },
      filed: { seq: 0, digest: undefined },
      openedBy: messageId,
      steps: [toStep(message, 'sender', digest, [])],
      local: notes,
    },
  };
}

/** Of a hundred messages one is an emergency and ten are urgent, spread evenly. */
export const laneOf = (index: number): Lane =>
  index % 100 === 50 ? 'emergency' : index % 10 === 5 ? 'urgent' : 'normal';
