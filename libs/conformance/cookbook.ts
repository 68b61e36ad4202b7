import path from 'node:path';
import { flips, type Serialised } from './flip';
import { decryptWithJose, verifyWithJose } from './library-jose';
import { membersOf, textOf } from './members';
import { isMembers, type Members, type Recognised } from './recognise';
import { declining, decryptStrictly, publicPart, verifyStrictly } from './strict-jose';
import { Tally, type SuiteResult } from './suite';
import { ACCEPT, decline, judge, outcomeOf, sameResult, UnreadableCase, type Outcome } from './verdict';

const NAME = 'jose-cookbook';
const FORMS = ['compact', 'json', 'json_flat'];

/** What is not opened, by what the headers say, and why. */
const REFUSALS: readonly { readonly applies: (header: Members) => boolean; readonly why: string }[] = [
  {
    applies: ({ alg }) => alg === 'RSA1_5',
    why: 'RSA1_5: its padding errors have decrypted messages (Bleichenbacher); jose left it out',
  },
  {
    applies: ({ alg }) => String(alg).startsWith('PBES2'),
    why: 'PBES2: the sender chooses how long the receiver computes, and a password is no key',
  },
  {
    applies: ({ zip }) => zip !== undefined,
    why: 'zip: the length of compressed content tells about it, and a small message can become a huge one',
  },
  {
    applies: ({ b64, crit }) => b64 === false && !Array.isArray(crit),
    why: 'b64 without crit: RFC 7797 §6 forbids what older readers would misread',
  },
];

/** One operation on one content, in all the forms in which its result is written down. */
interface Operation {
  readonly id: string;
  readonly keys: readonly Members[];
  readonly algorithms: readonly string[];
  readonly content: string;
  readonly signed: boolean;
  readonly forms: readonly (readonly [form: string, token: Serialised])[];
}

/** The cookbook of RFC 7520 and files like it: each form opens to the same bytes, or stands in the list of refusals. */
export async function runCookbook(
  files: readonly (Recognised & { format: 'jose-cookbook' })[],
): Promise<SuiteResult[]> {
  const source = path.posix.dirname(files[0]?.path ?? '');
  const [opened, nested, damaged] = ['', ', nested', ', one bit flipped'].map(
    (part) => new Tally(`${NAME}${part}`, source),
  ) as [Tally, Tally, Tally];
  for (const { path: file, document } of files) {
    const isNested = !isMembers(document['output']);
    const parts = isNested ? [document['sign'], document['encrypt']] : [document];
    for (const part of parts) {
      try {
        await runOperation(operationOf(file, part as Members), isNested ? nested : opened, damaged);
      } catch (error) {
        if (!(error instanceof UnreadableCase)) throw error;
        (isNested ? nested : opened).add(file, { count: 'unreadable', why: error.message });
      }
    }
  }
  return [opened, nested, damaged].map((tally) => tally.result()).filter(({ cases }) => cases > 0);
}

async function runOperation(operation: Operation, opened: Tally, damaged: Tally): Promise<void> {
  for (const [form, token] of operation.forms) {
    const outcome = await outcomeOf(() => open(token, operation));
    opened.add(`${operation.id} ${form}`, judge('valid', outcome));
    // Of several signatures or recipients the others stay whole, so the token may rightly open.
    if (outcome.did !== 'accept' || operation.keys.length > 1) continue;
    for (const { where, token: flipped } of flips(token)) {
      damaged.add(
        `${operation.id} ${form} ${where}`,
        judge('invalid', await outcomeOf(() => open(flipped, operation))),
      );
    }
  }
}

async function open(token: Serialised, operation: Operation): Promise<Outcome> {
  const { keys, algorithms, content, signed } = operation;
  const named = Buffer.from(content);
  const strictly = () => (signed ? verifyStrictly(token, keys.map(publicPart)) : decryptStrictly(token, keys));
  const outcome = await outcomeOf(() => declining(async () => sameResult(await strictly(), named)));
  if (outcome.did !== 'decline') return outcome;

  const headers = headersOf(token);
  const usable = keys.flatMap((key, at) => {
    const alg = algorithms[at] ?? '';
    return headers.some((header) => header['alg'] === alg && refusalOf(header)) ? [] : [{ key, alg }];
  });
  if (usable.length === 0) return decline(headers.map(refusalOf).find((why) => why !== undefined) ?? 'no key');
  for (const { key, alg } of usable) {
    const bytes = await (signed ? verifyWithJose(token, key, alg, content) : decryptWithJose(token, key, alg));
    const result = sameResult(bytes, named);
    if (result.did !== 'accept') return result;
  }
  return ACCEPT;
}

const refusalOf = (header: Members) => REFUSALS.find(({ applies }) => applies(header))?.why;

/** The whole header of each signature or recipient: protected, shared and its own. */
function headersOf(token: Serialised): Members[] {
  if (typeof token === 'string') return [decoded(token.split('.')[0])];
  const { signatures, recipients } = token;
  const each = [signatures, recipients].find(Array.isArray) ?? [{}];
  const shared = { ...decoded(token['protected']), ...asMembers(token['unprotected']), ...asMembers(token['header']) };
  return each.map(asMembers).map((own) => ({ ...shared, ...decoded(own['protected']), ...asMembers(own['header']) }));
}

const asMembers = (value: unknown): Members => (isMembers(value) ? value : {});

/** What a protected header says; nothing, when it is damaged: then the library has to find that out. */
function decoded(segment: unknown): Members {
  try {
    return asMembers(JSON.parse(Buffer.from(String(segment), 'base64url').toString()));
  } catch {
    return {};
  }
}

/** @throws UnreadableCase */
function operationOf(file: string, part: Members): Operation {
  const [input, output] = [membersOf(part, 'input'), membersOf(part, 'output')];
  const signed = 'payload' in input;
  const forms = FORMS.filter((form) => form in output).map((form) => [form, tokenOf(output[form])] as const);
  if (forms.length === 0) throw new UnreadableCase('no serialised form');
  const { key, alg } = input;
  // A password in place of a key.
  const keys = [key ?? { kty: 'oct', k: textOf(input, 'pwd') }].flat();
  if (!keys.every(isMembers)) throw new UnreadableCase('no key');
  return {
    id: path.posix.basename(file, '.json'),
    keys,
    algorithms: [alg].flat().map(String),
    content: textOf(input, signed ? 'payload' : 'plaintext'),
    signed,
    forms,
  };
}

function tokenOf(value: unknown): Serialised {
  if (typeof value === 'string' || isMembers(value)) return value;
  throw new UnreadableCase('a form that is no token');
}
