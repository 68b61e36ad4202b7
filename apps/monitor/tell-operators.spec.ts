import { openTellWays } from './tell-operators';

const ways = (privateTargets = '') =>
  openTellWays({ mail: undefined, webhooks: { key: undefined, privateTargets, ca: undefined } });

describe('a setting that says where alerts go', () => {
  it('is refused where a target lies inside, and says which', () => {
    for (const target of [
      'https://127.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'https://2852039166/',
      'http://93.184.216.34/',
    ])
      expect(() => ways().assertTargets('alert_webhooks', ['https://hook.example/', target])).toThrow(
        expect.objectContaining({
          code: 'bad_request',
          faults: [expect.objectContaining({ pointer: '/1', code: 'target_not_allowed' })],
        }),
      );
  });

  it('is taken where its network is allowed, where it is a name, and where it is of something else', () => {
    ways('10.0.0.0/8').assertTargets('alert_webhooks', ['http://10.1.2.3/', 'https://hook.example/']);
    ways().assertTargets('alert_mail_to', ['ops@vn.example']);
    expect(() => ways('10.0.0.0/8').assertTargets('alert_webhooks', ['https://192.168.0.1/'])).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
  });
});

it('a monitor without mail server and key tells on its page alone', () => {
  expect(ways()).toMatchObject({ mailer: undefined, webhooks: undefined });
  expect(() => ways('everywhere')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
