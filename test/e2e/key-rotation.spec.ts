import { checkPromises } from '../fault/promises/check';
import { example } from '../harness/examples';
import { type Promised } from '../harness/ledger';
import { destroyOthers, rotateEncryptionKey } from '../harness/rotation';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const COUNT = 40;

describe('a key that is retired and destroyed while messages to it are on their way', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  it('loses none of them: each is sealed anew and filed once, with proof', async () => {
    await nodes.stopApp('gb', 'gateway');
    const waiting: Promised[] = [];
    for (let n = 0; n < COUNT; n += 1) {
      const { messageId } = await nodes.office.send(senderUnit, REFERRAL);
      waiting.push({ id: messageId, from: 'vn', to: 'gb', unit: recipientUnit });
    }
    const kid = await rotateEncryptionKey(nodes, recipientUnit);
    expect(await destroyOthers(nodes, recipientUnit, kid)).toHaveLength(1);
    await nodes.startApp('gb', 'gateway');

    const sender = await nodes.database('vn');
    await waitFor(
      'all of them to be delivered',
      async () => {
        const rows = await sender.query<{ state: string; n: number }>(
          'SELECT state, count(*)::int AS n FROM outbox GROUP BY state',
        );
        if (rows.length !== 1 || rows[0]!.state !== 'delivered')
          throw new Error(rows.map(({ state, n }) => `${n} ${state}`).join(', '));
        return true;
      },
      { timeoutMs: 90_000, everyMs: 200 },
    );
    // They did take the detour.
    expect(await sender.query('SELECT count(*)::int AS n FROM superseded')).toEqual([{ n: COUNT }]);
    expect(await sender.query('SELECT DISTINCT recipient_kid FROM outbox')).toEqual([{ recipient_kid: kid }]);
    expect((await checkPromises(nodes, waiting)).faults).toEqual([]);
    for (const node of ['vn', 'gb'] as const) {
      const alarms = await (await nodes.database(node)).query<{ kind: string }>('SELECT kind, code FROM alarm');
      expect(alarms.filter(({ kind }) => kind !== 'clock_skew')).toEqual([]);
    }
    const { messageId } = await nodes.office.send(senderUnit, REFERRAL);
    await waitFor(
      'a message to the new key',
      async () => (await nodes.office.delivery(messageId)).state === 'delivered',
    );
  });
});
