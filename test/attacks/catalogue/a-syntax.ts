import type { Entry } from './entry';

const BASE64URL = 'libs/envelope/base64url.ts';
const COMPACT = 'libs/envelope/compact.ts';
const HEADER = 'libs/envelope/message-header.ts';
const JSON_READER = 'libs/schema/strict-json.ts';
const BODY = 'libs/http/raw-body.ts';

/** Syntax and canonical form: nothing has two spellings, and nothing is read in two ways. */
export const SYNTAX: readonly Entry[] = [
  {
    id: 'A-01',
    attack: 'White space in any segment of a token',
    control: 'Alphabet of base64url; each segment must be what its bytes encode to',
    where: [BASE64URL],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-02',
    attack: 'Padding behind any segment',
    control: 'Alphabet of base64url',
    where: [BASE64URL],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-03',
    attack: 'The other alphabet of base64',
    control: 'Alphabet of base64url',
    where: [BASE64URL],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-04',
    attack: 'Trailing bits that no byte takes',
    control: 'Each segment must be what its bytes encode to',
    where: [BASE64URL],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-05',
    attack: 'Segments too few, too many or empty',
    control: 'The number of segments, and which are empty, follows from the suite',
    where: [COMPACT, 'libs/envelope/suites.ts'],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-06',
    attack: 'JSON serialisation where the compact one is expected; a polyglot of both',
    control: 'Compact form only, outside and inside',
    where: [COMPACT],
    outcome: ['not_canonical'],
  },
  {
    id: 'A-07',
    attack: 'JSON that is no object, tokens that are no text',
    control: 'Schema of the message; list of texts at the gateway',
    where: ['libs/schema/assert.ts', 'apps/gateway/receipts.controller.ts'],
    outcome: ['schema_invalid', 'malformed_json', 'bad_request'],
  },
  {
    id: 'A-08',
    attack: 'A header that is a list, a number, null',
    control: 'A header is a small object',
    where: [COMPACT],
    outcome: ['bad_header', 'bad_algorithm', 'not_canonical'],
  },
  {
    id: 'A-09',
    attack: 'A member twice, also once escaped',
    control: 'Keys are compared after unescaping',
    where: [JSON_READER],
    outcome: ['bad_header', 'duplicate_key'],
  },
  {
    id: 'A-10',
    attack: 'Byte order mark, UTF-16, overlong forms, lone surrogates, U+0000',
    control: 'Strict UTF-8; escapes must be whole characters',
    where: ['libs/schema/utf8.ts', JSON_READER],
    outcome: ['invalid_utf8', 'malformed_json', 'bad_header'],
  },
  {
    id: 'A-11',
    attack: 'Depth, number of members, size of a header',
    control: 'Limits while parsing: depth 32, 200 members, header 4 KiB',
    where: [JSON_READER, COMPACT],
    outcome: ['too_deep', 'too_large', 'bad_header'],
  },
  {
    id: 'A-12',
    attack: 'A body above the limit, with a length that lies or in chunks without end',
    control: 'Size is counted while reading; a digest over the whole body; the HTTP parser of Node',
    where: [BODY, 'apps/gateway/messages.controller.ts', 'libs/exchange/wire.ts'],
    outcome: ['too_large', 'bad_request', 'HTTP 400'],
  },
  {
    id: 'A-13',
    attack: 'Numbers that a double changes, or that JSON has not',
    control: 'A number must survive being read; times are whole seconds',
    where: [JSON_READER, COMPACT],
    outcome: ['number_out_of_range', 'malformed_json', 'bad_header'],
  },
  {
    id: 'A-14',
    attack: 'Keys that reach into prototypes, at every depth',
    control: 'Three keys are never allowed',
    where: [JSON_READER],
    outcome: ['forbidden_key', 'bad_header'],
  },
  {
    id: 'A-15',
    attack: 'An unencoded payload (`b64`, RFC 7797)',
    control: 'A header has exactly its members',
    where: [HEADER],
    outcome: ['bad_header', 'not_canonical'],
  },
  {
    id: 'A-16',
    attack: 'Cut at every byte: messages, receipts, directories',
    control: 'Canonical form, authenticated encryption, signatures',
    where: [COMPACT, 'libs/envelope/decrypt.ts', 'libs/envelope/receipts.ts', 'libs/envelope/countersigned.ts'],
    outcome: ['not_canonical', 'undecryptable', 'receipt_malformed', 'directory_malformed'],
  },
  {
    id: 'A-17',
    attack: 'One bit flipped in every byte: messages, receipts, directories',
    control: 'Canonical form, authenticated encryption, signatures',
    where: ['libs/envelope/decrypt.ts', 'libs/envelope/receipts.ts', 'libs/envelope/countersigned.ts'],
    outcome: ['undecryptable', 'bad_header', 'bad_signature', 'directory_below_threshold'],
  },
  {
    id: 'A-18',
    attack: 'Something behind a valid token, in the padding, behind the JSON',
    control: 'One form at each layer: segments, padding, JSON',
    where: [COMPACT, 'libs/envelope/padding.ts', JSON_READER],
    outcome: ['not_canonical', 'undecryptable', 'bad_signature', 'bad_padding', 'malformed_json'],
  },
  {
    id: 'A-19',
    attack: 'A compressed body',
    control: 'Unencoded bodies only',
    where: [BODY],
    outcome: ['unsupported_media_type'],
  },
  {
    id: 'A-20',
    attack: 'Another `Content-Type`, `typ` or `cty`; another digest',
    control: 'Exactly one value of each',
    where: [HEADER, 'apps/gateway/messages.controller.ts', 'apps/gateway/receipts.controller.ts'],
    outcome: ['bad_header', 'unsupported_media_type', 'digest_mismatch'],
  },
];
