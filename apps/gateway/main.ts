import { runProcess } from '../../libs/launcher';
import { readGatewayConfig } from '../../libs/platform';
import { startGateway } from './start-gateway';

void runProcess(() => startGateway(readGatewayConfig(process.env)));
