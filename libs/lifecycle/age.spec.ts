import type { Person } from '../schema';
import { adultFrom, isChild, saysChild } from '.';

const TODAY = '2026-11-23';
const person = (more: object) => more as Person;

describe('whether somebody counts as a child', () => {
  it.each([
    ['nothing is said', undefined, true],
    ['the age is not said', { gender: 'female' }, true],
    ['a child', { ageStatus: 'child' }, true],
    ['an uncertain age', { ageStatus: 'unknown_treated_as_child' }, true],
    ['an adult', { ageStatus: 'adult' }, false],
    ['an adult born long ago', { ageStatus: 'adult', birth: { date: '1990-01-01' } }, false],
    ['an adult from today on', { ageStatus: 'adult', birth: { date: '2008-11-23' } }, false],
    ['called adult a day too early', { ageStatus: 'adult', birth: { date: '2008-11-24' } }, true],
    ['called adult, born in a year that makes 18', { ageStatus: 'adult', birth: { year: 2008 } }, false],
    ['called adult, born too late', { ageStatus: 'adult', birth: { year: 2009 } }, true],
    ['called adult in a band of children', { ageStatus: 'adult', birth: { ageBand: '9-17' } }, true],
    ['called adult in the youngest band', { ageStatus: 'adult', birth: { ageBand: '0-8' } }, true],
    ['an adult in a band of adults', { ageStatus: 'adult', birth: { ageBand: '18-20' } }, false],
  ])('%s', (_what, said, child) => {
    expect(isChild(said && person(said), TODAY)).toBe(child);
  });

  it('is not said by silence in a later message', () => {
    expect(saysChild(person({}), TODAY)).toBe(false);
    expect(saysChild(person({ birth: { date: '2010-05-01' } }), TODAY)).toBe(true);
  });

  it('ends on the 18th birthday, of 29 February on 1 March', () => {
    expect(adultFrom('2008-02-29')).toBe('2026-02-29');
    expect('2026-02-28' < adultFrom('2008-02-29') && adultFrom('2008-02-29') < '2026-03-01').toBe(true);
  });
});
