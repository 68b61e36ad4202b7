import { holdersOf } from '../../apps/cli/local/posts';
import { type TwoNodes, type NodeId } from './two-nodes';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  readonly body: {
    readonly code?: string;
    readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
    readonly [member: string]: unknown;
  };
}

export interface RestCall {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whose bearer token is presented: an officer (`UNIT`, `UNIT/liaison`, …), `operator`, or any other text as it is. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** One raw call to the office of a node: what the client of apps/cli would never send. */
export async function callOffice(
  nodes: TwoNodes,
  node: NodeId,
  path: string,
  call: RestCall = {},
): Promise<RestAnswer> {
  const { method = 'GET', as, headers = {}, body } = call;
  const authorization = as === undefined ? undefined : `Bearer ${tokenOf(nodes, as)}`;
  const office = nodes.access.nodes.find(({ id }) => id === node)?.office ?? '';
  const response = await fetch(office + path, {
    method,
    headers: { ...(authorization && { authorization }), ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

/** Hands in bytes as a document of a unit, by the officer whose role they name and with headers that fit, unless told otherwise. */
export function handIn(
  nodes: TwoNodes,
  unit: string,
  body: string | Uint8Array<ArrayBuffer>,
  { as = authorOf(unit, body), headers = {} }: Pick<RestCall, 'as' | 'headers'> = {},
): Promise<RestAnswer> {
  return callOffice(nodes, unit.split('.')[0] as NodeId, `/v1/units/${unit}/messages`, {
    method: 'POST',
    as,
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
    body,
  });
}

/** Who may write what the bytes say, as far as that can be read. */
function authorOf(unit: string, body: string | Uint8Array): string {
  const role = /"authorRole":\s*"(\w+)"/.exec(Buffer.from(body).toString('latin1'))?.[1] ?? '';
  return holdersOf(unit, [role])[0] ?? unit;
}

function tokenOf(nodes: TwoNodes, as: string): string {
  for (const { tokens } of nodes.access.nodes) if (tokens[as] !== undefined) return tokens[as];
  return as;
}

function parse(text: string): RestAnswer['body'] {
  try {
    return JSON.parse(text) as RestAnswer['body'];
  } catch {
    return {};
  }
}
