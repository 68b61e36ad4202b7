import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { documentsWith, newCanaries } from '../harness/canary';
import { scan } from '../harness/canary-channels';
import { monitorChannels } from '../harness/canary-monitor';
import { Needles } from '../harness/canary-needles';
import { untilFinal } from '../harness/ledger';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { NODES, startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';
import { startWebhookReceiver, type WebhookReceiver } from '../harness/webhook-receiver';

/** Case content and the monitor: pages, CSV, REST, metrics, alerts by mail and webhook. */
describe('case content at the monitor', () => {
  const canaries = newCanaries();
  const needles = new Needles({ ...canaries });
  const { protect, verify } = documentsWith(canaries);
  const folder = makeTempFolder('webhook');
  let nodes: TwoNodes;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    const key = path.join(folder, 'webhook.pem');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    nodes = await startTwoNodes('postgres', {
      logLevel: 'trace',
      monitor: { TRAO_WEBHOOK_KEY_FILE: key, TRAO_ALERT_PRIVATE_TARGETS: '127.0.0.0/8' },
    });
    for (const node of NODES) {
      const database = await nodes.database(node);
      const targets = { alert_mail_to: [`operator@${node}.example`], alert_webhooks: [receiver.url] };
      for (const [name, value] of Object.entries(targets))
        await database.query(`INSERT INTO setting (name, value, changed_by) VALUES ($1, $2, 'test')`, [
          name,
          JSON.stringify(value),
        ]);
    }
  });
  afterAll(async () => {
    await nodes?.stop();
    await receiver?.close();
    removeTempFolder(folder);
  });

  it('travels, and something goes wrong on the way, so that there is something to tell', async () => {
    for (const document of [protect, verify]) {
      const { messageId } = await nodes.office.send(document.header.senderUnit, document);
      expect((await untilFinal(nodes, messageId)).state).toBe('delivered');
    }
    // A message that is given up, as the worker would: operators are told.
    const { messageId } = await nodes.office.send(protect.header.senderUnit, protect);
    await untilFinal(nodes, messageId);
    const database = await nodes.database('vn');
    await database.query(`INSERT INTO alarm (kind, subject, code) VALUES ('message_refused', $1, 'decrypt_failed')`, [
      messageId,
    ]);
    await waitFor('an alert to be told by webhook', () => receiver.caught.length > 0, { timeoutMs: 60_000 });
    await waitFor(
      'an alert to be told by mail',
      async () => {
        for await (const [, bytes] of monitorChannels(nodes, receiver)
          .find(({ name }) => name === 'mail')!
          .read())
          if (Buffer.from(bytes).includes('operator@vn.example')) return true;
        return false;
      },
      { timeoutMs: 60_000 },
    );
  });

  it('stands on no page and in no download, metric, mail or webhook', async () => {
    for (const channel of monitorChannels(nodes, receiver)) expect(await scan(channel, needles)).toEqual([]);
  });

  it('would be found in each of them if it leaked there', async () => {
    const missed: string[] = [];
    for (const channel of monitorChannels(nodes, receiver)) {
      const planted = newCanaries();
      await channel.plant(planted.name);
      const hits = await scan(channel, new Needles({ planted: planted.name }));
      if (hits.length === 0) missed.push(channel.name);
    }
    expect(missed).toEqual([]);
  });
});
