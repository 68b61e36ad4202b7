import type { RaisedAlarm } from './alert-facts';

/**
 * Alarms in which no word of a made-up case stands. Such words are planted in a case so that somebody notices where content gets out:
 * an alarm that has one becomes an alarm about that, and its own words go no further.
 */
export function withoutCanaries(alarms: readonly RaisedAlarm[], words: readonly string[]): RaisedAlarm[] {
  return alarms.flatMap((alarm) => {
    const text = [alarm.subject, alarm.code, alarm.detail].join('\n');
    if (!holdsCanary(text, words)) return [alarm];
    const clean: RaisedAlarm = { ...alarm, subject: 'unreadable', code: undefined, detail: undefined };
    return [clean, { ...clean, kind: 'canary_found', subject: 'alarm', times: 1 }];
  });
}

/** Whether a text holds one of the words, however it is written. */
export function holdsCanary(text: string, words: readonly string[]): boolean {
  const folded = fold(text);
  return words.some((word) => folded.includes(fold(word)));
}

const fold = (text: string) => text.normalize('NFC').toLowerCase();
