import { prepareDraft } from '../../apps/cli/hand-in';
import { OfficeCalls } from '../../apps/cli/office-calls';
import { checkPromises } from '../fault/promises/check';
import { example } from '../harness/examples';
import { untilAllFinal, type Promised } from '../harness/ledger';
import { callGateway, identityOf, postMessages } from '../harness/gateway-client';
import { recordsOf } from '../harness/office-of-examples';
import { callOffice, handIn, type RestAnswer } from '../harness/office-rest';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';
import { RogueSender } from '../harness/rogue-sender';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const TEXT = JSON.stringify(REFERRAL);
const KEY = 'while-it-was-down';

describe('a database that crashes and comes back', () => {
  let nodes: TwoNodes;
  const ids: string[] = [];
  /** Agreed to by everybody before the crash, and sent by its author after it. */
  let draft: { readonly id: string; readonly author: string };

  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  const send = async () => ids.push((await nodes.office.send(senderUnit, REFERRAL)).messageId);
  const post = (path: string, as: string, body?: unknown): Promise<RestAnswer> =>
    callOffice(nodes, 'vn', `/v1/units/${senderUnit}${path}`, {
      method: 'POST',
      as,
      headers: { 'idempotency-key': KEY, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const sendDraft = () => post(`/drafts/${draft.id}/send`, draft.author);

  it('is noticed, said plainly, and nothing is promised meanwhile', async () => {
    const letter = { unit: senderUnit, document: REFERRAL, key: crypto.randomUUID(), records: recordsOf(REFERRAL) };
    draft = await prepareDraft(letter, new OfficeCalls(nodes.access));
    const pids = await nodes.pids();
    await Promise.all(Array.from({ length: 10 }, send));
    // In the middle of the flow.
    await nodes.crashPostgres();

    for (const node of ['vn', 'gb'] as const) {
      const ready = await callOffice(nodes, node, '/health/ready');
      expect({ status: ready.status, code: ready.body.code }).toEqual({ status: 503, code: 'database_unavailable' });
      expect(ready.headers.get('retry-after')).toBe('5');
      expect((await callOffice(nodes, node, '/health/live')).status).toBe(200);
    }
    for (const refused of [
      await handIn(nodes, senderUnit, TEXT),
      await post('/drafts', draft.author, { document: REFERRAL, ...recordsOf(REFERRAL) }),
      await sendDraft(),
    ]) {
      expect({ status: refused.status, code: refused.body.code }).toEqual({
        status: 503,
        code: 'database_unavailable',
      });
    }

    const { token } = await (await RogueSender.of(nodes)).seal(REFERRAL);
    const answer = await postMessages(nodes, 'gb', token, { identity: identityOf(nodes, 'vn') });
    expect({ status: answer.status, code: answer.lines[0]?.code }).toEqual({
      status: 503,
      code: 'database_unavailable',
    });
    // No process has ended over it.
    expect(await nodes.pids()).toEqual(pids);
  });

  it('is used again without anybody’s help, and everything arrives once', async () => {
    const pids = await nodes.pids();
    await nodes.startPostgres();
    const healed = Date.now();
    for (const node of ['vn', 'gb'] as const) {
      await waitFor(
        `the office of ${node} to be ready`,
        async () => (await callOffice(nodes, node, '/health/ready')).status === 200,
      );
    }
    // What was refused has left nothing, and the same key may be used again: once.
    const again = await sendDraft();
    expect(again.body).toEqual({ messageId: expect.any(String), replayed: false });
    expect((await sendDraft()).body).toEqual({ ...again.body, replayed: true });
    ids.push(String(again.body['messageId']));
    const left = await callOffice(nodes, 'vn', `/v1/units/${senderUnit}/drafts?limit=200`, { as: draft.author });
    expect(left.body['drafts']).toEqual([]);
    for (let n = 0; n < 5; n += 1) await send();

    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: 60_000 - (Date.now() - healed) });
    const sent = await (await nodes.database('vn')).query<{ id: string }>('SELECT id FROM outbox');
    expect(sent.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const promised = ids.map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: recipientUnit }));
    expect((await checkPromises(nodes, promised)).faults).toEqual([]);
    expect((await callGateway(nodes, 'gb', { identity: identityOf(nodes, 'vn') })).status).toBe(200);
    expect(await nodes.pids()).toEqual(pids);
  });
});
