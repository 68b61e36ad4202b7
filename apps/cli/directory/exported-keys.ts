import { TraoError } from '../../../libs/errors';
import type { JsonValue } from '../../../libs/schema';

/** A public key as `trao keys export-public` writes it; the entry is what stands in the directory. */
export interface ExportedKey {
  readonly use: 'signing' | 'encryption' | 'receipt' | 'governance' | 'tls';
  readonly unit?: string;
  readonly entry: Readonly<Record<string, JsonValue>>;
}

/** The public keys of a node, for a new version of the directory. */
export interface ExportedKeys {
  readonly node: string;
  readonly keys: readonly ExportedKey[];
}

const OF_UNITS: readonly string[] = ['signing', 'encryption'];
const USES: readonly string[] = [...OF_UNITS, 'receipt', 'governance', 'tls'];

/**
 * Reads exported public keys. Whether each entry is sound is judged when it stands in the directory.
 * @throws TraoError `bad_request` with the place
 */
export function readExportedKeys(value: JsonValue, file: string): ExportedKeys {
  const { node, keys } = record(value, file);
  if (typeof node !== 'string') throw bad(file, 'node');
  if (!Array.isArray(keys) || keys.length === 0) throw bad(file, 'keys');
  return { node, keys: keys.map((key, at) => readKey(key, file, `keys[${at}]`)) };
}

function readKey(value: JsonValue, file: string, place: string): ExportedKey {
  const { use, unit, key } = record(value, file);
  if (typeof use !== 'string' || !USES.includes(use)) throw bad(file, `${place}.use`);
  const ofUnit = OF_UNITS.includes(use);
  if (ofUnit !== (typeof unit === 'string') || (!ofUnit && unit !== undefined)) throw bad(file, `${place}.unit`);
  const entry = record(key ?? null, file);
  return { use: use as ExportedKey['use'], entry, ...(typeof unit === 'string' && { unit }) };
}

function record(value: JsonValue, file: string): Readonly<Record<string, JsonValue>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw bad(file, 'its form');
}

const bad = (file: string, what: string) =>
  new TraoError('bad_request', {
    detail: `${file}: ${what} is not as it must be. Write the file with: trao keys export-public`,
  });
