import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';
import { formToken } from './form-token';
import type { PendingSignIn } from './provider';
import type { SignedInTimes } from './time-outs';

/** Somebody who is signed in. It holds nothing of a case. */
export interface SignedIn extends SignedInTimes {
  /** The entry of the local table that they act as. */
  readonly officer: string;
  readonly subject: string;
  /** Roles that the provider grants; undefined where it is not asked. */
  readonly granted?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly idToken: string;
}

/** A form that was sent too late, encrypted: it comes back on its page once its author has signed in again. */
export interface ParkedForm {
  readonly officer: string;
  readonly path: string;
  /** base64url */
  readonly sealed: string;
}

declare module 'express-session' {
  interface SessionData {
    who?: SignedIn;
    pending?: PendingSignIn;
    /** Somebody who works in several units and has not said in which one now. */
    choice?: Omit<SignedIn, 'officer'>;
    parked?: ParkedForm;
    /** Why the officer opened cases that are assigned to others, by referral, for as long as the session lasts. */
    reasons?: Record<string, string>;
    /** Shown once, on the next page: a key of the texts. */
    notice?: string;
  }
}

export interface SessionSettings {
  readonly store: Store;
  /** Signs the cookies; the first signs, all are accepted. */
  readonly secrets: readonly string[];
  /** Of the cookie: two offices on one host, as in the demonstration, must not take each other's. */
  readonly name: string;
  /** True where browsers come by TLS. */
  readonly https: boolean;
  readonly absoluteMs: number;
}

/** Sessions in a cookie that holds a signed random name and nothing else. */
export function sessions({ store, secrets, name, https, absoluteMs }: SessionSettings): RequestHandler {
  return session({
    store,
    secret: [...secrets],
    // The prefix makes browsers refuse the cookie from anywhere but this very host, by TLS.
    name: https ? `__Host-${name}` : name,
    resave: false,
    saveUninitialized: false,
    unset: 'destroy',
    // TLS ends at a proxy; whether browsers use it is a setting, not a guess from headers.
    proxy: https,
    // lax: the way back from the provider is a navigation from another site.
    cookie: { httpOnly: true, secure: https, sameSite: 'lax', path: '/', maxAge: absoluteMs },
  });
}

type Saved = { session: import('express-session').Session };

/**
 * A new session name for whoever has just signed in, so that nobody can have planted the old one. It has the token of its forms from the
 * beginning: of two pages that are asked for at the same moment each would make one, and the forms of one of them would be refused.
 */
export async function renewSession(request: Request): Promise<void> {
  await new Promise<void>((done, fail) =>
    request.session.regenerate((error) => (error ? fail(error as Error) : done())),
  );
  formToken(request);
}

export async function saveSession(request: Saved): Promise<void> {
  await new Promise<void>((done, fail) => request.session.save((error) => (error ? fail(error as Error) : done())));
}

export async function endSession(request: Saved): Promise<void> {
  await new Promise<void>((done, fail) => request.session.destroy((error) => (error ? fail(error as Error) : done())));
}
