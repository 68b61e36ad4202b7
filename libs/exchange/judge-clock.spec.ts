import { judgeClock } from '.';

/** Readings of partners a, b, c … by how many seconds they are ahead of us; `5~2` is 5 s, give or take 2 s. */
const judge = (...offsets: (number | string)[]) =>
  judgeClock(
    offsets.map((offset, at) => {
      const [ahead = '', doubt = '0'] = String(offset).split('~');
      return { partner: 'abcdefgh'[at]!, offsetMs: Number(ahead) * 1000, doubtMs: Number(doubt) * 1000 };
    }),
  );
const ours = (offS: number, grave = false) => ({ offMs: offS * 1000, grave });
const theirs = (...list: [string, number][]) => list.map(([partner, offS]) => ({ partner, offMs: offS * 1000 }));

describe('whose clock is wrong', () => {
  it('is nobody’s where all agree within a minute, or nobody answered', () => {
    for (const offsets of [[], [0], [60], [-60], [60, -60], [59, 0, -59]])
      expect(judge(...offsets)).toEqual({ ours: undefined, theirs: [] });
  });

  it('is ours where the only partner differs: somebody has to look, and we can look at ours', () => {
    expect(judge(60.001)).toEqual({ ours: ours(-60.001), theirs: [] });
    expect(judge(-90)).toEqual({ ours: ours(90), theirs: [] });
  });

  it('is ours where more than half of them differ to the same side', () => {
    expect(judge(90, 92)).toEqual({ ours: ours(-90), theirs: [] });
    expect(judge(-90, -92, 0)).toEqual({ ours: ours(92), theirs: theirs(['c', 92]) });
    expect(judge(90, 95, 100)).toEqual({ ours: ours(-95), theirs: [] });
  });

  it('is theirs where half of them or fewer differ, or not to one side', () => {
    expect(judge(90, 0)).toEqual({ ours: undefined, theirs: theirs(['a', 90]) });
    expect(judge(90, -90)).toEqual({ ours: undefined, theirs: theirs(['a', 90], ['b', -90]) });
    expect(judge(90, 90, 0, 0)).toEqual({ ours: undefined, theirs: theirs(['a', 90], ['b', 90]) });
  });

  it('is ours and theirs where one differs from the others as well', () => {
    expect(judge(90, 91, 400)).toEqual({ ours: ours(-91), theirs: theirs(['c', 309]) });
    expect(judge(-90, -90, -90, 90)).toEqual({ ours: ours(90), theirs: theirs(['d', 180]) });
  });

  it('is grave beyond five minutes', () => {
    expect(judge(300).ours).toEqual(ours(-300));
    expect(judge(300.001).ours).toEqual(ours(-300.001, true));
    expect(judge(-300.001).ours).toEqual(ours(300.001, true));
  });

  it('cannot be said while an answer took too long to tell', () => {
    expect(judge('70~10')).toEqual({ ours: undefined, theirs: [] });
    expect(judge('70.001~10').ours).toEqual(ours(-70.001));
    expect(judge(90, 90, '160~10').theirs).toEqual([]);
    expect(judge(90, 90, '161~10').theirs).toEqual(theirs(['c', 71]));
  });
});
