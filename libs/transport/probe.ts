import { asTraoError, TraoError, type Code } from '../errors';
import type { ProbeStep, ProbeStepName } from '../exchange';
import type { Directory } from '../schema';
import { readDirectory, signersOf, voicesOf, type DirectoryDocument, type TlsIdentity } from '../trust';
import type { PartnerEndpoint } from './partner-agents';
import { PartnerClient } from './partner-client';
import { addressesOf, assertPinned, faultOf, placeOf, reach, shakeHands } from './probe-connection';

export interface ProbePorts {
  /** Our certificate in use. */
  readonly identity: () => TlsIdentity;
  /** The directory in force. */
  readonly directory: () => Directory;
  /** Hears what was found by now. */
  readonly noted: (steps: readonly ProbeStep[]) => Promise<void>;
}

/** As the alert judges it: beyond this, times of messages and receipts begin to contradict each other. */
const SKEW_MS = 30_000;
const PATIENCE = { silenceMs: 10_000, requestMs: 20_000 };

/** What a step has found: a short fact, and a code where something is wrong that does not keep the next steps from being made. */
interface Found<T> {
  readonly value: T;
  readonly detail: string;
  readonly code?: Code | undefined;
}

/**
 * Tests the connection to a partner step by step, as a delivery would make it: name, TCP, TLS, identity, clock, directory and its
 * signatures. It ends at the first step without which the next ones say nothing.
 * @returns a step for each that was made; never throws because of the partner
 */
export async function probePartner(target: PartnerEndpoint, ports: ProbePorts): Promise<ProbeStep[]> {
  const steps: ProbeStep[] = [];
  const make: Make = async (step, work) => {
    const begun = performance.now();
    const made = await work().then(
      ({ value, detail, code }) => ({ value, detail, code }),
      (error: unknown) => asTraoError(error),
    );
    const ms = Math.round(performance.now() - begun);
    const failed = made instanceof TraoError;
    const code = failed ? faultOf(made) : made.code;
    steps.push({ step, ok: code === undefined, ms, code, detail: failed ? shown(made) : made.detail });
    await ports.noted(steps);
    if (failed) throw new Ended();
    return made.value;
  };
  try {
    await connection(target, ports, make);
    await answers(target, ports, make);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
  return steps;
}

type Make = <T>(step: ProbeStepName, work: () => Promise<Found<T>>) => Promise<T>;

/** A step has failed without which the next ones say nothing. */
class Ended extends Error {}

async function connection(target: PartnerEndpoint, { identity }: ProbePorts, make: Make): Promise<void> {
  const { host, port } = placeOf(target);
  const addresses = await make('dns', async () => {
    const value = await addressesOf(host);
    return { value, detail: value.join(', ') };
  });
  const socket = await make('tcp', async () => {
    const value = await reach(addresses, port);
    return { value, detail: `${value.remoteAddress} ${port}` };
  });
  const shown = await make('tls', async () => {
    const value = await shakeHands(socket, target, identity());
    return { value, detail: value.facts };
  });
  await make('identity', async () => {
    assertPinned(shown, target);
    return { value: undefined, detail: shown.fingerprint };
  });
}

async function answers(target: PartnerEndpoint, { identity, directory }: ProbePorts, make: Make): Promise<void> {
  // A client of its own: the pools of deliveries stay as they are.
  const client = new PartnerClient(identity, () => target, PATIENCE);
  try {
    await make('clock', async () => {
      const { offsetMs, doubtMs } = await client.askClock(target.id);
      const code = Math.abs(offsetMs) - doubtMs > SKEW_MS ? ('partner_clock' as const) : undefined;
      return { value: undefined, detail: `${offsetMs} ms ± ${Math.round(doubtMs)} ms`, code };
    });
    const served = await make('directory', async () => {
      const read = await readDirectory(await client.servedDirectory(target.id));
      const { version, expiresAt } = read.directory;
      return { value: read, detail: `${version}, ${expiresAt}`, code: ageOf(read.directory, directory()) };
    });
    await make('signature', () => signatures(served, directory()));
  } finally {
    await client.close();
  }
}

function ageOf(served: Directory, inForce: Directory): Code | undefined {
  if (new Date(served.expiresAt) <= new Date()) return 'directory_expired';
  return served.version < inForce.version ? 'partner_behind' : undefined;
}

/** The governance in force proves it: that of the trust anchor, or one that the anchor has led to. */
async function signatures(
  { document, directory }: DirectoryDocument,
  { governance }: Directory,
): Promise<Found<undefined>> {
  const voices = voicesOf(await signersOf(document, governance, new Date(directory.issuedAt)));
  const detail = `${voices.length} / ${governance.threshold}`;
  if (voices.length < governance.threshold) throw new TraoError('directory_below_threshold', { detail });
  return { value: undefined, detail };
}

/** Details of our own that carry nothing of the partner's answer. */
function shown({ code, detail }: TraoError): string | undefined {
  const own = ['partner_identity', 'directory_below_threshold'].includes(code);
  return detail !== undefined && (own || /^HTTP \d{3}$/.test(detail)) ? detail : undefined;
}
