const { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');

/** Folders of files that pages are made of, which the compiler leaves where they are. */
const FOLDERS = ['libs/pages', 'libs/forms', 'libs/print', 'apps/office', 'apps/monitor', 'apps/demo'].flatMap((home) =>
  ['views', 'locales', 'scripts', 'labels', 'fonts'].map((kind) => `${home}/${kind}`),
);
const STYLES = ['libs/pages/styles/trao'];

/** Copies templates, texts and scripts beside the compiled sources, and compiles the styles. */
function buildPageFiles(root) {
  for (const folder of FOLDERS) {
    const to = join(root, 'dist', folder);
    rmSync(to, { recursive: true, force: true });
    if (existsSync(join(root, folder))) copyAssets(join(root, folder), to);
  }
  for (const style of STYLES) compileStyle(root, style);
}

/** Sources among them are compiled already. */
function copyAssets(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyAssets(source, target);
    else if (!entry.name.endsWith('.ts')) cpSync(source, target, { recursive: true });
  }
}

function compileStyle(root, style) {
  const sass = require(join(root, 'node_modules', 'sass'));
  try {
    const { css } = sass.compile(join(root, `${style}.scss`), {
      loadPaths: [join(root, 'node_modules')],
      style: 'compressed',
      quietDeps: true,
    });
    const file = join(root, 'dist', `${style}.css`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, css);
  } catch (error) {
    throw new CannotStart(`The style cannot be compiled: ${error.message}`);
  }
}

module.exports = { buildPageFiles };
