import fc from 'fast-check';
import { exampleDraft, type Draft as Document } from '../../test/fakes/documents';
import { fictionalWorld, type FictionalWorld } from '../../test/fakes/fictional-world';
import { ManualClock } from '../../test/fakes/manual-clock';
import { MemoryNode } from '../../test/fakes/memory-node';
import { seededRandom } from '../../test/fakes/seeded-random';
import { open } from '../envelope';
import { TraoError } from '../errors';
import type { ConsentRecord, ConsentScope, Message, OverrideRecord, Referral, Role } from '../schema';
import { holdCase } from './case-notes';
import { approveDraft, changeDraft, decideText, holdDraft, listDrafts, readDraft, saveDraft } from './drafting';
import type { Submission } from './draft';
import { anybody, BASES, CHANGES, submissionBy, type Recipe } from './fixtures/mutations';
import { wrongs, type Claim } from './fixtures/oracle';
import { listInbox, readMessage, searchCases, showCase } from './read-cases';
import type { Actor } from './ports';
import { send } from './send';

/**
 * Random sequences of what officers of two units may try, with documents, records and decisions that are a little wrong or
 * very wrong. Whatever they do, nothing may leave that should not, and nobody may see what belongs to the other unit.
 */

const UNITS = ['vn.mps-criminal', 'vn.moh-social'] as const;
const KINDS = ['approve', 'cosign', 'override'] as const;
const APPROVERS = ['liaison_officer', 'child_protection_officer', 'dpo'] as const;

/** What the spec itself knows of a draft: versions are counted here, not told by digests. */
interface Paper {
  readonly unit: string;
  readonly id: string;
  digest: string;
  stale: string | undefined;
  submission: Submission;
  drafters: string[];
  voices: { by: string; role: string; kind: string }[];
  held: boolean;
}

/** What the spec knows of a case. */
interface File {
  readonly unit: string;
  readonly referralId: string;
  readonly opening: Referral;
  record: ConsentRecord | undefined;
  override: OverrideRecord | undefined;
  readonly withdrawn: Set<ConsentScope | 'all'>;
  held: boolean;
}

/** An office, and what it has let go. */
class Office {
  readonly papers: Paper[] = [];
  readonly files: File[] = [];
  readonly sent: { readonly claim: Claim; readonly child: boolean }[] = [];
  readonly seen: string[] = [];

  constructor(
    readonly node: MemoryNode,
    private readonly recipient: MemoryNode,
  ) {}

  get now(): Date {
    return this.node.clock.now();
  }

  async note(messageId: string, paper: Omit<Paper, 'id' | 'digest' | 'stale'>): Promise<void> {
    const message = await this.opened(messageId);
    const { record, override } = paper.submission;
    const file = this.files.find(({ referralId }) => referralId === message.header.referralId);
    const earlier = file && { opening: file.opening, withdrawn: new Set(file.withdrawn) };
    const claim: Claim = {
      message,
      record: record ?? file?.record,
      override: override ?? file?.override,
      drafters: paper.drafters,
      voices: paper.voices,
      held: paper.held || file?.held === true,
      now: this.now,
      case: earlier,
    };
    this.sent.push({ claim, child: 'person' in message && message.person?.ageStatus !== 'adult' });
    if (message.header.messageType === 'referral') {
      const { referralId } = message.header;
      const withdrawn = new Set<ConsentScope | 'all'>();
      this.files.push({
        unit: paper.unit,
        referralId,
        opening: message as Referral,
        record,
        override,
        withdrawn,
        held: paper.held,
      });
    } else if (file) {
      file.record = claim.record;
      file.override = claim.override;
      if ('consentWithdrawal' in message) {
        const { extent, scopes = [] } = message.consentWithdrawal;
        for (const scope of extent === 'all' ? (['all'] as const) : scopes) file.withdrawn.add(scope);
      }
    }
  }

  /** What really left: the message as the other country opens it. */
  private async opened(messageId: string): Promise<Message> {
    const { world, keys } = this.recipient;
    const { suites, limits } = world.partners.node('gb');
    const { token } = this.node.tables.outbox.get(messageId)!.message;
    const { message } = await open(token, {
      node: 'gb',
      peer: 'vn',
      trustDomain: 'test',
      now: this.now,
      maxBytes: limits.maxMessageBytes,
      suites,
      decryptionKey: keys.decryptionKey,
      nodeOf: (unit) => world.partners.nodeOf(unit),
      verificationKey: (unit, kid, at) => world.partners.verificationKey(unit, kid, at),
    });
    return message;
  }
}

/** A thing that somebody tries. */
type Attempt = (office: Office) => Promise<void>;

const unit = fc.constantFrom(...UNITS);
const pick = fc.nat(20);
const recipe: fc.Arbitrary<Recipe> = fc.record({
  base: fc.nat(BASES.length - 1),
  changes: fc.array(fc.record({ change: fc.nat(CHANGES.length - 1), pick: fc.nat(13) }), { maxLength: 2 }),
});
const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Refusals are what we are here for; anything else is a bug. */
async function attempt<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TraoError && error.code !== 'internal' && error.code !== 'case_unreadable') return undefined;
    throw error;
  }
}

const save = fc
  .record({ unit, who: fc.constantFrom(0, 2), recipe })
  .map(({ unit: of, who, recipe: how }): Attempt => async (office) => {
    const actor = anybody(of, who);
    const submission = submissionBy(actor, how, office.now);
    const saved = await attempt(saveDraft(actor, submission, office.node.ports.draft));
    const paper = { unit: of, submission, drafters: [actor.id], voices: [], held: false };
    if (saved) office.papers.push({ ...paper, ...saved, stale: undefined });
  });

const change = fc
  .record({ which: pick, who: pick, recipe })
  .map(({ which, who, recipe: how }): Attempt => async ({ papers, node, now }) => {
    const paper = at(papers, which);
    if (!paper) return;
    const actor = anybody(paper.unit, who);
    const submission = submissionBy(actor, how, now);
    const changed = await attempt(changeDraft(actor, paper, submission, node.ports.draft));
    if (!changed) return;
    paper.stale = paper.digest;
    paper.digest = changed.digest;
    paper.submission = submission;
    paper.drafters = [...paper.drafters, actor.id];
    paper.voices = [];
  });

const approve = fc
  .record({
    which: pick,
    unit,
    who: pick,
    role: fc.constantFrom(...APPROVERS),
    kind: fc.constantFrom(...KINDS),
    stale: fc.boolean(),
  })
  .map(({ which, unit: of, who, role, kind, stale }): Attempt => async ({ papers, node }) => {
    const paper = at(papers, which);
    if (!paper) return;
    await agree(
      node,
      { ...paper, digest: (stale && paper.stale) || paper.digest },
      anybody(of, who),
      role,
      kind,
      paper,
    );
  });

async function agree(
  node: MemoryNode,
  ref: Pick<Paper, 'unit' | 'id' | 'digest'>,
  actor: Actor,
  role: Role,
  kind: (typeof KINDS)[number],
  paper: Paper,
): Promise<void> {
  const done = await attempt(approveDraft(actor, ref, { role, kind }, node.ports.draft).then(() => true));
  // An approval that was taken is one of the present version, or the spec will find out.
  if (done && ref.digest === paper.digest) paper.voices.push({ by: actor.id, role, kind });
}

/** The right officers agree to what there is, most of the time all of them. */
const agreeAll = fc
  .record({ which: pick, skip: fc.constantFrom(0, 1, 2, 3, 9, 9, 9, 9, 9, 9) })
  .map(({ which, skip }): Attempt => async ({ papers, node }) => {
    const paper = at(papers, which);
    if (!paper) return;
    const voices = [
      [1, 'liaison_officer', 'approve'],
      [3, 'child_protection_officer', 'cosign'],
      [1, 'liaison_officer', 'override'],
      [4, 'dpo', 'override'],
    ] as const;
    for (const [index, [who, role, kind]] of voices.entries())
      if (index !== skip) await agree(node, paper, anybody(paper.unit, who), role, kind, paper);
    for (const pointer of ['/exploitation/narrative', '/safeContact/0/times', '/location/precise/address'])
      await attempt(
        decideText(anybody(paper.unit, 0), paper, { pointer, reason: 'needed_for_safety' }, node.ports.draft),
      );
  });

const hold = fc
  .record({ which: pick, who: pick, on: fc.boolean() })
  .map(({ which, who, on }): Attempt => async ({ papers, files, node }) => {
    const paper = at(papers, which);
    if (paper) {
      const done = await attempt(holdDraft(anybody(paper.unit, who), paper, on, node.ports.draft).then(() => true));
      if (done) paper.held = on;
    }
    const file = at(files, which);
    if (!file) return;
    const done = await attempt(
      holdCase(anybody(file.unit, who), file.referralId, on, node.ports.notes).then(() => true),
    );
    if (done) file.held = on;
  });

const sendDraft = fc
  .record({ which: pick, unit, who: pick, own: fc.constantFrom(true, true, true, false) })
  .map(({ which, unit: of, who, own }): Attempt => async (office) => {
    const paper = at(office.papers, which);
    if (!paper) return;
    const from = own ? paper.unit : of;
    const request = { unit: from, actor: anybody(from, who), handIn: { draftId: paper.id } };
    const sent = await attempt(
      send({ ...request, idempotencyKey: office.node.newId(), clientId: 'c' }, office.node.ports.send),
    );
    if (!sent) return;
    expect(from).toBe(paper.unit);
    office.papers.splice(office.papers.indexOf(paper), 1);
    await office.note(sent.messageId, paper);
  });

async function sendAlone(office: Office, of: string, actor: Actor, submission: Submission): Promise<void> {
  const request = { unit: of, actor, handIn: submission, idempotencyKey: office.node.newId(), clientId: 'c' };
  const sent = await attempt(send(request, office.node.ports.send));
  if (sent) await office.note(sent.messageId, { unit: of, submission, drafters: [actor.id], voices: [], held: false });
}

const sendDirect = fc
  .record({ unit, other: unit, who: pick, recipe })
  .map(({ unit: of, other, who, recipe: how }): Attempt => async (office) => {
    const actor = anybody(other, who);
    await sendAlone(office, of, actor, submissionBy(actor, how, office.now));
  });

/** Sections that a later message may disclose: of the referrals here, changed or not. */
const LATER = ['person', 'exploitation', 'health', 'location', 'trace', 'needs', 'risk', 'return', 'police'];
const later = fc
  .record({
    which: pick,
    who: fc.constantFrom(0, 1, 2, 3),
    recipe,
    sections: fc.subarray(LATER, { minLength: 1, maxLength: 2 }),
  })
  .map(({ which, who, recipe: how, sections }): Attempt => async (office) => {
    const file = at(office.files, which);
    if (!file) return;
    const actor = anybody(file.unit, who);
    const { document, record } = submissionBy(actor, how, office.now);
    const disclosed = Object.fromEntries(Object.entries(document).filter(([name]) => sections.includes(name)));
    const { header } = file.opening;
    const correction = exampleDraft('correction-return-adult-field', continuing(file, actor));
    const body = { kind: 'field_corrected', code: 'wrong_value', disclosed };
    const mixed = how.changes.length > 1 && record ? { record } : {};
    const draft: Document = {
      ...correction,
      header: { ...correction.header, inReplyTo: header.messageId },
      correction: body,
    };
    await sendAlone(office, file.unit, actor, { document: withoutApprover(draft), ...mixed });
  });

const continuing = ({ referralId, opening }: File, actor: Actor) => ({
  referralId,
  recipientUnit: opening.header.recipientUnit,
  purpose: opening.header.purpose,
  authorRole: actor.roles[0],
});
function withoutApprover(draft: Document): Document {
  const { approverRole: _nobody, ...header } = draft.header;
  return { ...draft, header };
}

const withdraw = fc
  .record({
    which: pick,
    all: fc.boolean(),
    scopes: fc.subarray(['health', 'narrative', 'share_with_services', 'exploitation_details'], { minLength: 1 }),
  })
  .map(({ which, all, scopes }): Attempt => async (office) => {
    const file = at(office.files, which);
    if (!file) return;
    const actor = anybody(file.unit, 4);
    const draft = withoutApprover(exampleDraft('consent-withdrawal-protect-adult', continuing(file, actor)));
    const body = { ...(draft['consentWithdrawal'] as object), ...(all ? {} : { extent: 'scopes', scopes }) };
    await sendAlone(office, file.unit, actor, { document: { ...draft, consentWithdrawal: body } });
  });

/** Somebody of a unit looks for everything that there is. Names are those of the people in the examples. */
const look = fc
  .record({ unit, who: pick, which: pick, word: fc.constantFrom('Nguyễn', 'Hoang', 'Trịnh', 'du', 'mau', 'Đặng') })
  .map(({ unit: of, who, which, word }): Attempt => async ({ papers, files, node, seen }) => {
    const actor = anybody(of, who);
    const { draft, read } = node.ports;
    const mine = (id: string) => node.tables.cases.has(`${of} ${id}`);
    const paper = at(papers, which);
    if (paper) expect((await attempt(readDraft(actor, paper.id, draft))) !== undefined).toBe(paper.unit === of);
    for (const { id } of await listDrafts(actor, 50, draft))
      expect(papers.find((one) => one.id === id)).toMatchObject({ unit: of });
    const lines = [...(await listInbox(of, 50, undefined, read)), ...(await searchCases(of, word, 50, read))];
    for (const { referralId } of lines) expect(mine(referralId)).toBe(true);
    const file = at(files, which);
    if (!file) return;
    seen.push(file.unit === of ? 'own' : 'foreign');
    expect((await attempt(showCase(of, file.referralId, read))) !== undefined).toBe(file.unit === of);
    const { messageId } = file.opening.header;
    const message = await attempt(readMessage(actor, messageId, read));
    // A frozen case stays closed to most; to another unit it is as if it were not there.
    if (file.unit !== of) expect(message).toBeUndefined();
  });

const anything = fc.oneof(
  { weight: 1, arbitrary: save },
  { weight: 1, arbitrary: change },
  { weight: 2, arbitrary: approve },
  { weight: 1, arbitrary: agreeAll },
  { weight: 1, arbitrary: hold },
  { weight: 2, arbitrary: sendDraft },
  { weight: 1, arbitrary: sendDirect },
);
const afterwards = fc.oneof(
  { weight: 4, arbitrary: later },
  { weight: 1, arbitrary: withdraw },
  { weight: 2, arbitrary: look },
  { weight: 1, arbitrary: anything },
);
const drafting = fc
  .tuple(save, fc.array(anything, { maxLength: 1 }), agreeAll, fc.array(anything, { maxLength: 1 }), sendDraft)
  .map(([first, some, all, more, last]): Attempt[] => [first, ...some, all, ...more, last]);
const chaos = fc
  .tuple(save, fc.array(fc.oneof({ weight: 5, arbitrary: anything }, { weight: 1, arbitrary: look }), { maxLength: 4 }))
  .map(([first, then]): Attempt[] => [first, ...then]);
const following = fc
  .tuple(fc.tuple(save, agreeAll, sendDraft), fc.array(afterwards, { minLength: 1, maxLength: 4 }))
  .map(([first, then]): Attempt[] => [...first, ...then]);

let world: FictionalWorld;
beforeAll(async () => {
  world = await fictionalWorld();
});

let runs = 0;
/** Runs sequences, each in an office of its own, and counts what left in the end. */
async function holdsFor(sequences: fc.Arbitrary<Attempt[]>, numRuns: number) {
  const sent: Office['sent'][number][] = [];
  const looks: string[] = [];
  const property = fc.asyncProperty(fc.nat(), sequences, async (seed, attempts) => {
    const clock = new ManualClock();
    const random = seededRandom(seed);
    const office = new Office(new MemoryNode('vn', world, clock, random), new MemoryNode('gb', world, clock, random));
    for (const next of attempts) await next(office);
    expect(office.sent.flatMap(({ claim }) => wrongs(claim))).toEqual([]);
    expect(office.node.tables.outbox.size).toBe(office.sent.length);
    runs += 1;
    sent.push(...office.sent);
    looks.push(...office.seen);
  });
  await fc.assert(property, { numRuns });
  const count = (test: (one: Office['sent'][number]) => boolean) => sent.filter(test).length;
  return {
    referrals: count(({ claim }) => claim.message.header.messageType === 'referral'),
    ofChildren: count(({ claim, child }) => child && claim.message.header.messageType === 'referral'),
    byDecision: count(({ claim: { message } }) => 'consent' in message && message.consent?.status === 'override'),
    corrections: count(({ claim }) => claim.message.header.messageType === 'correction'),
    withdrawals: count(({ claim }) => claim.message.header.messageType === 'consent_withdrawal'),
    own: looks.filter((kind) => kind === 'own').length,
    foreign: looks.filter((kind) => kind === 'foreign').length,
  };
}

describe('whatever officers of two units try', () => {
  it('no referral leaves without consent, approval and cosignature', async () => {
    const left = await holdsFor(drafting, 2_400);
    // Enough of them were right, so that the rest was refused for a reason.
    expect(left.referrals).toBeGreaterThan(300);
    expect(left.ofChildren).toBeGreaterThan(50);
    expect(left.byDecision).toBeGreaterThan(30);
  }, 240_000);

  it('nothing leaves by a way around', async () => {
    await holdsFor(chaos, 6_000);
  }, 240_000);

  it('later messages disclose no more than the referral could, and nobody sees what is another unit’s', async () => {
    const left = await holdsFor(following, 1_600);
    expect(left.corrections).toBeGreaterThan(30);
    expect(left.withdrawals).toBeGreaterThan(30);
    expect(Math.min(left.own, left.foreign)).toBeGreaterThan(30);
    expect(runs).toBeGreaterThanOrEqual(10_000);
  }, 240_000);
});

describe('the second opinion', () => {
  const right = submissionBy(anybody(UNITS[0], 0), { base: 1, changes: [] }, new Date('2026-11-21T09:00:00Z'));
  const claim = (change: Partial<Claim> = {}, document: object = {}): Claim => ({
    message: { ...right.document, ...document } as unknown as Message,
    record: right.record,
    override: undefined,
    drafters: ['a'],
    voices: [{ by: 'b', role: 'liaison_officer', kind: 'approve' }],
    held: false,
    now: new Date('2026-11-21T09:00:00Z'),
    ...change,
  });
  const child = { person: { ageStatus: 'child' } };

  it.each<[string, Claim, number]>([
    ['nothing wrong', claim(), 0],
    ['a hold', claim({ held: true }), 1],
    ['no record', claim({ record: undefined }), 4],
    ['a record of another purpose', claim({ record: { ...right.record!, grants: [] } }), 4],
    ['a field without its scope', claim({}, { familyContact: 'allowed' }), 1],
    ['approval by the drafter', claim({ drafters: ['b'] }), 1],
    ['a child without cosignature', claim({}, child), 5],
    ['an expired record', claim({ now: new Date('2028-01-01T00:00:00Z') }), 4],
  ])('sees %s', (_, made, count) => {
    expect(wrongs(made)).toHaveLength(count);
  });
});
