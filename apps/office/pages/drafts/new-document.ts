import type { Officer } from '../../clients';
import { actorsOf } from '../../../../libs/lifecycle';
import type { Purpose, Role } from '../../../../libs/schema';

const SCHEMA_VERSION = '1.0';

/** Who writes: as far as the sign-in knows. */
export interface Author {
  readonly officer: Officer;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** The role in which an officer writes a message of a type; undefined where none of theirs may. */
export function roleFor(roles: readonly Role[], allowed: readonly Role[] | undefined): Role | undefined {
  return allowed?.find((role) => roles.includes(role));
}

/** A referral before its first answer: whom it is for, and the careful answers that are right where nobody says otherwise (domain §5). */
export function newReferral(
  { officer, name, email }: Author,
  {
    recipientUnit,
    purpose,
    priority,
  }: { readonly recipientUnit: string; readonly purpose: Purpose; readonly priority: string },
) {
  const authorRole = roleFor(officer.roles, actorsOf('referral', 'sender'));
  return (
    authorRole && {
      header: {
        schemaVersion: SCHEMA_VERSION,
        messageType: 'referral',
        recipientUnit,
        authorRole,
        approverRole: 'liaison_officer',
        purpose,
        priority,
      },
      handling: { code: 'H2', caveats: ['no_immigration_enforcement'], onward: 'with_permission' },
      contact: focalOf({ officer, name, email }, authorRole),
    }
  );
}

/** What is known of the focal person; the telephone number is asked. */
export const focalOf = ({ name, email }: Author, role: Role) => ({
  focal: { role, ...(name !== undefined && { name }), ...(email !== undefined && { email }) },
});
