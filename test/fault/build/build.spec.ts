import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../harness/paths';
import { changedSources, sources } from './fault-build';
import { callOf, marksOf, withCalls, withoutMarks } from './marks';
import { patched } from './patches';
import { POINTS, pointNamed } from './points';
import { transpile } from './transpile';
import { WIRE_PATCHES } from './wire-patches';

const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const marked = sources().flatMap((file) => marksOf(textOf(file), file).map(({ point }) => ({ point, file })));
const MARKED_FILES = [...new Set(marked.map(({ file }) => file))];

describe('marks in the sources', () => {
  it('are those of the list, each exactly once and in its file', () => {
    const byMarker = POINTS.filter(({ by }) => by === 'marker').map(({ name, file }) => ({ point: name, file }));
    const sorted = (list: typeof byMarker) => list.map(({ point, file }) => `${point} ${file}`).sort();
    expect(sorted(marked)).toEqual(sorted(byMarker));
  });

  it('have names that occur once, and are found by them', () => {
    expect(new Set(POINTS.map(({ name }) => name)).size).toBe(POINTS.length);
    expect(pointNamed('S4').app).toBe('worker');
    expect(() => pointNamed('S99')).toThrow('There is no point S99');
  });

  // The promise behind it: nothing in the product is there for the tests only.
  it.each(MARKED_FILES)('compile to nothing in %s', (file) => {
    const compiled = (source: string) => transpile(source, file, { removeComments: true, sourceMap: false });
    const source = textOf(file);
    expect(withoutMarks(source)).not.toBe(source);
    expect(compiled(source)).toBe(compiled(withoutMarks(source)));
  });

  it('stand alone on their line and are spelt as such, or are refused', () => {
    expect(marksOf('a();\n  // fail-point S1: why\nb();', 'a.ts')).toEqual([{ point: 'S1', line: 2 }]);
    for (const wrong of [
      'a(); // fail-point S1: why',
      '// fail-point S1',
      '// failpoint S1: why',
      '// Fail-point S1: y',
    ])
      expect(() => marksOf(wrong, 'a.ts')).toThrow('a.ts:1 is no mark');
  });
});

describe('a fault build', () => {
  it('calls the runtime at every point exactly once', () => {
    const all = changedSources(WIRE_PATCHES);
    for (const { name, file } of POINTS) {
      const holders = all.filter(({ source }) => source.includes(callOf(name)));
      expect(holders.map((one) => one.file)).toEqual([file]);
      expect(holders[0]!.source.split(callOf(name))).toHaveLength(2);
    }
  });

  it('is JavaScript that parses', () => {
    for (const { file, source } of changedSources(WIRE_PATCHES)) {
      const { diagnostics } = ts.transpileModule(transpile(source, file), {
        reportDiagnostics: true,
        compilerOptions: { allowJs: true, target: ts.ScriptTarget.ES2023 },
        fileName: file.replace(/\.ts$/, '.js'),
      });
      expect(diagnostics).toEqual([]);
    }
  });

  it('keeps the lines of its source where it has marks', () => {
    expect(withCalls('a\n  // fail-point S1: x\nb')).toBe(`a\n  ${callOf('S1')}\nb`);
  });
});

describe('a patch', () => {
  const patch = { file: 'a.ts', before: 'one', after: '$& two' };

  it('replaces what occurs once, literally, in its own file', () => {
    expect(patched('x one y', 'a.ts', [patch])).toBe('x $& two y');
    expect(patched('x one y', 'b.ts', [patch])).toBe('x one y');
  });

  it('fails where it fits no more, or twice', () => {
    expect(() => patched('x y', 'a.ts', [patch])).toThrow('fits 0 times');
    expect(() => patched('one one', 'a.ts', [patch])).toThrow('fits 2 times');
  });

  it('names a source of the product', () => {
    expect(() => changedSources([{ ...patch, file: 'test/run.cjs' }])).toThrow('no source of the product');
  });
});
