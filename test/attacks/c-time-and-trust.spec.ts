import { type SealInput } from '../../libs/envelope';
import { ingest } from '../../libs/exchange';
import type { Directory, DirectoryKey } from '../../libs/schema';
import { bringIntoForce, Partners } from '../../libs/trust';
import { pingDraft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import { fateOf, SENDER, threeCountries, verdictOf, type Countries } from './countries';
import { NOW, signers } from './directories';

/** When something was signed, with which key, and which directory says so. */
let world: Countries;
beforeEach(async () => {
  world = await threeCountries();
});

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
const after = (ms: number) => new Date(world.clock.now().getTime() + ms);
const ping = (sealing: Partial<SealInput> = {}) => sealByHand(world.vn, pingDraft({ senderUnit: SENDER }), {}, sealing);

describe('C-10 a message that waited for days', () => {
  it('C-10 signed ten days ago is filed: what counts is its signed expiry', async () => {
    const backlog = await ping({ issuedAt: after(-10 * DAY_MS), expiresAt: after(4 * DAY_MS) });
    expect(await verdictOf(world.gb, backlog.token, 'vn')).toBe('filed');
  });

  it('C-10 waits on after the gateway has it', async () => {
    const message = await ping({ expiresAt: after(14 * DAY_MS) });
    await world.gb.accept([message.token], 'vn');
    world.clock.advance(14 * DAY_MS - SECOND_MS);
    await world.gb.file();
    expect(fateOf(world.gb, 'vn', message.id)).toBe('filed');
  });

  it('C-10 is refused from the second of its expiry on', async () => {
    const ended = await ping({ issuedAt: after(-10 * DAY_MS), expiresAt: after(0) });
    expect(await verdictOf(world.gb, ended.token, 'vn')).toBe('expired');
  });
});

it('C-11 a message from the future', async () => {
  const within = await ping({ issuedAt: after(300 * SECOND_MS), expiresAt: after(DAY_MS) });
  expect(await verdictOf(world.gb, within.token, 'vn')).toBe('filed');
  const held: string[] = [];
  for (const seconds of [301, 3600, 86_400 * 200]) {
    const beyond = await ping({ issuedAt: after(seconds * SECOND_MS), expiresAt: after(300 * DAY_MS) });
    // As likely as not it is our own clock: it waits for a day.
    expect(await verdictOf(world.gb, beyond.token, 'vn')).toBe('held');
    held.push(beyond.id);
  }
  world.clock.advance(DAY_MS + 11 * SECOND_MS);
  await world.gb.file();
  expect(held.map((id) => fateOf(world.gb, 'vn', id))).toEqual(['filed', 'filed', 'not_yet_valid']);
});

/** The verdict under a directory in which the signing key of the sender is changed. */
async function verdictWith(change: Partial<DirectoryKey>, token: string, id: string): Promise<string> {
  const directory = structuredClone(world.world.directory);
  const units = directory.nodes.flatMap((node) => node.units);
  Object.assign(units.find((unit) => unit.id === SENDER)!.signingKeys[0]!, change);
  const partners = new Partners(directory);
  await world.gb.accept([token], 'vn');
  const batch = await world.gb.claim('ingest');
  await ingest(batch.id, { ...world.gb.ports.ingest, self: { node: 'gb', partners: () => partners } });
  return fateOf(world.gb, 'vn', id);
}

it('C-19 a key that was revoked signs with a date of before', async () => {
  const backdated = await ping({ issuedAt: after(-10 * DAY_MS), expiresAt: after(DAY_MS) });
  expect(await verdictWith({ status: 'revoked' }, backdated.token, backdated.id)).toBe('unknown_sender');
  // A key that was merely replaced still speaks for its time.
  const replaced = await ping({ issuedAt: after(-10 * DAY_MS), expiresAt: after(DAY_MS) });
  expect(await verdictWith({ status: 'retired' }, replaced.token, replaced.id)).toBe('filed');
});

it('C-20 a key that ended between signing and receipt, or before the signing', async () => {
  const notAfter = after(-DAY_MS).toISOString();
  const before = await ping({ issuedAt: after(-2 * DAY_MS), expiresAt: after(DAY_MS) });
  expect(await verdictWith({ notAfter }, before.token, before.id)).toBe('filed');
  const since = await ping({ issuedAt: after(-DAY_MS), expiresAt: after(DAY_MS) });
  expect(await verdictWith({ notAfter }, since.token, since.id)).toBe('unknown_sender');
  const early = await ping({ issuedAt: after(-2 * DAY_MS), expiresAt: after(DAY_MS) });
  expect(await verdictWith({ notBefore: notAfter }, early.token, early.id)).toBe('unknown_sender');
});

describe('C-17 an older set of keys', () => {
  const rekeyed = (directory: Directory) => {
    const [one, two] = directory.nodes[0]!.units as [
      Directory['nodes'][0]['units'][0],
      Directory['nodes'][0]['units'][0],
    ];
    [one.signingKeys, two.signingKeys] = [two.signingKeys, one.signingKeys];
  };

  it('C-17 rightly signed once, is not taken again', async () => {
    const { directory, edited, signAny, adopt, inForce } = await signers();
    const newer = edited((copy) => {
      copy.version = 8;
      copy.nodes[0]!.units[0]!.signingKeys[0]!.status = 'revoked';
    });
    const now = await inForce(newer);
    expect(await adopt(now.signed, now)).toBe(8);
    expect(await adopt(await signAny(directory), now)).toBe('directory_rollback');
  });

  it('C-17 under the number of the version in force is a fork', async () => {
    const { directory, edited, signAny, adopt, inForce } = await signers();
    const now = await inForce(directory);
    expect(await adopt(await signAny(edited(rekeyed)), now)).toBe('directory_fork');
  });

  it('C-17 under a new number brings no revoked key back, and gives no id to another key', async () => {
    const { directory, edited, signAny, adopt, inForce } = await signers();
    const revoked = edited((copy) => (copy.nodes[0]!.units[0]!.signingKeys[0]!.status = 'revoked'));
    const { signed } = await inForce(revoked);
    const now = await bringIntoForce(revoked, signed);
    expect(await adopt(await signAny({ ...directory, version: 8 }), now)).toBe('directory_key_unrevoked');
    const exchanged = edited((copy) => {
      copy.version = 8;
      const [one, two] = copy.nodes[1]!.units;
      [one!.signingKeys[0]!.jwk, two!.signingKeys[0]!.jwk] = [two!.signingKeys[0]!.jwk, one!.signingKeys[0]!.jwk];
    });
    const before = await inForce(directory);
    expect(await adopt(await signAny(exchanged), await bringIntoForce(directory, before.signed))).toBe(
      'directory_key_changed',
    );
  });
});

describe('C-18 a directory that is old or stands still', () => {
  it('C-18 of an older version is refused: rollback', async () => {
    const { directory, edited, signAny, adopt, inForce } = await signers();
    const now = await inForce(directory);
    for (const version of [1, 6]) {
      expect(await adopt(await signAny(edited((copy) => (copy.version = version))), now)).toBe('directory_rollback');
    }
    expect(await adopt(await signAny(edited((copy) => (copy.version = 8))), now)).toBe(8);
  });

  it('C-18 shown for ever ends with its expiry: freeze', async () => {
    const { directory, signAny, adopt, inForce } = await signers();
    const signed = await signAny(directory);
    const within = { ...directory, expiresAt: '2026-11-23T00:00:00Z' };
    const shorter = await signAny(within);
    expect(await adopt(shorter, undefined, new Date('2026-11-22T23:59:59.999Z'))).toBe(7);
    expect(await adopt(shorter, undefined, new Date('2026-11-23T00:00:00Z'))).toBe('directory_expired');
    expect(await adopt(shorter, await inForce(within), new Date('2026-11-23T00:00:00Z'))).toBe('directory_expired');
    expect(await adopt(signed, undefined, NOW)).toBe(7);
  });

  it('C-18 signed by too few, by one twice, or by strangers is refused', async () => {
    const { directory, keys, signAny, adopt } = await signers();
    const strangers = (await signers()).keys;
    for (const by of [[], keys.slice(0, 1), [keys[0]!, keys[0]!], strangers, [keys[0]!, strangers[1]!]]) {
      expect(await adopt(await signAny(directory, by))).toBe('directory_below_threshold');
    }
  });
});
