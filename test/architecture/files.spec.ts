import { CHECKS, type Check } from './checks';
import { ROOT } from './cruise';
import { projectFiles } from './sources';
import { CLEAN, withTree, type Tree } from './tree';

const times = (count: number, line: string) => `${line}\n`.repeat(count);
const KEY = 'A'.repeat(43);
const PEM = '-----BEGIN %PRIV' + 'ATE KEY-----';
const ID = 'https://' + 'trao.example/schemas/receipt/v1';
const TASK = 'TO' + 'DO';

/** For every check: files with a fault each, and files that look similar and are in order. */
const PLANTED: Readonly<Record<string, { readonly bad: Tree; readonly good: Tree }>> = {
  'main.ts has at most 40 lines': {
    bad: { 'apps/office/main.ts': times(41, 'start();') },
    good: { 'apps/office/main.ts': times(40, 'start();'), 'apps/office/domain.ts': times(41, 'go();') },
  },
  'one place seals': {
    bad: {
      'libs/exchange/forward.ts': "import { digestOf, seal } from '../envelope';\n",
      'apps/office/sender.ts': "import {\n  seal,\n} from '../../libs/envelope';\n",
      'libs/casework/drafting.ts': "import { sealFor } from './seal-for';\n",
    },
    good: {
      'libs/casework/seal-for.ts': "import { seal } from '../envelope';\n",
      'libs/casework/send.ts': "import { sealFor, type Outgoing } from './seal-for';\n",
      'libs/exchange/open.ts': "import { sealing } from '../envelope';\n",
      'libs/exchange/open.spec.ts': "import { seal } from '../envelope';\n",
      'libs/envelope/again.ts': "import { seal } from './envelope';\n",
    },
  },
  'a source file has at most 400 lines': {
    bad: {
      'libs/trust/long.ts': times(401, '//'),
      'bin/long.cjs': times(401, '//'),
      'test/e2e/a.spec.ts': times(401, '//'),
    },
    good: { 'libs/trust/long.ts': times(400, '//'), 'libs/schema/generated/all.ts': times(900, '//') },
  },
  'a name says what is inside': {
    bad: {
      'libs/trust/utils.ts': '',
      'libs/common/x.ts': '',
      'apps/office/http-helper.ts': '',
      'test/shared/x.ts': '',
      'libs/queue/queue.manager.ts': '',
    },
    good: {
      'libs/schema/generated/common.ts': '',
      'test/vectors/common.schema.json': '',
      'schemas/codes/common.schema.json': '',
      'libs/trust/commons-list.ts': '',
      'docs/shared/x.md': '',
    },
  },
  'index.ts only names what it exports, in at most 30 lines': {
    bad: {
      'libs/a/index.ts': `export * from './a';`,
      'libs/b/index.ts': `export const a = 1;`,
      'libs/c/index.ts': `import './a';\nexport { b } from './b';`,
      'libs/e/index.ts': `export type * from './types';`,
      'libs/f/index.ts': `export * from './generated/types';`,
      'libs/d/index.ts': times(31, `export { a } from './a';`),
    },
    good: {
      'libs/a/index.ts': `// What it is for.\nexport { a, type B } from './a';\nexport type { C } from './c';\n`,
      'libs/b/index.ts': `/** Why. */\nexport {\n  a,\n  b,\n} from './a';\n`,
      'libs/c/a.ts': `export const a = 1;`,
      'libs/d/index.ts': `export type * from './generated/types';\n`,
    },
  },
  'no test is left out or alone': {
    bad: {
      'libs/a/a.spec.ts': `it.` + `only('x', () => {});`,
      'libs/a/b.spec.ts': `describe.` + `skip('x', () => {});`,
      'test/e2e/c.spec.ts': `  test.` + `todo('x');`,
      'test/e2e/d.spec.ts': `it.` + `skip.each([1])('x', () => {});`,
      'test/e2e/e.spec.ts': `it.concurrent.` + `only('x', () => {});`,
      'test/e2e/f.spec.ts': `x` + `it('x', () => {});`,
    },
    good: {
      'libs/a/a.spec.ts': `const maybe = process.env.REDIS_URL ? describe : describe.skip;\nrows.skip(1); exit(1);`,
    },
  },
  'no schema id as a literal': {
    bad: { 'apps/office/a.ts': `const id = '${ID}';`, 'test/e2e/a.spec.ts': `'${ID}'`, 'bin/a.cjs': `'${ID}'` },
    good: {
      'libs/schema/ids.ts': `'${ID}'`,
      'schemas/receipt/v1/receipt.schema.json': `{"$id":"${ID}"}`,
      'docs/a.md': ID,
    },
  },
  'a template has no inline style, no handler and no script without a nonce': {
    bad: {
      'apps/office/views/a.njk': '<p style="color: red">',
      'apps/office/views/b.njk': '<button onclick="go()">',
      'apps/office/views/c.njk': '<script type="module">go()</script>',
      'apps/office/views/d.njk': '<style>p { color: red }</style>',
      'apps/office/views/e.njk': '<a href="javascript:go()">',
    },
    good: {
      'apps/office/views/a.njk': '<script nonce="{{ nonce }}">go()</script><script type="module" src="/a.js"></script>',
      'apps/office/views/b.njk': '<p class="style">one = "two"</p>',
    },
  },
  'a form of a template that sends something carries the token': {
    bad: {
      'apps/office/views/a.njk': '<form method="post"><button></form> <input name="_csrf">',
      'apps/office/views/b.njk':
        '<form method="post"><input name="_csrf"></form><form action="/x" method="post">x</form>',
    },
    good: {
      'apps/office/views/a.njk':
        '<form method="get"></form><form method="post"><input type="hidden" name="_csrf"></form>',
      'apps/office/views/sign-in/unit.njk': '<form method="post"></form>',
    },
  },
  'a task in a comment has an owner': {
    bad: { 'libs/a/a.ts': `// ${TASK}: later`, 'apps/a/a.ts': `// ${TASK} (linh) later`, 'bin/a.cjs': `// FIX${'ME'}` },
    good: { 'libs/a/a.ts': `// ${TASK}(linh): later`, 'libs/a/b.ts': `const ${TASK}S = 1;` },
  },
  'no private key material': {
    bad: {
      'certs-dev/ca.pem': PEM.replace('%', ''),
      'docs/howto.md': PEM.replace('%', 'RSA '),
      'libs/keystore/a.ts': `const pem = '${PEM.replace('%', 'ENCRYPTED ')}\\nMIIB';`,
      'test/e2e/key.json': `{"kty":"EC","${'d'}":"${KEY}"}`,
      'test/e2e/key.ts': `const key = { kty: 'AKP', ${'priv'}: '${KEY}' };`,
    },
    good: {
      'test/vectors/a.json': `{"${'d'}":"${KEY}"}`,
      'libs/keystore/a.ts': `const { d: secret } = jwk; const id: string = '${KEY}'; type K = { d: 'base64url' };`,
      'certs-dev/public.pem': '-----BEGIN PUBLIC KEY-----',
    },
  },
  'no path or package source of one machine': {
    bad: {
      'docs/a.md': 'see /wo' + 'rk/main/README.md',
      'docs/b.md': 'see /ro' + 'ot/trao',
      'bin/a.cjs': `'/ho${'me'}/linh/trao'`,
      'bin/b.cjs': `'/Us${'ers'}/linh/trao'`,
      'libs/a/a.ts': `// C:\\Us${'ers'}\\linh`,
      'package-lock.json': `"resolved": "https://registry${'.npmjs'}.org/x.tgz"`,
      Dockerfile: `deb http://deb${'.debian'}.org/debian`,
    },
    good: {
      'docs/a.md': 'docs/wo' + 'rk/flow and https://www.npmjs.com/package/trao',
      'bin/a.cjs': '`${base}/wo' + 'rk/x`; home/page',
    },
  },
};

/** `check: file: fault`, over all files that the check looks at. */
function faultsOf(name: string, { applies, faults }: Check, files: Tree): string[] {
  return Object.entries(files)
    .filter(([file]) => applies(file))
    .flatMap(([file, text]) => faults(text, file).map((fault) => `${name}: ${file}: ${fault}`));
}

describe('files of the project', () => {
  const files = projectFiles(ROOT);

  it('are found', () => {
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['package.json', 'test/architecture/files.spec.ts']));
  });

  it.each(Object.entries(CHECKS))('%s', (name, check) => {
    expect(faultsOf(name, check, files).join('\n')).toBe('');
  });
});

describe('file checks', () => {
  it('have a planted violation each', () => {
    expect(Object.keys(PLANTED).toSorted()).toEqual(Object.keys(CHECKS).toSorted());
  });

  it.each(Object.entries(CHECKS))('bite: %s', (name, check) => {
    const { bad, good } = PLANTED[name] ?? { bad: {}, good: {} };

    for (const [file, text] of Object.entries(bad)) {
      expect({ file, faults: faultsOf(name, check, { [file]: text }).length > 0 }).toEqual({ file, faults: true });
    }
    expect(faultsOf(name, check, good)).toEqual([]);
  });

  it('look at the files that .gitignore leaves', () => {
    const tree = { ...CLEAN, '.gitignore': 'node_modules/\ndist/\ncerts-dev/generated/\n*.log\n', 'dist/a.js': 'x' };
    const found = withTree({ ...tree, 'certs-dev/generated/key.pem': 'x', 'certs-dev/ca.ts': 'x' }, projectFiles);

    expect(Object.keys(found).toSorted()).toEqual([...Object.keys(CLEAN), '.gitignore', 'certs-dev/ca.ts'].toSorted());
  });
});
