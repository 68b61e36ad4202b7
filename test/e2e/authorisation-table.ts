import type { Role } from '../../libs/schema';

/** Roles that read what the messages of their unit say (domain §2). Written down here, not taken from the code under test. */
const READERS: readonly Role[] = [
  'case_officer',
  'liaison_officer',
  'receiving_desk',
  'caseworker',
  'child_protection_officer',
  'dpo',
  'delegation_chair',
];
const OTHERS: readonly Role[] = ['operator', 'auditor', 'statistics_officer'];
export const ALL_ROLES: readonly Role[] = [...READERS, ...OTHERS];

/**
 * What people get at a page, signed in with one role. `own`: of their unit; `foreign`: of another unit of the node. Whoever lacks the
 * role gets 403, and whoever is not signed in here is led to the sign-in page.
 */
export interface PageRule {
  readonly roles: readonly Role[];
  readonly own: number | Readonly<Partial<Record<Role | 'others', number>>>;
  readonly foreign: number;
  /** Parts of the path that would change something that others look at: our own unit asks with ids that lead nowhere, and gets 404. */
  readonly changes?: boolean;
  readonly query?: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Of an object of one unit: nobody else learns that it is there. */
const ofUnit = (own: PageRule['own'], more: Partial<PageRule> = {}): PageRule => ({
  roles: READERS,
  own,
  foreign: 404,
  ...more,
});
/** Changes an object of one unit. */
const changes = (more: Partial<PageRule> = {}): PageRule => ofUnit(404, { changes: true, ...more });
/** Roles that write a referral. */
const WRITERS: readonly Role[] = ['case_officer', 'liaison_officer', 'caseworker'];
/** The draft is one of a case officer; everybody else of the unit is led to the page on which they can read it. */
const writer = (status: number) => ({ case_officer: status, others: 303 });
/** Lists and forms that show everybody what is theirs. */
const forAll = (own: number, roles: readonly Role[] = READERS, more: Partial<PageRule> = {}): PageRule => ({
  roles,
  own,
  foreign: own,
  ...more,
});

/** Every page for people who are signed in. A page that is added must be added here, or the test fails. */
export const PAGES: Readonly<Record<string, PageRule>> = {
  'GET /work': forAll(200),
  'GET /cases': forAll(200),
  'POST /cases/search': forAll(200),
  'GET /cases/:id': ofUnit(200),
  'GET /cases/:id/timeline': ofUnit(200),
  'GET /cases/:id/messages': ofUnit(200),
  'GET /cases/:id/messages/:messageId': ofUnit(200),
  'GET /cases/:id/plans': ofUnit(200),
  'GET /cases/:id/access': ofUnit(200),
  'GET /cases/:id/live': ofUnit(200),
  'GET /cases/:id/files': ofUnit(200),
  'GET /cases/:id/files/:fileId': ofUnit(404),
  'GET /cases/:id/sent/:messageId': ofUnit(200),
  // Our side wrote the referral: nobody of it can acknowledge it.
  'GET /cases/:id/reply/:type': ofUnit(404),
  'GET /cases/:id/forward': ofUnit(200, { roles: WRITERS }),
  'POST /cases/:id/forward': changes({ roles: WRITERS }),
  'GET /cases/:id/print': ofUnit(200),
  'GET /cases/:id/pdf': ofUnit(200),
  // Without a reason the question comes again.
  'POST /cases/:id/reason': ofUnit(200),
  'POST /cases/:id/take': changes(),
  'POST /cases/:id/hold': changes(),
  'GET /new': forAll(200, WRITERS),
  'GET /new/recipient': forAll(200, WRITERS),
  // Nothing is chosen: the first question comes.
  'POST /new/recipient': forAll(200, WRITERS),
  'GET /drafts/:id': ofUnit(writer(200)),
  'GET /drafts/:id/:section/:page': ofUnit(writer(200)),
  'GET /drafts/:id/attachments/files': ofUnit(writer(200)),
  'GET /drafts/:id/check': ofUnit(200),
  'GET /drafts/:id/approve': ofUnit(200),
  'GET /drafts/:id/preview': ofUnit(200),
  'GET /drafts/:id/delete': ofUnit(200),
  'GET /drafts/:id/attachments/uploads/:fileId': ofUnit(404),
  'POST /drafts/:id/:section/:page': changes(),
  'POST /drafts/:id/:section/:page/autosave': changes(),
  'POST /drafts/:id/approve': changes(),
  'POST /drafts/:id/ask': changes(),
  'POST /drafts/:id/attachments/files': changes(),
  'POST /drafts/:id/attachments/files/remove': changes(),
  'POST /drafts/:id/attachments/uploads': changes({ form: { name: 'a.pdf', type: 'other', bytes: '3' } }),
  'PATCH /drafts/:id/attachments/uploads/:fileId': changes(),
  'POST /drafts/:id/decide': changes(),
  'POST /drafts/:id/delete': changes(),
  'POST /drafts/:id/hold': changes(),
  'POST /drafts/:id/send': changes(),
  'POST /drafts/:id/signed-form': changes(),
  'POST /drafts/:id/withhold': changes(),
  'GET /statistics': forAll(200, [...READERS, 'statistics_officer']),
  'GET /access': forAll(200, ['auditor', 'dpo']),
  'GET /new/prompt-sheet.pdf': forAll(200, ALL_ROLES, { query: '?purpose=PROTECT' }),
  'GET /settings': forAll(200, ALL_ROLES),
  // An empty form is no setting.
  'POST /settings': forAll(422, ALL_ROLES),
  'POST /session': forAll(201, ALL_ROLES),
  'GET /sign-in/again': forAll(303, ALL_ROLES),
  'POST /sign-out': forAll(303, ALL_ROLES),
};

/** Pages for everybody, and what a signed-out visitor gets there. */
export const OPEN_PAGES: Readonly<Record<string, { readonly status: number; readonly query?: string }>> = {
  'GET /': { status: 303 },
  'GET /help': { status: 200 },
  'GET /help/:page': { status: 200 },
  'GET /language': { status: 303, query: '?to=vi' },
  'GET /sign-in': { status: 200 },
  'GET /sign-in/start': { status: 303 },
  'GET /sign-in/callback': { status: 303 },
  'GET /sign-in/unit': { status: 303 },
  'POST /sign-in/unit': { status: 303 },
  'GET /sign-out': { status: 303 },
};

/** Who may call a route of REST: the roles that read content, everybody of the unit, operators of the node, any client, the world. */
export type RestRule = readonly Role[] | 'readers' | 'unit' | 'operator' | 'client' | 'anybody';

export const REST: Readonly<Record<string, RestRule>> = {
  'POST /v1/units/:unit/messages': 'unit',
  'GET /v1/units/:unit/messages/:id': 'readers',
  'GET /v1/units/:unit/inbox': 'readers',
  'GET /v1/units/:unit/drafts': 'readers',
  'POST /v1/units/:unit/drafts': 'readers',
  'GET /v1/units/:unit/drafts/:id': 'readers',
  'PUT /v1/units/:unit/drafts/:id': 'readers',
  'DELETE /v1/units/:unit/drafts/:id': 'readers',
  'POST /v1/units/:unit/drafts/:id/approvals': 'readers',
  'POST /v1/units/:unit/drafts/:id/decisions': 'readers',
  'PUT /v1/units/:unit/drafts/:id/hold': 'readers',
  'DELETE /v1/units/:unit/drafts/:id/hold': 'readers',
  'POST /v1/units/:unit/drafts/:id/send': 'readers',
  'GET /v1/units/:unit/drafts/:draftId/files': 'readers',
  'POST /v1/units/:unit/drafts/:draftId/files': 'readers',
  'GET /v1/units/:unit/drafts/:draftId/files/:id': 'readers',
  'PATCH /v1/units/:unit/drafts/:draftId/files/:id': 'readers',
  'DELETE /v1/units/:unit/drafts/:draftId/files/:id': 'readers',
  'PUT /v1/units/:unit/drafts/:draftId/files/:id/description': 'readers',
  'POST /v1/units/:unit/cases/search': 'readers',
  'GET /v1/units/:unit/cases/:referralId': 'readers',
  'GET /v1/units/:unit/cases/:referralId/export': 'readers',
  'GET /v1/units/:unit/cases/:referralId/files': 'readers',
  'GET /v1/units/:unit/files/:id/content': 'readers',
  'PUT /v1/units/:unit/cases/:referralId/hold': ['liaison_officer', 'caseworker', 'child_protection_officer', 'dpo'],
  'DELETE /v1/units/:unit/cases/:referralId/hold': ['dpo'],
  'POST /v1/units/:unit/cases/:referralId/override-review': ['dpo'],
  'POST /v1/units/:unit/cases/:referralId/forward': 'readers',
  'GET /v1/deliveries': 'operator',
  'GET /v1/deliveries/:id': 'operator',
  'GET /v1/directory': 'operator',
  'GET /v1/directory/partners': 'operator',
  'GET /v1/codes': 'client',
  'GET /v1/codes/:list': 'client',
  'GET /health/live': 'anybody',
  'GET /health/ready': 'anybody',
};

export { READERS };
