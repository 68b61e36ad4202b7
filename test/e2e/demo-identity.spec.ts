import * as oidc from 'openid-client';
import { CookieBrowser, type Visit } from '../harness/cookie-browser';
import { CLIENT_SECRET, startDemoServices, type DemoServices } from '../harness/demo-services';

let services: DemoServices;
beforeAll(async () => {
  services = await startDemoServices();
});
afterAll(() => services?.stop());

const LIAISON = 'vn.mps-criminal/liaison';

function configure(node: string, secret = CLIENT_SECRET): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(services.issuer(node)), 'trao-office', undefined, oidc.ClientSecretBasic(secret), {
    execute: [oidc.allowInsecureRequests],
  });
}

const officeOf = (node: string) => services.config.nodes.find(({ id }) => id === node)!.clients[0]!;
const callbackOf = (node: string) => `${officeOf(node).origin}/sign-in/callback`;

interface Request {
  readonly config: oidc.Configuration;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
  readonly url: string;
}

async function ask(node: string, more: Readonly<Record<string, string>> = {}, secret?: string): Promise<Request> {
  const config = await configure(node, secret);
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(node),
    scope: 'openid profile email',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { config, checks, url: url.href };
}

/** Opens the sign-in page of a request and picks somebody. @returns the redirect to the office, unfollowed */
async function pick(browser: CookieBrowser, { url }: Request, sub: string, node = 'vn'): Promise<Visit> {
  const page = await browser.follow(await browser.get(url), callbackOf(node));
  return browser.follow(await browser.post(page.url, { sub }), callbackOf(node));
}

describe('the identity provider of the demonstration', () => {
  it.each([
    ['vn', LIAISON, 'vi', ['liaison_officer']],
    ['gb', 'gb.ho-sca', 'en', ['case_officer', 'caseworker', 'receiving_desk']],
  ])('signs somebody of %s in, by the code flow with PKCE', async (node, sub, locale, roles) => {
    const request = await ask(node, { acr_values: 'urn:trao:acr:demo' });
    const back = await pick(new CookieBrowser(), request, sub, node);
    const tokens = await oidc.authorizationCodeGrant(request.config, new URL(back.location!), request.checks);
    const person = officeOf(node).people.find((other) => other.sub === sub)!;
    expect(tokens.claims()).toMatchObject({
      sub,
      name: person.name,
      email: person.email,
      locale,
      trao_roles: roles,
      acr: 'urn:trao:acr:demo',
      aud: 'trao-office',
      iss: services.issuer(node),
    });
    expect(await oidc.fetchUserInfo(request.config, tokens.access_token, sub)).toMatchObject({ name: person.name });
  });

  it('remembers who signed in, and asks again when the office wants a fresh authentication', async () => {
    const browser = new CookieBrowser();
    const first = await ask('vn');
    await oidc.authorizationCodeGrant(
      first.config,
      new URL((await pick(browser, first, LIAISON)).location!),
      first.checks,
    );

    const second = await ask('vn');
    const at = await browser.follow(await browser.get(second.url), callbackOf('vn'));
    expect(at.location).toMatch(callbackOf('vn'));

    for (const more of [{ prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
      const fresh = await ask('vn', more);
      const page = await browser.follow(await browser.get(fresh.url), callbackOf('vn'));
      expect(page.text).toContain('The office asks you to confirm that it is you');
      const back = await browser.follow(await browser.post(page.url, { sub: LIAISON }), callbackOf('vn'));
      const checks = { ...fresh.checks, ...(more['max_age'] && { maxAge: 60 }) };
      const tokens = await oidc.authorizationCodeGrant(fresh.config, new URL(back.location!), checks);
      expect(tokens.claims()?.auth_time ?? 0).toBeGreaterThan(Date.now() / 1000 - 60);
    }
  });

  it('refuses an address that is not the office’s, and shows no way on', async () => {
    const { url } = await ask('vn', { redirect_uri: 'http://127.0.0.1:9/elsewhere' });
    const visit = await new CookieBrowser().get(url);
    expect(visit).toMatchObject({ status: 400, location: undefined });
    expect(visit.text).toContain('invalid_redirect_uri');
  });

  it('refuses another client and a request without PKCE', async () => {
    const stranger = await new CookieBrowser().get((await ask('vn', { client_id: 'somebody' })).url);
    expect(stranger).toMatchObject({ status: 400, location: undefined });
    const { url } = await ask('vn');
    const bare = new URL(url);
    bare.searchParams.delete('code_challenge');
    bare.searchParams.delete('code_challenge_method');
    const visit = await new CookieBrowser().get(bare.href);
    expect(new URL(visit.location!).searchParams.get('error')).toBe('invalid_request');
  });

  it('gives nothing for a wrong secret, a wrong verifier or a code used twice', async () => {
    const wrong = await ask('vn', {}, 'guessed');
    const code = new URL((await pick(new CookieBrowser(), wrong, LIAISON)).location!);
    await expect(oidc.authorizationCodeGrant(wrong.config, code, wrong.checks)).rejects.toMatchObject({ status: 401 });

    const request = await ask('vn');
    const back = new URL((await pick(new CookieBrowser(), request, LIAISON)).location!);
    const checks = { ...request.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
    await expect(oidc.authorizationCodeGrant(request.config, back, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });

    const good = await ask('vn');
    const used = new URL((await pick(new CookieBrowser(), good, LIAISON)).location!);
    await oidc.authorizationCodeGrant(good.config, used, good.checks);
    await expect(oidc.authorizationCodeGrant(good.config, used, good.checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('signs out when the office asks, after one question', async () => {
    const browser = new CookieBrowser();
    const request = await ask('vn');
    const back = await pick(browser, request, LIAISON);
    const tokens = await oidc.authorizationCodeGrant(request.config, new URL(back.location!), request.checks);
    const end = oidc.buildEndSessionUrl(request.config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: `${officeOf('vn').origin}/sign-in`,
    });
    const question = await browser.get(end.href);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(question.text)![1]!;
    const action = /action="([^"]+)"/.exec(question.text)![1]!;
    const out = await browser.post(action, { xsrf, logout: 'yes' });
    expect(out.location).toBe(`${officeOf('vn').origin}/sign-in`);
    const next = await browser.follow(await browser.get((await ask('vn')).url), callbackOf('vn'));
    expect(next.text).toContain('Who are you today?');
  });

  it('keeps its signing key over a restart', async () => {
    const keys = async () => (await fetch(`${services.issuer('vn')}/jwks`)).json();
    const before = await keys();
    await services.restart();
    expect(await keys()).toEqual(before);
    expect(JSON.stringify(before)).not.toContain('"d"');
  });
});

describe('the sign-in page', () => {
  const open = async (node: string, language: string, more?: Record<string, string>) => {
    const browser = new CookieBrowser(language);
    return { browser, page: await browser.follow(await browser.get((await ask(node, more)).url)) };
  };

  it('lists everybody of the node by unit and says that they are invented, in both languages', async () => {
    const { browser, page } = await open('vn', 'vi');
    expect(page.text).toContain('<html lang="vi">');
    expect(page.text).toContain('Mọi người ở đây đều là hư cấu');
    const { people } = officeOf('vn');
    for (const { sub, name, unit } of people) {
      expect(page.text).toContain(`value="${sub}"`);
      expect(page.text).toContain(name);
      expect(page.text).toContain(unit.name.vi);
    }
    expect(page.text.match(/<button /g)).toHaveLength(people.length);
    expect(page.text).not.toContain('gb.ho-sca');

    const other = await browser.get(new URL(/href="([^"]+lang=en)"/.exec(page.text)![1]!, page.url).href);
    expect(other.text).toContain('All people here are invented');
  });

  it('follows the language that the office names', async () => {
    const { page } = await open('gb', 'en', { ui_locales: 'vi' });
    expect(page.text).toContain('<html lang="vi">');
  });

  it('has a strict policy, no script and no inline style', async () => {
    const { page } = await open('vn', 'en');
    const origins = services.config.nodes[0]!.clients.map(({ origin }) => origin).join(' ');
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'self'; form-action 'self' ${origins}; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(page.text).not.toMatch(/<script|\sstyle=|\son\w+=/);
  });

  it('shows the names again when nobody who is there was picked', async () => {
    const { browser, page } = await open('vn', 'en');
    const again = await browser.post(page.url, { sub: 'gb.ho-sca' });
    expect(again.status).toBe(200);
    expect(again.text).toContain('Who are you today?');
  });

  it('says so when a sign-in is over', async () => {
    const visit = await new CookieBrowser('vi').get(`${services.issuer('vn')}/interaction/nobodys`);
    expect(visit.status).toBe(400);
    expect(visit.text).toContain('Lần đăng nhập này đã kết thúc');
  });
});
