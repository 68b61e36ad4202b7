import { randomUUID } from 'node:crypto';
import { answerTo, example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { recordsOf } from '../harness/office-of-examples';
import { callOffice, type RestAnswer, type RestCall } from '../harness/office-rest';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const REFERRAL = example('referral-protect-adult');
const { senderUnit: UNIT, recipientUnit: RECIPIENT } = REFERRAL.header;
/** Of the person in that referral. */
const NAME = 'Nguyễn Thị Ví Dụ';
const BODY = { document: REFERRAL, ...recordsOf(REFERRAL) };
const [LIAISON, DPO, PROTECTION] = ['liaison', 'dpo', 'protection'].map((post) => `${UNIT}/${post}`) as [
  string,
  string,
  string,
];

describe('drafts over REST', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  function call(
    as: string,
    method: NonNullable<RestCall['method']>,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RestAnswer> {
    return callOffice(nodes, 'vn', `/v1/units/${UNIT}${path}`, {
      method,
      as,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  const newDraft = async (body: object = BODY) => {
    const answer = await call(UNIT, 'POST', '/drafts', body);
    expect(answer.status).toBe(201);
    const { id, digest } = answer.body as { id: string; digest: string } & RestAnswer['body'];
    return { path: `/drafts/${id}`, digest };
  };
  const approve = (as: string, { path, digest }: { path: string; digest: string }, role = 'liaison_officer') =>
    call(as, 'POST', `${path}/approvals`, { digest, role, kind: 'approve' });
  const sendIt = (path: string, key: string = randomUUID()) =>
    call(UNIT, 'POST', `${path}/send`, undefined, { 'idempotency-key': key });
  const codesOf = ({ body }: RestAnswer) => body.errors?.map(({ code }) => code);

  it('are sent when another officer has agreed, once, however often it is asked', async () => {
    const draft = await newDraft();
    const refused = await sendIt(draft.path);
    expect({ status: refused.status, codes: codesOf(refused) }).toEqual({ status: 422, codes: ['approval_missing'] });
    expect((await approve(LIAISON, draft)).status).toBe(204);

    const shown = await call(UNIT, 'GET', draft.path);
    expect(shown.headers.get('etag')).toBe(`"${draft.digest}"`);
    expect(shown.body).toMatchObject({ digest: draft.digest, drafters: [UNIT], faults: [], findings: [] });

    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => sendIt(draft.path, key)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body['messageId'])).size).toBe(1);
    expect((await untilFinal(nodes, String(answers[0]!.body['messageId']))).state).toBe('delivered');
    expect((await call(UNIT, 'GET', draft.path)).status).toBe(404);
  });

  it('are agreed to by nobody who wrote them, nor in a role that is not theirs', async () => {
    const draft = await newDraft();
    expect((await approve(UNIT, draft)).body.code).toBe('forbidden');
    expect((await approve(UNIT, draft, 'caseworker')).body).toMatchObject({ code: 'protection_refused' });
    expect((await approve(DPO, draft)).body.code).toBe('forbidden');
    expect((await approve(DPO, draft, 'dpo')).status).toBe(204);
    expect(codesOf(await sendIt(draft.path))).toEqual(['wrong_approver_role']);
  });

  it('void every approval when they are changed, and change for nobody who has not seen the last version', async () => {
    const draft = await newDraft();
    expect((await approve(LIAISON, draft)).status).toBe(204);
    const match = (digest: string) => ({ 'if-match': `"${digest}"` });
    const other = { ...BODY, document: { ...REFERRAL, familyContact: 'forbidden' } };
    const changed = await call(UNIT, 'PUT', draft.path, other, match(draft.digest));
    expect(changed.status).toBe(200);
    const digest = String(changed.body['digest']);
    expect(digest).not.toBe(draft.digest);
    expect(codesOf(await sendIt(draft.path))).toEqual(['approval_missing']);
    for (const late of [
      await approve(LIAISON, draft),
      await call(UNIT, 'PUT', draft.path, BODY, match(draft.digest)),
      await call(UNIT, 'DELETE', draft.path, undefined, match(draft.digest)),
    ]) {
      expect({ status: late.status, code: late.body.code }).toEqual({ status: 409, code: 'draft_changed' });
    }
    expect((await call(UNIT, 'DELETE', draft.path, undefined, match(digest))).status).toBe(204);
  });

  it('wait while they are held, until data protection lets them go', async () => {
    const draft = await newDraft();
    await approve(LIAISON, draft);
    const { digest } = draft;
    expect((await call(PROTECTION, 'PUT', `${draft.path}/hold`, { digest })).status).toBe(204);
    expect(codesOf(await sendIt(draft.path))).toEqual(['protection_hold']);
    expect((await call(PROTECTION, 'DELETE', `${draft.path}/hold`, { digest })).status).toBe(403);
    expect((await call(DPO, 'DELETE', `${draft.path}/hold`, { digest })).status).toBe(204);
    expect((await sendIt(draft.path)).status).toBe(202);
  });

  it('name every fault at once, in both languages, and no value', async () => {
    const { body, text } = await sendIt((await newDraft({ document: REFERRAL })).path);
    expect(body).toMatchObject({ code: 'protection_refused' });
    expect(body.errors).toEqual([
      {
        pointer: '/consent',
        code: 'consent_record_missing',
        detail: expect.stringMatching(/^needs /),
        detailVi: expect.stringMatching(/^cần /),
      },
      expect.objectContaining({ pointer: '/header/approverRole', code: 'approval_missing' }),
    ]);
    expect(text).not.toContain('Nguyễn');
    const wrong = await call(UNIT, 'POST', '/drafts', { ...BODY, consent: { status: 'given', asylum: true } });
    expect({ status: wrong.status, code: wrong.body.code }).toEqual({ status: 422, code: 'schema_invalid' });
    expect(wrong.body.errors?.every(({ pointer }) => pointer.startsWith('/consent'))).toBe(true);
  });

  it('are listed without their content', async () => {
    const { text, body } = await call(LIAISON, 'GET', '/drafts?limit=200');
    expect((body['drafts'] as { messageType: string }[]).map(({ messageType }) => messageType)).toContain('referral');
    expect(text).not.toContain('Nguyễn');
  });

  it('are sent once by the command line, also when it tries again with the same key', async () => {
    const count = async () =>
      (await (await nodes.database('vn')).query<{ count: number }>('SELECT count(*)::int AS count FROM outbox'))[0]!
        .count;
    const key = randomUUID();
    const before = await count();
    const first = await nodes.office.send(UNIT, REFERRAL, key);
    const again = await nodes.office.send(UNIT, REFERRAL, key);
    expect(again).toEqual({ ...first, replayed: true });
    expect(await count()).toBe(before + 1);
    const other = { ...REFERRAL, familyContact: 'forbidden' };
    await expect(nodes.office.send(UNIT, other, key)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    const { body } = await call(UNIT, 'GET', '/drafts?limit=200');
    const left = body['drafts'] as unknown[];
    expect(await count()).toBe(before + 1);
    await nodes.office.send(UNIT, REFERRAL);
    expect(((await call(UNIT, 'GET', '/drafts?limit=200')).body['drafts'] as unknown[]).length).toBe(left.length);
  });

  it('lead to a case that is shown, found, held and exported', async () => {
    const { messageId } = await nodes.office.send(UNIT, REFERRAL);
    await untilFinal(nodes, messageId);
    const [line] = await nodes.office.searchCases(UNIT, 'nguyen vi du', 20);
    const referralId = line!.referralId;
    await nodes.office.send(RECIPIENT, answerTo(REFERRAL, messageId, 'ack'));
    const path = `/cases/${referralId}`;
    expect((await call(UNIT, 'GET', path)).body).toMatchObject({ referralId, side: 'sender', partnerUnit: RECIPIENT });
    const search = (body: object) => call(UNIT, 'POST', '/cases/search', body);
    const found = await search({ words: NAME, limit: 200 });
    expect({ status: found.status, cache: found.headers.get('cache-control') }).toEqual({
      status: 200,
      cache: 'no-store',
    });
    expect((found.body['referrals'] as { referralId: string }[]).map((each) => each.referralId)).toContain(referralId);
    expect((await search({ words: 'nobody-of-that-name' })).body).toEqual({ referrals: [] });
    for (const wrong of [{}, { words: '' }, { words: NAME, limit: 201 }, { words: 'a', [NAME]: 1 }]) {
      const { status, body, text } = await search(wrong);
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad_request' });
      expect(text).not.toContain('Nguyễn');
    }
    expect((await call(UNIT, 'GET', '/cases?q=nobody-of-that-name')).status).toBe(404);
    expect((await call(UNIT, 'GET', `${path}/export?use=judicial`)).body).toMatchObject({ code: 'protection_refused' });
    const exported = await call(UNIT, 'GET', `${path}/export?use=case_file`);
    expect(exported.body).toMatchObject({ referralId, use: 'case_file', handling: REFERRAL['handling'] });
    const to = { recipientUnit: 'gb.nca', authorRole: 'case_officer', approverRole: 'liaison_officer' };
    const forwarded = await call(UNIT, 'POST', `${path}/forward`, to);
    expect(forwarded.status).toBe(201);
    // The person agreed to one class of units; another one is another question.
    const draft = await call(UNIT, 'GET', `/drafts/${String(forwarded.body['id'])}`);
    expect((draft.body['faults'] as { code: string }[]).map(({ code }) => code)).toContain('scope_not_granted');
    expect((await call(UNIT, 'PUT', `${path}/hold`)).status).toBe(204);
    expect((await call(UNIT, 'GET', path)).body['hold']).toMatchObject({ by: UNIT });
    expect((await call(UNIT, 'DELETE', `${path}/hold`)).status).toBe(403);
    expect((await call(DPO, 'DELETE', `${path}/hold`)).status).toBe(204);
  });
});
