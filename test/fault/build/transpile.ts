import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../harness/paths';

let settings: ts.CompilerOptions | undefined;

/** The settings of the product's build, as far as they matter to one file. */
function productSettings(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));
  const { compilerOptions: raw } = config as { compilerOptions: Record<string, unknown> };
  const { options } = ts.convertCompilerOptionsFromJson(raw, ROOT);
  // The product is CommonJS; seen alone, a file does not say so.
  const { moduleResolution: _resolution, ...others } = options;
  return { ...others, module: ts.ModuleKind.CommonJS, noEmit: false, types: [] };
}

/** A source of the product as JavaScript, as its own build writes it. */
export function transpile(source: string, file: string, more: ts.CompilerOptions = {}): string {
  settings ??= productSettings();
  const compilerOptions = { ...settings, ...more };
  return ts.transpileModule(source, { fileName: path.join(ROOT, file), compilerOptions }).outputText;
}
