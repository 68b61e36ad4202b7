import { open, seal } from '.';
import { flippedEverywhere, refusals, truncatedEverywhere } from '../../test/fakes/damage';
import { makeParties } from '../../test/fakes/parties';

describe('a message of the suite hybrid', () => {
  it('opens with no bit flipped at any byte, and cut at none (attacks A-16, A-17)', async () => {
    const { input, context } = await makeParties('hybrid');
    const { token } = await seal(input);
    const damaged = [...flippedEverywhere(token), ...truncatedEverywhere(token)];

    const counts = await refusals(damaged, (text) => open(text, context));

    expect(counts).not.toHaveProperty('accepted');
    expect(Object.keys(counts).sort()).toEqual(['bad_algorithm', 'bad_header', 'not_canonical', 'undecryptable']);
    expect(counts['undecryptable']).toBeGreaterThan(1000);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(2 * token.length);
  }, 60_000);
});
