import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DirectoryKeeper } from '../../libs/platform';
import { alarmStore, directoryStore, type ProcessRole } from '../../libs/storage';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { signedWorld, type SignedWorld } from './directory-fixture';
import { caughtLog, type CaughtLog } from './log-fixture';

/** A node with its database and a directory file that somebody replaces. */
export interface KeeperPlace {
  readonly node: NodeDatabase;
  readonly world: SignedWorld;
  readonly log: CaughtLog;
  start(
    role?: ProcessRole,
    more?: { readonly node?: string; readonly trustAnchor?: string; readonly now?: () => Date },
  ): Promise<DirectoryKeeper>;
  /** Replaces the file. */
  put(signed: Uint8Array): void;
  /** Kinds and codes. */
  alarms(): Promise<string[]>;
  /** The keys under which alarms were raised once, and what they say. */
  onceKeys(): Promise<string[]>;
  details(): Promise<string[]>;
  /** The versions that the database keeps. */
  kept(): Promise<number[]>;
  /** Stops all keepers and forgets all directories. */
  reset(): Promise<void>;
  remove(): Promise<void>;
}

type FakeTimersConfig = Extract<NonNullable<Parameters<typeof jest.useFakeTimers>[0]>, { doNotFake?: unknown }>;
const NOT_FAKED: NonNullable<FakeTimersConfig['doNotFake']> = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
];

/** Makes the timer that looks at the file ours to move; everything else runs in real time. */
export const holdTimer = () => jest.useFakeTimers({ doNotFake: NOT_FAKED });
/** Lets keepers look at the file once more. */
export const look = () => jest.advanceTimersByTime(5_000);
export const versionOf = (keeper: DirectoryKeeper) => keeper.partners().directory.version;

export async function startKeeperPlace(name: string): Promise<KeeperPlace> {
  const folder = makeTempFolder(name);
  const file = path.join(folder, 'directory.json');
  const [node, world] = await Promise.all([startNodeDatabase(name), signedWorld()]);
  const log = caughtLog();
  const started: DirectoryKeeper[] = [];
  let stamp = Date.now() / 1000;
  return {
    node,
    world,
    log,
    async start(role = 'gateway', more = {}) {
      const keeper = await DirectoryKeeper.start({
        node: 'vn',
        directoryFile: file,
        trustAnchor: world.anchor,
        store: directoryStore(node[role]),
        raiseAlarm: alarmStore(node[role]),
        logger: log.logger,
        ...more,
      });
      started.push(keeper);
      return keeper;
    },
    put(signed) {
      writeFileSync(file, signed);
      // Every file has another time, however quickly they follow each other.
      stamp += 1;
      utimesSync(file, stamp, stamp);
    },
    async alarms() {
      const rows = await node.owner.query<{ alarm: string }>(
        `SELECT concat_ws(' ', kind, code) AS alarm FROM alarm ORDER BY id`,
      );
      return rows.map(({ alarm }) => alarm);
    },
    async onceKeys() {
      return (await node.owner.query<{ once: string }>('SELECT once FROM alarm ORDER BY id')).map(({ once }) => once);
    },
    async details() {
      const rows = await node.owner.query<{ detail: string }>('SELECT detail FROM alarm ORDER BY id');
      return rows.map(({ detail }) => detail);
    },
    async kept() {
      const rows = await node.owner.query<{ version: string }>(
        'SELECT version FROM directory_document ORDER BY version',
      );
      return rows.map(({ version }) => Number(version));
    },
    async reset() {
      for (const keeper of started.splice(0)) await keeper.stop();
      await node.owner.query('TRUNCATE directory_document, alarm');
    },
    async remove() {
      await node.remove();
      removeTempFolder(folder);
    },
  };
}
