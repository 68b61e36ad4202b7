import { settingChange, type SettingShape } from '../../../../libs/monitoring';
import type { Translate } from '../../../../libs/pages';
import type { desk } from '../../../../libs/storage';
import type { Operator } from '../../operators';

/** A setting as its line in the table and its form. */
export function settingView(
  shape: SettingShape,
  kept: desk.KeptSetting | undefined,
  open: desk.OpenChange | undefined,
  operator: Operator,
  t: Translate,
) {
  const { name, security, default: otherwise } = shape;
  const value = kept ? kept.value : otherwise;
  return {
    name,
    title: t(`settings:name.${name}`),
    hint: t(`settings:hint.${name}`),
    security,
    value: valueText(value, t),
    typed: settingChange.typedOf(value),
    typedAs: settingChange.typedAs(shape),
    isDefault: kept === undefined,
    changedBy: kept?.changedBy,
    changedAt: kept?.changedAt,
    maySet: settingChange.maySet(operator, shape),
    mayPropose: settingChange.mayPropose(operator, shape) && !open,
  };
}

/** A change that waits for a second person. */
export function changeView(
  change: desk.OpenChange,
  kept: ReadonlyMap<string, unknown>,
  operator: Operator,
  t: Translate,
) {
  const { id, name, value, proposedBy, proposedAt } = change;
  const shape = settingChange.settingShape(name);
  return {
    id,
    title: t(`settings:name.${name}`),
    before: valueText(kept.has(name) ? kept.get(name) : shape.default, t),
    after: valueText(value, t),
    proposedBy,
    proposedAt,
    mayConfirm: settingChange.mayConfirm(operator, change),
    mayWithdraw: settingChange.mayWithdraw(operator, change),
    own: proposedBy === operator.id,
  };
}

const valueText = (value: unknown, t: Translate): string => {
  if (Array.isArray(value) && value.length === 0) return t('settings:nobody');
  return settingChange.typedOf(value);
};
