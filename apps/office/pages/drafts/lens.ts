import type { Submission } from '../../../../libs/casework';
import { consentInsteadOf, consentOutOf, countryOf, type ConsentTie } from '../../../../libs/protection';
import type { ConsentGrant, ConsentRecord, ConsentScope, OverrideRecord } from '../../../../libs/schema';

type Members = Readonly<Record<string, unknown>>;

/** A submission while it is being written: any part of it may be unfinished, and is kept as it was typed. */
export interface Written {
  readonly document: Members & { readonly header: Members };
  readonly record?: Members | undefined;
  readonly override?: Members | undefined;
}

/** Where the answers of a page stand in what is handed in. */
export interface Lens {
  get(written: Written): unknown;
  set(written: Written, value: Members): Written;
}

export const DOCUMENT: Lens = {
  get: ({ document }) => document,
  set: (written, document) => ({ ...written, document: document as Written['document'] }),
};

/** The record of the person's consent; the message's own `consent` follows from it. */
export const recordLens = (tie: ConsentTie): Lens => ({
  get: ({ record }) => record ?? {},
  set: (written, record) => withConsent({ ...written, record }, consentOutOf(record, tie)),
});

/** A decision to share without consent. */
export const OVERRIDE: Lens = {
  get: ({ override }) => override ?? {},
  set: (written, override) => withConsent({ ...written, override }, consentInsteadOf(override)),
};

/** The yeses of the record for this recipient and purpose, as `{ scopes }`; those for others stay. */
export const scopesLens = (tie: ConsentTie): Lens => ({
  get: ({ record }) => {
    const { scopes } = consentOutOf(record ?? {}, tie) as {
      readonly scopes: readonly string[];
    };
    // An empty list is the answer "none of these", which nobody has given before the page was there.
    return record?.['grants'] === undefined ? {} : { scopes };
  },
  set: (written, { scopes = [] }) => {
    const { record = {} } = written;
    const others = grantsOf(record).filter((grant) => !isTied(grant, tie));
    const country = countryOf(tie.node)!;
    const { unitClass, purpose } = tie;
    const own = (scopes as readonly ConsentScope[]).map((scope) => ({ scope, country, unitClass, purpose }));
    return recordLens(tie).set(written, { ...record, grants: [...others, ...own] });
  },
});

const grantsOf = ({ grants }: Members) => (Array.isArray(grants) ? (grants as readonly ConsentGrant[]) : []);
const isTied = (grant: ConsentGrant, { node, unitClass, purpose }: ConsentTie) =>
  grant.country === countryOf(node) && grant.unitClass === unitClass && grant.purpose === purpose;

/** What a referral may rest on. */
export const GROUNDS = ['consent', 'not_sought', 'override'] as const;
export type Ground = (typeof GROUNDS)[number];

/** The ground that a document names; undefined while nobody has chosen one. */
export function groundOf({ document }: Written): Ground | undefined {
  const { status } = (document['consent'] ?? {}) as { readonly status?: unknown };
  if (status === 'given' || status === 'narrowed') return 'consent';
  return GROUNDS.find((ground) => ground === status);
}

/** What a record says before anybody has answered: who took the consent, and that nothing is withdrawn. */
export type FirstRecord = Pick<ConsentRecord, 'status' | 'takenByUnit' | 'explainedBy'>;

/** The ground as `{ ground, legalBasis }`. Records of another ground go: nothing that is sent may rest on them by mistake. */
export const groundLens = (tie: ConsentTie, first: FirstRecord, now: () => Date): Lens => ({
  get: (written) => {
    const { legalBasis } = (written.document['consent'] ?? {}) as { readonly legalBasis?: unknown };
    const ground = groundOf(written);
    return { ...(ground && { ground }), ...(ground === 'not_sought' && legalBasis !== undefined && { legalBasis }) };
  },
  set: ({ document, record, override }, { ground, legalBasis }) => {
    switch (ground) {
      case 'consent':
        return recordLens(tie).set({ document }, record ?? first);
      case 'override':
        return OVERRIDE.set({ document }, override ?? { decidedAt: now().toISOString() });
      case 'not_sought': {
        const consent = { status: 'not_sought', scopes: [], ...(legalBasis !== undefined && { legalBasis }) };
        return withConsent({ document }, consent);
      }
      default: {
        const { consent: _none, ...others } = document;
        return { document: { ...others, header: document.header } };
      }
    }
  },
});

const withConsent = (written: Written, consent: object): Written => ({
  ...written,
  document: { ...written.document, consent },
});

/** What is handed in; the use cases check it, and keep what is unfinished. */
export const toSubmission = ({ document, record, override }: Written): Submission => ({
  document,
  record: record as ConsentRecord | undefined,
  override: override as OverrideRecord | undefined,
});

export const asWritten = ({ document, record, override }: Submission): Written => ({
  document: document as Written['document'],
  record: record as Members | undefined,
  override: override as Members | undefined,
});
