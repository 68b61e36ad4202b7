// Preloaded into the host of two nodes: what it starts, PostgreSQL included, lives by the clock that the environment moves (libfaketime).
// The product hands no environment on to its processes, so it is added here, outside the product.
const childProcess = require('node:child_process');

const CLOCK = ['LD_PRELOAD', 'FAKETIME_TIMESTAMP_FILE', 'FAKETIME_CACHE_DURATION', 'FAKETIME_DONT_FAKE_MONOTONIC'];
const clock = Object.fromEntries(CLOCK.map((name) => [name, process.env[name]]).filter(([, value]) => value));
const { spawn } = childProcess;

childProcess.spawn = (file, args, options = {}) =>
  spawn(file, args, { ...options, env: { ...(options.env ?? process.env), ...clock } });
