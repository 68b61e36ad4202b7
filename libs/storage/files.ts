import type { CaseFileStore, FileStore } from '../casework';
import type { Query } from './database';
import { draftStore } from './drafts';
import { readFiles } from './file-rows';
import { readStore } from './reading';

/** Files of drafts, for the officers of one unit. Runs inside one transaction. */
export function fileStore(query: Query): FileStore {
  return {
    ...draftStore(query),

    async lockFile(unit, id) {
      return (await readFiles(query, 'unit = $1 AND id = $2 FOR UPDATE', [unit, id]))[0];
    },

    filesOfDraft: (unit, draftId) =>
      readFiles(query, 'unit = $1 AND draft_id = $2 ORDER BY created_at, id', [unit, draftId]),

    async saveFile({ unit, id, use, state, delivery, draftId, wrappedKey, facts, tail, ...rest }) {
      await query(
        `INSERT INTO attachment (unit, id, use, state, delivery, draft_id, wrapped_key, facts, tail, offset_bytes, sealed_bytes, sealed_digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (unit, id) DO UPDATE SET state = excluded.state, facts = excluded.facts, tail = excluded.tail,
           offset_bytes = excluded.offset_bytes, sealed_bytes = excluded.sealed_bytes, sealed_digest = excluded.sealed_digest,
           changed_at = now()`,
        [
          unit,
          id,
          use,
          state,
          delivery,
          draftId ?? null,
          wrappedKey,
          facts,
          tail ?? null,
          rest.offset,
          rest.sealedBytes,
          rest.sealedDigest ?? null,
        ],
      );
    },

    async dropFile(unit, id) {
      await query('DELETE FROM attachment WHERE unit = $1 AND id = $2', [unit, id]);
    },

    async addPiece(unit, id, start, sealed) {
      await query('INSERT INTO attachment_piece (unit, id, start, sealed) VALUES ($1, $2, $3, $4)', [
        unit,
        id,
        start,
        sealed,
      ]);
    },

    piece: (unit, id, start) => pieceAt(query, unit, id, start),
  };
}

/** Files of cases, for the officers of one unit. Runs inside one transaction. */
export function caseFileStore(query: Query): CaseFileStore {
  return {
    case: (unit, referralId) => readStore(query).case(unit, referralId),
    filesOfCase: (unit, referralId) =>
      readFiles(query, 'unit = $1 AND referral_id = $2 ORDER BY created_at, id', [unit, referralId]),
    async file(unit, id) {
      return (await readFiles(query, 'unit = $1 AND id = $2', [unit, id]))[0];
    },
    piece: (unit, id, start) => pieceAt(query, unit, id, start),
  };
}

/** The sealed piece of a file that begins at `start`; undefined behind the last one. */
export async function pieceAt(query: Query, unit: string, id: string, start: number): Promise<Uint8Array | undefined> {
  const [row] = await query<{ sealed: Uint8Array }>(
    'SELECT sealed FROM attachment_piece WHERE unit = $1 AND id = $2 AND start = $3',
    [unit, id, start],
  );
  return row?.sealed;
}
