import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageSections, type PrintedSection } from '.';
import type { Message, Referral } from '../schema';

const FOLDER = path.join(__dirname, '../../schemas/referral/v1/examples/valid');
const EXAMPLES = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
const ZONES = { ownZone: 'Asia/Ho_Chi_Minh', partnerZone: 'Europe/London' };
const example = (name: string) => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Message;
const sections = (message: Message) => messageSections(message, ZONES);
const rowsOf = (all: readonly PrintedSection[]) =>
  all.flatMap(({ rows }) => rows.map(({ label, values }) => [label, values.map(({ text }) => text)] as const));
const row = (message: Message, english: string) => rowsOf(sections(message)).find(([{ en }]) => en === english)?.[1];

/** Every value of a document, but its head. */
function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leaves);
}

describe('the sections of a printed message', () => {
  it('have a row for every answer of a referral, in both languages', () => {
    const message = example('referral-protect-adult');
    const all = sections(message);
    expect(all[0]!.heading).toEqual({ vi: 'Chuyển gửi', en: 'Referral' });
    expect(row(message, 'Purpose')).toHaveLength(2);
    expect(row(message, 'Written')).toEqual([
      '10:12 16/11/2026 (Hà Nội) / 03:12 (Luân Đôn)',
      '10:12 16/11/2026 (Hà Nội) / 03:12 (London)',
    ]);
    const said = rowsOf(all).flatMap(([, values]) => values);
    for (const text of ['Nguyễn Thị Ví Dụ', 'NGUYEN THI VI DU', 'Lily', '2001', '13/11/2026', '08/2025', 'Nghệ An'])
      expect(said).toContain(text);
    expect(said.some((text) => text.startsWith('Recruited with the promise'))).toBe(true);
  });

  it.each(EXAMPLES)('leave out nothing of %s', (name) => {
    const message = example(name);
    const all = sections(message);
    const { header: _head, ...content } = message;
    const said = new Set(rowsOf(all).flatMap(([, values]) => values));
    // Words of people and names are printed as they are; codes, dates and moments as what they mean.
    const words = leaves(content).filter((value) => typeof value === 'string' && / /u.test(value));
    for (const text of words) expect([text, said.has(text as string)]).toEqual([text, true]);
    // A question asks for everything in a message of this version.
    expect(all.map(({ heading }) => heading.en)).not.toContain('Other members');
    for (const [{ vi, en }, values] of rowsOf(all)) {
      expect(vi).not.toBe('');
      expect(en).not.toBe('');
      expect(values).not.toEqual([]);
    }
  });

  it('name the place of what a later version adds, and do not print what it is', () => {
    const message = Object.assign(example('referral-protect-adult') as Referral, { later: { list: ['hidden-1'] } });
    Object.assign(message.person!, { added: 'hidden-2' });
    const unknown = expect.arrayContaining([expect.stringMatching(/does not know/u)]);
    expect(row(message, '/later')).toEqual(unknown);
    expect(row(message, '/person/added')).toEqual(unknown);
    expect(sections(message).at(-1)!.heading.en).toBe('Other members');
    expect(JSON.stringify(sections(message))).not.toContain('hidden');
  });

  it.each(EXAMPLES)('have no key of a file of %s on paper', (name) => {
    const message = example(name) as Message & {
      attachments?: readonly { transfer?: { key: string; fileId: string } }[];
    };
    const printed = JSON.stringify(sections(message));
    for (const { transfer } of message.attachments ?? []) {
      if (!transfer) continue;
      expect(printed).not.toContain(transfer.key);
      expect(printed).not.toContain(transfer.fileId);
    }
    expect(printed).not.toContain('/transfer');
  });

  it('show an unknown code, a broken moment and an odd type as they are', () => {
    const message = example('referral-protect-adult') as Referral;
    message.header.createdAt = 'yesterday';
    Object.assign(message.person!, { gender: 'not_a_code', aliases: { odd: true } });
    expect(row(message, 'Written')).toEqual(['yesterday']);
    const said = rowsOf(sections(message)).flatMap(([, values]) => values);
    expect(said).toContain('not_a_code');
    expect(said).toContain('{"odd":true}');
  });
  it('say that a list is empty', () => {
    const message = Object.assign(example('referral-protect-adult'), { identification: [] });
    expect(row(message, 'Decisions on victim status')).toEqual(['Không có mục nào ở trên', 'None of these']);
  });
});
