import { type Code } from '../errors';
import { open } from '.';
import { craft, type Craft } from '../../test/fakes/craft';
import { endOf } from '../../test/fakes/end-of';
import { EXPIRES_AT, ISSUED_AT, makeParties, type Parties } from '../../test/fakes/parties';
import { MAX_CLOCK_SKEW_S } from './open';

type Loose = Record<string, unknown>;
const headed = (change: Loose) => (message: Loose) => ({
  ...message,
  header: { ...(message['header'] as Loose), ...change },
});
const deep = (levels: number) => (json: string) =>
  json.replace('{', `{"x":${'['.repeat(levels)}${']'.repeat(levels)},`);

const PAYLOADS: readonly (readonly [string, Code, Craft])[] = [
  ['a key twice', 'duplicate_key', { payload: (json) => json.replace('{', '{"ping":{},') }],
  ['a key twice, once escaped', 'duplicate_key', { payload: (json) => json.replace('{', '{"\\u0070ing":{},') }],
  ['a prototype key', 'forbidden_key', { payload: (json) => json.replace('{', '{"__proto__":{},') }],
  ['too many levels', 'too_deep', { payload: deep(40) }],
  ['a number that a double changes', 'number_out_of_range', { message: headed({ seq: 1 }), payload: bigNumber }],
  ['a byte order mark', 'invalid_utf8', { payload: (json) => `\ufeff${json}` }],
  [
    'bytes that are no UTF-8',
    'invalid_utf8',
    { payload: (json) => Buffer.concat([Buffer.from(json), Buffer.of(0xff)]) },
  ],
  ['text that is not NFC', 'not_nfc', { message: headed({ authorRole: 'Nguye\u0302\u0303n' }) }],
  ['no object', 'schema_invalid', { payload: () => '"text"' }],
  ['another major version', 'schema_unsupported', { message: headed({ schemaVersion: '2.0' }) }],
  ['a type of message that we do not know', 'schema_unsupported', { message: headed({ messageType: 'poll' }) }],
  ['an unknown member', 'schema_invalid', { message: headed({ note: 'x' }) }],
  [
    'another message id',
    'identity_mismatch',
    { message: headed({ messageId: '01a201d7-1e88-7568-b9b7-4e493e2729e1' }) },
  ],
  ['another sender unit', 'identity_mismatch', { message: headed({ senderUnit: 'vn.mnd-border' }) }],
  ['another recipient unit', 'identity_mismatch', { message: headed({ recipientUnit: 'gb.nca' }) }],
  ['another priority', 'identity_mismatch', { message: headed({ priority: 'emergency' }) }],
];

function bigNumber(json: string): string {
  return json.replace('"seq":1', '"seq":9007199254740993');
}

describe('the signed payload', () => {
  let parties: Parties;
  beforeAll(async () => {
    parties = await makeParties('classic');
  });

  it.each(PAYLOADS)('with %s is refused: %s', async (_, code, change) => {
    await expect(open(await craft(parties, change), parties.context)).rejects.toMatchObject({ code });
  });

  it('larger than allowed is refused, also when the token is short enough', async () => {
    const token = await craft(parties);
    await expect(open(token, { ...parties.context, maxBytes: 100 })).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('the times of a message', () => {
  const at = (ms: number) => new Date(ms);
  const issued = ISSUED_AT.getTime();
  const expires = EXPIRES_AT.getTime();
  const ahead = MAX_CLOCK_SKEW_S * 1000;

  it.each([
    ['just within the clock difference allowed', at(issued - ahead), 'opened'],
    ['just beyond the clock difference allowed', at(issued - ahead - 1), 'not_yet_valid'],
    ['at once', at(issued), 'opened'],
    ['after ten days of waiting', at(expires - 1), 'opened'],
    ['at the very moment of expiry', at(expires), 'expired'],
    ['later', at(expires + 1), 'expired'],
  ])('opened %s: %s', async (_, now, code) => {
    const parties = await makeParties('classic');
    expect(await endOf(await craft(parties), { ...parties.context, now })).toBe(code);
  });

  it.each([
    ['came in time', 'opened', at(expires - 1)],
    ['came too late', 'expired', at(expires)],
  ])('opened after the expiry, but %s: %s', async (_, code, receivedAt) => {
    const parties = await makeParties('classic');
    expect(await endOf(await craft(parties), { ...parties.context, now: at(expires + ahead), receivedAt })).toBe(code);
  });

  it('choose the key: it is asked for as of the time of signing, not of opening', async () => {
    const { input, context, message } = await makeParties('classic');
    const asked: unknown[] = [];
    const verificationKey = (unit: string, kid: string, when: Date) => {
      asked.push([unit, kid, when.toISOString()]);
      return context.verificationKey(unit, kid, when);
    };
    await open(await craft({ input }), { ...context, verificationKey, now: at(expires - 1) });
    expect(asked).toEqual([[message.header.senderUnit, 'sig1', ISSUED_AT.toISOString()]]);
  });

  it('beyond what a date can hold find no key', async () => {
    const parties = await makeParties('classic');
    const times = { iat: 9_000_000_000_000_000 };
    const verificationKey = (_unit: string, _kid: string, when: Date) =>
      Number.isNaN(when.getTime())
        ? Promise.resolve(undefined)
        : parties.context.verificationKey(parties.message.header.senderUnit, 'sig1', when);
    const token = await craft(parties, { inner: times, outer: times });
    await expect(open(token, { ...parties.context, verificationKey })).rejects.toMatchObject({
      code: 'unknown_sender',
    });
  });
});
