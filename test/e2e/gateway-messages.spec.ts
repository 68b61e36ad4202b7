import { gzipSync } from 'node:zlib';
import { contentDigest, MAX_BATCH_BYTES, MESSAGES_MEDIA_TYPE } from '../../libs/exchange';
import { example } from '../harness/examples';
import { callGateway, identityOf, postMessages } from '../harness/gateway-client';
import { RogueSender, tampered, type Change, type SealedMessage } from '../harness/rogue-sender';
import { startTwoNodes, type TlsIdentity, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

describe('messages at a gateway', () => {
  let nodes: TwoNodes;
  let vn: TlsIdentity;
  let rogue: RogueSender;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    vn = identityOf(nodes, 'vn');
    rogue = await RogueSender.of(nodes);
  });
  afterAll(() => nodes?.stop());

  const post = (...tokens: readonly string[]) => postMessages(nodes, 'gb', tokens.join('\n'), { identity: vn });
  const seal = (change: Change = {}) => rogue.seal(REFERRAL, change);

  async function atGb<R>(sql: string, ...parameters: readonly unknown[]): Promise<R[]> {
    return (await nodes.database('gb')).query<R>(sql, parameters);
  }
  const inboxOf = (id: string) =>
    atGb<{ state: string; digest: string }>('SELECT state, digest FROM inbox WHERE id = $1', id);

  describe('that are honest', () => {
    it('are stored once, and the same bytes again get the same receipt bytes', async () => {
      const [one, two] = [await seal(), await seal()];
      const first = await post(one.token, two.token);
      expect(first.status).toBe(200);
      expect(first.headers['content-type']).toMatch('application/jsonl');
      expect(first.lines).toEqual([one, two].map(({ id }) => ({ jti: id, receipt: expect.any(String) })));

      const again = await Promise.all(Array.from({ length: 20 }, () => post(one.token, two.token)));
      for (const { text } of again) expect(text).toBe(first.text);
      // Also when they come alone, in another order, or twice in one batch.
      const mixed = await post(two.token, one.token, two.token);
      expect(mixed.lines.map(({ receipt }) => receipt)).toEqual([1, 0, 1].map((line) => first.lines[line]?.receipt));
      for (const { id } of [one, two]) expect(await inboxOf(id)).toHaveLength(1);
    });

    it('get one receipt when 50 copies come at the same moment', async () => {
      const { token, id } = await seal();
      const answers = await Promise.all(Array.from({ length: 50 }, () => post(token)));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers[0]?.lines[0]?.receipt).toEqual(expect.any(String));
      expect(await inboxOf(id)).toHaveLength(1);
      const receipts = await atGb(`SELECT 1 FROM receipt WHERE message_id = $1 AND event = 'received'`, id);
      expect(receipts).toHaveLength(1);
    });
  });

  it('with a known id and other content: refused, both kept, alarm', async () => {
    const first = await seal();
    const second = await seal({ header: { messageId: first.id } });
    await post(first.token);
    const { lines } = await post(second.token);
    expect(lines).toEqual([{ jti: first.id, problem: { code: 'id_reused' } }]);
    expect((await inboxOf(first.id)).map(({ digest }) => digest)).toEqual([first.digest]);
    const kept = await atGb('SELECT digest, sealed FROM inbox_conflict WHERE id = $1', first.id);
    expect(kept).toEqual([{ digest: second.digest, sealed: second.token }]);
    expect(await atGb(`SELECT kind, code FROM alarm WHERE subject = $1`, first.id)).toContainEqual({
      kind: 'id_reused',
      code: 'id_reused',
    });
    expect((await post(first.token)).lines[0]?.receipt).toEqual(expect.any(String));
  });

  describe('that a gateway can refuse, it refuses and stores nothing of', () => {
    it.each<[string, Change, string]>([
      ['for another node', { recipientNode: 'au' }, 'wrong_recipient'],
      ['from another node than the certificate’s', { senderNode: 'au' }, 'identity_mismatch'],
      ['that claims to be from the recipient itself', { senderNode: 'gb' }, 'identity_mismatch'],
    ])('%s', async (_what, change, code) => {
      const { token, id } = await seal(change);
      expect((await post(token)).lines).toEqual([{ jti: id, problem: { code } }]);
      expect(await inboxOf(id)).toEqual([]);
    });

    it.each<[string, (token: string) => string]>([
      ['white space', (token) => `${token} `],
      ['padding', (token) => `${token}=`],
      ['a segment too few', (token) => token.split('.').slice(0, 4).join('.')],
      ['a segment too many', (token) => `${token}.AA`],
      ['a JSON serialisation', (token) => JSON.stringify({ ciphertext: token.split('.')[3] })],
      ['a header that is no JSON', (token) => ['AAAA', ...token.split('.').slice(1)].join('.')],
      ['an extra header member', (token) => withOuter(token, { jku: 'https://127.0.0.1/' })],
      ['zip', (token) => withOuter(token, { zip: 'DEF' })],
      ['another algorithm', (token) => withOuter(token, { alg: 'none' })],
      ['a lane that does not exist', (token) => withOuter(token, { pri: 'first' })],
    ])('with %s', async (_what, change) => {
      const { token, id } = await seal();
      const { status, lines } = await post(change(token));
      expect(status).toBe(200);
      expect(lines.map(({ problem, receipt }) => ({ code: problem?.code, receipt }))).toEqual([
        { code: 'bad_request', receipt: undefined },
      ]);
      expect(await inboxOf(id)).toEqual([]);
    });

    it('refuses one line and takes the others', async () => {
      const [good, bad, alsoGood] = [await seal(), await seal({ recipientNode: 'au' }), await seal()];
      const { lines } = await post(good.token, bad.token, alsoGood.token);
      expect(lines.map(({ jti, receipt }) => [jti, receipt !== undefined])).toEqual([
        [good.id, true],
        [bad.id, false],
        [alsoGood.id, true],
      ]);
    });
  });

  describe('that only the worker can refuse, all look the same from outside', () => {
    const CASES: readonly [string, () => Promise<SealedMessage>, string][] = [
      ['expired', () => seal({ issuedAt: ago(30), expiresAt: ago(1) }), 'expired'],
      ['with a changed encapsulated key', () => damaged(1), 'undecryptable'],
      ['with a changed ciphertext', () => damaged(3), 'undecryptable'],
      ['with a changed header', async () => relabelled({ iat: Math.floor(Date.now() / 1000) - 7 }), 'undecryptable'],
      ['with a key id that nobody has', async () => relabelled({ kid: 'nobody' }), 'undecryptable'],
      ['signed by another unit', () => seal({ signAs: 'vn.mnd-border' }), 'undecryptable'],
      ['of another trust domain', () => seal({ trustDomain: 'production' }), 'policy_blocked'],
      ['sealed to another unit than addressed', () => seal({ sealTo: 'gb.nca' }), 'unknown_unit'],
    ];

    async function damaged(segment: number): Promise<SealedMessage> {
      const sealed = await seal();
      return { ...sealed, token: tampered(sealed.token, segment) };
    }
    async function relabelled(members: object): Promise<SealedMessage> {
      const sealed = await seal();
      return { ...sealed, token: withOuter(sealed.token, members) };
    }

    const shapes = new Set<string>();

    it.each(CASES)('%s', async (_what, make, code) => {
      const { token, id } = await make();
      const { status, headers, lines } = await post(token);
      expect(lines).toEqual([{ jti: id, receipt: expect.any(String) }]);
      const claims = JSON.parse(Buffer.from(lines[0]!.receipt!.split('.')[1]!, 'base64url').toString()) as object;
      shapes.add(JSON.stringify([status, headers['content-type'], Object.keys(claims), lines[0]!.receipt!.length]));

      await waitFor(`${id} to be refused`, async () => (await inboxOf(id))[0]?.state === 'refused');
      const receipts = await atGb(
        `SELECT event, code FROM receipt WHERE message_id = $1 ORDER BY issued_at, event DESC`,
        id,
      );
      expect(receipts).toEqual(expect.arrayContaining([{ event: 'refused', code }]));
      expect(await atGb('SELECT 1 FROM case_event WHERE message_id = $1', id)).toEqual([]);
    });

    it('one status, one form, one length', () => expect([...shapes]).toHaveLength(1));
  });

  describe('in a request that is wrong as a whole', () => {
    let body: string;
    const call = (bytes: string | Uint8Array, headers: Record<string, string> = {}) =>
      postMessages(nodes, 'gb', bytes, { identity: vn, headers });

    beforeAll(async () => {
      body = (await seal()).token;
    });

    it.each<[string, () => ReturnType<typeof call>, number, string]>([
      ['wrong Content-Digest', () => call(body, { 'content-digest': contentDigest('other') }), 400, 'digest_mismatch'],
      [
        'Content-Digest in another algorithm',
        () => call(body, { 'content-digest': 'sha-512=:AAAA:' }),
        400,
        'digest_mismatch',
      ],
      ['compressed', () => call(gzipSync(body), { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type'],
      ['JSON', () => call(body, { 'content-type': 'application/json' }), 415, 'unsupported_media_type'],
      ['empty', () => call(''), 400, 'bad_request'],
      ['65 lines', () => call(Array.from({ length: 65 }, () => body).join('\n')), 413, 'too_large'],
    ])('%s', async (_what, make, status, code) => {
      const answer = await make();
      expect({ status: answer.status, code: answer.lines[0]?.code }).toEqual({ status, code });
      expect(answer.headers['content-type']).toMatch('application/problem+json');
    });

    it('without Content-Digest', async () => {
      const headers = { 'content-type': MESSAGES_MEDIA_TYPE };
      const answer = await callGateway(nodes, 'gb', {
        method: 'POST',
        path: '/v1/messages',
        identity: vn,
        headers,
        body,
      });
      expect({ status: answer.status, code: answer.lines[0]?.code }).toEqual({ status: 400, code: 'digest_mismatch' });
    });

    it('larger than 8 MiB', async () => {
      // The gateway may close before it has read everything: the client then sees the connection break instead of the answer.
      const seen = await call('A'.repeat(MAX_BATCH_BYTES + 1)).then(
        ({ status, lines }) => `${status} ${lines[0]?.code}`,
        () => 'connection closed',
      );
      expect(['413 too_large', 'connection closed']).toContain(seen);
      expect((await call(body)).status).toBe(200);
    });

    it('64 lines are taken', async () => {
      const messages = await Promise.all(Array.from({ length: 64 }, () => seal()));
      const { lines } = await post(...messages.map(({ token }) => token));
      expect(lines.filter(({ receipt }) => receipt !== undefined)).toHaveLength(64);
    });

    it.each(['/v1/messages', '/v1/receipts', '/', '/v1/units/gb.nca/inbox', '/health/ready'])(
      'GET %s: nothing there',
      async (where) => {
        const { status } = await callGateway(nodes, 'gb', { path: where, identity: vn });
        expect(status).toBe(404);
      },
    );
  });
});

/** A token with members of its outer header set; its encryption then no longer fits. */
function withOuter(token: string, members: object): string {
  const [header, ...rest] = token.split('.') as [string, ...string[]];
  const changed = { ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object), ...members };
  return [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.');
}
