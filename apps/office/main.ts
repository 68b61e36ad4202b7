import './trace-first';
import { runProcess } from '../../libs/launcher';
import { readOfficeConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { withTraces } from '../../libs/telemetry';
import { startOffice } from './start-office';

void runProcess(() => withTraces(() => startOffice(readOfficeConfig(process.env)))).then(prepareValidators);
