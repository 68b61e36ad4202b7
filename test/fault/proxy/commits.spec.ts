import { CommitWatcher, type CommitCut } from './commits';

const message = (type: string, ...parts: (string | Buffer)[]) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const plain = (code: number, ...rest: string[]) => {
  const body = Buffer.concat(rest.map((part) => Buffer.from(`${part}\0`)));
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, body]);
};
const STARTUP = plain(196_608, 'user', 'trao', '');
const query = (text: string) => message('Q', text);
const prepare = (name: string, text: string) => message('P', name, text, Buffer.alloc(2));
const run = (name: string) => message('B', '', name, Buffer.alloc(6));
const ANSWER = Buffer.from('C');

const watching = (cut: Partial<CommitCut> = {}) => {
  const meant: CommitCut = { touching: /INSERT INTO outbox/, lose: 'answer', left: 1, hits: 0, ...cut };
  return { meant, watcher: new CommitWatcher(() => meant) };
};

describe('the watcher of commits', () => {
  it('breaks off before the answer to a commit of what is meant, and lets the commit itself pass', () => {
    const { meant, watcher } = watching();
    const sent = [STARTUP, query('BEGIN'), prepare('a', 'INSERT INTO outbox VALUES ($1)'), run('a')];
    for (const bytes of sent) {
      expect(watcher.see('up', bytes)).toBe('pass');
      expect(watcher.see('down', ANSWER)).toBe('pass');
    }
    expect(watcher.see('up', query('COMMIT'))).toBe('pass');
    expect(watcher.see('down', ANSWER)).toBe('cut');
    expect(meant).toMatchObject({ left: 0, hits: 1 });
  });

  it('breaks off before the server hears of it', () => {
    const { watcher } = watching({ lose: 'commit' });
    for (const bytes of [STARTUP, query('BEGIN'), query('INSERT INTO outbox VALUES (1)')])
      expect(watcher.see('up', bytes)).toBe('pass');
    expect(watcher.see('up', query('COMMIT'))).toBe('cut');
  });

  it('knows a prepared statement from before by its name, and messages in pieces', () => {
    const { watcher } = watching();
    const all = Buffer.concat([
      plain(80_877_103),
      STARTUP,
      prepare('a', 'INSERT INTO outbox VALUES ($1)'),
      query('BEGIN'),
      query('ROLLBACK'),
      query('BEGIN'),
      run('a'),
      query('COMMIT'),
    ]);
    for (let at = 0; at < all.length - 1; at += 1) watcher.see('up', all.subarray(at, at + 1));
    expect(watcher.see('down', ANSWER)).toBe('pass');
    watcher.see('up', all.subarray(-1));
    expect(watcher.see('down', ANSWER)).toBe('cut');
  });

  it('counts a statement outside of a transaction as a commit', () => {
    const { watcher } = watching();
    watcher.see('up', Buffer.concat([STARTUP, query('INSERT INTO outbox VALUES (1)')]));
    expect(watcher.see('down', ANSWER)).toBe('cut');
  });

  it.each([
    ['of something else', [query('BEGIN'), query('UPDATE inbox SET x = 1'), query('COMMIT')], {}],
    ['after a roll-back', [query('BEGIN'), query('INSERT INTO outbox'), query('ROLLBACK'), query('COMMIT')], {}],
    ['when all are cut', [query('BEGIN'), query('INSERT INTO outbox'), query('COMMIT')], { left: 0 }],
  ])('lets a commit pass %s', (_, sent, cut) => {
    const { meant, watcher } = watching(cut);
    for (const bytes of [STARTUP, ...sent]) expect(watcher.see('up', bytes)).toBe('pass');
    expect(watcher.see('down', ANSWER)).toBe('pass');
    expect(meant.hits).toBe(0);
  });
});
