import { CATALOGUE, entryOf, WIRE_CODES, wireCodeOf, type Code } from '.';

const codes = Object.keys(CATALOGUE) as Code[];

describe('the catalogue of errors', () => {
  it.each(codes)('says what %s means, whether to retry and which HTTP status it is', (code) => {
    const { meaning, retry, http } = entryOf(code);
    expect(meaning).toMatch(/^[A-Z].{9,}\.$/);
    expect(['never', 'later', 'reseal']).toContain(retry);
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
  });

  it('has each code once, in one spelling, each with a meaning of its own', () => {
    const meanings = codes.map((code) => entryOf(code).meaning);
    expect(new Set(meanings).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(new Set(codes.map((code) => code.replaceAll('_', ''))).size).toBe(codes.length);
  });

  it('keeps the codes of the contract', () => {
    // Codes may be added, never renamed: partners and stored receipts know them by name.
    expect([...WIRE_CODES].sort()).toEqual([
      'bad_signature',
      'expired',
      'id_reused',
      'policy_blocked',
      'schema_invalid',
      'schema_unsupported',
      'seq_gap_timeout',
      'stale_key',
      'too_large',
      'undecryptable',
      'unknown_sender',
      'unknown_unit',
    ]);
  });

  /** What a partner may still write, and this node reads; it does not say so itself any more. */
  const READ_ONLY = ['bad_signature', 'unknown_sender'];

  it('lets partners see only the closed wire codes, and each of the others can happen', () => {
    expect(new Set([...codes.map(wireCodeOf), ...READ_ONLY])).toEqual(new Set(WIRE_CODES));
  });

  it('shows partners one failure for all that fails before the sender is proven', () => {
    const unproven: Code[] = [
      'not_canonical',
      'bad_header',
      'bad_algorithm',
      'suite_mismatch',
      'undecryptable',
      'bad_padding',
      'bad_key',
      'unknown_sender',
      'bad_signature',
      'identity_mismatch',
    ];
    expect(unproven.map(wireCodeOf)).toEqual(unproven.map(() => 'undecryptable'));
  });

  it('keeps the name of a wire code that is an inner code too, or blocks by policy', () => {
    const same = WIRE_CODES.filter((code) => Object.hasOwn(CATALOGUE, code) && !READ_ONLY.includes(code));
    for (const code of same) expect(wireCodeOf(code as Code)).toBe(code);
    expect(WIRE_CODES.filter((code) => !Object.hasOwn(CATALOGUE, code))).toEqual(['policy_blocked']);
  });

  it('shows an inner code without a wire code as policy_blocked', () => {
    expect(wireCodeOf('directory_fork')).toBe('policy_blocked');
    expect(wireCodeOf('stale_key')).toBe('stale_key');
  });

  it('has one code that asks for sealing anew, and no wire code for what passes by itself', () => {
    expect(codes.filter((code) => entryOf(code).retry === 'reseal')).toEqual(['stale_key']);
    const passing = codes.filter((code) => entryOf(code).retry === 'later');
    expect(passing.filter((code) => entryOf(code).wire !== undefined)).toEqual([]);
  });
});
