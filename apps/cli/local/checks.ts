import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { asTraoError } from '../../../libs/errors';
import { adoptDirectory, type TrustAnchor } from '../../../libs/trust';
import type { Directory } from '../../../libs/schema';
import { readAccess, type Access } from './access';
import type { Check } from './check-line';
import { checkKeys } from './key-checks';
import { DEFAULT_PORT_BASE, keyFolder, layoutOf } from './layout';
import { checkMonitor } from './monitor-check';
import { checkPartners } from './partner-checks';

const START = 'npm run demo';
const RENEW = 'npm run demo -- --reset (makes new keys and forgets all messages)';
const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const MIN_FREE_RATIO = 0.2;
const WAITING_WARN_S = 15 * 60;

/** Checks the installation and the demonstration in a folder. Never throws: what fails is a line. */
export async function runChecks(folder: string): Promise<Check[]> {
  const checks: Check[] = [nodeVersion(), dataFolder(folder), await diskSpace(folder)];
  const access = readAccess(folder);
  if (!access)
    return [
      ...checks,
      { name: 'demonstration', result: 'warning', cause: `none was started in ${folder}`, next: START },
    ];
  const directory = await checkDirectory(folder);
  checks.push(directory.check, ...certificates(folder, access));
  const home = keyFolder(layoutOf(folder, DEFAULT_PORT_BASE));
  for (const { id } of access.nodes) checks.push(...(await checkKeys(home, id, directory.value)));
  for (const node of access.nodes)
    checks.push(await checkOffice(node), ...(await checkPartners(node)), ...(await checkMonitor(node)));
  for (const node of directory.value?.nodes ?? []) checks.push(await checkGateway(node.id, node.endpoint, folder));
  return checks;
}

function nodeVersion(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 24 || (major === 24 && minor >= 9);
  const cause = `Node.js ${process.versions.node}`;
  return fits
    ? { name: 'runtime', result: 'ok', cause }
    : { name: 'runtime', result: 'fault', cause: `${cause}, needed: 24.9`, next: 'npm install' };
}

function dataFolder(folder: string): Check {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { name: 'data folder', result: 'ok', cause: folder };
  } catch {
    return {
      name: 'data folder',
      result: 'fault',
      cause: `${folder} cannot be written`,
      next: 'choose another one with --data DIR',
    };
  }
}

async function diskSpace(folder: string): Promise<Check> {
  const { bavail, blocks, bsize } = await statfs(existsSync(folder) ? folder : '.');
  const cause = `${Math.round((bavail * bsize) / 1e9)} GB free`;
  const low = bavail / blocks < MIN_FREE_RATIO;
  return low
    ? { name: 'disk', result: 'warning', cause, next: 'free some space: below 20 % is alarming' }
    : { name: 'disk', result: 'ok', cause };
}

async function checkDirectory(folder: string): Promise<{ check: Check; value?: Directory }> {
  const home = keyFolder(layoutOf(folder, DEFAULT_PORT_BASE));
  try {
    const anchor = JSON.parse(readFileSync(join(home, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
    const value = await adoptDirectory(readFileSync(join(home, 'directory.json')), anchor, new Date());
    const days = daysLeft(value.expiresAt);
    const cause = `version ${value.version}, ${value.trustDomain}, signatures of ${value.governance.threshold} countries verified, ${days} days left`;
    return {
      check:
        days < WARN_DAYS
          ? { name: 'directory', result: 'warning', cause, next: RENEW }
          : { name: 'directory', result: 'ok', cause },
      value,
    };
  } catch (error) {
    return { check: { name: 'directory', result: 'fault', cause: asTraoError(error).message, next: RENEW } };
  }
}

function certificates(folder: string, access: Access): Check[] {
  return access.nodes.map(({ id }) => {
    const name = `certificate of ${id}`;
    try {
      const file = join(keyFolder(layoutOf(folder, DEFAULT_PORT_BASE)), 'nodes', id, 'tls', 'cert.pem');
      const days = daysLeft(new X509Certificate(readFileSync(file)).validTo);
      const cause = `${days} days left`;
      return days < WARN_DAYS ? { name, result: 'warning', cause, next: RENEW } : { name, result: 'ok', cause };
    } catch {
      return { name, result: 'fault', cause: 'cannot be read', next: RENEW };
    }
  });
}

async function checkOffice({ id, office }: Access['nodes'][number]): Promise<Check> {
  const name = `office and database of ${id}`;
  try {
    const response = await fetch(`${office}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const body = (await response.json()) as { code?: string; outbox?: { waiting: number; oldestS: number } };
    if (!body.outbox)
      return {
        name,
        result: 'fault',
        cause: body.code ?? `HTTP ${response.status}`,
        next: 'see the log of the office, then restart the demonstration',
      };
    const { waiting, oldestS } = body.outbox;
    const cause =
      waiting === 0
        ? 'ready, nothing waits to be sent'
        : `ready, ${waiting} messages wait, the oldest for ${oldestS} s`;
    if (oldestS > WAITING_WARN_S)
      return { name, result: 'warning', cause, next: 'npm run -s trao -- message list --state sending' };
    return { name, result: 'ok', cause };
  } catch {
    return { name, result: 'fault', cause: `no answer at ${office}`, next: START };
  }
}

/** A gateway asks for a partner's certificate: reaching the handshake shows that it serves and which certificate it has. */
function checkGateway(id: string, endpoint: string, folder: string): Promise<Check> {
  const name = `gateway of ${id}`;
  const { hostname, port } = new URL(endpoint);
  const file = join(keyFolder(layoutOf(folder, DEFAULT_PORT_BASE)), 'nodes', id, 'tls', 'ca.pem');
  if (!existsSync(file)) return Promise.resolve({ name, result: 'fault', cause: `${file} is missing`, next: RENEW });
  const ca = readFileSync(file);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ca, minVersion: 'TLSv1.3', timeout: 5_000 });
    const end = (check: Check) => {
      socket.destroy();
      resolve(check);
    };
    socket.once('secureConnect', () =>
      end({ name, result: 'ok', cause: `TLS 1.3 at ${endpoint}, certificate chains to its CA` }),
    );
    socket.once('timeout', () => end({ name, result: 'fault', cause: `no answer at ${endpoint}`, next: START }));
    socket.once('error', (error: Error & { code?: string }) =>
      end({ name, result: 'fault', cause: `${error.code ?? 'no TLS'} at ${endpoint}`, next: START }),
    );
  });
}

const daysLeft = (until: string) => Math.floor((new Date(until).getTime() - Date.now()) / DAY_MS);
