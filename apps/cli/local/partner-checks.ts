import { sayOff, type ClockVerdict } from '../../../libs/exchange';
import type { Access } from './access';
import type { Check } from './check-line';

/** What an office tells operators of its directory and its partners (`GET /v1/directory/partners`). */
export interface PartnerView {
  readonly directory: { version: number; expiresAt: string; daysLeft: number; expired: boolean; step?: number };
  readonly clock: ClockVerdict & { readonly comparedWith: number };
  readonly partners: readonly { partner: string; version?: number; behindSince?: string; code?: string }[];
}

const RENEW = 'trao directory propose --base SIGNED --expires-in-days 365, then have it signed';
const SET_CLOCK = 'timedatectl set-ntp true, then trao doctor again';

/** Directory, partners and clock of a node, as its own office sees them. */
export async function checkPartners({ id, office, tokens }: Access['nodes'][number]): Promise<Check[]> {
  const name = `directory in force at ${id}`;
  try {
    const response = await fetch(`${office}/v1/directory/partners`, {
      headers: { authorization: `Bearer ${tokens['operator'] ?? ''}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok)
      return [{ name, result: 'fault', cause: `HTTP ${response.status}`, next: 'see the log of the office' }];
    return judgeView(id, (await response.json()) as PartnerView);
  } catch {
    // That the office does not answer is a line of its own.
    return [];
  }
}

/** The lines of `doctor` about what an office has told. */
export function judgeView(id: string, { directory, clock, partners }: PartnerView): Check[] {
  return [
    directoryLine(id, directory),
    clockLine(id, clock, partners.length > 0),
    partnersLine(id, partners, directory.version),
  ];
}

function directoryLine(id: string, { version, expiresAt, daysLeft, expired, step }: PartnerView['directory']): Check {
  const name = `directory in force at ${id}`;
  if (expired)
    return {
      name,
      result: 'fault',
      cause: `version ${version} expired at ${expiresAt}; nothing can be started`,
      next: RENEW,
    };
  const cause = `version ${version}, ${daysLeft} days left`;
  return step === undefined ? { name, result: 'ok', cause } : { name, result: 'warning', cause, next: RENEW };
}

function clockLine(id: string, { comparedWith, ours, theirs }: PartnerView['clock'], asked: boolean): Check {
  const name = `clock of ${id}`;
  if (ours) {
    const cause = `${sayOff(ours.offMs)} Compared with ${comparedWith} ${comparedWith === 1 ? 'partner' : 'partners'}.`;
    return { name, result: ours.grave ? 'fault' : 'warning', cause, next: SET_CLOCK };
  }
  const others = theirs.map(({ partner, offMs }) => `${partner}: ${sayOff(offMs)}`);
  if (others.length > 0) return { name, result: 'warning', cause: others.join(' '), next: 'tell these partners' };
  if (comparedWith > 0)
    return {
      name,
      result: 'ok',
      cause: `agrees with ${comparedWith} ${comparedWith === 1 ? 'partner' : 'partners'} within 60 s`,
    };
  if (!asked) return { name, result: 'ok', cause: 'no partner was asked yet' };
  const cause = 'no partner has answered in the last 15 minutes';
  return { name, result: 'warning', cause, next: 'see the partners below' };
}

function partnersLine(id: string, partners: PartnerView['partners'], inForce: number): Check {
  const name = `partners of ${id}`;
  const troubles = partners.flatMap(({ partner, version, behindSince, code }) => {
    if (code !== undefined) return [`${partner}: ${code}`];
    return behindSince === undefined ? [] : [`${partner} serves version ${version} since ${behindSince}`];
  });
  if (partners.length === 0) return { name, result: 'ok', cause: 'none was asked yet' };
  if (troubles.length === 0) return { name, result: 'ok', cause: `all serve version ${inForce}` };
  return { name, result: 'warning', cause: troubles.join('; '), next: 'trao directory show --node ' + id };
}
