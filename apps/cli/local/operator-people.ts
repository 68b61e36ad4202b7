import type { OperatorRole } from '../../../libs/monitoring';
import type { NodeLayout } from './layout';

/** An invented operator of the demonstration. */
export interface OperatorPerson {
  /** The id of their token and of their entry in the monitor's file of operators. */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly locale: 'vi' | 'en';
  readonly unit: { readonly id: string; readonly name: { readonly en: string; readonly vi: string } };
  readonly roles: readonly OperatorRole[];
}

/** Enough for a second pair of eyes on security settings, and for somebody who only looks. */
const POSTS: readonly { readonly id: string; readonly roles: readonly OperatorRole[] }[] = [
  { id: 'operator', roles: ['operator_read', 'operator_act'] },
  { id: 'watcher', roles: ['operator_read'] },
  { id: 'keys', roles: ['operator_read', 'key_officer'] },
  { id: 'registration', roles: ['operator_read', 'registration_officer'] },
  { id: 'auditor', roles: ['auditor'] },
];

const NAMES: Readonly<Record<NodeLayout['language'], readonly string[]>> = {
  vi: ['Mai Trực Máy', 'Lý Quan Sát', 'Tạ Giữ Khóa', 'Kim Đăng Ký', 'Cao Kiểm Tra'],
  en: ['Morwen Switchboard', 'Idris Lookout', 'Tamsin Keyring', 'Lorna Registry', 'Alban Ledger'],
};

const ROOM = { id: 'monitor', name: { en: 'Monitor', vi: 'Trang giám sát' } };

/** Everybody who watches a node of the demonstration. */
export function operatorsOf({ id: node, language }: NodeLayout): OperatorPerson[] {
  return POSTS.map(({ id, roles }, index) => ({
    sub: `monitor/${id}`,
    name: NAMES[language][index]!,
    email: `${id}@${node}.example`,
    locale: language,
    unit: ROOM,
    roles,
  }));
}
