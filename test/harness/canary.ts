import { randomBytes, randomInt } from 'node:crypto';
import { example, type Document } from './examples';

/** What stands for a person's data in one run: random, so that a hit is a leak and nothing else. */
export interface Canaries {
  readonly name: string;
  /** The name in Latin letters without marks. */
  readonly latin: string;
  readonly phone: string;
  readonly passport: string;
  readonly narrative: string;
  readonly place: string;
  readonly note: string;
}

const SYLLABLES = [
  'Đặng',
  'Thuý',
  'Ngưỡng',
  'Hưởng',
  'Quỳnh',
  'Nghĩa',
  'Ước',
  'Bích',
  'Lộc',
  'Vỹ',
  'Sửu',
  'Khuê',
  'Tưởng',
  'Mỵ',
];
const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('');
const letters = () =>
  randomBytes(6)
    .toString('hex')
    .replace(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
const syllables = (count: number) =>
  Array.from({ length: count }, () => SYLLABLES[randomInt(SYLLABLES.length)]!).join(' ');

/** Seven canaries; those with Vietnamese marks carry random letters too, because syllables alone may stand anywhere. */
export function newCanaries(): Canaries {
  const name = `${syllables(3)} ${letters()}`;
  return {
    name,
    latin: name.replaceAll('Đ', 'D').normalize('NFD').replace(/\p{M}/gu, '').toUpperCase(),
    phone: `+84 ${digits(3)} ${digits(3)} ${digits(5)}`,
    passport: `P${digits(11)}`,
    narrative: `Người ấy kể ${letters()}, ${syllables(2)}`,
    place: `Thôn ${syllables(1)} ${letters()}`,
    note: `Ghi chú ${letters()} ${syllables(2)}`,
  };
}

/** Documents that carry all canaries, in the fields that such data has: a referral each way and the answers to the first. */
export function documentsWith(canaries: Canaries): {
  readonly protect: Document;
  readonly verify: Document;
  readonly accept: Document;
} {
  const { name, latin, phone, passport, narrative, place, note } = canaries;
  const [protect, verify, accept] = ['referral-protect-adult', 'referral-verify-adult', 'accept-protect-adult'].map(
    (file) => structuredClone(example(file)) as Mutable,
  ) as [Mutable, Mutable, Mutable];
  protect.person.name = { full: name, latin };
  protect.safeContact[0].value = phone;
  protect.exploitation.narrative = `${narrative}. `.repeat(20);
  protect.exploitation.places[0].province = place;
  protect.questions[1].text = note;
  verify.person.name = { full: name, latin };
  verify.person.documents = [{ type: 'passport', number: passport }];
  verify.person.birthplace.commune = place;
  verify.questions[2].text = note;
  accept.accept.conditions = [note];
  return { protect, verify, accept };
}

type Mutable = Document & {
  person: { name: object; documents: object[]; birthplace: { commune: string } };
  safeContact: [{ value: string }];
  exploitation: { narrative: string; places: [{ province: string }] };
  questions: [object, { text: string }, { text: string }];
  accept: { conditions: string[] };
};
