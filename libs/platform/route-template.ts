/** What a path has that no route serves. */
const NO_ROUTE = 'none';

/** The template of the route that serves a request of Express, such as `/v1/messages/:id`: a path itself may hold ids. */
export function routeOf({ route, baseUrl = '' }: { readonly route?: unknown; readonly baseUrl?: string }): string {
  const template = (route as { path?: unknown } | undefined)?.path;
  return typeof template === 'string' ? baseUrl + template : NO_ROUTE;
}

/** Parts of our own paths; every other part of a path is an id. */
const WORD = /^(?:v1|[a-z][a-z-]{0,31})$/;

/** The template of a path that we call at a partner. */
export function templateOf(path: string): string {
  const [plain = ''] = path.split(/[?#]/);
  return plain
    .split('/')
    .map((part) => (part === '' || WORD.test(part) ? part : ':id'))
    .join('/');
}
