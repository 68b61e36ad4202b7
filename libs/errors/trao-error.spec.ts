import { asTraoError, CATALOGUE, faultAt, TraoError } from '.';

describe('TraoError', () => {
  it('carries its code, and the meaning as its message', () => {
    const error = new TraoError('bad_padding');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'TraoError', code: 'bad_padding', faults: [], detail: undefined });
    expect(error.message).toBe(CATALOGUE.bad_padding.meaning);
  });

  it('carries faults, a detail for operators and the cause', () => {
    const cause = new Error('below');
    const faults = [faultAt('/a', 'required')];
    const error = new TraoError('schema_invalid', { faults, detail: 'unit vn.x', cause });
    expect(error).toMatchObject({ faults, detail: 'unit vn.x', cause });
    expect(error.message).toBe(`${CATALOGUE.schema_invalid.meaning} unit vn.x`);
  });

  it('can be retried with the same bytes only where the catalogue says later', () => {
    expect(new TraoError('partner_busy').retryable).toBe(true);
    expect(new TraoError('bad_signature').retryable).toBe(false);
    expect(new TraoError('stale_key').retryable).toBe(false);
  });
});

describe('asTraoError', () => {
  it('leaves a TraoError as it is', () => {
    const error = new TraoError('expired');
    expect(asTraoError(error)).toBe(error);
  });

  it.each([[new TypeError('secret')], ['secret'], [undefined]])(
    'makes %p an internal error without its text',
    (other) => {
      const error = asTraoError(other);
      expect(error).toMatchObject({ code: 'internal', cause: other });
      expect(error.message).not.toContain('secret');
    },
  );
});
