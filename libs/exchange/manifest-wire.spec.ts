import { decodeEntries, decodeKnown } from './manifest-wire';
import { idsOf } from './manifest-days';

const DAY = '2026-11-22';
const { after } = idsOf(DAY);
const id = (last: string) => `019a8e35-f400-7abc-8def-00000000000${last}`;
const digest = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
const inDay = (last: string) => `${after.slice(0, 14)}7abc-8def-00000000000${last}`;
const body = (value: unknown) => Buffer.from(JSON.stringify(value));
const bad = expect.objectContaining({ code: 'bad_answer' }) as Error;

describe('a page of a day', () => {
  const entry = (last: string, more: object = {}) => ({ id: inDay(last), digest, standing: 'filed', ...more });
  const decode = (value: unknown, from = after) => decodeEntries(body(value), DAY, from);

  it('is read as the partner lists it', () => {
    const entries = [entry('1'), entry('2', { standing: 'held' }), entry('3', { standing: 'opened' })];
    expect(decode({ entries })).toEqual(entries);
    expect(decode({ entries: [] })).toEqual([]);
    expect(decode({ entries: [entry('2')] }, inDay('1'))).toEqual([entry('2')]);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a page of a captive portal', '<html>'],
    ['no list', { entries: {} }],
    ['an entry that is none', { entries: [null] }],
    ['ids that fall', { entries: [entry('2'), entry('1')] }],
    ['an id twice', { entries: [entry('1'), entry('1')] }],
    ['an id of another day', { entries: [entry('1', { id: id('1').replace('019a8e35', '019c8e35') })] }],
    ['an id of another version', { entries: [entry('1', { id: inDay('1').replace('-7abc', '-4abc') })] }],
    ['a digest that is none', { entries: [entry('1', { digest: 'x' })] }],
    ['no digest', { entries: [entry('1', { digest: 1 })] }],
    ['a standing that is not known', { entries: [entry('1', { standing: 'lost' })] }],
    ['more than a page', { entries: Array.from({ length: 501 }, () => entry('1')) }],
  ])('is refused with %s', (_, value) => {
    expect(() => decode(value)).toThrow(bad);
  });

  it('is refused when it does not go on from where it was asked, or is no JSON', () => {
    expect(() => decode({ entries: [entry('1')] }, inDay('1'))).toThrow(bad);
    expect(() => decodeEntries(Buffer.from('<html>'), DAY, after)).toThrow(bad);
  });
});

describe('what a partner knows of messages', () => {
  const known = { id: inDay('1'), sent: false, held: true, receipts: ['a.b.c'] };

  it('is read, one answer for each id', () => {
    expect(decodeKnown(body([known]), [known.id])).toEqual([known]);
    expect(decodeKnown(body([]), [])).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['an answer too many', [known, known]],
    ['an answer that is none', [null]],
    ['another id', [{ ...known, id: inDay('2') }]],
    ['a word for a truth', [{ ...known, held: 'yes' }]],
    ['no truth', [{ ...known, sent: undefined }]],
    ['no receipts', [{ ...known, receipts: undefined }]],
    ['receipts that are none', [{ ...known, receipts: [1] }]],
    ['receipts without end', [{ ...known, receipts: Array.from({ length: 33 }, () => 'a.b.c') }]],
  ])('is refused with %s', (_, value) => {
    expect(() => decodeKnown(body(value), [known.id])).toThrow(bad);
  });
});
