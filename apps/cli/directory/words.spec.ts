import { FINDINGS, type FindingCode } from '../../../libs/trust';
import { showsChange, wordsOf } from './words';

const codes = Object.keys(FINDINGS) as FindingCode[];

describe('the words for findings', () => {
  it.each(codes)('say %s in whole sentences, with everything filled in', (code) => {
    const key = { kid: 'KID', use: 'signing' } as const;
    const { says, advice } = wordsOf({
      code,
      weight: FINDINGS[code],
      place: 'vn',
      key,
      before: 'BEFORE',
      after: 'AFTER',
    });
    for (const sentence of [says, ...(advice === undefined ? [] : [advice])]) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toMatch(/[{}]|undefined/);
    }
    // A key is named where the finding is about one.
    expect(says.includes('KID')).toBe(/key|voice/.test(code));
  });

  it('say each something of its own', () => {
    const sentences = codes.map((code) => wordsOf({ code, weight: 'note', place: '' }).says);
    expect(new Set(sentences).size).toBe(codes.length);
  });

  it('tell everybody what to do about a danger, or say it in the sentence', () => {
    const silent = codes.filter(
      (code) => FINDINGS[code] === 'danger' && !wordsOf({ code, weight: 'danger', place: '' }).advice,
    );
    expect(silent).toEqual([
      'one_country_decides',
      'authority_removed',
      'pin_removed',
      'voice_removed',
      'unit_cannot_receive',
      'unit_cannot_send',
      'node_cannot_vouch',
    ]);
  });

  it('show values where one has become another', () => {
    expect([showsChange('endpoint_changed'), showsChange('key_added')]).toEqual([true, false]);
  });
});
