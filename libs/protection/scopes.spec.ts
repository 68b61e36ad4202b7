import { scopeNeeds, type UnitClass } from '.';
import { fieldRules, type Message, type Purpose, type Referral } from '../schema';
import { example, referralExample } from './fixtures/examples';

type Section = Partial<Omit<Referral, 'header' | 'handling' | 'identityMode'>>;

/** The needs of a referral with only these sections, to social services unless said otherwise, without the recipient's own. */
function fieldNeeds(purpose: Purpose, sections: Section): string[] {
  return needs(purpose, sections, 'social').slice(0, -1);
}

function needs(purpose: Purpose, sections: Section, unitClass: UnitClass): string[] {
  const { header, handling, identityMode } = referralExample('protect-adult');
  const message: Referral = { header: { ...header, purpose }, handling, identityMode, ...sections };
  return named(message, 'sender', unitClass);
}

function named(message: Message, side: 'sender' | 'recipient', unitClass: UnitClass): string[] {
  return scopeNeeds(message, side, unitClass).map(
    ({ pointer, scope, or, ownWord }) => `${pointer} ${scope}${or ? ` or ${or}` : ''}${ownWord ? ' by own word' : ''}`,
  );
}

const AT = '2026-11-20T00:00:00Z';
const precise = (basis: 'consent' | 'vital_interest') => ({
  location: { current: { country: 'GBR' }, precise: { address: 'House', basis, expiresAt: AT } },
});
const trace = (discloseToFamily: 'nothing' | 'message') => ({ trace: { persons: [], discloseToFamily } });
const attached = (...types: ('photo' | 'other')[]) => ({
  attachments: types.map((type) => ({ type, sha256: type, mime: 'image/png' as const })),
});
const RETURN = { return: { voluntary: true, voluntaryConfirmedAt: '2026-11-01', wish: 'home' } } as const;
const PLAN = { plan: { departureWindow: { from: '2026-12-01', to: '2026-12-02' }, departureCountry: 'GBR' } };
const FACTS = { types: ['other' as const] };

describe('the scopes that fields need', () => {
  it.each<[Section, string[]]>([
    [{ person: { photo: 'digest' } }, ['/person/photo photo']],
    [{ person: { ageStatus: 'adult', gender: 'female' } }, []],
    [attached('other', 'photo'), ['/attachments/1/type photo']],
    [{ health: {} }, ['/health health']],
    [{ exploitation: FACTS }, []],
    [{ exploitation: { ...FACTS, acts: ['receipt'] } }, ['/exploitation/acts exploitation_details']],
    [{ exploitation: { ...FACTS, means: ['fraud'] } }, ['/exploitation/means exploitation_details']],
    [{ exploitation: { ...FACTS, control: ['threats'] } }, ['/exploitation/control exploitation_details']],
    [{ exploitation: { ...FACTS, sector: ['A'] } }, ['/exploitation/sector exploitation_details']],
    [{ exploitation: { ...FACTS, recruitment: {} } }, ['/exploitation/recruitment exploitation_details']],
    [{ exploitation: { ...FACTS, places: [] } }, ['/exploitation/places exploitation_details']],
    [{ exploitation: { ...FACTS, stillInSituation: false } }, ['/exploitation/stillInSituation exploitation_details']],
    [{ exploitation: { ...FACTS, lastContact: 'not_sure' } }, ['/exploitation/lastContact exploitation_details']],
    [{ exploitation: { ...FACTS, narrative: 'x' } }, ['/exploitation/narrative narrative']],
    [{ location: { current: { country: 'GBR' } } }, []],
    [precise('vital_interest'), ['/location/precise precise_location']],
    [precise('consent'), ['/location/precise precise_location by own word']],
    [trace('nothing'), ['/trace family_tracing']],
    [trace('message'), ['/trace family_tracing', '/trace/discloseToFamily share_with_family']],
    [{ familyContact: 'allowed' }, ['/familyContact share_with_family']],
    [{ familyContact: 'only_if_safe' }, []],
    [{ familyContact: 'forbidden' }, []],
    [{ consularContact: 'allowed' }, ['/consularContact share_with_consulate']],
    [{ consularContact: 'with_consent' }, []],
    [RETURN, ['/return return_planning']],
    [PLAN, ['/plan return_planning']],
    [{ needs: [], risk: { level: 'low', factors: [] }, police: { reported: true } }, []],
  ])('%j', (sections, expected) => {
    expect(fieldNeeds('PROTECT', sections)).toEqual(expected);
  });

  it.each<[Purpose, Section, string[]]>([
    ['TRACE', { familyContact: 'allowed' }, ['/familyContact share_with_family or family_tracing']],
    ['TRACE', { consularContact: 'allowed' }, ['/consularContact share_with_consulate or family_tracing']],
    [
      'TRACE',
      trace('message'),
      ['/trace family_tracing', '/trace/discloseToFamily share_with_family or family_tracing'],
    ],
    ['RETURN', { familyContact: 'allowed' }, ['/familyContact share_with_family']],
    ['RETURN', { consularContact: 'allowed' }, ['/consularContact share_with_consulate or return_planning']],
    ['FOLLOW', RETURN, ['/header/purpose followup', '/return return_planning or followup']],
    ['VERIFY', {}, ['/header/purpose identity_verification']],
    ['IDINFO', {}, []],
    ['ALERT', {}, []],
  ])('%s: %j', (purpose, sections, expected) => {
    expect(fieldNeeds(purpose, sections)).toEqual(expected);
  });

  it('are those that the field matrix names', () => {
    const samples: Section = {
      person: { photo: 'digest' },
      exploitation: {
        ...FACTS,
        acts: [],
        means: [],
        control: [],
        sector: [],
        recruitment: {},
        places: [],
        stillInSituation: true,
        lastContact: 'not_sure',
        narrative: 'x',
      },
      health: {},
      ...precise('vital_interest'),
      ...trace('nothing'),
      ...RETURN,
      ...PLAN,
    };
    const ours = fieldNeeds('PROTECT', samples);
    const bodies = ['handoverPlan', 'followup'];
    const matrix = fieldRules()
      .filter(({ scope, path }) => scope !== undefined && !bodies.includes(path))
      .map(({ path, scope }) => `/${path.replaceAll('.', '/')} ${scope}`);
    expect(matrix).not.toEqual([]);
    expect(ours.sort()).toEqual(matrix.sort());
  });
});

describe('the scope that a class of units needs', () => {
  it.each<[UnitClass, Purpose, string]>([
    ['police', 'PROTECT', 'share_with_police'],
    ['police', 'VERIFY', 'share_with_police or identity_verification'],
    ['police', 'RETURN', 'share_with_police'],
    ['border', 'PROTECT', 'share_with_police'],
    ['border', 'VERIFY', 'share_with_police or identity_verification'],
    ['border', 'RETURN', 'share_with_police or return_planning'],
    ['consular', 'RETURN', 'share_with_consulate'],
    ['social', 'VERIFY', 'share_with_services'],
    ['child_protection', 'PROTECT', 'share_with_services'],
    ['hotline', 'ALERT', 'share_with_services'],
    ['competent_authority', 'VERIFY', 'share_with_services'],
  ])('%s for %s', (unitClass, purpose, expected) => {
    expect(needs(purpose, {}, unitClass).at(-1)).toBe(`/header/recipientUnit ${expected}`);
  });

  it('is asked of every referral', () => {
    expect(named(referralExample('alert-anonymous-child'), 'recipient', 'police')).toEqual([
      '/header/recipientUnit share_with_police',
    ]);
  });
});

describe('the scopes that later messages need', () => {
  it.each([
    [
      'rfi-response-protect-farm',
      'exploitation',
      { disclosed: { exploitation: { ...FACTS, narrative: 'x' } } },
      ['/rfiResponse/disclosed/exploitation/narrative narrative'],
    ],
    [
      'update-protect-farm-safe',
      'photo',
      { disclosed: { person: { photo: 'x' } } },
      ['/update/disclosed/person/photo photo'],
    ],
    ['correction-return-adult-field', 'health', { disclosed: { health: {} } }, ['/correction/disclosed/health health']],
  ])('%s with %s', (name, _section, body, expected) => {
    const message = example(name);
    const member = Object.keys(message).find((key) => key !== 'header' && key !== 'contact')!;
    const changed = { ...message, [member]: body };
    expect(named(changed, 'recipient', 'police')).toEqual(expected);
    expect(named(changed, 'sender', 'consular')).toEqual([...expected, '/header/recipientUnit share_with_consulate']);
  });

  it('a hand-over plan needs return planning, and health where it tells of fitness', () => {
    const plan = example('handover-plan-return-adult');
    expect(named(plan, 'recipient', 'border')).toContain('/handoverPlan return_planning');
    expect(named({ ...plan, handoverPlan: { fitToTravel: 'yes' } } as never, 'sender', 'border')).toEqual([
      '/handoverPlan return_planning',
      '/handoverPlan/fitToTravel health',
      '/header/recipientUnit share_with_police or return_planning',
    ]);
    expect(named({ ...plan, handoverPlan: {} } as never, 'recipient', 'border')).toEqual([
      '/handoverPlan return_planning',
    ]);
  });

  it('a follow-up needs follow-up', () => {
    expect(named(example('followup-return-adult'), 'recipient', 'social')).toEqual(['/followup followup']);
  });

  it('what shares nothing needs nothing, whoever gets it', () => {
    for (const name of ['ack-verify-child', 'cancel-request-follow', 'ping-vn-to-gb', 'stats-report-gb-to-vn']) {
      expect(named(example(name), 'sender', 'consular')).toEqual([]);
    }
  });
});
