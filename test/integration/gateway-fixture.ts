import { setTimeout } from 'node:timers/promises';
import type { ConnectionLimits } from '../../apps/gateway/connections';
import { serveGateway } from '../../apps/gateway/serve-gateway';
import { PartnerLimits, type PartnerRates, type RaiseAlarm } from '../../libs/exchange';
import { Partners, type TlsPins } from '../../libs/trust';
import { fictionalWorld } from '../fakes/fictional-world';
import { ManualClock } from '../fakes/manual-clock';
import { MemoryManifests } from '../fakes/memory-manifests';
import { MemoryNode } from '../fakes/memory-node';
import { seededRandom } from '../fakes/seeded-random';
import { makeAuthority, makeCertificate, type Certificate } from './certificates-fixture';
import { caughtLog, type CaughtLog } from './log-fixture';

/** The authorities of three countries, and what their nodes present. */
export const authorities = { vn: makeAuthority('ca.vn'), gb: makeAuthority('ca.gb'), kh: makeAuthority('ca.kh') };
export const honest = {
  vn: makeCertificate('vn', authorities.vn),
  gb: makeCertificate('gb', authorities.gb),
  kh: makeCertificate('kh', authorities.kh),
};
type Country = keyof typeof honest;

const pinsOf = (country: Country): TlsPins => ({ ca: [authorities[country].cert], spki: [honest[country].spki] });

/** The gateway of the United Kingdom as it is, over TLS, with its stores in memory. */
export interface TestGateway {
  readonly port: number;
  readonly node: MemoryNode;
  readonly log: CaughtLog;
  readonly alarms: { readonly kind: string; readonly subject: string; readonly code: string | undefined }[];
  /** The directory in force. */
  partners(): Partners;
  /** Brings a directory with other pins into force; a country that is not named keeps its own, one with `undefined` leaves. */
  adopt(pins: Partial<Record<Country, TlsPins | undefined>>): void;
  /** Gives the gateway another certificate, as `TlsKeeper` does. */
  renew(certificate: Certificate): void;
  close(): Promise<void>;
}

export interface GatewayLimits {
  readonly rates?: PartnerRates;
  readonly connections?: ConnectionLimits;
  /** In place of the clock of the process, in milliseconds. */
  readonly now?: () => number;
  /** In place of waiting. */
  readonly pause?: (ms: number) => Promise<void>;
}

const GENEROUS = {
  rates: { messagesPerS: 1_000, bytesPerS: 1e9, burstS: 10 },
  connections: { all: 1_000, perAddress: 1_000, perPartner: 100 },
  now: () => performance.now(),
  pause: (ms: number) => setTimeout(ms),
};

export async function startTestGateway(
  pins: Partial<Record<Country, TlsPins>> = {},
  certificate: Certificate = honest.gb,
  limits: GatewayLimits = {},
): Promise<TestGateway> {
  const world = await fictionalWorld();
  const node = new MemoryNode('gb', world, new ManualClock(new Date().toISOString()), seededRandom(1));
  const log = caughtLog();
  const alarms: TestGateway['alarms'] = [];
  const raiseAlarm: RaiseAlarm = (kind, subject, code) => {
    alarms.push({ kind, subject, code });
    return Promise.resolve();
  };
  const listeners: { directory?: () => void; tls?: () => void } = {};
  let identity = certificate;
  let partners = world.partners;
  const adopt = (change: Partial<Record<Country, TlsPins | undefined>>) => {
    const { directory } = world.partners;
    const nodes = directory.nodes
      .filter(({ id }) => !(id in change) || change[id as Country])
      .map((entry) => ({ ...entry, tls: change[entry.id as Country] ?? pinsOf(entry.id as Country) }));
    partners = new Partners({ ...directory, version: partners.directory.version + 1, nodes });
    listeners.directory?.();
  };
  adopt(pins);
  const { rates, connections, now, pause } = { ...GENEROUS, ...limits };
  const self = { node: 'gb', partners: () => partners };
  const { port, close } = await serveGateway({
    parts: {
      self,
      piecePorts: { ...node.ports.acceptPiece, self, raiseAlarm },
      acceptPorts: { ...node.ports.accept, self, raiseAlarm },
      settlePorts: { ...node.ports.settle, self },
      manifestPorts: { ...new MemoryManifests(node).served, self },
      limits: new PartnerLimits(rates, now, pause),
      signedDirectory: () => Buffer.from('{}'),
    },
    tls: { identity: () => identity, whenChanged: (listener) => (listeners.tls = listener) },
    directory: { whenAdopted: (listener) => (listeners.directory = listener) },
    host: '127.0.0.1',
    port: 0,
    connections,
    logger: log.logger,
    raiseAlarm,
  });
  return {
    port,
    node,
    log,
    alarms,
    partners: () => partners,
    adopt,
    renew(next) {
      identity = next;
      listeners.tls?.();
    },
    close,
  };
}
