import type { Page } from 'playwright-core';
import type { Values } from '../../libs/forms';

interface Control {
  readonly name: string;
  readonly kind: string;
  readonly value: string;
  readonly checked: boolean;
}

/** Of an element of a form, in the browser. */
type Shown = Omit<Control, 'kind'> & { readonly type: string };

const FORM = 'form#answers';
const ROWS = '-rows';

/**
 * Answers the questions of the page that is open, as a person does: by picking, ticking and typing.
 * @param press presses a button and waits for the page that comes
 */
export async function fillForm(page: Page, values: Values, press: (selector: string) => Promise<void>): Promise<void> {
  for (;;) {
    const controls = await controlsOf(page);
    await answer(page, controls, values);
    const list = controls.find(
      (one) => one.name.endsWith(ROWS) && Number(values[one.name] ?? 0) > Math.max(1, Number(one.value)),
    );
    if (!list) return;
    // The new row comes with a new page, which keeps what was typed.
    await press(`${FORM} button[name=then][value="add:${list.name.slice(0, -ROWS.length)}"]`);
  }
}

function controlsOf(page: Page): Promise<Control[]> {
  return page.locator(`${FORM} :is(input, select, textarea)[name]`).evaluateAll((elements) =>
    elements.map((element) => {
      const { name, type, value, checked } = element as unknown as Shown;
      return { name, kind: type, value, checked: checked === true };
    }),
  );
}

/** Picks and ticks first: what is asked after that may depend on it. */
async function answer(page: Page, controls: readonly Control[], values: Values): Promise<void> {
  for (const control of controls.filter(({ kind }) => kind === 'radio' || kind === 'checkbox')) {
    const wanted = values[control.name];
    if (wanted === undefined) continue;
    const on = [wanted].flat().includes(control.value);
    if (on === control.checked || (control.kind === 'radio' && !on)) continue;
    await page.locator(`${FORM} [name="${control.name}"][value="${control.value}"]`).setChecked(on);
  }
  for (const { name, kind, value } of controls) {
    const wanted = values[name];
    if (typeof wanted !== 'string' || wanted === value || ['radio', 'checkbox', 'hidden', 'submit'].includes(kind))
      continue;
    const control = page.locator(`${FORM} [name="${name}"]`);
    if (kind.startsWith('select')) await control.selectOption(wanted);
    else await control.fill(wanted);
  }
}
