import type { Command } from 'commander';
import { addAlertsCommands } from './alerts';
import { addBackupCommands } from './backup';
import { addBenchCommand } from './bench';
import { addCaseCommands } from './case';
import { addCodesCommands } from './codes';
import { addDemoCommand } from './demo';
import { addDiagnosticsCommand } from './diagnostics';
import { addDirectoryCommands } from './directory';
import { addDoctorCommand } from './doctor';
import { addInboxCommand } from './inbox';
import { addKeysCommands } from './keys';
import { addManifestCommands } from './manifest';
import { addMessageCommands } from './message';
import { addMigrateCommand } from './migrate';
import { addPartnerCommands } from './partner';
import { addRestoreCommand } from './restore';
import { addSendCommand } from './send';
import { addStatusCommand } from './status';
import { addVectorsCommand } from './vectors';

/** Every command of the command line, in the order of its help. */
export function addAllCommands(program: Command): void {
  addDemoCommand(program);
  addSendCommand(program);
  addInboxCommand(program);
  addMessageCommands(program);
  addStatusCommand(program);
  addAlertsCommands(program);
  addPartnerCommands(program);
  addManifestCommands(program);
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
}
