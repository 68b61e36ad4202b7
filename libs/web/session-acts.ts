import type { Request, Response } from 'express';
import { endSession, timeLeft, TIME_OUTS, type Provider } from '../sign-in';

/** Ends the session here and at the identity provider. A provider that does not answer keeps nobody signed in here. */
export async function signOff(request: Request, response: Response, provider: Provider): Promise<void> {
  const idToken = request.session.who?.idToken;
  await endSession(request);
  const end = idToken === undefined ? undefined : await provider.end(idToken).catch(() => undefined);
  response.redirect(303, end ?? '/sign-in');
}

/** Somebody who is signed in reads a long page and stays: any request does, this one says how long. */
export function stayOn(request: Request, response: Response): void {
  const now = Date.now();
  const who = { ...request.session.who!, active: now };
  request.session.who = who;
  response.json({ leftMs: timeLeft(who, now, TIME_OUTS) });
}
