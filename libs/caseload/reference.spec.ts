import { randomUUID } from 'node:crypto';
import { asReference, referenceOf } from './reference';

describe('a reference for people', () => {
  it('is the same for the same referral, and short enough to be read out', () => {
    const id = '0190d3c4-0000-7000-8000-000000000001';
    expect(referenceOf(id)).toBe(referenceOf(id));
    expect(referenceOf(id)).toMatch(/^TR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    const many = new Set(Array.from({ length: 2_000 }, () => referenceOf(randomUUID())));
    expect(many.size).toBe(2_000);
  });

  it('is read however it was typed', () => {
    for (const typed of ['TR-7K3M-9QXV', 'tr 7k3m 9qxv', ' 7K3M9QXV ', 'TR7K3M-9QXV']) {
      expect(asReference(typed)).toBe('TR-7K3M-9QXV');
    }
    // What is often mistaken for a sign of ours is taken for it.
    expect(asReference('OIL0 0000')).toBe('TR-0110-0000');
    for (const typed of ['Nguyễn', 'TR-7K3M', '7K3M9QXV1', '7K3M-9QXU', '']) expect(asReference(typed)).toBeUndefined();
    expect(asReference(referenceOf(randomUUID()).toLowerCase())).toBeDefined();
  });
});
