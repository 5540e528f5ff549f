CREATE FUNCTION op.resident_note_write(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_kind text, a_text bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_note;
	new lodge.resident_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_note.write', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_text IS NOT NULL OR 'text' = ANY (a_given) THEN 'text' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_text IS NULL THEN
		r.result := 'invalid'; r.field := 'text'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['opinion','complaint','follow_up','personnel','conduct','arrears','violation'])) IS NOT TRUE THEN 'kind'
		WHEN a_text IS NOT NULL AND (octet_length(a_text) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'text' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','CSS']::text[] THEN
		RETURN refused(who, 'resident_note', NULL, NULL, 'write', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'resident_note', NULL, NULL, 'write', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.kind := a_kind;
	new.text := a_text;
	new.text_op := CASE WHEN a_text IS NOT NULL THEN a_op_id END;
	who.args := jsonb_build_object();
	new.state := 'noted';
	new := derive_note_written(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'resident_note', NULL, NULL, 'write', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.resident_note', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO resident_note VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(new.area, 'resident_note', new.id, 'resident_note', new.due);
	RETURN done(who, 'resident_note', new.id, NULL, new.version, new.state, new.area, 'write', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.resident_note_work_in(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_note;
	new lodge.resident_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_note.work_in', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM resident_note t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'resident_note', a_id, NULL, 'work_in', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'resident_note', a_id, old.area, 'work_in', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'resident_note', a_id, old.area, 'work_in', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['noted']) THEN
		RETURN refused(who, 'resident_note', a_id, old.area, 'work_in', 'refused', 'ARC-21', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'worked';
	new := derive_note_worked_in(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE resident_note SET version = new.version, state = new.state, household = new.household, unit = new.unit, kind = new.kind, text = new.text, text_op = new.text_op, noted_at = new.noted_at, noted_by = new.noted_by, due = new.due, worked_at = new.worked_at, worked_by = new.worked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('resident_note', new.id, 'resident_note', who.at);
	RETURN done(who, 'resident_note', new.id, NULL, new.version, new.state, new.area, 'work_in', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_resident_note(a_op text, old lodge.resident_note, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.resident_note := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'work_in' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['noted']) THEN
			RETURN 'state';
		END IF;
		new.state := 'worked';
		new := derive_note_worked_in(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_resident_note(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.resident_note;
BEGIN
	SELECT x.* INTO t FROM resident_note x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_resident_note(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_resident_note(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_resident_note(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.resident_note_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
	case_of bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_note.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['text']::text[] THEN
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
	IF (SELECT count(*) FROM resident_note t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'resident_note', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['text']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN
		case_of := emergency_opens(who, 'resident_note', a_ids, a_fields);
	END IF;
	IF level_rank(who.opens) < level_rank(needed) AND case_of IS NULL THEN
		RETURN refused(who, 'resident_note', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'resident_note', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := opens_beyond(who, ARRAY['household','person','emergency_contact','sealed_person','vip_profile','resident_note'], 'resident_note', a_ids);
	IF r.guard IS NOT NULL AND case_of IS NULL THEN
		RETURN refused(who, 'resident_note', a_ids[1], NULL, 'open', 'refused', 'CNF-02', r.guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := NULL;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN resident_note t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'resident_note', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM resident_note t WHERE t.id = ANY (a_ids)));
	IF case_of IS NOT NULL THEN
		PERFORM emergency_opened(who, case_of, seqs);
	END IF;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'resident_note.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_resident_note(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "text" bytea, text_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'text' = ANY (e.fields) THEN t.text END, CASE WHEN 'text' = ANY (e.fields) THEN t.text_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN resident_note t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'resident_note' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ticket_holds(e.seq) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.resident_note FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "household", "unit", "kind", "noted_at", "noted_by", "due", "worked_at", "worked_by") ON lodge.resident_note TO lodge_name;
GRANT SELECT (id, version, area, state, "household", "unit", "kind", "noted_at", "noted_by", "due", "worked_at", "worked_by") ON lodge.resident_note TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_resident_note TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.resident_note_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_note_write TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_note_work_in TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_resident_note TO lodge_name, lodge_contact;
