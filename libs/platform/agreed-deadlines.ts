import { deadlinesFor, readOverrides, type Deadlines, type Overrides } from '../deadlines';
import { asTraoError, TraoError } from '../errors';
import { parseStrictJson } from '../schema';

/**
 * The deadlines that hold with each partner: those of the table, changed as the file of agreed terms says.
 * @param text JSON text of that file; undefined where nothing was agreed
 * @throws TraoError `config_invalid` naming every place and rule
 */
export function agreedDeadlines(text: string | undefined): (partner: string) => Deadlines {
  const overrides = text === undefined ? {} : read(text);
  const known = new Map<string, Deadlines>();
  return (partner) => {
    const deadlines = known.get(partner) ?? deadlinesFor(partner, overrides);
    known.set(partner, deadlines);
    return deadlines;
  };
}

function read(text: string): Overrides {
  try {
    return readOverrides(parseStrictJson(Buffer.from(text)));
  } catch (error) {
    const { faults, message } = asTraoError(error);
    const places = faults.map(({ pointer, rule }) => `${pointer || '(whole file)'} ${rule}`).join('; ');
    throw new TraoError('config_invalid', { detail: `DEADLINES_FILE: ${places || message}`, faults, cause: error });
  }
}
