import { Pool } from 'pg';
import { connectionOf } from '../../libs/storage';
import type { NodeId } from './parties';

/** What a process of the bare pipeline is told on its command line, as JSON. */
export interface BareSettings {
  readonly node: NodeId;
  readonly keys: string;
  readonly databaseUrl: string;
  readonly port: number;
  readonly partnerPort: number;
  readonly sizeBytes: number;
}

export const readBareSettings = () => JSON.parse(process.argv[2] ?? '{}') as BareSettings;

/** Answers on the channel to the benchmark. */
export const tell = (message: object) => process.send?.(message);

const POOL_SIZE = 8;

export async function openPool(databaseUrl: string, tables: string): Promise<Pool> {
  const { username, ...rest } = connectionOf(databaseUrl);
  const pool = new Pool({ ...rest, user: username, max: POOL_SIZE });
  await pool.query(tables);
  return pool;
}
