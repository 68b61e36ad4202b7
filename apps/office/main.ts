import { asTraoError } from '../../libs/errors';
import { announceFailure, announceReady, exitWithParent } from '../../libs/launcher';
import { readOfficeConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { startOffice } from './start-office';

async function main(): Promise<void> {
  const office = await startOffice(readOfficeConfig(process.env));
  exitWithParent(() => office.close());
  await announceReady();
  prepareValidators();
}

main().catch(async (error: unknown) => {
  await announceFailure(asTraoError(error));
  process.exit(1);
});
