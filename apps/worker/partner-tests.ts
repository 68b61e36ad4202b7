import type { Logger } from '../../libs/platform';
import type { partnerWork } from '../../libs/storage';
import { probePartner, type PartnerEndpoint, type ProbePorts } from '../../libs/transport';

export interface TestingPorts extends Pick<ProbePorts, 'identity' | 'directory'> {
  readonly store: partnerWork.TestingStore;
  /** @throws TraoError `unknown_sender` when the directory has lost the partner meanwhile */
  readonly endpointOf: (partner: string) => PartnerEndpoint;
  readonly logger: Logger;
}

/**
 * Runs one connection test that an operator has asked for. Only this process can: it holds the TLS key, and its network is the one that
 * deliveries go through.
 * @returns how many it ran; call again until it is 0
 */
export async function runPartnerTest(ports: TestingPorts): Promise<number> {
  const { store, endpointOf, logger } = ports;
  const test = await store.take();
  if (!test) return 0;
  const steps = await probePartner(endpointOf(test.partner), {
    ...ports,
    noted: (found) => store.note(test.id, found),
  });
  await store.finish(test.id, steps);
  logger.log('partner_tested', { partner: test.partner, code: steps.find(({ ok }) => !ok)?.code });
  return 1;
}
