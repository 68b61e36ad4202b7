import { faultAt, TraoError, type Fault } from '../errors';
import { caseStateOf, factsOf, type CaseState } from '../lifecycle';
import { forwardFaults } from '../protection';
import type { Handling, Message } from '../schema';
import { openCase, type CaseSource, type Hold } from './case-record';
import type { Origin } from './draft';
import type { Clock, Self, StorageKeys } from './ports';
import { isErased } from './tombstone';

interface OriginPorts {
  readonly keys: StorageKeys;
  readonly self: Self;
  readonly clock: Clock;
}

/** What binds a message whose content comes from another case. */
interface Bound {
  readonly hold?: Hold | undefined;
  readonly faults: readonly Fault[];
}

/**
 * Content that comes from another case is bound by what binds that case now, not by what bound it when the draft was made: its
 * hold, and what the unit that it came from allows. A case that is frozen or erased gives nothing away any more.
 * @throws TraoError `case_frozen`, `case_erased`
 */
export async function boundBy(
  origin: Origin | undefined,
  message: Message,
  source: CaseSource,
  { keys, self, clock }: OriginPorts,
): Promise<Bound> {
  const { senderUnit, recipientUnit } = message.header;
  const stored = origin && (await source.lockCase(senderUnit, origin.referralId));
  if (!stored) return { faults: [] };
  if (isErased(stored)) throw new TraoError('case_erased');
  const { summary } = openCase(stored, await keys.storageKey(senderUnit));
  const state = caseStateOf(summary.steps);
  if (state.consent.state === 'withdrawn' || summary.local.frozenBy !== undefined) throw new TraoError('case_frozen');
  const { hold } = summary.local;
  if (!origin.handling || !('handling' in message)) return { hold, faults: [] };
  if (state.referral === 'entered_in_error') throw new TraoError('case_frozen');
  const now = clock.now();
  const { unit } = self.partners().activeUnit(recipientUnit, now);
  const permitted = permittedOn(now.toISOString().slice(0, 10), state);
  const faults = forwardFaults(origin.handling, { unit: unit.id, unitClass: unit.class }, permitted);
  return { hold, faults: [...faults, ...changedHandling(message.handling, origin.handling)] };
}

/** What others have asked for is passed on as they asked for it. */
function changedHandling(handling: Handling, asked: Handling): Fault[] {
  const plain = ({ code, caveats, onward, onwardUnits = [] }: Handling) =>
    JSON.stringify([code, caveats.toSorted(), onward, onwardUnits.toSorted()]);
  return plain(handling) === plain(asked) ? [] : [faultAt('/handling', 'handling_changed')];
}

/** Units to which the sender allows the content to be passed on, on that day; what it takes back counts whatever it crossed. */
export function permittedOn(today: string, { history }: CaseState): readonly string[] {
  const permitted = new Map<string, string | undefined>();
  for (const { step, effect } of history.filter(({ step: { by } }) => by === 'sender')) {
    const { permits = [], permitsUntil, refuses = [] } = factsOf('update', step) ?? {};
    if (effect !== 'overtaken') for (const unit of permits) permitted.set(unit, permitsUntil);
    for (const unit of refuses) permitted.delete(unit);
  }
  return [...permitted].filter(([, until]) => until === undefined || today <= until).map(([unit]) => unit);
}
