import { asTraoError } from '../../libs/errors';
import { exitWithParent } from '../../libs/launcher';
import { faultsOf, reportOf } from './report';
import { storedHistory, record } from './history-file';
import { linesOfHistory } from './history-lines';
import { prepare, run } from './run';
import { say } from './say';
import { readSettings, USAGE } from './settings';
import { tableOf } from './table';
import { targetsOf } from './targets';

/** What a shell answers for a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
let interrupted = false;

/** `trao bench`. Exit 0: measured; 1: figures are void because something was lost or refused; 2: could not measure. */
async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (settings.history) {
    process.stdout.write(`${linesOfHistory(storedHistory()).join('\n')}\n`);
    return 0;
  }
  const { folder, cleanup } = prepare(settings);
  exitWithParent(async () => {
    interrupted = true;
    await cleanup.finish();
    process.exit(INTERRUPTED);
  });
  try {
    const begun = performance.now();
    const report = reportOf(await run(settings, folder, cleanup));
    say(`done after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    process.stdout.write(settings.json ? `${JSON.stringify(report)}\n` : tableOf(report));
    const faults = faultsOf(report.results ?? []);
    if (settings.record) {
      const { machine } = report;
      const file = record({ machine, seconds: settings.seconds, targets: targetsOf(report), faults });
      say(`appended to ${file}`);
    }
    return faults.length > 0 ? 1 : 0;
  } finally {
    await cleanup.finish();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // What is being stopped makes the measurement fail; whoever stops it exits.
    if (interrupted) return;
    const { code, message, cause } = asTraoError(error);
    const origin = code === 'internal' && cause instanceof Error ? (cause.stack ?? cause.message) : '';
    process.stderr.write(`trao bench: ${message} (${code})\n${origin}\n`);
    process.exit(2);
  },
);
