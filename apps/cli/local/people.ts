import { listedUnits } from '../../../libs/schema';
import type { NodeLayout } from './layout';
import { POSTS, type Post } from './posts';

/** An invented officer of the demonstration. */
export interface Person {
  /** The id of their token and of their entry in the office's file of clients. */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly locale: 'vi' | 'en';
  readonly unit: { readonly id: string; readonly name: { readonly en: string; readonly vi: string } };
  readonly roles: Post['roles'];
}

/** Parts of names, put together so that no two people of a node have the same. Whoever has such a name is not meant. */
interface NameParts {
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly join: (first: string, last: string) => string;
}

const NAMES: Readonly<Record<NodeLayout['language'], NameParts>> = {
  // Family name and middle name, then the name that people are called by: the last ones are words like "example" and "pattern".
  vi: {
    first: [
      'Trần Văn',
      'Nguyễn Thị',
      'Lê Hoàng',
      'Phạm Minh',
      'Vũ Ngọc',
      'Đặng Thu',
      'Bùi Quang',
      'Đỗ Kim',
      'Hồ Thanh',
    ],
    last: ['Mẫu', 'Ví', 'Thử', 'Nháp', 'Diễn', 'Phỏng', 'Tưởng', 'Kịch'],
    join: (first, last) => `${first} ${last}`,
  },
  // Welsh, Scots and English first names; surnames out of stories and legends.
  en: {
    first: ['Rhiannon', 'Ailsa', 'Edith', 'Gethin', 'Hamish', 'Winifred', 'Carys', 'Fergus', 'Percival'],
    last: ['Fabledale', 'Mockturtle', 'Storyworth', 'Invented', 'Samplewick', 'Notreal', 'Makebelieve', 'Fictionby'],
    join: (first, last) => `${first} ${last}`,
  },
};

/** Everybody who works in the units of a node: one person for each post. */
export function peopleOf({ id: node, language }: NodeLayout): Person[] {
  const { first, last, join } = NAMES[language];
  const posts = listedUnits(node).flatMap(({ id, name }) => POSTS.map((post) => ({ unit: { id, name }, post })));
  return posts.map(({ unit, post }, index) => {
    // Both parts change from one person to the next, and a pair comes back only after all have been used: 9 and 8 have no divisor in common.
    const name = join(first[index % first.length]!, last[index % last.length]!);
    return {
      sub: unit.id + post.ending,
      name,
      email: `${addressOf(name)}@${node}.example`,
      locale: language,
      unit,
      roles: post.roles,
    };
  });
}

/** `Trần Văn Mẫu` → `tran.van.mau` */
const addressOf = (name: string) =>
  name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/đ/gi, 'd').toLowerCase().replaceAll(' ', '.');
