import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraoError } from '../libs/errors';
import { assertMessage, type MessageType } from '../libs/schema';
import codes from './referral/v1/codes.schema.json';
import ack from './referral/v1/examples/valid/ack-protect-adult.json';

type Document = { readonly [name: string]: unknown };
interface MessageSchema {
  readonly required: readonly string[];
  readonly properties: Document;
  readonly $defs: { readonly [name: string]: { readonly allOf: readonly Document[] } };
}

const TYPES = codes.$defs.messageType.enum as MessageType[];
/** Types that answer one message and name it. */
const REPLIES: readonly MessageType[] = [
  ...(['ack', 'rfi_response', 'accept', 'decline', 'redirect', 'cancel_confirm', 'handover_accept'] as const),
  ...(['erasure_confirm', 'correction'] as const),
];
/** Types that belong to no referral. */
const WITHOUT_PURPOSE: readonly MessageType[] = ['stats_report', 'ping'];

const memberOf = (type: string) => type.replaceAll(/_([a-z])/g, (_each, letter: string) => letter.toUpperCase());
const schemaOf = (type: string) =>
  JSON.parse(
    readFileSync(join(__dirname, 'referral/v1', `${type.replaceAll('_', '-')}.schema.json`), 'utf8'),
  ) as MessageSchema;

/** A message of `type` with this body; other members beside it by `more`. */
function message(type: string, body: unknown, more: Document = {}): Document {
  const { purpose, inReplyTo, ...header } = ack.header;
  const named = WITHOUT_PURPOSE.includes(type as MessageType) ? {} : { purpose, inReplyTo };
  return { header: { ...header, ...named, messageType: type }, [memberOf(type)]: body, ...more };
}

/** Pointers of the faults below the body, or whole pointers of others. */
function faults(document: Document): string[] {
  try {
    assertMessage(document);
    return [];
  } catch (error) {
    return (error as TraoError).faults.map(({ pointer }) => pointer);
  }
}

const DIGEST = 'wD8e9w7XN5qp9tIhRvlcWHEtqkMQK5n5tDI7_wJ44Zs';
const at = '2026-11-18T15:00:00Z';
const date = '2026-11-18';
const window = { earliest: at, latest: at };
const place = { country: 'VNM', province: 'Hà Nội' };
const plan = {
  version: 1,
  from: place,
  to: { ...place, place: 'facility' },
  window,
  mode: 'air',
  escort: 'none',
  receivingUnit: 'vn.mnd-border',
  documents: [{ type: 'passport', status: 'held' }],
  services: [],
  discreet: true,
  personConfirmedAt: date,
};
const arrived = { result: 'arrived', at, place };
const record = {
  at,
  placeCode: 'airport',
  chair: 'vn.mnd-border',
  delegation: [{ unit: 'vn.mnd-border', members: 2 }],
  documents: [],
  condition: 'well',
  wish: 'home',
  problems: [],
  personToldOfRights: true,
};
const disclosed = { risk: { level: 'low', factors: [] } };
const row = { dimensions: { month: '2026-10' }, count: 15 };
const report = (change: Document) => ({
  period: { from: date, to: date },
  table: [{ dimensions: row.dimensions, ...change }],
});

/** The smallest body of each type that came after the first five. */
const SMALLEST: { readonly [type: string]: unknown } = {
  rfi: { questions: [{ id: 'q1', code: 'identity_confirm' }] },
  rfi_response: { answers: [{ question: 'q1', status: 'answered' }] },
  update: { note: 'x' },
  redirect: { code: 'no_capacity', unit: 'gb.police' },
  cancel_request: { code: 'safety' },
  cancel_confirm: { result: 'cancelled' },
  risk_assessment: { level: 'low', factors: [], assessedOn: date, validUntil: date },
  handover_plan: plan,
  handover_accept: { planDigest: DIGEST, version: 1, personReconfirmedAt: date },
  departure_notice: {
    planDigest: DIGEST,
    departedAt: at,
    escort: 'none',
    documentsCarried: [{ type: 'passport' }],
    expectedArrival: window,
    consentCheckedAt: at,
  },
  arrival_confirmation: arrived,
  delegation_notice: {
    units: [{ unit: 'vn.mnd-border', head: true, members: 2 }],
    chair: 'vn.mnd-border',
    meetAt: at,
    placeCode: 'airport',
  },
  reception_record: record,
  outcome: { code: 'reception_completed', date },
  followup: { month: 3, status: 'reached_safe', services: [], at: date },
  alert: { type: 'missing', window: { from: at, to: at }, firstAction: 'call_back' },
  consent_withdrawal: { extent: 'all', withdrawnAt: date, receivedByUnit: 'gb.ho-sca' },
  erasure_confirm: { erasedAt: at, copies: 0, digests: [DIGEST] },
  correction: { kind: 'entered_in_error', code: 'wrong_person' },
  closure: { action: 'object' },
  stats_report: report({ count: 0 }),
};
const FIRST_TYPES = ['referral', 'ack', 'accept', 'decline', 'ping'];

describe.each(TYPES)('a message of type %s', (type) => {
  const schema = schemaOf(type);

  it('has a head of its type and a body of its name', () => {
    expect(schema.$defs[type === 'referral' ? 'referralHeader' : 'header']?.allOf[1]).toMatchObject({
      properties: { messageType: { const: type } },
    });
    // A referral has its sections instead of a body.
    expect(schema.required.slice(0, 2)).toEqual(['header', type === 'referral' ? 'handling' : memberOf(type)]);
    expect(Object.keys(schema.properties).includes('contact')).toBe(type !== 'ping');
  });
});

describe.each(TYPES.filter((type) => !FIRST_TYPES.includes(type)))('the smallest %s', (type) => {
  const smallest = message(type, SMALLEST[type]);
  const header = smallest['header'] as Document;
  const withHeader = (change: Document) => faults({ ...smallest, header: { ...header, ...change } });

  it('is accepted, with a contact too, and without an approver', () => {
    expect(faults(smallest)).toEqual([]);
    expect(faults({ ...smallest, contact: ack.contact })).toEqual([]);
    expect(withHeader({ approverRole: 'liaison_officer' })).toEqual([]);
  });

  it('needs every field that it has, unless it tells one thing of many', () => {
    const body = SMALLEST[type] as Document;
    const missing = Object.keys(body).filter((name) => {
      const { [name]: _, ...rest } = body;
      return faults(message(type, rest)).length > 0;
    });
    expect(missing).toEqual(Object.keys(body));
    expect(faults({ header })).toEqual([`/${memberOf(type)}`]);
    expect(faults(message(type, { ...body, suspects: [] }))).toEqual([`/${memberOf(type)}/suspects`]);
  });

  it('names a purpose, or belongs to no referral', () => {
    const { purpose: _, ...rest } = header;
    const without = WITHOUT_PURPOSE.includes(type);
    expect(faults({ ...smallest, header: rest })).toEqual(without ? [] : ['/header/purpose']);
    expect(withHeader({ purpose: 'PROTECT' })).toEqual(without ? ['/header/purpose'] : []);
  });

  it('says whether it must name the message that it answers', () => {
    const { inReplyTo: _, ...rest } = header;
    expect(faults({ ...smallest, header: rest })).toEqual(REPLIES.includes(type) ? ['/header/inReplyTo'] : []);
  });

  it('says how much its author had seen', () => {
    expect(withHeader({ seen: 0 })).toEqual([]);
    expect(withHeader({ seen: 9007199254740991 })).toEqual([]);
    for (const seen of [-1, 1.5, 9007199254740992, '1']) expect(withHeader({ seen })).toEqual(['/header/seen']);
  });
});

describe('bodies', () => {
  const ids = (id: string) => ({ questions: [{ id, code: 'identity_confirm' }] });
  const answer = (change: Document) => ({ answers: [{ question: 'q1', status: 'answered', ...change }] });
  const hold = { status: 'on_hold', reason: 'court', reviewBy: date };
  const unit = { unit: 'vn.mnd-border', head: true, members: 1 };
  const many = (count: number, entry: (index: number) => unknown) => Array.from({ length: count }, (_, i) => entry(i));
  const digests = (count: number) => many(count, (i) => `${String(i).padStart(42, '0')}A`);

  it.each<[string, string, unknown, string[]]>([
    ['question ids run from q1 to q99', 'rfi', ids('q99'), []],
    ['question ids run from q1 to q99', 'rfi', ids('q0'), ['/questions/0/id']],
    ['question ids run from q1 to q99', 'rfi', ids('q100'), ['/questions/0/id']],
    [
      'a question asks for a listed field',
      'rfi',
      { questions: [{ id: 'q1', code: 'identity_confirm', field: 'person.birth' }] },
      [],
    ],
    [
      'a question asks for a listed field',
      'rfi',
      { questions: [{ id: 'q1', code: 'identity_confirm', field: 'suspects' }] },
      ['/questions/0/field'],
    ],
    ['an other question says what', 'rfi', { questions: [{ id: 'q1', code: 'other' }] }, ['/questions/0/text']],
    ['a refused answer says why', 'rfi_response', answer({ status: 'refused' }), ['/answers/0/code']],
    ['a partial answer says why', 'rfi_response', answer({ status: 'partly' }), ['/answers/0/code']],
    ['a partial answer says why', 'rfi_response', answer({ status: 'partly', code: 'not_held' }), []],
    ['a full answer has no reason', 'rfi_response', answer({ code: 'not_held' }), ['/answers/0/code']],
    ['an update tells something', 'update', {}, ['']],
    ['a hold has a reason and an end', 'update', hold, []],
    ['a hold has a reason and an end', 'update', { status: 'on_hold' }, ['/reason', '/reviewBy']],
    ['only a hold has them', 'update', { ...hold, status: 'resumed' }, ['/reason', '/reviewBy']],
    ['only a hold has them', 'update', { reason: 'court', reviewBy: date }, ['/reason', '/reviewBy']],
    ['a travel window belongs to a date', 'update', { arrangement: 'scheduled', travelWindow: window }, []],
    ['a travel window belongs to a date', 'update', { arrangement: 'postponed', travelWindow: window }, []],
    [
      'a travel window belongs to a date',
      'update',
      { arrangement: 'completed', travelWindow: window },
      ['/travelWindow'],
    ],
    ['a travel window belongs to a date', 'update', { travelWindow: window }, ['/travelWindow']],
    ['a permission names units', 'update', { onwardPermission: { units: ['vn.moh-social'], granted: false } }, []],
    [
      'a permission names units',
      'update',
      { onwardPermission: { units: [], granted: true } },
      ['/onwardPermission/units'],
    ],
    [
      'a hand-back plan goes with a late decline',
      'decline',
      { code: 'no_capacity', handBack: { plan: 'keep_until_transfer', until: date, contact: ack.contact.focal } },
      [],
    ],
    ['a hand-back plan has a code', 'decline', { code: 'no_capacity', handBack: { until: date } }, ['/handBack/plan']],
    ['a redirect has a reason of its own list', 'redirect', { code: 'duplicate', unit: 'gb.police' }, ['/code']],
    ['a refused cancellation says why', 'cancel_confirm', { result: 'refused' }, ['/code']],
    ['a refused cancellation says why', 'cancel_confirm', { result: 'refused', code: 'unsafe_to_proceed' }, []],
    ['a cancellation has no reason', 'cancel_confirm', { result: 'too_late', code: 'other' }, ['/code']],
    [
      'a risk is in codes only',
      'risk_assessment',
      { level: 'low', factors: [], assessedOn: date, validUntil: date, narrative: 'x' },
      ['/narrative'],
    ],
    ['a plan is discreet', 'handover_plan', { ...plan, discreet: false }, ['/discreet']],
    ['a plan counts from 1', 'handover_plan', { ...plan, version: 0 }, ['/version']],
    ['a plan has no address', 'handover_plan', { ...plan, to: { ...plan.to, address: 'x' } }, ['/to/address']],
    [
      'a plan names no more than ten units',
      'handover_plan',
      { ...plan, delegation: many(11, (i) => `vn.unit-${i}`) },
      ['/delegation'],
    ],
    ['a flight is short', 'handover_plan', { ...plan, flight: 'x'.repeat(21) }, ['/flight']],
    ['an arrival has a place', 'arrival_confirmation', { result: 'diverted', at }, ['/place']],
    ['who did not come has none', 'arrival_confirmation', { result: 'no_show', at, problems: ['not_on_flight'] }, []],
    [
      'a unit brings 1 to 20 people',
      'delegation_notice',
      { units: [{ ...unit, members: 21 }], chair: 'vn.mnd-border', meetAt: at, placeCode: 'other' },
      ['/units/0/members'],
    ],
    [
      'a document handed over has a digest',
      'reception_record',
      { ...record, documents: [{ type: 'passport' }] },
      ['/documents/0/sha256'],
    ],
    [
      'all nine problems can happen at once',
      'reception_record',
      { ...record, problems: codes.$defs.problemCode.enum },
      [],
    ],
    ['a follow-up has its month', 'followup', { month: 2, status: 'moved', services: [], at: date }, ['/month']],
    [
      'a withdrawal in part names its scopes',
      'consent_withdrawal',
      { extent: 'scopes', withdrawnAt: date, receivedByUnit: 'gb.ho-sca' },
      ['/scopes'],
    ],
    [
      'a withdrawal of all names none',
      'consent_withdrawal',
      { extent: 'all', scopes: ['health'], withdrawnAt: date, receivedByUnit: 'gb.ho-sca' },
      ['/scopes'],
    ],
    [
      'an erasure names at most 2,000 messages',
      'erasure_confirm',
      { erasedAt: at, copies: 0, digests: digests(2000) },
      [],
    ],
    [
      'an erasure names at most 2,000 messages',
      'erasure_confirm',
      { erasedAt: at, copies: 0, digests: digests(2001) },
      ['/digests'],
    ],
    [
      'an erasure names each message once',
      'erasure_confirm',
      { erasedAt: at, copies: 0, digests: [DIGEST, DIGEST] },
      ['/digests'],
    ],
    ['a corrected field is there', 'correction', { kind: 'field_corrected', code: 'wrong_value' }, ['/disclosed']],
    ['a corrected field is there', 'correction', { kind: 'field_corrected', code: 'wrong_value', disclosed }, []],
    ['an error shows nothing', 'correction', { kind: 'entered_in_error', code: 'other', disclosed }, ['/disclosed']],
    ['a wrong value is no error of entry', 'correction', { kind: 'entered_in_error', code: 'wrong_value' }, ['/code']],
    ['a closure says why', 'closure', { action: 'propose' }, ['/code']],
    ['a closure says why', 'closure', { action: 'confirm', code: 'completed', retentionUntil: date }, []],
    ['an objection gives no reason for closing', 'closure', { action: 'object', code: 'completed' }, ['/code']],
    ['a cell has a count or is suppressed', 'stats_report', report({ suppressed: true }), []],
    ['a cell has a count or is suppressed', 'stats_report', report({}), ['/table/0/count']],
    [
      'a cell has a count or is suppressed',
      'stats_report',
      report({ suppressed: true, count: 20 }),
      ['/table/0/count'],
    ],
    [
      'a cell has a count or is suppressed',
      'stats_report',
      report({ suppressed: false, count: 20 }),
      ['/table/0/count', '/table/0/suppressed'],
    ],
    ['a small count does not leave the node', 'stats_report', report({ count: 5 }), ['/table/0/count']],
    ['a small count does not leave the node', 'stats_report', report({ count: 10 }), []],
    [
      'a cell has three dimensions at most',
      'stats_report',
      report({ count: 15, dimensions: { month: '2026-10', purpose: 'VERIFY', gender: 'male', ageGroup: 'adult' } }),
      ['/table/0/dimensions'],
    ],
    ['a total has none', 'stats_report', report({ count: 15, dimensions: {} }), []],
  ])('%s: %s %j', (_rule, type, body, expected) => {
    const member = `/${memberOf(type)}`;
    expect(faults(message(type, body)).sort()).toEqual(expected.map((pointer) => `${member}${pointer}`));
  });

  it('an alert may bring the risk and a time, beside its body', () => {
    const { risk } = disclosed;
    expect(faults(message('alert', SMALLEST['alert'], { risk, ackBy: at }))).toEqual([]);
    expect(faults(message('alert', SMALLEST['alert'], { needs: [] }))).toEqual(['/needs']);
  });
});
