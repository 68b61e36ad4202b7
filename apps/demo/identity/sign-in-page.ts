import type { IdentityConfig, Language, Person } from '../demo-config';
import { html, type Html, type Page } from '../page';
import { TEXTS } from '../texts';

export interface SignIn {
  readonly uid: string;
  readonly language: Language;
  /** Who has to confirm that it is still them; undefined at a first sign-in. */
  readonly again?: string | undefined;
}

/** The invented people of an app by unit, one button for each. A plain form: it works without JavaScript. */
export function signInPage(
  { id, name }: IdentityConfig,
  people: readonly Person[],
  { uid, language, again }: SignIn,
): Page {
  const texts = TEXTS[language];
  const known = people.find(({ sub }) => sub === again);
  const units = [...new Map(people.map(({ unit }) => [unit.id, unit])).values()];
  const confirm = known
    ? html`<h2>${texts.again}</h2>
        <ul>
          ${row(known, language)}
        </ul>`
    : html``;
  const body = html`<p>${texts.choose}</p>
    <form method="post" action="/interaction/${uid}">
      ${confirm}
      ${units.map(
        (unit) =>
          html`<section aria-labelledby="unit-${unit.id}">
            <h2 id="unit-${unit.id}">${unit.name[language]}</h2>
            <ul>
              ${people.filter((person) => person.unit.id === unit.id).map((person) => row(person, language))}
            </ul>
          </section> `,
      )}
    </form>`;
  const other = language === 'en' ? 'vi' : 'en';
  return {
    language,
    title: `${texts.signIn} ${name[language]} (${id})`,
    body,
    otherLanguage: `/interaction/${uid}?lang=${other}`,
  };
}

function row({ sub, name, locale, roles }: Person, language: Language): Html {
  const texts = TEXTS[language];
  const posts = roles.map((role) => texts.roles[role] ?? role).join(', ');
  const spoken = html`<span lang="${locale}">${name}</span>`;
  return html`<li>
    <p><strong>${spoken}</strong><br />${posts}</p>
    <button type="submit" name="sub" value="${sub}">${texts.signInAs} ${spoken}</button>
  </li>`;
}
