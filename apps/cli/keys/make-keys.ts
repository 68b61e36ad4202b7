import { TraoError } from '../../../libs/errors';
import {
  generateOnToken,
  KINDS_OF_USE,
  nextWeeks,
  successorWindow,
  windowOf,
  type KeyAdmin,
  type KeyMetadata,
  type KeyPurpose,
  type StoredKind,
  type StoredUse,
  type TokenPlace,
} from '../../../libs/keystore';
import type { SignatureAlgorithm } from '../../../libs/envelope';
import { openKeys, timeOf, wholeNumber, type KeyOptions } from './options';

export interface GenerateOptions extends KeyOptions {
  readonly use: StoredUse;
  readonly unit?: string;
  readonly kind?: StoredKind;
  readonly kid?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Library of a security module, and the token on which the key is made. */
  readonly pkcs11?: string;
  readonly token?: string;
  readonly label?: string;
}

export interface RotateOptions extends KeyOptions {
  readonly use: StoredUse;
  readonly unit?: string;
  readonly kind?: StoredKind;
  readonly weeks: string;
}

/** As many encryption keys as a unit may have in the directory. */
const MAX_UNIT_KEYS = 20;
const MAX_WEEKS = 17;

/** Makes one key. @throws TraoError `bad_request`, `bad_key`, `key_exists`, `key_*`, `token_*` */
export async function generateKey(options: GenerateOptions, now: Date): Promise<KeyMetadata> {
  const { use, unit, kid } = options;
  const { admin } = await openKeys(options, true);
  const start = options.notBefore === undefined ? now : timeOf(options.notBefore, '--not-before');
  const window = windowOf(use, start);
  const notAfter = options.notAfter === undefined ? window.notAfter : timeOf(options.notAfter, '--not-after');
  const purpose = { use, unit, kid, notBefore: start, notAfter };
  const kind = options.kind ?? KINDS_OF_USE[use][0]!;
  return make(admin, purpose, kind, tokenPlace(options, start), options.pinFile);
}

/**
 * Makes the keys that come after those that there are: of a unit's encryption keys the next weeks, of other keys one.
 * @throws TraoError `key_missing` where there is nothing to come after, `bad_request`, `key_*`, `token_*`
 */
export async function rotateKeys(options: RotateOptions, now: Date): Promise<KeyMetadata[]> {
  const { use, unit } = options;
  if (use === 'storage')
    throw new TraoError('bad_request', { detail: 'A storage key is not changed: what is stored needs it.' });
  const { admin, directory } = await openKeys(options);
  const all = (await admin.list()).filter((key) => key.use === use && key.unit === unit);
  if (use !== 'encryption') return [await makeSuccessor(admin, options, all, now)];
  const kind = options.kind ?? 'hybrid';
  const weeks = wholeNumber(options.weeks, '--weeks', MAX_WEEKS);
  const windows = nextWeeks(
    all.filter((key) => key.kind === kind),
    weeks,
    now,
  );
  const listed = directory?.nodes.flatMap(({ units }) => units).find(({ id }) => id === unit)?.encryptionKeys ?? [];
  const alive = new Set([...listed, ...all].filter(({ notAfter }) => new Date(notAfter) > now).map(({ kid }) => kid));
  const room = MAX_UNIT_KEYS - alive.size;
  if (windows.length > room)
    throw new TraoError('bad_request', {
      detail: `The directory takes ${MAX_UNIT_KEYS} encryption keys of a unit, and ${alive.size} are in use or ahead: --weeks ${Math.max(room, 0)} at most.`,
    });
  const made = [];
  for (const window of windows) made.push(await admin.generate({ use, unit, ...window }, kind));
  return made;
}

/** One key of the kind of the newest, and in the same place. */
async function makeSuccessor(
  admin: KeyAdmin,
  { use, unit, kind, pinFile }: RotateOptions,
  held: readonly KeyMetadata[],
  now: Date,
): Promise<KeyMetadata> {
  const newest = held.toSorted((a, b) => Date.parse(a.notBefore) - Date.parse(b.notBefore)).at(-1);
  if (!newest)
    throw new TraoError('key_missing', {
      detail: `No ${use} key${unit ? ` of ${unit}` : ''}. Run: trao keys generate`,
    });
  const window = successorWindow(use, held, now);
  const place = newest.pkcs11 && { ...newest.pkcs11, label: labelOf(use, unit, window.notBefore) };
  return make(admin, { use, unit, ...window }, kind ?? newest.kind, place, pinFile);
}

async function make(
  admin: KeyAdmin,
  purpose: KeyPurpose,
  kind: StoredKind,
  place: TokenPlace | undefined,
  pinFile: string | undefined,
): Promise<KeyMetadata> {
  if (!place) return admin.generate(purpose, kind);
  if (!['signing', 'receipt', 'governance'].includes(purpose.use) || !KINDS_OF_USE[purpose.use].includes(kind))
    throw new TraoError('bad_key', { detail: `No ${purpose.use} key of kind ${kind} is made on a token.` });
  return admin.note(purpose, await generateOnToken(kind as SignatureAlgorithm, place, pinFile), place);
}

function tokenPlace({ pkcs11: module, token, label, use, unit }: GenerateOptions, start: Date): TokenPlace | undefined {
  if (module === undefined && token === undefined) return undefined;
  if (module === undefined || token === undefined)
    throw new TraoError('bad_request', { detail: 'A key on a token takes both --pkcs11 LIBRARY and --token LABEL.' });
  return { module, token, label: label ?? labelOf(use, unit, start) };
}

const labelOf = (use: string, unit: string | undefined, start: Date) =>
  ['trao', use, ...(unit === undefined ? [] : [unit]), start.toISOString().slice(0, 10)].join(' ');
