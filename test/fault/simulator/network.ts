import { decodeAnswers, decodeMessages, encodeAnswers, encodeMessages, RetryAfterError } from '../../../libs/exchange';
import type { MessageAnswer, ReceiptAnswer } from '../../../libs/exchange';
import { TraoError, type Code } from '../../../libs/errors';
import type { Link } from '../../fakes/memory-node';
import type { Dice } from './dice';
import type { Stage, Task } from './stage';
import type { FaultName, Weather } from './weather';

type Answer = readonly MessageAnswer[] | readonly ReceiptAnswer[];

/** A request on its way to a partner, or its answer on the way back. */
export interface Flight {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly kind: 'messages' | 'receipts';
  readonly tokens: readonly string[];
  readonly sentAt: number;
  /** Before this it does not arrive: the network holds on to it. Milliseconds. */
  readonly notBefore: number;
  at: 'leaving' | 'served' | 'answered';
  /** What the partner said, or how its work failed. */
  answer?: Answer | TraoError | undefined;
  /** The request that waits for it; absent for a copy. */
  readonly caller?: Caller;
}

interface Caller {
  readonly task: Task;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

interface NetworkPorts {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly weather: () => Weather;
  readonly strike: (fault: FaultName, what: string) => void;
  /** Whether the node's gateway can be reached. */
  readonly isUp: (node: string) => boolean;
  /** Starts the gateway's work for a request. */
  readonly serve: (flight: Flight) => Promise<void>;
  readonly note: (what: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** How long a caller waits for an answer, in milliseconds. */
const PATIENCE_MS = 30_000;

/** How late a copy of a request may come, in milliseconds. */
const DELAYS_MS = [0, 1_000, 10_000, 60_000, 600_000];

/** Codes that a faulty front may answer in a partner's stead, and after which a sender gives up. */
export const FALSE_CODES: readonly Code[] = ['bad_request', 'wrong_recipient', 'too_large'];

/** The line between the nodes. Requests and answers travel when whoever directs says so, in any order. */
export class Network {
  readonly flights: Flight[] = [];
  private count = 0;

  constructor(private readonly ports: NetworkPorts) {}

  /** What a node posts with. */
  linkOf(from: string): Link {
    const post = <A extends Answer>(to: string, kind: Flight['kind'], tokens: readonly string[]) =>
      this.ports.stage.stand<A>((task, resolve, reject) => {
        const caller: Caller = { task, resolve: resolve as Caller['resolve'], reject };
        this.send({ from, to, kind, tokens, caller });
      });
    return {
      messages: async (to, tokens) => {
        const lines = decodeMessages(encodeMessages(tokens));
        return [...(await post<readonly MessageAnswer[]>(to, 'messages', lines))];
      },
      receipts: async (to, tokens) => [...(await post<readonly ReceiptAnswer[]>(to, 'receipts', tokens))],
      held: () => Promise.reject(new TraoError('partner_unreachable')),
      put: () => Promise.reject(new TraoError('partner_unreachable')),
    };
  }

  private send(flight: Pick<Flight, 'from' | 'to' | 'kind' | 'tokens' | 'caller'>, delayMs = 0): void {
    this.count += 1;
    const sentAt = this.ports.now();
    this.flights.push({ ...flight, id: this.count, at: 'leaving', sentAt, notBefore: sentAt + delayMs });
  }

  /** Requests and answers that may go on now. */
  movable(): Flight[] {
    const now = this.ports.now();
    return this.flights.filter(
      ({ at, notBefore, caller }) =>
        at !== 'served' && notBefore <= now && !(at === 'answered' && caller?.task.process.stopped),
    );
  }

  /** Requests that their callers have waited for too long. */
  overdue(): Flight[] {
    const before = this.ports.now() - PATIENCE_MS;
    return this.flights.filter(({ caller, sentAt }) => caller && sentAt < before);
  }

  /** The caller gives up; the request goes its way all the same. */
  async giveUp(flight: Flight): Promise<void> {
    const { caller: _caller, ...copy } = flight;
    await this.fail(flight, new TraoError('partner_timeout'), 'takes too long');
    if (flight.at === 'leaving') this.flights.push(copy);
  }

  /** The gateway of a node has died with all that it was about to answer. */
  interrupt(node: string): void {
    for (const flight of this.flights.filter(({ to, at }) => to === node && at === 'served'))
      this.answered(flight, new TraoError('partner_unreachable'));
  }

  /** Lets one flight go one leg further. */
  async move(flight: Flight): Promise<void> {
    if (flight.at === 'leaving') await this.arrive(flight);
    else await this.comeBack(flight);
  }

  private async arrive(flight: Flight): Promise<void> {
    const { dice, strike, isUp, serve } = this.ports;
    const weather = this.ports.weather();
    const name = nameOf(flight);
    if (!isUp(flight.to)) return this.fail(flight, new TraoError('partner_unreachable'), 'finds nobody');
    if (dice.chance(weather.request_lost)) {
      strike('request_lost', name);
      return this.fail(flight, new TraoError('partner_timeout'), 'is lost');
    }
    if (dice.chance(weather.busy)) {
      strike('busy', name);
      return this.fail(flight, new RetryAfterError('partner_busy', dice.between(0, 120) * 1_000), 'is turned away');
    }
    if (flight.caller && dice.chance(weather.twice)) {
      strike('twice', name);
      const { caller: _caller, ...copy } = flight;
      const twin: Flight = { ...copy, id: (this.count += 1), at: 'served' };
      await serve(twin);
    }
    if (flight.caller && dice.chance(weather.late)) {
      strike('late', name);
      const { from, to, kind, tokens } = flight;
      this.send({ from, to, kind, tokens }, dice.pick(DELAYS_MS));
    }
    flight.at = 'served';
    await serve(flight);
  }

  private async comeBack(flight: Flight): Promise<void> {
    const { dice, strike } = this.ports;
    const weather = this.ports.weather();
    const name = nameOf(flight);
    if (dice.chance(weather.answer_lost)) {
      strike('answer_lost', name);
      return this.fail(flight, new TraoError('partner_timeout'), 'gets no answer');
    }
    if (dice.chance(weather.answer_damaged)) {
      strike('answer_damaged', name);
      return this.fail(flight, new TraoError('bad_answer'), 'gets half an answer');
    }
    let answer = flight.answer!;
    if (answer instanceof TraoError) return this.fail(flight, answer, 'fails over there');
    if (flight.kind === 'messages') {
      if (dice.chance(weather.false_problem)) {
        strike('false_problem', name);
        answer = flight.tokens.map(() => ({ problem: { code: dice.pick(FALSE_CODES) } }));
      }
      answer = decodeAnswers(Buffer.from(encodeAnswers(answer as readonly MessageAnswer[])), flight.tokens.length);
    }
    this.drop(flight);
    this.ports.note(`${name} gets its answer`);
    const { caller } = flight;
    if (caller && !caller.task.dead) await this.ports.stage.turn(caller.task, () => caller.resolve(answer));
  }

  /** The partner's work for a request has ended. */
  answered(flight: Flight, answer: Answer | TraoError): void {
    flight.answer = answer;
    flight.at = 'answered';
    if (!flight.caller) this.drop(flight);
  }

  /** The request has failed, as far as its caller can see. */
  async fail(flight: Flight, error: TraoError, what: string): Promise<void> {
    this.drop(flight);
    const { caller } = flight;
    this.ports.note(`${nameOf(flight)} ${what} (${error.code})`);
    if (caller && !caller.task.dead) await this.ports.stage.turn(caller.task, () => caller.reject(error));
  }

  private drop(flight: Flight): void {
    const at = this.flights.indexOf(flight);
    if (at >= 0) this.flights.splice(at, 1);
  }
}

const nameOf = ({ id, from, to, kind, caller }: Flight) =>
  `request ${id} ${from} > ${to} (${kind}${caller ? '' : ', a copy'})`;
