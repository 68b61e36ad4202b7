import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { example } from '../../harness/examples';
import { identityOf } from '../../harness/gateway-client';
import { ROOT } from '../../harness/paths';
import { RogueSender } from '../../harness/rogue-sender';
import type { TwoNodes } from '../../harness/two-nodes';
import type { Flooded, FloodOrder } from './flood-order';

const LETTER = example('referral-return-land');
/** Of the 64 connections that a partner may have. */
const CONNECTIONS = 48;
const EMERGENCY_EVERY_S = 2;

/** Messages of the third partner to Viet Nam, sealed and signed with its own keys before a round begins. */
export class Flood {
  /** Whatever it has handed over or may have: it was sent by no officer of the two nodes. */
  readonly ids = new Set<string>();

  private constructor(
    private readonly nodes: TwoNodes,
    private readonly sender: RogueSender,
  ) {}

  static async of(nodes: TwoNodes): Promise<Flood> {
    return new Flood(nodes, await RogueSender.of(nodes));
  }

  /**
   * Makes ready to hand over at a rate.
   * @param takenAtMost of the normal messages, so many may be taken and have to be made; the rest comes again and again
   * @returns what begins it, and ends with it
   */
  async prepare(perS: number, seconds: number, takenAtMost: number): Promise<() => Promise<Flooded>> {
    const { nodes } = this;
    const tls = path.join(nodes.folder, 'keys', 'nodes', 'vn', 'tls', 'ca.pem');
    const order: FloodOrder = {
      ...identityOf(nodes, 'kh'),
      passphrase: identityOf(nodes, 'kh').passphrase ?? '',
      ca: readFileSync(tls, 'utf8'),
      port: nodes.layout.nodes.find(({ id }) => id === 'vn')!.gatewayPort,
      perS,
      seconds,
      connections: CONNECTIONS,
      normal: await this.sealed('normal', takenAtMost),
      emergencies: await this.sealed('emergency', Math.floor(seconds / EMERGENCY_EVERY_S)),
    };
    const file = path.join(nodes.folder, 'flood.json');
    writeFileSync(file, JSON.stringify(order), { mode: 0o600 });
    return ready(file);
  }

  private async sealed(priority: 'normal' | 'emergency', count: number): Promise<string[]> {
    const tokens: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const { id, token } = await this.sender.seal(LETTER, { header: { priority } });
      this.ids.add(id);
      tokens.push(token);
    }
    return tokens;
  }
}

/** Starts the process and waits until it is ready. @throws Error when it fails */
async function ready(order: string): Promise<() => Promise<Flooded>> {
  const program = path.join(__dirname, 'flood-process.ts');
  const child = spawn(process.execPath, [path.join(ROOT, 'test', 'run.cjs'), program, order], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let told = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (told += chunk));
  const ended = new Promise<Flooded>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(told) as Flooded) : reject(new Error(`the flood ended with ${code}`)),
    );
  });
  await Promise.race([new Promise((resolve) => child.once('message', resolve)), ended]);
  return () => {
    child.send('go');
    return ended;
  };
}
