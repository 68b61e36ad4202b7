// Runs PostgreSQL and two nodes out of dist/ for a test, as the command line does, and does what the test asks over the IPC channel.
// A process of its own, so that the code under test runs as it is, outside jest's sandbox. It ends when the test's process ends.
const path = require('node:path');

// A build of the tests in which faults can strike (test/fault/build), or the product's own.
const dist = process.env.TRAO_TEST_DIST ?? path.join(__dirname, '..', '..', 'dist');
if (process.env.TRAO_TEST_PRELOAD) preload(process.env.TRAO_TEST_PRELOAD);

const built = (file) => require(path.join(dist, file));
const { startNetwork } = built('apps/cli/local/network.js');
const { openServer } = built('apps/cli/local/databases.js');
const { makeDevelopmentCa, makeDevelopmentCertificate } = built('libs/keystore/index.js');

let network;
let server;
let folder;

const DEEDS = {
  async start(options) {
    folder = options.folder;
    network = await startNetwork(options);
    server = network.server;
    return { adminUrl: server.adminUrl };
  },
  stopApp: (name) => network.supervisor.stop(name),
  startApp: (name) => network.supervisor.restart(name).then(() => undefined),
  killApp: (name) => network.supervisor.kill(name),
  pids: () => network.supervisor.pids(),
  async startPostgres() {
    server = await openServer(folder);
  },
  // Made here because node-forge takes many times as long inside jest's sandbox.
  async strangers() {
    const [selfSigned, ca] = await Promise.all([makeDevelopmentCa('vn'), makeDevelopmentCa('vn')]);
    return { selfSigned, ofOtherCa: await makeDevelopmentCertificate('vn', ca, ['127.0.0.1']) };
  },
  async stop() {
    await network?.stop();
    await server?.stop();
  },
};

/** Loads a script into each Node.js process before the product, whose launcher hands on no options or environment of ours. */
function preload(script) {
  const children = require('node:child_process');
  const { spawn } = children;
  const env = { TRAO_FAULTS: process.env.TRAO_FAULTS };
  children.spawn = (program, args, options) =>
    program === process.execPath
      ? spawn(program, ['--require', script, ...args], { ...options, env: { ...options.env, ...env } })
      : spawn(program, args, options);
}

process.on('message', async ({ id, deed, args }) => {
  try {
    process.send({ id, result: await DEEDS[deed](...args) });
  } catch (error) {
    process.send({
      id,
      failure: { message: String(error?.message), code: error?.code, causeCode: error?.cause?.code },
    });
  }
});
process.on('disconnect', () => DEEDS.stop().finally(() => process.exit(0)));
// Ctrl-C reaches the whole foreground; the test stops us in order.
process.on('SIGINT', () => undefined);
