import { randomUUID } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import type { CaseLine, ShownCase as LivingCase } from '../../libs/casework';
import { handIn, type HandedIn, type Records } from './hand-in';
import type { Access } from './local/access';
import { json, OfficeCalls } from './office-calls';

/** A delivery as the office's REST interface shows it. */
export interface ShownDelivery {
  readonly id: string;
  readonly senderNode: string;
  readonly recipientNode: string;
  readonly priority: string;
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly expiresAt: string;
  readonly digest: string;
  readonly states: readonly { readonly state: string; readonly at: string }[];
  readonly tries: readonly { readonly at: string; readonly durationMs: number; readonly code: string | null }[];
  readonly receipts: readonly {
    readonly event: string;
    readonly issuer: string;
    readonly issuedAt: string;
    readonly code: string | null;
    /** About bytes that were replaced: the message was sealed anew since. */
    readonly superseded: boolean;
    readonly verified: boolean;
  }[];
}

/** What JSON makes of a value: dates become texts. */
type AsJson<T> = T extends Date ? string : T extends object ? { readonly [K in keyof T]: AsJson<T[K]> } : T;

/** A line of an inbox or of a search, as the office's REST interface shows it. */
export type ShownLine = AsJson<CaseLine>;
/** A case without the content of its messages. One that was erased has no timeline. */
export type ShownCase =
  AsJson<LivingCase> | (AsJson<Extract<CaseLine, { readonly state: 'erased' }>> & { readonly timeline?: undefined });

/** Speaks to the offices of a running demonstration, as officers of a unit or as an operator. */
export class OfficeClient {
  private readonly calls: OfficeCalls;

  constructor(access: Access) {
    this.calls = new OfficeCalls(access);
  }

  /** Hands in a document for a unit, with the officers that it takes. Trying again with the same key never sends twice. */
  send(
    unit: string,
    document: unknown,
    idempotencyKey: string = randomUUID(),
    records: Records = {},
  ): Promise<HandedIn> {
    return handIn({ unit, document, key: idempotencyKey, records }, this.calls);
  }

  async inbox(unit: string, limit: number): Promise<ShownLine[]> {
    const answer = await this.calls.asOfficer<{ referrals: ShownLine[] }>(unit, unit, `/inbox?limit=${limit}`);
    return answer.referrals;
  }

  message(unit: string, id: string): Promise<unknown> {
    return this.calls.asOfficer(unit, unit, `/messages/${id}`);
  }

  /** Everything about a case but the content of its messages. */
  caseOf(unit: string, referralId: string): Promise<ShownCase> {
    return this.calls.asOfficer(unit, unit, `/cases/${encodeURIComponent(referralId)}`);
  }

  /** The cases of a unit in which all the words occur, best match first. */
  async searchCases(unit: string, words: string, limit: number): Promise<ShownLine[]> {
    const init = json('POST', { words, limit });
    const answer = await this.calls.asOfficer<{ referrals: ShownLine[] }>(unit, unit, '/cases/search', init);
    return answer.referrals;
  }

  /** Outgoing messages of all nodes, newest first. */
  async deliveries(limit: number, state?: string): Promise<(ShownDelivery & { readonly senderNode: string })[]> {
    const query = `?limit=${limit}${state ? `&state=${state}` : ''}`;
    const lists = await Promise.all(
      this.calls.nodes.map(async (node) => {
        const path = `/v1/deliveries${query}`;
        const answer = await this.calls.call<{ deliveries: ShownDelivery[] }>(node, 'operator', path);
        return answer.deliveries.map((delivery) => ({ ...delivery, senderNode: node.id }));
      }),
    );
    return lists
      .flat()
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
      .slice(0, limit);
  }

  /** @throws TraoError `not_found` when no node has sent a message with that id */
  async delivery(id: string): Promise<ShownDelivery> {
    for (const node of this.calls.nodes) {
      try {
        return await this.calls.call<ShownDelivery>(node, 'operator', `/v1/deliveries/${id}`);
      } catch (error) {
        if (!(error instanceof TraoError && error.code === 'not_found')) throw error;
      }
    }
    throw new TraoError('not_found', { detail: `No node has sent a message ${id}.` });
  }
}
