const { existsSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');

/**
 * The Node binary that Trao runs on: the one of the package `node`, else ourselves when new enough.
 * The binary itself, not the link in .bin, so that process.execPath of all children is the same.
 */
function node24(root) {
  const packaged = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return process.execPath;
  throw new CannotStart(
    `Node 24.9 or newer is needed, this is ${process.versions.node}, and the package "node" is not complete: ` +
      'were install scripts switched off? Try: npm rebuild node',
  );
}

/** Our environment, with Node 24 and the repository's tools first on the path, and compiled code kept between starts. */
function environment(root) {
  return {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE: join(root, '.cache', 'compile'),
  };
}

module.exports = { node24, environment };
