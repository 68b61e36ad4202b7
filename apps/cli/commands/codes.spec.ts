import { Command } from 'commander';
import { codeLists } from '../../../libs/schema';
import { addCodesCommands } from './codes';

async function run(...args: string[]): Promise<string> {
  const program = new Command('trao').exitOverride();
  addCodesCommands(program);
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await program.parseAsync(['codes', ...args], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed;
}

describe('trao codes', () => {
  it('lists every code list', async () => {
    const lines = (await run('list')).trim().split('\n').slice(1);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(codeLists().map(({ list }) => list));
    const { lists } = JSON.parse(await run('list', '--json')) as { lists: object[] };
    expect(lists).toContainEqual(expect.objectContaining({ list: 'purpose', version: '1.0', codes: 7 }));
  });

  it('shows a list in the language asked for, with the standards it has counterparts in', async () => {
    const english = await run('show', 'exploitationType');
    expect(english).toMatch(/^code +label +HTCDS +CTDC +UK NRM +remark$/m);
    expect(english).toMatch(/^organ_removal +Organ removal +OrganRemoval +isOrganRemoval +ComponentOrgansRemoved$/m);
    expect(await run('show', 'lastContact')).toMatch(/^code +label +UK NRM$/m);
    expect(await run('show', 'exploitationType', '--lang', 'vi')).toMatch(/^organ_removal +Lấy bộ phận cơ thể +/m);
  });

  it('says which codes are to be confirmed and which have ended', async () => {
    expect(await run('show', 'cancelCode')).toMatch(/^duplicate +Sent twice +to be confirmed$/m);
    expect(await run('show', 'units', '--lang', 'vi')).toMatch(/^vn\.molisa .* đến 2025-03-01$/m);
  });

  it('prints a list as data', async () => {
    expect(JSON.parse(await run('show', 'gender', '--json'))).toEqual(
      codeLists().find(({ list }) => list === 'gender'),
    );
  });

  it('names the lists when asked for one that does not exist', async () => {
    await expect(run('show', 'colour')).rejects.toMatchObject({
      code: 'not_found',
      detail: expect.stringContaining('gender, guardianType'),
    });
  });

  it('knows two languages', async () => {
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(run('show', 'gender', '--lang', 'fr')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    stderr.mockRestore();
  });
});
