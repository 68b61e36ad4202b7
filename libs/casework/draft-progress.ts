import type { DraftProgress } from './draft';
import { onDraft, type DraftPorts, type DraftRef } from './drafting';
import type { Actor } from './ports';

/** Asks a second officer of the unit to look at a draft. @throws TraoError `forbidden`, `not_found`, `draft_changed` */
export async function askForApproval(actor: Actor, ref: DraftRef, ports: DraftPorts): Promise<void> {
  const asked = { by: actor.id, at: ports.clock.now().toISOString() };
  await onDraft(actor, ref, ports, (draft) => ({ ...draft, asked }));
}

/** Notes how far the writers have come. What was agreed to stays agreed to. @throws TraoError `forbidden`, `not_found`, `draft_changed` */
export async function noteProgress(
  actor: Actor,
  ref: DraftRef,
  progress: DraftProgress,
  ports: DraftPorts,
): Promise<void> {
  await onDraft(actor, ref, ports, (draft) => ({ ...draft, progress }));
}
