/** A page of questions. */
export interface PagePlan {
  readonly id: string;
  /** Paths of the field matrix, or of what several of its rows are part of. */
  readonly paths: readonly string[];
  /** A definition of rules.schema.json: the page is for referrals of which it holds. */
  readonly when?: 'isChild';
}

export interface SectionPlan {
  readonly id: string;
  readonly pages: readonly PagePlan[];
}

/**
 * The task list of a referral: each path of the field matrix on one page, one thing per page. Which of them a referral has is
 * not written here: the matrix says it for a purpose, and the rules of the schema for the answers given so far.
 */
export const SECTIONS: readonly SectionPlan[] = [
  {
    id: 'person',
    pages: [
      { id: 'identity', paths: ['identityMode'] },
      { id: 'age', paths: ['person.ageStatus', 'person.unaccompanied'] },
      { id: 'name', paths: ['person.name', 'person.aliases'] },
      { id: 'birth', paths: ['person.birth'] },
      { id: 'gender-citizenship', paths: ['person.gender', 'person.citizenship'] },
      { id: 'birthplace', paths: ['person.birthplace'] },
      { id: 'languages', paths: ['person.languages', 'person.communicationNeeds'] },
      { id: 'documents', paths: ['person.documents'] },
      { id: 'guardian', paths: ['guardian'], when: 'isChild' },
      { id: 'best-interests', paths: ['bestInterests'], when: 'isChild' },
    ],
  },
  {
    id: 'safety',
    pages: [
      { id: 'alert', paths: ['alert'] },
      { id: 'risk', paths: ['risk'] },
      { id: 'safe-contact', paths: ['safeContact'] },
      { id: 'family', paths: ['familyContact', 'consularContact'] },
    ],
  },
  {
    id: 'consent',
    pages: [
      { id: 'consent', paths: ['consent'] },
      { id: 'handling', paths: ['handling'] },
    ],
  },
  {
    id: 'what-happened',
    pages: [
      {
        id: 'exploitation',
        paths: ['exploitation.types', 'exploitation.acts', 'exploitation.means'],
      },
      { id: 'control', paths: ['exploitation.control', 'exploitation.sector'] },
      { id: 'recruitment', paths: ['exploitation.recruitment'] },
      { id: 'situation', paths: ['exploitation.stillInSituation', 'exploitation.lastContact'] },
      { id: 'account', paths: ['exploitation.narrative'] },
      { id: 'identification', paths: ['identification'] },
      { id: 'police', paths: ['police'] },
      { id: 'source', paths: ['evaluation'] },
    ],
  },
  {
    id: 'locations',
    pages: [
      { id: 'current', paths: ['location.current'] },
      { id: 'precise', paths: ['location.precise'] },
      { id: 'places', paths: ['exploitation.places'] },
      { id: 'return', paths: ['return'] },
      { id: 'plan', paths: ['plan'] },
    ],
  },
  {
    id: 'others',
    pages: [
      { id: 'dependants', paths: ['person.dependants'] },
      { id: 'trace', paths: ['trace'] },
    ],
  },
  {
    id: 'needs',
    pages: [
      { id: 'services', paths: ['needs'] },
      { id: 'health', paths: ['health'] },
      { id: 'questions', paths: ['questions'] },
    ],
  },
  {
    id: 'attachments',
    pages: [
      { id: 'files', paths: ['attachments'] },
      { id: 'photo', paths: ['person.photo'] },
    ],
  },
  { id: 'your-details', pages: [{ id: 'contact', paths: ['contact'] }] },
];
