import { runProcess } from '../../libs/launcher';
import { readMonitorConfig } from '../../libs/platform';
import { startMonitor } from './start-monitor';

void runProcess(() => startMonitor(readMonitorConfig(process.env)));
