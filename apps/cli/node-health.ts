import type { ShownStatus } from './monitor-answers';

/** How bad it is with a node. */
export type Grave = 'ok' | 'warning' | 'fault';

/** Every node runs one of each at least. */
const APPS = ['gateway', 'office', 'worker'];

/** Processes of which none runs. */
export const missingApps = ({ processes }: Pick<ShownStatus, 'processes'>): string[] =>
  APPS.filter((app) => !processes.some((one) => one.app === app && one.up));

/** @returns how bad it is, by the worst thing */
export function graveOf({ processes, partners, openAlerts, heldQueues }: ShownStatus): Grave {
  if (missingApps({ processes }).length > 0 || openAlerts.critical > 0) return 'fault';
  const away = partners.some(({ state }) => state === 'suspended' || state === 'unreachable');
  return away || openAlerts.high + openAlerts.warn > 0 || heldQueues.length > 0 ? 'warning' : 'ok';
}

/** "12 s ago", "3 min ago", "2 h ago", "4 days ago". */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h ago` : `${Math.floor(seconds / 86_400)} days ago`;
}
