import { nodeOf, type Document } from './examples';
import { recordsOf } from './office-of-examples';
import { callOffice } from './office-rest';
import type { NodeId, TwoNodes } from './two-nodes';

export interface DraftThere {
  readonly digest: string;
  readonly document: Document;
  readonly drafters: readonly string[];
  readonly approvals: readonly { readonly by: string }[];
}

/** Writes a draft by REST, past the pages: tests of one page need not fill in thirty. Answers its id. */
export async function writeDraft(nodes: TwoNodes, as: string, document: Document): Promise<string> {
  const unit = as.split('/')[0]!;
  const body = JSON.stringify({ document, ...recordsOf(document) });
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const answer = await callOffice(nodes, nodeOf(unit) as NodeId, `/v1/units/${unit}/drafts`, {
    method: 'POST',
    as,
    headers,
    body,
  });
  if (answer.status !== 201) throw new Error(`No draft: ${answer.status} ${answer.text}`);
  return String(answer.body['id']);
}

/** A draft as the database has it; undefined when it is gone. */
export async function readDraftOf(nodes: TwoNodes, unit: string, id: string): Promise<DraftThere | undefined> {
  const { status, body } = await callOffice(nodes, nodeOf(unit) as NodeId, `/v1/units/${unit}/drafts/${id}`, {
    as: unit,
  });
  return status === 200 ? (body as unknown as DraftThere) : undefined;
}
