import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { LOOPBACK, type IdentityConfig } from '../demo-config';
import { documentOf, headersOf, html, Html, languageOf } from '../page';
import { TEXTS } from '../texts';
import { ensureSigningKey } from './signing-key';

/** Says that somebody clicked on a name, which proves nothing. */
export const DEMO_ACR = 'urn:trao:acr:demo';
const HOUR_S = 3_600;

/** The identity provider of a node: code flow with PKCE for its office and its monitor, and nobody else (OpenID Connect Core 1.0, RFC 7636). */
export function openProvider(config: IdentityConfig): Provider {
  const { port, clients } = config;
  const provider = new Provider(`http://${LOOPBACK}:${port}`, configurationOf(config));
  // An authorization ends at the app, also when it began with a form on our sign-in page. The library has one page with a script,
  // for somebody who signs in as another person than before: it adds the digest of that script to a list that must be there.
  const headers = headersOf(clients.map(({ origin }) => origin));
  const policy = `${headers['content-security-policy']}; script-src 'self'`;
  provider.use(async (ctx, next) => {
    ctx.set({ ...headers, 'content-security-policy': policy });
    await next();
  });
  return provider;
}

function configurationOf({ id, clients, keyFile }: IdentityConfig): Configuration {
  const bySub = new Map(clients.flatMap(({ people }) => people.map((person) => [person.sub, person])));
  return {
    clients: clients.map(({ clientId, clientSecretFile, origin }) => ({
      client_id: clientId,
      client_secret: readFileSync(clientSecretFile, 'utf8').trim(),
      redirect_uris: [`${origin}/sign-in/callback`],
      post_logout_redirect_uris: [`${origin}/`, `${origin}/sign-in`],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    })),
    jwks: { keys: [ensureSigningKey(keyFile)] },
    // The ports of one host share cookies, so that each node needs names of its own.
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: `demo_${id}_session`, interaction: `demo_${id}_interaction`, resume: `demo_${id}_resume` },
      long: { httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    scopes: ['openid', 'profile', 'email'],
    claims: {
      openid: ['sub', 'acr', 'auth_time'],
      profile: ['name', 'locale', 'trao_roles'],
      email: ['email', 'email_verified'],
    },
    // An office reads all claims out of the signed token.
    conformIdTokenClaims: false,
    acrValues: [DEMO_ACR],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: HOUR_S,
      AuthorizationCode: 60,
      Grant: 8 * HOUR_S,
      IdToken: HOUR_S,
      Interaction: HOUR_S,
      Session: 8 * HOUR_S,
    },
    findAccount: (_ctx, sub) => {
      const person = bySub.get(sub);
      if (!person) return undefined;
      const { name, email, locale, roles } = person;
      return {
        accountId: sub,
        claims: () => ({ sub, name, email, email_verified: true, locale, trao_roles: roles }),
      };
    },
    // An office and its own identity provider: there is nothing to agree to.
    async loadExistingGrant(ctx) {
      const { provider, session, client } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut, postLogoutSuccessSource: saySignedOut },
    },
    renderError: (ctx, { error }) => sayRefused(ctx, error),
  };
}

const textsOf = (ctx: KoaContextWithOIDC) => {
  const language = languageOf(ctx.req, ctx.query['ui_locales']);
  return { language, texts: TEXTS[language] };
};

function show(ctx: KoaContextWithOIDC, title: string, body: Html): void {
  ctx.type = 'html';
  ctx.body = documentOf({ language: textsOf(ctx).language, title, body });
}

/** The library's own form holds what protects it against requests of other sites; it is submitted by its id. */
function askToSignOut(ctx: KoaContextWithOIDC, form: string): void {
  const { texts } = textsOf(ctx);
  const button = html`<button type="submit" form="op.logoutForm" name="logout" value="yes">${texts.signOut}</button>`;
  show(
    ctx,
    texts.signOut,
    html`<p>${texts.signOutSure}</p>
      ${new Html(form)}${button}`,
  );
}

function saySignedOut(ctx: KoaContextWithOIDC): void {
  const { texts } = textsOf(ctx);
  show(ctx, texts.signedOut, html`<p>${texts.signedOutText}</p>`);
}

function sayRefused(ctx: KoaContextWithOIDC, code: string): void {
  const { texts } = textsOf(ctx);
  show(ctx, texts.refused, html`<p>${texts.refusedText} <code>${code}</code></p>`);
}
