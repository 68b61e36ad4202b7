import './trace-first';
import { runProcess } from '../../libs/launcher';
import { readMonitorConfig } from '../../libs/platform';
import { withTraces } from '../../libs/telemetry';
import { startMonitor } from './start-monitor';

void runProcess(() => withTraces(() => startMonitor(readMonitorConfig(process.env))));
