import { Database } from './database';
import { isOutage } from './outage';

describe('an outage of the database', () => {
  it.each([
    ['nobody listens', { code: 'ECONNREFUSED' }],
    ['the connection is cut', { code: 'ECONNRESET' }],
    ['its machine is away', { code: 'EHOSTUNREACH' }],
    ['its machine is down', { code: 'EHOSTDOWN' }],
    ['its network is away', { code: 'ENETUNREACH' }],
    ['our own cable is out', { code: 'ENETDOWN' }],
    ['we have no address just now', { code: 'EADDRNOTAVAIL' }],
    ['names are not resolved just now', { code: 'EAI_AGAIN' }],
    ['its name is not known', { code: 'ENOTFOUND' }],
    ['its socket is gone', { code: 'ENOENT' }],
    ['it says nothing', { code: 'ETIMEDOUT' }],
    ['it is being shut down', { code: '57P01' }],
    ['it only reads', { code: '25006' }],
    ['its transaction lost', { code: '40001' }],
    ['the driver gave up', { message: 'Connection terminated unexpectedly' }],
  ])('is that %s', (_, error) => expect(isOutage(error)).toBe(true));

  it.each([
    ['a statement that is wrong', { code: '42601', message: 'syntax error' }],
    ['a row that is there already', { code: '23505', message: 'duplicate key' }],
    ['a password that is wrong', { code: '28P01', message: 'password authentication failed' }],
    ['a bug', new TypeError('x is not a function')],
    ['no error at all', undefined],
  ])('is not %s', (_, error) => expect(isOutage(error)).toBe(false));

  it('is what a process meets that starts where the name of its database is not resolved', async () => {
    const url = 'postgres://trao@database.invalid/trao';
    await expect(Database.open({ url, poolSize: 1, applicationName: 'trao-worker' })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
  });
});
