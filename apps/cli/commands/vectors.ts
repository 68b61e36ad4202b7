import type { Command } from 'commander';
import { jsonOption } from '../local/running';

/** `vectors check`: public test vectors, ours or others', through the code that messages go through. No node is asked. */
export function addVectorsCommand(program: Command): void {
  program
    .command('vectors')
    .description('Runs test vectors.')
    .command('check')
    .description(
      'Runs all test vectors in a folder (Wycheproof, x509-limbo, JOSE cookbook, JSON Schema, JWEs with keys; packed or not) ' +
        'and counts what was wrongly accepted or rejected. Exit code 0 only when nothing was, and every file could be read.',
    )
    .argument('<folder>')
    .addOption(jsonOption())
    .action(async (folder: string, { json }: { readonly json?: boolean }) => {
      const { checkFolder } = await import('../check-vectors.js');
      if (!(await checkFolder(folder, json === true))) process.exitCode = 1;
    });
}
