import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { startDemoServices, type DemoServices } from '../harness/demo-services';
import { ROOT } from '../harness/paths';

let services: DemoServices;
beforeAll(async () => {
  services = await startDemoServices();
});
afterAll(() => services?.stop());

/** Sends bytes over a new connection and returns all that comes back. */
function exchange(port: number, bytes: readonly (Buffer | string)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (heard += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    for (const part of bytes) socket.write(part);
  });
}

describe('the mailbox of the demonstration', () => {
  /** Speaks SMTP line by line: the next part is said when the one before was answered. */
  function talk(parts: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(services.config.smtpPort, '127.0.0.1');
      const left = [...parts];
      let heard = '';
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => {
        heard += text;
        const next = left.shift();
        if (next !== undefined) socket.write(`${next}\r\n`);
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(heard));
    });
  }
  const send = (mail: readonly string[]) => {
    const data = [...mail, '.'].join('\r\n');
    return talk(['HELO me', 'MAIL FROM:<a@vn.example>', 'RCPT TO:<b@vn.example>', 'DATA', data, 'QUIT']);
  };

  it('is empty at first', async () => {
    expect(await services.mails()).toEqual([]);
    expect(await (await fetch(services.mailPage)).text()).toContain('No mail yet.');
  });

  it('keeps what it is given and shows it, newest first, with nothing left to run', async () => {
    await send(['Subject: =?UTF-8?Q?Th=C6=B0_m=E1=BB=9Bi?=', '', 'mot']);
    await send(['Subject: <b>two</b>', '', '<script>alert(1)</script>']);
    const mails = await services.mails();
    expect(mails.map(({ to, from, subject, text }) => ({ to, from, subject, text }))).toEqual([
      { to: ['b@vn.example'], from: 'a@vn.example', subject: '<b>two</b>', text: '<script>alert(1)</script>' },
      { to: ['b@vn.example'], from: 'a@vn.example', subject: 'Thư mới', text: 'mot' },
    ]);
    const page = await fetch(services.mailPage, { headers: { 'accept-language': 'vi' } });
    const text = await page.text();
    expect(text).toContain('<html lang="vi">');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script');
    expect(text.indexOf('&lt;b&gt;two')).toBeLessThan(text.indexOf('Thư mới'));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('refuses a mail that is too large', async () => {
    const before = (await services.mails()).length;
    const lines = Array.from({ length: 1_200 }, () => 'x'.repeat(900));
    expect(await send(['Subject: large', '', ...lines])).toContain('552');
    expect(await services.mails()).toHaveLength(before);
  });

  it('has no other page', async () => {
    expect((await fetch(`${services.mailPage}/elsewhere`)).status).toBe(404);
  });
});

describe('what answers like a virus scanner', () => {
  const ask = (...bytes: (Buffer | string)[]) => exchange(services.config.scannerPort, bytes);
  const chunk = (text: string | Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(text.length);
    return Buffer.concat([size, Buffer.from(text)]);
  };
  const END = Buffer.alloc(4);
  const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');

  it.each([
    ['zPING\0', 'PONG\0'],
    ['nPING\n', 'PONG\n'],
    ['PING\n', 'PONG\n'],
    ['zVERSION\0', 'Trao demonstration: knows the EICAR test only\0'],
    ['zSHUTDOWN\0', 'UNKNOWN COMMAND\0'],
    ['x'.repeat(100), 'UNKNOWN COMMAND\n'],
  ])('answers %j', async (command, answer) => {
    expect(await ask(command)).toBe(answer);
  });

  it('finds the EICAR test, also where it lies across two chunks, and nothing else', async () => {
    expect(await ask('zINSTREAM\0', chunk(eicar), END)).toBe('stream: Eicar-Test-Signature FOUND\0');
    for (let at = 1; at < eicar.length; at += 13) {
      const parts = [chunk(`before ${eicar.slice(0, at)}`), chunk(`${eicar.slice(at)} after`)];
      expect(await ask('nINSTREAM\n', ...parts, END)).toBe('stream: Eicar-Test-Signature FOUND\n');
    }
    expect(await ask('zINSTREAM\0', chunk(eicar.toLowerCase()), chunk('harmless'), END)).toBe('stream: OK\0');
    expect(await ask('zINSTREAM\0', END)).toBe('stream: OK\0');
  });

  it('refuses a stream that is too long, before it has come', async () => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(30_000_000);
    expect(await ask('zINSTREAM\0', size)).toBe('INSTREAM size limit exceeded. ERROR\0');
  });
});

/** The addresses on which somebody listens at a port, as Linux writes them (proc(5)): `0100007F` is 127.0.0.1. */
function listeningOn(port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/net/${kind}`, 'utf8').split('\n').slice(1));
  return lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', at] = local.split(':');
    return state === '0A' && at === wanted ? [address] : [];
  });
}

describe('the services of the demonstration', () => {
  const start = (env: Record<string, string>) => {
    const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist', 'apps', 'demo', 'main.js')], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, said: stderr };
  };
  const anchor = (text: string) => {
    const file = path.join(services.layout.folder, 'other-anchor.json');
    writeFileSync(file, text);
    return file;
  };
  const TRAO_DEMO = () => path.join(services.layout.folder, 'demo.json');

  it.each(['{"trustDomain":"production"}', '{"trustDomain":"test"}', '{}'])(
    'start for the trust domain demo only, not for %s',
    (text) => {
      const { status, said } = start({ TRAO_DEMO: TRAO_DEMO(), TRAO_TRUST_ANCHOR: anchor(text) });
      expect(status).toBe(1);
      expect(said).toContain('docs/how-to/sign-in.md');
    },
  );

  it.each([
    [{}, 'TRAO_TRUST_ANCHOR is not set'],
    [{ TRAO_TRUST_ANCHOR: '/nowhere' }, 'TRAO_TRUST_ANCHOR: /nowhere cannot be read as JSON'],
  ])('say what is missing: %j', (env, why) => {
    expect(start(env as Record<string, string>)).toMatchObject({ status: 1, said: expect.stringContaining(why) });
  });

  it('need to be told what to serve', () => {
    const { said } = start({ TRAO_TRUST_ANCHOR: anchor('{"trustDomain":"demo"}') });
    expect(said).toContain('TRAO_DEMO is not set');
  });

  it('say which port is taken', () => {
    const { status, said } = start({ TRAO_DEMO: TRAO_DEMO(), TRAO_TRUST_ANCHOR: anchor('{"trustDomain":"demo"}') });
    expect(status).toBe(1);
    expect(said).toMatch(/127\.0\.0\.1:\d+/);
  });

  it('listen on loopback only', () => {
    const { nodes, mailPort, smtpPort, scannerPort } = services.config;
    for (const port of [...nodes.map((node) => node.port), mailPort, smtpPort, scannerPort])
      expect(listeningOn(port)).toEqual(['0100007F']);
  });
});
