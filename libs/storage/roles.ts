import { TraoError } from '../errors';
import type { Query } from './database';

/** One database role per process, each with the least that its job needs (architecture: one per security context). */
export const PROCESS_ROLES = ['gateway', 'worker', 'office'] as const;
export type ProcessRole = (typeof PROCESS_ROLES)[number];

const GRANTS: Record<ProcessRole, string> = {
  // Stores sealed bytes and evidence; sees no case table.
  gateway: `
    GRANT SELECT, INSERT ON inbox, inbox_conflict, receipt, directory_document TO %I;
    GRANT SELECT (id, recipient_node, digest, state), UPDATE (state, code, changed_at) ON outbox TO %I;
    GRANT INSERT ON delivery_event, alarm TO %I;`,
  worker: `
    GRANT SELECT, UPDATE ON outbox, inbox TO %I;
    GRANT SELECT, INSERT, UPDATE ON receipt, circuit, unit_case TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON work_batch TO %I;
    GRANT SELECT, INSERT ON case_event, directory_document TO %I;
    GRANT INSERT ON attempt, delivery_event, alarm TO %I;
    DROP POLICY IF EXISTS worker_cases ON unit_case;
    DROP POLICY IF EXISTS worker_events ON case_event;
    CREATE POLICY worker_cases ON unit_case TO %I USING (true);
    CREATE POLICY worker_events ON case_event TO %I USING (true);`,
  // Officers' process: cases of the unit that the transaction names, deliveries without content.
  office: `
    GRANT SELECT, INSERT ON outbox, idempotency, delivery_event, directory_document TO %I;
    GRANT SELECT ON attempt, receipt, alarm TO %I;
    GRANT INSERT ON alarm TO %I;
    GRANT SELECT, INSERT, UPDATE ON unit_case TO %I;
    GRANT SELECT, INSERT ON case_event TO %I;
    DROP POLICY IF EXISTS office_cases ON unit_case;
    DROP POLICY IF EXISTS office_events ON case_event;
    CREATE POLICY office_cases ON unit_case TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_events ON case_event TO %I USING (unit = current_setting('trao.unit', true));`,
};

export interface RoleLogin {
  readonly process: ProcessRole;
  readonly role: string;
  readonly password: string;
}

/** Creates the login roles of a node and gives each its grants. Run by the owner; running it again sets everything anew. */
export async function createRoles(query: Query, database: string, logins: readonly RoleLogin[]): Promise<void> {
  const base = identifier(database);
  await query(`REVOKE ALL ON DATABASE ${base} FROM PUBLIC`);
  for (const { process, role, password } of logins) {
    const name = identifier(role);
    const known = await query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    await query(`${known.length > 0 ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN PASSWORD ${literal(password)}`);
    await query(`GRANT CONNECT ON DATABASE ${base} TO ${name}; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`);
    await query(GRANTS[process].replaceAll('%I', name));
  }
}

/** Lets the worker use the queue's own schema, once its migrations have run. BullMQ makes a sequence per queue and temporary tables. */
export async function grantQueue(query: Query, database: string, schema: string, role: string): Promise<void> {
  const [to, from] = [identifier(role), identifier(schema)];
  await query(`
    GRANT TEMPORARY ON DATABASE ${identifier(database)} TO ${to};
    GRANT USAGE, CREATE ON SCHEMA ${from} TO ${to};
    GRANT ALL ON ALL TABLES IN SCHEMA ${from} TO ${to};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA ${from} TO ${to};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${from} TO ${to};`);
}

/** Statements that define roles take no parameters, so names and secrets are checked and quoted here. */
function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new TraoError('config_invalid', { detail: `database name ${name}` });
  return `"${name}"`;
}

function literal(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new TraoError('config_invalid', { detail: 'database password' });
  return `'${text}'`;
}
