/**
 * Writes fields.md from the schemas and codes.md from the code lists. Run by Node 24 directly:
 *   node docs/reference/generate-fields.ts           write
 *   node docs/reference/generate-fields.ts --check   exit 1 when a committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { codeSections, matrixTable, neverCarried, readLists, readMatrix, ruleTable } from './code-tables.ts';
import { readContract, type Contract, type Part } from './contract-reader.ts';
import { anchor, headerSentence, objectSection, partHeading, simpleTypes } from './message-tables.ts';

const HERE = dirname(resolve(process.argv[1] ?? ''));
const SCHEMAS = resolve(HERE, '../../schemas');
const CODES = join(SCHEMAS, 'codes/v1');
const MESSAGES = 'referral/v1';
/** Records that a node keeps; they use the parts of messages. */
const RECORDS = 'consent/v1';
const HEAD = '<!-- Generated from schemas/ by docs/reference/generate-fields.ts: do not edit. -->';

const FIELDS_HEAD = `${HEAD}

# Fields of the messages

What each message may carry, from the schemas in \`schemas/referral/v1\` and the field matrix in
\`schemas/codes/v1/fields.json\`. A member that is not listed is refused, at every level. Codes are on the page
[code lists](codes.md).

## Purposes and fields

What a purpose makes of a field of a referral: M mandatory, O optional, C conditional, X forbidden. The schema refuses a
forbidden field, also when it is sent later in \`disclosed\`. S is the sensitivity: S1 operational, S2 identity, S3
special category, S4 safety-critical; all of them travel inside the ciphertext only. A field with a scope of consent is
sent only when the person has agreed to that scope or another legal ground stands in for it. The last column says what a
request for more information may ask for.
`;

const CODES_HEAD = `${HEAD}

# Code lists

The codes that stand in messages, with English and Vietnamese names, from \`schemas/codes/v1\`. \`trao codes list\` and
\`trao codes show LIST\` show the same. Columns such as HTCDS name the counterpart of a code in another standard; an
empty cell or a missing column means that no counterpart is known. HTCDS: Human Trafficking Case Data Standard. CTDC:
Counter-Trafficking Data Collaborative, global dataset. UK NRM: form of the National Referral Mechanism. FHIR: HL7 FHIR.
Primero: case management of UNICEF. *To be confirmed* marks a code that is our choice until officers confirm it.
`;

/** Page names with their texts. */
type Pages = { readonly [page: string]: string };

/** Two headings of one name would have one anchor, and links would lead to the wrong place. */
function assertLinksSound(pages: Pages): void {
  const anchors = Object.entries(pages).flatMap(([page, text]) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `${page}#${anchor(heading)}`),
  );
  const twice = anchors.find((each, index) => anchors.indexOf(each) !== index);
  if (twice !== undefined) throw new Error(`two headings have the anchor ${twice}`);
  for (const [page, text] of Object.entries(pages)) {
    for (const [, target = page, heading] of text.matchAll(/\]\(([a-z]+\.md)?#([^)]*)\)/g)) {
      if (!anchors.includes(`${target}#${heading}`)) throw new Error(`${page}: no heading ${target}#${heading}`);
    }
  }
}

function fieldsPage(contract: Contract): string {
  const matrix = readMatrix(CODES);
  const messages = inOrder(contract.documents(MESSAGES));
  const header = sharedDefinition('common', 'header');
  return [
    FIELDS_HEAD,
    matrixTable(matrix),
    '\n## Conditions and rules\n',
    ruleTable(matrix),
    '\n## What never travels\n\nThere is no field for any of these, in no message:\n',
    neverCarried(matrix),
    `\n## Header of every message\n\n${header.schema.description ?? ''}\n`,
    objectSection(contract, header),
    '\n## Messages\n',
    messages.map(([type]) => `[${type}](#${anchor(type)})`).join(' · '),
    ...messages.map(([type, part]) => messageSection(contract, type, part)),
    '\n## Records that stay in the node\n',
    ...contract.documents(RECORDS).map((part) => partSection(contract, part.schema.title ?? '', part)),
    '\n## Shared parts\n\nParts that more than one of the above has.\n',
    ...contract.shared.map((part) => partSection(contract, partHeading(part), part)),
    '\n## Simple types\n\n| type | kind | form | meaning |\n| --- | --- | --- | --- |',
    ...['common', 'parts'].map((name) => simpleTypes(fileOf(name), readSchema(name))),
    '',
  ].join('\n');
}

/** The messages with their types, in the order of the code list `messageType`. */
function inOrder(documents: readonly Part[]): readonly [string, Part][] {
  const types =
    readLists(CODES)
      .find(({ list }) => list === 'messageType')
      ?.entries.map(({ code }) => code) ?? [];
  return types.map((type) => {
    const part = documents.find(({ file }) => file === fileOf(type.replaceAll('_', '-')));
    if (part === undefined) throw new Error(`no schema for the message type ${type}`);
    return [type, part];
  });
}

function messageSection(contract: Contract, type: string, part: Part): string {
  return partSection(contract, type, part, headerSentence(contract, part));
}

function partSection(contract: Contract, heading: string, part: Part, more = ''): string {
  const sentences = [part.schema.description ?? '', more].filter((text) => text !== '').join(' ');
  return `\n### ${heading}\n\n${sentences}\n\n${objectSection(contract, part)}`;
}

const fileOf = (name: string) => `${MESSAGES}/${name}.schema.json`;
const readSchema = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, fileOf(name)), 'utf8')) as Part['schema'];

function sharedDefinition(file: string, name: string): Part {
  const schema = readSchema(file).$defs?.[name];
  if (schema === undefined) throw new Error(`${file}.schema.json has no definition ${name}`);
  return { file: fileOf(file), name, schema };
}

/** Writes or checks a page; answers whether the committed one is stale. */
async function settle(name: string, text: string, check: boolean): Promise<boolean> {
  const page = join(HERE, name);
  const formatted = await format(text, {
    ...(await resolveConfig(page)),
    parser: 'markdown',
    proseWrap: 'always',
  });
  if (!check) writeFileSync(page, formatted);
  return check && !(existsSync(page) && readFileSync(page, 'utf8') === formatted);
}

async function main(check: boolean): Promise<void> {
  const pages: Pages = {
    'fields.md': fieldsPage(readContract(SCHEMAS, [MESSAGES, RECORDS])),
    'codes.md': `${CODES_HEAD}\n${codeSections(readLists(CODES))}\n`,
  };
  assertLinksSound(pages);
  for (const [name, text] of Object.entries(pages)) {
    if (!(await settle(name, text, check))) continue;
    process.stderr.write(`docs/reference/${name} is stale. Run: node docs/reference/generate-fields.ts\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.includes('--check'));
