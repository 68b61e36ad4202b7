/**
 * Writes libs/schema/generated/code-lists.ts, which bundles the files of schemas/codes/v1. Run by Node 24 directly:
 *   node schemas/generate-code-lists.ts           write
 *   node schemas/generate-code-lists.ts --check   exit 1 when the committed file is stale
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

const HERE = dirname(resolve(process.argv[1] ?? ''));
const FILE = resolve(HERE, '../libs/schema/generated/code-lists.ts');
/** Files with a shape of their own: libs/schema/codes.ts turns them into lists. */
const NOT_A_LIST = ['fields.json', 'units.json'];

function source(): string {
  const files = readdirSync(join(HERE, 'codes/v1')).sort();
  const lists = files.filter((file) => !NOT_A_LIST.includes(file));
  const nameOf = (file: string) =>
    file.replace('.json', '').replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
  const imports = ['fields.json', ...lists].map(
    (file) => `import ${nameOf(file)} from '../../../schemas/codes/v1/${file}';`,
  );
  return [
    '/* Generated from schemas/codes/v1 by schemas/generate-code-lists.ts: do not edit. */',
    ...imports,
    '',
    '/** Contents of the files; schemas/codes.spec.ts holds them against the types of libs/schema/codes.ts. */',
    'export const FIELDS: unknown = fields;',
    `export const LISTS: readonly unknown[] = [${lists.map(nameOf).join(', ')}];`,
  ].join('\n');
}

async function main(check: boolean): Promise<void> {
  const text = await format(source(), { ...(await resolveConfig(FILE)), parser: 'typescript' });
  if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return;
  if (check) {
    console.error(
      'libs/schema/generated/code-lists.ts is stale: run "node schemas/generate-code-lists.ts" and commit.',
    );
    process.exitCode = 1;
  } else {
    writeFileSync(FILE, text);
    console.log('wrote libs/schema/generated/code-lists.ts');
  }
}

void main(process.argv.includes('--check'));
