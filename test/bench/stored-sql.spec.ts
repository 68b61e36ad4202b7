import { copySql } from './stored-sql';

describe('copies of rows', () => {
  it('have ids, times, words and names of their own, and everything else as it was', () => {
    const sql = copySql(
      'idempotency',
      [
        { name: 'message_id', type: 'uuid' },
        { name: 'key', type: 'text' },
        { name: 'token', type: 'bytea' },
        { name: 'at', type: 'timestamp with time zone' },
        { name: 'next_mark_at', type: 'timestamp with time zone' },
        { name: 'expires_at', type: 'timestamp with time zone' },
        { name: 'request_digest', type: 'text' },
      ],
      9,
    );
    expect(sql).toContain('generate_series(9, 1, -1)');
    expect(sql).toContain('md5(r.message_id::text || n)');
    expect(sql).toContain('sha256((r.key || n)::bytea)');
    expect(sql).toContain('substr(sha256(r.token || int4send(n)), 1, length(r.token))');
    expect(sql).toContain("r.at - (n * interval '90 days' / 10)");
    expect(sql).toContain("r.next_mark_at + (n * interval '90 days' / 10)");
    expect(sql).toMatch(/, r\.expires_at, r\.request_digest FROM/);
  });

  it('keep a text that names something else', () => {
    const sql = copySql('receipt', [{ name: 'token', type: 'text' }], 9);
    expect(sql).toContain('SELECT r.token FROM');
  });

  it('leave out what lies beside the table', () => {
    expect(copySql('inbox', [{ name: 'sealed', type: 'text' }], 9)).toContain("SELECT '' FROM");
  });
});
