import { startTracing } from '../../libs/telemetry';

// Imported before everything else: what is loaded earlier is not seen by a trace.
startTracing('monitor');
