import { Option, type Command } from 'commander';
import { KEY_USES, STORED_KINDS, type KeyMetadata } from '../../../libs/keystore';
import { writeNew } from '../directory/directory-files';
import {
  exportPfx,
  importKey,
  requestCertificate,
  type CsrOptions,
  type ImportOptions,
  type PfxOptions,
} from '../keys/bring-keys';
import { exportPublic, type ExportOptions, type PublicKeys } from '../keys/export-public';
import { listKeys } from '../keys/list-keys';
import { generateKey, rotateKeys, type GenerateOptions, type RotateOptions } from '../keys/make-keys';
import { withKeyOptions, type KeyOptions } from '../keys/options';
import { printList, printMade, say, shownKey } from '../keys/print-keys';
import { retireKey, type RetireOptions } from '../keys/retire-key';
import { printJson } from '../output';

const PUBLISH = 'trao keys export-public --out FILE, then trao directory propose --add-keys FILE';
const useOption = () => new Option('--use <use>', 'what the key is for').choices(KEY_USES);
const kindOption = () => new Option('--kind <kind>', 'kind of key').choices(STORED_KINDS);
const nodeOption = () => new Option('--node <id>', 'node of the keys; default: that of their units').env('TRAO_NODE');

/** `keys`: the private keys of one process of a node, on the machine where they are. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('Makes, lists, renews and retires the private keys of a node.');
  addMaking(keys);
  addReading(keys);
  addBringing(keys);
}

function addMaking(keys: Command): void {
  withKeyOptions(keys.command('generate'))
    .description('Makes a key. It never takes the place of another.')
    .addOption(useOption().makeOptionMandatory())
    .option('--unit <unit>', 'unit of a signing, encryption or storage key')
    .addOption(kindOption())
    .option('--kid <id>', 'id; default: made from the public key')
    .option('--not-before <time>', 'first day of use; default: now')
    .option('--not-after <time>', 'end of use; default: a year, TLS 397 days, governance two years')
    .option('--pkcs11 <library>', 'makes it on a token: library of the security module')
    .option('--token <label>', 'label of the token')
    .option('--label <label>', 'label of the key on the token')
    .action(async (options: GenerateOptions) => {
      report([await generateKey(options, new Date())], options, options.use === 'storage' ? undefined : PUBLISH);
    });
  withKeyOptions(keys.command('rotate'))
    .description('Makes the keys that come next: of a unit the encryption keys of the next weeks, else one successor.')
    .addOption(useOption().default('encryption'))
    .option('--unit <unit>', 'unit of the keys')
    .addOption(kindOption())
    .option('--weeks <n>', 'how many weekly encryption keys', '12')
    .action(async (options: RotateOptions) => report(await rotateKeys(options, new Date()), options, PUBLISH));
  withKeyOptions(keys.command('retire'))
    .description('Ends the use of a key, now and in the directory, and destroys it after a grace.')
    .argument('<kid>')
    .option('--grace-days <n>', 'how long it still opens what was on its way', '14')
    .addOption(nodeOption())
    .option('--out <file>', 'file for the change of the directory; default: retire-KID.json')
    .action(async (kid: string, options: RetireOptions & { out?: string }) => {
      const retired = await retireKey(kid, options, new Date());
      if (retired.destroyed) {
        if (options.json) return printJson({ ok: true, destroyed: kid });
        return say(`${kid} is destroyed.`);
      }
      const { key, change } = retired;
      const file = change && (options.out ?? `retire-${kid}.json`);
      if (change && file) await writeNew(file, textOf(change));
      if (options.json) return printJson({ ok: true, key: shownKey(key), ...(file !== undefined && { file }) });
      say(`${kid} is not used any more, and will be destroyed after ${key.destroyAfter}.`);
      if (file) say(`Next: trao directory propose --base OWN-COPY --add-keys ${file}`);
    });
}

function addReading(keys: Command): void {
  withKeyOptions(keys.command('list'))
    .description(
      'Lists the keys with state and fingerprint, compares them with the directory, and says what ends soon.',
    )
    .action(async (options: KeyOptions) => {
      const list = await listKeys(options, new Date());
      if (options.json) printJson(list);
      else printList(list);
      if (!list.ok) process.exitCode = 1;
    });
  withKeyOptions(keys.command('export-public'))
    .description(
      'Writes the public keys for `trao directory propose --add-keys`; with --directory those that it lacks.',
    )
    .addOption(nodeOption())
    .option('--ca <file...>', 'certificates of the authority that issues the TLS certificates')
    .option('--out <file>', 'default: the standard output')
    .action(async ({ out, ...options }: ExportOptions & { out?: string }) => {
      const exported = await exportPublic(options, new Date());
      if (out === undefined) return printJson(exported);
      await writeNew(out, textOf(exported));
      if (options.json) return printJson({ ok: true, file: out, keys: exported.keys.length });
      say(`${exported.keys.length} public keys of ${exported.node} are in ${out}.`);
      say(`Next: trao directory propose --base OWN-COPY --add-keys ${out}`);
    });
}

function addBringing(keys: Command): void {
  withKeyOptions(keys.command('import'))
    .description('Takes in a key: JWK, PEM, PKCS#12, a key file of an earlier version, or one of another folder.')
    .argument('<file>')
    .addOption(useOption())
    .option('--unit <unit>', 'unit of the key')
    .option('--kid <id>', 'id; default: that of the file, or made from the public key')
    .option('--not-before <time>', 'first day of use; default: now')
    .option('--not-after <time>', 'end of use; default: as for generate')
    .option('--from-passphrase-file <file>', 'passphrase that opens the file')
    .option('--from-key-file <file>', 'what opens a key file of another folder')
    .option('--certificates-out <file>', 'where the certificates of a PKCS#12 file go, as PEM')
    .action(async (file: string, options: ImportOptions) => {
      const taken = await importKey(file, options, new Date());
      report([taken], options, `destroy what you have brought: shred --remove ${file}`);
    });
  withKeyOptions(keys.command('csr'))
    .description('Makes a TLS key and a request for its certificate (PKCS#10).')
    .requiredOption('--host <name...>', 'DNS names and addresses of the gateway')
    .option('--common-name <name>', 'default: the first host')
    .option('--organization <name>')
    .option('--country <code>', 'two letters')
    .addOption(new Option('--kind <kind>', 'kind of key').choices(['ES256', 'PS256']))
    .option('--kid <id>', 'a TLS key that is there already')
    .option('--out <file>', 'default: the standard output')
    .action(async (options: CsrOptions) => {
      const { key, csr } = await requestCertificate(options, new Date());
      if (options.json) return printJson({ ok: true, key: shownKey(key), csr });
      if (options.out === undefined) say(csr.trimEnd());
      printMade([key]);
      say(
        `Next, with the certificate: trao keys export-pfx ${key.kid} --certificate FILE --to-passphrase-file FILE --out FILE`,
      );
    });
  withKeyOptions(keys.command('export-pfx'))
    .description(
      'Writes a TLS or signing key with its certificates as PKCS#12 (AES-256), for TRAO_TLS_PFX or a module.',
    )
    .argument('<kid>')
    .option('--certificate <file...>', 'PEM, the certificate of the key first')
    .requiredOption('--to-passphrase-file <file>', 'file with the passphrase of the new file')
    .requiredOption('--out <file>')
    .action(async (kid: string, options: PfxOptions) => {
      const { certificates } = await exportPfx(kid, options);
      if (options.json) return printJson({ ok: true, file: options.out, certificates });
      say(`${kid} with ${certificates} certificates is in ${options.out}.`);
    });
}

function report(keys: readonly KeyMetadata[], { json }: KeyOptions, next: string | undefined): void {
  if (json) return printJson({ ok: true, keys: keys.map(shownKey) });
  printMade(keys);
  if (next !== undefined) say(`Next: ${next}`);
}

const textOf = (keys: PublicKeys) => `${JSON.stringify(keys, undefined, 2)}\n`;
