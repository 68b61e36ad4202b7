import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { diffDirectories, readDirectory, type DirectoryDocument } from '../../../libs/trust';
import { OfficeCalls } from '../office-calls';
import { readAccess } from '../local/access';
import { dataOption, jsonOption } from '../local/running';
import { printJson } from '../output';
import { describeDirectory } from './describe';
import { readAnchorFile, readBytes, readDirectoryFile, writeNew } from './directory-files';
import { printDirectory, printFindings, printFingerprint, printQuorums, shownFindings } from './print';
import { byWeight } from './propose';
import { quorumsOf } from './signature-state';
import { printVerification, verify } from './verify';

interface ShowOptions {
  readonly node?: string;
  readonly base?: string;
  readonly document?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

/** `directory show`, `verify`, `diff` and `anchor`: they change nothing. */
export function addReadingCommands(directory: Command): void {
  directory
    .command('show')
    .description(
      'Shows a directory: dates, governance, nodes, keys with fingerprints, who has signed and who is missing.',
    )
    .argument('[file]', 'signed or proposed directory')
    .option('--node <id>', 'the directory in force at a node of the demonstration')
    .option('--base <signed>', 'signed version that it follows: whose signatures it needs too')
    .option('--document', 'print the bare document, to edit it')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: ShowOptions) => show(await directoryOf(file, options), options));
  directory
    .command('verify')
    .description('Makes every check that a node makes before it adopts a directory. Exit code 0 only when all pass.')
    .argument('<file>', 'signed directory')
    .requiredOption('--anchor <file>', 'trust anchor of the node')
    .option('--base <signed>', 'signed version that the node has in force')
    .addOption(jsonOption())
    .action(async (file: string, { anchor, base, json }: { anchor: string; base?: string; json?: boolean }) => {
      const inForce =
        base === undefined ? undefined : { read: await readDirectoryFile(base), signed: await readBytes(base) };
      const result = await verify(await readBytes(file), await readAnchorFile(anchor), inForce, new Date());
      if (json) printJson(result);
      else printVerification(result);
      if (!result.adoptable) process.exitCode = 1;
    });
  directory
    .command('diff')
    .description('Shows what changes from one directory to another; what is dangerous comes first.')
    .argument('<before>')
    .argument('<after>')
    .addOption(jsonOption())
    .action(async (before: string, after: string, { json }: { json?: boolean }) => {
      const [old, next] = [await readDirectoryFile(before), await readDirectoryFile(after)];
      const findings = await shownFindings(byWeight(await diffDirectories(old.directory, next.directory)), next);
      if (json) return printJson({ before: old.directory.version, after: next.directory.version, findings });
      process.stdout.write(`From version ${old.directory.version} to version ${next.directory.version}\n\n`);
      printFindings(findings);
    });
  directory
    .command('anchor')
    .description('Writes the trust anchor that a new node starts with: trust domain and governance of a directory.')
    .argument('<file>', 'signed directory')
    .requiredOption('--out <file>')
    .addOption(jsonOption())
    .action(async (file: string, { out, json }: { out: string; json?: boolean }) => {
      const { trustDomain, governance } = (await readDirectoryFile(file)).directory;
      await writeNew(out, `${JSON.stringify({ trustDomain, governance }, undefined, 2)}\n`);
      if (json) return printJson({ ok: true, file: out });
      process.stdout.write(`Written to ${out}\n`);
    });
}

async function show(read: DirectoryDocument, { base, document, json }: ShowOptions): Promise<void> {
  if (document) return printJson(read.directory);
  const now = new Date();
  const old = base === undefined ? read.directory : (await readDirectoryFile(base)).directory;
  const quorums = await quorumsOf(read, old.governance, now);
  const shown = await describeDirectory(read, now);
  if (json) return printJson({ ...shown, quorums });
  printDirectory(shown);
  printFingerprint(read);
  process.stdout.write('\n');
  printQuorums(quorums);
}

async function directoryOf(file: string | undefined, { node, data }: ShowOptions): Promise<DirectoryDocument> {
  if ((file === undefined) === (node === undefined))
    throw new TraoError('bad_request', { detail: 'Give a file, or a node with --node.' });
  return file === undefined ? inForceAt(node!, data) : readDirectoryFile(file);
}

/** What the office of a node of the demonstration has in force. */
async function inForceAt(id: string, data: string): Promise<DirectoryDocument> {
  const access = readAccess(data);
  const node = access?.nodes.find((each) => each.id === id);
  if (!access || !node)
    throw new TraoError('config_invalid', { detail: `No demonstration with a node ${id} was started in ${data}.` });
  const signed = await new OfficeCalls(access).call<object>(node, 'operator', '/v1/directory');
  return readDirectory(Buffer.from(JSON.stringify(signed)));
}
