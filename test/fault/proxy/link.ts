import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { draw } from './draw';
import type { Direction, Mode, Range } from './modes';

/** What becomes of bytes: they pass, or the connection breaks before or after them. */
export type Verdict = 'pass' | 'cut' | 'pass_and_cut';

/** Reads what passes. */
export interface Watcher {
  see(direction: Direction, bytes: Buffer): Verdict;
}

export interface LinkParts {
  readonly client: Socket;
  readonly server: Socket;
  readonly seed: number;
  readonly connection: number;
  readonly mode: Mode;
  readonly note: (what: string) => void;
  readonly watcher?: Watcher;
}

/** The payload of a packet on Ethernet: what is lost or late is lost or late as a whole. */
const SEGMENT = 1_460;
const DIRECTIONS: readonly Direction[] = ['up', 'down'];

/** One connection through the proxy. */
export class Link {
  /** Fulfilled when both ends are closed. */
  readonly done: Promise<void>;
  private mode: Mode;
  private wake = Promise.withResolvers<void>();
  /** Bytes of each direction so far: the place at which the seed decides. */
  private readonly passed = { up: 0, down: 0 };
  /** The same since the mode began. */
  private readonly since = { up: 0, down: 0 };
  private silent = false;
  private ended = false;

  constructor(private readonly parts: LinkParts) {
    this.mode = parts.mode;
    const { client, server } = parts;
    for (const socket of [client, server]) socket.on('error', () => this.broken(socket));
    const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));
    this.done = Promise.all([client, server].map(closed)).then(() => undefined);
    void this.pump('up', client, server);
    void this.pump('down', server, client);
  }

  changed(mode: Mode): void {
    this.mode = mode;
    this.since.up = this.since.down = 0;
    if (mode.kind === 'half_open') this.silence('gone without a word');
    const { resolve } = this.wake;
    this.wake = Promise.withResolvers();
    resolve();
  }

  /** Breaks the connection off on both sides. */
  reset(): void {
    this.ended = true;
    // Who waits for another mode has nothing to wait for any more.
    this.wake.resolve();
    breakOff(this.parts.client);
    breakOff(this.parts.server);
  }

  /** One side is gone. Of a silent connection the other side never hears. */
  private broken(side: Socket): void {
    if (this.silent) side.destroy();
    else if (!this.ended) this.reset();
  }

  private silence(why: string): void {
    if (!this.silent) this.parts.note(why);
    this.silent = true;
  }

  private async pump(direction: Direction, from: Socket, to: Socket): Promise<void> {
    try {
      if (direction === 'up') await this.holdUp();
      for await (const chunk of from) {
        for (let at = 0; at < chunk.length; at += SEGMENT)
          await this.pass(direction, (chunk as Buffer).subarray(at, at + SEGMENT), to);
        if (this.ended) return;
      }
      await this.gate(direction);
      if (!this.silent) to.end();
    } catch {
      this.broken(from);
    }
  }

  /** Some connections start late, before their first byte. */
  private async holdUp(): Promise<void> {
    const { mode } = this;
    if (mode.kind !== 'reorder' || this.draw(0, 0) >= mode.share) return;
    this.parts.note(`held up for ${mode.delayMs} ms`);
    await Promise.race([pause(mode.delayMs, undefined, { ref: false }), this.wake.promise]);
  }

  private async pass(direction: Direction, bytes: Buffer, to: Socket): Promise<void> {
    await this.gate(direction);
    await this.delay(direction, bytes.length);
    const left = this.left(direction);
    const part = left < bytes.length ? bytes.subarray(0, left) : bytes;
    const verdict = this.silent || this.ended ? 'pass' : (this.parts.watcher?.see(direction, part) ?? 'pass');
    this.passed[direction] += bytes.length;
    this.since[direction] += bytes.length;
    if (verdict !== 'cut' && !this.silent && !this.ended) await write(to, part);
    if (verdict !== 'pass') {
      this.parts.note(`broken off ${verdict === 'cut' ? 'before' : 'after'} what was watched for`);
      this.reset();
    } else if (part.length < bytes.length) this.limitReached();
  }

  /** Waits for as long as nothing passes. */
  private async gate(direction: Direction): Promise<void> {
    const shut = () =>
      this.mode.kind === 'black_hole' || (this.mode.kind === 'one_way' && this.mode.passes !== direction);
    if (!shut() || this.silent) return;
    this.parts.note(`${direction} waits at byte ${this.passed[direction]}`);
    while (shut() && !this.ended) await this.wake.promise;
  }

  private async delay(direction: Direction, bytes: number): Promise<void> {
    const { mode } = this;
    const segment = Math.floor(this.passed[direction] / SEGMENT);
    const chance = () => this.draw(1 + DIRECTIONS.indexOf(direction), segment);
    let ms = 0;
    if (mode.kind === 'latency') ms = mode.ms + chance() * mode.jitterMs;
    if (mode.kind === 'throttle') ms = (bytes / mode.bytesPerSecond) * 1_000;
    if (mode.kind === 'loss' && chance() < mode.share) {
      ms = mode.stallMs;
      this.parts.note(`${direction} lost segment ${segment}`);
    }
    if (ms > 0) await Promise.race([pause(ms, undefined, { ref: false }), this.wake.promise]);
  }

  /** How many bytes may still pass until the connection ends. */
  private left(direction: Direction): number {
    const limited =
      (this.mode.kind === 'reset' && direction === 'up') ||
      ((this.mode.kind === 'truncate' || this.mode.kind === 'silent_after') && direction === 'down');
    if (!limited) return Infinity;
    const [least, most] = (this.mode as { readonly afterBytes: Range }).afterBytes;
    const limit = least + Math.floor(this.draw(3, 0) * (most - least + 1));
    return Math.max(0, limit - this.since[direction]);
  }

  private limitReached(): void {
    const { client, server } = this.parts;
    const { kind } = this.mode;
    if (kind === 'silent_after') return this.silence(`silent after ${this.since.down} bytes`);
    this.parts.note(`${kind} in the middle`);
    if (kind === 'reset') return this.reset();
    // The client sees an orderly end too early; the server, that its client is gone.
    client.end();
    breakOff(server);
    this.ended = true;
  }

  private draw(...place: readonly number[]): number {
    return draw(this.parts.seed, this.parts.connection, ...place);
  }
}

/** With regard to how fast the other side reads; what cannot be written any more is gone. */
const write = (to: Socket, bytes: Buffer) =>
  new Promise<void>((resolve) => {
    if (bytes.length === 0 || to.destroyed) return resolve();
    to.write(bytes, () => resolve());
  });

/** Only TCP knows a reset; on a unix socket, and before a connection has come about, an end is all there is. */
const breakOff = (socket: Socket) => void (socket.remoteFamily ? socket.resetAndDestroy() : socket.destroy());
