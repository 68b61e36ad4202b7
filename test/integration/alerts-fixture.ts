import { randomUUID } from 'node:crypto';
import { alerts } from '../../libs/storage';
import { judgeAlerts, ripen, targetsOf, thresholdsOf, type Condition } from '../../libs/monitoring';
import type { NodeDatabase } from './database-fixture';

/** A monitor of the node, as far as its alerts go: what the keeper does, one look at a time and at a time of the test's own. */
export function monitorOf(node: NodeDatabase, canaries: readonly string[] = []) {
  const store = alerts.alertStore(node.monitor, 'vn');
  return {
    store,
    tells: alerts.tellStore(node.monitor),
    async look(now: Date, among: (condition: Condition) => boolean = ({ kind }) => !kind.startsWith('no_')) {
      const open = await store.open();
      const facts = await store.facts(open);
      const settings = await store.settings();
      const { ripe } = ripen(judgeAlerts(facts, thresholdsOf(settings), now), open, new Map(), now);
      const targets = targetsOf(settings);
      return store.round({ now, facts, holding: ripe.filter(among), targets, canaries, newId: randomUUID });
    },
  };
}

const TABLES = `alert, alert_tell, alarm, setting, outbox, inbox, process_beat, partner_link, partner_watch, partner_hold, queue_hold,
  partner_ping, depth_sample, backup_run, directory_document`;

export const forgetAll = (node: NodeDatabase) => node.owner.query(`TRUNCATE ${TABLES} CASCADE`);

export const setting = (node: NodeDatabase, name: string, value: unknown) =>
  node.owner.query(
    `INSERT INTO setting (name, value, changed_by) VALUES ($1, $2, 'op1') ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, JSON.stringify(value)],
  );

export const seconds = (from: Date, count: number) => new Date(from.getTime() + count * 1000);
