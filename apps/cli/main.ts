import { Command } from 'commander';
import { addAllCommands } from './commands/all';
import { reportFailure } from './output';

const program = new Command('trao')
  .description('Hands a case from an agency in one country to an agency in another.')
  .showHelpAfterError('(trao --help lists the commands)');
addAllCommands(program);

// Whoever reads our output may stop reading, as `head` does: that is the end of the work, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

program.parseAsync().catch((error: unknown) => {
  process.exitCode = reportFailure(error, process.argv.includes('--json'));
});
