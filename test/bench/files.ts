import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_LIMITS, type Scan } from '../../libs/attachments';
import {
  announcedFiles,
  openStoredFile,
  readFile,
  receiveFile,
  saveDraft,
  type CaseFileStore,
  type StoredFile,
} from '../../libs/casework';
import { generateKeyPair, importSigningKey, importVerificationKey } from '../../libs/envelope';
import { acceptPiece, incomingFile, judgeFiles, pushFiles } from '../../libs/exchange';
import { startPostgres } from '../../libs/launcher';
import {
  acceptPieceStore,
  caseFileStore,
  Database,
  draftStore,
  fileStore,
  forUnit,
  ingestStore,
  judgeFileStore,
  pushStore,
  type Query,
} from '../../libs/storage';
import { peakMbOf, resetPeak } from './proc';
import { rounded } from './percentiles';
import { say } from './say';

/**
 * What a file costs at each step, in one process over a real PostgreSQL: `node dist/test/bench/files.js [MB ...]`, default 10 and 100. The
 * use cases are those of the processes, with the limit on the length raised for the larger file; between the nodes there is no
 * network, and the scanner hears the file and does nothing.
 */
const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';
const AUTHOR = { id: 'author', unit: SENDER, roles: ['case_officer'] } as const;
const MB = 1_000_000;
const BLOCK = noise(64 * 1024);

interface Step {
  readonly mbPerS: number;
  /** The most memory that the process held, in MiB. */
  readonly peakMb: number | undefined;
}

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'trao-bench-files-'));
  const server = await startPostgres({ dataDir: join(folder, 'cluster'), fsync: true });
  try {
    const { socketDir, port, superuser } = server;
    const at = `?host=${encodeURIComponent(socketDir)}&port=${port}`;
    const url = `postgres://postgres:${encodeURIComponent(superuser.password)}@localhost/postgres${at}`;
    const database = await Database.open({ url, poolSize: 5, applicationName: 'trao-bench' });
    await database.migrate();
    const world = await worldOver(database);
    await measure(MB, world); // the compiler settles, the pool opens
    const figures: Record<string, Record<string, Step>> = {};
    for (const size of sizes.length > 0 ? sizes : [10, 100]) figures[`${size} MB`] = await measure(size * MB, world);
    process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
    await database.close();
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type World = Awaited<ReturnType<typeof worldOver>>;

/** Both nodes over one database: rows of theirs differ by unit. */
async function worldOver(database: Database) {
  const storage = randomBytes(32);
  const { privateJwk, publicJwk } = await generateKeyPair('ES256');
  const [signing, verifying] = [await importSigningKey('k', privateJwk), await importVerificationKey('k', publicJwk)];
  const partners = { partnersOf: () => [{ id: 'gb' }], receiptKey: () => Promise.resolve(verifying) };
  const scan: Scan = async (content) => {
    for await (const _bytes of content);
    return 'clean';
  };
  const shared = {
    keys: { storageKey: () => Promise.resolve(storage), receiptKey: () => Promise.resolve(signing) },
    clock: { now: () => new Date() },
    random: Math.random,
    newId: randomUUIDv7,
    limits: { ...FILE_LIMITS, maxFileBytes: 1_000 * MB },
    scan,
    hasScanner: true,
    raiseAlarm: (kind: string) => Promise.reject(new Error(`alarm: ${kind}`)),
  };
  const self = (node: string) => ({ node, partners: () => partners as never });
  return { database, shared, storage, vn: self('vn'), gb: self('gb') };
}

async function measure(bytes: number, world: World): Promise<Record<string, Step>> {
  say(`files of ${bytes / MB} MB`);
  const { database, shared, vn, gb } = world;
  const drafts = { ...shared, self: vn, transaction: forUnit(database, draftStore) };
  const { id: draftId } = await saveDraft(AUTHOR, { document: { header: { authorRole: 'case_officer' } } }, drafts);
  const files = { ...shared, transaction: forUnit(database, fileStore) };
  const claim = { name: 'a.pdf', type: 'other', mime: 'application/pdf' } as const;
  const steps: Record<string, Step> = {};
  let id = '';
  steps['upload'] = await step(bytes, async () => {
    ({ id } = await receiveFile(AUTHOR, draftId, claim, fileOf(bytes), files));
  });
  await announce(id, world);
  const accepting = { ...shared, self: gb, store: acceptPieceStore(database) };
  const link = {
    held: (_partner: string, file: string) => incomingFile('vn', file, accepting).catch(() => undefined),
    put: (_partner: string, piece: Omit<Parameters<typeof acceptPiece>[0], 'senderNode'>) =>
      acceptPiece({ ...piece, senderNode: 'vn' }, accepting),
  };
  steps['transfer'] = await step(bytes, async () => {
    while ((await pushFiles({ ...shared, self: vn, store: pushStore(database), link })) > 0);
  });
  steps['verify'] = await step(bytes, async () => {
    while ((await judgeFiles({ ...shared, store: judgeFileStore(database) })) > 0);
  });
  steps['download'] = await step(bytes, async () => {
    const store = (query: Query) => withoutCase(caseFileStore(query));
    const { content } = await readFile({ ...AUTHOR, unit: RECIPIENT }, id, {
      ...shared,
      read: forUnit(database, store),
    });
    let read = 0;
    for await (const part of content) read += part.length;
    if (read !== bytes) throw new Error('The file did not come back whole.');
  });
  return steps;
}

/** What sending the message would write: a message of this size of file is refused by its schema. */
async function announce(id: string, { database, storage }: World): Promise<void> {
  const [messageId, referralId] = [randomUUIDv7(), randomUUIDv7()];
  await database.query(
    `UPDATE attachment SET draft_id = NULL, referral_id = $2, message_id = $3, recipient_node = 'gb', delivery = 'waiting' WHERE id = $1`,
    [id, referralId, messageId],
  );
  await database.query(
    `INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at, state)
     VALUES ($1, 'gb', 'k', 'normal', '', '', now(), now(), 'received')`,
    [messageId],
  );
  const row = await forUnit(database, fileStore)(SENDER, (store) => store.lockFile(SENDER, id));
  const { key, facts } = openStoredFile(row as StoredFile, storage);
  const { bytes = 0, chunkBytes, sha256 = '', type, mime } = facts;
  const transfer = { fileId: id, key: Buffer.from(key).toString('base64url'), bytes, chunkBytes };
  const header = { recipientUnit: RECIPIENT, referralId, messageId };
  const message = { header, attachments: [{ type, mime, sha256, transfer }] } as never;
  const nothing = {
    cases: [],
    events: [],
    search: [],
    receipts: [],
    filed: [],
    refused: [],
    held: [],
    threads: [],
    alarms: [],
  };
  const announced = announcedFiles(message, 'vn', storage);
  await database.transaction((query) => ingestStore(query).file(randomUUIDv7(), { ...nothing, files: announced }));
}

/** Files that belong to no case: what a case costs is measured elsewhere. */
const withoutCase = (store: CaseFileStore): CaseFileStore => ({
  ...store,
  file: async (unit, id) => {
    const file = await store.file(unit, id);
    return file && { ...file, referralId: undefined };
  },
});

async function step(bytes: number, work: () => Promise<void>): Promise<Step> {
  resetPeak(process.pid);
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const peak = peakMbOf(process.pid);
  return { mbPerS: rounded(bytes / MB / seconds, 1), peakMb: peak === undefined ? undefined : rounded(peak, 0) };
}

async function* fileOf(bytes: number): AsyncIterable<Uint8Array> {
  yield Buffer.from('%PDF-1.7\n');
  for (let left = bytes - 9; left > 0; left -= BLOCK.length)
    yield await Promise.resolve(BLOCK.subarray(0, Math.min(left, BLOCK.length)));
}

/** Random bytes without a `/`: nothing in them looks like a name in a PDF. */
function noise(length: number): Buffer {
  return Buffer.from(randomBytes(length).map((byte) => (byte === 0x2f ? 0 : byte)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`);
  process.exitCode = 1;
});
