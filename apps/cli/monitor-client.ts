import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { TraoError } from '../../libs/errors';
import { readAccess } from './local/access';
import { dataOption, jsonOption } from './local/running';
import type { ShownPartner } from './monitor-answers';
import { fromProblem, json } from './office-calls';

/** Which monitors a command speaks to. */
export interface MonitorOptions {
  readonly data: string;
  readonly json?: boolean;
  readonly node?: string;
  readonly monitor?: string;
  readonly tokenFile?: string;
}

/** Adds the options of every command that speaks to a monitor. */
export const withMonitor = (command: Command): Command =>
  command
    .option('--node <id>', 'the node of the demonstration, such as vn or gb')
    .addOption(new Option('--monitor <url>', 'the monitor of a real node').env('TRAO_MONITOR'))
    .addOption(
      new Option('--token-file <file>', 'file with the token of an operator there').env('TRAO_MONITOR_TOKEN_FILE'),
    )
    .addOption(dataOption())
    .addOption(jsonOption());

/** In the demonstration commands act as this operator. */
const OPERATOR = 'monitor/operator';
const TIMEOUT_MS = 30_000;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Speaks to the monitor of one node, as one operator. */
export class MonitorClient {
  constructor(
    /** The node, or of a real one the host of its monitor. */
    readonly node: string,
    readonly url: string,
    private readonly token: string,
  ) {}

  get = <T>(path: string): Promise<T> => this.call<T>(path, {});

  post = <T>(path: string, body: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<T> =>
    this.call<T>(path, json('POST', body, headers));

  /** @throws TraoError as the monitor answered; `partner_unreachable` when it does not */
  private async call<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.token}` };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // A token goes to the address that was named, and to no other one that this one names.
    const request: RequestInit = { ...init, headers, signal, redirect: 'error' };
    const response = await fetch(this.url + path, request).catch((cause: unknown) => {
      throw new TraoError('partner_unreachable', { detail: `No answer of the monitor at ${this.url}.`, cause });
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw fromProblem(answer, response.status);
    return answer as T;
  }
}

/**
 * The monitors that a command is about.
 * @throws TraoError `config_invalid`: no such node, no monitor, a token that would travel in clear
 */
export function monitorsOf({ data, node, monitor, tokenFile }: MonitorOptions): readonly MonitorClient[] {
  if (monitor !== undefined) return [realMonitor(monitor, tokenFile)];
  const access = readAccess(data);
  if (!access) throw invalid(`No demonstration was started in ${data}. Start one with: npm run demo`);
  const known = access.nodes.flatMap(({ id, monitor: url, operatorTokens }) =>
    url === undefined ? [] : [new MonitorClient(id, url, operatorTokens?.[OPERATOR] ?? '')],
  );
  const chosen = known.filter(({ node: id }) => node === undefined || id === node);
  if (chosen.length > 0) return chosen;
  const names = known.map(({ node: id }) => id).join(', ');
  throw invalid(node === undefined ? `No monitor runs in ${data}.` : `No monitor of ${node}. Known here: ${names}.`);
}

function realMonitor(url: string, tokenFile: string | undefined): MonitorClient {
  if (tokenFile === undefined) throw invalid('--monitor needs --token-file.');
  const { protocol, hostname, host, origin } = URL.parse(url) ?? invalidUrl(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.includes(hostname)))
    throw invalid(`--monitor ${url}: tokens travel by HTTPS only, unless the monitor is on this machine.`);
  return new MonitorClient(host, origin, tokenIn(tokenFile));
}

function tokenIn(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: `${file} cannot be read.`, cause });
  }
  if (!/^[\w-]{20,200}$/.test(token)) throw invalid(`${file} holds no token.`);
  return token;
}

/**
 * Asks one monitor after the other, until one knows what is meant.
 * @throws TraoError `not_found` when none does; any other error of the first that has one
 */
export async function firstThatKnows<T>(
  monitors: readonly MonitorClient[],
  ask: (monitor: MonitorClient) => Promise<T>,
): Promise<{ readonly monitor: MonitorClient; readonly answer: T }> {
  let unknown: TraoError | undefined;
  for (const monitor of monitors) {
    try {
      return { monitor, answer: await ask(monitor) };
    } catch (error) {
      if (!(error instanceof TraoError && error.code === 'not_found')) throw error;
      unknown = error;
    }
  }
  throw unknown ?? new TraoError('not_found');
}

/**
 * The monitor of the node that has a partner.
 * @throws TraoError `not_found` when none has it; `config_invalid` when several do: which one is meant has to be said
 */
export async function monitorWithPartner(options: MonitorOptions, partner: string): Promise<MonitorClient> {
  const lists = await Promise.all(
    monitorsOf(options).map(async (monitor) => {
      const { partners } = await monitor.get<{ partners: ShownPartner[] }>('/v1/partners');
      return partners.some(({ id }) => id === partner) ? [monitor] : [];
    }),
  );
  const [first, ...others] = lists.flat();
  if (!first) throw new TraoError('not_found', { detail: `No node here has a partner ${partner}.` });
  if (others.length > 0) throw invalid(`Several nodes have the partner ${partner}: name one with --node.`);
  return first;
}

const invalid = (detail: string) => new TraoError('config_invalid', { detail });

function invalidUrl(url: string): never {
  throw invalid(`--monitor ${url} is no address.`);
}
