import { encodeBase64url } from '../envelope';
import { pingDraft } from '../../test/fakes/documents';
import { sealByHand, type HandMade } from '../../test/fakes/hand-made';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import { accept } from './accept';

const UNIT = 'vn.mps-criminal';

async function sealed() {
  const countries = await twoCountries();
  const message = await sealByHand(countries.vn, pingDraft({ senderUnit: UNIT }));
  return { ...countries, message };
}

/** The envelope with other members in its protected header. Nothing but the worker would notice. */
function withHeader({ token }: HandMade, changes: Readonly<Record<string, unknown>>): string {
  const [header, ...rest] = token.split('.');
  const members = { ...(JSON.parse(Buffer.from(header!, 'base64url').toString()) as object), ...changes };
  return [encodeBase64url(Buffer.from(JSON.stringify(members))), ...rest].join('.');
}

describe('a line that is no envelope', () => {
  const lines: readonly [string, (message: HandMade) => string][] = [
    ['nothing', () => ''],
    ['a page of a captive portal', () => '<html>sign in</html>'],
    ['one segment', ({ token }) => token.split('.')[0]!],
    ['a space inside', ({ token }) => token.replace('.', '. ')],
    ['padding', ({ token }) => `${token}=`],
    [
      'a header that is no JSON',
      ({ token }) => `${encodeBase64url(Buffer.from('{'))}${token.slice(token.indexOf('.'))}`,
    ],
    ['an unknown algorithm', (message) => withHeader(message, { alg: 'RSA1_5' })],
    ['a member too much', (message) => withHeader(message, { jwk: {} })],
    ['an id that is no UUID of version 7', (message) => withHeader(message, { jti: 'message-1' })],
    ['an id in capitals', (message) => withHeader(message, { jti: message.id.toUpperCase() })],
    ['an end that no calendar has', (message) => withHeader(message, { exp: Number.MAX_SAFE_INTEGER })],
  ];

  it.each(lines)('%s is a bad request, and harms no other line', async (_, make) => {
    const { vn, gb, message } = await sealed();
    const other = await sealByHand(vn, pingDraft({ senderUnit: UNIT }));
    const [bad, good] = await gb.accept([make(message), other.token], 'vn');
    expect(bad).toMatchObject({ problem: { code: 'bad_request' } });
    expect(good).toMatchObject({ jti: other.id, receipt: expect.any(String) });
    expect([...gb.tables.inbox.values()].map((row) => row.message.id)).toEqual([other.id]);
  });

  it('does not tell which rule it broke', async () => {
    const { gb, message } = await sealed();
    const answers = await gb.accept([`${message.token}=`, withHeader(message, { alg: 'x' }), '{}'], 'vn');
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"problem":{"code":"bad_request"}}']),
    );
  });
});

describe('an envelope that is not for here', () => {
  it.each([
    ['of a node other than the peer', { iss: 'kh' }, 'identity_mismatch'],
    ['to another node', { aud: 'kh' }, 'wrong_recipient'],
  ])('%s is refused', async (_, changes, code) => {
    const { gb, message } = await sealed();
    expect(await gb.accept([withHeader(message, changes)], 'vn')).toEqual([{ jti: message.id, problem: { code } }]);
    expect(gb.tables.inbox.size).toBe(0);
  });

  it('handed over by a partner that did not send it is refused', async () => {
    const { gb, message } = await sealed();
    expect(await gb.accept([message.token], 'kh')).toEqual([
      { jti: message.id, problem: { code: 'identity_mismatch' } },
    ]);
    expect(gb.tables.inbox.size).toBe(0);
  });

  it('larger than this node takes is refused', async () => {
    const { gb, message } = await sealed();
    const [answer] = await gb.accept([`${message.token}${'A'.repeat(200_000)}`], 'vn');
    expect(answer).toEqual({ problem: { code: 'too_large' } });
  });
});

describe('a fault of this machine', () => {
  it('is no refusal: the partner keeps its messages', async () => {
    const { gb, message } = await sealed();
    const partners = () => {
      throw new TraoError('unknown_sender');
    };
    const ports = { ...gb.ports.accept, self: { node: 'gb', partners } };
    await expect(accept([message.token], 'vn', ports)).rejects.toMatchObject({ code: 'unknown_sender' });
  });

  it('of one line says nothing about the message', async () => {
    const { gb, message } = await sealed();
    const clock = {
      now: () => {
        throw new Error('no time');
      },
    };
    expect(await accept([message.token], 'vn', { ...gb.ports.accept, clock })).toEqual([
      { jti: message.id, problem: { code: 'internal' } },
    ]);
  });
});
