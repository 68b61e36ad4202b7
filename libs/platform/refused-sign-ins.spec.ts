import { TraoError, type Code } from '../errors';
import { countRefusedSignIns, type Logger } from '.';

it('counts what is refused to people and programs who could not say who they are, for a quarter of an hour', () => {
  let now = 0;
  const lines: string[] = [];
  const watched = countRefusedSignIns({ log: (event) => void lines.push(event) }, () => now);
  const refuse = (event: Parameters<Logger['log']>[0], code: Code) =>
    watched.logger.log(event, { err: new TraoError(code) });
  refuse('page_refused', 'sign_in_refused');
  refuse('request_refused', 'unauthenticated');
  refuse('page_refused', 'forbidden');
  refuse('request_failed', 'internal');
  watched.logger.log('tls_changed');
  expect(watched.recent()).toBe(2);
  expect(lines).toEqual(['page_refused', 'request_refused', 'page_refused', 'request_failed', 'tls_changed']);
  now = 15 * 60_000 - 1;
  refuse('page_refused', 'sign_in_refused');
  expect(watched.recent()).toBe(3);
  now += 1;
  expect(watched.recent()).toBe(1);
});

it('keeps no more than it needs', () => {
  const watched = countRefusedSignIns({ log: () => undefined }, () => 0);
  for (let count = 0; count < 10_050; count += 1)
    watched.logger.log('request_refused', { err: new TraoError('unauthenticated') });
  expect(watched.recent()).toBe(10_000);
});
