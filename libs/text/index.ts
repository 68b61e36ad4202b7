export { compareVietnamese, sortNames } from './collate';
export { FINDING_KINDS, type Finding } from './finding';
export { foldVietnamese, searchWords } from './fold';
export { latinForm, latinMatches } from './latin-form';
export { codePoints, codeUnits, graphemes } from './lengths';
export { scanText } from './narrative-scan';
export { toNfc } from './nfc';
export { queryTokens, searchKey, searchTokens, type QueryTokens } from './search-tokens';
