import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { App, NodeId, TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import type { ScenarioContext } from './scenario';

/** A machine that has much else to do takes its time. */
const READY_MS = 180_000;

export interface HandOptions {
  /** More environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command, as `ip netns exec NAME`. */
  readonly under?: readonly string[];
  /** Run it beside the one that the nodes have. Default: in its place. */
  readonly beside?: boolean;
}

/** A process of a node that the scenario runs itself. */
export interface HandProcess {
  readonly pid: number;
  kill(signal?: NodeJS.Signals): void;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

/**
 * Starts a process of a node by hand, with the environment of the one that runs, and waits until it serves. It ends with the scenario;
 * the one whose place it took comes back then.
 */
export async function startByHand(
  { nodes, afterwards }: ScenarioContext,
  node: NodeId,
  app: App,
  { env = {}, under = [], beside = false }: HandOptions = {},
): Promise<HandProcess> {
  const { command, environment } = await commandOf(nodes, node, app);
  if (!beside) {
    await nodes.stopApp(node, app);
    afterwards(() => nodes.startApp(node, app));
  }
  const log = openSync(path.join(nodes.folder, 'logs', `${node}-${app}-by-hand.log`), 'a', 0o600);
  const [program = '', ...args] = [...under, ...command];
  const child = spawn(program, args, { env: { ...environment, ...env }, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  child.unref();
  child.channel?.unref();
  const process_ = handle(child);
  afterwards(() => process_.stop());
  await ready(child, `${node}-${app}`);
  return process_;
}

/** How a running process was started. */
export async function commandOf(nodes: TwoNodes, node: NodeId, app: App) {
  const name = `${node}-${app}`;
  // A process that was killed is on its way back.
  const pid = await waitFor(`${name} to run`, async () => (await nodes.pids())[name]);
  const words = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
  const environment = Object.fromEntries(words('environ').map((word) => splitAt(word, word.indexOf('='))));
  // The channel of the supervisor is not ours.
  delete environment['NODE_CHANNEL_FD'];
  return { command: words('cmdline'), environment };
}

function handle(child: ChildProcess): HandProcess {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? -1,
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function ready(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} by hand was not ready in time.`)), READY_MS);
    const end = (outcome: () => void) => {
      clearTimeout(timer);
      outcome();
    };
    child.on('message', (message) => {
      const { ready: up, failed } = message as { ready?: true; failed?: { message: string } };
      if (up) end(resolve);
      if (failed) end(() => reject(new Error(`${name} by hand: ${failed.message}`)));
    });
    child.once('error', (error) => end(() => reject(error)));
    child.once('exit', (code) => end(() => reject(new Error(`${name} by hand ended with ${code}.`))));
  });
}

const splitAt = (word: string, at: number): [string, string] => [word.slice(0, at), word.slice(at + 1)];
