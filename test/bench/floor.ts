import { randomUUIDv7 } from 'node:crypto';
import { issueReceipt, open, readReceipt, seal, type Receipt } from '../../libs/envelope';
import type { Message } from '../../libs/schema';
import { documentOf, renewed } from './document';
import { makeKeys, Party } from './parties';
import { rounded } from './percentiles';

export interface FloorSize {
  readonly sizeBytes: number;
  /** All threads of the process. */
  readonly cpuMsPerMessage: number;
  /** Of one loop that does one message after the other. */
  readonly messagesPerS: number;
}

const WARM_UP_MESSAGES = 200;
const MAX_SECONDS = 4;

/**
 * The least that one message can cost with this cryptography on this machine: seal, open, and two receipts signed and verified, in
 * one process, with nothing stored and nothing sent.
 */
export async function measureFloor(folder: string, sizes: readonly number[], seconds: number): Promise<FloorSize[]> {
  await makeKeys(folder, () => 'https://127.0.0.1:1');
  const sender = await Party.load(folder, 'vn');
  const recipient = await Party.load(folder, 'gb');
  const results: FloorSize[] = [];
  for (const sizeBytes of sizes) {
    const document = documentOf(sizeBytes);
    for (let count = 0; count < WARM_UP_MESSAGES; count += 1) await handOver(document, sender, recipient);
    const limitMs = Math.min(seconds, MAX_SECONDS) * 1000;
    const begun = performance.now();
    const cpu = process.cpuUsage();
    let messages = 0;
    while (performance.now() - begun < limitMs) {
      await handOver(document, sender, recipient);
      messages += 1;
    }
    const { user, system } = process.cpuUsage(cpu);
    const elapsedMs = performance.now() - begun;
    results.push({
      sizeBytes,
      cpuMsPerMessage: rounded((user + system) / 1000 / messages),
      messagesPerS: rounded((messages * 1000) / elapsedMs, 1),
    });
  }
  return results;
}

/** One message with its two receipts. */
async function handOver(document: Message, sender: Party, recipient: Party): Promise<void> {
  const { token, digest } = await seal(await sender.sealInput(renewed(document)));
  const { message } = await open(token, recipient.openContext('vn'));
  for (const event of ['received', 'delivered'] as const) {
    const receipt = receiptFor(event, message.header.messageId, digest);
    const signed = await issueReceipt(receipt, await recipient.receiptKey());
    await readReceipt(signed, sender.receiptKeyOf);
  }
}

/** A receipt of the recipient about a message of the sender. */
export function receiptFor(event: 'received' | 'delivered', messageId: string, digest: string): Receipt {
  const seq = event === 'received' ? 1 : 2;
  return { id: randomUUIDv7(), issuer: 'gb', audience: 'vn', messageId, event, digest, seq, at: new Date() };
}
