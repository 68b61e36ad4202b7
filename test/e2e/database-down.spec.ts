import { example } from '../harness/examples';
import { brokenPromises, untilAllFinal, type Promised } from '../harness/ledger';
import { callGateway, identityOf, postMessages } from '../harness/gateway-client';
import { callOffice, handIn } from '../harness/office-rest';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';
import { RogueSender } from '../harness/rogue-sender';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const TEXT = JSON.stringify(REFERRAL);

describe('a database that crashes and comes back', () => {
  let nodes: TwoNodes;
  const ids: string[] = [];

  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  const send = async () => ids.push((await nodes.office.send(senderUnit, REFERRAL)).messageId);

  it('is noticed, said plainly, and nothing is promised meanwhile', async () => {
    for (let n = 0; n < 10; n += 1) await send();
    const pids = await nodes.pids();
    // In the middle of the flow.
    await nodes.crashPostgres();

    for (const node of ['vn', 'gb'] as const) {
      const ready = await callOffice(nodes, node, '/health/ready');
      expect({ status: ready.status, code: ready.body.code }).toEqual({ status: 503, code: 'database_unavailable' });
      expect(ready.headers.get('retry-after')).toBe('5');
      expect((await callOffice(nodes, node, '/health/live')).status).toBe(200);
    }
    const refused = await handIn(nodes, senderUnit, TEXT, { headers: { 'idempotency-key': 'while-it-was-down' } });
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 503, code: 'database_unavailable' });

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
    const again = await handIn(nodes, senderUnit, TEXT, { headers: { 'idempotency-key': 'while-it-was-down' } });
    expect(again.body).toEqual({ messageId: expect.any(String), replayed: false });
    ids.push(again.body['messageId'] as string);
    for (let n = 0; n < 5; n += 1) await send();

    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: 60_000 - (Date.now() - healed) });
    const promised = ids.map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: recipientUnit }));
    expect(await brokenPromises(nodes, promised)).toEqual([]);
    expect((await callGateway(nodes, 'gb', { identity: identityOf(nodes, 'vn') })).status).toBe(200);
    expect(await nodes.pids()).toEqual(pids);
  });
});
