import { createHash } from 'node:crypto';
import { clientOf, readClients, readsContent, ROLES } from './clients';

const digest = (token: string) => createHash('sha256').update(token).digest('hex');
const TOKEN = 'a'.repeat(32);
const officer = (more: object = {}) => ({
  id: 'officer',
  tokenSha256: digest(TOKEN),
  role: 'unit',
  unit: 'vn.mps-criminal',
  roles: ['case_officer'],
  ...more,
});
const operator = { id: 'operations', tokenSha256: digest('b'.repeat(32)), role: 'operator' };
const read = (...list: unknown[]) => readClients(JSON.stringify(list));

describe('the clients of an office', () => {
  it('are officers of units with their roles, and operators', () => {
    const desk = officer({ id: 'desk', tokenSha256: digest('c'.repeat(32)), roles: ['receiving_desk', 'caseworker'] });
    expect(read(officer(), desk, operator)).toEqual([officer(), desk, operator]);
  });

  it.each([
    ['an object', {}],
    ['a text in the list', ['x']],
  ])('are no %s', (_what, list) => {
    expect(() => readClients(JSON.stringify(list))).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it.each<[string, unknown[], string]>([
    ['an id twice', [officer(), { ...operator, id: 'officer' }], 'a client id stands twice'],
    [
      'a token twice: no second pair of eyes',
      [officer(), officer({ id: 'other' })],
      'a client tokenSha256 stands twice',
    ],
    ['no roles', [officer({ roles: undefined })], 'officer: no roles'],
    ['an empty list of roles', [officer({ roles: [] })], 'officer: no roles'],
    ['an unknown role', [officer({ roles: ['case_officer', 'king'] })], 'officer: an unknown role'],
    ['an inherited name as role', [officer({ roles: ['constructor'] })], 'officer: an unknown role'],
    ['a role twice', [officer({ roles: ['dpo', 'dpo'] })], 'officer: a role stands twice'],
    ['no unit', [officer({ unit: undefined })], 'officer: no unit'],
    ['another kind of client', [officer({ role: 'admin' })], 'officer: role is unit or operator'],
    ['no digest', [officer({ tokenSha256: 'abc' })], 'officer: tokenSha256'],
    ['no id', [officer({ id: 7 })], '7: no id'],
    ['an operator with a unit', [{ ...operator, unit: 'vn.mps-criminal' }], 'operations: an operator has no unit'],
    ['an operator with roles', [{ ...operator, roles: ['dpo'] }], 'operations: an operator has no unit'],
  ])('are refused with %s', (_what, list, detail) => {
    expect(() => read(...list)).toThrow(
      expect.objectContaining({ code: 'config_invalid', detail: expect.stringContaining(detail) }),
    );
  });

  const BLIND = ['operator', 'auditor', 'statistics_officer'];
  const SEEING = ROLES.filter((role) => !BLIND.includes(role));

  it.each(BLIND.flatMap((blind) => SEEING.map((seeing) => [blind, seeing])))(
    'are never %s and %s at once',
    (blind, seeing) => {
      expect(() => read(officer({ roles: [seeing, blind] }))).toThrow(
        expect.objectContaining({ code: 'config_invalid' }),
      );
    },
  );

  it('read content in the roles that have to, and in no other', () => {
    expect(ROLES.filter((role) => readsContent({ roles: [role] }))).toEqual(SEEING);
    expect(read(officer({ roles: BLIND }))).toHaveLength(1);
  });

  it('are known by their bearer token', () => {
    const clients = read(officer(), operator);
    expect(clientOf(clients, `Bearer ${TOKEN}`)?.id).toBe('officer');
    for (const other of [undefined, TOKEN, `bearer ${TOKEN}`, `Bearer ${TOKEN}x`, 'Bearer short']) {
      expect(clientOf(clients, other)).toBeUndefined();
    }
  });

  it('are a list that is JSON', () => {
    expect(() => readClients('{')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
