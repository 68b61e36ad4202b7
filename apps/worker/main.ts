import { runProcess } from '../../libs/launcher';
import { readWorkerConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { startWorker } from './start-worker';

void runProcess(() => startWorker(readWorkerConfig(process.env))).then(prepareValidators);
