CREATE FUNCTION op.gate_record_settle(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.gate_record;
	new lodge.gate_record;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_record.settle', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 400, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM gate_record t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','EM','NM','SG','SL','SS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'gate_record', a_id, NULL, 'settle', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['SL','SS']::text[] THEN
		RETURN refused(who, 'gate_record', a_id, NULL, 'settle', 'forbidden', NULL, 'role', NULL, ARRAY['SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'gate_record', a_id, NULL, 'settle', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'gate_record', a_id, NULL, 'settle', 'refused', 'VIS-08', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'settled';
	new := derive_gate_record_settled(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE gate_record SET version = new.version, state = new.state, terminal = new.terminal, counter = new.counter, recorded_at = new.recorded_at, recorded_by = new.recorded_by, taken_at = new.taken_at, taken_by = new.taken_by, book = new.book, op = new.op, record = new.record, content = new.content, written = new.written, written_op = new.written_op, outcome = new.outcome, result = new.result, rule = new.rule, note = new.note, settled_by = new.settled_by, settled_at = new.settled_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'gate_record', new.id, NULL, new.version, new.state, NULL, 'settle', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_gate_record(a_op text, old lodge.gate_record, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.gate_record := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CM','EM','NM','SG','SL','SS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'settle' THEN
		IF NOT who.acts_as && ARRAY['SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_gate_record(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.gate_record;
BEGIN
	SELECT x.* INTO t FROM gate_record x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_gate_record(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_gate_record(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_gate_record(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.gate_record_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_record.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['written']::text[] THEN
		r.result := 'invalid'; r.field := 'fields';
		RETURN r;
	END IF;
	IF a_purpose IS NULL OR NOT is_text(btrim(a_purpose), 5, 200, false) THEN
		r.result := 'invalid'; r.field := 'purpose';
		RETURN r;
	END IF;
	IF a_on_behalf IS NOT NULL THEN
		SELECT s.id INTO behalf FROM staff s WHERE (s.id = CASE WHEN a_on_behalf ~ '^[0-9]{1,18}$' THEN a_on_behalf::bigint END OR s.work_no = a_on_behalf OR s.login = a_on_behalf) AND s.status <> 'left';
		IF behalf IS NULL THEN
			r.result := 'invalid'; r.field := 'on_behalf_of';
			RETURN r;
		END IF;
	END IF;
	IF (SELECT count(*) FROM gate_record t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['CM','EM','NM','SG','SL','SS']::text[]))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'gate_record', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['written']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'gate_record', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'gate_record', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN gate_record t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'gate_record', one.id, NULL, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'gate_record.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_gate_record(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "written" bytea, written_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'written' = ANY (e.fields) THEN t.written END, CASE WHEN 'written' = ANY (e.fields) THEN t.written_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN gate_record t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'gate_record' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['CM','EM','NM','SG','SL','SS']::text[]))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.gate_record FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "terminal", "counter", "recorded_at", "recorded_by", "taken_at", "taken_by", "book", "op", "record", "content", "outcome", "result", "rule", "note", "settled_by", "settled_at") ON lodge.gate_record TO lodge_name;
GRANT SELECT (id, version, state, "terminal", "counter", "recorded_at", "recorded_by", "taken_at", "taken_by", "book", "op", "record", "content", "outcome", "result", "rule", "note", "settled_by", "settled_at") ON lodge.gate_record TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_gate_record TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.gate_record_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.gate_record_settle TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_gate_record TO lodge_name, lodge_contact;
