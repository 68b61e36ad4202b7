import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A machine of its own: a network namespace with an address and a cable, or an address of the loopback where that is not allowed. */
export interface Host {
  readonly name: string;
  readonly address: string;
  spawn(program: string, args: readonly string[], options?: SpawnOptions): Running;
  /** The last lines of its log. */
  lastSaid(): string;
  /** The power is cut: its link goes down first, so that nobody is told, then everything on it ends at once. */
  cut(): Promise<void>;
  /** The power is back; what ran is not. */
  mend(): void;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as the user that PostgreSQL may run as, when we are root. */
  readonly unprivileged?: boolean;
  readonly ipc?: boolean;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Ends it with a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** All machines of one run. */
export interface Lab {
  /** True where every host is a network namespace; else they are addresses of the loopback, and a cut link cannot be shown. */
  readonly separate: boolean;
  host(name: string): Host;
  close(): Promise<void>;
}

/** uid and gid of `nobody` in Debian. */
export const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** @param logs folder that gets what each process says */
export function openLab(logs: string, kind: 'best' | 'loopback' = 'best'): Lab {
  const number = process.pid % 250;
  const separate = kind === 'best' && mayMakeNamespaces();
  const net = separate ? new Bridge(number) : undefined;
  const hosts: Machine[] = [];
  const sweep = () => {
    for (const host of hosts) host.killNow();
    net?.remove();
  };
  process.once('exit', sweep);
  // A signal would end the program without that, and leave namespaces behind.
  const leave = () => process.exit(130);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  return {
    separate,
    host(name) {
      const index = hosts.length + 2;
      const address = net ? net.attach(index) : `127.${100 + (number % 100)}.${number}.${index}`;
      const host = new Machine(name, address, net?.namespaceOf(index), logs, (up) => net?.link(index, up));
      hosts.push(host);
      return host;
    },
    async close() {
      process.off('exit', sweep);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
      await Promise.all(hosts.map((host) => host.stop()));
      net?.remove();
    },
  };
}

class Machine implements Host {
  private readonly running = new Set<Running>();
  private readonly log: string;

  constructor(
    readonly name: string,
    readonly address: string,
    private readonly namespace: string | undefined,
    logs: string,
    private readonly link: (up: boolean) => void,
  ) {
    this.log = path.join(logs, `${name}.log`);
  }

  spawn(program: string, args: readonly string[], { env = {}, unprivileged, ipc }: SpawnOptions = {}): Running {
    const own = unprivileged && isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
    const inside = this.namespace === undefined ? [] : ['ip', 'netns', 'exec', this.namespace];
    const [first, ...rest] = [...inside, ...own, program, ...args];
    const log = openSync(this.log, 'a', 0o600);
    const child = spawn(first!, rest, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...env },
      cwd: '/',
      stdio: ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      // A session of its own: Ctrl-C reaches the drill only, and Linux gives every session its own share of a busy processor.
      detached: true,
    });
    closeSync(log);
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const running: Running = {
      child,
      ended,
      async end(signal) {
        strike(child, signal);
        await ended;
      },
    };
    this.running.add(running);
    void ended.then(() => this.running.delete(running));
    return running;
  }

  lastSaid(): string {
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  }

  async cut(): Promise<void> {
    this.link(false);
    await this.stop();
  }

  mend(): void {
    this.link(true);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running].map((running) => running.end('SIGKILL')));
  }

  killNow(): void {
    for (const { child } of this.running) strike(child, 'SIGKILL');
  }
}

/** What ends without warning takes its own children with it. */
function strike(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (signal !== 'SIGKILL') return void child.kill(signal);
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended in this very moment.
  }
}

/** A switch, and the cables of the hosts in it. */
class Bridge {
  private readonly bridge: string;
  private readonly attached: number[] = [];

  constructor(private readonly number: number) {
    this.bridge = `tr${number}b`;
    ip('link', 'add', this.bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.address(1)}/24`, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
  }

  namespaceOf = (index: number) => `tr${this.number}h${index}`;
  private address = (index: number) => `10.213.${this.number}.${index}`;
  private cable = (index: number) => `tr${this.number}v${index}`;

  attach(index: number): string {
    const [namespace, cable, address] = [this.namespaceOf(index), this.cable(index), this.address(index)];
    this.attached.push(index);
    ip('netns', 'add', namespace);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    ip('link', 'set', cable, 'master', this.bridge, 'up');
    ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return address;
  }

  link(index: number, up: boolean): void {
    ip('link', 'set', this.cable(index), up ? 'up' : 'down');
  }

  remove(): void {
    for (const index of this.attached.splice(0)) {
      spawnSync('ip', ['link', 'del', this.cable(index)], { stdio: 'ignore' });
      spawnSync('ip', ['netns', 'del', this.namespaceOf(index)], { stdio: 'ignore' });
    }
    spawnSync('ip', ['link', 'del', this.bridge], { stdio: 'ignore' });
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}

/** Only root may, and not in every container. */
function mayMakeNamespaces(): boolean {
  const name = `tr${process.pid % 250}try`;
  const made = isRoot && spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (made) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  return made;
}
