import { request } from 'node:http';
import { callOffice, type RestAnswer } from './office-rest';
import { recordsOf } from './office-of-examples';
import { example, nodeOf } from './examples';
import type { NodeId, TwoNodes } from './two-nodes';

const REFERRAL = example('referral-protect-adult');
const { senderUnit: UNIT } = REFERRAL.header;
const PATCH_TYPE = 'application/offset+octet-stream';

export interface UploadClaim {
  readonly name: string;
  readonly type: string;
  readonly mime: string;
  readonly bytes: number;
  readonly [more: string]: unknown;
}

/** Files of one draft of a unit, over REST as a national system calls it. */
export class FileCalls {
  private constructor(
    private readonly nodes: TwoNodes,
    readonly draftId: string,
  ) {}

  static readonly document = REFERRAL;

  static async draft(nodes: TwoNodes): Promise<FileCalls> {
    const body = JSON.stringify({ document: REFERRAL, ...recordsOf(REFERRAL) });
    const headers = { 'content-type': 'application/json' };
    const path = `/v1/units/${UNIT}/drafts`;
    const answer = await callOffice(nodes, nodeOf(UNIT) as NodeId, path, { method: 'POST', as: UNIT, headers, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return new FileCalls(nodes, answer.body['id'] as string);
  }

  private get path(): string {
    return `/v1/units/${UNIT}/drafts/${this.draftId}`;
  }

  call(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    as = UNIT,
  ): Promise<RestAnswer> {
    return callOffice(this.nodes, nodeOf(UNIT) as NodeId, this.path + path, {
      method,
      as,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'idempotency-key': crypto.randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  begin = (claim: UploadClaim): Promise<RestAnswer> => this.call('POST', '/files', claim);

  append(id: string, offset: number, bytes: Buffer): Promise<RestAnswer> {
    return callOffice(this.nodes, nodeOf(UNIT) as NodeId, `${this.path}/files/${id}`, {
      method: 'PATCH',
      as: UNIT,
      headers: { 'content-type': PATCH_TYPE, 'upload-offset': String(offset) },
      body: new Uint8Array(bytes),
    });
  }

  /** Announces a file and sends all its bytes. */
  async upload(claim: Omit<UploadClaim, 'bytes'>, bytes: Buffer): Promise<RestAnswer> {
    const begun = await this.begin({ ...claim, bytes: bytes.length } as UploadClaim);
    return begun.status === 201 ? this.append(begun.body['id'] as string, 0, bytes) : begun;
  }

  /** Begins to send bytes and breaks the connection after some of them. */
  breakOff(id: string, offset: number, length: number, bytes: Buffer): Promise<void> {
    const node = this.nodes.access.nodes.find((each) => each.id === nodeOf(UNIT))!;
    const headers = {
      authorization: `Bearer ${node.tokens[UNIT] ?? ''}`,
      'content-type': PATCH_TYPE,
      'upload-offset': String(offset),
      'content-length': String(length),
    };
    return new Promise((resolve) => {
      const sent = request(`${node.office}${this.path}/files/${id}`, { method: 'PATCH', headers });
      sent.once('error', () => resolve());
      sent.once('close', () => resolve());
      sent.write(bytes, () => setTimeout(() => sent.destroy(), 100));
    });
  }

  /** Gets the other officer's yes and sends the referral. Answers the id of the message. */
  async send(): Promise<string> {
    const { body } = await this.call('GET', '');
    const approval = { digest: body['digest'], role: 'liaison_officer', kind: 'approve' };
    const agreed = await this.call('POST', '/approvals', approval, `${UNIT}/liaison`);
    if (agreed.status !== 204) throw new Error(agreed.text);
    const answer = await this.call('POST', '/send');
    if (answer.status !== 202) throw new Error(answer.text);
    return answer.body['messageId'] as string;
  }
}
