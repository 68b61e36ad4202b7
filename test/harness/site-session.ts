import { CookieBrowser, type Visit } from './cookie-browser';

type Form = Readonly<Record<string, string>>;

/** Somebody at the pages of an app over plain HTTP: what a browser sends, and what no browser would send. */
export class SiteSession {
  readonly browser: CookieBrowser;

  constructor(
    readonly url: string,
    /** A page with a form, that whoever is signed in may see. */
    private readonly first: string,
    language: 'vi' | 'en',
  ) {
    this.browser = new CookieBrowser(language);
  }

  /** Signs in at the demonstration's identity provider, and comes to `back`. */
  async signIn(sub: string, back = this.first): Promise<Visit> {
    return this.browser.follow(await this.get((await this.comeBack(sub, back)).replace(this.url, '')));
  }

  /** Goes through the identity provider; answers the address with which it sends the browser back, which is not visited. */
  async comeBack(sub: string, back = this.first, start = '/sign-in/start'): Promise<string> {
    const leave = await this.get(`${start}?back=${encodeURIComponent(back)}`);
    const callback = `${this.url}/sign-in/callback`;
    const page = await this.browser.follow(leave, callback);
    if (page.location) return page.location;
    let chosen = await this.browser.follow(await this.browser.post(page.url, { sub }), callback);
    // Whoever was signed in there as somebody else is signed out first, by a form that a browser sends by itself.
    const [, action] = /<form method="post" action="([^"]+end\/confirm)">/.exec(chosen.text) ?? [];
    if (action) {
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(chosen.text)![1]!;
      chosen = await this.browser.follow(await this.browser.post(action, { xsrf, logout: 'yes' }), callback);
    }
    if (!chosen.location) throw new Error(`The identity provider let ${sub} go nowhere: ${chosen.status}`);
    return chosen.location;
  }

  get = (path: string): Promise<Visit> => this.browser.get(this.url + path);

  /** Sends a form with the session's token, unless `fields` has one. */
  async post(path: string, fields: Form = {}): Promise<Visit> {
    return this.browser.post(this.url + path, { _csrf: await this.token(), ...fields });
  }

  /** The token that every form of this session carries: the one to sign out stands on each page. */
  async token(): Promise<string> {
    return /name="_csrf" value="([^"]+)"/.exec((await this.get(this.first)).text)?.[1] ?? '';
  }
}
