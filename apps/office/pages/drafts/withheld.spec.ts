import { fieldRules } from '../../../../libs/schema';
import { byScope, withheldFields } from './withheld';

const ASKED = ['health', 'exploitation.acts', 'exploitation.narrative', 'person.name'];
const written = (scopes: readonly string[]) => ({
  document: { header: {}, consent: { scopes }, health: { fitToTravel: 'yes' } },
});
const withheld = (scopes: readonly string[]) => withheldFields(written(scopes), fieldRules(), ASKED, 'en');

describe('what a recipient does not get', () => {
  it('is every part that needs a yes which nobody has given, among those that are asked about', () => {
    expect(
      withheld([])
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['exploitation.acts', 'exploitation.narrative', 'health']);
    expect(withheld(['exploitation_details', 'narrative']).map(({ path }) => path)).toEqual(['health']);
    expect(withheldFields({ document: { header: {} } }, fieldRules(), ASKED, 'vi')).toHaveLength(3);
  });

  it('says where an answer stands that cannot be sent', () => {
    expect(
      withheld([])
        .filter(({ answered }) => answered)
        .map(({ path }) => path),
    ).toEqual(['health']);
  });

  it('is told by the yes that is missing', () => {
    expect(byScope(withheld(['narrative', 'health']))).toEqual([
      { scope: 'Details of the exploitation', parts: 'Acts' },
    ]);
    expect(byScope(withheld([]))).toHaveLength(3);
  });
});
