import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readGatewayConfig, readOfficeConfig, readWorkerConfig } from '../../libs/platform';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

const folder = makeTempFolder('config');
afterAll(() => removeTempFolder(folder));

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const GOOD = {
  TRAO_NODE: 'vn',
  DATABASE_URL: 'postgres://worker:secret@localhost/trao',
  TRAO_KEYS: '/keys',
  TRAO_KEY_FILE: '/unlock.key',
  TRAO_DIRECTORY: '/directory.json',
  TRAO_TRUST_ANCHOR: fileWith('anchor.json', '{"anchor":1}'),
  TRAO_TLS_CERT: fileWith('cert.pem', 'CERT'),
  TRAO_TLS_KEY: fileWith('key.pem', 'KEY'),
  TRAO_CLIENTS: fileWith('clients.json', '[]'),
  TRAO_PORT: '8443',
};

const COMMON = {
  node: 'vn',
  databaseUrl: GOOD.DATABASE_URL,
  keys: { folder: '/keys', unlock: { keyFile: '/unlock.key' }, pinFile: undefined },
  directoryFile: '/directory.json',
  trustAnchor: '{"anchor":1}',
  logLevel: 'info',
};

const KEEP = { sealed: 30, attempts: 400, alerts: 400, samples: 30, processes: 7 };

it('reads what each process needs, with defaults', () => {
  const tls = { cert: GOOD.TRAO_TLS_CERT, key: GOOD.TRAO_TLS_KEY };
  expect(readGatewayConfig(GOOD)).toEqual({
    ...COMMON,
    host: '127.0.0.1',
    port: 8443,
    tls,
    rates: { messagesPerS: 500, bytesPerS: 33_554_432, burstS: 10 },
    connections: { all: 4096, perAddress: 256, perPartner: 64 },
  });
  expect(readWorkerConfig(GOOD)).toEqual({
    ...COMMON,
    tls,
    redisUrl: undefined,
    redisCluster: false,
    atHand: 32,
    keep: KEEP,
  });
  expect(readOfficeConfig(GOOD)).toEqual({
    ...COMMON,
    host: '127.0.0.1',
    port: 8443,
    clients: '[]',
    clientsFile: GOOD.TRAO_CLIENTS,
  });
});

it('serves metrics and health where it is told to, by itself nowhere and for nobody outside the machine', () => {
  expect(readWorkerConfig(GOOD).operations).toBeUndefined();
  const served = { ...GOOD, TRAO_OPS_PORT: '9101' };
  for (const read of [readGatewayConfig, readWorkerConfig, readOfficeConfig])
    expect(read(served).operations).toEqual({ host: '127.0.0.1', port: 9101, exposed: false });
  const open = { ...served, TRAO_OPS_HOST: '0.0.0.0', TRAO_OPS_EXPOSED: 'true' };
  expect(readWorkerConfig(open).operations).toEqual({ host: '0.0.0.0', port: 9101, exposed: true });
  expect(readWorkerConfig({ ...open, TRAO_OPS_EXPOSED: 'yes' }).operations).toMatchObject({ exposed: false });
  expect(() => readWorkerConfig({ ...GOOD, TRAO_OPS_PORT: 'nine' })).toThrow('TRAO_OPS_PORT is not a port');
});

it('takes what opens the keys from one file: random bytes or a passphrase, and the PIN of a token from another', () => {
  const { TRAO_KEY_FILE: keyFile, ...rest } = GOOD;
  const words = { TRAO_KEY_PASSPHRASE_FILE: '/passphrase' };
  expect(readOfficeConfig({ ...rest, ...words }).keys.unlock).toEqual({ passphraseFile: '/passphrase' });
  expect(readOfficeConfig({ ...GOOD, TRAO_PKCS11_PIN_FILE: '/pin' }).keys).toMatchObject({
    unlock: { keyFile },
    pinFile: '/pin',
  });
  for (const env of [rest, { ...GOOD, ...words }, { ...rest, TRAO_KEY_PASSPHRASE: 'in the environment' }])
    expect(faultsOf(() => readWorkerConfig(env))).toBe(
      'one of TRAO_KEY_FILE and TRAO_KEY_PASSPHRASE_FILE must be set.',
    );
});

it('takes TLS as PEM or as PKCS#12, by the names of the files: they are read again when they change', () => {
  const { TRAO_TLS_CERT: cert, TRAO_TLS_KEY: key } = GOOD;
  const passphrase = fileWith('passphrase', 'secret');
  const pfx = fileWith('both.p12', 'P12');
  const pkcs12 = { ...GOOD, TRAO_TLS_CERT: '', TRAO_TLS_KEY: '', TRAO_TLS_PFX: pfx };
  expect(readWorkerConfig({ ...GOOD, TRAO_TLS_PASSPHRASE_FILE: passphrase }).tls).toEqual({ cert, key, passphrase });
  expect(readGatewayConfig(pkcs12).tls).toEqual({ pfx });
  expect(readGatewayConfig({ ...pkcs12, TRAO_TLS_PASSPHRASE_FILE: passphrase }).tls).toEqual({ pfx, passphrase });
  expect(faultsOf(() => readGatewayConfig({ ...GOOD, TRAO_TLS_PFX: pfx }))).toContain('set one or the other');
  const missing = path.join(folder, 'nowhere.p12');
  expect(faultsOf(() => readGatewayConfig({ ...pkcs12, TRAO_TLS_PFX: missing }))).toContain(
    'nowhere.p12 cannot be read',
  );
});

it('takes Redis where it is named, a single one before a cluster', () => {
  const [single, cluster] = ['redis://one:6379', 'redis://cluster:6379'];
  expect(readWorkerConfig({ ...GOOD, REDIS_URL: single })).toMatchObject({ redisUrl: single, redisCluster: false });
  expect(readWorkerConfig({ ...GOOD, REDIS_CLUSTER: cluster })).toMatchObject({
    redisUrl: cluster,
    redisCluster: true,
  });
  expect(readWorkerConfig({ ...GOOD, REDIS_URL: single, REDIS_CLUSTER: cluster })).toMatchObject({
    redisUrl: single,
    redisCluster: false,
  });
  expect(readWorkerConfig({ ...GOOD, REDIS_URL: '' })).toMatchObject({ redisUrl: undefined });
});

it('takes several start nodes of a cluster, and sentinels with the name of what they watch', () => {
  const nodes = 'redis://:secret@one:6379, redis://two:6379';
  expect(readWorkerConfig({ ...GOOD, REDIS_CLUSTER: nodes })).toMatchObject({ redisUrl: nodes, redisCluster: true });
  const sentinels = 'redis://one:26379,rediss://two:26379';
  const servers = 'redis://:secret@trao/0';
  expect(readWorkerConfig({ ...GOOD, REDIS_URL: servers, REDIS_SENTINELS: sentinels })).toMatchObject({
    redisUrl: servers,
    redisCluster: false,
    redisSentinels: sentinels,
  });
  const wrong = faultsOf(() =>
    readWorkerConfig({ ...GOOD, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: 'http://:secret@one' }),
  );
  expect(wrong).toContain('REDIS_SENTINELS needs REDIS_URL');
  expect(wrong).toContain('REDIS_CLUSTER is not a list of URLs');
  expect(wrong).not.toContain('secret');
  expect(faultsOf(() => readWorkerConfig({ ...GOOD, REDIS_URL: nodes }))).toContain('REDIS_URL is not a URL as redis:');
});

const faultsOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' });
    return (error as { detail: string }).detail;
  }
  throw new Error('no fault');
};

it('takes the scanner by host and port, for office and worker', () => {
  for (const read of [readWorkerConfig, readOfficeConfig]) {
    expect(read(GOOD).scanner).toBeUndefined();
    expect(read({ ...GOOD, TRAO_SCANNER: 'clamd.internal:3310' }).scanner).toEqual({
      host: 'clamd.internal',
      port: 3310,
    });
    expect(read({ ...GOOD, TRAO_SCANNER: '[::1]:3310' }).scanner).toEqual({ host: '::1', port: 3310 });
    for (const wrong of ['clamd', 'clamd:', 'clamd:0', 'clamd:70000', 'tcp://clamd:3310', '/run/clamd.sock'])
      expect(faultsOf(() => read({ ...GOOD, TRAO_SCANNER: wrong }))).toContain('TRAO_SCANNER is not host:port');
  }
});

it('takes secrets of addresses from files, and not from both places', () => {
  const url = 'postgres://worker:from-a-file@localhost/trao';
  const inFiles = {
    ...GOOD,
    DATABASE_URL: '',
    DATABASE_URL_FILE: fileWith('database-url', `${url}\n`),
    REDIS_URL_FILE: fileWith('redis-url', 'redis://:secret@queue:6379\n'),
  };
  expect(readWorkerConfig(inFiles)).toMatchObject({
    databaseUrl: url,
    redisUrl: 'redis://:secret@queue:6379',
    redisCluster: false,
  });
  expect(faultsOf(() => readWorkerConfig({ ...inFiles, DATABASE_URL: url }))).toContain(
    'set one of DATABASE_URL and DATABASE_URL_FILE',
  );
  const nowhere = path.join(folder, 'nowhere');
  expect(faultsOf(() => readOfficeConfig({ ...inFiles, DATABASE_URL_FILE: nowhere }))).toContain('cannot be read');
});

it('takes no batch at hand where 0 is set, and 32 where nothing is', () => {
  expect(readWorkerConfig(GOOD).atHand).toBe(32);
  expect(readWorkerConfig({ ...GOOD, TRAO_BATCHES_AT_HAND: '0' }).atHand).toBe(0);
  expect(faultsOf(() => readWorkerConfig({ ...GOOD, TRAO_BATCHES_AT_HAND: '-1' }))).toContain('from 0 to');
});

it('takes whole numbers of days for what is kept, and of attempts a month at least', () => {
  const days = { TRAO_KEEP_SEALED_DAYS: '1', TRAO_KEEP_ATTEMPTS_DAYS: '30' };
  expect(readWorkerConfig({ ...GOOD, ...days }).keep).toMatchObject({ sealed: 1, attempts: 30, alerts: 400 });
  for (const wrong of ['0', '-1', '1.5', 'NaN', 'Infinity', '36501', 'thirty'])
    expect(faultsOf(() => readWorkerConfig({ ...GOOD, TRAO_KEEP_SEALED_DAYS: wrong }))).toContain(
      'TRAO_KEEP_SEALED_DAYS is not a number of days from 1 to 36500',
    );
  expect(faultsOf(() => readWorkerConfig({ ...GOOD, TRAO_KEEP_ATTEMPTS_DAYS: '29' }))).toContain('from 30 to');
});

it('lists all faults at once', () => {
  const env = {
    TRAO_NODE: '',
    TRAO_TLS_CERT: path.join(folder, 'nowhere.pem'),
    TRAO_PORT: '70000',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };
  const detail = faultsOf(() => readGatewayConfig(env));
  const named = [
    'TRAO_NODE',
    'DATABASE_URL',
    'TRAO_KEYS',
    'TRAO_DIRECTORY',
    'TRAO_TRUST_ANCHOR',
    'TRAO_TLS_CERT',
    'TRAO_TLS_KEY',
    'TRAO_PORT',
  ];
  for (const name of [...named, 'NODE_TLS_REJECT_UNAUTHORIZED']) expect(detail).toContain(name);
  expect(detail).toContain('TRAO_NODE is not set');
  expect(detail).toContain('nowhere.pem cannot be read');
  expect(detail.match(/TRAO_TLS_KEY/g)).toHaveLength(1);
});

it.each([readGatewayConfig, readWorkerConfig, readOfficeConfig])(
  'refuses to start with TLS checks switched off',
  (read) => {
    expect(faultsOf(() => read({ ...GOOD, NODE_TLS_REJECT_UNAUTHORIZED: '0' }))).toBe(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches TLS checks off.',
    );
  },
);

it.each(['0', '-1', '65536', '80.5', 'http', ' '])('refuses %j as a port', (port) => {
  expect(faultsOf(() => readOfficeConfig({ ...GOOD, TRAO_PORT: port }))).toContain('TRAO_PORT is not a port');
});

it('never repeats a secret', () => {
  const detail = faultsOf(() => readGatewayConfig({ ...GOOD, TRAO_NODE: undefined }));
  expect(detail).toBe('TRAO_NODE is not set.');
});
