import { NOW } from './fixtures/quiet-node';
import { holdsCanary, withoutCanaries, type RaisedAlarm } from '.';

const WORD = 'Nguyễn Thị Cúc Họa';
const alarm = (more: Partial<RaisedAlarm>): RaisedAlarm => ({
  kind: 'file_stuck',
  subject: 'file 1',
  code: 'partner_timeout',
  detail: 'after 20 tries',
  at: NOW,
  times: 1,
  ...more,
});

describe('a word of a planted case', () => {
  it('is found however it is written', () => {
    const forms = [WORD, WORD.toUpperCase(), WORD.normalize('NFD'), `to ${WORD}, at once`];
    expect(forms.map((text) => holdsCanary(text, ['something else', WORD]))).toEqual([true, true, true, true]);
    expect([holdsCanary('Nguyễn Thị', [WORD]), holdsCanary(WORD, [])]).toEqual([false, false]);
  });

  it.each(['subject', 'detail', 'code'] as const)(
    'as the %s of an alarm becomes an alarm of its own and goes no further',
    (name) => {
      const found = withoutCanaries([alarm({ [name]: `of ${WORD}` })], [WORD]);
      expect(found).toEqual([
        { kind: 'file_stuck', subject: 'unreadable', code: undefined, detail: undefined, at: NOW, times: 1 },
        { kind: 'canary_found', subject: 'alarm', code: undefined, detail: undefined, at: NOW, times: 1 },
      ]);
      expect(JSON.stringify(found)).not.toContain('Nguyễn');
    },
  );

  it('that is not there changes nothing', () => {
    expect(withoutCanaries([alarm({})], [WORD])).toEqual([alarm({})]);
  });
});
