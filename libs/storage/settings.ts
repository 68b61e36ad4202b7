import type { OfficerSettings, SettingsStore } from '../notices';
import type { Query } from './database';

/** What an officer has chosen, as columns. */
export interface SettingsRow {
  readonly email: string | null;
  readonly language: OfficerSettings['language'];
  readonly timeZone: string;
  readonly off: OfficerSettings['off'];
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
}

/** Columns of `officer_setting` under the name `s`. */
export const SETTINGS = `s.email, s.language, s.time_zone AS "timeZone", s.muted AS off, s.quiet_from AS "quietFrom", s.quiet_to AS "quietTo"`;

export function toSettings({ email, language, timeZone, off, quietFrom, quietTo }: SettingsRow): OfficerSettings {
  const quiet = quietFrom === null || quietTo === null ? undefined : { from: quietFrom, to: quietTo };
  return { email: email ?? undefined, language, timeZone, off, quiet };
}

/** What officers of a unit have chosen. Runs inside one transaction of the unit. */
export function settingsStore(query: Query): SettingsStore {
  return {
    async settings(unit, officer) {
      const [row] = await query<SettingsRow>(
        `SELECT ${SETTINGS} FROM officer_setting s WHERE unit = $1 AND officer = $2`,
        [unit, officer],
      );
      return row && toSettings(row);
    },

    async saveSettings(unit, officer, { email, language, timeZone, off, quiet }) {
      await query(
        `INSERT INTO officer_setting (unit, officer, email, language, time_zone, muted, quiet_from, quiet_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (unit, officer) DO UPDATE SET email = excluded.email, language = excluded.language,
           time_zone = excluded.time_zone, muted = excluded.muted, quiet_from = excluded.quiet_from,
           quiet_to = excluded.quiet_to, changed_at = now()`,
        [unit, officer, email ?? null, language, timeZone, off, quiet?.from ?? null, quiet?.to ?? null],
      );
    },
  };
}
