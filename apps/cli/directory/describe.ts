import type { DirectoryKey, DirectoryNode } from '../../../libs/schema';
import { digestOf } from '../../../libs/envelope';
import {
  documentFingerprint,
  expiryNotice,
  fingerprintOf,
  keyFingerprint,
  type DirectoryDocument,
} from '../../../libs/trust';

/** A key for people: what it is called, until when it is good, and how it is read aloud. */
export interface ShownKey {
  readonly kid: string;
  readonly status: DirectoryKey['status'];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly fingerprint: string;
  /** Of an encryption key. */
  readonly suite?: string;
}

/** A directory for people and programs: everything in it but the keys themselves. */
export async function describeDirectory({ directory, document }: DirectoryDocument, now: Date) {
  const { version, trustDomain, issuedAt, expiresAt, governance, nodes } = directory;
  const { daysLeft, expired } = expiryNotice(expiresAt, now);
  const show = (key: DirectoryKey) => showKey(key, now);
  return {
    version,
    trustDomain,
    issuedAt,
    expiresAt,
    daysLeft,
    expired,
    fingerprint: documentFingerprint(document.payload),
    governance: {
      threshold: governance.threshold,
      keys: await Promise.all(governance.keys.map(async (key) => ({ country: key.node, ...(await show(key)) }))),
    },
    nodes: await Promise.all(nodes.map((node) => showNode(node, show))),
  };
}

export type ShownDirectory = Awaited<ReturnType<typeof describeDirectory>>;

async function showNode(node: DirectoryNode, show: (key: DirectoryKey) => Promise<ShownKey>) {
  const { id, endpoint, suites, tls, limits, receiptKeys, units } = node;
  return {
    id,
    endpoint,
    suites,
    limits,
    pins: tls.spki.map(fingerprintOf),
    authorities: tls.ca.map((pem) => fingerprintOf(digestOf(pem))),
    receiptKeys: await Promise.all(receiptKeys.map(show)),
    units: await Promise.all(
      units.map(async (unit) => ({
        id: unit.id,
        class: unit.class,
        status: unit.status,
        signingKeys: await Promise.all(unit.signingKeys.map(show)),
        encryptionKeys: await Promise.all(
          unit.encryptionKeys.map(async (key) => ({ suite: key.suite, ...(await show(key)) })),
        ),
      })),
    ),
  };
}

async function showKey({ kid, status, notBefore, notAfter, jwk }: DirectoryKey, now: Date): Promise<ShownKey> {
  const { daysLeft } = expiryNotice(notAfter, now);
  return { kid, status, notBefore, notAfter, daysLeft, fingerprint: await keyFingerprint(jwk) };
}
