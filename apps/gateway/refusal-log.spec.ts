import { RefusalLog } from './refusal-log';

const lines: { event: string; fields: unknown }[] = [];
const logger = { log: (event: string, fields: unknown) => void lines.push({ event, fields }) };
let log: RefusalLog;

beforeEach(() => {
  lines.length = 0;
  log = new RefusalLog(logger);
});
afterEach(() => log.stop());

function refuse(from: string | undefined, times: number): number {
  let written = 0;
  for (let time = 0; time < times; time += 1) log.note(from, () => (written += 1));
  return written;
}

describe('the log of refused connections', () => {
  it('writes a hundred lines a minute of one address, and how many there were besides', () => {
    expect(refuse('192.0.2.1', 1_000)).toBe(100);
    expect(refuse('192.0.2.2', 3)).toBe(3);
    log.sum();
    expect(lines).toEqual([{ event: 'connections_refused', fields: { from: '192.0.2.1', count: 900 } }]);
  });

  it('writes five hundred lines a minute in all, from however many addresses, and remembers as many', () => {
    let written = 0;
    for (let n = 0; n < 2_000; n += 1) written += refuse(`192.0.2.${n}`, 2);
    expect(written).toBe(500);
    log.sum();
    // 250 addresses have written, 250 more are told with their counts, and all others together.
    expect(lines).toHaveLength(251);
    expect(lines.at(-1)).toEqual({ event: 'connections_refused', fields: { count: 3_000 } });
  });

  it('begins anew each minute', () => {
    refuse(undefined, 200);
    log.sum();
    expect(refuse(undefined, 200)).toBe(100);
  });
});
