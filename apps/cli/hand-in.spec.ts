import type { Need } from '../../libs/protection';
import { authorOf, voicesFor } from './hand-in';
import { holdersOf, POSTS, roleOf } from './local/posts';

const UNIT = 'vn.mps-criminal';
const BY_LIAISON: Need = { kind: 'approve', roles: ['liaison_officer'], by: 'another_officer' };
const BY_CHILD_PROTECTION: Need = { kind: 'cosign', roles: ['child_protection_officer'], by: 'another_officer' };
const BY_DPO: Need = { kind: 'approve', roles: ['dpo'], by: 'any_officer' };
const BY_DECISION: Need = {
  kind: 'override',
  roles: ['liaison_officer', 'dpo', 'child_protection_officer'],
  by: 'any_officer',
};
const officers = (needs: readonly Need[], author: string) =>
  voicesFor(needs, UNIT, [author]).map(({ officer }) => officer.replace(UNIT, ''));

describe('the officers of a demonstration', () => {
  it('write in the role that a header names', () => {
    const written = (authorRole: unknown) => authorOf(UNIT, { header: { authorRole } });
    expect(written('case_officer')).toBe(UNIT);
    expect(written('dpo')).toBe(`${UNIT}/dpo`);
    expect(written('operator')).toBe(`${UNIT}/systems`);
    for (const wrong of [written('king'), written(undefined), authorOf(UNIT, null), authorOf(UNIT, { header: 'x' })]) {
      expect(wrong).toBe(UNIT);
    }
  });

  it('sign for what somebody else wrote', () => {
    expect(officers([BY_LIAISON], UNIT)).toEqual(['/liaison']);
    expect(officers([BY_LIAISON, BY_CHILD_PROTECTION], UNIT)).toEqual(['/liaison', '/protection']);
    expect(officers([BY_LIAISON], `${UNIT}/liaison`)).toEqual([]);
    expect(officers([BY_DPO], `${UNIT}/dpo`)).toEqual(['/dpo']);
  });

  it('decide in twos to share without consent, and may also sign', () => {
    const voices = officers([BY_LIAISON, BY_DECISION, BY_DECISION], UNIT);
    expect(voices).toEqual(['/liaison', '/liaison', '/protection']);
    expect(officers([BY_DECISION, BY_DECISION, BY_DECISION, BY_DECISION], UNIT)).toHaveLength(3);
  });

  it('are one for each role, so that a name says in which role somebody acts', () => {
    const roles = POSTS.flatMap((post) => post.roles);
    expect(new Set(roles).size).toBe(roles.length);
    for (const role of roles) expect(roleOf(UNIT, holdersOf(UNIT, [role])[0]!, [role])).toBe(role);
    expect(roleOf(UNIT, UNIT, ['dpo'])).toBeUndefined();
  });
});
