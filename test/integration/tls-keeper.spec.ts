import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { TlsKeeper, type TlsFiles } from '../../libs/platform';
import { Partners, type TlsPins } from '../../libs/trust';
import { fictionalWorld } from '../fakes/fictional-world';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { CLIENT_AUTH, SERVER_AUTH } from './certificates-extensions';
import {
  days,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeIntermediate,
  makeKey,
  makePkcs12,
  withChain,
  type Certificate,
} from './certificates-fixture';
import { caughtLog } from './log-fixture';

/** The certificate of a process: which one is in use while its files are replaced, one after the other. */
const folder = makeTempFolder('tls');
afterAll(() => removeTempFolder(folder));
const place = (name: string) => path.join(folder, name);
const FILES: TlsFiles = { cert: place('cert.pem'), key: place('key.pem') };
const ca = makeAuthority('ca.gb');
const [first, second] = [makeCertificate('gb', ca), makeCertificate('gb', ca)];
const PINS: TlsPins = { ca: [ca.cert], spki: [first.spki, second.spki] };

let alarms: string[];
let log: ReturnType<typeof caughtLog>;
let pins: TlsPins;
let partners: Partners;
let keeper: TlsKeeper | undefined;
beforeEach(async () => {
  alarms = [];
  log = caughtLog();
  await adopt(PINS);
  put(first);
});
afterEach(() => {
  keeper?.stop();
  keeper = undefined;
});

async function adopt(next: TlsPins): Promise<void> {
  const { directory } = (await fictionalWorld()).partners;
  pins = next;
  partners = new Partners({
    ...directory,
    nodes: directory.nodes.map((node) => (node.id === 'gb' ? { ...node, tls: pins } : node)),
  });
}

const write = (name: string, content: string | Uint8Array) => writeFileSync(place(name), content);
function put({ cert, key }: Pick<Certificate, 'cert' | 'key'>): void {
  write('cert.pem', cert);
  write('key.pem', key);
}

let raise = (kind: string, subject: string, code?: string): Promise<void> => {
  alarms.push(`${kind} ${subject} ${code}`);
  return Promise.resolve();
};

async function start(tls: TlsFiles = FILES): Promise<TlsKeeper> {
  keeper = await TlsKeeper.start({
    node: 'gb',
    tls,
    partners: () => partners,
    raiseAlarm: (kind, subject, code) => raise(kind, subject, code),
    logger: log.logger,
  });
  return keeper;
}

const certificateIn = ({ identity }: TlsKeeper) => {
  const inUse = identity();
  return 'cert' in inUse ? inUse.cert : inUse.pfx;
};
const messages = () => log.records().map(({ msg }) => msg);

describe('a new certificate', () => {
  it('comes into use when both files are there, and whoever serves with it hears of it', async () => {
    const running = await start();
    const heard: unknown[] = [];
    running.whenChanged((identity) => heard.push(identity));
    expect(certificateIn(running)).toBe(first.cert);
    put(second);
    await running.look();
    expect(certificateIn(running)).toBe(second.cert);
    expect(heard).toEqual([{ cert: second.cert, key: second.key }]);
    expect(messages()).toEqual(['TLS certificate changed']);
    expect(alarms).toEqual([]);
  });

  it('does not come into use while its key is missing: the old one stays, with an alarm', async () => {
    const running = await start();
    write('cert.pem', second.cert);
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
    expect(log.records()).toEqual([
      expect.objectContaining({
        msg: 'TLS certificate not taken',
        level: 50,
        err: expect.objectContaining({
          code: 'tls_unusable',
          detail: `${place('cert.pem')}, ${place('key.pem')}: the key is not that of the certificate.`,
        }) as object,
      }),
    ]);
    expect(alarms).toEqual(['certificate_refused gb tls_unusable']);
    await running.look(); // nothing has changed, so nothing is said twice
    expect(alarms).toHaveLength(1);
    write('key.pem', second.key);
    await running.look();
    expect(certificateIn(running)).toBe(second.cert);
  });

  it.each<[string, string, () => void]>([
    ['cut short', 'not PEM, or cut short', () => write('cert.pem', second.cert.slice(0, 300))],
    ['empty', 'a file is empty', () => write('cert.pem', '')],
    ['without a key', 'a file is empty', () => write('key.pem', '')],
    ['with half a key', 'not PEM, or cut short', () => write('key.pem', first.key.slice(0, 100))],
    [
      'with a key of another kind',
      'the key is not that of the certificate',
      () => write('key.pem', makeCertificate('gb', ca, days(30), { privateKey: makeKey({ rsa: 2048 }) }).key),
    ],
    ['missing', 'a file is missing', () => renameSync(place('cert.pem'), place('gone.pem'))],
    [
      'too weak for TLS',
      'the key is too weak',
      () => put(makeCertificate('gb', ca, days(30), { privateKey: makeKey({ rsa: 1024 }) })),
    ],
  ])('does not come into use when it is %s', async (_, reason, change) => {
    const running = await start();
    change();
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
    expect(log.text()).toContain(`: ${reason}.`);
    expect(alarms).toEqual(['certificate_refused gb tls_unusable']);
  });

  it.each<[string, () => Certificate]>([
    ['CERT_HAS_EXPIRED. Put a new', () => makeCertificate('gb', ca, days(-1))],
    ['CERT_NOT_YET_VALID.', () => makeCertificate('gb', ca, days(30), { from: days(1) })],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE.', () => makeCertificate('gb', makeAuthority('ca.gb'))],
    ['INVALID_PURPOSE.', () => makeCertificate('gb', ca, days(30), { extensions: leafExtensions(SERVER_AUTH) })],
    ['INVALID_PURPOSE.', () => makeCertificate('gb', ca, days(30), { extensions: leafExtensions(CLIENT_AUTH) })],
    ['key_not_pinned. Its key has to be pinned', () => makeCertificate('gb', ca)],
    [
      'authority_not_pinned. Every authority',
      () => {
        const between = makeIntermediate('ca.gb.between', ca);
        return withChain(makeCertificate('gb', between, days(30), { privateKey: secondKey() }), between);
      },
    ],
    ['weak_key.', () => makeCertificate('gb', ca, days(30), { privateKey: makeKey({ rsa: 2047 }) })],
  ])('does not come into use when partners would refuse it: %s', async (reason, made) => {
    const running = await start();
    const certificate = made();
    if (!reason.startsWith('key_not_pinned')) await adopt({ ...PINS, spki: [...PINS.spki, certificate.spki] });
    put(certificate);
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
    expect(log.text()).toContain(`"detail":"${reason}`);
    expect(alarms).toEqual(['certificate_refused gb tls_distrusted']);
  });

  it('comes into use by itself when the directory pins its key', async () => {
    const running = await start();
    const third = makeCertificate('gb', ca);
    put(third);
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
    await adopt({ ...PINS, spki: [...PINS.spki, third.spki] });
    await running.look();
    expect(certificateIn(running)).toBe(third.cert);
  });
});

describe('the certificate in use', () => {
  it('goes on when its files vanish', async () => {
    const running = await start();
    rmSync(place('cert.pem'));
    rmSync(place('key.pem'));
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
  });

  it('raises an alarm when the directory stops pinning it, and goes on: there is no other', async () => {
    const running = await start();
    await adopt({ ...PINS, spki: [second.spki] });
    await running.look();
    expect(certificateIn(running)).toBe(first.cert);
    expect(messages()).toEqual(['TLS certificate in use is not trusted']);
    expect(alarms).toEqual(['certificate_refused gb tls_distrusted']);
  });

  it('is the one in the files at the start, with an alarm where partners would refuse it', async () => {
    const old = makeCertificate('gb', ca, days(-1));
    put(old);
    expect(certificateIn(await start())).toBe(old.cert);
    expect(alarms).toEqual(['certificate_refused gb tls_distrusted']);
  });

  it('is looked at again when the alarm could not be raised', async () => {
    const running = await start();
    const raising = raise;
    raise = () => Promise.reject(new Error('the database is away'));
    write('cert.pem', second.cert);
    await running.look();
    raise = raising;
    await running.look();
    expect(alarms).toEqual(['certificate_refused gb tls_unusable']);
  });

  it('changes by itself, without anybody asking', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'] });
    const running = await start();
    const changed = new Promise((resolve) => running.whenChanged(resolve));
    put(second);
    jest.advanceTimersByTime(5_000);
    jest.useRealTimers();
    expect(await changed).toMatchObject({ cert: second.cert });
  });
});

describe('a start', () => {
  it.each<[string, () => void]>([
    ['the key is not that of the certificate', () => write('key.pem', second.key)],
    ['a file is missing', () => rmSync(place('key.pem'))],
    ['not PEM, or cut short', () => write('key.pem', 'no key')],
  ])('is refused when %s', async (reason, change) => {
    change();
    await expect(start()).rejects.toMatchObject({
      code: 'tls_unusable',
      detail: `${place('cert.pem')}, ${place('key.pem')}: ${reason}.`,
    });
  });

  it('takes a key that is encrypted, with its passphrase in a file', async () => {
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' } as const;
    write('key.pem', createPrivateKey(first.key).export(options));
    write('secret', 'geheim\n');
    expect(certificateIn(await start({ ...FILES, passphrase: place('secret') }))).toBe(first.cert);
    expect(alarms).toEqual([]);
    write('secret', 'other');
    await expect(start({ ...FILES, passphrase: place('secret') })).rejects.toMatchObject({
      detail: expect.stringContaining(': wrong passphrase, or none.') as string,
    });
    await expect(start()).rejects.toMatchObject({ code: 'tls_unusable' });
  });

  it('takes PKCS#12, and another one when it is replaced', async () => {
    const files = { pfx: place('both.p12'), passphrase: place('secret') };
    write('both.p12', makePkcs12(first, 'geheim'));
    write('secret', 'geheim');
    const running = await start(files);
    const next = makePkcs12(second, 'geheim');
    write('both.p12', next);
    await running.look();
    expect(certificateIn(running)).toEqual(next);
    expect(alarms).toEqual([]);
    write('both.p12', next.subarray(0, 100));
    await running.look();
    expect(certificateIn(running)).toEqual(next);
    expect(alarms).toEqual(['certificate_refused gb tls_unusable']);
  });
});

/** The pinned key of the second certificate. */
const secondKey = () => createPrivateKey(second.key);
