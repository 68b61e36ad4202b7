import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEADLINES } from '../deadlines';
import { agreedDeadlines } from './agreed-deadlines';
import { readOfficeConfig, readWorkerConfig } from './config';

describe('agreedDeadlines', () => {
  it('gives the table where nothing was agreed', () => {
    expect(agreedDeadlines(undefined)('gb')).toEqual(DEADLINES);
  });

  it('changes what was agreed with a partner, for that partner only', () => {
    const term = { count: 3, unit: 'workingDays' };
    const deadlinesWith = agreedDeadlines(JSON.stringify({ gb: { ack: term } }));
    expect(deadlinesWith('gb').ack.terms).toEqual({ emergency: term, urgent: term, normal: term });
    expect(deadlinesWith('gb').human_ack).toEqual(DEADLINES.human_ack);
    expect(deadlinesWith('kh')).toEqual(DEADLINES);
  });

  it.each([
    ['no JSON', '{'],
    ['a key twice', '{"gb": {}, "gb": {}}'],
    ['an unknown deadline', '{"gb": {"never": {"count": 1, "unit": "days"}}}'],
    ['a deadline that no agreement changes', '{"gb": {"closure_silence": {"count": 1, "unit": "days"}}}'],
  ])('refuses %s, naming the setting', (_what, text) => {
    expect(() => agreedDeadlines(text)).toThrow(
      expect.objectContaining({ code: 'config_invalid', detail: expect.stringContaining('DEADLINES_FILE: ') }),
    );
  });
});

describe('DEADLINES_FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trao-deadlines-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = join(folder, 'file');
  writeFileSync(file, '{"gb":{}}');
  const GOOD = {
    TRAO_NODE: 'vn',
    DATABASE_URL: 'postgres://localhost/trao',
    TRAO_KEYS: '/keys',
    TRAO_KEY_FILE: file,
    TRAO_DIRECTORY: '/directory.json',
    TRAO_TRUST_ANCHOR: file,
    TRAO_TLS_CERT: file,
    TRAO_TLS_KEY: file,
    TRAO_CLIENTS: file,
    TRAO_PORT: '8443',
  };

  it.each([readWorkerConfig, readOfficeConfig])('is read where it is set, and must be there then', (read) => {
    expect(read(GOOD).deadlines).toBeUndefined();
    expect(read({ ...GOOD, DEADLINES_FILE: '' }).deadlines).toBeUndefined();
    expect(read({ ...GOOD, DEADLINES_FILE: file }).deadlines).toBe('{"gb":{}}');
    const missing = join(folder, 'nowhere.json');
    expect(() => read({ ...GOOD, DEADLINES_FILE: missing })).toThrow(/DEADLINES_FILE: .*nowhere\.json cannot be read/);
  });
});
