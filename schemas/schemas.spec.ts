import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { WIRE_CODES } from '../libs/errors';
import units from './codes/v1/units.json';
import directory from './directory/v1/directory.schema.json';
import receipt from './receipt/v1/receipt.schema.json';
import codes from './referral/v1/codes.schema.json';
import parts from './referral/v1/parts.schema.json';
import referral from './referral/v1/referral.schema.json';
import statsReport from './referral/v1/stats-report.schema.json';

type Schema = { readonly [keyword: string]: unknown };
interface Place {
  readonly where: string;
  readonly schema: Schema;
}

/** The subset of draft 2020-12 that every implementer's validator is sure to agree on (README). */
const KEYWORDS = new Set(
  (
    '$schema $id $ref $defs $comment title description type properties required additionalProperties enum const pattern ' +
    'format minLength maxLength minimum maximum items minItems maxItems uniqueItems minProperties maxProperties ' +
    'allOf if then else'
  ).split(' '),
);
const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.schema.json'),
);
const schemas = files.map((file) => ({
  file,
  schema: JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as Schema,
}));

/** Every schema below `schema`; conditions and rules only when `withRules`, as those restrict what others define. */
function* schemasIn(schema: unknown, where: string, withRules: boolean): Generator<Place> {
  if (typeof schema !== 'object' || schema === null) return;
  yield { where, schema: schema as Schema };
  for (const [keyword, value] of Object.entries(schema as Schema)) {
    const below = `${where}/${keyword}`;
    if (keyword === 'properties' || keyword === '$defs') {
      for (const [name, part] of Object.entries(value as Schema)) yield* schemasIn(part, `${below}/${name}`, withRules);
    } else if (keyword === 'items') yield* schemasIn(value, below, withRules);
    else if (withRules && keyword === 'allOf') {
      for (const [index, part] of (value as unknown[]).entries())
        yield* schemasIn(part, `${below}/${index}`, withRules);
    } else if (withRules && ['if', 'then', 'else'].includes(keyword)) yield* schemasIn(value, below, withRules);
  }
}

const everywhere = schemas.flatMap(({ file, schema }) => [...schemasIn(schema, file, true)]);
const definitions = schemas
  .filter(({ file }) => !/\/(rules|forbidden)\.schema\.json$/.test(file))
  .flatMap(({ file, schema }) => [...schemasIn(schema, file, false)]);
const placesOf = (places: readonly Place[], wrong: (schema: Schema) => boolean) =>
  places.filter(({ schema }) => wrong(schema)).map(({ where }) => where);

/** To these lists only a major version may add: a reader that does not know a code would do the wrong thing. */
const CLOSED_LISTS = (
  'purpose priority role ageStatus identityMode handlingCode caveat onwardSharing consentStatus legalBasis riskLevel ' +
  'locationBasis contactPermission familyContact consularContact disclosure cancelResult answerStatus updateStatus ' +
  'arrangement arrivalResult withdrawalExtent correctionKind closureAction'
).split(' ');

const PLACE = new URL('schemas/', 'https://trao.example');

describe('the schemas', () => {
  it.each(schemas)('$file follows draft 2020-12 and has the id of its place', ({ file, schema }) => {
    expect(new Ajv2020().validateSchema(schema)).toBe(true);
    expect(schema.$id).toBe(new URL(file, PLACE).href);
  });

  it('use only the keywords of the subset', () => {
    expect(placesOf(everywhere, (schema) => Object.keys(schema).some((keyword) => !KEYWORDS.has(keyword)))).toEqual([]);
  });

  it('close every object, so that nothing unforeseen can travel', () => {
    const open = (schema: Schema) => 'properties' in schema && schema.additionalProperties !== false;
    expect(placesOf(definitions, open)).toEqual([]);
  });

  it('bound every text and every list', () => {
    const bounded = (schema: Schema) => 'maxLength' in schema || 'enum' in schema || 'const' in schema;
    expect(placesOf(definitions, (schema) => schema.type === 'string' && !bounded(schema))).toEqual([]);
    expect(placesOf(definitions, (schema) => schema.type === 'array' && !('maxItems' in schema))).toEqual([]);
    const numeric = (schema: Schema) => schema.type === 'integer' || schema.type === 'number';
    expect(placesOf(definitions, (schema) => numeric(schema) && !('maximum' in schema))).toEqual([]);
  });

  it('have patterns that cover the whole text and take linear time', () => {
    const patterns = new Set(
      everywhere.flatMap(({ schema }) => (typeof schema.pattern === 'string' ? [schema.pattern] : [])),
    );
    for (const pattern of patterns) {
      expect(pattern).toMatch(/^\^.*\$$/s);
      const expression = new RegExp(pattern, 'u');
      const start = performance.now();
      for (const unit of [
        'a',
        '0',
        'A-',
        'a.',
        'a-',
        '+1 ',
        'A@a.',
        'a/',
        '-----BEGIN CERTIFICATE-----\n',
        'https://a.',
      ]) {
        expression.test(`${unit.repeat(20_000)}\u0000`);
        expression.test(`${unit}${'a'.repeat(20_000)}\u0000`);
      }
      expect(performance.now() - start).toBeLessThan(500);
    }
  });

  it('refer to rules only as rules, never as the whole definition of a field', () => {
    const toRules = (schema: Schema) => typeof schema.$ref === 'string' && /(rules|forbidden)\./.test(schema.$ref);
    expect(placesOf(definitions, toRules)).toEqual([]);
  });

  it('mark as closed the lists that decide what a node does or must not do, and no other', () => {
    const closed = Object.entries(codes.$defs).flatMap(([name, list]) =>
      '$comment' in list ? [[name, list.$comment]] : [],
    );
    expect(closed).toEqual(CLOSED_LISTS.map((name) => [name, 'closed']));
  });

  it('have lists that agree where one is a part or a copy of another', () => {
    const lists = codes.$defs;
    expect(lists.unitClass.enum).toEqual(directory.$defs.directoryUnit.properties.class.enum);
    expect(lists.declineCode.enum).toEqual(expect.arrayContaining(lists.redirectCode.enum));
    expect(lists.statsDimension.enum).toEqual(Object.keys(statsReport.$defs.dimensions.properties));
    const own = lists.legalBasis.enum.filter((basis) => basis !== 'consent');
    expect(lists.overrideBasis.enum).toEqual(own);
  });

  it('let a request ask for every part of a referral that can be sent later, and for nothing else', () => {
    const { person, exploitation, location } = referral.$defs;
    const below = { person, exploitation, location } as { readonly [section: string]: { readonly properties: object } };
    const paths = Object.keys(parts.$defs.disclosed.properties).flatMap((section) => {
      const members = below[section];
      return members === undefined ? [section] : Object.keys(members.properties).map((name) => `${section}.${name}`);
    });
    expect([...codes.$defs.fieldPath.enum].sort()).toEqual(paths.sort());
  });

  it('list the same refusal codes as libs/errors', () => {
    expect(receipt.$defs.refusedEvent.properties.code.enum).toEqual([...WIRE_CODES]);
  });
});

describe('the list of units', () => {
  const unitId = new RegExp(directory.$defs.unitId.pattern, 'u');
  const classes = directory.$defs.directoryUnit.properties.class.enum;

  it('has an id, a node and a class that a directory accepts', () => {
    for (const unit of units.entries) {
      expect(unit.id).toMatch(unitId);
      expect(unit.id.startsWith(`${unit.node}.`)).toBe(true);
      expect(unit.code).toBe(unit.id.replace('.', '-').toUpperCase());
      expect(classes).toContain(unit.class);
      expect(unit.name.vi).toBe(unit.name.vi.normalize('NFC'));
    }
  });

  it('names every unit once', () => {
    expect(new Set(units.entries.map((unit) => unit.id)).size).toBe(units.entries.length);
  });
});
