import type { Actor } from '../../libs/casework';
import type { Role } from '../../libs/schema';

/** Posts of a unit, each with two people: whoever approves must be somebody else than the author. */
const POSTS: readonly (readonly Role[])[] = [
  ['case_officer'],
  ['liaison_officer'],
  ['caseworker', 'receiving_desk'],
  ['child_protection_officer'],
  ['dpo'],
  ['delegation_chair'],
  ['auditor'],
  // Systems and people who read no content (domain §2).
  ['operator'],
  ['statistics_officer'],
];

/** Everybody who works for a unit. */
function officersOf(unit: string): Actor[] {
  return [1, 2].flatMap((number) => POSTS.map((roles) => ({ id: `${unit} ${roles[0]} ${number}`, unit, roles })));
}

/** The first officer of a unit who holds the role and is none of `others`. */
export function officer(unit: string, role: Role, others: readonly string[] = []): Actor {
  const found = officersOf(unit).find(({ id, roles }) => roles.includes(role) && !others.includes(id));
  if (!found) throw new Error(`${unit} has no other ${role}`);
  return found;
}
