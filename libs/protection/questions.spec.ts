import type { FieldPath, Message, Purpose, Rfi, RfiResponse } from '../schema';
import { disclosureOf, example, listed } from './fixtures/examples';
import { questionFaults } from './questions';

const request = example('rfi-protect-farm') as Rfi;
const response = example('rfi-response-protect-farm') as RfiResponse;

describe('a request for information', () => {
  const asking = (questions: { id: string; field?: FieldPath }[], purpose: Purpose = 'PROTECT'): string[] => {
    const asked = questions.map((question) => ({ code: 'identity_confirm' as const, ...question }));
    const message: Rfi = { header: { ...request.header, purpose }, rfi: { questions: asked } };
    return listed(questionFaults({ ...disclosureOf(request), message }));
  };

  it('asks for what the purpose allows', () => {
    expect(asking([{ id: 'q1', field: 'person.birth' }, { id: 'q2' }])).toEqual([]);
    expect(asking([{ id: 'q1' }, { id: 'q2', field: 'person.photo' }])).toEqual([
      'not_allowed_for_purpose /rfi/questions/1/field',
    ]);
    expect(asking([{ id: 'q1', field: 'person.photo' }], 'VERIFY')).toEqual([]);
    expect(asking([{ id: 'q1', field: 'exploitation.acts' }], 'RETURN')).toEqual([
      'not_allowed_for_purpose /rfi/questions/0/field',
    ]);
  });

  it('names each question once', () => {
    expect(asking([{ id: 'q1' }, { id: 'q2' }, { id: 'q1' }, { id: 'q1' }])).toEqual([
      'question_twice /rfi/questions/2/id',
      'question_twice /rfi/questions/3/id',
    ]);
  });
});

describe('an answer', () => {
  const ids = request.rfi.questions.map(({ id }) => id);
  const disclosure = disclosureOf(response);
  const answering = (questions: string[], header: Partial<Message['header']> = {}): Message => ({
    header: { ...response.header, ...header } as RfiResponse['header'],
    rfiResponse: { answers: questions.map((question) => ({ question, status: 'answered' })) },
  });
  const faults = (message: Message, more: Partial<typeof disclosure> = {}) =>
    listed(questionFaults({ ...disclosure, ...more, message }));
  const unasked = ids.map((_id, i) => `question_not_asked /rfiResponse/answers/${i}/question`);

  it('answers what was asked', () => {
    expect(ids.length).toBeGreaterThan(0);
    expect(faults(answering(ids))).toEqual([]);
    expect(faults(answering(['q99', ids[0]!]))).toEqual(['question_not_asked /rfiResponse/answers/0/question']);
  });

  it('answers each question once', () => {
    expect(faults(answering([ids[0]!, ids[0]!]))).toEqual(['question_twice /rfiResponse/answers/1/question']);
  });

  it('answers the request that it names, of the other side', () => {
    expect(faults(answering(ids, { inReplyTo: 'another' }))).toEqual(unasked);
    expect(faults(answering(ids), { side: 'recipient' })).toEqual(unasked);
    expect(faults(answering(ids), { state: undefined })).toEqual(unasked);
    const ack = disclosure.state!.history.find(({ step }) => step.type === 'ack')!;
    expect(faults(answering(ids, { inReplyTo: ack.step.id }))).toEqual(unasked);
  });

  it('is asked of no other message', () => {
    expect(questionFaults(disclosureOf(example('referral-protect-adult')))).toEqual([]);
  });
});
