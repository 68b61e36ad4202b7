import type { Clock } from '../casework';
import type { WaitingMessage } from './open-waiting';

/** How long a message waits for an earlier one of its referral, or for the directory that lists its signer. Our own choice. */
const GAP_TIMEOUT_MS = 24 * 3_600_000;
/** Longest pause between two looks whether the gap has closed. */
const GAP_PAUSE_MS = 10_000;

/** Where a message stands that waits for an earlier one: its referral, as `threadOf` names it, and its number there. */
export interface PlaceInChain {
  readonly thread: string;
  readonly seq: number;
}

export interface EarlierStore {
  /**
   * Whether something lies here that may be what `message` waits for: a message of its sender that came until `until` and was not opened
   * yet, or one that waits in the same referral under a lower number.
   */
  earlierWaits(message: WaitingMessage, place: PlaceInChain, until: Date): Promise<boolean>;
}

/**
 * When a message that waits is looked at again; undefined when its time is over: then it is refused. Time alone refuses nothing that an
 * earlier message here may still let in. Workers may have stood still for a day, and then the urgent message is looked at before the
 * normal one that it follows. This ends: the first of a chain waits for what came within its time only.
 * @param place undefined when it waits for a directory or for the right time
 */
export async function nextLook(
  message: WaitingMessage,
  place: PlaceInChain | undefined,
  store: EarlierStore,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Promise<Date | undefined> {
  const now = clock.now();
  const until = new Date(message.receivedAt.getTime() + GAP_TIMEOUT_MS);
  if (now > until && !(place && (await store.earlierWaits(message, place, until)))) return undefined;
  return new Date(now.getTime() + 1 + random() * GAP_PAUSE_MS);
}
