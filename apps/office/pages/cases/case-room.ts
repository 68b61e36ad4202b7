import type { Request } from 'express';
import {
  ACCESS_REASONS,
  enterCase,
  type AccessAction,
  type AccessPorts,
  type AccessReason,
  type Reason,
} from '../../../../libs/caseload';
import { showCase, type ReadPorts, type ShownCase } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import type { RaiseAlarm } from '../../../../libs/exchange';
import type { Officer } from '../../clients';
import { visitorOf } from '../shell/page-access';

export type Shown = Awaited<ReturnType<typeof showCase>>;

/** What an officer sees on entering a case. */
export interface Entered {
  readonly officer: Officer;
  readonly shown: Shown;
  /** Who works on the case. */
  readonly assigned: string | undefined;
}

/** The door to a case: whoever comes in is noted, and gives a reason where a colleague works on it. */
export class CaseRoom {
  /** Cases about which operators were told already by this process. */
  private readonly told = new Set<string>();

  constructor(
    readonly access: AccessPorts,
    readonly reading: ReadPorts,
    private readonly raiseAlarm: RaiseAlarm,
  ) {}

  /**
   * Lets the officer of a request in.
   * @throws TraoError `not_found` also for cases of other units and for what is no id; `reason_needed`; `case_unreadable`
   */
  async enter(request: Request, referralId: string, action: AccessAction, subject?: string): Promise<Entered> {
    const officer = visitorOf(request);
    assertUuid(referralId);
    const code = asReason(request.session.reasons?.[referralId]);
    return this.guarded(referralId, async () => {
      const assigned = await enterCase(officer, { referralId, action, subject, reason: code && { code } }, this.access);
      return { officer, assigned, shown: await showCase(officer.unit, referralId, this.reading) };
    });
  }

  /** The same with the reason that the officer has just given; it holds for the rest of the session. */
  async enterWith(request: Request, referralId: string, reason: Reason): Promise<void> {
    assertUuid(referralId);
    await this.guarded(referralId, () =>
      enterCase(visitorOf(request), { referralId, action: 'case_opened', reason }, this.access),
    );
    request.session.reasons = { ...request.session.reasons, [referralId]: reason.code };
  }

  /** A case of the officer's unit, or nothing. Nobody has entered it yet. @throws TraoError `not_found` */
  async assertThere(request: Request, referralId: string): Promise<void> {
    assertUuid(referralId);
    await this.guarded(referralId, () => showCase(visitorOf(request).unit, referralId, this.reading));
  }

  /** Runs work on a case; of content that was changed operators are told, once. */
  async guarded<T>(referralId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (asTraoError(error).code === 'case_unreadable' && !this.told.has(referralId)) {
        this.told.add(referralId);
        await this.raiseAlarm('integrity_failure', referralId, undefined, { once: `office:${referralId}` });
      }
      throw error;
    }
  }
}

/** A reason of the list, or undefined. */
export const asReason = (code: unknown): AccessReason | undefined => ACCESS_REASONS.find((reason) => reason === code);

export const isOpenCase = (shown: Shown): shown is ShownCase => 'timeline' in shown;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is no id of ours is not there. @throws TraoError `not_found` */
export function assertUuid(id: string): void {
  if (!UUID.test(id)) throw new TraoError('not_found');
}
