import type { Opened } from '../envelope';
import { exampleDraft } from '../../test/fakes/documents';
import { newCaseKey } from '../envelope';
import { caseStateOf } from '../lifecycle';
import type { OpenCase } from './case-record';
import { fileMessage } from './file-message';

const KEY = newCaseKey();
const AT = new Date('2026-11-21T09:00:00Z');
const DIGEST = 'n0jtMlNs_nN029NpTZey4k7R3XWnMSKQHqWtgG0GKIs';

/** An opened message of the sender, with these header members. */
function opened(example: string, header: object, unknownFields: readonly string[] = []): Opened {
  const draft = exampleDraft(example);
  const message = {
    ...draft,
    header: {
      ...draft.header,
      senderUnit: 'vn.mps-criminal',
      recipientUnit: 'gb.ho-sca',
      createdAt: AT.toISOString(),
      ...header,
    },
  };
  return { message, original: JSON.stringify(message), unknownFields } as unknown as Opened;
}

const first = opened('referral-protect-adult', { messageId: 'm1', referralId: 'r', seq: 1 });
const note = (header: object, unknownFields: readonly string[] = []) =>
  opened('alert-protect-farm-threat', { purpose: 'PROTECT', referralId: 'r', ...header }, unknownFields);
const file = (message: Opened, record?: OpenCase) => fileMessage(message, record, KEY, AT);
const refused = (message: Opened, record: OpenCase) => {
  try {
    return file(message, record).summary;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
};

/** The case after the referral, in which this unit has sent as many messages. */
function filed(sent: number): OpenCase {
  const record = file(first);
  return { ...record, summary: { ...record.summary, sent: { seq: sent, digest: DIGEST } } };
}

describe('filing', () => {
  it('opens a case of the addressed unit, and notes when it arrived', () => {
    const { unit, referralId, summary } = file(first);
    expect([unit, referralId]).toEqual(['gb.ho-sca', 'r']);
    expect(summary).toMatchObject({ side: 'recipient', partnerUnit: 'vn.mps-criminal', openedBy: 'm1' });
    expect(summary.local.filedAt).toBe(AT.toISOString());
    expect(caseStateOf(summary.steps).referral).toBe('sent');
  });

  it('keeps what a newer version says and this node does not know', () => {
    const record = filed(0);
    const { digest: prevDigest } = record.summary.filed;
    const after = file(note({ messageId: 'm2', seq: 2, prevDigest }, ['/alert/drone', '/mood']), record);
    expect(after.summary.local.unknownFields).toEqual([{ messageId: 'm2', fields: ['/alert/drone', '/mood'] }]);
    expect(file(first).summary.local.unknownFields).toEqual([]);
  });

  it('leaves the key of the case as it is: what was filed before stays readable', () => {
    const record = filed(0);
    const { digest: prevDigest } = record.summary.filed;
    const { key, wrappedKey } = file(note({ messageId: 'm2', seq: 2, prevDigest }), record);
    expect([key, wrappedKey]).toEqual([record.key, record.wrappedKey]);
  });

  it.each([
    ['more than was sent', [3], 'chain_broken'],
    ['what was sent', [2], 2],
    ['less than before', [2, 1], 'chain_broken'],
    ['as much as before', [2, 2], 2],
    ['more than before', [0, 2], 2],
  ] as const)('refuses what cannot be: an author who has seen %s', (_, seen, expected) => {
    let record = filed(2);
    let outcome: unknown;
    for (const [index, count] of seen.entries()) {
      const { digest: prevDigest } = record.summary.filed;
      const message = note({ messageId: `m${index + 2}`, seq: index + 2, prevDigest, seen: count });
      outcome = refused(message, record);
      if (typeof outcome !== 'string') record = { ...record, summary: outcome as OpenCase['summary'] };
    }
    expect(typeof outcome === 'string' ? outcome : record.summary.steps.at(-1)!.seen).toBe(expected);
  });

  it('judges whether a message was allowed by what its author knew', () => {
    const record = filed(1);
    const { digest: prevDigest } = record.summary.filed;
    const ack = { ...record.summary.steps[0]!, id: 'a1', type: 'ack', by: 'recipient', seq: 1, seen: 1 } as const;
    const declined = { ...ack, id: 'a2', type: 'decline', seq: 2 } as const;
    const steps = [
      ...record.summary.steps,
      { ...ack, facts: { kind: 'ack', dueDate: '2026-12-01' } } as const,
      { ...declined, facts: { kind: 'decline', code: 'no_capacity', handBack: false } } as const,
    ];
    const after = { ...record, summary: { ...record.summary, steps, sent: { seq: 2, digest: DIGEST } } };
    expect(caseStateOf(steps).referral).toBe('declined');
    const alert = (seen: number) => note({ messageId: 'm2', seq: 2, prevDigest, seen });
    // It crossed the decision.
    expect(refused(alert(1), after)).toMatchObject({ filed: { seq: 2 } });
    // It came after it.
    expect(refused(alert(2), after)).toBe('transition_refused');
  });
});
