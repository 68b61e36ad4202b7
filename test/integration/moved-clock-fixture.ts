/** Sets the time of day of this process, until `jest.useRealTimers()`; its timers, and the clock of the database, go on as they are. */
export function moveClock(ms: number): void {
  const timers = [
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
  ] as const;
  const others = ['nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const;
  jest.useFakeTimers({ now: Date.now() + ms, doNotFake: [...timers, ...others] });
}
