import { manifests } from '../envelope';
import type { TraoError } from '../errors';
import { comparedCountries, delivered, type ComparedCountries } from '../../test/fakes/compared-countries';
import { reconciling } from '.';

const TODAY = '2026-11-22';
const YESTERDAY = '2026-11-21';

// Keys and validators are made once, which takes its time.
beforeAll(() => comparedCountries(), 60_000);

describe('a gateway that gets a manifest', () => {
  const exchange = async ({ ofVn, ofGb }: ComparedCountries, day = TODAY) => {
    const { token } = await reconciling.makeManifest('gb', day, ofVn.served);
    return reconciling.answerManifest(token, 'vn', ofGb.served);
  };

  it('answers with its own of the same day and keeps both', async () => {
    const pair = await comparedCountries();
    await delivered(pair);
    const answer = await exchange(pair);
    const { claims } = await reconciling.makeManifest('vn', TODAY, pair.ofGb.served);
    expect(
      await manifests.readManifest(answer, (node, kid, at) => pair.world.partners.receiptKey(node, kid, at)),
    ).toEqual(claims);
    expect(pair.ofGb.kept).toEqual([{ partner: 'vn', own: answer, theirs: expect.any(String) as string }]);
    expect(pair.ofGb.wished).toEqual([]);
  });

  it('has a day looked at, of which the partner has not got what was sent to it', async () => {
    const pair = await comparedCountries();
    await delivered(pair);
    pair.gb.tables.inbox.clear();
    const { token } = await reconciling.makeManifest('vn', TODAY, pair.ofGb.served);
    await reconciling.answerManifest(token, 'gb', pair.ofVn.served);
    expect(pair.ofVn.wished).toEqual([`gb ${TODAY}`]);
  });

  it('refuses one of another node, for another node, or of a day that has not begun', async () => {
    const pair = await comparedCountries();
    const { token } = await reconciling.makeManifest('gb', TODAY, pair.ofVn.served);
    const refused = async (...args: Parameters<typeof reconciling.answerManifest>) =>
      reconciling.answerManifest(...args).then(
        () => 'taken',
        (error: unknown) => (error as TraoError).code,
      );
    expect(await refused(token, 'la', pair.ofGb.served)).toBe('identity_mismatch');
    expect(await refused(token, 'vn', pair.ofVn.served)).toBe('manifest_refused');
    const later = await reconciling.makeManifest('gb', '2026-11-24', pair.ofVn.served);
    expect(await refused(later.token, 'vn', pair.ofGb.served)).toBe('manifest_refused');
    const never = await reconciling.makeManifest('gb', '2026-02-31', pair.ofVn.served);
    expect(await refused(never.token, 'vn', pair.ofGb.served)).toBe('manifest_refused');
    const tomorrow = await reconciling.makeManifest('gb', '2026-11-23', pair.ofVn.served);
    expect(await refused(tomorrow.token, 'vn', pair.ofGb.served)).toBe('taken');
  });

  it('lists a day from an id on, and refuses what is no day or id', async () => {
    const pair = await comparedCountries();
    const ids = (await delivered(pair)).toSorted();
    const { rows } = pair.ofGb;
    const listed = async (after?: string) =>
      (await reconciling.listManifest('vn', TODAY, 'received', after, rows)).map(({ id }) => id);
    expect(await listed()).toEqual(ids);
    expect(await listed(ids[0])).toEqual(ids.slice(1));
    // An id of an earlier day leads to the first of this one.
    expect(await listed(reconciling.idsOf(YESTERDAY).after)).toEqual(ids);
    expect(await reconciling.listManifest('vn', YESTERDAY, 'received', undefined, rows)).toEqual([]);
    await expect(reconciling.listManifest('vn', 'today', 'sent', undefined, rows)).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(listed('x')).rejects.toMatchObject({ code: 'bad_request' });
  });
});
