import { ageText } from './age';

const NOW = new Date('2026-11-29T12:00:00Z');
const t = (key: string, values?: object) => `${key} ${JSON.stringify(values)}`;

it.each([
  [0, 'queues:age.seconds {"seconds":0}'],
  [59, 'queues:age.seconds {"seconds":59}'],
  [60, 'queues:age.minutes {"minutes":1}'],
  [3_599, 'queues:age.minutes {"minutes":59}'],
  [11_100, 'queues:age.hours {"hours":3,"minutes":5}'],
  [187_200, 'queues:age.days {"days":2,"hours":4}'],
  // Another machine's clock may be ahead of ours.
  [-5, 'queues:age.seconds {"seconds":0}'],
])('says an age of %d s in its two largest units', (seconds, text) => {
  expect(ageText(new Date(NOW.getTime() - seconds * 1000), NOW, t)).toBe(text);
});
