import type { ReadStream } from 'node:tty';
import { TraoError } from '../../../libs/errors';

/** The terminal, as much of it as is needed. */
export type Terminal = Pick<ReadStream, 'isTTY' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;

const ENTER = ['\r', '\n', '\u0004'];
const ABORT = '\u0003';
const ERASE = ['\u007f', '\b'];

/**
 * Asks a person for a passphrase. It is not shown, and it is in no argument and no variable, where others on the machine could read it.
 * @throws TraoError `config_invalid` where there is no terminal
 */
export async function askPassphrase(
  question: string,
  input: Terminal = process.stdin,
  say: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<string> {
  if (!input.isTTY)
    throw new TraoError('config_invalid', {
      detail: 'Say what opens the keys: --key-file FILE or --passphrase-file FILE.',
    });
  say(question);
  input.setRawMode(true);
  input.resume();
  try {
    return await typed(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    say('\n');
  }
}

/** What is typed until Enter. */
function typed(input: Terminal): Promise<string> {
  return new Promise((resolve, reject) => {
    let characters: string[] = [];
    const hear = (chunk: Buffer | string) => {
      for (const character of Array.from(chunk.toString())) {
        if (ENTER.includes(character)) return finish(() => resolve(characters.join('')));
        if (character === ABORT) return giveUp();
        if (ERASE.includes(character)) characters = characters.slice(0, -1);
        else characters.push(character);
      }
    };
    const giveUp = () => finish(() => reject(new TraoError('config_invalid', { detail: 'Given up.' })));
    const finish = (end: () => void) => {
      input.off('data', hear);
      input.off('end', giveUp);
      end();
    };
    input.on('data', hear);
    // The terminal was closed.
    input.on('end', giveUp);
  });
}
