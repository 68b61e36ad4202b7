import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeAuthority, makeCertificate } from '../integration/certificates-fixture';
import { callGateway, identityOf } from '../harness/gateway-client';
import { publish } from '../harness/rotation';
import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { startTwoNodes, type NodeId, type TlsIdentity, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

/** A new certificate authority and a new certificate for Viet Nam, without a restart and without losing a message. */
describe('renewing a TLS certificate while the nodes run', () => {
  let nodes: TwoNodes;
  let old: TlsIdentity;
  const agents: Agent[] = [];
  beforeAll(async () => {
    nodes = await startTwoNodes();
    old = identityOf(nodes, 'vn');
  });
  afterAll(async () => {
    for (const agent of agents) agent.destroy();
    await nodes?.stop();
  });

  const ca = makeAuthority('National CA of Viet Nam');
  const renewed = makeCertificate('gateway.vn', ca);
  const tlsFile = (name: string) => path.join(nodes.folder, 'keys', 'nodes', 'vn', 'tls', name);
  const log = (process: string) => readFileSync(path.join(nodes.folder, 'logs', `${process}.log`), 'utf8');
  const says = (process: string, text: string) =>
    waitFor(`${process} to say: ${text}`, () => log(process).includes(text));
  const inForce = (version: number) =>
    Promise.all(
      ['vn-gateway', 'vn-worker', 'gb-gateway', 'gb-worker'].map((process) => says(process, `"version":${version}`)),
    );

  /** A partner that keeps one connection to a gateway. */
  function connection(to: NodeId, identity: TlsIdentity): () => Promise<{ status?: number; serial: string }> {
    const port = nodes.layout.nodes.find(({ id }) => id === to)!.gatewayPort;
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ...identity };
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ...options });
    agents.push(agent);
    return async () => {
      const sent = request({ ...options, path: '/v1/health', agent });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      response.resume();
      await once(response, 'end');
      return { status: response.statusCode ?? 0, serial: serialNumber };
    };
  }

  const deliver = async (name: 'ping-vn-to-gb' | 'ping-gb-to-vn') => {
    const document = example(name);
    const { messageId } = await nodes.office.send(document.header.senderUnit, document);
    expect(await untilFinal(nodes, messageId)).toMatchObject({ state: 'delivered' });
  };

  it('takes the new one when both files are there and the directory pins it; open connections go on', async () => {
    const fromGb = connection('vn', identityOf(nodes, 'gb'));
    const fromVn = connection('gb', identityOf(nodes, 'vn'));
    const before = await fromGb();
    expect([before.status, (await fromVn()).status]).toEqual([200, 200]);

    // The certificate alone, as after half a copy: refused, with a line and an alarm of each process.
    writeFileSync(tlsFile('cert.pem'), renewed.cert);
    await Promise.all(['vn-gateway', 'vn-worker'].map((process) => says(process, 'TLS certificate not taken')));
    expect(log('vn-gateway')).toContain('the key is not that of the certificate.');
    // With its key, but not in the directory yet: partners would refuse it.
    writeFileSync(tlsFile('key.pem'), renewed.key);
    await Promise.all(['vn-gateway', 'vn-worker'].map((process) => says(process, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')));
    expect((await connection('vn', identityOf(nodes, 'gb'))()).serial).toBe(before.serial);

    await publish(nodes, (directory) => {
      const { tls } = directory.nodes.find(({ id }) => id === 'vn')!;
      tls.ca.push(ca.cert);
      tls.spki.push(renewed.spki);
    });
    await Promise.all(['vn-gateway', 'vn-worker'].map((process) => says(process, 'TLS certificate changed')));
    expect(await fromGb()).toEqual(before);
    expect((await connection('vn', identityOf(nodes, 'gb'))()).serial).not.toBe(before.serial);
    await inForce(2);
    expect((await fromVn()).status).toBe(200);
    await deliver('ping-vn-to-gb');
    await deliver('ping-gb-to-vn');

    // The old authority and the old key leave the directory: who still uses them is nobody at the next request.
    await publish(nodes, (directory) => {
      const { tls } = directory.nodes.find(({ id }) => id === 'vn')!;
      tls.ca = [ca.cert];
      tls.spki = [renewed.spki];
    });
    await inForce(3);
    expect((await fromVn()).status).toBe(403);
    await deliver('ping-vn-to-gb');
    await deliver('ping-gb-to-vn');
  });

  it('leaves the alarms of what was refused, once for each thing', async () => {
    const query =
      "SELECT kind, subject, code FROM alarm WHERE kind IN ('certificate_refused', 'partner_tls') ORDER BY id";
    const alarms = async (node: NodeId) => (await nodes.database(node)).query(query);
    const refused = { kind: 'certificate_refused', subject: 'vn' };
    expect(await alarms('vn')).toEqual([
      { ...refused, code: 'tls_unusable' },
      { ...refused, code: 'tls_distrusted' },
    ]);
    // Neither key nor authority is anybody's any more, and a renewal in order is nothing to tell a partner's people of.
    expect(await alarms('gb')).toEqual([]);
  });

  it('knows nobody by the old certificate any more', async () => {
    await expect(callGateway(nodes, 'gb', { identity: old })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await callGateway(nodes, 'gb', { identity: identityOf(nodes, 'vn') })).toMatchObject({ status: 200 });
  });
});
