import { faultAt, TraoError } from '../../libs/errors';
import type { Lang } from '../../libs/schema';
import { reportFailure } from './output';

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function report(error: unknown, json = false, language?: Lang): Said {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  try {
    return { exitCode: reportFailure(error, json, language), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a failure', () => {
  const unknown = new TraoError('unknown_unit', { detail: 'vn.nobody.' });

  it('says its meaning, its detail and its code', () => {
    expect(report(unknown)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'trao: The unit is not in the directory. vn.nobody. (unknown_unit)\n',
    });
    expect(report(new TraoError('port_taken'))).toMatchObject({
      exitCode: 2,
      stderr: 'trao: A network port is used by another process. (port_taken)\n',
    });
  });

  it('says it in Vietnamese, also where no rule is broken', () => {
    const said = 'trao: Đơn vị không có trong danh bạ. vn.nobody. (unknown_unit)\n';
    expect(report(unknown, false, 'vi').stderr).toBe(said);
    const faults = [faultAt('/handling', 'required'), faultAt('', 'against_schema')];
    expect(report(new TraoError('schema_invalid', { faults }), false, 'vi').stderr).toBe(
      'trao: Tài liệu không tuân theo lược đồ. (schema_invalid)\n' +
        '  /handling: là bắt buộc\n  (toàn bộ tài liệu): không tuân theo lược đồ\n',
    );
  });

  it('is one document on stdout for programs, with the meaning in the same language', () => {
    const { stdout } = report(unknown, true, 'vi');
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: { code: 'unknown_unit', message: 'Đơn vị không có trong danh bạ. vn.nobody.', faults: [] },
    });
  });

  it('shows where it comes from only when it is not one of ours', () => {
    const stderr = 'trao: Đã xảy ra lỗi ngoài dự kiến. (internal)\n  no such file\n';
    expect(report(new Error('no such file'), false, 'vi').stderr).toBe(stderr);
    expect(report(new TraoError('key_missing', { cause: new Error('no such file') })).stderr).not.toContain('no such');
  });

  describe('outside the action of a command', () => {
    const before = process.argv;
    afterEach(() => {
      process.argv = before;
    });

    it.each<[string[], RegExp]>([
      [['--lang', 'vi'], /Đơn vị/],
      [['--lang=vi'], /Đơn vị/],
      [['--lang', 'en'], /The unit/],
      [['search', 'vi', '--lang'], /The unit/],
      [[], /The unit/],
    ])('is in the language of %j', (args, words) => {
      process.argv = ['node', 'trao', 'codes', 'show', ...args];
      expect(report(unknown).stderr).toMatch(words);
    });
  });
});
