import { randomUUID } from 'node:crypto';
import { TraoError } from '../../../../libs/errors';
import { alertKind, targetsOf, type Alert, type AlertEvent } from '../../../../libs/monitoring';
import { alerts, desk, noteAct, type Database } from '../../../../libs/storage';
import type { Operator } from '../../operators';

type OperatorEvent = Extract<AlertEvent, { event: 'acknowledged' | 'silenced' | 'resolved' }>;

/**
 * Does what an operator wants of an alert, and writes it down in the same commit.
 * @throws TraoError `not_found`, `alert_resolved`; `alert_ends_itself` for one that nobody ends by hand
 */
export function changeAlert(database: Database, operator: Operator, id: string, event: OperatorEvent): Promise<Alert> {
  return database.transaction(async (query) => {
    const targets = targetsOf(await desk.settingValues(query));
    const { before, after } = await alerts.changeAlert(query, id, event, targets, randomUUID);
    // A condition that still holds would come back at once: nobody is helped by an end that is none.
    if (event.event === 'resolved' && alertKind(before.kind).ends === 'itself')
      throw new TraoError('alert_ends_itself');
    await noteAct(query, operator, `alert_${event.event}`, id, factsOf(before), factsOf(after));
    return after;
  });
}

const factsOf = ({ kind, state, silencedUntil }: Alert) => ({ kind, state, silencedUntil: silencedUntil ?? null });
