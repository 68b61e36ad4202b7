// Runs a TypeScript program of test/ as it stands: node test/run.cjs PROGRAM [ARGS…]
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const NODE = 24;

if (Number(process.versions.node.split('.')[0]) < NODE) handOver();
else run();

/** The repository brings the Node.js that its programs are written for. */
function handOver() {
  const binary = path.join(ROOT, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(binary)) throw new Error(`Node.js ${NODE} is not there: run \`npm install\` first.`);
  const { status } = spawnSync(binary, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 1);
}

function run() {
  const { transformSync } = require('@swc/core');
  const swc = require('./swc.cjs');
  Module._extensions['.ts'] = (module, filename) =>
    module._compile(transformSync(readFileSync(filename, 'utf8'), { ...swc, filename }).code, filename);
  const [program] = process.argv.splice(2, 1);
  process.argv[1] = path.resolve(program);
  require(process.argv[1]);
}
