import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/**
 * Preloaded into a process that is profiled (`--require`, beside the product, which knows nothing of it). A first SIGUSR2 begins a CPU
 * profile, a second one ends and writes it, so that start and warm-up are not in it.
 */
const INTERVAL_US = 1_000;

/** @param file where the profile goes; what went wrong goes beside it */
export function awaitOrders(file: string): void {
  let session: Session | undefined;
  const turn = async () => {
    if (!session) {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
      await session.post('Profiler.start');
      writeFileSync(`${file}.begun`, '');
      return;
    }
    const ending = session;
    session = undefined;
    const { profile } = await ending.post('Profiler.stop');
    ending.disconnect();
    writeFileSync(file, JSON.stringify(profile));
    writeFileSync(`${file}.done`, '');
  };
  process.on('SIGUSR2', () => {
    turn().catch((error: unknown) => writeFileSync(`${file}.failed`, String(error)));
  });
}
