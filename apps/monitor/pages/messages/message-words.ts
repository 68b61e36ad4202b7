import type { Fault } from '../../../../libs/errors';
import type { Language, Translate } from '../../../../libs/pages';

/** Colours of states; a colour never says anything alone. */
const COLOURS: Readonly<Record<string, string>> = {
  queued: 'blue',
  sending: 'yellow',
  received: 'light-blue',
  delivered: 'green',
  opened: 'green',
  refused: 'red',
  expired: 'red',
  undeliverable: 'red',
  stored: 'blue',
  held: 'yellow',
  filed: 'green',
};

/** A state as a tag. */
export const stateTag = (state: string, t: Translate) => ({
  text: t(`messages:state.${state}`),
  classes: `govuk-tag--${COLOURS[state] ?? 'grey'}`,
});

/** What is wrong, as entries of an error summary; `fields`: the words of each field, and the id of its input. */
export function faultLines(
  faults: readonly Fault[],
  language: Language,
  field: (name: string) => { readonly label: string; readonly id: string },
): { readonly text: string; readonly href: string; readonly name: string }[] {
  return faults.map(({ pointer, rule, ruleVi }) => {
    const name = pointer.replace(/^[?/]/, '');
    const { label, id } = field(name);
    return { text: `${label}: ${language === 'vi' ? ruleVi : rule}`, href: `#${id}`, name };
  });
}
