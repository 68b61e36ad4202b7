import './trace-first';
import { runProcess } from '../../libs/launcher';
import { readWorkerConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { withTraces } from '../../libs/telemetry';
import { startWorker } from './start-worker';

void runProcess(() => withTraces(() => startWorker(readWorkerConfig(process.env)))).then(prepareValidators);
