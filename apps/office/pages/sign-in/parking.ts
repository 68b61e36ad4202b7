import type { Request } from 'express';
import type { StorageKeys } from '../../../../libs/casework';
import type { Code } from '../../../../libs/errors';
import { parkedForm, parkForm, type PostedForm } from '../../../../libs/sign-in';
import type { Client, Officer } from '../../clients';
import { officerIn } from '../shell/visitor';

/** Errors after which what somebody typed is kept for them: they were not there in time, and nobody is to blame. */
const KEPT_AFTER: readonly Code[] = ['unauthenticated', 'form_expired', 'database_unavailable', 'internal'];

/** Keeps what people typed into a form that came too late, until they are back on its page. */
export class Parking {
  constructor(
    private readonly clients: readonly Client[],
    private readonly keys: StorageKeys,
  ) {}

  /** Keeps the form of a request that failed with `code`. True when it is kept. */
  async keep(request: Request, code: Code): Promise<boolean> {
    const { who } = request.session ?? {};
    const sameSite = (request.get('sec-fetch-site') ?? 'same-origin') === 'same-origin';
    if (request.method !== 'POST' || !KEPT_AFTER.includes(code) || !who || !sameSite) return false;
    // The session may have timed out; who it was for is still known.
    const officer = officerIn(who, this.clients);
    if (!officer) return false;
    const parked = parkForm(
      officer.id,
      request.originalUrl,
      request.body as PostedForm,
      await this.keys.storageKey(officer.unit),
    );
    if (!parked) return false;
    request.session.parked = parked;
    return true;
  }

  /** What the officer had typed into the form of this page, once; undefined where there is nothing. */
  async take(request: Request, officer: Officer): Promise<PostedForm | undefined> {
    const { parked } = request.session;
    if (!parked) return undefined;
    const form = parkedForm(parked, officer.id, request.originalUrl, await this.keys.storageKey(officer.unit));
    if (form) delete request.session.parked;
    return form;
  }
}
