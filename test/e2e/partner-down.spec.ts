import { checkPromises } from '../fault/promises/check';
import { example } from '../harness/examples';
import { untilAllFinal, type Promised } from '../harness/ledger';
import { queueKinds, startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const COUNT = 20;

describe.each(queueKinds())('a partner that is away, queue on %s', (queue) => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes(queue);
  });
  afterAll(() => nodes?.stop());

  it('gets everything within 60 s of its return, once, and nothing was lost or refused meanwhile', async () => {
    await nodes.stopApp('gb', 'gateway');
    await nodes.stopApp('gb', 'worker');

    const ids: string[] = [];
    for (let n = 0; n < COUNT; n += 1) ids.push((await nodes.office.send(senderUnit, REFERRAL)).messageId);
    const vn = await nodes.database('vn');
    const states = () =>
      vn.query<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM outbox GROUP BY state');

    // The circuit opens: it is known and bounded how long the next look waits.
    const circuit = await waitFor('the circuit of gb to open', async () => {
      const [row] = await vn.query<{ failures: number; wait: number }>(
        `SELECT failures, extract(epoch FROM retry_at - now())::float AS wait FROM circuit WHERE partner = 'gb' AND failures >= 2`,
      );
      return row;
    });
    expect(circuit.wait).toBeLessThanOrEqual(30);
    const waiting = await states();
    expect(waiting.every(({ state }) => state === 'queued' || state === 'sending')).toBe(true);
    expect(waiting.reduce((sum, { n }) => sum + n, 0)).toBe(COUNT);
    const tried = await vn.query<{ code: string }>('SELECT DISTINCT code FROM attempt');
    expect(tried.map(({ code }) => code)).toEqual(['partner_unreachable']);

    const healed = Date.now();
    await nodes.startApp('gb', 'gateway');
    await nodes.startApp('gb', 'worker');
    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: 60_000 - (Date.now() - healed) });

    const promised = ids.map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: recipientUnit }));
    expect((await checkPromises(nodes, promised)).faults).toEqual([]);
    const [after] = await vn.query<{ failures: number }>(`SELECT failures FROM circuit WHERE partner = 'gb'`);
    expect(after?.failures).toBe(0);
  });
});
