import { encodeBase64url } from '../../libs/envelope';
import { type Craft } from '../fakes/craft';
import { bothSuites, eachInnerSegment, eachSegment, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** one message, many spellings. Each is refused, so nothing can have two. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const middle = (text: string, mark: string) => text.slice(0, text.length >> 1) + mark + text.slice(text.length >> 1);
const both = async (change: (segment: string) => string) => [
  ...(await verdictsOn(suites, (token) => eachSegment(token, change))),
  ...(await verdicts(suites, eachInnerSegment(change))),
];

it('without an attack both suites open', async () => {
  expect(await verdicts(suites, [{}])).toEqual(['opened']);
  expect(await verdictsOn(suites, (token) => [token, ...eachSegment(token, (segment) => segment)])).toEqual(['opened']);
  expect(
    await verdicts(
      suites,
      eachInnerSegment((segment) => segment),
    ),
  ).toEqual(['opened']);
});

it.each([' ', '\n', '\r', '\t', '\u00a0', '\u200b'])(
  'A-01 white space %j in any segment, outside and inside',
  async (mark) => {
    const places = [(s: string) => mark + s, (s: string) => middle(s, mark), (s: string) => s + mark];
    for (const change of places) expect(await both(change)).toEqual(['not_canonical', 'not_canonical']);
    expect(await verdictsOn(suites, (token) => [mark + token, token + mark])).toEqual(['not_canonical']);
  },
);

it.each(['=', '==', '%3D'])('A-02 padding %s behind any segment', async (padding) => {
  expect(await both((segment) => segment + padding)).toEqual(['not_canonical', 'not_canonical']);
});

it('A-03 the other alphabet of base64 in any segment', async () => {
  const changed: string[] = [];
  const respell = (segment: string) => {
    const other = segment.replaceAll('-', '+').replaceAll('_', '/');
    if (other !== segment) changed.push(other);
    // A segment that happens to have neither sign gets one of them.
    return other === segment ? `+${segment.slice(1)}` : other;
  };
  expect(await both(respell)).toEqual(['not_canonical', 'not_canonical']);
  expect(changed.length).toBeGreaterThan(0);
});

/** The same bytes in another spelling: bits that no byte takes are set. Undefined where all bits are taken. */
function otherTrailingBits(segment: string): string | undefined {
  if (segment === '' || segment.length % 4 === 0) return undefined;
  const other = segment.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(segment.at(-1)!) ^ 1);
  return Buffer.from(other, 'base64url').equals(Buffer.from(segment, 'base64url')) ? other : undefined;
}

it('A-04 trailing bits that no byte takes', async () => {
  let respelled = 0;
  const change = (segment: string) => {
    const other = otherTrailingBits(segment);
    respelled += other === undefined ? 0 : 1;
    return other ?? `${segment.slice(0, -1)}=`;
  };
  expect(await both(change)).toEqual(['not_canonical', 'not_canonical']);
  expect(respelled).toBeGreaterThan(4);
});

it('A-05 segments too few, too many or empty', async () => {
  const tokens = (token: string) => {
    const segments = token.split('.');
    const filled = segments.map((segment) => segment || 'AA');
    return [
      '',
      '.',
      '....',
      segments[0]!,
      segments.slice(0, 3).join('.'),
      segments.slice(0, 4).join('.'),
      [...segments, ''].join('.'),
      [...segments, 'AA'].join('.'),
      ['', ...segments].join('.'),
      filled.join('.'),
      ...eachSegment(token, () => ''),
    ];
  };
  expect(await verdictsOn(suites, tokens)).toEqual(['not_canonical']);
  const inside = (change: (segments: string[]) => string[]): Craft => ({
    original: (jws) => change(jws.split('.')).join('.'),
  });
  const changes = [
    inside(() => ['']),
    inside((segments) => segments.slice(0, 2)),
    inside((segments) => [...segments, '']),
    inside((segments) => [...segments, ...segments]),
    ...eachInnerSegment(() => ''),
  ];
  expect(await verdicts(suites, changes)).toEqual(['not_canonical']);
});

it('A-06 JSON serialisation where the compact one is expected', async () => {
  const forms = (token: string) => {
    const [header, key, iv, ciphertext, tag] = token.split('.');
    const members = { protected: header, iv, ciphertext, tag };
    return [
      { ...members, encrypted_key: key },
      { ...members, recipients: [{ encrypted_key: key }] },
      // A polyglot: JSON for one reader, and the compact token inside it for another.
      { protected: token },
      [token],
      token,
    ].map((form) => JSON.stringify(form));
  };
  expect(await verdictsOn(suites, forms)).toEqual(['not_canonical']);
  const inside = (change: (header: string, payload: string, signature: string) => unknown): Craft => ({
    original: (jws) => JSON.stringify(change(...(jws.split('.') as [string, string, string]))),
  });
  const changes = [
    inside((header, payload, signature) => ({ protected: header, payload, signature })),
    inside((header, payload, signature) => ({ payload, signatures: [{ protected: header, signature }] })),
    inside((header, payload, signature) => [`${header}.${payload}.${signature}`]),
  ];
  expect(await verdicts(suites, changes)).toEqual(['not_canonical']);
});

it('A-18 something behind a valid token', async () => {
  const tokens = (token: string) => [
    `${token}\0`,
    `${token}.`,
    `${token}.AAAA`,
    token + token,
    `${token}\n${token}`,
    `${token}{}`,
  ];
  expect(await verdictsOn(suites, tokens)).toEqual(['not_canonical']);
  // In the last segment of each suite: the tag, which grows, and one that must stay empty.
  expect(await verdictsOn([suites[0]], (token) => [`${token}AAAA`])).toEqual(['not_canonical']);
  expect(await verdictsOn([suites[1]], (token) => [`${token}AAAA`])).toEqual(['undecryptable']);
  expect(await verdicts(suites, [{ original: (jws) => `${jws}.AAAA` }])).toEqual(['not_canonical']);
  expect(await verdicts(suites, [{ original: (jws) => `${jws}AAAA` }])).toEqual(['bad_signature']);
  const behindPadding: Craft = { plaintext: (padded) => Buffer.concat([padded, Buffer.from(encodeBase64url(padded))]) };
  const inPadding: Craft = { plaintext: (padded) => Buffer.concat([padded.subarray(0, -1), Buffer.of(1)]) };
  expect(await verdicts(suites, [behindPadding, inPadding])).toEqual(['bad_padding']);
  expect(
    await verdicts(
      suites,
      ['{}', 'x', '\0', ','].map((more) => ({ payload: (json) => json + more })),
    ),
  ).toEqual(['malformed_json']);
});
