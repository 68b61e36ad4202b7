import { asTraoError } from '../../libs/errors';
import { announceFailure, announceReady, exitWithParent } from '../../libs/launcher';
import { readWorkerConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { startWorker } from './start-worker';

async function main(): Promise<void> {
  const worker = await startWorker(readWorkerConfig(process.env));
  exitWithParent(() => worker.close());
  await announceReady();
  prepareValidators();
}

main().catch(async (error: unknown) => {
  await announceFailure(asTraoError(error));
  process.exit(1);
});
