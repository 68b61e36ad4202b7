import type { SiteSession } from './site-session';

/** Pages that show the same kind of thing: of each kind so many are enough. */
const OF_A_KIND = 12;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** They end a session, change the language, or are the same for everybody. */
const LEFT_OUT = /^\/(?:sign-|language|assets|session)/;

export interface Seen {
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  /** Headers and body. */
  readonly bytes: Uint8Array;
}

/** Everything that a person comes to at a site by following links from some pages, downloads included. */
export async function* crawl(session: SiteSession, starts: readonly string[]): AsyncGenerator<Seen> {
  const queue = [...starts];
  const known = new Set(queue);
  const kinds = new Map<string, number>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const { status, headers, text } = await session.get(path);
    const contentType = headers.get('content-type') ?? '';
    yield { path, status, contentType, bytes: Buffer.from(JSON.stringify([...headers]) + text) };
    if (!contentType.includes('html')) continue;
    for (const link of linksIn(text, session.url, path)) {
      const kind = link.replace(ID, ':id').replaceAll(/=[^&]*/g, '=');
      const count = kinds.get(kind) ?? 0;
      if (known.has(link) || LEFT_OUT.test(link) || count >= OF_A_KIND) continue;
      known.add(link);
      kinds.set(kind, count + 1);
      queue.push(link);
    }
  }
}

function linksIn(html: string, site: string, page: string): string[] {
  const hrefs = [...html.matchAll(/\shref="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
  return hrefs.flatMap((href) => {
    const url = new URL(href, site + page);
    return url.origin === new URL(site).origin ? [url.pathname + url.search] : [];
  });
}
