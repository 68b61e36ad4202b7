import { documentsWith, newCanaries } from '../harness/canary';
import { channelsOf, scan } from '../harness/canary-channels';
import { Needles } from '../harness/canary-needles';
import { withHeader, type Document } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { handIn } from '../harness/office-rest';
import { queueKinds, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

describe.each(queueKinds())('case content, queue on %s', (queue) => {
  const canaries = newCanaries();
  const needles = new Needles({ ...canaries });
  const { protect, verify, accept } = documentsWith(canaries);
  let nodes: TwoNodes;

  beforeAll(async () => {
    // Compressed pages could hide a leak from the search. And nothing may leak at any level of logging.
    nodes = await startTwoNodes(queue, { settings: { wal_compression: 'off' }, logLevel: 'trace' });
  });
  afterAll(() => nodes?.stop());

  async function send(document: Document): Promise<string> {
    const { messageId } = await nodes.office.send(document.header.senderUnit, document);
    expect((await untilFinal(nodes, messageId)).state).toBe('delivered');
    return messageId;
  }

  it('arrives, so that there is something to leak', async () => {
    const inReplyTo = await send(protect);
    await send(verify);
    await send(ackOf(accept, inReplyTo));
    await send(withHeader(accept, { inReplyTo }));
    const read = await nodes.office.message(protect.header.recipientUnit, inReplyTo);
    expect(needles.find(Buffer.from(JSON.stringify(read)))).not.toEqual([]);
  });

  it('comes back in no answer to bad input', async () => {
    const unit = protect.header.senderUnit;
    const text = JSON.stringify(protect);
    const everywhere = canaries.name;
    const bad: readonly string[] = [
      text.slice(0, -1),
      text.replace('"person":', '"person":{},"person":'),
      JSON.stringify({ ...protect, [everywhere]: everywhere }),
      JSON.stringify({
        ...protect,
        person: { ...(protect['person'] as object), gender: everywhere, name: [everywhere] },
      }),
      JSON.stringify(withHeader(protect, { recipientUnit: everywhere, purpose: everywhere, priority: everywhere })),
      JSON.stringify(withHeader(protect, { messageType: everywhere, schemaVersion: everywhere })),
      JSON.stringify(withHeader(protect, { senderUnit: everywhere })),
      JSON.stringify(withHeader(accept, { senderUnit: unit, inReplyTo: everywhere })),
      JSON.stringify(everywhere),
      everywhere,
    ];
    for (const body of bad) {
      const answer = await handIn(nodes, unit, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(needles.find(Buffer.from(answer.text)).map((hit) => `${hit} in ${answer.text}`)).toEqual([]);
    }
  });

  it('stands nowhere outside the encrypted columns', async () => {
    for (const channel of channelsOf(nodes)) expect(await scan(channel, needles)).toEqual([]);
  });

  it('would be found in each channel if it leaked there', async () => {
    const missed: string[] = [];
    for (const channel of channelsOf(nodes)) {
      const planted = newCanaries();
      await channel.plant(planted.name);
      const hits = await scan(channel, new Needles({ planted: planted.name }));
      if (hits.length === 0) missed.push(channel.name);
    }
    expect(missed).toEqual([]);
  });
});

/** The acknowledgement that must come before an acceptance. */
function ackOf(accept: Document, inReplyTo: string): Document {
  const { accept: _body, ...rest } = accept;
  const ack = { localReference: 'SCA-2026-0', dueDate: '2027-01-01', handledByRole: 'caseworker' };
  return withHeader({ ...rest, ack }, { messageType: 'ack', inReplyTo });
}
