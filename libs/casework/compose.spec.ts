import fc from 'fast-check';
import { draftOf, referralDraft, type Draft } from '../../test/fakes/documents';
import { faultAt } from '../errors';
import { compose, draftHeader, type Assigned } from './compose';

const ASSIGNED: Assigned = {
  messageId: '01a1c0a0-91d8-7f7c-8fa6-31639aae99ac',
  referralId: 'a8f3b30a-d772-424d-97e8-03e103337b16',
  seq: 1,
  seen: undefined,
  prevDigest: undefined,
  createdAt: new Date('2026-11-21T09:00:00.000Z'),
  senderUnit: 'vn.mps-criminal',
  inReplyTo: undefined,
};
const DIGEST = 'n0jtMlNs_nN029NpTZey4k7R3XWnMSKQHqWtgG0GKIs';
const OTHER_ID = '01a1c0a0-91d8-7f7c-8fa6-000000000000';

const withName = (full: string): Draft => {
  const draft = referralDraft();
  return { ...draft, person: { ...(draft['person'] as object), name: { full, latin: 'DANG QUOC' } } };
};

describe('compose', () => {
  it('brings every text to normal form C', () => {
    const name = 'Đặng Quốc Tưởng Tượng';
    const message = compose(withName(name.normalize('NFD')), ASSIGNED);
    expect(message).toHaveProperty('person.name.full', name.normalize('NFC'));
  });

  it('gives the same message for any form of the same texts', () => {
    const vietnamese = fc.stringMatching(/^[a-zđăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ]{1,40}$/);
    fc.assert(
      fc.property(vietnamese, fc.constantFrom('NFC', 'NFD'), (full, form) => {
        expect(compose(withName(full.normalize(form)), ASSIGNED)).toEqual(compose(withName(full), ASSIGNED));
      }),
      { numRuns: 30 },
    );
  });

  it('sets the header members that the node assigns, whatever the document says', () => {
    const said = {
      messageId: OTHER_ID,
      referralId: OTHER_ID,
      seq: 7,
      seen: 9,
      prevDigest: DIGEST,
      inReplyTo: OTHER_ID,
      createdAt: '2020-01-01T00:00:00Z',
      senderUnit: 'vn.mps-criminal',
    };
    expect(compose(referralDraft(said), ASSIGNED)).toEqual(compose(referralDraft(), ASSIGNED));
    expect(compose(referralDraft(), ASSIGNED).header).toMatchObject({
      messageId: ASSIGNED.messageId,
      referralId: ASSIGNED.referralId,
      seq: 1,
      createdAt: '2026-11-21T09:00:00.000Z',
      senderUnit: 'vn.mps-criminal',
    });
  });

  it('continues the chain of an answer, and says how much of the other side was known', () => {
    const assigned = { ...ASSIGNED, seq: 2, seen: 3, prevDigest: DIGEST, inReplyTo: OTHER_ID };
    const { header } = compose(draftOf('ack', { recipientUnit: 'gb.ho-sca' }), assigned);
    expect(header).toMatchObject({ seq: 2, seen: 3, prevDigest: DIGEST, inReplyTo: OTHER_ID });
    expect(compose(referralDraft(), ASSIGNED).header).not.toHaveProperty('seen');
    expect(compose(draftOf('ack'), { ...assigned, seen: 0 }).header).toHaveProperty('seen', 0);
  });

  it('refuses a document that another unit wrote', () => {
    expect(() => compose(referralDraft({ senderUnit: 'gb.ho-sca' }), ASSIGNED)).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        faults: [faultAt('/header/senderUnit', 'not_the_sender')],
      }),
    );
  });

  it('refuses what does not follow the schema', () => {
    const refusal = (code: string) => expect.objectContaining({ code });
    expect(() => compose({ ...referralDraft(), asylum: null }, ASSIGNED)).toThrow(refusal('schema_invalid'));
    expect(() => compose(referralDraft({ schemaVersion: '2.0' }), ASSIGNED)).toThrow(refusal('schema_unsupported'));
  });
});

describe('the header of a submitted document', () => {
  it('is what stands there', () => {
    expect(draftHeader({ header: { messageType: 'ack' } })).toEqual({ messageType: 'ack' });
  });

  it.each([[undefined], [null], ['text'], [[]], [{}], [{ header: null }], [{ header: 'x' }], [{ header: [] }]])(
    'is missing in %j',
    (document) => {
      expect(() => draftHeader(document)).toThrow(
        expect.objectContaining({
          code: 'schema_invalid',
          faults: [faultAt('/header', 'wrong_type', { en: 'an object', vi: 'một đối tượng' })],
        }),
      );
    },
  );
});
