import type { Browser, BrowserContext } from 'playwright-core';
import { hasChromium, startChromium } from '../harness/browser';
import { startDemoServices, type DemoServices } from '../harness/demo-services';
import { PageAudit } from '../harness/page-audit';

const inBrowser = hasChromium() ? describe : describe.skip;

inBrowser('the pages of the demonstration in a browser', () => {
  let services: DemoServices;
  let browser: Browser;
  beforeAll(async () => {
    [services, browser] = await Promise.all([startDemoServices(), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await services?.stop();
  });

  const open: BrowserContext[] = [];
  afterEach(async () => {
    for (const context of open.splice(0)) await context.close();
  });

  async function visit(url: string, locale: string, javaScriptEnabled = true) {
    const context = await browser.newContext({ locale, javaScriptEnabled });
    open.push(context);
    const audit = new PageAudit(context, new URL(url).origin);
    const page = await context.newPage();
    await page.goto(url);
    if (javaScriptEnabled) await audit.look(page, locale);
    return { page, audit };
  }

  /** An authorization as an office asks for it; who wants the code has the verifier. */
  function authorization(node: string): string {
    const { port, clients } = services.config.nodes.find(({ id }) => id === node)!;
    const { clientId, origin } = clients[0]!;
    const parameters = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: `${origin}/sign-in/callback`,
      state: 'state-of-a-browser',
      nonce: 'nonce-of-a-browser',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    return `http://127.0.0.1:${port}/auth?${parameters.toString()}`;
  }

  it.each([
    ['vn', 'vi-VN', 'vi', 'Hôm nay bạn là ai?'],
    ['gb', 'en-GB', 'en', 'Who are you today?'],
  ])('the sign-in page of %s is accessible and breaks no policy', async (node, locale, language, heading) => {
    const { page, audit } = await visit(authorization(node), locale);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.locator('h1').innerText()).toContain(heading);
    // The style sheet has come: it is the one thing that the policy lets in.
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.notice')).borderLeftStyle`)).toBe('solid');
    expect(audit.faults).toEqual([]);
  });

  it.each([true, false])('one click leads to the office, with JavaScript %s', async (javaScript) => {
    const { page, audit } = await visit(authorization('vn'), 'vi-VN', javaScript);
    const { origin } = services.config.nodes[0]!.clients[0]!;
    // Nobody serves the office here: where the browser wants to go is what counts.
    const asked = page.waitForRequest((request) => request.url().startsWith(`${origin}/sign-in/callback?code=`));
    await page.locator('button[value="vn.mps-criminal/liaison"]').click();
    expect(new URL((await asked).url()).searchParams.get('state')).toBe('state-of-a-browser');
    expect(audit.faults.filter((fault) => !fault.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });

  it.each(['vi-VN', 'en-GB'])('the page of caught mail is accessible in %s', async (locale) => {
    const { audit } = await visit(services.mailPage, locale);
    expect(audit.faults).toEqual([]);
  });
});
