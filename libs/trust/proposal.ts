import { asTraoError, TraoError, type Fault } from '../errors';
import { assertDirectory, MAX_FAULTS, type Directory } from '../schema';
import { assertContinues, rememberKeys } from './continuity';
import { assertSound } from './soundness';

/**
 * Checks a document before anybody signs it: schema, soundness, and what it may not do to the version that it follows. Signatures apart,
 * what passes here can be adopted by whoever has that version in force.
 * @param base the version that it follows; none for the first
 * @throws TraoError `directory_malformed`, `directory_key_reused`, `directory_key_changed`, `directory_key_unrevoked` with the faults of all
 *   checks; `wrong_domain`, `directory_rollback`, `directory_fork`
 */
export async function checkProposal(document: unknown, base?: Directory): Promise<Directory> {
  assertDirectory(document);
  if (base && document.trustDomain !== base.trustDomain) throw new TraoError('wrong_domain');
  if (base && document.version <= base.version)
    throw new TraoError(document.version < base.version ? 'directory_rollback' : 'directory_fork');
  const checks = [
    () => assertSound(document),
    ...(base ? [async () => assertContinues(document, await rememberKeys(base))] : []),
  ];
  const failures: TraoError[] = [];
  for (const check of checks) await check().catch((error: unknown) => failures.push(asTraoError(error)));
  const [first] = failures;
  if (!first) return document;
  const faults: Fault[] = failures.flatMap((failure) => failure.faults).slice(0, MAX_FAULTS);
  throw new TraoError(first.code, { faults, cause: first });
}
