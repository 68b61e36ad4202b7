// Makes the secrets of the two nodes of compose.yml, each in a file of its own. What is there stays.
//
//   node deploy/make-secrets.mjs [FOLDER]      default: deploy/secrets
//
// The folder is for its owner only. Its files can be read by every user inside the containers that they are given to, but for the files
// that open keys: those belong to the user of Trao's containers, so run it as root, or as that user.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NODES = ['vn', 'gb'];
const PROCESSES = ['gateway', 'worker', 'office', 'monitor'];
const TRAO_USER = 10_001;
const OPEN = 0o444;
const CLOSED = 0o400;

const folder = process.argv[2] ?? join(import.meta.dirname, 'secrets');
mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);

const secret = () => randomBytes(24).toString('base64url');
const made = [];

function put(name, content, mode = OPEN) {
  const file = join(folder, name);
  if (existsSync(file)) return;
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
  if (mode === CLOSED && process.getuid?.() === 0) chownSync(file, TRAO_USER, TRAO_USER);
  made.push(name);
}

for (const node of NODES) {
  // One without the other would not fit, so that what belongs together is made together.
  if (!existsSync(join(folder, `${node}_role_passwords`))) {
    const owner = secret();
    const passwords = Object.fromEntries(PROCESSES.map((name) => [name, secret()]));
    const url = (role, password) => `postgres://${role}:${password}@${node}-postgres:5432/trao_${node}\n`;
    put(`${node}_postgres_password`, owner);
    put(`${node}_owner_database_url`, url(`trao_${node}`, owner));
    for (const name of PROCESSES) put(`${node}_${name}_database_url`, url(`trao_${node}_${name}`, passwords[name]));
    put(`${node}_role_passwords`, `${JSON.stringify(passwords)}\n`);
  }
  if (!existsSync(join(folder, `${node}_redis_url`))) {
    const password = secret();
    // appendonly: a queue without it forgets all jobs at a restart. noeviction: BullMQ must never lose a key.
    const settings = ['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction', 'dir /data'];
    put(`${node}_valkey_conf`, `${[...settings, `requirepass ${password}`].join('\n')}\n`);
    put(`${node}_redis_url`, `redis://:${password}@${node}-valkey:6379\n`);
  }
  for (const name of ['gateway', 'worker', 'office']) put(`${node}_${name}_key_file`, randomBytes(32), CLOSED);
  put(`${node}_tls_passphrase`, secret());
  for (const name of ['office', 'monitor']) put(`${node}_${name}_session_secret`, `${secret()}${secret()}\n`);
  // Of the identity provider, which says what it is.
  for (const name of ['office', 'monitor']) put(`${node}_${name}_oidc_secret`, `${secret()}\n`);
}

process.stdout.write(`${folder}: ${made.length === 0 ? 'all secrets were there' : `made ${made.length} secrets`}.\n`);
if (process.getuid?.() !== 0)
  process.stdout.write(`Next, as root: chown ${TRAO_USER}:${TRAO_USER} ${join(folder, '*_key_file')}\n`);
