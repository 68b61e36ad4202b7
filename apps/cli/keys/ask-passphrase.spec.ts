import { EventEmitter } from 'node:events';
import { askPassphrase, type Terminal } from './ask-passphrase';

class FakeTerminal extends EventEmitter {
  readonly modes: boolean[] = [];
  readonly calls: string[] = [];
  constructor(readonly isTTY = true) {
    super();
  }
  setRawMode(mode: boolean) {
    this.modes.push(mode);
    return this;
  }
  resume() {
    this.calls.push('resume');
    return this;
  }
  pause() {
    this.calls.push('pause');
    return this;
  }
}

async function typed(...chunks: string[]): Promise<{ answer: unknown; said: string; terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  let said = '';
  const asking = askPassphrase('Passphrase: ', terminal as unknown as Terminal, (text) => (said += text));
  for (const chunk of chunks) terminal.emit('data', Buffer.from(chunk));
  const answer = await asking.catch((error: unknown) => error);
  return { answer, said, terminal };
}

describe('a passphrase that a person types', () => {
  it.each([
    [['mật khẩu\r'], 'mật khẩu'],
    [['mật', ' khẩu', '\n'], 'mật khẩu'],
    [['abcd\u007f\u007fé\r'], 'abé'],
    [['\u007fa\r'], 'a'],
    [['\u0004'], ''],
    [['first\rsecond\r'], 'first'],
  ])('is read until Enter: %j', async (chunks, expected) => {
    expect((await typed(...chunks)).answer).toBe(expected);
  });

  it('is not shown, and the terminal is left as it was', async () => {
    const { said, terminal } = await typed('secret\r');
    expect(said).toBe('Passphrase: \n');
    expect(terminal.modes).toEqual([true, false]);
    expect(terminal.calls).toEqual(['resume', 'pause']);
    expect(terminal.listenerCount('data')).toBe(0);
  });

  it('can be given up', async () => {
    const { answer, terminal } = await typed('sec\u0003');
    expect(answer).toMatchObject({ code: 'config_invalid' });
    expect(terminal.modes).toEqual([true, false]);
  });

  it('is given up when the terminal goes away', async () => {
    const terminal = new FakeTerminal();
    const asking = askPassphrase('?', terminal as unknown as Terminal, () => undefined);
    terminal.emit('end');
    await expect(asking).rejects.toMatchObject({ code: 'config_invalid' });
    expect(terminal.listenerCount('data') + terminal.listenerCount('end')).toBe(0);
  });

  it('is not asked for where nobody is', async () => {
    const nobody = askPassphrase('?', new FakeTerminal(false) as unknown as Terminal, () => undefined);
    await expect(nobody).rejects.toMatchObject({
      code: 'config_invalid',
      detail: expect.stringContaining('--key-file') as string,
    });
  });
});
