/**
 * What the monitor may do to the tables of others, as functions of the owner: a monitor that was taken over can send a message again,
 * and write into the log of acts, and nothing else.
 */

/**
 * Every act of an operator, each with the digest of the one before: a row that is changed, or taken out of the middle, shows. The digest is
 * over one line of JSON, as libs/monitoring reads it back.
 */
export const WRITTEN_DOWN = `
CREATE FUNCTION operator_note(p_operator text, p_roles text[], p_act text, p_object text, p_before jsonb, p_after jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  last operator_log%ROWTYPE;
  moment timestamptz(3) := clock_timestamp();
  line text;
BEGIN
  -- One after the other: a chain has one end.
  PERFORM pg_advisory_xact_lock(hashtextextended('trao operator_log', 0));
  SELECT * INTO last FROM operator_log ORDER BY seq DESC LIMIT 1;
  line := jsonb_build_array(
    coalesce(last.seq, 0) + 1, to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), p_operator, to_jsonb(p_roles), p_act, p_object,
    p_before, p_after, encode(coalesce(last.digest, ''), 'hex'))::text;
  INSERT INTO operator_log (seq, at, operator, roles, act, object, before, after, previous, digest)
  VALUES (coalesce(last.seq, 0) + 1, moment, p_operator, p_roles, p_act, p_object, p_before, p_after, coalesce(last.digest, ''),
    sha256(convert_to(line, 'UTF8')));
END $$;
REVOKE ALL ON FUNCTION operator_note(text, text[], text, text, jsonb, jsonb) FROM PUBLIC;
`;

/**
 * `resend_messages`: gives messages that this node gave up, and that still may arrive, another try, and makes those due that wait;
 * so many a minute. What a partner has refused or received, and what has expired or was erased, stays as it is.
 * `stop_recovery`: those that were not tried again yet are what they were.
 */
export const RESENDING = `
CREATE FUNCTION resend_messages(p_recovery uuid, p_ids uuid[], p_per_minute int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moved int;
BEGIN
  IF p_per_minute < 1 THEN RAISE EXCEPTION 'rate'; END IF;
  WITH wanted AS (
    SELECT o.id, o.state, o.code, (row_number() OVER (ORDER BY o.created_at, o.id))::int - 1 AS ordinal
    FROM (SELECT id, state, code, created_at FROM outbox
          WHERE id = ANY (p_ids) AND state IN ('undeliverable', 'queued', 'sending') AND expires_at > now() AND sealed <> ''
          ORDER BY id FOR UPDATE) o),
  item AS (
    INSERT INTO recovery_item (recovery_id, message_id, ordinal, former_state, former_code)
    SELECT p_recovery, id, ordinal, state, code FROM wanted),
  again AS (
    UPDATE outbox o SET state = CASE WHEN o.state = 'undeliverable' THEN 'queued' ELSE o.state END, code = NULL,
      batch = CASE WHEN o.state = 'undeliverable' THEN NULL ELSE o.batch END, strikes = 0, changed_at = now(),
      next_attempt_at = now() + w.ordinal * (interval '1 minute' / p_per_minute), next_look_at = coalesce(o.next_look_at, now())
    FROM wanted w WHERE o.id = w.id
    RETURNING o.id, w.state AS former),
  event AS (INSERT INTO delivery_event (message_id, state) SELECT id, 'queued' FROM again WHERE former = 'undeliverable')
  SELECT count(*)::int INTO moved FROM again;
  UPDATE recovery SET total = total + moved WHERE id = p_recovery;
  PERFORM pg_notify('trao_work', '');
  RETURN moved;
END $$;
REVOKE ALL ON FUNCTION resend_messages(uuid, uuid[], int) FROM PUBLIC;

CREATE FUNCTION stop_recovery(p_recovery uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moved int;
BEGIN
  WITH waiting AS (
    SELECT o.id, i.former_code FROM recovery_item i JOIN outbox o ON o.id = i.message_id JOIN recovery r ON r.id = i.recovery_id
    WHERE i.recovery_id = p_recovery AND i.former_state = 'undeliverable' AND o.state = 'queued' AND o.batch IS NULL
      AND NOT EXISTS (SELECT FROM attempt a WHERE a.message_id = o.id AND a.at >= r.requested_at)
    ORDER BY o.id FOR UPDATE OF o SKIP LOCKED),
  back AS (
    UPDATE outbox o SET state = 'undeliverable', code = w.former_code, changed_at = now() FROM waiting w WHERE o.id = w.id RETURNING o.id),
  event AS (INSERT INTO delivery_event (message_id, state) SELECT id, 'undeliverable' FROM back)
  SELECT count(*)::int INTO moved FROM back;
  RETURN moved;
END $$;
REVOKE ALL ON FUNCTION stop_recovery(uuid) FROM PUBLIC;
`;
