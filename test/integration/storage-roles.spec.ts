import { createRoles, grantQueue, PROCESS_ROLES, type ProcessRole } from '../../libs/storage';
import { createDatabase, roleName, startNodeDatabase, type NodeDatabase } from './database-fixture';

/**
 * What each process may do with each table: S select, I insert, U update, D delete; `S(…)` and `U(…)` these columns only.
 * Nobody may TRUNCATE, REFERENCE, TRIGGER or MAINTAIN anything. A new table or right has to be written here too.
 */
const RIGHTS: Readonly<Record<string, Readonly<Record<ProcessRole, string>>>> = {
  outbox: {
    gateway: 'S(digest,id,next_look_at,recipient_node,state) U(changed_at,code,next_look_at,state)',
    worker: 'S U',
    office: 'S I U(forget,sealed)',
    monitor:
      'S(attempts,changed_at,code,created_at,digest,expires_at,id,lane,next_attempt_at,recipient_node,size_bytes,state,strikes)',
  },
  attempt: { gateway: '', worker: 'I', office: 'S', monitor: 'S' },
  idempotency: { gateway: '', worker: 'S(at,client_id,key) D', office: 'S I', monitor: '' },
  circuit: { gateway: '', worker: 'S I U', office: '', monitor: 'S' },
  inbox: {
    gateway: 'S I',
    worker: 'S U D',
    office: 'S(id,opened_at,sender_node,state,thread) U(opened_at,sealed)',
    monitor:
      'S(attempts,changed_at,digest,expires_at,id,lane,next_attempt_at,received_at,sender_node,size_bytes,state)',
  },
  inbox_conflict: {
    gateway: 'S I',
    worker: 'S(digest,id,received_at,sender_node) I U(sealed)',
    office: 'S(id,sender_node) U(sealed)',
    monitor: 'S(digest,id,received_at,sender_node)',
  },
  work_batch: { gateway: '', worker: 'S I U D', office: '', monitor: 'S(id,kind,lane,partner,until)' },
  receipt: {
    gateway: 'S I',
    worker: 'S I U',
    office: 'S',
    monitor:
      'S(attempts,code,digest,event,id,issued_at,issuer,lane,message_id,next_attempt_at,sender_node,state,stored_at,token)',
  },
  delivery_event: { gateway: 'I', worker: 'I', office: 'S I', monitor: 'S' },
  alarm: { gateway: 'I', worker: 'S(at,folded,id) I D', office: 'S I', monitor: 'S U(folded)' },
  unit_case: {
    gateway: '',
    worker: 'S I U(changed_at,next_mark_at,summary)',
    office: 'S I U(changed_at,next_mark_at,summary,wrapped_key)',
    monitor: '',
  },
  case_event: { gateway: '', worker: 'S I U(original)', office: 'S I D', monitor: '' },
  search_token: { gateway: '', worker: 'I', office: 'S I D', monitor: '' },
  draft: {
    gateway: '',
    worker: 'S(expires_at) D',
    office: 'S I U(body,changed_at,expires_at,wrapped_key) D',
    monitor: '',
  },
  attachment: {
    gateway: '',
    worker: 'S I U(attempts,changed_at,delivery,next_attempt_at,sealed_bytes,state)',
    office:
      'S I U(changed_at,delivery,draft_id,facts,message_id,next_attempt_at,offset_bytes,recipient_node,referral_id,sealed_bytes,sealed_digest,state,tail) D',
    monitor:
      'S(attempts,changed_at,created_at,delivery,id,next_attempt_at,recipient_node,sealed_bytes,sender_node,state)',
  },
  attachment_piece: { gateway: '', worker: 'S I D', office: 'S I', monitor: '' },
  incoming_file: {
    gateway: 'S I U(changed_at,digest,held,receipt,state)',
    worker: 'S U(changed_at,state) D',
    office: '',
    monitor: 'S(changed_at,held,id,received_at,sender_node,state,total)',
  },
  incoming_piece: { gateway: 'S I', worker: 'S D', office: '', monitor: '' },
  directory_document: { gateway: 'S I', worker: 'S I', office: 'S I', monitor: 'S' },
  partner_watch: { gateway: '', worker: 'S I U', office: 'S', monitor: 'S' },
  superseded: { gateway: 'S', worker: 'S I', office: '', monitor: 'S(at,digest,message_id)' },
  office_session: { gateway: '', worker: 'S(expire) D', office: 'S I U D', monitor: '' },
  access_log: { gateway: '', worker: '', office: 'S I', monitor: '' },
  officer_setting: { gateway: '', worker: '', office: 'S I U', monitor: '' },
  notice: { gateway: '', worker: '', office: 'S I U', monitor: '' },
  notice_look: { gateway: '', worker: '', office: 'S I U', monitor: '' },
  notice_seen: { gateway: '', worker: '', office: 'S I D', monitor: '' },
  trao_migration: { gateway: '', worker: '', office: '', monitor: 'S' },
  process_beat: { gateway: 'S I U D', worker: 'S I U D', office: 'S I U D', monitor: 'S I U D' },
  partner_link: { gateway: 'S I U', worker: 'S I U', office: '', monitor: 'S' },
  depth_sample: { gateway: '', worker: 'S(at,lane) D', office: '', monitor: 'S I U D' },
  partner_hold: { gateway: '', worker: 'S', office: 'S(partner)', monitor: 'S I D' },
  queue_hold: { gateway: '', worker: 'S', office: '', monitor: 'S I D' },
  partner_test: { gateway: '', worker: 'S U(finished_at,ok,started_at,steps) D', office: '', monitor: 'S I' },
  partner_ping: {
    gateway: '',
    worker: 'S(id,requested_at) D',
    office: 'S U(code,ended_at,message_id,outcome,sent_at)',
    monitor: 'S I U(code,ended_at,outcome)',
  },
  alert: { gateway: '', worker: 'S(id,resolved_at,state) D', office: '', monitor: 'S I U' },
  alert_tell: { gateway: '', worker: '', office: '', monitor: 'S I U' },
  monitor_session: { gateway: '', worker: 'S(expire) D', office: '', monitor: 'S I U D' },
  saved_view: { gateway: '', worker: '', office: '', monitor: 'S I U D' },
  setting: { gateway: '', worker: '', office: '', monitor: 'S I U' },
  setting_change: { gateway: '', worker: '', office: '', monitor: 'S I U' },
  operator_log: { gateway: '', worker: '', office: '', monitor: 'S' },
  recovery: { gateway: '', worker: '', office: '', monitor: 'S I U' },
  backup_run: { gateway: '', worker: '', office: '', monitor: 'S' },
  manifest_day: { gateway: 'S', worker: 'S I U', office: '', monitor: '' },
  manifest: { gateway: 'S I U(at,token)', worker: 'S I U D', office: '', monitor: '' },
  manifest_finding: { gateway: '', worker: 'S I U D', office: '', monitor: 'S' },
  manifest_round: { gateway: 'S I U(since,until)', worker: 'S I U D', office: '', monitor: 'S I' },
  recovery_item: { gateway: '', worker: '', office: '', monitor: 'S' },
};

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('roles');
});
afterAll(() => node?.remove());

const LETTERS = {
  SELECT: 'S',
  INSERT: 'I',
  UPDATE: 'U',
  DELETE: 'D',
  TRUNCATE: 'T',
  REFERENCES: 'R',
  TRIGGER: 'G',
  MAINTAIN: 'M',
};
/** PostgreSQL 17 brought it. */
const BEFORE_MAINTAIN = 170_000;
/** Rights that may also be given for single columns. */
const BY_COLUMN = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];

/** The rights of a role as the server judges them, in the words of the table above. */
async function rightsOf(role: string): Promise<Record<string, string>> {
  const [server] = await node.owner.query<{ before: boolean }>(
    `SELECT current_setting('server_version_num')::int < $1 AS before`,
    [BEFORE_MAINTAIN],
  );
  const names = Object.keys(LETTERS).filter((name) => name !== 'MAINTAIN' || !server!.before);
  const whole = await node.owner.query<{ table: string; right: keyof typeof LETTERS; held: boolean }>(
    `SELECT relname AS "table", p.name AS "right", has_table_privilege($1, c.oid, p.name) AS held
     FROM pg_class c, unnest($2::text[]) WITH ORDINALITY AS p (name, rank)
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition ORDER BY relname, rank`,
    [role, names],
  );
  const columns = await node.owner.query<{ table: string; right: string; columns: string }>(
    `SELECT relname AS "table", p.name AS "right", string_agg(attname, ',' ORDER BY attname) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped, unnest($2::text[]) AS p (name)
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND has_column_privilege($1, c.oid, attnum, p.name)
     GROUP BY relname, p.name`,
    [role, BY_COLUMN],
  );
  const rights: Record<string, string[]> = {};
  for (const { table, right, held } of whole) {
    const some = columns.find((row) => row.table === table && row.right === right)?.columns;
    const word = held ? LETTERS[right] : some && `${LETTERS[right]}(${some})`;
    (rights[table] ??= []).push(...(word ? [word] : []));
  }
  return Object.fromEntries(Object.entries(rights).map(([table, words]) => [table, words.join(' ')]));
}

const expectedOf = (role: ProcessRole) =>
  Object.fromEntries(Object.entries(RIGHTS).map(([table, by]) => [table, by[role]]));

describe.each(PROCESS_ROLES)('the role of the %s', (role) => {
  it('has these rights on tables and columns, and no others', async () => {
    expect(await rightsOf(roleName(node.name, role))).toEqual(expectedOf(role));
  });

  it('reaches partitions through their table only', async () => {
    const [parts] = await node.owner.query(
      `SELECT count(*) > 0 AS "some", count(*) FILTER (WHERE has_any_column_privilege($1, oid, 'SELECT, INSERT, UPDATE')
         OR has_table_privilege($1, oid, 'DELETE, TRUNCATE, TRIGGER'))::int AS open
       FROM pg_class WHERE relispartition AND relkind = 'r'`,
      [roleName(node.name, role)],
    );
    expect(parts).toEqual({ some: true, open: 0 });
  });

  it('is nobody special, belongs to no group and owns nothing', async () => {
    const name = roleName(node.name, role);
    const [special] = await node.owner.query(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special,
         (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS groups,
         (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname = $1`,
      [name],
    );
    expect(special).toEqual({ special: false, groups: 0, owned: 0 });
    const [place] = await node.owner.query(
      `SELECT has_schema_privilege($1, 'public', 'CREATE') AS "create", has_database_privilege($1, $2, 'CREATE') AS schemas,
         has_database_privilege($1, $2, 'TEMPORARY') AS temporary,
         (SELECT count(*)::int FROM pg_class WHERE
            CASE relkind WHEN 'S' THEN has_sequence_privilege($1, oid, 'USAGE, SELECT, UPDATE') END) AS sequences`,
      [name, node.name],
    );
    expect(place).toEqual({ create: false, schemas: false, temporary: false, sequences: 0 });
  });

  it('cannot enter the database of another node', async () => {
    const other = `other_${role}`;
    const database = await createDatabase(node.server, other);
    await database.migrate();
    await createRoles(database.query, other, []);
    const [row] = await database.query(`SELECT has_database_privilege($1, $2, 'CONNECT') AS enters`, [
      roleName(node.name, role),
      other,
    ]);
    expect(row).toEqual({ enters: false });
    await database.close();
  });
});

it('sets the same rights again when run again, and takes back what somebody added', async () => {
  const logins = PROCESS_ROLES.map((process) => ({
    process,
    role: roleName(node.name, process),
    password: 'invented',
  }));
  await node.owner.query(`GRANT DELETE ON receipt TO ${roleName(node.name, 'gateway')}`);
  await createRoles(node.owner.query, node.name, logins);
  for (const role of PROCESS_ROLES) expect(await rightsOf(roleName(node.name, role))).toEqual(expectedOf(role));
});

it('opens the schema of the queue to the worker only', async () => {
  await node.owner.query('CREATE SCHEMA bullmq');
  await node.owner.query('CREATE TABLE bullmq.job (id int)');
  await grantQueue(node.owner.query, node.name, 'bullmq', roleName(node.name, 'worker'));
  await node.worker.query('INSERT INTO bullmq.job VALUES (1)');
  for (const role of ['gateway', 'office'] as const) {
    await expect(node[role].query('SELECT * FROM bullmq.job')).rejects.toMatchObject({ code: '42501' });
  }
});

it.each(['trao"; DROP TABLE outbox; --', 'Trao', '', '1st'])(
  'refuses %j as the name of a role or database',
  async (name) => {
    const refused = { code: 'config_invalid' };
    const login = { process: 'gateway', role: name, password: 'p' } as const;
    await expect(createRoles(node.owner.query, node.name, [login])).rejects.toMatchObject(refused);
    await expect(createRoles(node.owner.query, name, [])).rejects.toMatchObject(refused);
  },
);

it('refuses a password that could end its own quotation', async () => {
  const login = { process: 'gateway', role: 'quoted_gateway', password: `x'; DROP TABLE outbox; --` } as const;
  await expect(createRoles(node.owner.query, node.name, [login])).rejects.toMatchObject({ code: 'config_invalid' });
});
