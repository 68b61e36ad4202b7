import fc from 'fast-check';
import { clearanceFaults, type Disclosure, type UnitClass } from '.';
import { codeList, type ConsentScope, type Message, type Referral } from '../schema';
import { disclosureOf, example, EXAMPLES, listed, recordFor, REFERRALS, referralExample } from './fixtures/examples';
import { scopeNeeds } from './scopes';

const faults = (disclosure: Disclosure) => listed(clearanceFaults(disclosure));

describe('the published examples', () => {
  it('are all there', () => {
    expect(REFERRALS.length).toBeGreaterThan(14);
  });

  it.each([...EXAMPLES.keys()])('%s may be sealed', (name) => {
    expect(faults(disclosureOf(example(name)))).toEqual([]);
  });
});

describe('a protection hold', () => {
  const held = (name: string) => faults({ ...disclosureOf(example(name)), hold: true });

  it.each(['consent-withdrawal-protect-adult', 'erasure-confirm-trace-child-sender', 'cancel-request-follow'])(
    'lets %s go',
    (name) => {
      expect(held(name)).toEqual([]);
    },
  );

  const isError = (name: string) =>
    (example(name) as { correction?: { kind: string } }).correction?.kind === 'entered_in_error';

  it('lets go what puts a disclosure right, and blocks every other message', () => {
    const free = ['consent_withdrawal', 'erasure_confirm', 'cancel_request'];
    const puttingRight = [
      'cancel-confirm-trace-adult',
      ...[...EXAMPLES.keys()].filter((name) => name.startsWith('correction-') && isError(name)),
    ];
    expect(puttingRight.length).toBeGreaterThan(2);
    for (const [name, { header }] of EXAMPLES) {
      const goes = free.includes(header.messageType) || puttingRight.includes(name);
      expect([name, held(name)]).toEqual([name, goes ? [] : ['protection_hold ']]);
    }
  });

  it('leaves no trace in the message', () => {
    const disclosure = { ...disclosureOf(example('referral-protect-adult')), hold: true };
    const before = JSON.stringify(disclosure.message);
    clearanceFaults(disclosure);
    expect(JSON.stringify(disclosure.message)).toBe(before);
  });
});

describe('the address', () => {
  const disclosure = disclosureOf(example('referral-protect-adult'));

  it('is the one that was cleared', () => {
    expect(faults({ ...disclosure, sender: { unit: 'vn.mnd-border' } })).toEqual(['not_the_sender /header/senderUnit']);
    const recipient = { ...disclosure.recipient, unit: 'gb.nca' };
    expect(faults({ ...disclosure, recipient })).toEqual(['other_recipient /header/recipientUnit']);
  });

  const posing = (name: string, purpose: string) => {
    const message = example(name);
    return { ...message, header: { ...message.header, purpose } } as Message;
  };

  it('keeps the purpose of the referral wherever content travels', () => {
    const real = (name: string) => disclosureOf(example(name));
    const strays = (name: string, purpose: string) => faults({ ...real(name), message: posing(name, purpose) });
    expect(strays('correction-return-adult-field', 'PROTECT')).toContain('other_purpose /header/purpose');
    expect(strays('handover-plan-return-adult', 'PROTECT')).toContain('other_purpose /header/purpose');
    expect(strays('ack-return-adult', 'PROTECT')).toEqual([]);
    expect(faults({ ...disclosure, message: posing('referral-protect-adult', 'IDINFO') })).not.toContain(
      'other_purpose /header/purpose',
    );
  });
});

describe('all faults', () => {
  it('show at once, each once', () => {
    const message = referralExample('return-child');
    message.identityMode = 'pseudonymous';
    message.handling.caveats.push('no_family_contact');
    delete message.bestInterests;
    message.return!.voluntaryConfirmedAt = '2026-12-31';
    expect(faults({ ...disclosureOf(message), record: undefined, hold: true })).toEqual([
      'best_interests_missing /bestInterests',
      'caveat_contradicted /familyContact',
      'consent_record_missing /consent',
      'identifies_person /person/documents',
      'identifies_person /person/name',
      'in_future /return/voluntaryConfirmedAt',
      'protection_hold ',
    ]);
    const update = { ...disclosureOf(example('correction-return-adult-field')), now: new Date('2028-01-01T00:00:00Z') };
    const found = faults(update);
    expect(found).toContain('consent_expired /correction/disclosed');
    expect(new Set(found).size).toBe(found.length);
  });
});

const SCOPES = codeList('consentScope')!.entries.map(({ code }) => code as ConsentScope);
const CLASSES = codeList('unitClass')!.entries.map(({ code }) => code as UnitClass);
/** A recipient other than the one of the record, to which nothing is granted. */
const ELSEWHERE = { node: 'au', unitClass: 'hotline' as const };

/** A referral of an adult with any of the fields that need scopes, to any class of units. */
const referrals = fc
  .record({
    base: fc.constantFrom(
      'protect-adult',
      'return-adult',
      'trace-adult',
      'verify-adult',
      'idinfo-scam-compound',
      'follow',
    ),
    from: fc.subarray(REFERRALS),
    unitClass: fc.constantFrom(...CLASSES),
  })
  .map(({ base, from, unitClass }) => {
    const message = referralExample(base);
    for (const donor of from.map((name) => example(name) as Referral)) {
      const { exploitation, health, trace, plan, familyContact, consularContact } = donor;
      Object.assign(message, { ...(exploitation && { exploitation }), ...(health && { health }) });
      Object.assign(message, {
        ...(trace && { trace }),
        ...(plan && { plan }),
        ...(donor.return && { return: donor.return }),
      });
      Object.assign(message, { ...(familyContact && { familyContact }), ...(consularContact && { consularContact }) });
    }
    return { message, unitClass };
  });

/** The disclosure of a referral that claims `claimed`, with a record that grants `granted` to exactly its recipient. */
function disclosing(
  { message, unitClass }: { message: Referral; unitClass: UnitClass },
  claimed: readonly ConsentScope[],
  granted: readonly ConsentScope[],
): Disclosure {
  const copy = structuredClone(message);
  copy.consent!.scopes = [...granted];
  const plain = disclosureOf(copy);
  const record = recordFor(copy);
  copy.consent!.scopes = [...claimed];
  const grants = record.grants.map((grant) => ({ ...grant, unitClass }));
  return { ...plain, recipient: { ...plain.recipient, unitClass }, record: { ...record, grants } };
}

/** Faults of consent only: a mixture of examples breaks rules of other kinds. */
const ofConsent = (disclosure: Disclosure) => faults(disclosure).filter((fault) => fault.startsWith('scope_'));

describe('for any referral, recipient and consent', () => {
  it('is cleared exactly when the scope of every field is claimed and granted for that recipient', () => {
    const cases = fc.tuple(referrals, fc.subarray(SCOPES), fc.subarray(SCOPES));
    fc.assert(
      fc.property(cases, ([referral, claimed, granted]) => {
        const disclosure = disclosing(referral, claimed, granted);
        const agreed = (scope: ConsentScope | undefined) =>
          scope !== undefined && claimed.includes(scope) && granted.includes(scope);
        const needs = scopeNeeds(disclosure.message, 'sender', referral.unitClass);
        const backed = claimed.every((scope) => granted.includes(scope));
        const met = needs.every(({ scope, or }) => agreed(scope) || agreed(or));
        expect(ofConsent(disclosure).length === 0).toBe(backed && met);
      }),
    );
  });

  it('is cleared with every scope, and not for anybody else', () => {
    fc.assert(
      fc.property(referrals, (referral) => {
        const disclosure = disclosing(referral, SCOPES, SCOPES);
        expect(ofConsent(disclosure)).toEqual([]);
        const elsewhere = { ...disclosure, recipient: { ...disclosure.recipient, ...ELSEWHERE } };
        expect(ofConsent(elsewhere).length).toBeGreaterThanOrEqual(SCOPES.length);
      }),
    );
  });

  it('is not cleared when any one scope that it needs is taken away', () => {
    fc.assert(
      fc.property(referrals, (referral) => {
        const needs = scopeNeeds(referral.message, 'sender', referral.unitClass);
        const sole = new Set(needs.filter(({ or }) => or === undefined).map(({ scope }) => scope));
        for (const scope of sole) {
          const rest = SCOPES.filter((other) => other !== scope);
          const unclaimed = ofConsent(disclosing(referral, rest, SCOPES));
          expect(unclaimed.some((fault) => fault.startsWith('scope_missing'))).toBe(true);
          const ungranted = ofConsent(disclosing(referral, SCOPES, rest));
          expect(ungranted.some((fault) => fault.startsWith('scope_missing'))).toBe(true);
          expect(ungranted).toContain(`scope_not_granted /consent/scopes/${SCOPES.indexOf(scope)}`);
        }
      }),
    );
  });
});
