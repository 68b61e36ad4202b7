import { open, seal, type SealInput, type Suite } from '../../libs/envelope';
import { tamperedTwins } from './make-tampered-messages';
import { openingContext } from './opening';
import { entryOf, example, inputOf, pairOf } from './vector-parties';
import { type Circumstances, type MessageVectors } from './vector-format';

const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';

/** New vectors of a suite: sealed messages, and twins of them with one thing wrong each. */
export async function makeMessages(suite: Suite): Promise<MessageVectors> {
  const signing = await Promise.all([
    pairOf('vn.sig1', 'ES256'),
    pairOf('vn.sig2', 'Ed25519'),
    pairOf('vn.sig3', 'ES256'),
  ]);
  const encryption = { ...(await pairOf('gb.enc1', suite)), unit: RECIPIENT };
  const circumstances: Circumstances = {
    node: 'gb',
    peer: 'vn',
    trustDomain: 'test',
    now: '2026-11-22T06:01:00Z',
    maxBytes: 1_048_576,
    suites: [suite],
    staleKids: ['gb.enc0'],
  };
  const listed = signing.map(entryOf);
  const lost = { ...listed.pop()!, status: 'revoked' as const };
  const units = [
    { id: SENDER, node: 'vn', signingKeys: [...listed, lost] },
    { id: RECIPIENT, node: 'gb', signingKeys: [] },
    { id: 'gb.nca', node: 'gb', signingKeys: [] },
  ];
  const vectors = { suite, keys: { signing, encryption: [encryption] }, directory: { units }, circumstances };
  return { ...vectors, ...(await makeRows(vectors)) };
}

async function makeRows(vectors: Omit<MessageVectors, 'valid' | 'tampered'>) {
  const ping = example('ping-vn-to-gb.json');
  const input = await inputOf(vectors, ping);
  const rows: MessageVectors['valid'][number][] = [];
  const inputs: readonly (readonly [string, SealInput])[] = [
    ['ping', input],
    ['referral, Vietnamese text', await inputOf(vectors, example('referral-protect-adult.json'))],
    ['ping, signed with Ed25519', await inputOf(vectors, ping, 1)],
  ];
  for (const [name, sealing] of inputs) {
    const sealed = await seal(sealing);
    const { outer, inner } = await open(sealed.token, openingContext({ ...vectors, valid: [], tampered: [] }));
    const payload = Buffer.from(sealed.original.split('.')[1]!, 'base64url').toString();
    rows.push({ name, ...sealed, payload, outer: { ...outer }, inner: { ...inner } });
  }
  return { valid: rows, tampered: await tamperedTwins(vectors, input, rows[0]!.token, rows[0]!.original) };
}
