/** A rule about one file at a time: which files it looks at, and what it finds wrong in one. */
export interface Check {
  readonly why: string;
  readonly applies: (file: string) => boolean;
  readonly faults: (text: string, file: string) => readonly string[];
}

const CODE = /^(?:apps|libs|test|bin|certs-dev|schemas)\/.*\.[cm]?[jt]s$/;
const GENERATED = /^libs\/schema\/generated\//;
const isCode = (file: string) => CODE.test(file) && !GENERATED.test(file);

const isTemplate = (file: string) => file.endsWith('.njk');

/** Without the line break at the end. */
const lines = (text: string) => text.replace(/\n$/, '').split('\n').length;
const atMost = (limit: number) => (text: string) =>
  lines(text) > limit ? [`${lines(text)} lines, limit ${limit}`] : [];

/** Line and start of each match of `pattern`, cut short: a find may be a secret. */
function found(pattern: RegExp): Check['faults'] {
  return (text) =>
    [...text.matchAll(new RegExp(pattern, 'gm'))].map(
      (match) => `line ${lines(text.slice(0, match.index + 1))}: ${match[0].trim().slice(0, 28)}`,
    );
}

/** Forbidden text is written in pieces here, so that this file does not contain it. */
const join = (...pieces: readonly string[]) => pieces.join('').replace(/[.]/g, '[.]');

const VAGUE = ['util', 'utils', 'helper', 'helpers', 'common', 'shared', 'manager', 'managers'];

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
// All generated types may be passed on: the schemas, not the index, say what they are.
const NAMED_EXPORTS =
  /^(?:\s*export\s+(?:(?:type\s+)?\{[^{}]*\}\s+from\s+'[^']+'|type\s+\*\s+from\s+'\.\/generated\/[^']+');)*\s*$/;

const MACHINE_PATHS = [
  '/wo' + 'rk/',
  '/ro' + 'ot/',
  '/ho' + 'me/[a-z]',
  '/Us' + 'ers/[A-Za-z]',
  '[A-Z]:\\\\+Us' + 'ers\\\\',
];
const REGISTRIES = [
  join('registry', '.npmjs', '.org'),
  join('registry', '.yarnpkg', '.com'),
  join('npm', '.pkg', '.github', '.com'),
  join('(?:deb|security)', '.debian', '.org'),
  join('(?:archive|security)', '.ubuntu', '.com'),
];

export const CHECKS: Readonly<Record<string, Check>> = {
  'main.ts has at most 40 lines': {
    why: 'It starts and stops; everything else can be tested without a process.',
    applies: (file) => /^apps\/[^/]+\/main\.ts$/.test(file),
    faults: atMost(40),
  },
  'one place seals': {
    why: 'Every rule that protects a person stands before that one call; a second call would be a way around them.',
    applies: (file) => /^(?:apps|libs)\/.*\.ts$/.test(file) && !/\.spec\.ts$|\/fixtures\/|^libs\/envelope\//.test(file),
    faults: (text, file) => [
      ...(file === 'libs/casework/seal-for.ts'
        ? []
        : found(/^import \{[^}]*\bseal\b[^}]*\} from '[^']*\/envelope'/)(text, file)),
      ...(file === 'libs/casework/send.ts' ? [] : found(/^import [^;]* from '[^']*\/seal-for'/)(text, file)),
    ],
  },
  'a source file has at most 400 lines': {
    why: 'Longer files are read by nobody from top to bottom.',
    applies: isCode,
    faults: atMost(400),
  },
  'a name says what is inside': {
    why: 'A folder for everything becomes one.',
    applies: (file) =>
      /^(?:apps|libs|test)\//.test(file) && !GENERATED.test(file) && !file.endsWith('/common.schema.json'),
    faults: (_text, file) => file.split(/[/.-]/).filter((word) => VAGUE.includes(word.toLowerCase())),
  },
  'index.ts only names what it exports, in at most 30 lines': {
    why: 'It is the list of what a lib promises; `export *` would promise everything, and code would hide in it.',
    applies: (file) => /^(?:apps|libs|test)\/(?:.*\/)?index\.ts$/.test(file) && !GENERATED.test(file),
    faults: (text) => [
      ...atMost(30)(text),
      ...(NAMED_EXPORTS.test(text.replace(COMMENT, '')) ? [] : ['more than `export { … } from`']),
    ],
  },
  'no test is left out or alone': {
    why:
      'A left-out test is green for ever. One that needs an outside server chooses `describe` or its left-out form by a ' +
      'condition, which this check lets pass.',
    applies: (file) => /\.spec\.[cm]?[jt]s$/.test(file),
    faults: found(
      /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo)(?:\.each)?\s*[(`]|\b(?:[fx](?:it|describe)|xtest)\s*\(/,
    ),
  },
  'no schema id as a literal': {
    why: 'Ids change with each version of the contract; libs/schema exports them as constants.',
    applies: (file) => isCode(file) && !file.startsWith('libs/schema/'),
    faults: found(new RegExp(join('https://', 'trao.example', '/schemas/'))),
  },
  'a template has no inline style, no handler and no script without a nonce': {
    why: 'The content security policy of pages forbids them: the page would come without them, and with a fault on the console.',
    applies: isTemplate,
    faults: found(/<style\b|\sstyle=|\son[a-z]+=["']|<script\b(?![^>]*\s(?:nonce|src)=)[^>]*>|javascript:/),
  },
  'a form of a template that sends something carries the token': {
    why: 'Without it the form is refused; and a route that took it without would take it from other sites.',
    // Whoever chooses their unit is not signed in yet: the choice stands in their session already.
    applies: (file) => isTemplate(file) && file !== 'apps/office/views/sign-in/unit.njk',
    faults: (text) =>
      [...text.matchAll(/<form\b[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/gi)]
        .filter(([, body]) => !/name="_csrf"/.test(body!))
        .map(([form]) => form.slice(0, 80)),
  },
  'a task in a comment has an owner': {
    why: 'A task of nobody is done by nobody.',
    applies: isCode,
    faults: found(new RegExp(`\\b(?:${'TO' + 'DO'}|${'FIX' + 'ME'})\\b(?!\\([\\w-]+\\))`)),
  },
  'no private key material': {
    why: 'Keys in a repository end up in production. Golden vectors need published test keys and say so.',
    // The one example of a directory that must be refused for holding a private member.
    applies: (file) => !file.startsWith('test/vectors/') && !file.endsWith('/invalid/private-key-member.json'),
    // PEM of any kind; JWK members d (EC, OKP, RSA) and priv (AKP, ML-KEM), as JSON or as an object literal.
    faults: found(
      new RegExp(`-----BEGIN [A-Z ]*${'PRIV' + 'ATE'} KEY-----|\\b["']?(?:d|priv)["']?\\s*:\\s*["'][\\w-]{32,}["']`),
    ),
  },
  'no path or package source of one machine': {
    why: 'What works on one machine only is not reproducible, and it tells outsiders about that machine.',
    applies: () => true,
    faults: found(new RegExp(`(?<![\\w.$}-])(?:${MACHINE_PATHS.join('|')})|${REGISTRIES.join('|')}`)),
  },
};
