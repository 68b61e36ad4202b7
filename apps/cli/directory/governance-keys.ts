import { TraoError } from '../../../libs/errors';
import type { SigningKey } from '../../../libs/envelope';
import { openKeystore } from '../../../libs/keystore';
import { unlockOf } from '../keys/options';

/** Where a country's governance key is, and what opens it. */
export interface GovernanceKeyOptions {
  readonly keys?: string;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
  readonly pinFile?: string;
}

/**
 * The governance keys of a country. This is the only place that reads them.
 * @throws TraoError `bad_request`, `config_invalid`, `key_*`
 */
export async function readGovernanceKeys(options: GovernanceKeyOptions): Promise<SigningKey[]> {
  const { keys: folder, pinFile } = options;
  if (folder === undefined)
    throw new TraoError('bad_request', { detail: 'Say where your governance key is with --keys FOLDER.' });
  const keystore = await openKeystore({ folder, unlock: await unlockOf(options, false), pinFile });
  const keys = await keystore.governanceKeys();
  if (keys.length > 0) return keys;
  const [fault] = await keystore.faults();
  throw fault ?? new TraoError('key_missing', { detail: `${folder} holds no governance key that is in its time.` });
}
