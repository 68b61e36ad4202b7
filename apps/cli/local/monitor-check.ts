import { asTraoError } from '../../../libs/errors';
import type { ShownStatus } from '../monitor-answers';
import { MonitorClient } from '../monitor-client';
import { agoText, graveOf } from '../node-health';
import type { Access } from './access';
import type { Check } from './check-line';

/** What the monitor of a node says; a folder of an earlier version has none. */
export async function checkMonitor({ id, monitor, operatorTokens }: Access['nodes'][number]): Promise<Check[]> {
  if (monitor === undefined) return [];
  const name = `monitor of ${id}`;
  const next = 'npm run -s trao -- status';
  try {
    const client = new MonitorClient(id, monitor, operatorTokens?.['monitor/operator'] ?? '');
    const status = await client.get<ShownStatus>('/v1/status');
    return [{ name, ...lineOf(status, next) }];
  } catch (error) {
    const { code } = asTraoError(error);
    const cause = code === 'partner_unreachable' ? `no answer at ${monitor}` : code;
    return [{ name, result: 'fault', cause, next: 'see the log of the monitor, then restart the demonstration' }];
  }
}

function lineOf(status: ShownStatus, next: string): Omit<Check, 'name'> {
  const { critical, high, warn } = status.openAlerts;
  const open = critical + high + warn;
  const oldest = status.oldestWaitingAt;
  const cause = [
    open === 0 ? 'no alert is open' : `open alerts: ${critical} critical, ${high} high, ${warn} warning`,
    ...(oldest === null
      ? []
      : [`the oldest message waits, handed in ${agoText(Date.parse(status.at) - Date.parse(oldest))}`]),
  ].join(', ');
  const result = graveOf(status);
  return result === 'ok' ? { result, cause } : { result, cause, next };
}
