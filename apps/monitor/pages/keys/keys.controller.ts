import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import type { Translate } from '../../../../libs/pages';
import type { Directory } from '../../../../libs/schema';
import { Database, partnerWork } from '../../../../libs/storage';
import { expiryNotice, keyFingerprint, listedKeys } from '../../../../libs/trust';
import { SELF } from '../../tokens';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { keyLines, type HeldKey, type Holder, type KeyLine } from './key-lines';

/** What is done at the machine that holds the key: nothing here can make, renew or end one. */
const COMMANDS = {
  receipt: 'trao keys rotate --use receipt',
  signing: 'trao keys rotate --use signing --unit UNIT',
  encryption: 'trao keys rotate --use encryption --unit UNIT',
  storage: 'trao keys rotate --use storage --unit UNIT',
  tls: 'trao keys csr --use tls --out FILE',
  governance: 'trao keys rotate --use governance',
} as const;

/** The keys and certificates of this node and of its partners: what ends, and when. */
@Controller('keys')
export class KeysController {
  /** Of public keys, by use and id. A key never changes under its id (libs/trust, continuity). */
  private readonly fingerprints = new Map<string, string>();

  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @PageFor(WATCHERS)
  async page(@Query('node') asked: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const now = new Date();
    const { directory } = this.self.partners();
    const own = this.self.node;
    const node = asked === undefined || asked === '' ? own : asked;
    const listed = directory.nodes.find(({ id }) => id === node);
    if (!listed) throw new TraoError('not_found');
    await this.readFingerprints(directory);
    const processes = (await partnerWork.processRows(this.database)).filter(({ up }) => up);
    const holders = listed.id === own ? processes.flatMap(holderOf) : [];
    const lines = keyLines(directory, listed.id, holders, this.fingerprints, now);
    const certificates =
      listed.id === own ? ownCertificates(processes, now) : await this.shownCertificates(listed.id, t, now);
    this.shell.show(request, response, 'keys/page.njk', {
      title: t('keys:title'),
      nodes: directory.nodes.map(({ id }) => ({ id, own: id === own, current: id === listed.id })),
      own: listed.id === own,
      uses: groupsOf(lines, t),
      certificates,
      pins: listed.tls.spki,
      directory: { version: directory.version, expiresAt: directory.expiresAt, ...daysOf(directory.expiresAt, now) },
    });
  }

  private async readFingerprints(directory: Directory): Promise<void> {
    for (const { key, use } of listedKeys(directory)) {
      const name = `${use} ${key.kid}`;
      if (!this.fingerprints.has(name)) this.fingerprints.set(name, await keyFingerprint(key.jwk));
    }
  }

  private async shownCertificates(node: string, t: Translate, now: Date): Promise<CertificateLine[]> {
    const seen = await partnerWork.seenCertificates(this.database, node);
    return seen.map(({ side, fingerprint, validTo, lastSeen }) => ({
      where: t(`partners:certificate.${side}`),
      fingerprint: inGroups(fingerprint),
      validTo: validTo.toISOString(),
      lastSeen,
      ...daysOf(validTo.toISOString(), now),
    }));
  }
}

interface CertificateLine {
  readonly where: string;
  readonly fingerprint: string;
  readonly validTo: string;
  readonly daysLeft: number;
  readonly alarm: number | undefined;
  readonly lastSeen?: Date;
}

function groupsOf(lines: readonly KeyLine[], t: Translate) {
  const uses = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
  return uses.flatMap((use) => {
    const keys = lines
      .filter((line) => line.use === use)
      .map((line) => ({ ...line, statusText: t(`keys:status.${line.status}`) }));
    return keys.length === 0 ? [] : [{ use, name: t(`keys:use.${use}`), command: COMMANDS[use], keys }];
  });
}

function daysOf(validTo: string, now: Date) {
  const { daysLeft, expired, step } = expiryNotice(validTo, now);
  return { daysLeft, alarm: expired ? 0 : step };
}

/** SHA-256 in hexadecimal, in groups that people can compare. */
const inGroups = (fingerprint: string) => fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Rows of other versions may lack any of it. */
function holderOf({ app, host, facts }: partnerWork.ProcessRow): Holder[] {
  const keys = facts['keys'];
  if (!Array.isArray(keys)) return [];
  const whole = (keys as Partial<HeldKey>[]).filter(
    (key): key is HeldKey => typeof key?.kid === 'string' && typeof key.use === 'string',
  );
  return [{ app, host, keys: whole }];
}

function ownCertificates(processes: readonly partnerWork.ProcessRow[], now: Date): CertificateLine[] {
  return processes.flatMap(({ app, host, facts }) => {
    const { fingerprint, validTo } = (facts['tls'] ?? {}) as { fingerprint?: unknown; validTo?: unknown };
    if (typeof fingerprint !== 'string' || typeof validTo !== 'string') return [];
    return [{ where: `${app} @ ${host}`, fingerprint: inGroups(fingerprint), validTo, ...daysOf(validTo, now) }];
  });
}
