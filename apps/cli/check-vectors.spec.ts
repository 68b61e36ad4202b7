import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkFolder } from './check-vectors';

/** A file of Wycheproof: an empty tag under an empty message, labelled as told. */
const vectors = (...results: readonly string[]) => ({
  algorithm: 'HMACSHA256',
  testGroups: [
    {
      type: 'MacTest',
      tagSize: 256,
      tests: results.map((result, at) => ({ tcId: at + 1, key: '00', msg: '', tag: '', result })),
    },
  ],
});

async function check(files: Readonly<Record<string, object | string>>, json: boolean) {
  const folder = mkdtempSync(path.join(tmpdir(), 'trao-vectors-'));
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return { clean: await checkFolder(folder, json), printed };
  } finally {
    write.mockRestore();
    rmSync(folder, { recursive: true });
  }
}

describe('trao vectors check', () => {
  it('prints one document with the counts of each suite', async () => {
    const { clean, printed } = await check({ 'mac.json': vectors('invalid', 'valid') }, true);
    expect(clean).toBe(false);
    expect(Object.keys(JSON.parse(printed) as object)).toEqual(['suites']);
    expect(JSON.parse(printed)).toMatchObject({
      suites: [
        { name: 'wycheproof mac', cases: 2, passed: 1, wronglyAccepted: 0, wronglyRejected: 1, refusedByPolicy: 0 },
      ],
    });
  });

  it('prints a table for people, with the sum and what is wrong', async () => {
    const { clean, printed } = await check(
      { 'mac.json': vectors('invalid', 'valid'), 'cut.json': '{"testGroups":[' },
      false,
    );
    expect(clean).toBe(false);
    const lines = printed
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines.slice(0, 4).map((cells) => cells.slice(0, 5))).toEqual([
      ['suite', 'cases', 'passed', 'wrongly accepted', 'wrongly rejected'],
      ['wycheproof mac', '2', '1', '0', '1'],
      ['not readable', '1', '0', '0', '0'],
      ['all', '3', '1', '0', '1'],
    ]);
    expect(printed).toContain('\nwycheproof mac\n  wrongly rejected: tcId 2 (bad_signature)\n');
    expect(printed).toContain('\nnot readable\n  unreadable: cut.json (malformed_json: ');
  });

  it('shows no control characters of names in files', async () => {
    const hostile = { testcases: [{ id: '\u001b[2J\u202eevil' }] };
    const { printed } = await check({ 'limbo.json': hostile }, false);
    expect(printed).toContain('unreadable: \ufffd[2J\ufffdevil (');
    expect(printed).not.toMatch(/[^\P{C}\n]/u);
  });

  it('is content when nothing is wrong', async () => {
    expect((await check({ 'mac.json': vectors('invalid', 'acceptable') }, false)).clean).toBe(true);
  });
});
