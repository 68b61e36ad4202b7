import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { documentFingerprint, proposeDirectory, type DirectoryDocument } from '../../../libs/trust';
import { jsonOption } from '../local/running';
import { printJson } from '../output';
import { readCopies, writeDirectoryFile, writeNew } from './directory-files';
import { readGovernanceKeys, type GovernanceKeyOptions } from './governance-keys';
import { printFindings, printFingerprint, printQuorums, shownFindings } from './print';
import { propose, type Proposed, type ProposeOptions } from './propose';
import { confirm, openProposal, sign } from './sign';
import { quorumsOf } from './signature-state';

interface Output {
  readonly out?: string;
  readonly json?: boolean;
}

const DEFAULT_DAYS = '365';
const BASE = 'your own copy of the signed version in force';

/** `directory propose`, `sign` and `merge`: from an edited document to one that enough countries have signed. */
export function addCeremonyCommands(directory: Command): void {
  directory
    .command('propose')
    .description('Makes the next version of the directory, unsigned, and shows what changes and its fingerprint.')
    .argument('[document]', 'edited document; without it the base is changed')
    .option('--base <signed>', `${BASE}; none for the first version`)
    .option('--expires-in-days <n>', 'how long the version is valid', DEFAULT_DAYS)
    .option('--add-keys <file...>', 'public keys, as `trao keys export-public` writes them')
    .option('--retire <kid...>', 'keys that are not used any more')
    .option('--revoke <kid...>', 'keys that others may know; for ever')
    .option('--threshold <n>', 'how many countries must sign')
    .option('--add-node <file...>', 'entries of new nodes')
    .option('--remove-node <id...>', 'nodes that leave')
    .option('--out <file>', 'default: directory-vVERSION.json')
    .addOption(jsonOption())
    .action(async (document: string | undefined, { out, json, ...options }: ProposeOptions & Output) => {
      const now = new Date();
      const proposed = await propose(document, options, now);
      const file = out ?? `directory-v${proposed.directory.version}.json`;
      await writeNew(file, await proposeDirectory(proposed.directory));
      await report(proposed, file, now, json);
      if (!json)
        process.stdout.write(`Next, each country: trao directory sign ${file} --base OWN-COPY --keys FOLDER\n`);
    });
  directory
    .command('sign')
    .description('Shows what changes, and adds the signature of your country once you confirm the fingerprint.')
    .argument('<proposal...>', 'the proposal, or several copies with signatures of others')
    .option('--base <signed>', `${BASE}; none for the first version`)
    .option('--keys <folder>', 'folder of your governance key')
    .option('--key-file <file>', 'file of 32 random bytes that opens it')
    .option('--passphrase-file <file>', 'what opens it; without both you are asked')
    .option('--pin-file <file>', 'PIN of the token that holds it')
    .option('--fingerprint <groups>', 'the fingerprint as another country has read it to you')
    .option('--out <file>', 'default: the first file')
    .addOption(jsonOption())
    .action(async (files: readonly string[], options: SignOptions) => {
      const now = new Date();
      const proposed = await openProposal(files, options.base, now);
      if (!options.json) {
        await printProposed(proposed);
        process.stdout.write('\n');
      }
      confirm(proposed, options.fingerprint ?? (await askFingerprint(options.json === true)));
      const signed = await sign(proposed, await readGovernanceKeys(options), now);
      await finish({ ...proposed, ...signed }, files[0]!, now, options);
    });
  directory
    .command('merge')
    .description('Puts the signatures of several copies of one document into one file.')
    .argument('<copy...>')
    .option('--base <signed>', BASE)
    .option('--out <file>', 'default: the first file')
    .addOption(jsonOption())
    .action(async (files: readonly string[], { base, ...output }: Output & { base?: string }) => {
      const now = new Date();
      const merged = { ...(await readCopies(files)), base: undefined, findings: [] };
      const opened = base === undefined ? merged : await openProposal(files, base, now);
      await finish(opened, files[0]!, now, output);
    });
}

interface SignOptions extends GovernanceKeyOptions, Output {
  readonly base?: string;
  readonly fingerprint?: string;
}

async function finish(proposed: Proposed, first: string, now: Date, { out, json }: Output): Promise<void> {
  const file = out ?? first;
  await writeDirectoryFile(file, proposed.document);
  const state = await stateOf(proposed, file, now);
  if (json) return printJson(state);
  printQuorums(state.quorums);
  process.stdout.write(`Written to ${file}\n`);
}

/** For programs one document; for people what changes, the fingerprint and whose signatures are missing. */
async function report(proposed: Proposed, file: string, now: Date, json: boolean | undefined): Promise<void> {
  const state = await stateOf(proposed, file, now);
  if (json) return printJson({ ...state, findings: await shownFindings(proposed.findings, proposed) });
  await printProposed(proposed);
  process.stdout.write('\n');
  printQuorums(state.quorums);
  process.stdout.write(`Written to ${file}\n`);
}

async function stateOf({ directory, document, base }: Proposed, file: string, now: Date) {
  const { version, trustDomain, issuedAt, expiresAt, governance } = directory;
  const fingerprint = documentFingerprint(document.payload);
  const read: DirectoryDocument = { directory, document };
  const quorums = await quorumsOf(read, base?.directory.governance ?? governance, now);
  return { ok: true, file, version, trustDomain, issuedAt, expiresAt, fingerprint, quorums };
}

async function printProposed(proposed: Proposed): Promise<void> {
  const { version, trustDomain, issuedAt, expiresAt } = proposed.directory;
  const from = proposed.base ? `, after version ${proposed.base.directory.version}` : ', the first one';
  process.stdout.write(`Version ${version} of the partner directory of the trust domain ${trustDomain}${from}\n`);
  process.stdout.write(`issued ${issuedAt}, valid until ${expiresAt}\n\n`);
  printFindings(await shownFindings(proposed.findings, proposed));
  printFingerprint(proposed);
}

/** Asks a person at a terminal; a program has to give it. */
async function askFingerprint(json: boolean): Promise<string | undefined> {
  if (json || !process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question('Type the fingerprint that another country reads to you: ');
  } finally {
    terminal.close();
  }
}
