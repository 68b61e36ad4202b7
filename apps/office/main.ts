import { runProcess } from '../../libs/launcher';
import { readOfficeConfig } from '../../libs/platform';
import { prepareValidators } from '../../libs/schema';
import { startOffice } from './start-office';

void runProcess(() => startOffice(readOfficeConfig(process.env))).then(prepareValidators);
