import { checkMailUrl } from './mail-url';

describe('the address of a mail server', () => {
  it.each([
    ['smtps://mail.example', { host: 'mail.example', port: 465, security: 'tls' }],
    ['smtps://me%40x@mail.example:2465/', { host: 'mail.example', port: 2465, security: 'tls', user: 'me@x' }],
    ['smtp://mail.example', { host: 'mail.example', port: 587, security: 'starttls' }],
    ['smtp://127.0.0.1:7106', { host: '127.0.0.1', port: 7106, security: 'plain' }],
    ['smtp://[::1]:25', { host: '::1', port: 25, security: 'plain' }],
    ['smtp://localhost:25', { host: 'localhost', port: 25, security: 'plain' }],
    ['smtp://127.0.0.1.example:25', { host: '127.0.0.1.example', port: 25, security: 'starttls' }],
    ['smtps://localhost', { host: 'localhost', port: 465, security: 'tls' }],
  ])('%s is read', (text, server) => {
    expect(checkMailUrl(text)).toEqual(server);
  });

  it.each(['', 'mail.example', 'http://mail.example', 'smtp://', 'smtp://a.example/x', 'smtp://a.example?tls=no'])(
    '%j is refused',
    (text) => {
      expect(() => checkMailUrl(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    },
  );

  it('holds no password, and a refusal does not repeat it', () => {
    let detail = '';
    try {
      checkMailUrl('smtps://me:geheim@mail.example');
    } catch (error) {
      detail = (error as { detail: string }).detail;
    }
    expect(detail).toContain('TRAO_SMTP_PASSWORD_FILE');
    expect(detail).not.toContain('geheim');
  });
});
