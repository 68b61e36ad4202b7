import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** Where a script of dist/ lies. */
export const builtFile = (...parts: readonly string[]) => join(ROOT, 'dist', ...parts);

const load = <M>(file: string) => require(builtFile(file)) as M;

/**
 * The functions that start two nodes, out of dist/: they start the processes that lie beside them. Their TraoError is another class than
 * that of the sources, so look at its `code`.
 */
export const built = {
  network: () => load<typeof import('../../apps/cli/local/network')>('apps/cli/local/network.js'),
  databases: () => load<typeof import('../../apps/cli/local/databases')>('apps/cli/local/databases.js'),
  postgres: () => load<typeof import('../../libs/launcher')>('libs/launcher/index.js'),
};
