import type { Role } from '../../../libs/schema';

/** Somebody who works in a unit of the demonstration: the id of their token is the unit with this ending. */
export interface Post {
  readonly ending: string;
  readonly roles: readonly Role[];
}

/**
 * The people of every unit of the demonstration: enough for a second pair of eyes on everything, and for nobody to be their
 * own. Connection tests and statistics come from systems that read no content.
 */
export const POSTS: readonly Post[] = [
  { ending: '', roles: ['case_officer', 'caseworker', 'receiving_desk'] },
  { ending: '/liaison', roles: ['liaison_officer'] },
  { ending: '/protection', roles: ['child_protection_officer'] },
  { ending: '/dpo', roles: ['dpo'] },
  { ending: '/chair', roles: ['delegation_chair'] },
  { ending: '/systems', roles: ['operator'] },
  { ending: '/statistics', roles: ['statistics_officer'] },
];

/** Everybody of a unit who holds one of the roles, by the id of their token. */
export function holdersOf(unit: string, roles: readonly string[]): string[] {
  return POSTS.filter((post) => post.roles.some((role) => roles.includes(role))).map(({ ending }) => unit + ending);
}

/** In which of the roles that would do somebody of a unit acts. */
export function roleOf(unit: string, id: string, roles: readonly Role[]): Role | undefined {
  const post = POSTS.find(({ ending }) => unit + ending === id);
  return post?.roles.find((role) => roles.includes(role));
}
