import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Message } from '../schema';
import { belongsToReferral, toStep, type Step } from '.';

const FOLDER = path.join(__dirname, '../../schemas/referral/v1/examples/valid');
const example = (name: string) => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Message;
const NAMES = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
const inCases = NAMES.filter((name) => belongsToReferral(example(name)));

describe('the step of a message', () => {
  it.each(inCases)('%s', (name) => {
    const message = example(name);
    const step = toStep(message, 'recipient', 'digest', []);
    const { header } = message;
    expect(step).toMatchObject({
      id: header.messageId,
      type: header.messageType,
      by: 'recipient',
      seq: header.seq,
      seen: header.seen ?? 0,
      digest: 'digest',
      at: header.createdAt,
      authorRole: header.authorRole,
      facts: { kind: header.messageType },
    });
    // Nothing that says who a person is may stand in a step.
    const text = JSON.stringify(step);
    for (const name_ of namesIn(message)) expect(text).not.toContain(name_);
  });

  it.each(NAMES.filter((name) => !inCases.includes(name)))('%s belongs to no referral', (name) => {
    expect(['ping', 'stats_report']).toContain(example(name).header.messageType);
  });

  it('of a referral says what rules ask for', () => {
    const facts = (name: string) => toStep(example(name), 'sender', 'd', []).facts;
    expect(facts('referral-return-adult')).toMatchObject({
      purpose: 'RETURN',
      child: false,
      identityMode: 'identified',
    });
    expect(facts('referral-protect-child-cannabis')).toMatchObject({ child: true, consent: { status: 'override' } });
    expect(facts('referral-alert-anonymous-child')).toMatchObject({ child: true, consent: undefined });
    expect(facts('referral-follow')).toMatchObject({ child: false });
    const born = example('referral-verify-child') as { person: { birth: { date: string } } } & Message;
    expect(toStep(born, 'sender', 'd', []).facts).toMatchObject({ bornOn: born.person.birth.date });
  });
});

describe('the step of an acceptance', () => {
  it.each([
    ['accept-verify-adult', undefined],
    ['accept-protect-adult', undefined],
    ['accept-protect-child-in-part', true],
  ])('%s', (name, inPart) => {
    const message = example(name) as { accept: { scope?: { accepted: boolean }[] } } & Message;
    const expected = inPart ?? message.accept.scope!.some(({ accepted }) => !accepted);
    expect(toStep(message, 'recipient', 'd', []).facts).toEqual({ kind: 'accept', inPart: expected });
  });
});

describe('what an author had seen', () => {
  const earlier = [
    { id: 'a', by: 'sender', seq: 1, seen: 0 },
    { id: 'b', by: 'recipient', seq: 1, seen: 1 },
    { id: 'c', by: 'sender', seq: 2, seen: 1 },
  ] as unknown as Step[];
  const answer = (header: object) => {
    const { header: given, ...rest } = example('decline-protect-adult');
    return { ...rest, header: { ...given, ...header } } as Message;
  };

  it('is what the message says', () => {
    expect(toStep(answer({ seen: 1, inReplyTo: 'c' }), 'recipient', 'd', earlier).seen).toBe(1);
  });

  it('is, in a message that does not say, at least what it answers', () => {
    expect(toStep(answer({ inReplyTo: 'c' }), 'recipient', 'd', earlier).seen).toBe(2);
  });

  it('is never less than what the author had seen before', () => {
    expect(toStep(answer({ inReplyTo: 'unknown' }), 'recipient', 'd', earlier).seen).toBe(1);
    expect(toStep(answer({ inReplyTo: 'b' }), 'recipient', 'd', earlier).seen).toBe(1);
    expect(toStep(answer({ inReplyTo: undefined }), 'recipient', 'd', []).seen).toBe(0);
  });
});

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    ['full', 'latin', 'name', 'narrative', 'localReference'].includes(key) && typeof member === 'string'
      ? [member]
      : namesIn(member),
  );
}
