import type { Request } from 'express';
import type { SignedIn } from '../../../../libs/sign-in';
import type { Client } from '../../clients';
import { officerIn, visitorIn } from './visitor';

const MINUTE = 60_000;
const CLIENTS: readonly Client[] = [
  { id: 'vn.a/desk', subject: 'lan', role: 'unit', unit: 'vn.a', roles: ['caseworker', 'receiving_desk'] },
  { id: 'operator', role: 'operator', tokenSha256: '0'.repeat(64) },
];
const WHO: SignedIn = { officer: 'vn.a/desk', subject: 'lan', since: 0, active: 0, authenticated: 0, idToken: 't' };
const requestOf = (who?: SignedIn) => ({ session: { who } }) as unknown as Request;

describe('who a session is for', () => {
  it('is the entry of the local table, in its roles', () => {
    expect(visitorIn(requestOf(WHO), CLIENTS, MINUTE)).toMatchObject({ id: 'vn.a/desk', unit: 'vn.a' });
    expect(visitorIn(requestOf(), CLIENTS, MINUTE)).toBeUndefined();
    expect(visitorIn({} as Request, CLIENTS, MINUTE)).toBeUndefined();
  });

  it('is nobody once the entry is gone, is of somebody else, or is no officer', () => {
    expect(officerIn(WHO, [])).toBeUndefined();
    expect(officerIn({ ...WHO, subject: 'hoa' }, CLIENTS)).toBeUndefined();
    expect(officerIn({ ...WHO, officer: 'operator', subject: 'operator' }, CLIENTS)).toBeUndefined();
  });

  it('has only roles that the provider grants too', () => {
    expect(officerIn({ ...WHO, granted: ['caseworker', 'dpo'] }, CLIENTS)?.roles).toEqual(['caseworker']);
    expect(officerIn({ ...WHO, granted: [] }, CLIENTS)).toBeUndefined();
  });

  it('times out, and notes an act at most once a minute', () => {
    expect(visitorIn(requestOf(WHO), CLIENTS, 30 * MINUTE)).toBeUndefined();
    const request = requestOf(WHO);
    visitorIn(request, CLIENTS, MINUTE);
    expect(request.session.who?.active).toBe(0);
    visitorIn(request, CLIENTS, MINUTE + 1);
    expect(request.session.who?.active).toBe(MINUTE + 1);
  });
});
