import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempFolder, removeTempFolder } from '../../test/harness/temp-folder';
import { waitFor } from '../../test/harness/wait-for';
import { caughtLog } from '../../test/integration/log-fixture';
import { readClients, type Client } from './clients';
import { followClients } from './follow-clients';

const OFFICER = { id: 'a', subject: 'a', role: 'unit', unit: 'vn.mps-criminal', roles: ['caseworker', 'dpo'] };
const OTHER = { id: 'b', subject: 'b', role: 'unit', unit: 'vn.moh-social', roles: ['caseworker'] };

describe('the list of clients', () => {
  const folder = makeTempFolder('clients');
  const file = join(folder, 'clients.json');
  const { logger, records } = caughtLog();
  const write = (...entries: object[]) => writeFileSync(file, JSON.stringify(entries));
  write(OFFICER);
  const clients = [...readClients(JSON.stringify([OFFICER]))] as Client[];
  const stop = followClients(file, clients, [OFFICER.unit], logger, 10);
  afterAll(() => {
    stop();
    removeTempFolder(folder);
  });
  const rolesNow = () => clients.map((client) => ('roles' in client ? client.roles.join(' ') : ''));

  it('loses what its file loses', async () => {
    write({ ...OFFICER, roles: ['dpo'] });
    await waitFor('the lost role', () => rolesNow()[0] === 'dpo');
    write();
    await waitFor('nobody', () => clients.length === 0);
    expect(rolesNow()).toEqual([]);
  });

  it('stays as it is while its file is wrong or gone', async () => {
    write(OFFICER);
    await waitFor('the officer', () => clients.length === 1);
    const before = records().length;
    writeFileSync(file, '[{');
    await waitFor('a warning', () => records().length > before);
    rmSync(file);
    const wrong = records().length;
    await waitFor('another one', () => records().length > wrong);
    expect(rolesNow()).toEqual(['caseworker dpo']);
  });

  it('takes no unit that the office has no keys for', async () => {
    write(OFFICER, OTHER);
    await waitFor('the file', () => records().some((record) => record['left'] === 1));
    expect(clients.map(({ id }) => id)).toEqual(['a']);
  });
});
