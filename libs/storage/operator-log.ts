import type { Query } from './database';

/** Who did something at the monitor. */
export interface ActingOperator {
  readonly id: string;
  readonly roles: readonly string[];
}

/**
 * Writes down what an operator did, in the transaction of the act itself: neither is there without the other.
 * @param act a stable name such as `partner_suspended`
 * @param object an id; never content
 * @param before, after what was changed, as JSON; undefined where nothing of the kind was
 */
export async function noteAct(
  query: Query,
  { id, roles }: ActingOperator,
  act: string,
  object: string,
  before?: object,
  after?: object,
): Promise<void> {
  const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
  await query('SELECT operator_note($1, $2, $3, $4, $5, $6)', [id, roles, act, object, json(before), json(after)]);
}
