import { recognise } from './recognise';

const formatOf = (content: unknown, path = 'some/name.bin') =>
  recognise({ path, bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) }).format;

describe('a file is known by its content', () => {
  it.each<[string, unknown]>([
    ['wycheproof', { algorithm: 'X', testGroups: [] }],
    ['x509-limbo', { version: 1, testcases: [] }],
    ['json-schema', [{ description: 'a', schema: {}, tests: [] }]],
    ['jose-cookbook', { title: 'a', input: {}, output: { compact: 'x' } }],
    ['jose-cookbook', { title: 'a', sign: {}, encrypt: {} }],
    ['jwe', 'eyJhbGciOiJIUEtFLTEwIn0.AAAA..AAAA.\n'],
    ['jwe', { protected: 'e30', ciphertext: 'AAAA' }],
    ['keys', { kty: 'AKP', alg: 'HPKE-10', pub: 'AAAA' }],
    ['keys', { keys: [{ kty: 'EC' }] }],
    ['unknown', { name: 'package' }],
    ['unknown', ['a', 'b']],
    ['unknown', []],
    ['unknown', '# Read me\n'],
    ['unknown', ''],
    ['unknown', '12'],
    ['unknown', '{ this is no JSON, and not called so'],
    ['unknown', { testGroups: 'none' }],
    ['unknown', { keys: 'none' }],
  ])('%s', (format, content) => {
    expect(formatOf(content)).toBe(format);
  });

  it('that is not text is unknown', () => {
    expect(recognise({ path: 'a.json', bytes: Buffer.from([0xff, 0xfe, 0x00]) }).format).toBe('unknown');
  });

  it('says at what address a suite for JSON Schema has the schemas beside it', () => {
    const file = { path: 'suite.tgz/remotes/draft2020-12/integer.json', bytes: Buffer.from('{"type":"integer"}') };
    expect(recognise(file)).toMatchObject({
      format: 'remote-schema',
      address: 'http://localhost:1234/draft2020-12/integer.json',
    });
  });

  it('is damaged when it is called .json and is none', () => {
    expect(() => formatOf('{"testGroups": [', 'cut.json')).toThrow(expect.objectContaining({ code: 'malformed_json' }));
  });
});
