import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { DirectoryKey } from '../../libs/schema';
import { importSigningKey } from '../../libs/envelope';
import { pingDraft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import * as x from '../integration/certificates-extensions';
import {
  days,
  derOf,
  keyOf,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeKey,
} from '../integration/certificates-fixture';
import { call } from '../integration/gateway-caller';
import { authorities, honest, startTestGateway, type TestGateway } from '../integration/gateway-fixture';
import { threeCountries, verdictOf } from './countries';
import { signers } from './directories';
import { handOver, ofVn, presented } from './presented';
import { ALERT, attack, RECORD } from './tls13-client';

/** Attack catalogue D: who it is. Identity is the pinned key on each request, and nothing else that somebody says or shows. */
let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway?.close());

const receipt = { receipt: expect.any(String) as string };
const mismatch = { problem: { code: 'identity_mismatch' } };

describe('D-06 a key in a use that is not its own', () => {
  /** A key as the directory would list it. */
  const listed = (kid: string): DirectoryKey => {
    const jwk = createPublicKey(honest.vn.key).export({ format: 'jwk' }) as DirectoryKey['jwk'];
    return { kid, jwk, notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' };
  };

  it('D-06 a TLS key as signing key, or as receipt key: no directory has both', async () => {
    const { adopt, edited, signAny } = await signers();
    const pins = { ca: [authorities.vn.cert], spki: [honest.vn.spki] };
    const signing = edited((_, [vn], [unit]) => {
      vn!.tls = pins;
      unit!.signingKeys.push(listed('tls'));
    });
    expect(await adopt(await signAny(signing))).toBe('directory_key_reused');
    const receipts = edited((_, [vn]) => {
      vn!.tls = pins;
      vn!.receiptKeys.push(listed('tls'));
    });
    expect(await adopt(await signAny(receipts))).toBe('directory_key_reused');
  });

  it('D-06 a message signed with the TLS key', async () => {
    const { vn, gb } = await threeCountries();
    const jwk = keyOf(honest.vn).export({ format: 'jwk' }) as Parameters<typeof importSigningKey>[1];
    const verdict = async (kid: string) => {
      const signingKey = await importSigningKey(kid, jwk);
      const { token } = await sealByHand(vn, pingDraft({ senderUnit: 'vn.mps-criminal' }), {}, { signingKey });
      return verdictOf(gb, token, 'vn');
    };
    expect(await verdict('vn.mps-criminal.sig1')).toBe('bad_signature');
    // Under an id that no directory lists yet it waits for one that does, and none ever will.
    expect(await verdict('tls')).toBe('held');
  });

  it('D-06 a signing key as TLS key: it is not pinned', async () => {
    expect(await presented(gateway, makeCertificate('vn', authorities.vn, days(30), { privateKey: makeKey() }))).toBe(
      'key_not_pinned',
    );
  });

  it('D-06 a certificate for signing code, or for a server alone, as that of a client', async () => {
    for (const use of [x.CODE_SIGNING, x.SERVER_AUTH])
      expect(await presented(gateway, ofVn({ extensions: leafExtensions(use) }))).toBe('INVALID_PURPOSE');
  });
});

describe('D-16 two partners with one name', () => {
  it('D-16 in their certificates: each is who its key says', async () => {
    const vn = makeCertificate('gateway', authorities.vn, days(30), { privateKey: keyOf(honest.vn) });
    const kh = makeCertificate('gateway', authorities.kh, days(30), { privateKey: keyOf(honest.kh) });
    expect(await handOver(gateway, 'vn', vn)).toMatchObject(receipt);
    expect(await handOver(gateway, 'kh', kh)).toMatchObject(receipt);
    expect(await handOver(gateway, 'vn', kh)).toMatchObject(mismatch);
    expect(await handOver(gateway, 'kh', vn)).toMatchObject(mismatch);
  });

  it('D-16 of their authorities: OpenSSL might look for the wrong one, so no directory has both', async () => {
    const twin = makeAuthority('ca.vn');
    const bare = (issuer: typeof twin) => makeCertificate('x', issuer, days(30), { extensions: leafExtensions() });
    const [vn, kh] = [bare(authorities.vn), bare(twin)];
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [vn.spki] }, kh: { ca: [twin.cert], spki: [kh.spki] } });
    const verdicts = [await presented(gateway, vn), await presented(gateway, kh)];
    expect(verdicts).toContain('CERT_SIGNATURE_FAILURE'); // one of the two is kept out
    const { adopt, edited, signAny } = await signers();
    const both = edited((_, [one, two]) => {
      one!.tls.ca = [authorities.vn.cert];
      two!.tls.ca = [twin.cert];
    });
    expect(await adopt(await signAny(both))).toBe('directory_malformed');
  });
});

it('D-17 a new key under the same name: nobody until the directory pins it', async () => {
  const rekeyed = makeCertificate('vn', authorities.vn);
  expect(await presented(gateway, rekeyed)).toBe('key_not_pinned');
  gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [honest.vn.spki, rekeyed.spki] } });
  expect(await presented(gateway, rekeyed)).toBe('taken');
  expect(await presented(gateway, honest.vn)).toBe('taken');
  gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [rekeyed.spki] } });
  expect(await presented(gateway, honest.vn)).toBe('key_not_pinned');
});

describe('D-18 somebody who does not have the key', () => {
  const ask = Buffer.from('GET /v1/health HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n');
  const after = { type: RECORD.data, bytes: ask };

  it('D-18 presents the certificate of a partner: the handshake asks for a signature', async () => {
    const chain = [derOf(honest.vn.cert)];
    const owner = await attack(gateway.port, { chain, key: keyOf(honest.vn), after });
    expect(owner.text).toContain('200 OK');
    const thief = await attack(gateway.port, { chain, key: makeKey(), after });
    expect(thief).toEqual({ alerts: [ALERT.decryptError], text: '' });
    expect(gateway.log.text()).toContain('"tls":"ERR_SSL_PROVIDER_SIGNATURE_FAILURE"');
  });

  it('D-18 has a request for a certificate made out with it: a pin of two nodes is no directory', async () => {
    const { adopt, edited, signAny } = await signers();
    const claimed = edited((_, [vn, gb]) => (gb!.tls.spki = [vn!.tls.spki[0]!]));
    expect(await adopt(await signAny(claimed))).toBe('directory_key_reused');
  });
});

describe('D-23 headers of a proxy', () => {
  const line = (pem: string) => encodeURIComponent(pem);
  const spoofed = {
    'x-ssl-client-verify': 'SUCCESS',
    'x-ssl-client-s-dn': 'CN=kh',
    'x-ssl-client-cert': line(honest.kh.cert),
    'ssl-client-cert': line(honest.kh.cert),
    'x-client-cert': line(honest.kh.cert),
    'x-forwarded-client-cert': `Hash=${honest.kh.spki};Cert="${line(honest.kh.cert)}";Subject="CN=kh"`,
    'client-cert': `:${derOf(honest.kh.cert).toString('base64')}:`,
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1;by=gateway;proto=https',
  };

  it('D-23 make nobody another', async () => {
    expect(await handOver(gateway, 'vn', honest.vn, spoofed)).toMatchObject(receipt);
    expect(await handOver(gateway, 'kh', honest.vn, spoofed)).toMatchObject(mismatch);
  });

  it('D-23 make nobody somebody', async () => {
    const stranger = makeCertificate('kh', authorities.vn);
    expect(await call(gateway.port, stranger, { headers: spoofed })).toMatchObject({ status: 403 });
    expect(await call(gateway.port, undefined, { headers: spoofed })).toHaveProperty('refused');
  });

  it('D-23 in front of TLS, as a load balancer would write them: that is no TLS', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET /v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    await once(socket, 'close');
    expect(text).not.toContain('HTTP/1.1 200');
  });
});

describe('D other partner', () => {
  it('D other partner’s valid certificate: it may speak for itself alone', async () => {
    expect(await handOver(gateway, 'kh', honest.kh)).toMatchObject(receipt);
    expect(await handOver(gateway, 'vn', honest.kh)).toMatchObject(mismatch);
    expect([...gateway.node.tables.inbox.keys()].map((key) => key.split(' ')[0])).toEqual(['kh']);
  });

  it('D the gateway’s own certificate, and that of a node that is no partner any more', async () => {
    expect(await presented(gateway, honest.gb)).toBe('SELF_SIGNED_CERT_IN_CHAIN');
    gateway.adopt({ kh: undefined });
    expect(await presented(gateway, honest.kh)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('D no certificate at all', async () => {
    expect(await presented(gateway, undefined)).toBe('ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
  });
});
