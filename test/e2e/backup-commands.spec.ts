import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCli } from '../harness/cli';
import { describeWithPostgres, startDebianPostgres, type DebianPostgres } from '../harness/debian-postgres';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

describeWithPostgres('trao migrate, backup and restore', () => {
  let folder: string;
  let postgres: DebianPostgres;
  const inFolder = (name: string) => path.join(folder, name);
  const trao = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => startCli(args, env).ended;
  const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

  beforeAll(async () => {
    folder = makeTempFolder('backup-commands');
    postgres = await startDebianPostgres(inFolder('postgres'));
    mkdirSync(inFolder('keys/signing'), { recursive: true });
    writeFileSync(inFolder('keys/signing/one.key.json'), '{"sealed":"key"}');
    writeFileSync(inFolder('directory.json'), '{}');
    // Whoever looks at the processes of the machine sees no password.
    writeFileSync(inFolder('database-url'), `${await postgres.create('trao_xx')}\n`);
    writeFileSync(inFolder('again-url'), `${await postgres.create('trao_again')}\n`);
  });
  afterAll(async () => {
    await postgres?.stop();
    if (folder) removeTempFolder(folder);
  });

  it('bring a database up to date, after a dry run that changes nothing', async () => {
    const env = { DATABASE_URL_FILE: inFolder('database-url') };
    const roles = ['--role-passwords', inFolder('passwords.json')];
    const dry = await trao(['migrate', '--dry-run', ...roles], env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('trao_xx: 0 migrations had run');
    expect(dry.stdout).toContain('would run Partitions');
    expect(json((await trao(['migrate', '--json', ...roles], env)).stdout)).toMatchObject({ ok: true, from: 0 });
    expect((await trao(['migrate'], env)).stdout).toMatch(/^trao_xx: (\d+) migrations had run; now \1\.$/m);
  });

  it('back up, verify and restore, with what to do next', async () => {
    const made = await trao(['backup', 'keygen', '--out', inFolder('backups.json')]);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain(`--encrypt-to ${inFolder('backups.public.json')}`);
    const backup = await trao(
      ['backup', '--out', inFolder('xx.backup'), '--encrypt-to', inFolder('backups.public.json'), '--node', 'xx'],
      {
        DATABASE_URL_FILE: inFolder('database-url'),
        TRAO_KEYS: inFolder('keys'),
        TRAO_DIRECTORY: inFolder('directory.json'),
      },
    );
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.stdout).toContain('keep that apart');
    // No terminal: plain lines, and no bar.
    expect(backup.stderr.split('\n').filter((line) => line.endsWith('…'))).toEqual(['keys …', 'files …', 'database …']);
    const verified = await trao([
      'backup',
      'verify',
      inFolder('xx.backup'),
      '--key',
      inFolder('backups.json'),
      '--json',
    ]);
    expect(json(verified.stdout)).toMatchObject({ ok: true, manifest: { node: 'xx', database: 'trao_xx' } });
    const restored = await trao(
      ['restore', '--from', inFolder('xx.backup'), '--key', inFolder('backups.json'), '--keys-to', inFolder('again')],
      { DATABASE_URL_FILE: inFolder('again-url') },
    );
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toContain('the old node is off and stays off');
    expect(readdirSync(inFolder('again')).sort()).toEqual(['directory', 'keys', 'role-passwords.json']);
    expect(readFileSync(inFolder('again/keys/1-keys/signing/one.key.json'), 'utf8')).toBe('{"sealed":"key"}');
  });

  it.each([
    ['no database', ['migrate'], {}, 2, 'config_invalid'],
    ['an address that is none', ['migrate', '--database-url', 'mysql://x/y'], {}, 2, 'config_invalid'],
    [
      'no tools',
      ['backup', '--out', 'x', '--encrypt-to', 'backups.public.json', '--keys', 'keys', '--node', 'xx'],
      { TRAO_PG_BIN: '/nowhere' },
      2,
      'backup_tool_missing',
    ],
    [
      'a private key on the node',
      ['backup', '--out', 'x', '--encrypt-to', 'backups.json', '--keys', 'keys', '--node', 'xx'],
      {},
      1,
      'bad_key',
    ],
    ['a backup that is none', ['backup', 'verify', 'directory.json', '--key', 'backups.json'], {}, 1, 'backup_damaged'],
    [
      'a database with something in it',
      ['restore', '--from', 'xx.backup', '--key', 'backups.json', '--keys-to', 'elsewhere'],
      {},
      1,
      'restore_occupied',
    ],
  ])('end with an exit code and a code of their own for %s', async (name, args, env, code, error) => {
    const placed = args.map((arg) => (/^(?:x|keys|elsewhere|.*\.(?:json|backup))$/.test(arg) ? inFolder(arg) : arg));
    const where = code === 2 && error === 'config_invalid' ? {} : { DATABASE_URL_FILE: inFolder('database-url') };
    const ended = await trao([...placed, '--json'], { ...where, ...env });
    expect({ name, code: ended.code, error: (json(ended.stdout)['error'] as { code: string }).code }).toEqual({
      name,
      code,
      error,
    });
  });
});
