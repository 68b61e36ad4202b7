import type { Request } from 'express';
import { formToken, isOwnForm, renewSession, TOKEN_HEADER } from '.';

const requestOf = (session: object, body?: object, header?: string) =>
  ({ session, body, get: (name: string) => (name === TOKEN_HEADER ? header : undefined) }) as unknown as Request;

describe('the token of a form', () => {
  it('is different on every page, and good on each', () => {
    const session = {};
    const tokens = [formToken(requestOf(session)), formToken(requestOf(session))];
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const token of tokens) {
      expect(isOwnForm(requestOf(session, { _csrf: token }))).toBe(true);
      expect(isOwnForm(requestOf(session, {}, token))).toBe(true);
      expect(isOwnForm(requestOf({}, { _csrf: token }))).toBe(false);
    }
  });

  it('is nothing else', () => {
    const session = {};
    const token = formToken(requestOf(session));
    const [mask = '', masked = ''] = token.split('.');
    const wrong = [
      '',
      '.',
      mask,
      `${mask}.`,
      `.${masked}`,
      `${mask}.${mask}`,
      `${masked}.${mask}x`,
      `${token}A`,
      'a.b.c',
    ];
    for (const text of wrong) expect(isOwnForm(requestOf(session, { _csrf: text }))).toBe(text === `${masked}.${mask}`);
    expect(isOwnForm(requestOf(session, { _csrf: [token] }))).toBe(false);
    expect(isOwnForm(requestOf(session))).toBe(false);
  });

  it('is one from sign-in on, for pages that are asked for at the same moment', async () => {
    const request = requestOf({
      regenerate(done: () => void) {
        Object.assign(request, { session: {} });
        done();
      },
    });
    await renewSession(request);
    // Each request reads the session as it was stored.
    const [one, other] = [structuredClone(request.session), structuredClone(request.session)];
    const token = formToken(requestOf(one));
    formToken(requestOf(other));
    expect(isOwnForm(requestOf(other, { _csrf: token }))).toBe(true);
  });
});
