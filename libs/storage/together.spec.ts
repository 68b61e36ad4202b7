import { together, type Write } from './together';

/** What was asked of the database. */
async function asked(writes: Readonly<Record<string, Write | undefined>>, last: Write) {
  const calls: unknown[] = [];
  await together(
    async (sql, parameters = []) => {
      calls.push([sql, parameters]);
      return [];
    },
    writes,
    last,
  );
  return calls;
}

const LAST: Write = { sql: 'SELECT $1', parameters: ['last'] };

it('counts the parameters of each write from where those before it ended', async () => {
  const ten = Array.from({ length: 10 }, (_, index) => `v${index + 1}`);
  const writes = {
    first: { sql: 'INSERT INTO a VALUES ($1, $2) RETURNING id', parameters: ['x', 'y'] },
    second: { sql: `INSERT INTO b VALUES (${ten.map((_, index) => `$${index + 1}`).join(', ')})`, parameters: ten },
  };
  expect(await asked(writes, LAST)).toEqual([
    [
      'WITH first AS (INSERT INTO a VALUES ($1, $2) RETURNING id),\n' +
        'second AS (INSERT INTO b VALUES ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12))\nSELECT $13',
      ['x', 'y', ...ten, 'last'],
    ],
  ]);
});

it('leaves out what has nothing to write', async () => {
  const write = { sql: 'DELETE FROM a WHERE id = $1', parameters: [7] };
  expect(await asked({ nothing: undefined, gone: write }, LAST)).toEqual([
    ['WITH gone AS (DELETE FROM a WHERE id = $1)\nSELECT $2', [7, 'last']],
  ]);
  expect(await asked({ nothing: undefined }, LAST)).toEqual([['SELECT $1', ['last']]]);
});

it('has one text for the same writes, so that the statement is prepared once', async () => {
  const write = (id: number) => ({ gone: { sql: 'DELETE FROM a WHERE id = $1', parameters: [id] } });
  const texts = [...(await asked(write(1), LAST)), ...(await asked(write(2), LAST))].map(
    (call) => (call as [string])[0],
  );
  expect(new Set(texts).size).toBe(1);
});
