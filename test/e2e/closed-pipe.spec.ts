import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { tmpdir } from 'node:os';

const ROOT = path.join(__dirname, '..', '..');

describe('a command whose reader has gone, as in `trao message list | head`', () => {
  it('ends quietly', async () => {
    const args = ['dist/apps/cli/main.js', 'doctor', '--data', path.join(tmpdir(), 'trao-no-such-demonstration')];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: ROOT });
    child.stdout.destroy();
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(errors).toBe('');
    expect(code).toBe(0);
  });
});
