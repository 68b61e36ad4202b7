import * as oidc from 'openid-client';
import { TraoError } from '../errors';

/** The OpenID provider that tells who somebody is. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where browsers find this office, such as `https://office.example`. */
  readonly publicUrl: string;
  /** The claim with the roles that the provider grants; undefined where only the local table decides. */
  readonly rolesClaim: string | undefined;
  /** What an authentication must have been, where the provider knows several kinds. */
  readonly acr: string | undefined;
}

/** What must be remembered between leaving for the provider and coming back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** A path of ours. */
  readonly returnTo: string;
  /** True when the provider was asked to authenticate anew. */
  readonly fresh: boolean;
  readonly begunAt: number;
}

/** Who somebody is, as the provider says. */
export interface Identity {
  readonly subject: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** The roles that the provider grants; undefined where it is not asked. */
  readonly roles: readonly string[] | undefined;
  readonly authenticatedAt: number;
  /** Handed back at sign-out, so that the provider knows who leaves. */
  readonly idToken: string;
}

const CALLBACK = '/sign-in/callback';
const DISCOVERY_TIMEOUT_S = 10;
/** Coming back later than this starts again. */
const PENDING_MS = 15 * 60_000;
/** A provider's clock may differ by this much. */
const SKEW_S = 60;

/** OpenID Connect with code, PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). The provider is looked up when first needed. */
export class Provider {
  private found: Promise<oidc.Configuration> | undefined;

  constructor(private readonly settings: ProviderSettings) {}

  /** Where forms may lead to: the provider's page. */
  get origin(): string {
    return new URL(this.settings.issuer).origin;
  }

  /**
   * Begins a sign-in.
   * @param fresh the person must prove who they are now, whatever session the provider keeps
   * @param language in which its page should speak
   * @returns where the browser goes, and what to remember
   * @throws TraoError `identity_unavailable`
   */
  async begin(
    returnTo: string,
    fresh: boolean,
    language: string,
  ): Promise<{ readonly url: string; readonly pending: PendingSignIn }> {
    const config = await this.configuration();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const { acr } = this.settings;
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: this.settings.publicUrl + CALLBACK,
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      ...(fresh && { max_age: '0', prompt: 'login' }),
      ...(acr !== undefined && { acr_values: acr }),
    });
    return { url: url.href, pending: { state, nonce, verifier, returnTo, fresh, begunAt: Date.now() } };
  }

  /**
   * Ends a sign-in with what the browser brought back.
   * @param query the query of the callback, with its `?`
   * @throws TraoError `sign_in_refused`, `identity_unavailable`
   */
  async finish(query: string, pending: PendingSignIn): Promise<Identity> {
    if (Date.now() - pending.begunAt > PENDING_MS) throw refused('It took too long.');
    const config = await this.configuration();
    const maxAge = pending.fresh ? { maxAge: Math.ceil((Date.now() - pending.begunAt) / 1000) + SKEW_S } : {};
    const tokens = await this.granted(
      oidc.authorizationCodeGrant(config, new URL(this.settings.publicUrl + CALLBACK + query), {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
        ...maxAge,
      }),
    );
    const claims = tokens.claims();
    if (!claims || tokens.id_token === undefined) throw refused('No ID token came.');
    if (this.settings.acr !== undefined && claims['acr'] !== this.settings.acr)
      throw refused('Another kind of authentication.');
    const { rolesClaim } = this.settings;
    return {
      subject: claims.sub,
      name: text(claims['name']),
      email: text(claims['email']),
      roles: rolesClaim === undefined ? undefined : texts(claims[rolesClaim]),
      authenticatedAt: Math.min(Date.now(), 1000 * (claims.auth_time ?? claims.iat)),
      idToken: tokens.id_token,
    };
  }

  /** Where the browser goes to end the session at the provider too; undefined where the provider has no such page. */
  async end(idToken: string): Promise<string | undefined> {
    const config = await this.configuration();
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${this.settings.publicUrl}/`,
    });
    return url.href;
  }

  private configuration(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    // Development only: production refuses an issuer without TLS when it starts.
    const execute = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    this.found ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: DISCOVERY_TIMEOUT_S })
      .catch((cause: unknown) => {
        this.found = undefined;
        throw new TraoError('identity_unavailable', { cause });
      });
    return this.found;
  }

  private async granted<T>(grant: Promise<T>): Promise<T> {
    try {
      return await grant;
    } catch (cause) {
      // A provider that does not answer is no refusal: the person may try again.
      const unreachable = cause instanceof TypeError || (cause as { name?: string }).name === 'TimeoutError';
      throw unreachable
        ? new TraoError('identity_unavailable', { cause })
        : new TraoError('sign_in_refused', { cause });
    }
  }
}

const refused = (detail: string) => new TraoError('sign_in_refused', { detail });
const text = (claim: unknown) => (typeof claim === 'string' && claim !== '' ? claim.normalize('NFC') : undefined);
const texts = (claim: unknown): string[] =>
  Array.isArray(claim) ? claim.filter((entry): entry is string => typeof entry === 'string') : [];
