/** Paths that are not pages: their errors are problems for programs, and they know no session. */
export const isForPrograms = (path: string): boolean => path.startsWith('/v1/') || path.startsWith('/health');

/** A path of this site; anything else leads to its first page. */
export function localPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/';
}
