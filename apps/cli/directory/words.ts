import type { Finding, FindingCode } from '../../../libs/trust';

/** What a finding says, and what to do or to ask before signing. */
interface Words {
  readonly says: string;
  readonly advice?: string;
}

const ASK = 'Ask the country itself, by a way that you know, before you sign.';
const READ = 'Have its fingerprint read aloud.';
const KEEP = 'Keep it in the list.';

/** `{place}`, `{kid}`, `{use}`, `{before}` and `{after}` stand for what the finding is about. */
const WORDS: Readonly<Record<FindingCode, Words>> = {
  domain_changed: { says: 'The trust domain changes.', advice: 'No node adopts that.' },
  expiry_earlier: { says: 'The directory ends earlier than the one before.' },
  expiry_later: { says: 'The directory ends later than the one before.' },
  expires_soon: {
    says: 'The directory ends on {after}: alarms begin at once.',
    advice: 'Give it longer with --expires-in-days.',
  },
  lives_long: {
    says: 'The directory lives until {after}.',
    advice: 'Who is cut off would go on believing it for so long. A year is enough.',
  },
  issued_ahead: {
    says: 'The directory was issued in the future, on {after}.',
    advice: 'Check the clock of whoever proposed it.',
  },
  order_changed: { says: 'The same things stand in another order or spelling.' },
  threshold_lowered: { says: 'Fewer countries than before can change the directory.', advice: ASK },
  threshold_raised: {
    says: 'More countries than before must sign the directory.',
    advice: 'Be sure that so many can.',
  },
  one_country_decides: { says: 'One country alone can change the directory.' },
  quorum_unreachable: {
    says: 'Signatures of {before} countries are needed, and {after} can sign.',
    advice: 'Nobody could ever change the directory again: every node would need a new trust anchor.',
  },
  quorum_ends_early: {
    says: 'From {after} on, too few governance keys are valid to sign a new version.',
    advice: 'Add the governance keys that follow, in time.',
  },
  quorum_without_spare: {
    says: 'All countries that can sign must sign.',
    advice: 'If one loses its key, nobody can change the directory any more.',
  },
  node_added: {
    says: 'A new node takes part, at {after}.',
    advice: `${ASK} Have the fingerprint of each of its keys read aloud.`,
  },
  node_removed: {
    says: 'The node no longer takes part.',
    advice:
      'Messages to and from it stop, evidence of its receipts no longer verifies, and its own processes no longer start.',
  },
  endpoint_changed: { says: 'The address of the gateway changes.', advice: ASK },
  authority_added: { says: 'Certificates of another authority are trusted for this node.', advice: ASK },
  authority_removed: { says: 'Certificates of an authority are no longer trusted for this node.' },
  authorities_replaced: {
    says: 'No authority of before stays.',
    advice: 'Nothing can be delivered until the node uses a certificate of the new one: keep both for a time.',
  },
  pin_added: { says: 'Another TLS key is trusted for this node.', advice: ASK },
  pin_removed: { says: 'A TLS key is no longer trusted for this node.' },
  pins_replaced: {
    says: 'No TLS key of before stays.',
    advice: 'Nothing can be delivered until the node uses the new one: keep both for a time.',
  },
  suite_weakened: { says: 'Messages to this node may be sealed with the weaker suite.', advice: ASK },
  suite_removed: {
    says: 'The node no longer opens a suite.',
    advice: 'Messages of that suite that are under way will be refused.',
  },
  suites_changed: { says: 'The suites of this node change.' },
  limits_lowered: { says: 'A limit becomes smaller.', advice: 'Messages under way that are larger will be refused.' },
  limits_raised: { says: 'A limit becomes larger.' },
  hours_changed: { says: 'Calendar or working hours change; deadlines are counted by them.' },
  contacts_changed: { says: 'The contacts change.' },
  name_changed: { says: 'The name changes.' },
  unit_added: { says: 'A new unit takes part, of class {after}.' },
  unit_removed: {
    says: 'The unit is taken out.',
    advice: 'Its messages no longer verify. Make it historical instead.',
  },
  unit_ended: { says: 'The unit ends.', advice: 'Its open cases can be read, and not continued by message.' },
  unit_reopened: { says: 'The unit goes on, or begins again.' },
  unit_class_changed: { says: 'The class changes.', advice: 'It decides what may be shared with the unit. ' + ASK },
  key_added: { says: 'New {use} key {kid}.', advice: READ },
  voice_added: { says: 'Another key, {kid}, may sign the directory.', advice: `${ASK} ${READ}` },
  voice_removed: { says: 'The key {kid} may no longer sign the directory.' },
  key_retired: { says: 'The {use} key {kid} is retired.' },
  key_reactivated: {
    says: 'The retired {use} key {kid} becomes active again.',
    advice: 'Its private key may have been destroyed: what is sealed to it could never be opened.',
  },
  key_revoked: {
    says: 'The {use} key {kid} is revoked, for ever.',
    advice: 'Nothing that it signed verifies any more.',
  },
  key_unrevoked: { says: 'The revocation of the {use} key {kid} is taken back.', advice: 'No node adopts that.' },
  key_replaced: {
    says: 'The id {kid} names another {use} key.',
    advice: 'No node adopts that: give the new key an id of its own.',
  },
  key_moved: { says: 'The {use} key {kid} goes to another owner.', advice: ASK },
  key_time_shortened: {
    says: 'The time of the {use} key {kid} becomes shorter.',
    advice: 'What it signed outside of the new time no longer verifies.',
  },
  key_time_extended: { says: 'The time of the {use} key {kid} becomes longer.' },
  key_remark_changed: { says: 'What the entry of the {use} key {kid} says of it changes.' },
  open_key_removed: {
    says: 'The encryption key {kid} is taken out.',
    advice:
      'Messages sealed to it may be under way and would be lost. Keep it in the list until 14 days after its end.',
  },
  evidence_key_removed: {
    says: 'The {use} key {kid} is taken out.',
    advice: `Messages and receipts that it signed no longer verify. ${KEEP} Retire it instead.`,
  },
  spent_key_removed: { says: 'The {use} key {kid}, which serves nothing any more, is taken out.' },
  unit_cannot_receive: { says: 'Nobody can seal a message to the unit: it has no active key of the first suite.' },
  unit_cannot_receive_from: { says: 'From {after} on nobody can seal a message to the unit.' },
  unit_cannot_send: { says: 'The unit cannot send: it has no active signing key.' },
  unit_cannot_send_from: { says: 'From {after} on the unit cannot send.' },
  node_cannot_vouch: { says: 'The node cannot sign receipts: it has no active receipt key.' },
  node_cannot_vouch_from: { says: 'From {after} on the node cannot sign receipts.' },
};

/** Findings about a value that has become another; the others say all in their sentence. */
const CHANGES: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'domain_changed',
  'expiry_earlier',
  'expiry_later',
  'threshold_lowered',
  'threshold_raised',
  'node_removed',
  'endpoint_changed',
  'authority_added',
  'authority_removed',
  'pin_added',
  'pin_removed',
  'suite_weakened',
  'suite_removed',
  'suites_changed',
  'limits_lowered',
  'limits_raised',
  'hours_changed',
  'contacts_changed',
  'name_changed',
  'unit_ended',
  'unit_reopened',
  'unit_class_changed',
  'key_moved',
  'key_time_shortened',
  'key_time_extended',
  'key_remark_changed',
]);

/** Whether to show what was before and what comes after. */
export const showsChange = (code: FindingCode): boolean => CHANGES.has(code);

/** A finding in words. */
export function wordsOf({ code, place, key, before = '', after = '' }: Finding): Words {
  const { says, advice } = WORDS[code];
  const facts: Readonly<Record<string, string>> = { place, before, after, kid: key?.kid ?? '', use: key?.use ?? '' };
  const filled = says.replaceAll(/\{(\w+)\}/g, (_place, name: string) => facts[name] ?? '');
  return { says: filled, ...(advice !== undefined && { advice }) };
}
