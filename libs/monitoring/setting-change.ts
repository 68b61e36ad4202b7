import { TraoError } from '../errors';
import type { OperatorRole } from './operator-roles';
import { ALERT_SETTINGS, type SettingShape } from './settings-shapes';

/** All settings that operators change at the monitor, in the order of the page. Everything else is configuration of a process. */
export const SETTINGS: readonly SettingShape[] = Object.values(ALERT_SETTINGS);

/** @throws TraoError `not_found` for a name that is none of ours */
export function settingShape(name: string): SettingShape {
  const shape = SETTINGS.find((one) => one.name === name);
  if (!shape) throw new TraoError('not_found');
  return shape;
}

/** How a value is typed: one entry a line, digits, or one of a few words. */
export type TypedAs = 'lines' | 'number' | 'choice';

export function typedAs({ default: value }: SettingShape): TypedAs {
  if (Array.isArray(value)) return 'lines';
  return typeof value === 'number' ? 'number' : 'choice';
}

/** A value as people type it. */
export function typedOf(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/**
 * The value of what somebody typed.
 * @throws TraoError `bad_request` with the fault of a value that the setting does not take
 */
export function valueTyped(shape: SettingShape, text: string): unknown {
  const value = untyped(shape, text.trim());
  const fault = shape.validate(value);
  if (fault) throw new TraoError('bad_request', { faults: [fault] });
  return value;
}

function untyped(shape: SettingShape, text: string): unknown {
  switch (typedAs(shape)) {
    case 'lines':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'number':
      return /^\d{1,9}$/.test(text) ? Number(text) : text;
    case 'choice':
      return text;
  }
}

/** Two values are the same; JSON of ours has its members in one order. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Who acts. */
export interface ChangingOperator {
  readonly id: string;
  readonly roles: readonly OperatorRole[];
}

/** A change that waits for a second person, or did. */
export interface ProposedChange {
  readonly proposedBy: string;
  readonly state: 'open' | 'applied' | 'withdrawn';
}

const holds = ({ roles }: ChangingOperator, ...wanted: readonly OperatorRole[]) =>
  wanted.some((role) => roles.includes(role));

/** An ordinary setting is changed by one person. */
export const maySet = (operator: ChangingOperator, { security }: SettingShape): boolean =>
  !security && holds(operator, 'operator_act');

/** A security setting is proposed by one person. */
export const mayPropose = (operator: ChangingOperator, { security }: SettingShape): boolean =>
  security && holds(operator, 'operator_act', 'key_officer');

/** Whether somebody could confirm a change, were it open. */
export const mayConfirm = (operator: ChangingOperator, { proposedBy }: ProposedChange): boolean =>
  holds(operator, 'key_officer') && operator.id !== proposedBy;

/** Who takes a proposal back: whoever made it, and whoever could have confirmed it. */
export const mayWithdraw = (operator: ChangingOperator, change: ProposedChange): boolean =>
  operator.id === change.proposedBy || mayConfirm(operator, change);

/**
 * Lets a change through.
 * @throws TraoError `forbidden` without the role, `second_person_needed` for who proposed it, `change_decided` when it is not open any more
 */
export function assertMayConfirm(operator: ChangingOperator, change: ProposedChange): void {
  if (!holds(operator, 'key_officer')) throw new TraoError('forbidden');
  if (!mayConfirm(operator, change)) throw new TraoError('second_person_needed');
  assertOpen(change);
}

/** @throws TraoError `forbidden`, `change_decided` */
export function assertMayWithdraw(operator: ChangingOperator, change: ProposedChange): void {
  if (!mayWithdraw(operator, change)) throw new TraoError('forbidden');
  assertOpen(change);
}

function assertOpen({ state }: ProposedChange): void {
  if (state !== 'open') throw new TraoError('change_decided');
}
