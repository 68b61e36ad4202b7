import { isDeepStrictEqual } from 'node:util';
import { checkPromises } from '../fault/promises/check';
import { untilFinal, type Promised } from '../harness/ledger';
import { answerTo, asWritten, example, examplesBetween, nodeOf, type Document } from '../harness/examples';
import { NODES, queueKinds, startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const DIRECTIONS = [
  ['vn', 'gb'],
  ['gb', 'vn'],
] as const;

describe.each(queueKinds())('the main job, queue on %s', (queue) => {
  let nodes: TwoNodes;
  const promised: Promised[] = [];

  beforeAll(async () => {
    nodes = await startTwoNodes(queue);
  });
  afterAll(() => nodes?.stop());

  async function send(document: Document): Promise<string> {
    const { senderUnit, recipientUnit } = document.header;
    const { messageId } = await nodes.office.send(senderUnit, document);
    promised.push({
      id: messageId,
      from: nodeOf(senderUnit) as NodeId,
      to: nodeOf(recipientUnit) as NodeId,
      unit: recipientUnit,
    });
    return messageId;
  }

  async function sendAndSeeDelivered(document: Document): Promise<string> {
    const id = await send(document);
    const { state, receipts } = await untilFinal(nodes, id);
    expect({ state, receipts: receipts.map(({ event, verified }) => ({ event, verified })) }).toEqual({
      state: 'delivered',
      receipts: [
        { event: 'received', verified: true },
        { event: 'delivered', verified: true },
      ],
    });
    return id;
  }

  describe.each(DIRECTIONS)('from %s to %s', (from, to) => {
    it.each(examplesBetween('referral', from, to))(
      'hands over $name, and the answers come back',
      async ({ document }) => {
        const { senderUnit, recipientUnit, purpose } = document.header;
        const id = await sendAndSeeDelivered(document);

        const atRecipient = (await nodes.office.message(recipientUnit, id)) as Document;
        expect(asWritten(atRecipient)).toEqual(asWritten(document));
        expect(await nodes.office.message(senderUnit, id)).toEqual(atRecipient);
        expect(atRecipient.header).toMatchObject({ messageId: id, seq: 1 });

        await sendAndSeeDelivered(answerTo(document, id, 'ack'));
        const decision = purpose === 'PROTECT' ? 'accept' : 'decline';
        const answer = answerTo(document, id, decision);
        const answerId = await sendAndSeeDelivered(answer);
        const read = (await nodes.office.message(senderUnit, answerId)) as Document;
        expect(asWritten(read)).toEqual(asWritten(answer));
        expect(read.header).toMatchObject({ inReplyTo: id, seq: 2, referralId: atRecipient.header['referralId'] });

        // The example takes on all services but one.
        const state = decision === 'accept' ? 'accepted_in_part' : 'declined';
        for (const unit of [senderUnit, recipientUnit]) {
          const inbox = await nodes.office.inbox(unit, 200);
          expect(inbox.find(({ referralId }) => referralId === read.header['referralId'])?.state).toBe(state);
        }
      },
    );
  });

  it.each(['ping-vn-to-gb', 'ping-gb-to-vn'])('answers %s with receipts and stores no case', async (name) => {
    const { messageId } = await nodes.office.send(example(name).header.senderUnit, example(name));
    const { state } = await untilFinal(nodes, messageId);
    expect(state).toBe('delivered');
    for (const node of NODES) {
      const rows = await (
        await nodes.database(node)
      ).query('SELECT 1 FROM case_event WHERE message_id = $1', [messageId]);
      expect(rows).toEqual([]);
    }
  });

  it('keeps the promises for all of them', async () => {
    expect(promised.length).toBeGreaterThan(30);
    expect((await checkPromises(nodes, promised)).faults).toEqual([]);
  });

  it.each(NODES)('%s comes to rest: nothing is due, claimed, waiting or alarmed', async (node) => {
    const database = await nodes.database(node);
    const open = () =>
      database.query(
        `SELECT (SELECT count(*)::int FROM work_batch) AS batches, (SELECT count(*)::int FROM alarm) AS alarms,
           (SELECT count(*)::int FROM outbox WHERE state IN ('queued', 'sending')) AS outbox,
           (SELECT count(*)::int FROM inbox WHERE state IN ('stored', 'held')) AS inbox,
           (SELECT count(*)::int FROM receipt WHERE state = 'waiting') AS receipts`,
      );
    const rest = [{ batches: 0, alarms: 0, outbox: 0, inbox: 0, receipts: 0 }];
    // The receipt of the last message may still be on its way.
    const seen = await waitFor(`${node} to come to rest`, async () => {
      const rows = await open();
      if (!isDeepStrictEqual(rows, rest)) throw new Error(JSON.stringify(rows));
      return rows;
    });
    expect(seen).toEqual(rest);
  });
});
