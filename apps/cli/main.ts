import { Command } from 'commander';
import { addAlertsCommands } from './commands/alerts';
import { addBackupCommands } from './commands/backup';
import { addBenchCommand } from './commands/bench';
import { addCaseCommands } from './commands/case';
import { addCodesCommands } from './commands/codes';
import { addDemoCommand } from './commands/demo';
import { addDiagnosticsCommand } from './commands/diagnostics';
import { addDirectoryCommands } from './commands/directory';
import { addDoctorCommand } from './commands/doctor';
import { addInboxCommand } from './commands/inbox';
import { addKeysCommands } from './commands/keys';
import { addMessageCommands } from './commands/message';
import { addMigrateCommand } from './commands/migrate';
import { addPartnerCommands } from './commands/partner';
import { addRestoreCommand } from './commands/restore';
import { addSendCommand } from './commands/send';
import { addStatusCommand } from './commands/status';
import { addVectorsCommand } from './commands/vectors';
import { reportFailure } from './output';

const program = new Command('trao')
  .description('Hands a case from an agency in one country to an agency in another.')
  .showHelpAfterError('(trao --help lists the commands)');

addDemoCommand(program);
addSendCommand(program);
addInboxCommand(program);
addMessageCommands(program);
addStatusCommand(program);
addAlertsCommands(program);
addPartnerCommands(program);
addDiagnosticsCommand(program);
addCaseCommands(program);
addCodesCommands(program);
addDirectoryCommands(program);
addKeysCommands(program);
addDoctorCommand(program);
addMigrateCommand(program);
addBackupCommands(program);
addRestoreCommand(program);
addBenchCommand(program);
addVectorsCommand(program);

// Whoever reads our output may stop reading, as `head` does: that is the end of the work, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

program.parseAsync().catch((error: unknown) => {
  process.exitCode = reportFailure(error, process.argv.includes('--json'));
});
