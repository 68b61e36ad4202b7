import { Ajv2020 } from 'ajv/dist/2020';
import fc from 'fast-check';
import { TraoError } from '../libs/errors';
import { assertMessage } from '../libs/schema';
import { codePoints } from '../libs/text';

import example from './referral/v1/examples/valid/referral-protect-adult.json';
import referral from './referral/v1/referral.schema.json';

const validates = (schema: object, text: string): boolean => new Ajv2020().validate(schema, text);

function accepted(message: unknown): boolean {
  try {
    assertMessage(message);
    return true;
  } catch (error) {
    if (error instanceof TraoError) return false;
    throw error;
  }
}

describe('a limit of the schemas', () => {
  it('counts code points, as forms must: neither code units nor graphemes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(20), (text, limit) => {
        expect(validates({ type: 'string', maxLength: limit }, text)).toBe(codePoints(text) <= limit);
        expect(validates({ type: 'string', minLength: limit }, text)).toBe(codePoints(text) >= limit);
      }),
    );
  });

  it.each([
    ['a composed letter', 'ễ'],
    ['a letter of two code units', '𠮷'],
  ])('lets a name have as many of %s as it says', (_what, letter) => {
    const most = referral.$defs.personName.properties.full.maxLength;
    const named = (full: string) => ({
      ...example,
      person: { ...example.person, name: { ...example.person.name, full } },
    });
    expect(accepted(named(letter.repeat(most)))).toBe(true);
    expect(accepted(named(letter.repeat(most + 1)))).toBe(false);
  });
});
