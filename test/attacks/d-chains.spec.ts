import { PINS, ROWS } from '../integration/certificate-matrix';
import * as x from '../integration/certificates-extensions';
import {
  authorityExtensions,
  days,
  issue,
  issuedWith,
  keyOf,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeIntermediate,
  makeKey,
  withChain,
  type Authority,
} from '../integration/certificates-fixture';
import { call } from '../integration/gateway-caller';
import { authorities, honest, startTestGateway, type TestGateway } from '../integration/gateway-fixture';
import { assertServed, handOver, HONEST, ofVn, presented } from './presented';
import { signers } from './directories';

/**
 * Attack catalogue D: chains. All are presented to the gateway with the key that the directory pins, and where it could help the attacker
 * the directory pins the authority between too. The chains of x509-limbo go through the same settings in libs/conformance.
 */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.close());
afterEach(async () => {
  gateway.adopt({});
  // Whatever was presented, the next partner is served.
  await assertServed(gateway, honest.kh);
});

/** A certificate with the pinned key below authorities, which the directory pins beside Viet Nam's own. */
function below(...between: readonly [Authority, ...Authority[]]) {
  gateway.adopt({ vn: { ca: [authorities.vn, ...between].map(({ cert }) => cert), spki: [honest.vn.spki] } });
  const [lowest] = between;
  return withChain(makeCertificate('vn', lowest, days(30), { privateKey: keyOf(honest.vn) }), ...between);
}
const between = (extensions: readonly Buffer[], privateKey = makeKey()) =>
  makeIntermediate('ca.vn.between', authorities.vn, { privateKey, extensions });

it('D-01 every bad certificate of the matrix: no request gets through', async () => {
  gateway.adopt({ vn: PINS });
  const bad = ROWS.filter(({ asClient }) => asClient !== 'taken');
  expect(bad.length).toBeGreaterThan(25);
  for (const { certificate } of bad) {
    const called = await call(gateway.port, certificate, { path: '/v1/directory' });
    expect(called).not.toMatchObject({ status: 200 });
  }
});

it('D-02 a leaf signs another leaf', async () => {
  const leaf = { ...honest.vn, name: 'vn', privateKey: keyOf(honest.vn) };
  const forged = withChain(makeCertificate('kh', leaf, days(30), { privateKey: keyOf(honest.vn) }), leaf);
  expect(await presented(gateway, forged)).toBe('UNSPECIFIED');
  expect(await presented(gateway, below(between([x.basicConstraints({ ca: false })])))).toBe('INVALID_PURPOSE');
  expect(await presented(gateway, below(between(leafExtensions(x.CLIENT_AUTH))))).toBe('UNSPECIFIED');
});

describe('D-03 an authority that does not say that it is one', () => {
  it('D-03 without basic constraints', async () => {
    expect(await presented(gateway, below(between([x.keyUsage(x.CERT_SIGN)])))).toBe('INVALID_CA');
    expect(await presented(gateway, below(between([])))).toBe('INVALID_PURPOSE');
  });

  it('D-03 whose key must not sign certificates', async () => {
    const mute = between([x.basicConstraints({ ca: true }), x.keyUsage(x.DIGITAL_SIGNATURE)]);
    expect(await presented(gateway, below(mute))).toBe('UNSPECIFIED');
  });

  it('D-03 as the root: OpenSSL would take it, we do not, and no directory can pin it', async () => {
    const privateKey = makeKey();
    const root = {
      ...issue({ name: 'ca.vn', privateKey, extensions: [x.keyUsage(x.CERT_SIGN)] }),
      name: 'ca.vn',
      privateKey,
    };
    gateway.adopt({ vn: { ca: [root.cert], spki: [honest.vn.spki] } });
    const leaf = makeCertificate('vn', root, days(30), { privateKey: keyOf(honest.vn) });
    expect(await presented(gateway, leaf)).toBe('issuer_is_no_authority');
    const { adopt, edited, signAny } = await signers();
    expect(await adopt(await signAny(edited((_, [vn]) => (vn!.tls.ca = [root.cert]))))).toBe('directory_malformed');
  });
});

it('D-04 a path longer than an authority allows', async () => {
  const privateKey = makeKey();
  const short = between(authorityExtensions(privateKey, 0), privateKey);
  expect(await presented(gateway, below(short))).toBe('taken');
  expect(await presented(gateway, below(makeIntermediate('ca.vn.low', short), short))).toBe('PATH_LENGTH_EXCEEDED');
});

describe('D-05 an authority issues outside of its own country', () => {
  it('D-05 against a constraint on names', async () => {
    const privateKey = makeKey();
    const bound = between([...authorityExtensions(privateKey), x.permittedHosts('vn')], privateKey);
    below(bound);
    const named = (host: string) =>
      withChain(
        makeCertificate('vn', bound, days(30), {
          privateKey: keyOf(honest.vn),
          extensions: [...leafExtensions(x.CLIENT_AUTH), x.subjectAltName(host)],
        }),
        bound,
      );
    expect(await presented(gateway, named('gateway.vn'))).toBe('taken');
    expect(await presented(gateway, named('gateway.kh'))).toBe('UNSPECIFIED');
  });

  it('D-05 without one: a certificate in the name of another partner is worth nothing, and the alarm names who issued it', async () => {
    const inTheNameOfKh = makeCertificate('kh', authorities.vn, days(30), {
      extensions: [...HONEST, x.subjectAltName('gateway.kh.example')],
    });
    expect(await presented(gateway, inTheNameOfKh)).toBe('key_not_pinned');
    expect(gateway.alarms.at(-1)).toEqual({ kind: 'partner_tls', subject: 'vn', code: 'unknown_sender' });
  });

  it('D-05 with its own key: it is itself, whatever name stands in the certificate', async () => {
    const renamed = ofVn({ name: 'kh' });
    expect(await handOver(gateway, 'vn', renamed)).toMatchObject({ receipt: expect.any(String) as string });
    expect(await handOver(gateway, 'kh', renamed)).toMatchObject({ problem: { code: 'identity_mismatch' } });
  });

  it('D-05 in the directory: no unit of another country', async () => {
    const { adopt, edited, signAny } = await signers();
    const foreign = edited((_, __, [unit]) => (unit!.id = 'gb.police-two'));
    expect(await adopt(await signAny(foreign))).toBe('directory_malformed');
  });
});

describe('D-14 chains that are meant to keep a verifier busy', () => {
  it('D-14 authorities that have signed each other', async () => {
    const [one, two] = [makeKey(), makeKey()];
    const a = { name: 'A', privateKey: one };
    const b = { name: 'B', privateKey: two };
    const cross = (of: typeof a, by: typeof a) =>
      issue({ ...of, issuer: by, extensions: authorityExtensions(of.privateKey) });
    const leaf = makeCertificate('vn', a, days(30), { privateKey: keyOf(honest.vn) });
    const loop = withChain(leaf, cross(a, b), cross(b, a), cross(a, b), cross(b, a));
    expect(await presented(gateway, loop)).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
  });

  it.each([
    [20, 'authority_not_pinned'],
    // Beyond a hundred OpenSSL does not look.
    [110, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ])('D-14 a chain of %d authorities', async (length, verdict) => {
    const list: Authority[] = [];
    while (list.length < length) list.unshift(makeIntermediate(`deep.${list.length}`, list[0] ?? authorities.vn));
    const leaf = makeCertificate('vn', list[0]!, days(30), { privateKey: keyOf(honest.vn) });
    expect(await presented(gateway, withChain(leaf, ...list))).toBe(verdict);
  });

  it('D-14 a certificate with thousands of names', async () => {
    const names = (count: number) =>
      x.subjectAltName(...Array.from({ length: count }, (_, at) => `host-${at}.example`));
    expect(await presented(gateway, ofVn({ extensions: [...HONEST, names(3_000)] }))).toBe('taken');
    expect(await presented(gateway, ofVn({ extensions: [...HONEST, names(10_000)] }))).toBe(
      'ERR_SSL_EXCESSIVE_MESSAGE_SIZE',
    );
  });
});

it('D-15 a certificate signed by itself, with the name of one that is trusted', async () => {
  const privateKey = keyOf(honest.vn);
  for (const name of ['vn', 'ca.vn']) {
    const self = issue({ name, privateKey, extensions: leafExtensions(x.SERVER_AUTH, x.CLIENT_AUTH) });
    expect(await presented(gateway, self)).toMatch(/^(DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/);
    expect(await presented(gateway, withChain(self, authorities.vn))).not.toBe('taken');
  }
  const twin = makeAuthority('ca.vn');
  const leaf = makeCertificate('vn', twin, days(30), { privateKey });
  expect(await presented(gateway, withChain(leaf, twin))).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY/);
});

it('D other CA: the right key, certified by an authority that nobody pinned or by that of another partner', async () => {
  const privateKey = keyOf(honest.vn);
  const stranger = makeAuthority('ca.nowhere');
  expect(await presented(gateway, makeCertificate('vn', stranger, days(30), { privateKey }))).toBe(
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  );
  const extensions = [...leafExtensions(x.CLIENT_AUTH), issuedWith(authorities.kh)];
  const crossed = makeCertificate('vn', authorities.kh, days(30), { privateKey, extensions });
  expect(await presented(gateway, crossed)).toBe('authority_not_pinned');
});
