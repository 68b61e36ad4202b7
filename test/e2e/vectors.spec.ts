import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../harness/cli';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

/** The whole way of `trao vectors check`: from the command line to the exit code. */
describe('trao vectors check', () => {
  let folder: string;

  beforeAll(() => {
    folder = makeTempFolder('vectors');
    for (const [name, result] of [
      ['right', 'invalid'],
      ['wrong', 'valid'],
    ] as const) {
      const tests = [{ tcId: 1, key: '00', msg: '', tag: '', result }];
      mkdirSync(path.join(folder, name));
      writeFileSync(
        path.join(folder, name, 'mac.json'),
        JSON.stringify({ algorithm: 'HMACSHA256', testGroups: [{ type: 'MacTest', tagSize: 256, tests }] }),
      );
    }
  });
  afterAll(() => removeTempFolder(folder));

  it('ends with 0 when nothing is wrong, and prints one document', async () => {
    const { code, stdout } = await runCli('vectors', 'check', path.join(folder, 'right'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ suites: [{ name: 'wycheproof mac', cases: 1, wronglyAccepted: 0 }] });
  });

  it('ends with 1 when something is wrong, and says what', async () => {
    const { code, stdout } = await runCli('vectors', 'check', path.join(folder, 'wrong'));
    expect(code).toBe(1);
    expect(stdout).toContain('wrongly rejected: tcId 1 (bad_signature)');
  });

  it('ends with 1 and a stable code when the folder is not there', async () => {
    const { code, stdout } = await runCli('vectors', 'check', path.join(folder, 'gone'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});
