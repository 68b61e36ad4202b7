import { faultAt, TraoError, type Fault } from '../errors';
import { importEncryptionKey, keyThumbprint } from '../envelope';
import { MAX_FAULTS, type Directory, type DirectoryEncryptionKey } from '../schema';
import { authorityFaults } from './authorities';
import { admitKey, pinOf } from './key-admission';
import { listedKeys, nameOf, type ListedKey } from './listed-keys';
import { modulusOf, shareFactor } from './weak-rsa';

/**
 * What a schema cannot say: every key admitted, no public key in two uses, no prime in two RSA keys, no unit under a foreign node, no id twice.
 * @throws TraoError `directory_key_reused`, `directory_malformed` with all faults found; the code is that of the first
 */
export async function assertSound(directory: Directory): Promise<void> {
  const faults = [
    ...(await keyFaults(directory)),
    ...factorFaults(directory),
    ...idFaults(directory),
    ...authorityFaults(directory),
  ];
  if (faults.length === 0) return;
  const reused = faults[0]!.code === 'key_in_two_places';
  throw new TraoError(reused ? 'directory_key_reused' : 'directory_malformed', {
    faults: faults.slice(0, MAX_FAULTS),
    detail: `The first fault is at ${faults[0]!.pointer}.`,
  });
}

async function keyFaults(directory: Directory): Promise<Fault[]> {
  const pins = directory.nodes.flatMap(({ tls }, node) =>
    tls.spki.map((pin, at) => ({ pin, pointer: `/nodes/${node}/tls/spki/${at}` })),
  );
  const places = new Places();
  const faults = pins.flatMap(({ pin, pointer }) => places.twice(`pin ${pin}`, pointer, 'key_in_two_places'));
  for (const listed of listedKeys(directory)) {
    const { key, use, pointer } = listed;
    faults.push(...places.twice(`id ${nameOf(listed)}`, pointer, 'id_in_two_places'));
    // A key of a kind that is not admitted may still be one that stands somewhere else, and both have to be said.
    faults.push(...places.known(`pin ${pinOrNone(key.jwk)}`, pointer));
    if (!isAdmitted(listed)) faults.push(faultAt(pointer, 'key_not_admitted'));
    faults.push(...places.twice(`key ${await keyThumbprint(key.jwk)}`, pointer, 'key_in_two_places'));
    if (use === 'encryption') faults.push(...(await suiteFaults(key as DirectoryEncryptionKey, pointer)));
  }
  return faults;
}

/** A prime in two RSA keys, which neither shows alone: whoever has one private key can compute the other. */
function factorFaults(directory: Directory): Fault[] {
  const moduli = listedKeys(directory).flatMap(({ key: { jwk }, pointer }) =>
    jwk.n === undefined ? [] : [{ n: modulusOf(jwk.n), pointer }],
  );
  return moduli.flatMap(({ n, pointer }, at) =>
    moduli.slice(0, at).some((other) => shareFactor(n, other.n)) ? [faultAt(pointer, 'key_not_admitted')] : [],
  );
}

function isAdmitted({ key, use }: ListedKey): boolean {
  try {
    admitKey(key.kid, key.jwk, use, key.exception);
    return true;
  } catch {
    return false;
  }
}

/** Undefined too for what is no key at all. */
function pinOrNone(jwk: ListedKey['key']['jwk']): string | undefined {
  try {
    return pinOf(jwk);
  } catch {
    return undefined;
  }
}

/** A key under the name of another suite would be sealed to with a suite that nobody chose. */
async function suiteFaults({ kid, jwk, suite }: DirectoryEncryptionKey, pointer: string): Promise<Fault[]> {
  const key = await importEncryptionKey(kid, jwk).catch(() => undefined);
  return key?.suite === suite ? [] : [faultAt(`${pointer}/suite`, 'suite_of_another_key')];
}

function idFaults({ nodes }: Directory): Fault[] {
  const places = new Places();
  return nodes.flatMap(({ id, units }, index) => [
    ...places.twice(id, `/nodes/${index}/id`, 'id_in_two_places'),
    ...units.flatMap((unit, at) => {
      const pointer = `/nodes/${index}/units/${at}/id`;
      const foreign = unit.id.startsWith(`${id}.`) ? [] : [faultAt(pointer, 'not_of_this_node', id)];
      return [...places.twice(unit.id, pointer, 'id_in_two_places'), ...foreign];
    }),
  ]);
}

/** Where each thing stands that may stand in one place only. */
class Places {
  private readonly first = new Map<string, string>();

  /** Notes the place of a thing; a fault when it stands somewhere else already. */
  twice(thing: string, pointer: string, rule: 'key_in_two_places' | 'id_in_two_places'): Fault[] {
    const other = this.first.get(thing);
    if (other !== undefined) return [faultAt(pointer, rule, other)];
    this.first.set(thing, pointer);
    return [];
  }

  /** A fault when a key stands somewhere already. */
  known(thing: string, pointer: string): Fault[] {
    const other = this.first.get(thing);
    return other === undefined ? [] : [faultAt(pointer, 'key_in_two_places', other)];
  }
}
