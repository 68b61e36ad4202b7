import type { Command } from 'commander';
import { addCeremonyCommands } from '../directory/ceremony-commands';
import { addReadingCommands } from '../directory/reading-commands';

/** `directory`: proposes, signs, shows, verifies and compares versions of the partner directory. Files travel by any channel. */
export function addDirectoryCommands(program: Command): void {
  const directory = program
    .command('directory')
    .description('Proposes, signs, shows, verifies and compares versions of the partner directory.');
  addCeremonyCommands(directory);
  addReadingCommands(directory);
}
