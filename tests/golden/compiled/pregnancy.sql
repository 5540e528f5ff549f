CREATE FUNCTION op.pregnancy_record(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_due_on date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.pregnancy;
	new lodge.pregnancy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'pregnancy.record', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_due_on IS NOT NULL OR 'due_on' = ANY (a_given) THEN 'due_on' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_due_on IS NULL THEN
		r.result := 'invalid'; r.field := 'due_on'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_due_on IS NOT NULL AND (isfinite(a_due_on)) IS NOT TRUE THEN 'due_on' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'pregnancy', NULL, NULL, 'record', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'pregnancy', NULL, NULL, 'record', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'expected';
	new := derive_birth_recorded(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'pregnancy', NULL, NULL, 'record', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.pregnancy', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO pregnancy VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO pregnancy_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'due_on' = ANY (who.given) THEN
		UPDATE pregnancy_sealed SET due_on = a_due_on WHERE id = new.id;
	END IF;
	RETURN done(who, 'pregnancy', new.id, NULL, new.version, new.state, new.area, 'record', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.pregnancy_remind(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reminded text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.pregnancy;
	new lodge.pregnancy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'pregnancy.remind', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reminded IS NOT NULL OR 'reminded' = ANY (a_given) THEN 'reminded' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_reminded IS NULL THEN
		r.result := 'invalid'; r.field := 'reminded'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reminded IS NOT NULL AND (a_reminded = ANY (ARRAY['done','not_done'])) IS NOT TRUE THEN 'reminded'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM pregnancy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'pregnancy', a_id, NULL, 'remind', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'remind', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'remind', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['expected']) THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'remind', 'refused', 'VUL-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reminded' = ANY (who.given) THEN
		new.reminded := a_reminded;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new := derive_birth_reminded(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE pregnancy SET version = new.version, state = new.state, household = new.household, unit = new.unit, reminded = new.reminded, reminded_at = new.reminded_at, reminded_by = new.reminded_by, note = new.note, recorded_at = new.recorded_at, recorded_by = new.recorded_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'pregnancy', new.id, NULL, new.version, new.state, new.area, 'remind', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reminded', CASE WHEN new.reminded IS DISTINCT FROM old.reminded THEN jsonb_build_array(old.reminded, new.reminded) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.pregnancy_end(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.pregnancy;
	new lodge.pregnancy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'pregnancy.end', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM pregnancy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'pregnancy', a_id, NULL, 'end', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'end', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'end', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['expected']) THEN
		RETURN refused(who, 'pregnancy', a_id, old.area, 'end', 'refused', 'VUL-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'ended';
	new.version := old.version + 1;
	BEGIN
	UPDATE pregnancy SET version = new.version, state = new.state, household = new.household, unit = new.unit, reminded = new.reminded, reminded_at = new.reminded_at, reminded_by = new.reminded_by, note = new.note, recorded_at = new.recorded_at, recorded_by = new.recorded_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'pregnancy', new.id, NULL, new.version, new.state, new.area, 'end', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_pregnancy(a_op text, old lodge.pregnancy, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.pregnancy := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'remind' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['expected']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'end' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['expected']) THEN
			RETURN 'state';
		END IF;
		new.state := 'ended';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_pregnancy(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.pregnancy;
BEGIN
	SELECT x.* INTO t FROM pregnancy x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_pregnancy(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_pregnancy(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_pregnancy(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.pregnancy_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'pregnancy.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['due_on','note']::text[] THEN
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
	IF (SELECT count(*) FROM pregnancy t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'pregnancy', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY['due_on']::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'pregnancy', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'pregnancy', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN pregnancy t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'pregnancy', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM pregnancy t WHERE t.id = ANY (a_ids)));
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'pregnancy.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_pregnancy(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "due_on" date, "note" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'due_on' = ANY (e.fields) THEN z.due_on END,
		CASE WHEN 'note' = ANY (e.fields) THEN t.note END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN pregnancy t ON t.id = e.record LEFT JOIN pregnancy_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'pregnancy' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.pregnancy FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "household", "unit", "reminded", "reminded_at", "reminded_by", "recorded_at", "recorded_by") ON lodge.pregnancy TO lodge_name;
GRANT SELECT (id, version, area, state, "household", "unit", "reminded", "reminded_at", "reminded_by", "note", "recorded_at", "recorded_by") ON lodge.pregnancy TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_pregnancy TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.pregnancy_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.pregnancy_record TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.pregnancy_remind TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.pregnancy_end TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_pregnancy TO lodge_name, lodge_contact;
