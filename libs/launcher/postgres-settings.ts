import type { ClusterPlace } from './cluster-place';
import { launcherMark } from './postmaster';

/** Part of the socket's file name. */
export const POSTGRES_PORT = 5432;

const SETTINGS: Readonly<Record<string, string>> = {
  // Tells clients what they speak to: a node of production refuses it (isEmbeddedServer in libs/storage).
  'trao.embedded': 'on',
  listen_addresses: '',
  port: String(POSTGRES_PORT),
  // Sized for a machine of two cores that runs two nodes.
  max_connections: '200',
  shared_buffers: '128MB',
  wal_compression: 'on',
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '2',
  // The tables of a new node grow a thousandfold in their first minute: what the planner knows of them must keep up.
  autovacuum_naptime: '5s',
  io_workers: '2',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // No value of a row or a parameter may get into the log: an error's own text quotes values ("invalid input syntax …"),
  // so errors of statements are not logged at all (`log` ranks above `error`); the client gets and logs them.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
};

/**
 * The command line of the server. All settings are given there: they are those of this version of Trao, not those of the
 * version that made the cluster.
 */
export function serverArguments(
  { cluster, socketDir }: Pick<ClusterPlace, 'cluster' | 'socketDir'>,
  { fsync = true, settings = {} }: { fsync?: boolean; settings?: Readonly<Record<string, string>> },
): string[] {
  const all = { ...SETTINGS, unix_socket_directories: socketDir, fsync: fsync ? 'on' : 'off', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', cluster, '-c', launcherMark(process.pid), ...flags];
}
