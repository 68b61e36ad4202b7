import { officer } from '../../test/fakes/officers';
import { MemoryNotices } from '../../test/fakes/memory-notices';
import { twoCountries } from '../../test/fakes/two-countries';
import { readSettings, rememberOfficer, saveSettings, type KnownOfficer } from './notice-settings';

const UNIT = 'gb.ho-sca';
const DESK = officer(UNIT, 'receiving_desk');
const KNOWN: KnownOfficer = { email: 'desk@gb.example', language: 'en', timeZone: 'Europe/London' };
const WISH = {
  language: 'vi',
  timeZone: 'Asia/Ho_Chi_Minh',
  off: ['new_message'],
  quietFrom: '22:00',
  quietTo: '06:30',
};

async function office() {
  const { gb } = await twoCountries();
  const notices = new MemoryNotices(gb, UNIT);
  return { notices, ports: { clock: gb.clock, transaction: notices.transaction } };
}

describe('the settings of an officer', () => {
  it('are to hear of everything at any hour, in the language of the office, until they say otherwise', async () => {
    const { ports } = await office();
    const all = { language: 'en', timeZone: 'Europe/London', off: [] };
    expect(await readSettings(DESK, KNOWN, ports)).toEqual(all);
    await rememberOfficer(DESK, KNOWN, ports);
    expect(await readSettings(DESK, { ...KNOWN, language: 'vi' }, ports)).toEqual({ ...all, email: 'desk@gb.example' });
  });

  it('stay when they sign in again; a new address is taken', async () => {
    const { ports } = await office();
    await rememberOfficer(DESK, KNOWN, ports);
    await saveSettings(DESK, WISH, KNOWN, ports);
    await rememberOfficer(DESK, KNOWN, ports);
    await rememberOfficer(DESK, { ...KNOWN, email: 'new@gb.example' }, ports);
    expect(await readSettings(DESK, KNOWN, ports)).toEqual({
      email: 'new@gb.example',
      language: 'vi',
      timeZone: 'Asia/Ho_Chi_Minh',
      off: ['new_message'],
      quiet: { from: '22:00', to: '06:30' },
    });
    await rememberOfficer(DESK, { ...KNOWN, email: undefined }, ports);
    expect((await readSettings(DESK, KNOWN, ports)).email).toBeUndefined();
  });

  it.each(['', 'nobody', 'a@b@c', 'a@gb.example\r\nBcc: other@gb.example', 'a b@gb.example', '<a@gb.example>', 'a@-'])(
    'have no address where the identity provider says %j',
    async (email) => {
      const { notices, ports } = await office();
      await rememberOfficer(DESK, { ...KNOWN, email }, ports);
      expect(notices.settings.get(DESK.id)?.email).toBeUndefined();
    },
  );

  it('can be chosen before anything was remembered, and without quiet hours', async () => {
    const { ports } = await office();
    await saveSettings(DESK, { ...WISH, off: [], quietFrom: '', quietTo: '' }, KNOWN, ports);
    expect(await readSettings(DESK, KNOWN, ports)).toEqual({
      email: 'desk@gb.example',
      language: 'vi',
      timeZone: 'Asia/Ho_Chi_Minh',
      off: [],
      quiet: undefined,
    });
  });

  it.each([
    ['language', { language: 'fr' }, ['/language code_not_listed']],
    ['time zone', { timeZone: 'Mars/Base' }, ['/timeZone code_not_listed']],
    ['time zone that knows no summer', { timeZone: '+07:00' }, ['/timeZone code_not_listed']],
    ['event', { off: ['new_message', 'rain'] }, ['/off code_not_listed']],
    ['time', { quietFrom: '24:00' }, ['/quietFrom wrong_format']],
    ['lonely time', { quietTo: '' }, ['/quietTo required']],
    ['hours that never end', { quietTo: '22:00' }, ['/quietTo not_allowed']],
    ['everything', { language: '', timeZone: '', quietFrom: 'x', quietTo: 'y' }, undefined],
  ])('name the fault of a wrong %s, and nothing is kept', async (_what, change, faults) => {
    const { notices, ports } = await office();
    const refused = saveSettings(DESK, { ...WISH, ...change }, KNOWN, ports);
    const error = (await refused.catch((thrown: unknown) => thrown)) as {
      code: string;
      faults: { pointer: string; code: string }[];
    };
    expect(error.code).toBe('bad_request');
    const found = error.faults.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(found).toEqual(
      faults ?? [
        '/language code_not_listed',
        '/timeZone code_not_listed',
        '/quietFrom wrong_format',
        '/quietTo wrong_format',
      ],
    );
    expect(notices.settings.size).toBe(0);
  });
});
