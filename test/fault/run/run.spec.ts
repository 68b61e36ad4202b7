import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTempFolder, removeTempFolder } from '../../harness/temp-folder';
import { POINTS } from '../build/points';
import { argumentsOf } from './arguments';
import { cellsOf, nameOf, replayOf, shardOf, shuffled } from './cells';
import type { CellResult } from './play-cell';
import { reportTable } from './report-table';
import { Results } from './results';
import { selectedCells } from './selection';

const TODAY = new Date('2026-11-29T12:00:00Z');
const BOTH = ['postgres', 'redis'] as const;
const asked = (...args: string[]) => argumentsOf(args, TODAY);

describe('the arguments', () => {
  it('choose points, strikes, queue, seeds and shard', () => {
    const args = asked('--only', 'S4,R2', '--fault', 'kill', '--queue', 'postgres', '--seeds', '3', '--from', '5');
    expect(args).toMatchObject({ points: ['S4', 'R2'], strikes: ['kill'], queues: ['postgres'], seeds: 3, from: 5 });
    expect(asked('--all', '--shard', '2/4').shard).toEqual({ index: 2, count: 4 });
  });

  it('stop a process for 90 s in the matrix, and in CI for longer than a claim lasts', () => {
    expect(asked('--all').stopMs).toBe(90_000);
    expect(asked('--ci').stopMs).toBe(40_000);
  });

  it('take the seed of CI from the date, or as given', () => {
    expect(asked('--ci').from).toBe(20261129);
    expect(asked('--ci', '--seed', '7').from).toBe(7);
  });

  it.each([
    [[], 'Nothing is asked for.'],
    [['--all', '--fault', 'rain'], '--fault cannot be rain.'],
    [['--all', '--queue', 'nats'], '--queue cannot be nats.'],
    [['--all', '--seeds', '0'], '--seeds cannot be 0.'],
    [['--all', '--shard', '1'], '--shard cannot be 1.'],
    [['--what'], "Unknown option '--what'"],
  ])('%j are refused', (args, why) => {
    expect(() => argumentsOf(args, TODAY)).toThrow(why);
  });
});

describe('the cells', () => {
  const all = cellsOf({ points: [], strikes: [], queues: BOTH, seeds: [1, 2] });

  it('are every point with every strike on every queue, for every seed', () => {
    expect(all).toHaveLength(POINTS.length * 4 * 2 * 2);
    expect(new Set(all.map(nameOf)).size).toBe(all.length);
    expect(() => cellsOf({ points: ['S99'], strikes: [], queues: BOTH, seeds: [1] })).toThrow('There is no point S99');
  });

  it('are played again by a command', () => {
    expect(replayOf(all[0]!)).toBe('npm run faults -- --only S7 --fault kill --queue postgres --from 1 --seeds 1');
  });

  it('fall into shards that are all of them, none twice', () => {
    const shards = [1, 2, 3].map((index) => shardOf(all, index, 3));
    expect(shards.flat()).toHaveLength(all.length);
    expect(new Set(shards.flat())).toEqual(new Set(all));
  });

  it('come in an order that the seed decides', () => {
    const order = (seed: number) => shuffled(all, seed).map(nameOf);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
    expect(order(1).sort()).toEqual(all.map(nameOf).sort());
  });

  it('of CI begin with one stop on each queue and have no other', () => {
    const cells = selectedCells(BOTH, 4);
    for (const queue of BOTH) {
      const strikes = cells.filter((cell) => cell.queue === queue).map(({ strike }) => strike);
      expect(strikes[0]).toBe('stop');
      expect(strikes.slice(1)).not.toContain('stop');
      expect(strikes).toHaveLength(1 + POINTS.length * 3);
    }
  });
});

const result = (cell: string, faults: string[] = []): CellResult => {
  const [point, strike, queue, seed] = cell.split('/') as [string, string, string, string];
  const more = { at: '2026-11-29T12:00:00Z', messages: 3, ms: 5_000, healMs: 1_500, faults, lines: [] };
  return { cell, point, strike, queue, seed: Number(seed), ...more };
};

describe('the results', () => {
  it('are kept, and the last of a cell counts', () => {
    const folder = makeTempFolder('results');
    try {
      const file = path.join(folder, 'results.jsonl');
      const results = new Results(file);
      expect(results.all()).toEqual([]);
      results.add(result('S4/kill/redis/1', ['I1 lost']));
      results.add(result('S4/kill/redis/1'));
      results.add(result('S5/kill/redis/1'));
      writeFileSync(file, `${readFileSync(file, 'utf8')}{"cell":"half`);
      expect(results.all()).toHaveLength(3);
      expect(results.latest().map(({ cell, faults }) => [cell, faults.length])).toEqual([
        ['S4/kill/redis/1', 0],
        ['S5/kill/redis/1', 0],
      ]);
    } finally {
      removeTempFolder(folder);
    }
  });

  it('become a table that names what is broken', () => {
    const table = reportTable([result('S4/kill/redis/1'), result('S4/kill/redis/2', ['I1 lost'])]);
    expect(table).toContain('2 cells played, 1 with faults, 6 messages.');
    expect(table).toContain('| S4 | rows claimed, not enqueued | - · 1/2 |');
    expect(table).toContain('- S4/kill/redis/2: I1 lost');
  });
});
