/** Country (ISO 3166-1 alpha-3) that a node stands for. Member states of the European Union have nodes of their own. */
const COUNTRIES: { readonly [node: string]: string } = {
  vn: 'VNM',
  gb: 'GBR',
  au: 'AUS',
  kh: 'KHM',
  cn: 'CHN',
  'eu-at': 'AUT',
  'eu-be': 'BEL',
  'eu-bg': 'BGR',
  'eu-cy': 'CYP',
  'eu-cz': 'CZE',
  'eu-de': 'DEU',
  'eu-dk': 'DNK',
  'eu-ee': 'EST',
  'eu-es': 'ESP',
  'eu-fi': 'FIN',
  'eu-fr': 'FRA',
  'eu-gr': 'GRC',
  'eu-hr': 'HRV',
  'eu-hu': 'HUN',
  'eu-ie': 'IRL',
  'eu-it': 'ITA',
  'eu-lt': 'LTU',
  'eu-lu': 'LUX',
  'eu-lv': 'LVA',
  'eu-mt': 'MLT',
  'eu-nl': 'NLD',
  'eu-pl': 'POL',
  'eu-pt': 'PRT',
  'eu-ro': 'ROU',
  'eu-se': 'SWE',
  'eu-si': 'SVN',
  'eu-sk': 'SVK',
};

/** The country of a node, ISO 3166-1 alpha-3; undefined for a node that this version does not know: no consent names it. */
export function countryOf(node: string): string | undefined {
  return Object.hasOwn(COUNTRIES, node) ? COUNTRIES[node] : undefined;
}
