import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, connect } from 'node:tls';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { generateKeyPair, importSigningKey } from '../../libs/envelope';
import { DirectoryKeeper } from '../../libs/platform';
import type { GovernanceKey } from '../../libs/schema';
import { PartnerClient } from '../../libs/transport';
import { Partners, signDirectory } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import * as x from '../integration/certificates-extensions';
import { days, derOf, keyOf, makeCertificate } from '../integration/certificates-fixture';
import { authorities, honest, startTestGateway, type TestGateway } from '../integration/gateway-fixture';
import { caughtLog } from '../integration/log-fixture';
import { startPartner } from '../integration/partner-fixture';
import { NOW, signers, type Signers } from './directories';
import { HONEST, ofVn, presented } from './presented';

/**
 * Attack catalogue D: what ends trust. Revocation is the directory's business: nothing is asked of an authority, so nothing that an
 * authority's server says, leaves out, delays or makes large has any effect. What a new directory takes away is gone at the next request.
 */
let gateway: TestGateway;
let visitors: number;
let authority: Server;
let url: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  visitors = 0;
  authority = createServer((_request, response) => {
    visitors += 1;
    response.end('a list that says anything');
  });
  authority.listen(0, '127.0.0.1');
  await once(authority, 'listening');
  url = `http://127.0.0.1:${(authority.address() as AddressInfo).port}`;
});
afterAll(async () => {
  authority.close();
  await gateway?.close();
});

/** Our client against a server with this certificate. */
async function callServer(certificate: typeof honest.vn): Promise<string> {
  const partner = await startPartner(certificate, { ca: authorities.gb.cert });
  partner.answer((response) => response.end('{"jti":"1","receipt":"r"}\n'));
  const target = { id: 'vn', endpoint: partner.endpoint.endpoint, ca: [authorities.vn.cert], spki: [honest.vn.spki] };
  const client = new PartnerClient(
    () => honest.gb,
    () => target,
  );
  try {
    return JSON.stringify(await client.postMessages('vn', ['t']));
  } finally {
    await client.close();
    await partner.close();
  }
}

it('D-08 lists of revoked certificates: none is fetched, whatever it would say', async () => {
  const listed = ofVn({ extensions: [...HONEST, x.crlDistributionPoint(`${url}/list.crl`)] });
  expect(await presented(gateway, listed)).toBe('taken');
  expect(await callServer(listed)).toContain('"receipt":"r"');
  expect(visitors).toBe(0);
  // The server of the authority does count.
  await fetch(`${url}/list.crl`);
  expect(visitors).toBe(1);
  // What revokes is the directory, and at once: the same certificate on the next request.
  gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [honest.kh.spki] } });
  expect(await presented(gateway, listed)).toBe('key_not_pinned');
  gateway.adopt({});
});

describe('D-09 the word of an OCSP responder', () => {
  it('D-09 is not asked for, by neither side', async () => {
    visitors = 0;
    const listed = ofVn({ extensions: [...HONEST, x.ocspResponder(`${url}/ocsp`)] });
    expect(await presented(gateway, listed)).toBe('taken');
    expect(await callServer(listed)).toContain('"receipt":"r"');
    expect(visitors).toBe(0);
  });

  it('D-09 is not asked for stapled to the handshake', async () => {
    let asked = 0;
    const server = createTlsServer({ cert: honest.vn.cert, key: honest.vn.key }, (socket) => socket.end());
    server.on('OCSPRequest', (_certificate, _issuer, done) => {
      asked += 1;
      done(null, Buffer.from('good'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const target = {
      id: 'vn',
      endpoint: `https://127.0.0.1:${port}`,
      ca: [authorities.vn.cert],
      spki: [honest.vn.spki],
    };
    const client = new PartnerClient(
      () => honest.gb,
      () => target,
    );
    await expect(client.postMessages('vn', ['t'])).rejects.toMatchObject({ code: 'partner_tls' });
    expect(asked).toBe(0);
    // A client that does ask is heard by this server.
    const asking = connect({
      port,
      host: '127.0.0.1',
      ca: authorities.vn.cert,
      requestOCSP: true,
      checkServerIdentity: () => undefined,
    });
    asking.resume();
    await once(asking, 'close');
    expect(asked).toBe(1);
    await client.close();
    server.close();
  });
});

describe('D-19 the trust anchor is swapped', () => {
  const folder = makeTempFolder('anchor');
  afterAll(() => removeTempFolder(folder));
  let honestSigners: Signers;
  beforeAll(async () => {
    honestSigners = await signers();
  });

  /** Starts what keeps the directory, with what this node has adopted before. Answers the version in force, or why there is none. */
  async function start(
    trustAnchor: unknown,
    file: Uint8Array | string,
    adopted: readonly Uint8Array[],
  ): Promise<number | string> {
    const directoryFile = path.join(folder, 'directory.json');
    writeFileSync(directoryFile, file);
    const started = DirectoryKeeper.start({
      node: 'gb',
      directoryFile,
      trustAnchor: JSON.stringify(trustAnchor),
      store: { adopted: () => Promise.resolve([...adopted]), keep: () => Promise.resolve() },
      raiseAlarm: () => Promise.resolve(),
      logger: caughtLog().logger,
      now: () => NOW,
    });
    try {
      const keeper = await started;
      await keeper.stop();
      return keeper.partners().directory.version;
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  /** An anchor, and a directory, that one attacker alone has signed. */
  async function attacker() {
    const kid = 'vn.gov9';
    const { publicJwk, privateJwk } = await generateKeyPair('Ed25519');
    const validity = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' } as const;
    const key: GovernanceKey = { kid, node: 'vn', jwk: publicJwk as GovernanceKey['jwk'], ...validity };
    const governance = { threshold: 1, keys: [key] };
    const { trustDomain } = honestSigners.directory;
    const directory = { ...honestSigners.directory, version: 8, governance };
    const signed = Buffer.from(await signDirectory(directory, [await importSigningKey(kid, privateJwk)]));
    return { anchor: { trustDomain, governance }, signed };
  }

  it('D-19 alone: what is signed by the countries is nothing under it', async () => {
    const { anchor } = await attacker();
    const signed = await honestSigners.signAny(honestSigners.directory);
    expect(await start(honestSigners.anchor, signed, [signed])).toBe(7);
    expect(await start(anchor, signed, [])).toBe('directory_below_threshold');
    expect(await start(anchor, signed, [signed])).toBe('directory_below_threshold');
  });

  it('D-19 with a directory that fits: what the node has adopted before contradicts it', async () => {
    const { anchor, signed } = await attacker();
    const before = await honestSigners.signAny(honestSigners.directory);
    expect(await start(anchor, signed, [before])).toBe('directory_below_threshold');
    expect(await start(honestSigners.anchor, signed, [before])).toBe(7);
  });

  it('D directory below threshold: one country alone, twice the same, or two keys of one', async () => {
    const { adopt, signAny, directory, keys } = honestSigners;
    const newer = { ...directory, version: 8 };
    const inForce = await honestSigners.inForce(directory);
    expect(await adopt(await signAny(newer), inForce)).toBe(8);
    expect(await adopt(await signAny(newer, [keys[0]!]), inForce)).toBe('directory_below_threshold');
    expect(await adopt(await signAny(newer, [keys[0]!, keys[0]!]), inForce)).toBe('directory_below_threshold');
    expect(await adopt(await signAny(newer, []), inForce)).toBe('directory_below_threshold');
  });
});

describe('D-20 the clock goes back two years', () => {
  const then = new Date(Date.now() - 2 * 365 * 86_400_000);

  it('D-20 a pin that was taken away stays away: it has no time', () => {
    const expired = makeCertificate('vn', authorities.vn, days(-1), {
      from: days(-1000),
      privateKey: keyOf(honest.vn),
    });
    const root = makeCertificate('x', authorities.vn); // any other key
    const chain = [derOf(expired.cert), derOf(authorities.vn.cert)];
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [root.spki] } });
    for (const at of [then, new Date()])
      expect(gateway.partners().identify(chain, at)).toEqual({ fault: 'key_not_pinned', claimed: 'vn' });
    gateway.adopt({});
  });

  it('D-20 an older directory stays older, and a key that was revoked speaks for no time', async () => {
    const { adopt, signAny, edited, directory, inForce } = await signers();
    const newer = edited((copy, _, [unit]) => {
      copy.version = 8;
      unit!.signingKeys[0]!.status = 'revoked';
    });
    expect(await adopt(await signAny(directory), await inForce(newer), then)).toBe('directory_rollback');
    const { id, signingKeys } = newer.nodes[0]!.units[0]!;
    for (const at of [then, NOW])
      expect(await new Partners(newer).verificationKey(id, signingKeys[0]!.kid, at)).toBeUndefined();
  });

  it('D-20 no directory that is issued later is adopted under such a clock: its signers’ keys are not valid yet', async () => {
    const { adopt, signAny, directory } = await signers();
    expect(await adopt(await signAny(directory), undefined, then)).toBe('directory_below_threshold');
  });
});
