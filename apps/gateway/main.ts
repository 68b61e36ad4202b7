import './trace-first';
import { runProcess } from '../../libs/launcher';
import { readGatewayConfig } from '../../libs/platform';
import { withTraces } from '../../libs/telemetry';
import { startGateway } from './start-gateway';

void runProcess(() => withTraces(() => startGateway(readGatewayConfig(process.env))));
