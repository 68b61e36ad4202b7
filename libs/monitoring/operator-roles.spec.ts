import { isOfMonitor, isOperatorRole, OPERATOR_ROLES } from '.';

it('knows the roles of operators and no role of cases', () => {
  expect(OPERATOR_ROLES.filter((role) => !isOperatorRole(role))).toEqual([]);
  expect(['caseworker', 'operator', '', undefined, 7].filter(isOperatorRole)).toEqual([]);
});

it('tells those that only the monitor knows from those that an office knows as well', () => {
  expect([...OPERATOR_ROLES, 'caseworker'].filter(isOfMonitor)).toEqual([
    'operator_read',
    'operator_act',
    'key_officer',
    'registration_officer',
  ]);
});
