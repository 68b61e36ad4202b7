import { runProcess } from '../../libs/launcher';
import { readDemoConfig } from './demo-config';
import { startDemo } from './start-demo';

void runProcess(() => startDemo(readDemoConfig(process.env)));
