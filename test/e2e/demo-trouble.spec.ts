import { startCli } from '../harness/cli';
import { nextPortBase } from '../harness/free-ports';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

// A gateway is away for longer than a restart takes, and alerts are judged every ten seconds.
jest.setTimeout(400_000);

/** The demonstration with trouble, as a newcomer starts it: alerts rise at the right monitors, and end when it is mended. */
describe('trouble in the demonstration', () => {
  const folder = makeTempFolder('trouble');
  afterAll(() => removeTempFolder(folder));

  it('shows what operators see, and ends well', async () => {
    const args = ['demo', '--data', folder, '--port-base', String(nextPortBase()), '--once', '--trouble'];
    const { code, stderr } = await startCli(args).ended;
    for (const line of [
      'risen at gb: no_gateway',
      'risen at gb: certificate_expiring',
      'risen at gb: integrity_failure',
      'risen at vn: oldest_unsent',
      'risen at vn: message_refused',
      'ended at gb: no_gateway',
      'ended at gb: certificate_expiring',
      'ended at vn: oldest_unsent',
      'Trouble is over',
    ])
      expect(stderr).toContain(line);
    expect(code).toBe(0);
  });
});
