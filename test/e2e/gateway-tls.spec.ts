import { readFileSync } from 'node:fs';
import { example } from '../harness/examples';
import { callGateway, handshake, identityOf, postMessages } from '../harness/gateway-client';
import { RogueSender } from '../harness/rogue-sender';
import { startTwoNodes, type TlsIdentity, type TwoNodes } from '../harness/two-nodes';

describe('who may speak to a gateway', () => {
  let nodes: TwoNodes;
  let vn: TlsIdentity;
  let strangers: Awaited<ReturnType<TwoNodes['strangers']>>;

  beforeAll(async () => {
    nodes = await startTwoNodes();
    vn = identityOf(nodes, 'vn');
    strangers = await nodes.strangers();
  });
  afterAll(() => nodes?.stop());

  const storedAtGb = async () => {
    const [row] = await (await nodes.database('gb')).query<{ n: number }>('SELECT count(*)::int AS n FROM inbox');
    return row!.n;
  };

  it('the partner, with its pinned certificate over TLS 1.3', async () => {
    const answer = await callGateway(nodes, 'gb', { identity: vn });

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      protocol: 1,
      directoryVersion: 1,
      directoryExpiresAt: expect.stringMatching(/Z$/),
      clock: expect.stringMatching(/Z$/),
    });
    expect(await handshake(nodes, 'gb', { identity: vn })).toBe('answered HTTP/1.1 200 OK');
  });

  it('gets the signed directory that everybody has', async () => {
    const answers = await Promise.all([
      callGateway(nodes, 'gb', { path: '/v1/directory', identity: vn }),
      callGateway(nodes, 'vn', { path: '/v1/directory', identity: identityOf(nodes, 'gb') }),
    ]);
    expect(answers[0].headers['content-type']).toMatch('application/jose+json');
    expect(answers[0].text).toBe(answers[1].text);
  });

  it.each<[string, () => TlsIdentity | undefined]>([
    ['without a certificate', () => undefined],
    ['with a certificate of an unknown CA', () => strangers.ofOtherCa],
    ['with a self-signed certificate', () => strangers.selfSigned],
    ['with the certificate of the gateway itself', () => identityOf(nodes, 'gb')],
  ])('nobody %s', async (_what, identity) => {
    const who = identity();
    expect(await handshake(nodes, 'gb', { identity: who })).toBe('refused');
    const { token } = await (await RogueSender.of(nodes)).seal(example('ping-vn-to-gb'));
    await expect(postMessages(nodes, 'gb', token, { identity: who })).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|EPIPE|ERR_SSL|EPROTO/),
    });
    expect(await storedAtGb()).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.1'] as const)('nobody over %s', async (version) => {
    const tls = { minVersion: version, maxVersion: version };
    expect(await handshake(nodes, 'gb', { identity: vn, tls })).toBe('refused');
  });

  it('nobody by a header that a proxy would set', async () => {
    const headers = { 'x-forwarded-client-cert': vn.cert.replaceAll('\n', ''), 'x-ssl-client-verify': 'SUCCESS' };
    await expect(callGateway(nodes, 'gb', { headers })).rejects.toThrow(
      /ECONNRESET|EPIPE|socket hang up|alert|certificate required/i,
    );
  });

  it('writes a refused handshake down, since the client learns nothing', async () => {
    const log = readFileSync(`${nodes.folder}/logs/gb-gateway.log`, 'utf8');
    const refused = log.split('\n').filter((line) => line.includes('TLS handshake refused'));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(new Set(refused.map((line) => (JSON.parse(line) as { tls: string }).tls)).size).toBeGreaterThanOrEqual(2);
  });
});
