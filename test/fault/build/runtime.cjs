// Preloaded into processes of a fault build (NODE_OPTIONS or --require). It stops a process at a point that a test has armed, by files in
// the folder TRAO_FAULTS: `armed/NAME` is a wish, `hit/NAME` says which process stands there, `go/NAME` lets it go on; NAME is for
// example `vn-worker.S4`.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.env.TRAO_FAULTS;
const node = process.env.TRAO_NODE;
const LOOK_MS = 5;

if (folder && node) {
  const app = path.basename(path.dirname(process.argv[1] ?? ''));
  globalThis.traoFailPoint = async (point) => {
    const name = `${node}-${app}.${point}`;
    const [armed, taken, hit, go] = ['armed', 'taken', 'hit', 'go'].map((what) => path.join(folder, what, name));
    try {
      // Of several that come to an armed point at once, one takes it.
      fs.renameSync(armed, taken);
    } catch {
      return;
    }
    fs.writeFileSync(`${taken}.pid`, String(process.pid));
    fs.renameSync(`${taken}.pid`, hit);
    while (!fs.existsSync(go)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    fs.rmSync(go, { force: true });
  };
}
