import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { ROOT } from '../harness/paths';
import { waitFor } from '../harness/wait-for';
import type { Host, Running } from './hosts';

const PROGRAM = 'haproxy';
/** Whether the first check of a server has ended. One that runs is marked with a star before the last known status. */
const wasAsked = (server: Readonly<Record<string, string>>) =>
  !['', 'INI'].includes((server['check_status'] ?? '').replace(/^\* /, ''));
/** The example that the documentation shows: what is tested is what is recommended. */
const CONFIG = path.join(ROOT, 'deploy', 'haproxy.cfg');

/** Whether there is a haproxy on the PATH. */
export const hasHaproxy = (): boolean => spawnSync(PROGRAM, ['-v'], { stdio: 'ignore' }).status === 0;

/** Machines behind one proxy, in the order of their numbers. */
export interface Behind {
  readonly gateways: readonly Host[];
  readonly offices: readonly Host[];
  readonly postgres: readonly Host[];
}

/** The way into a node. */
export class Haproxy {
  private running: Running | undefined;
  private readonly socket: string;

  /** @param folder for its socket */
  constructor(
    readonly host: Host,
    private readonly behind: Behind,
    folder: string,
  ) {
    this.socket = path.join(folder, `${host.name}.sock`);
  }

  start(): void {
    const { gateways, offices, postgres } = this.behind;
    // A kind of which there is one machine only stands for both.
    const both = (kind: string, hosts: readonly Host[]) => ({
      [`TRAO_${kind}_1`]: hosts[0]?.address ?? this.host.address,
      [`TRAO_${kind}_2`]: (hosts[1] ?? hosts[0])?.address ?? this.host.address,
    });
    const env = {
      TRAO_PROXY: this.host.address,
      TRAO_HAPROXY_SOCKET: this.socket,
      ...both('GATEWAY', gateways),
      ...both('OFFICE', offices),
      ...both('POSTGRES', postgres),
    };
    this.running = this.host.spawn(PROGRAM, ['-W', '-db', '-f', CONFIG], { env });
  }

  /** SIGKILL, as a crash. */
  async kill(): Promise<void> {
    await this.running?.end('SIGKILL');
  }

  /** Waits until it sends to as many servers of a backend as said, and has asked each: before that it counts all of them. */
  async untilUp(backend: string, servers: number): Promise<void> {
    await waitFor(
      `${this.host.name} to find ${servers} of ${backend}`,
      async () => {
        const behind = (await this.stats()).filter(({ pxname, svname }) => pxname === backend && !isTotal(svname));
        return behind.every(wasAsked) && behind.filter(({ status }) => status?.startsWith('UP')).length >= servers;
      },
      { timeoutMs: 180_000, everyMs: 200 },
    );
  }

  /** How many requests each server of a backend has answered, in the order of their numbers. */
  async answeredBy(backend: string): Promise<number[]> {
    const servers = (await this.stats()).filter(({ pxname, svname }) => pxname === backend && !isTotal(svname));
    return servers.map((line) => Number(line['hrsp_2xx'] ?? 0) + Number(line['hrsp_3xx'] ?? 0));
  }

  /** Bytes that partners have sent to the gateways and were sent to them, TLS included. */
  async wireBytes(): Promise<{ readonly received: number; readonly sent: number }> {
    const line = (await this.stats()).find(({ pxname, svname }) => pxname === 'gateway' && svname === 'FRONTEND');
    return { received: Number(line?.['bin'] ?? 0), sent: Number(line?.['bout'] ?? 0) };
  }

  /** Its statistics, by column. */
  private async stats(): Promise<Readonly<Record<string, string>>[]> {
    const [head = '', ...lines] = (await this.ask('show stat')).trim().split('\n');
    const columns = head.replace(/^# /, '').split(',');
    return lines.map((line) => {
      const values = line.split(',');
      return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
    });
  }

  private ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(this.socket, () => socket.write(`${command}\n`));
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => (answer += text));
      socket.once('error', reject);
      socket.once('close', () => resolve(answer));
    });
  }
}

const isTotal = (name: string | undefined) => name === 'FRONTEND' || name === 'BACKEND';
