import { prepareValidators, validatorOf } from './validators';

describe('the validators', () => {
  it('are compiled once, ahead of the first message', () => {
    prepareValidators();
    const validate = validatorOf('ping');
    expect(validate({})).toBe(false);
    expect(validatorOf('ping')).toBe(validate);
  });
});
