import fc from 'fast-check';
import { TraoError } from '../errors';
import { decodeBase64url, encodeBase64url } from '.';

const refused = expect.objectContaining({ code: 'not_canonical' });

/** `text` decoded and encoded again; undefined when it is refused. */
function respelled(text: string): string | undefined {
  try {
    return encodeBase64url(decodeBase64url(text));
  } catch (error) {
    if (error instanceof TraoError && error.code === 'not_canonical') return undefined;
    throw error;
  }
}

describe('base64url', () => {
  it('gives back every non-empty byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect(Buffer.from(decodeBase64url(encodeBase64url(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('encodes the view it is given, not the buffer behind it', () => {
    expect(encodeBase64url(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe('AgM');
  });

  it.each([
    ['nothing', ''],
    ['padding', 'AQ=='],
    ['the other alphabet', 'ab+/'],
    ['a space', 'AQ ID'],
    ['a line feed at the end', 'AQID\n'],
    ['a carriage return', 'AQ\rID'],
    ['trailing bits that are not zero', 'AR'],
    ['trailing bits of a pair', 'AQJ'],
    ['a lone last character', 'AQIDB'],
    ['a letter of another alphabet', 'АQID'],
    ['a zero byte', 'AQ\0D'],
  ])('refuses %s', (_, text) => {
    expect(() => decodeBase64url(text)).toThrow(refused);
  });

  it('knows one spelling of each byte string: what it takes encodes to the same text', () => {
    const alphabet = fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '-', '_', '+', '/', '=', ' ', '\n');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        // Refused, or the one spelling of what it says.
        expect([undefined, text]).toContain(respelled(text));
      }),
      { numRuns: 2000 },
    );
  });
});
