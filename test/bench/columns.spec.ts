import { columns } from './columns';

describe('columns', () => {
  it('sets figures to the right, and words in the last column to the left', () => {
    expect(
      columns(
        ['ms', 'what'],
        [
          [10, 'a'],
          [null, 'longer'],
        ],
      ),
    ).toEqual(['  ms  what', '  10  a', '   –  longer']);
    expect(columns(['what', 'ms'], [['a', 100]])).toEqual(['  what   ms', '     a  100']);
  });
});
