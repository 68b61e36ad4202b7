/** What a server answered to a request of a person, redirects not followed. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where a redirect leads, as an absolute address. */
  readonly location: string | undefined;
}

/** A browser without JavaScript, as far as sign-in needs one: it keeps cookies by host, as browsers do, and submits forms. */
export class CookieBrowser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly language = 'en') {}

  get = (url: string): Promise<Visit> => this.send(url, {});

  post(url: string, form: Readonly<Record<string, string>>): Promise<Visit> {
    return this.send(url, { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Follows redirects until there are none, or one leads to an address that begins with `end`. */
  async follow(visit: Visit, end?: string): Promise<Visit> {
    let last = visit;
    while (last.location !== undefined && !(end !== undefined && last.location.startsWith(end)))
      last = await this.get(last.location);
    return last;
  }

  /** Any request, with our cookies and the headers of `init`. */
  async send(
    url: string,
    { headers: more, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> },
  ): Promise<Visit> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': this.language, ...(cookie && { cookie }), ...more };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const location = response.headers.get('location');
    return {
      url,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href,
    };
  }

  /** The value of a cookie, or undefined. */
  cookie = (name: string): string | undefined => this.cookies.get(name);

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    const expires = /expires=([^;]+)/i.exec(line)?.[1];
    if (value === '' || (expires !== undefined && new Date(expires) < new Date())) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
