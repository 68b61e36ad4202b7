import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Attempts and delivery events by month, so that old attempts go as whole tables and lists of the newest read small ones; backups that
 * were made; and what retention finds its rows by.
 */
export class Partitions9 implements MigrationInterface {
  name = 'Partitions1830000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADDING);
    await runner.query(byMonth('attempt'));
    await runner.query(byMonth('delivery_event'));
    await runner.query(INDEXES);
    await runner.query(KEEPING);
    await runner.query(BACKUPS);
    await runner.query(RETENTION);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

/**
 * `add_month` makes the partition of one month (UTC) and moves into it what the default partition has of that month. It is attached,
 * which leaves the table open to readers and writers. Every name is written out and `pg_temp` comes last: the worker may make temporary
 * tables, and none of them may take the place of ours.
 */
const ADDING = `
CREATE FUNCTION add_month(p_table text, p_month timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first timestamptz := date_trunc('month', p_month, 'UTC');
  next timestamptz := (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
  part text := p_table || to_char(first AT TIME ZONE 'UTC', '_YYYY_MM');
  rest text := p_table || '_default';
BEGIN
  IF to_regclass(format('public.%I', part)) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', rest);
  EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS)', part, p_table);
  EXECUTE format('WITH moved AS (DELETE FROM public.%I WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO public.%I SELECT * FROM moved',
    rest, part) USING first, next;
  EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', p_table, part, first, next);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION add_month(text, timestamptz) FROM PUBLIC;
`;

/** Whatever lies before, a row has its month; a time that no clock should show goes to the default partition, so that none is refused. */
const MONTHS_BACK = 24;
const MONTHS_AHEAD = 3;

/**
 * Turns a table into one by month and moves its rows. An attempt names its message without a foreign key from here on: rows of the outbox
 * are never removed, and dropping a month would lock the outbox.
 */
const byMonth = (table: string) => `
ALTER TABLE ${table} RENAME TO ${table}_before;
CREATE TABLE ${table} (LIKE ${table}_before INCLUDING DEFAULTS) PARTITION BY RANGE (at);
CREATE TABLE ${table}_default PARTITION OF ${table} DEFAULT;
SELECT add_month('${table}', month AT TIME ZONE 'UTC') FROM generate_series(
  date_trunc('month', greatest(coalesce((SELECT min(at) FROM ${table}_before), now()), now() - interval '${MONTHS_BACK} months') AT TIME ZONE 'UTC'),
  (now() + interval '${MONTHS_AHEAD} months') AT TIME ZONE 'UTC', interval '1 month') AS month;
INSERT INTO ${table} SELECT * FROM ${table}_before;
DROP TABLE ${table}_before;
`;

const INDEXES = `
CREATE INDEX attempt_message ON attempt (message_id);
CREATE INDEX attempt_at ON attempt (at);
CREATE INDEX attempt_failed ON attempt (at) WHERE code IS NOT NULL;
CREATE INDEX delivery_event_message ON delivery_event (message_id);
CREATE INDEX delivery_event_at ON delivery_event (at);
`;

/**
 * What the worker may do to the tables themselves. `prepare_partitions`: makes the months that come. `forget_attempts`: drops months of
 * attempts that ended before a day at least 30 days back; delivery events are evidence and stay. Both give up soon where they would wait
 * for a lock, as everybody would wait behind them; they are called again within the hour.
 */
const KEEPING = `
CREATE FUNCTION prepare_partitions() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  made int := 0;
  parent text;
  ahead int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('trao partitions', 0));
  FOREACH parent IN ARRAY ARRAY['attempt', 'delivery_event'] LOOP
    FOR ahead IN 0..${MONTHS_AHEAD} LOOP
      IF public.add_month(parent, (date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month') AT TIME ZONE 'UTC') THEN
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION prepare_partitions() FROM PUBLIC;

CREATE FUNCTION forget_attempts(p_before timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  dropped int := 0;
  part text;
BEGIN
  IF p_before IS NULL OR p_before > now() - interval '30 days' THEN RAISE EXCEPTION 'attempts are kept for 30 days at least'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('trao partitions', 0));
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.attempt'::regclass AND c.relname ~ '^attempt_[0-9]{4}_[0-9]{2}$'
      AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= p_before
  LOOP
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM public.attempt_default WHERE at < p_before;
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION forget_attempts(timestamptz) FROM PUBLIC;
`;

const BACKUPS = `
CREATE TABLE backup_run (
  at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
  ok boolean NOT NULL,
  bytes bigint NOT NULL,
  code text
);
`;

/** Messages that both sides have filed and whose sealed bytes are still here. Comparing with an empty text reads lengths, never the bytes. */
const RETENTION = `
CREATE INDEX outbox_to_blank ON outbox (created_at) WHERE state IN ('delivered', 'opened') AND sealed <> '';
CREATE INDEX inbox_to_blank ON inbox (received_at) WHERE state = 'filed' AND sealed <> '';
`;
