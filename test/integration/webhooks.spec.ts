import { generateKeyPairSync } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { checkTarget, openWebhooks, readRanges, readWebhookKey, type Webhooks } from '../../libs/webhooks';
import { CA, isSigned, newKey, startReceiver, type Receiver } from './webhooks-fixture';

const key = readWebhookKey(newKey().pem);
const HERE = readRanges('127.0.0.0/8, ::1/128');
const NOWHERE = readRanges('');

const open: Receiver[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function receiver(...options: Parameters<typeof startReceiver>): Promise<Receiver> {
  const one = await startReceiver(...options);
  open.push(one);
  return one;
}

/** Answers names as a name server of ours would. */
const names = (table: Readonly<Record<string, readonly string[]>>) =>
  ((hostname: string, _options: object, done: (error: Error | null, found: LookupAddress[]) => void) => {
    const found = (table[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    done(found.length > 0 ? null : Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), found);
  }) as unknown as NonNullable<Parameters<typeof openWebhooks>[0]['resolver']>;

const body = JSON.stringify({ type: 'alert.raised', data: { kind: 'no_workers', title: 'Không có worker' } });

describe('a webhook', () => {
  it.each(['http', 'https'] as const)('over %s is signed so that a receiver can verify it', async (scheme) => {
    const target = await receiver(scheme);
    const at = new Date('2026-11-29T12:00:00.999Z');
    const webhooks = openWebhooks({ key, rules: HERE, ca: CA, now: () => at });
    await webhooks.post(target.url, 'tell-1', body);
    const [heard] = target.heard;
    expect(heard).toMatchObject({
      path: '/alerts?of=vn',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'tell-1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      },
    });
    expect(isSigned(heard!, webhooks.publicKey)).toBe(true);
    expect(isSigned(heard!, readWebhookKey(newKey().pem).publicKey)).toBe(false);
    expect(isSigned({ ...heard!, body: `${body} ` }, webhooks.publicKey)).toBe(false);
    expect(isSigned({ ...heard!, headers: { ...heard!.headers, 'webhook-id': 'tell-2' } }, webhooks.publicKey)).toBe(
      false,
    );
  });

  it('goes to no target with a certificate that is not trusted or of another host', async () => {
    const [target, other] = [await receiver('https'), await receiver('https', 'other.example')];
    const webhooks = (ca?: string) =>
      openWebhooks({ key, rules: HERE, ca, resolver: names({ localhost: ['127.0.0.1'] }) });
    await expect(webhooks().post(target.url, 'id', body)).rejects.toMatchObject({ code: 'webhook_unavailable' });
    await expect(webhooks(CA).post(`https://localhost:${other.port}/`, 'id', body)).rejects.toMatchObject({
      code: 'webhook_unavailable',
      detail: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect([...target.heard, ...other.heard]).toEqual([]);
  });

  it.each([
    [200, undefined],
    [204, undefined],
    [301, 'webhook_refused'],
    [400, 'webhook_refused'],
    [404, 'webhook_refused'],
    [410, 'webhook_gone'],
    [429, 'webhook_unavailable'],
    [500, 'webhook_unavailable'],
    [503, 'webhook_unavailable'],
  ])('that is answered with %d ends so', async (status, code) => {
    const target = await receiver('http');
    target.status = status;
    const posting = openWebhooks({ key, rules: HERE }).post(target.url, 'id', body);
    const end = await posting.then(
      () => undefined,
      (error: { readonly code: string }) => error.code,
    );
    expect(end).toBe(code);
    expect(target.heard).toHaveLength(1);
  });

  it('follows no redirect, to wherever it points', async () => {
    const [target, inside] = [await receiver('http'), await receiver('http')];
    for (const status of [301, 302, 303, 307, 308]) {
      target.status = status;
      target.headers = { location: inside.url };
      await expect(openWebhooks({ key, rules: HERE }).post(target.url, 'id', body)).rejects.toMatchObject({
        code: 'webhook_refused',
        detail: `HTTP ${status}`,
      });
    }
    expect(inside.heard).toEqual([]);
  });

  it('reads no more of an answer than it has to', async () => {
    const target = await receiver('http');
    target.bytes = 50_000_000;
    await openWebhooks({ key, rules: HERE }).post(target.url, 'id', body);
    expect(target.heard).toHaveLength(1);
  });

  it('waits for no target that does not answer', async () => {
    const target = await receiver('http');
    target.bytes = -1;
    await expect(openWebhooks({ key, rules: HERE, timeoutMs: 200 }).post(target.url, 'id', body)).rejects.toMatchObject(
      {
        code: 'webhook_unavailable',
      },
    );
  });

  it('to a target that is away says so, and nothing of its address', async () => {
    const target = await receiver('http');
    await target.close();
    const fault = await openWebhooks({ key, rules: HERE })
      .post(target.url, 'id', body)
      .catch((error: unknown) => error as Error);
    expect(fault).toMatchObject({ code: 'webhook_unavailable', detail: 'ECONNREFUSED' });
    expect(JSON.stringify([(fault as Error).message, (fault as { cause?: unknown }).cause])).not.toContain('127.0.0.1');
  });
});

describe('an address inside', () => {
  const INSIDE = [
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.0.0.5',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '192.0.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:10.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    // Other ways to write IPv4, which the parser of addresses reads.
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '127.1',
    '0x7f.1',
    '2852039166',
  ];

  it.each(INSIDE)('is refused before anything is opened: https://%s', async (host) => {
    const webhooks = openWebhooks({ key, rules: NOWHERE });
    expect(() => checkTarget(`https://${host}/`, NOWHERE)).toThrow(
      expect.objectContaining({ code: 'target_not_allowed' }),
    );
    await expect(webhooks.post(`https://${host}/`, 'id', body)).rejects.toMatchObject({ code: 'target_not_allowed' });
  });

  const sent = async (webhooks: Webhooks, target: Receiver, host: string) => {
    const end = await webhooks.post(`http://${host}:${target.port}/`, 'id', body).catch((error: unknown) => error);
    return { code: (end as { code?: string } | undefined)?.code, heard: target.heard.length };
  };

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback of IPv6', ['::1']],
    ['a private network in the clothes of IPv6', ['::ffff:10.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['link-local with a zone', ['fe80::1%lo']],
    ['a public address and loopback', ['93.184.216.34', '127.0.0.1']],
  ])('is refused where a name stands for it: %s', async (_what, addresses) => {
    const target = await receiver('https');
    const webhooks = openWebhooks({ key, rules: NOWHERE, ca: CA, resolver: names({ 'hook.example': addresses }) });
    await expect(webhooks.post(`https://hook.example:${target.port}/`, 'id', body)).rejects.toMatchObject({
      code: 'target_not_allowed',
    });
    expect(target.heard).toEqual([]);
  });

  it('is refused where the real resolver of this machine answers with it', async () => {
    const target = await receiver('https');
    const webhooks = openWebhooks({ key, rules: NOWHERE, ca: CA });
    await expect(webhooks.post(target.url, 'id', body)).rejects.toMatchObject({ code: 'target_not_allowed' });
    expect(target.heard).toEqual([]);
  });

  it('is spoken to where its range is allowed, and its neighbours are not', async () => {
    const target = await receiver('http');
    const webhooks = (ranges: string) => openWebhooks({ key, rules: readRanges(ranges) });
    expect(await sent(webhooks('127.0.0.1/32'), target, '127.0.0.1')).toEqual({ code: undefined, heard: 1 });
    expect(await sent(webhooks('127.0.0.0/8'), target, '[::ffff:127.0.0.1]')).toMatchObject({
      code: undefined,
      heard: 2,
    });
    expect(await sent(webhooks('127.0.0.2/31'), target, '127.0.0.1')).toEqual({ code: 'target_not_allowed', heard: 2 });
    expect(await sent(webhooks('10.0.0.0/8, fd00::/8'), target, '127.0.0.1')).toMatchObject({
      code: 'target_not_allowed',
    });
  });

  it('is looked at again when a name that was public means something else', async () => {
    const target = await receiver('https', 'hook.example');
    const table = { 'hook.example': ['127.0.0.1'] };
    const webhooks = openWebhooks({ key, rules: HERE, ca: CA, resolver: names(table) });
    await webhooks.post(`https://hook.example:${target.port}/`, 'id', body);
    table['hook.example'] = ['10.0.0.1'];
    await expect(webhooks.post(`https://hook.example:${target.port}/`, 'id', body)).rejects.toMatchObject({
      code: 'target_not_allowed',
    });
    expect(target.heard).toHaveLength(1);
  });
});

describe('plain HTTP', () => {
  it.each(['http://93.184.216.34/', 'http://[2606:2800:220:1::1]/'])('goes to no address outside: %s', (target) => {
    expect(() => checkTarget(target, HERE)).toThrow(expect.objectContaining({ code: 'target_not_allowed' }));
    expect(checkTarget(target.replace('http:', 'https:'), NOWHERE).protocol).toBe('https:');
  });

  it('goes to no name that is outside', async () => {
    const webhooks = openWebhooks({ key, rules: HERE, resolver: names({ 'hook.example': ['93.184.216.34'] }) });
    await expect(webhooks.post('http://hook.example/', 'id', body)).rejects.toMatchObject({
      code: 'target_not_allowed',
    });
  });
});

it.each([
  '',
  'hook.example',
  'ftp://hook.example/',
  'file:///etc/passwd',
  'https://me@hook.example/',
  'https://:x@hook.example/',
])('a target that is no web address is refused: %j', (target) => {
  expect(() => checkTarget(target, NOWHERE)).toThrow(expect.objectContaining({ code: 'bad_request' }));
});

it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/0', 'fd00::/129', 'example/8', '10.0.0.0/8/8', '10.0.0.0/-1', 'all'])(
  'a range that is none stops the start: %s',
  (range) => {
    expect(() => readRanges(range)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  },
);

describe('the key', () => {
  it('is read as PEM and as JWK, and shows the same public key', () => {
    const { pem, jwk } = newKey();
    expect(readWebhookKey(pem).publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(readWebhookKey(jwk).publicKey).toBe(readWebhookKey(pem).publicKey);
  });

  it('of RFC 8032, test 2 gives the public key that stands there', () => {
    const d = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex').toString(
      'base64url',
    );
    const x = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex');
    const jwk = { kty: 'OKP', crv: 'Ed25519', d, x: x.toString('base64url') };
    expect(readWebhookKey(JSON.stringify(jwk)).publicKey).toBe(`whpk_${x.toString('base64')}`);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a public key', '{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}'],
    [
      'a key of RSA',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ],
    ['a key of X25519', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string],
  ])('that is %s stops the start, and is not repeated', (_what, text) => {
    let fault: unknown;
    try {
      readWebhookKey(text);
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({ code: 'config_invalid' });
    const [part] = text.match(/[A-Za-z0-9+/_-]{20,}/) ?? ['nothing of it'];
    expect((fault as Error).message).not.toContain(part);
  });
});
