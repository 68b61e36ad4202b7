import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../harness/paths';
import { marksOf, withoutMarks } from '../fault/build/marks';
import { POINTS } from '../fault/build/points';
import { transpile } from '../fault/build/transpile';

const DIST = path.join(ROOT, 'dist');
const built = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
  .map((entry) => path.relative(DIST, path.join(entry.parentPath, entry.name)))
  .filter((file) => !file.startsWith('test'));

/** JavaScript as it runs: without comments, and read and written once, so that only what it does is left. */
const bare = (script: string, file: string) =>
  transpile(script, file.replace(/\.js$/, '.cjs'), { allowJs: true, removeComments: true, sourceMap: false });

// Nothing in the product is there for the tests alone: what a fault build adds is in no file of dist/.
describe('the production build', () => {
  it('knows no runtime of fail-points and no control folder', () => {
    expect(built.length).toBeGreaterThan(500);
    for (const file of built)
      expect(`${file} ${/traoFailPoint|TRAO_FAULTS/.exec(readFileSync(path.join(DIST, file), 'utf8'))?.[0]}`).toBe(
        `${file} undefined`,
      );
  });

  it.each([...new Set(POINTS.filter(({ by }) => by === 'marker').map(({ file }) => file))])(
    'runs %s as if it had no marks',
    (file) => {
      const script = readFileSync(path.join(DIST, file.replace(/\.ts$/, '.js')), 'utf8');
      // The compiler may keep them as comments; as such they are found and taken out.
      expect(marksOf(script, file).length).toBeGreaterThan(0);
      expect(bare(script, file)).toBe(bare(withoutMarks(script), file));
    },
  );
});
