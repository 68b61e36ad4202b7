import { randomUUID } from 'node:crypto';
import { CATALOGUE, TraoError, type Code, type Fault } from '../../libs/errors';
import type { Access } from './local/access';

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
    readonly verified: boolean;
  }[];
}

export interface ShownReferral {
  readonly referralId: string;
  readonly state: string;
  readonly side: string;
  readonly partnerUnit: string;
  readonly delivery?: string;
  readonly lastMessage: { readonly id: string; readonly type: string; readonly direction: string; readonly at: string };
  readonly changedAt: string;
}

type Node = Access['nodes'][number];

/** Speaks to the offices of a running demonstration, as a unit or as an operator. */
export class OfficeClient {
  constructor(private readonly access: Access) {}

  /** Hands in a document for a unit. Trying again with the same key never sends twice. */
  async send(
    unit: string,
    document: unknown,
    idempotencyKey: string = randomUUID(),
  ): Promise<{ readonly messageId: string }> {
    return this.call(this.nodeOfUnit(unit), unit, `/v1/units/${unit}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(document),
    });
  }

  async inbox(unit: string, limit: number): Promise<ShownReferral[]> {
    const answer = await this.call<{ referrals: ShownReferral[] }>(
      this.nodeOfUnit(unit),
      unit,
      `/v1/units/${unit}/inbox?limit=${limit}`,
    );
    return answer.referrals;
  }

  message(unit: string, id: string): Promise<unknown> {
    return this.call(this.nodeOfUnit(unit), unit, `/v1/units/${unit}/messages/${id}`);
  }

  /** Outgoing messages of all nodes, newest first. */
  async deliveries(limit: number, state?: string): Promise<(ShownDelivery & { readonly senderNode: string })[]> {
    const query = `?limit=${limit}${state ? `&state=${state}` : ''}`;
    const lists = await Promise.all(
      this.access.nodes.map(async (node) => {
        const answer = await this.call<{ deliveries: ShownDelivery[] }>(node, 'operator', `/v1/deliveries${query}`);
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
    for (const node of this.access.nodes) {
      try {
        return await this.call<ShownDelivery>(node, 'operator', `/v1/deliveries/${id}`);
      } catch (error) {
        if (!(error instanceof TraoError && error.code === 'not_found')) throw error;
      }
    }
    throw new TraoError('not_found', { detail: `No node has sent a message ${id}.` });
  }

  private nodeOfUnit(unit: string): Node {
    const node = this.access.nodes.find((candidate) => candidate.tokens[unit] !== undefined && unit !== 'operator');
    if (!node) {
      const known = this.access.nodes.flatMap(({ tokens }) => Object.keys(tokens).filter((id) => id !== 'operator'));
      throw new TraoError('unknown_unit', { detail: `${unit}. Known here: ${known.join(', ')}.` });
    }
    return node;
  }

  private async call<T>(node: Node, as: string, path: string, init: RequestInit = {}): Promise<T> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${node.tokens[as] ?? ''}` };
    const response = await fetch(node.office + path, { ...init, headers }).catch((cause: unknown) => {
      throw new TraoError('partner_unreachable', {
        detail: `${node.office}: is the demonstration running? Start it with: npm run demo`,
        cause,
      });
    });
    const body: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw fromProblem(body, response.status);
    return body as T;
  }
}

function fromProblem(body: unknown, status: number): TraoError {
  const { code, detail, errors } = body as {
    code?: string;
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const known: Code = code !== undefined && Object.hasOwn(CATALOGUE, code) ? (code as Code) : 'internal';
  const faults = errors?.map((error): Fault => ({ pointer: error.pointer, rule: error.detail })) ?? [];
  return new TraoError(known, { detail: detail ?? (code ? '' : `HTTP ${status}`), faults });
}
