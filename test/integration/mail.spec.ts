import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { NOTICE_TEXTS, openMailer } from '../../libs/mail';
import { makeAuthority, makeCertificate } from './certificates-fixture';

/** A mail server of an agency; what it is told is kept. */
async function mailServer(options: SMTPServerOptions = {}) {
  const heard: { source: string; to: string[]; from: string; secure: boolean; user: unknown; name: string }[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    ...(options.key === undefined && { disabledCommands: ['STARTTLS'] }),
    onAuth: ({ username, password }, _session, done) =>
      username === 'office' && password === 'secret' ? done(null, { user: username }) : done(new Error('wrong')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        heard.push({
          source: Buffer.concat(chunks).toString('utf8'),
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          secure: session.secure,
          user: session.user,
          name: session.hostNameAppearsAs ? String(session.hostNameAppearsAs) : '',
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const { port } = server.server.address() as AddressInfo;
  return { port, heard, close: () => new Promise<void>((closed) => server.close(() => closed())) };
}

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const started = <T extends { close(): unknown }>(one: T): T => {
  open.push(one);
  return one;
};

const FROM = 'trao@vn.example';
const authority = makeAuthority('Mail CA');
const leaf = makeCertificate('localhost', authority);

/** What a mail consists of besides the parts that are chance or time. */
function constantParts(source: string): string {
  return source.replace(/^Message-ID: .*$/im, 'Message-ID: *').replace(/^Date: .*$/im, 'Date: *');
}

describe('the mail that officers get', () => {
  it.each(['en', 'vi'] as const)('says in %s that there is something, and nothing else', async (language) => {
    const server = started(await mailServer());
    const mailer = started(openMailer({ url: `smtp://127.0.0.1:${server.port}`, from: FROM }));
    await mailer.send('nguyen.thi.mau@vn.example', language);
    const [mail] = server.heard;
    expect(mail).toMatchObject({ from: FROM, to: ['nguyen.thi.mau@vn.example'], name: 'vn.example' });
    const { subject, text } = NOTICE_TEXTS[language];
    const [head, body] = mail!.source.split('\r\n\r\n') as [string, string];
    expect(head).toContain(`Subject: ${subject}`);
    expect(head.split('\r\n').map((line) => line.split(':')[0])).toEqual([
      'Auto-Submitted',
      'Content-Language',
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Content-Transfer-Encoding',
      'Date',
      'MIME-Version',
      'Content-Type',
    ]);
    const quoted = /Transfer-Encoding: (.*)/.exec(head)![1]!.trim();
    const shown = quoted === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : decoded(body);
    expect(shown.trim()).toBe(text.trim());
  });

  it('is the same for everything that happens, but for its number and its time', async () => {
    const server = started(await mailServer());
    const mailer = started(openMailer({ url: `smtp://127.0.0.1:${server.port}`, from: FROM }));
    for (let count = 0; count < 3; count += 1) await mailer.send('officer@vn.example', 'vi');
    expect(new Set(server.heard.map(({ source }) => constantParts(source))).size).toBe(1);
    const ids = server.heard.map(({ source }) => /^Message-ID: (.*)$/im.exec(source)![1]!.trim());
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@vn\.example>$/);
    for (const { source } of server.heard)
      expect(source).not.toContain(hostname().length > 3 ? hostname() : randomUUID());
  });

  it('is plain text of constants that hold no link', () => {
    expect(NOTICE_TEXTS).toEqual({
      en: { subject: 'Trao', text: 'You have a new item in Trao. Sign in.\n' },
      vi: { subject: 'Trao', text: 'Bạn có mục mới trong Trao. Hãy đăng nhập.\n' },
    });
  });
});

const decoded = (quotedPrintable: string) =>
  Buffer.from(
    quotedPrintable
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

describe('a mail server', () => {
  const secure = { key: leaf.key, cert: leaf.cert };
  const tlsUrl = (port: number, user = '') => `smtps://${user}localhost:${port}`;

  it('is spoken to over TLS with the password out of a file', async () => {
    const server = started(await mailServer({ ...secure, secure: true }));
    const options = { url: tlsUrl(server.port, 'office@'), from: FROM, password: 'secret', ca: authority.cert };
    await started(openMailer(options)).send('a@vn.example', 'en');
    expect(server.heard).toMatchObject([{ secure: true, user: 'office' }]);
  });

  it('gets nothing when its certificate is not trusted or of another host', async () => {
    const server = started(await mailServer({ ...secure, secure: true }));
    const other = makeCertificate('mail.example', authority);
    const wrong = started(await mailServer({ key: other.key, cert: other.cert, secure: true }));
    for (const options of [
      { url: tlsUrl(server.port), from: FROM },
      { url: tlsUrl(server.port), from: FROM, ca: makeAuthority('Another CA').cert },
      { url: tlsUrl(wrong.port), from: FROM, ca: authority.cert },
    ]) {
      await expect(started(openMailer(options)).send('a@vn.example', 'en')).rejects.toMatchObject({
        code: 'mail_unavailable',
      });
    }
    expect([...server.heard, ...wrong.heard]).toEqual([]);
  });

  it('gets nothing with a wrong password', async () => {
    const server = started(await mailServer({ ...secure, secure: true }));
    const options = { url: tlsUrl(server.port, 'office@'), from: FROM, password: 'guess', ca: authority.cert };
    await expect(started(openMailer(options)).send('a@vn.example', 'en')).rejects.toMatchObject({
      code: 'mail_unavailable',
    });
    expect(server.heard).toEqual([]);
  });

  it('that refuses a recipient is told apart from one that is away, and neither error holds the address', async () => {
    const refusing = started(
      await mailServer({
        onRcptTo: (_address, _session, done) =>
          done(Object.assign(new Error('No such officer b@vn.example'), { responseCode: 550 })),
      }),
    );
    const busy = started(
      await mailServer({
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error('Later'), { responseCode: 451 })),
      }),
    );
    const away = await mailServer();
    await away.close();
    for (const [port, code] of [
      [refusing.port, 'mail_refused'],
      [busy.port, 'mail_unavailable'],
      [away.port, 'mail_unavailable'],
    ] as const) {
      const sending = started(openMailer({ url: `smtp://127.0.0.1:${port}`, from: FROM })).send('b@vn.example', 'en');
      const error = (await sending.catch((thrown: unknown) => thrown)) as Error & { code: string; detail?: string };
      expect(error.code).toBe(code);
      expect(JSON.stringify([error.message, error.detail, error.stack, error.cause])).not.toContain('b@vn.example');
    }
  });

  it.each([
    [{ from: 'Trao <trao@vn.example>' }],
    [{ from: 'nobody' }],
    [{ password: 'without a user' }],
    [{ url: 'smtps://user@mail.example' }],
    [{ url: 'nonsense' }],
  ])('is not opened with settings that are wrong: %j', (change) => {
    const options = { url: 'smtps://mail.example', from: FROM, ...change };
    expect(() => openMailer(options)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
