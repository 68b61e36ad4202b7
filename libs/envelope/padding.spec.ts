import fc from 'fast-check';
import { pad, PADDING_FLOOR, padmeLength, unpad } from './padding';

const refused = expect.objectContaining({ code: 'bad_padding' });
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.integer({ min: 0, max: 40_000 }).map((length) => Buffer.alloc(length, 0xa5)),
);

describe('padding', () => {
  it('is taken off again without a trace', () => {
    fc.assert(fc.property(contents, (content) => expect(Buffer.from(content).equals(unpad(pad(content)))).toBe(true)));
  });

  it('reads the view it is given, not the buffer behind it', () => {
    const around = Buffer.concat([Buffer.alloc(7, 0xff), pad(Buffer.from('a')), Buffer.alloc(7, 0xff)]);
    expect(Buffer.from(unpad(around.subarray(7, -7))).toString()).toBe('a');
  });

  it('has one length for everything up to the floor', () => {
    for (const length of [0, 1, 500, PADDING_FLOOR - 4]) expect(pad(Buffer.alloc(length))).toHaveLength(PADDING_FLOOR);
    expect(pad(Buffer.alloc(PADDING_FLOOR - 3)).length).toBeGreaterThan(PADDING_FLOOR);
  });

  it('costs at most 12 % above the floor, and never shrinks', () => {
    fc.assert(
      fc.property(fc.integer({ min: PADDING_FLOOR, max: 2 ** 31 }), (length) => {
        const padded = padmeLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded / length).toBeLessThanOrEqual(1.12);
        expect(padmeLength(padded)).toBe(padded);
        expect(padmeLength(length + 1)).toBeGreaterThanOrEqual(padded);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves few lengths to tell apart', () => {
    const lengths = new Set<number>();
    for (let length = 0; length <= 1_048_576; length += 7) lengths.add(padmeLength(length));
    expect(lengths.size).toBeLessThan(256);
  });

  it('has exactly one form: a changed byte behind the content, or another length, is refused', () => {
    fc.assert(
      fc.property(contents, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, where, bits) => {
        const padded = Buffer.from(pad(content));
        const space = padded.length - 4 - content.length;
        fc.pre(space > 0);
        const at = padded.length - 1 - (where % space);
        padded[at] = padded[at]! ^ bits;
        expect(() => unpad(padded)).toThrow(refused);
        expect(() => unpad(Buffer.concat([pad(content), Buffer.alloc(1)]))).toThrow(refused);
        expect(() => unpad(pad(content).subarray(0, -1))).toThrow(refused);
      }),
    );
  });

  it('has exactly one form: the length of another block size is refused', () => {
    // A small content in the block of a larger one would be a second padded form of it.
    const block = Buffer.alloc(padmeLength(5000));
    block.writeUInt32BE(3, 0);
    expect(() => unpad(block)).toThrow(refused);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['less than a length', Buffer.alloc(3)],
    ['a length beyond the end', Buffer.alloc(PADDING_FLOOR, 0xff)],
  ])('refuses %s', (_, block) => {
    expect(() => unpad(block)).toThrow(refused);
  });
});
