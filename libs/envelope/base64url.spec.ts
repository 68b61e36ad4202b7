import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '.';

const refused = expect.objectContaining({ code: 'not_canonical' });

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
    const alphabet = fc.constantFrom(...'ABab01-_+/= \n');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = decodeBase64url(text);
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        expect(encodeBase64url(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
