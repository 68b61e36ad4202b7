import { encryptionPair, makeParties } from '../../test/fakes/parties';
import { digestOf, open, readOriginal, reseal, seal } from '.';

const SUITES = ['hybrid', 'classic'] as const;

describe.each(SUITES)('a signed original of the suite %s', (suite) => {
  it('is sealed to another key as it is, with its id and its times', async () => {
    const { input, context } = await makeParties(suite);
    const { original, token: first } = await seal(input);
    const next = await encryptionPair('enc2', suite);
    const { token, digest } = await reseal(original, { ...input, recipientKey: next.public, priority: 'urgent' });
    expect(token).not.toBe(first);
    expect(digest).toBe(digestOf(token));

    const unit = input.message.header.recipientUnit;
    const decryptionKey = (kid: string) => Promise.resolve(kid === 'enc2' ? { unit, key: next.private } : undefined);
    // Outside it has the lane that it travels in; inside nothing has changed, so another lane than inside is refused.
    await expect(open(token, { ...context, decryptionKey })).rejects.toMatchObject({ code: 'identity_mismatch' });
    const again = await reseal(original, { ...input, recipientKey: next.public });
    const opened = await open(again.token, { ...context, decryptionKey });
    expect(opened.original).toBe(original);
    const { jti, iat, exp } = opened.inner;
    expect(opened.outer).toEqual({
      kid: 'enc2',
      jti,
      iss: input.senderNode,
      aud: input.recipientNode,
      iat,
      exp,
      pri: input.priority,
      suite,
    });
  });

  it('is not sealed to a key of another suite than it names', async () => {
    const { input } = await makeParties(suite);
    const { original } = await seal(input);
    const other = await encryptionPair(
      'enc2',
      SUITES.find((name) => name !== suite)!,
    );
    await expect(reseal(original, { ...input, recipientKey: other.public })).rejects.toMatchObject({
      code: 'suite_mismatch',
    });
  });

  it('says what it says, without being verified', async () => {
    const { input } = await makeParties(suite);
    const { original } = await seal(input);
    const { messageId, senderUnit, recipientUnit } = input.message.header;
    expect(readOriginal(original)).toMatchObject({ jti: messageId, iss: senderUnit, aud: recipientUnit, suite });
    expect(() => readOriginal(`${original}.AA`)).toThrow(expect.objectContaining({ code: 'not_canonical' }));
    expect(() => readOriginal('e30.e30.AA')).toThrow(expect.objectContaining({ code: 'bad_header' }));
  });
});
