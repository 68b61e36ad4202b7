import { connect } from 'node:tls';
import { waitFor } from '../harness/wait-for';
import { startTestGateway } from './gateway-fixture';

/** `trao doctor`, a port scan and a load balancer connect without a certificate: the log says so, and nobody is woken for it. */
it('a handshake without a certificate is in the log and raises no alarm', async () => {
  const gateway = await startTestGateway();
  try {
    for (let count = 0; count < 3; count += 1) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.on('error', () => undefined);
      await new Promise<void>((closed) => socket.on('close', () => closed()));
    }
    const refused = () => gateway.log.records().filter(({ msg }) => msg === 'TLS handshake refused');
    await waitFor('the lines in the log', () => refused().length >= 3);
    expect(refused().map(({ tls }) => tls)).toEqual(
      Array.from({ length: 3 }, () => 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'),
    );
    expect(gateway.alarms).toEqual([]);
  } finally {
    await gateway.close();
  }
});
