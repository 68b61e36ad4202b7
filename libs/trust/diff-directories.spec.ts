import { diffDirectories, FINDINGS, type Finding, type FindingCode } from '.';
import type { Directory, DirectoryNode, DirectoryUnit, GovernanceKey } from '../schema';
import certificates from './fixtures/certificates.json';
import { encryptionEntry, governor, makeWorld, signatureEntry, type World } from './fixtures/world';

type Edit = (directory: Directory, vn: DirectoryNode, unit: DirectoryUnit) => unknown;

describe('what changes from one directory to the next', () => {
  let world: World;
  let fresh: {
    ph: GovernanceKey;
    signing: DirectoryUnit['signingKeys'][0];
    sealed: DirectoryUnit['encryptionKeys'][0];
  };
  beforeAll(async () => {
    world = await makeWorld();
    fresh = {
      ph: (await governor('ph')).entry,
      signing: await signatureEntry('new.sig'),
      sealed: await encryptionEntry('new.enc', 'hybrid'),
    };
  });

  const edited = (...edits: Edit[]): Directory => {
    const directory = structuredClone({ ...world.directory, version: 8, issuedAt: '2026-11-22T00:00:00Z' });
    const vn = directory.nodes[0]!;
    for (const edit of edits) edit(directory, vn, vn.units[0]!);
    return directory;
  };
  /** Each finding as `code place kid: before > after`, leaving out what is not there. */
  const say = ({ code, place, key, before, after }: Finding) =>
    [
      code,
      place,
      key && `${key.use}:${key.kid}`,
      before !== undefined && `-${before}`,
      after !== undefined && `+${after}`,
    ]
      .filter(Boolean)
      .join(' ');
  const diff = async (edit: Edit, base = edited()) => (await diffDirectories(base, edited(edit))).map(say);

  it('is nothing where only version and day of issue are others', async () => {
    expect(await diffDirectories(world.directory, edited())).toEqual([]);
  });

  it('weighs each finding as the table says', async () => {
    const findings = await diffDirectories(
      edited(),
      edited((_, vn) => (vn.endpoint = 'https://attack.example')),
    );
    expect(findings).toEqual([
      {
        code: 'endpoint_changed',
        weight: FINDINGS.endpoint_changed,
        place: 'vn',
        before: 'https://gateway.vn.example:8443',
        after: 'https://attack.example',
      },
    ]);
    expect(FINDINGS.endpoint_changed).toBe('danger');
  });

  const OTHER_PIN = 'A'.repeat(43);
  const VN_PIN = certificates.vn.spki;
  const cases: readonly (readonly [string, Edit, readonly string[]])[] = [
    ['another domain', (d) => (d.trustDomain = 'demo'), ['domain_changed -test +demo']],
    [
      'an earlier end',
      (d) => (d.expiresAt = '2026-12-19T00:00:00Z'),
      ['expiry_earlier -2026-12-20T00:00:00Z +2026-12-19T00:00:00Z'],
    ],
    [
      'a later end',
      (d) => (d.expiresAt = '2026-12-21T00:00:00Z'),
      ['expiry_later -2026-12-20T00:00:00Z +2026-12-21T00:00:00Z'],
    ],
    ['a lower threshold', (d) => (d.governance.threshold = 1), ['threshold_lowered governance -2 +1']],
    ['a higher threshold', (d) => (d.governance.threshold = 3), ['threshold_raised governance -2 +3']],
    ['a new voice', (d) => d.governance.keys.push(fresh.ph), ['voice_added ph governance:ph.gov1']],
    ['a voice less', (d) => d.governance.keys.pop(), ['voice_removed la governance:la.gov1']],
    [
      'a voice that goes to another country',
      (d) => (d.governance.keys[1]!.node = 'vn'),
      ['key_moved vn governance:gb.gov1 -gb +vn'],
    ],
    [
      'a node less, without a word on each of its keys',
      (d) => d.nodes.pop(),
      ['node_removed gb -https://gateway.gb.example:8443'],
    ],
    ['another name', (_, vn) => (vn.name.vi = 'x'), ['name_changed vn -{"en":"vn","vi":"vn"} +{"en":"vn","vi":"x"}']],
    ['a pin more', (_, vn) => vn.tls.spki.push(OTHER_PIN), [`pin_added vn +${OTHER_PIN}`]],
    [
      'another pin at once',
      (_, vn) => (vn.tls.spki = [OTHER_PIN]),
      [`pin_added vn +${OTHER_PIN}`, `pin_removed vn -${VN_PIN}`, 'pins_replaced vn'],
    ],
    ['classic first', (_, vn) => vn.suites.reverse(), ['suite_weakened vn -hybrid, classic +classic, hybrid']],
    [
      'only hybrid',
      (_, vn) => (vn.suites = ['hybrid']),
      ['suites_changed vn -hybrid, classic +hybrid', 'suite_removed vn -hybrid, classic +hybrid'],
    ],
    [
      'limits',
      (_, vn) => Object.assign(vn.limits, { maxMessageBytes: 1024, maxBatchMessages: 65 }),
      [
        'limits_lowered vn -maxMessageBytes 1048576 +maxMessageBytes 1024',
        'limits_raised vn -maxBatchMessages 64 +maxBatchMessages 65',
      ],
    ],
    [
      'another calendar',
      (_, vn) => (vn.calendar = 'kh'),
      [
        'hours_changed vn -{"calendar":"vn","timezone":"UTC","from":"08:00","to":"17:00"} +{"calendar":"kh","timezone":"UTC","from":"08:00","to":"17:00"}',
      ],
    ],
    [
      'a contact',
      (_, vn) => vn.contacts.push({ role: 'x', email: 'a@b.example' }),
      ['contacts_changed vn -[] +[{"role":"x","email":"a@b.example"}]'],
    ],
    ['a unit less', (_, vn) => vn.units.shift(), ['unit_removed vn.police -police']],
    ['another class', (_, __, unit) => (unit.class = 'social'), ['unit_class_changed vn.police -police +social']],
    ['an ended unit', (_, __, unit) => (unit.status = 'historical'), ['unit_ended vn.police -active +historical']],
    [
      'a unit that will end',
      (_, __, unit) => (unit.notAfter = '2027-01-01T00:00:00Z'),
      ['unit_ended vn.police -active +active until 2027-01-01T00:00:00Z'],
    ],
    ['a key more', (_, __, unit) => unit.signingKeys.push(fresh.signing), ['key_added vn.police signing:new.sig']],
    [
      'a retired key',
      (_, __, unit) => (unit.encryptionKeys[0]!.status = 'retired'),
      ['key_retired vn.police encryption:vn.police.enc1 -active +retired'],
    ],
    [
      'a revoked key',
      (_, vn) => (vn.receiptKeys[0]!.status = 'revoked'),
      ['key_revoked vn receipt:vn.rcpt1 -active +revoked'],
    ],
    [
      'another key under an id',
      (_, __, unit) => (unit.signingKeys[0]!.jwk = fresh.signing.jwk),
      ['key_replaced vn.police signing:vn.police.sig1'],
    ],
    [
      'a key that goes to another unit',
      (_, vn, unit) => vn.units[1]!.encryptionKeys.push(unit.encryptionKeys.pop()!),
      ['key_moved vn.social encryption:vn.police.enc0 -vn.police +vn.social'],
    ],
    [
      'a key that begins later',
      (_, vn) => (vn.receiptKeys[0]!.notBefore = '2026-11-02T00:00:00Z'),
      [
        'key_time_shortened vn receipt:vn.rcpt1 -2026-11-01T00:00:00Z to 2027-11-01T00:00:00Z +2026-11-02T00:00:00Z to 2027-11-01T00:00:00Z',
      ],
    ],
    [
      'a key that ends earlier, though it begins earlier',
      (_, vn) =>
        Object.assign(vn.receiptKeys[0]!, { notBefore: '2026-10-01T00:00:00Z', notAfter: '2027-10-01T00:00:00Z' }),
      [
        'key_time_shortened vn receipt:vn.rcpt1 -2026-11-01T00:00:00Z to 2027-11-01T00:00:00Z +2026-10-01T00:00:00Z to 2027-10-01T00:00:00Z',
      ],
    ],
    [
      'a key that ends later',
      (_, vn) => (vn.receiptKeys[0]!.notAfter = '2027-11-02T00:00:00Z'),
      [
        'key_time_extended vn receipt:vn.rcpt1 -2026-11-01T00:00:00Z to 2027-11-01T00:00:00Z +2026-11-01T00:00:00Z to 2027-11-02T00:00:00Z',
      ],
    ],
    [
      'a key that begins earlier',
      (_, vn) => (vn.receiptKeys[0]!.notBefore = '2026-10-31T00:00:00Z'),
      [
        'key_time_extended vn receipt:vn.rcpt1 -2026-11-01T00:00:00Z to 2027-11-01T00:00:00Z +2026-10-31T00:00:00Z to 2027-11-01T00:00:00Z',
      ],
    ],
    [
      'what a key says of itself',
      (_, vn) => (vn.receiptKeys[0]!.jwk.use = 'sig'),
      ['key_remark_changed vn receipt:vn.rcpt1 -{"alg":"","use":"","kid":""} +{"alg":"","use":"sig","kid":""}'],
    ],
    [
      'the exception of a key',
      (_, __, unit) => (unit.signingKeys[0]!.exception = 'national_hsm_rsa_only'),
      [
        'key_remark_changed vn.police signing:vn.police.sig1 -{"alg":"","use":"","kid":""} +{"exception":"national_hsm_rsa_only","alg":"","use":"","kid":""}',
      ],
    ],
    [
      'an encryption key less that messages are still under way to',
      (_, __, unit) => unit.encryptionKeys.shift(),
      ['open_key_removed vn.police encryption:vn.police.enc1'],
    ],
    [
      'a signing key less',
      (_, __, unit) => unit.signingKeys.pop(),
      ['evidence_key_removed vn.police signing:vn.police.sig1'],
    ],
    ['a receipt key less', (_, vn) => vn.receiptKeys.pop(), ['evidence_key_removed vn receipt:vn.rcpt1']],
    ['another order only', (d) => d.nodes.reverse(), ['order_changed']],
    [
      'another spelling of a time only',
      (d) => (d.governance.keys[0]!.notAfter = '2027-11-01T00:00:00.000Z'),
      ['order_changed'],
    ],
  ];
  it.each(cases)('shows %s', async (_what, edit, expected) => {
    expect(await diff(edit)).toEqual(expected);
  });

  it('shows a node more with its address and each of its keys, for all of them have to be read aloud', async () => {
    const base = edited((d) => d.nodes.pop());
    expect(await diff(() => undefined, base)).toEqual([
      'node_added gb +https://gateway.gb.example:8443',
      ...['receipt:gb.rcpt1'].map((key) => `key_added gb ${key}`),
      ...['police', 'social'].flatMap((unit) =>
        ['signing', 'encryption', 'encryption'].map(
          (use, at) => `key_added gb.${unit} ${use}:gb.${unit}.${['sig1', 'enc1', 'enc0'][at]}`,
        ),
      ),
    ]);
  });

  it('shows a unit more with its class', async () => {
    const base = edited((_, vn) => vn.units.shift());
    expect((await diff(() => undefined, base))[0]).toBe('unit_added vn.police +police');
  });

  it('names an authority by the digest of its certificate', async () => {
    const { ca } = certificates.gb;
    const findings = await diff((_, vn) => (vn.tls.ca = [ca]));
    expect(findings.map((finding) => finding.replace(/[A-Za-z0-9_-]{43}$/, 'DIGEST'))).toEqual([
      'authority_added vn +DIGEST',
      'authority_removed vn -DIGEST',
      'authorities_replaced vn',
    ]);
    expect(findings[0]).not.toBe(findings[1]!.replace('removed', 'added').replace('-', '+'));
    const beside = await diff((_, vn) => vn.tls.ca.push(ca));
    expect(beside).toEqual([findings[0]]);
  });

  it.each<[string, Edit, Edit, string]>([
    [
      'a retired key that is taken back',
      (_, __, unit) => (unit.signingKeys[0]!.status = 'retired'),
      (_, __, unit) => (unit.signingKeys[0]!.status = 'active'),
      'key_reactivated vn.police signing:vn.police.sig1 -retired +active',
    ],
    [
      'a revoked key that is taken back',
      (_, __, unit) => (unit.signingKeys[0]!.status = 'revoked'),
      (_, __, unit) => (unit.signingKeys[0]!.status = 'retired'),
      'key_unrevoked vn.police signing:vn.police.sig1 -revoked +retired',
    ],
    [
      'a unit that is opened again',
      (_, __, unit) => (unit.status = 'historical'),
      () => undefined,
      'unit_reopened vn.police -historical +active',
    ],
    [
      'a unit that ends later than it would have',
      (_, __, unit) => (unit.notAfter = '2027-01-01T00:00:00Z'),
      (_, __, unit) => (unit.notAfter = '2027-01-02T00:00:00Z'),
      'unit_reopened vn.police -active until 2027-01-01T00:00:00Z +active until 2027-01-02T00:00:00Z',
    ],
    [
      'hybrid that becomes the first suite',
      (_, vn) => vn.suites.reverse(),
      () => undefined,
      'suites_changed vn -classic, hybrid +hybrid, classic',
    ],
    [
      'classic that is taken beside hybrid',
      (_, vn) => vn.suites.pop(),
      () => undefined,
      'suite_weakened vn -hybrid +hybrid, classic',
    ],
    [
      'an encryption key less, 14 days after its end',
      (_, __, unit) => (unit.encryptionKeys[0]!.notAfter = '2026-11-08T00:00:00Z'),
      (_, __, unit) => unit.encryptionKeys.shift(),
      'spent_key_removed vn.police encryption:vn.police.enc1',
    ],
    [
      'an encryption key less, a moment before that',
      (_, __, unit) => (unit.encryptionKeys[0]!.notAfter = '2026-11-08T00:00:01Z'),
      (_, __, unit) => unit.encryptionKeys.shift(),
      'open_key_removed vn.police encryption:vn.police.enc1',
    ],
    [
      'a revoked encryption key less',
      (_, __, unit) => (unit.encryptionKeys[0]!.status = 'revoked'),
      (_, __, unit) => unit.encryptionKeys.shift(),
      'spent_key_removed vn.police encryption:vn.police.enc1',
    ],
    [
      'a revoked receipt key less',
      (_, vn) => (vn.receiptKeys[0]!.status = 'revoked'),
      (_, vn) => vn.receiptKeys.shift(),
      'spent_key_removed vn receipt:vn.rcpt1',
    ],
  ])('shows %s', async (_what, first, then, expected) => {
    expect(await diff(then, edited(first))).toEqual([expected]);
  });

  it('passes over nothing: any other value anywhere shows', async () => {
    const before = edited((_, vn, unit) => {
      vn.contacts.push({ role: 'operator', email: 'a@b.example', phone: '+84 1234567' });
      unit.notAfter = '2027-06-01T00:00:00Z';
      unit.signingKeys[0]!.exception = 'national_hsm_rsa_only';
    });
    const silent = new Set(['/version', '/issuedAt']);
    const seen = new Set<FindingCode>();
    // Of a key the kind is left as it is: what has another one is no key that could be read.
    const leaves = leavesOf(before).filter(({ pointer }) => !/^\/schema$|\/jwk\/(kty|crv)$/.test(pointer));
    for (const { pointer, set } of leaves) {
      const after = structuredClone(before);
      set(after);
      const findings = await diffDirectories(before, after);
      expect([pointer, findings.length > 0]).toEqual([pointer, !silent.has(pointer)]);
      for (const { code } of findings) seen.add(code);
    }
    expect(seen.size).toBeGreaterThan(20);
    expect(seen).not.toContain('order_changed');
  });
});

interface Leaf {
  readonly pointer: string;
  readonly set: (root: unknown) => void;
}

/** Every value of a document, and how to make it another one. */
function leavesOf(root: unknown, path: readonly (string | number)[] = []): Leaf[] {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], root);
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).flatMap((name) => leavesOf(root, [...path, name]));
  const set = (other: unknown) => {
    const owner = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], other);
    (owner as Record<string, unknown>)[path.at(-1)!] = anotherThan(value);
  };
  return [{ pointer: path.map((name) => `/${name}`).join(''), set }];
}

function anotherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  return /^\d{4}-/.test(text) ? text.replace('202', '203') : `${text}x`;
}
