import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { contentDigest, MESSAGES_MEDIA_TYPE } from '../../../libs/exchange';
import type { FloodLane, FloodOrder } from './flood-order';

/**
 * A partner that has gone wild, in a process of its own, so that its work does not slow down whoever measures: it hands over a message a
 * request at a rate, whatever it is told, and comes again with what was put off. Its emergencies go beside that.
 */
const TICK_MS = 10;

/** The gateway of a node is known by its certification authority; a test has no name for it. */
const checkServerIdentity = () => undefined;

/** Counts of one lane, and the messages that wait to be handed over. */
class LaneOf {
  private asked = 0;
  private taken = 0;
  private putOff = 0;
  private slowestMs = 0;
  private readonly other: Record<string, number> = {};
  private readonly waiting: string[];
  private open = 0;

  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    tokens: readonly string[],
    private readonly connections: number,
    secureContext: ReturnType<typeof createSecureContext>,
  ) {
    this.waiting = [...tokens];
    // To open the key anew for every connection would cost more than the flood.
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, secureContext, checkServerIdentity });
  }

  /** Hands the next message over, unless all connections are in use. */
  next(): void {
    const token = this.open < this.connections ? this.waiting.shift() : undefined;
    if (token === undefined) return;
    this.open += 1;
    this.asked += 1;
    const began = performance.now();
    void this.post(token)
      .then(
        (answer) => this.note(answer, token),
        (error: unknown) => this.count((error as { code?: string }).code ?? 'error'),
      )
      .finally(() => {
        this.open -= 1;
        this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
      });
  }

  async end(): Promise<FloodLane> {
    while (this.open > 0) await pause(TICK_MS);
    this.agent.destroy();
    const { asked, taken, putOff, other, slowestMs } = this;
    return { asked, taken, putOff, other, slowestMs: Math.round(slowestMs) };
  }

  private note({ status, text }: { status: number; text: string }, token: string): void {
    if (status === 200 && text.includes('"receipt"')) this.taken += 1;
    else if (status === 429) {
      this.putOff += 1;
      this.waiting.push(token);
    } else this.count(`${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`);
  }

  private count(what: string): void {
    this.other[what] = (this.other[what] ?? 0) + 1;
  }

  private post(token: string): Promise<{ status: number; text: string }> {
    const { port, agent } = this;
    const headers = { 'content-type': MESSAGES_MEDIA_TYPE, 'content-digest': contentDigest(token) };
    const options = { host: '127.0.0.1', port, path: '/v1/messages', method: 'POST', headers, agent };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('error', reject).once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.once('error', reject).end(token);
    });
  }
}

async function main(): Promise<void> {
  const order = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as FloodOrder;
  const { port, cert, key, passphrase, ca } = order;
  const identity = createSecureContext({ cert, key, passphrase, ca });
  const normal = new LaneOf(port, order.normal, order.connections, identity);
  const emergencies = new LaneOf(port, order.emergencies, 1, identity);
  const urgencyMs = (order.seconds * 1_000) / (order.emergencies.length + 1);
  await begun();
  const began = performance.now();
  let [given, cried] = [0, 0];
  for (let passed = 0; passed < order.seconds * 1_000; passed = performance.now() - began) {
    for (const due = (passed * order.perS) / 1_000; given < due; given += 1) normal.next();
    for (const due = Math.floor(passed / urgencyMs); cried < due; cried += 1) emergencies.next();
    await pause(TICK_MS);
  }
  const report = { normal: await normal.end(), emergencies: await emergencies.end() };
  const perS = Math.round((report.normal.asked * 1_000) / (performance.now() - began));
  process.stdout.write(JSON.stringify({ perS, ...report }));
  process.disconnect();
}

/** To be compiled and to start takes more of the machine than a round should notice. */
function begun(): Promise<void> {
  const asked = new Promise<void>((resolve) => process.once('message', () => resolve()));
  process.send?.('ready');
  return asked;
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
