import fc from 'fast-check';
import { decryptAtRest, encryptAtRest, newCaseKey } from '.';

const ROW = ['case_event', 'vn.mps-criminal', 'case-1', 'message-1', 'original'];
const PLAINTEXT = Buffer.from('Nguyễn Thị Ánh');
const refused = expect.objectContaining({ code: 'case_unreadable' });

describe('the case cipher', () => {
  const key = newCaseKey();
  const stored = encryptAtRest(key, PLAINTEXT, ROW);

  it('opens for the same row and key', () => {
    expect(Buffer.from(decryptAtRest(key, stored, ROW))).toEqual(PLAINTEXT);
    expect(decryptAtRest(key, encryptAtRest(key, Buffer.alloc(0), ROW), ROW)).toHaveLength(0);
  });

  it('opens any content in any row, and only there', () => {
    const row = fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), row, row, (content, here, there) => {
        const bytes = encryptAtRest(key, content, here);
        expect(Buffer.from(decryptAtRest(key, bytes, here))).toEqual(Buffer.from(content));
        fc.pre(JSON.stringify(here) !== JSON.stringify(there));
        expect(() => decryptAtRest(key, bytes, there)).toThrow(refused);
      }),
    );
  });

  it('never gives the same bytes twice, and starts with the format', () => {
    const again = encryptAtRest(key, PLAINTEXT, ROW);
    expect(again[0]).toBe(1);
    expect(Buffer.from(again)).not.toEqual(Buffer.from(stored));
    expect(newCaseKey()).not.toEqual(key);
    expect(key).toHaveLength(32);
  });

  it.each([
    ['another unit', ['case_event', 'vn.mofa-london', 'case-1', 'message-1', 'original']],
    ['another row', ['case_event', 'vn.mps-criminal', 'case-1', 'message-2', 'original']],
    ['another column', ['case_event', 'vn.mps-criminal', 'case-1', 'message-1', 'summary']],
    ['another table', ['outbox', 'vn.mps-criminal', 'case-1', 'message-1', 'original']],
    ['the same letters, cut elsewhere', ['case_event', 'vn.mps-criminal', 'case-1m', 'essage-1', 'original']],
    ['one part fewer', ['case_event', 'vn.mps-criminal', 'case-1', 'message-1']],
    ['no row', []],
  ])('does not open in %s', (_, row) => {
    expect(() => decryptAtRest(key, stored, row)).toThrow(refused);
  });

  it('does not open with one bit flipped anywhere, nor cut anywhere', () => {
    for (let at = 0; at < stored.length; at += 1) {
      const damaged = Buffer.from(stored);
      damaged[at] = damaged[at]! ^ (1 << (at % 8));
      expect(() => decryptAtRest(key, damaged, ROW)).toThrow(refused);
      expect(() => decryptAtRest(key, stored.subarray(0, at), ROW)).toThrow(refused);
    }
  });

  it('does not open with another key, or one of another length', () => {
    expect(() => decryptAtRest(newCaseKey(), stored, ROW)).toThrow(refused);
    expect(() => decryptAtRest(key.subarray(0, 16), stored, ROW)).toThrow(refused);
  });
});
