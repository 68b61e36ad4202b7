import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { makeTempFolder, removeTempFolder } from '../../harness/temp-folder';
import { waitFor } from '../../harness/wait-for';
import { draw } from './draw';
import { FaultProxy, type FaultProxyOptions } from './fault-proxy';
import type { Mode } from './modes';

const ANSWER = 'x'.repeat(20_000);
/** Long enough to be sure that nothing comes, short enough to wait for. */
const SILENCE_MS = 60;

/** Answers `ask` with many bytes, everything else with itself. */
function serve(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => void socket.write(bytes.toString() === 'ask' ? ANSWER : bytes));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('the fault proxy', () => {
  let server: Server;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    server = await serve();
  });
  afterEach(async () => {
    for (const thing of open.splice(0)) await thing.close();
  });
  afterAll(() => void server.close());

  async function start(mode?: Mode, more: Partial<FaultProxyOptions> = {}): Promise<FaultProxy> {
    const upstream = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const proxy = await FaultProxy.start({ seed: 7, upstream, ...more });
    open.unshift(proxy);
    if (mode) await proxy.set(mode);
    return proxy;
  }

  /** A client that remembers what it got and how it ended. */
  function call(proxy: FaultProxy) {
    const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
    const seen = { text: '', end: false, error: '' };
    socket.on('data', (bytes) => (seen.text += bytes.toString()));
    socket.on('end', () => (seen.end = true));
    socket.on('error', (error: NodeJS.ErrnoException) => (seen.error = error.code ?? ''));
    open.unshift({ close: () => socket.destroy() });
    return { socket, seen };
  }

  const answered = async (proxy: FaultProxy, word = 'hello') => {
    const { socket, seen } = call(proxy);
    socket.write(word);
    await waitFor('an answer', () => seen.text === word || seen.error, { everyMs: 2 });
    return seen;
  };

  it('lets everything pass, and the end of each direction', async () => {
    const proxy = await start();
    const { socket } = call(proxy);
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
    await waitFor('the end of the connection', () => proxy.open === 0, { everyMs: 2 });
  });

  it('refuses connections and resets those that are open, until it passes again on the same port', async () => {
    const proxy = await start();
    const { socket, seen } = call(proxy);
    await once(socket, 'connect');
    const { port } = proxy;
    await proxy.set({ kind: 'refuse' });
    await waitFor('the reset', () => seen.error === 'ECONNRESET', { everyMs: 2 });
    expect((await answered(proxy)).error).toBe('ECONNREFUSED');
    await proxy.set({ kind: 'pass' });
    expect(proxy.port).toBe(port);
    expect((await answered(proxy)).text).toBe('hello');
  });

  it.each<[Mode]>([
    [{ kind: 'black_hole' }],
    [{ kind: 'one_way', passes: 'up' }],
    [{ kind: 'one_way', passes: 'down' }],
  ])('holds back what TCP would send again: %j', async (mode) => {
    const proxy = await start(mode);
    const { socket, seen } = call(proxy);
    socket.write('hello');
    await pause(SILENCE_MS);
    expect(seen).toEqual({ text: '', end: false, error: '' });
    await proxy.set({ kind: 'pass' });
    await waitFor('what was held back', () => seen.text === 'hello', { everyMs: 2 });
  });

  it('never tells either side of a half-open connection about the other, and lets new ones pass', async () => {
    const proxy = await start();
    const { socket, seen } = call(proxy);
    socket.write('hello');
    await waitFor('an answer', () => seen.text === 'hello', { everyMs: 2 });
    await proxy.set({ kind: 'half_open' });
    socket.write('anybody there?');
    await pause(SILENCE_MS);
    await proxy.set({ kind: 'pass' });
    await pause(SILENCE_MS);
    expect(seen).toEqual({ text: 'hello', end: false, error: '' });
    expect((await answered(proxy)).text).toBe('hello');
  });

  it('brings every byte late, in order', async () => {
    for (const mode of [
      { kind: 'latency', ms: 5, jitterMs: 5 },
      { kind: 'throttle', bytesPerSecond: 200_000 },
      { kind: 'loss', share: 0.5, stallMs: 5 },
    ] as const) {
      const proxy = await start(mode);
      const { socket, seen } = call(proxy);
      const begun = performance.now();
      socket.write('ask');
      await waitFor('the answer', () => seen.text === ANSWER, { everyMs: 2 });
      // Timers may fire a millisecond early.
      expect(performance.now() - begun).toBeGreaterThan(8);
    }
  });

  it('resets in the middle of a request', async () => {
    const proxy = await start({ kind: 'reset', afterBytes: [5, 5] });
    const { socket, seen } = call(proxy);
    socket.write('hello, who is there?');
    await waitFor('the reset', () => seen.error === 'ECONNRESET', { everyMs: 2 });
    expect(proxy.log.at(-1)).toEqual({ connection: 1, what: 'reset in the middle' });
  });

  it('ends in the middle of an answer, in good order', async () => {
    const proxy = await start({ kind: 'truncate', afterBytes: [100, 3_000] });
    const { socket, seen } = call(proxy);
    socket.write('ask');
    await waitFor('the end', () => seen.end, { everyMs: 2 });
    expect(seen.text.length).toBeGreaterThanOrEqual(100);
    expect(seen.text.length).toBeLessThanOrEqual(3_000);
    socket.end();
    await waitFor('the end of the connection', () => proxy.open === 0, { everyMs: 2 });
  });

  it('falls silent for good in the middle of an answer', async () => {
    const proxy = await start({ kind: 'silent_after', afterBytes: [1_000, 1_000] });
    const { socket, seen } = call(proxy);
    socket.write('ask');
    await waitFor('the beginning', () => seen.text.length === 1_000, { everyMs: 2 });
    await proxy.set({ kind: 'pass' });
    await pause(SILENCE_MS);
    expect({ ...seen, text: seen.text.length }).toEqual({ text: 1_000, end: false, error: '' });
    expect((await answered(proxy)).text).toBe('hello');
  });

  it('lets later connections overtake earlier ones', async () => {
    // The first connection of this seed is held up, the second is not.
    const seed = Array.from({ length: 100 }, (_, n) => n).find(
      (n) => draw(n, 1, 0, 0) < 0.5 && draw(n, 2, 0, 0) >= 0.5,
    );
    const proxy = await start({ kind: 'reorder', share: 0.5, delayMs: 100 }, { seed: seed! });
    const order: string[] = [];
    const sent = ['first', 'second'].map(async (word) => {
      const { socket, seen } = call(proxy);
      socket.write(word);
      await waitFor(word, () => seen.text === word, { everyMs: 2 });
      order.push(word);
    });
    await Promise.all(sent);
    expect(order).toEqual(['second', 'first']);
  });

  it.each([
    ['cut', ''],
    ['pass_and_cut', 'hello'],
  ] as const)('breaks off where a watcher says so: %s', async (verdict, heard) => {
    const reached: string[] = [];
    const echo = await new Promise<Server>((resolve) => {
      const made: Server = createServer((socket: Socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => reached.push(bytes.toString()));
      }).listen(0, '127.0.0.1', () => resolve(made));
    });
    open.push({ close: () => echo.close() });
    const upstream = { host: '127.0.0.1', port: (echo.address() as AddressInfo).port };
    const proxy = await start(undefined, { upstream, watch: () => ({ see: () => verdict }) });
    const { socket, seen } = call(proxy);
    socket.write('hello');
    await waitFor('the reset', () => seen.error === 'ECONNRESET', { everyMs: 2 });
    // The reset overtakes what it follows: then nothing was read, which a network may do as well.
    expect([heard, '']).toContain(reached.join(''));
  });

  it('reaches a server on a unix socket, and breaks off there too', async () => {
    const folder = makeTempFolder('proxy');
    const ends: string[] = [];
    const there = createServer((socket) => socket.on('close', () => ends.push('closed')).pipe(socket));
    await new Promise<void>((resolve) => there.listen(`${folder}/socket`, resolve));
    open.push({ close: () => there.close() }, { close: () => removeTempFolder(folder) });
    const proxy = await start(undefined, { upstream: { path: `${folder}/socket` } });
    const { socket, seen } = call(proxy);
    socket.write('hello');
    await waitFor('an answer', () => seen.text === 'hello', { everyMs: 2 });
    proxy.cut();
    await waitFor('the end on both sides', () => seen.error !== '' && ends.length > 0, { everyMs: 2 });
    expect([seen.error, ...ends]).toEqual(['ECONNRESET', 'closed']);
  });

  it('does the same again with the same seed', async () => {
    const run = async (seed: number) => {
      const proxy = await start({ kind: 'loss', share: 0.3, stallMs: 1 }, { seed });
      for (let n = 0; n < 3; n += 1) {
        const { socket, seen } = call(proxy);
        socket.write('ask');
        await waitFor('the answer', () => seen.text === ANSWER, { everyMs: 2 });
      }
      return proxy.log.filter(({ what }) => what.startsWith('down lost'));
    };
    const [once_, again, other] = [await run(1), await run(1), await run(2)];
    expect(once_.length).toBeGreaterThan(0);
    expect(again).toEqual(once_);
    expect(other).not.toEqual(once_);
  });
});
