import { CATALOGUE, TraoError, type Code, type Fault, type RuleCode } from '../../libs/errors';
import type { Access } from './local/access';

type Node = Access['nodes'][number];

/** Calls to the offices of a running demonstration, each with the token of somebody. */
export class OfficeCalls {
  constructor(private readonly access: Access) {}

  get nodes(): readonly Node[] {
    return this.access.nodes;
  }

  /** The node of a unit. @throws TraoError `unknown_unit` */
  nodeOfUnit(unit: string): Node {
    const isUnit = unit !== 'operator' && !unit.includes('/');
    const node = this.access.nodes.find((candidate) => isUnit && candidate.tokens[unit] !== undefined);
    if (!node) {
      const ids = this.access.nodes.flatMap(({ tokens }) => Object.keys(tokens));
      const known = ids.filter((id) => id !== 'operator' && !id.includes('/'));
      throw new TraoError('unknown_unit', { detail: `${unit}. Known here: ${known.join(', ')}.` });
    }
    return node;
  }

  /** A call to a path of a unit, as one of its officers. */
  asOfficer<T>(unit: string, officer: string, path: string, init: RequestInit = {}): Promise<T> {
    return this.call<T>(this.nodeOfUnit(unit), officer, `/v1/units/${unit}${path}`, init);
  }

  /** @throws TraoError as the office answered; `partner_unreachable` when it does not */
  async call<T>(node: Node, as: string, path: string, init: RequestInit = {}): Promise<T> {
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

/** A body of JSON, with other headers where given. */
export function json(
  method: 'POST' | 'PUT' | 'DELETE',
  body: unknown,
  headers: Record<string, string> = {},
): RequestInit {
  return { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A fault as the office's REST interface shows it. */
export interface ShownFault {
  readonly pointer: string;
  readonly code: RuleCode;
  readonly detail: string;
  readonly detailVi: string;
}

const isKnown = (code: string | undefined): code is Code => code !== undefined && Object.hasOwn(CATALOGUE, code);

export function fromProblem(body: unknown, status: number): TraoError {
  const { code, detail, errors = [] } = body as { code?: string; detail?: string; errors?: ShownFault[] };
  const faults = errors.map((error): Fault => ({
    pointer: error.pointer,
    code: error.code,
    rule: error.detail,
    ruleVi: error.detailVi,
  }));
  if (isKnown(code)) return new TraoError(code, { ...(detail !== undefined && { detail }), faults });
  // An office that is newer than this program has codes of its own; what it says of them must not get lost.
  return new TraoError('internal', { detail: [`HTTP ${status}`, code, detail].filter(Boolean).join(' '), faults });
}
