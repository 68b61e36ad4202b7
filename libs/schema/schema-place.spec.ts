import { followed, memberPlace, schemaPlace } from '.';

describe('a place in the schemas', () => {
  const referral = schemaPlace('referral');

  it('leads to its members, across files', () => {
    const person = memberPlace(referral, 'person')!;
    expect(person).toMatchObject({ id: referral.id, definition: 'person', schema: { type: 'object' } });
    expect(memberPlace(person, 'gender')).toMatchObject({ definition: 'gender', schema: { type: 'string' } });
    expect(memberPlace(person, 'gender')!.id).toMatch(/referral\/v1\/codes\.schema\.json$/);
    expect(memberPlace(schemaPlace('consentRecord'), 'status')!.id).toMatch(/referral\/v1\/codes\.schema\.json$/);
    expect(memberPlace(person, 'asylum')).toBeUndefined();
    expect(memberPlace(memberPlace(person, 'gender')!, 'x')).toBeUndefined();
  });

  it('keeps what is written beside a reference', () => {
    const photo = memberPlace(memberPlace(referral, 'person')!, 'photo')!;
    expect(photo.definition).toBe('digest');
    expect(photo.schema).toMatchObject({
      description: 'Digest of the attachment that holds the photo.',
      maxLength: 43,
    });
    expect(photo.schema).not.toHaveProperty('$ref');
  });

  it('is a whole file where the reference names no definition, and itself without one', () => {
    const rules = followed({ ...referral, schema: { $ref: 'rules.schema.json' } });
    expect([rules.definition, Object.keys(rules.schema.$defs!)]).toEqual([
      '',
      expect.arrayContaining(['isChild', 'VERIFY']),
    ]);
    expect(followed(rules)).toEqual(rules);
  });
});
