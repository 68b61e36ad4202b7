import type { PagesConfig } from './config';

/** Of the settings of pages, what production cannot have. Whoever reads or changes what passes there could be anybody. */
export function signInFaults(pages: Pick<PagesConfig, 'issuer' | 'publicUrl' | 'invented'> | undefined): string[] {
  if (!pages) return [];
  const plain = { TRAO_OIDC_ISSUER: pages.issuer, TRAO_PUBLIC_URL: pages.publicUrl };
  const next = 'use an https address, see docs/how-to/sign-in.md';
  return [
    ...Object.entries(plain)
      .filter(([, url]) => !url.startsWith('https://'))
      .map(([name, url]) => `${name}: ${url} is not encrypted, so that others could sign in as anybody: ${next}`),
    ...(pages.invented ? ['TRAO_INVENTED: pages would call real people invented: unset it'] : []),
  ];
}
