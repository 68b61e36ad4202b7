// Libraries that ship ES modules only are turned into CommonJS by swc, like our own sources.
const fs = require('node:fs');
const path = require('node:path');
const swc = require('./test/swc.cjs');

function esmPackages() {
  const root = path.join(__dirname, 'node_modules');
  if (!fs.existsSync(root)) return [];
  const names = fs.readdirSync(root).flatMap((n) => {
    if (n.startsWith('.')) return [];
    return n.startsWith('@') ? fs.readdirSync(path.join(root, n)).map((m) => `${n}/${m}`) : [n];
  });
  return names.filter((n) => {
    try {
      return JSON.parse(fs.readFileSync(path.join(root, n, 'package.json'), 'utf8')).type === 'module';
    } catch {
      return false;
    }
  });
}

const base = {
  testEnvironment: 'node',
  rootDir: __dirname,
  transform: { '^.+\\.(t|j|m)s$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages().join('|')})/)`],
  // Their modules are .mjs, which jest reads as such whatever turns them; the other build beside it is the same code.
  moduleNameMapper: { '^(d3-[a-z-]+)$': '<rootDir>/node_modules/$1/dist/$1.js' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/', '<rootDir>/.cache/'],
};

module.exports = {
  // The pure core is tested to the last branch. Statements would also count the getters that the compiler writes for exports.
  coverageProvider: 'babel',
  collectCoverageFrom: [
    'libs/{errors,schema,text,forms,envelope,trust,attachments,lifecycle,protection,deadlines,casework,exchange,notices,caseload,monitoring}/**/*.ts',
    '!**/{index.ts,*.spec.ts}',
    '!**/{fixtures,generated}/**',
  ],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100 } },
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{libs,apps,schemas,certs-dev}/**/*.spec.ts',
        '<rootDir>/test/{vectors,harness,bench,fault}/**/*.spec.ts',
        // The attack catalogue: what needs no network is unit-speed.
        '<rootDir>/test/attacks/{a,b,c,g}-*.spec.ts',
        '<rootDir>/test/attacks/{damage,catalogue}.spec.ts',
      ],
      setupFilesAfterEnv: ['<rootDir>/test/harness/patient-timeout.cjs'],
    },
    { ...base, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    {
      ...base,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/test/{integration,interop}/**/*.spec.ts',
        // The parts of the attack catalogue that need live TLS connections or a database.
        '<rootDir>/test/attacks/{d-*,database}.spec.ts',
      ],
      setupFilesAfterEnv: ['<rootDir>/test/harness/long-timeout.cjs'],
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{e2e,scale}/**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/harness/long-timeout.cjs'],
      // The processes come from dist/.
      globalSetup: '<rootDir>/test/harness/fresh-dist.cjs',
    },
  ],
};
