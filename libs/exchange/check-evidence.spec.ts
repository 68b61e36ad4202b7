import { digestOf } from '../envelope';
import { pingDraft } from '../../test/fakes/documents';
import { receiptBy } from '../../test/fakes/hand-made';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import { isProof } from './check-evidence';

async function evidence() {
  const countries = await twoCountries();
  const message = await countries.vn.sent(pingDraft(), 'vn.mps-criminal');
  const token = await receiptBy(countries.gb, 'vn', message);
  return { ...countries, message, token, self: countries.vn.ports.settle.self };
}

describe('a stored receipt', () => {
  it('is a proof of its message and bytes', async () => {
    const { message, token, self } = await evidence();
    expect(await isProof(token, message, self)).toBe(true);
  });

  it('is no proof of another message, of other bytes, or after a change', async () => {
    const { vn, message, token, self } = await evidence();
    expect(await isProof(token, { ...message, id: vn.newId() }, self)).toBe(false);
    expect(await isProof(token, { ...message, digest: digestOf('other') }, self)).toBe(false);
    const signature = token.lastIndexOf('.') + 1;
    const changed = token.slice(0, signature) + (token[signature] === 'A' ? 'B' : 'A') + token.slice(signature + 1);
    expect(await isProof(changed, message, self)).toBe(false);
    expect(await isProof('', message, self)).toBe(false);
  });

  it('is not judged when this machine is at fault', async () => {
    const { message, token } = await evidence();
    const partners = () => {
      throw new TraoError('database_unavailable');
    };
    await expect(isProof(token, message, { node: 'vn', partners })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
  });
});
