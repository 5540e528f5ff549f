CREATE FUNCTION op.gate_note_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_text text, a_place text, a_unit text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.gate_note;
	new lodge.gate_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_note.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_text IS NOT NULL OR 'text' = ANY (a_given) THEN 'text' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_text IS NULL THEN
		r.result := 'invalid'; r.field := 'text'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['favour','observation','found','lost','violation'])) IS NOT TRUE THEN 'kind'
		WHEN a_text IS NOT NULL AND (is_text(a_text, 3, 200, false)) IS NOT TRUE THEN 'text'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 2, 80, false)) IS NOT TRUE THEN 'place'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS','CLL','CLS']::text[] THEN
		RETURN refused(who, 'gate_note', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS','CLL','CLS']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	new.text := a_text;
	new.place := a_place;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'gate_note', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_gate_noted(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'gate_note', NULL, NULL, 'note', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.gate_note', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO gate_note VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'gate_note', new.id, NULL, new.version, new.state, new.area, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'text', CASE WHEN new.text IS DISTINCT FROM old.text THEN jsonb_build_array(old.text, new.text) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.noted_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.gate_note_note_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_text text, a_place text, a_unit text,
	j_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'gate_note.note', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.gate_note_note(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_kind, a_text, a_place, a_unit);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'gate_note', 'note', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.gate_note_take(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_result text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.gate_note;
	new lodge.gate_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_note.take', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_result IS NOT NULL OR 'result' = ANY (a_given) THEN 'result' END]::text[], NULL);
	IF a_result IS NULL THEN
		r.result := 'invalid'; r.field := 'result'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_result IS NOT NULL AND (is_text(a_result, 2, 200, false)) IS NOT TRUE THEN 'result' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM gate_note t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.noted_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'gate_note', a_id, NULL, 'take', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','NM']::text[] THEN
		RETURN refused(who, 'gate_note', a_id, old.area, 'take', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'gate_note', a_id, old.area, 'take', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'gate_note', a_id, old.area, 'take', 'refused', 'OPS-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'result' = ANY (who.given) THEN
		new.result := a_result;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'done';
	new := derive_gate_note_taken(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE gate_note SET version = new.version, state = new.state, kind = new.kind, text = new.text, place = new.place, unit = new.unit, noted_by = new.noted_by, noted_at = new.noted_at, taken_by = new.taken_by, taken_at = new.taken_at, result = new.result WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'gate_note', new.id, NULL, new.version, new.state, new.area, 'take', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('result', CASE WHEN new.result IS DISTINCT FROM old.result THEN jsonb_build_array(old.result, new.result) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.noted_by]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_gate_note(a_op text, old lodge.gate_note, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.gate_note := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[old.noted_by]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'take' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_gate_note(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.gate_note;
BEGIN
	SELECT x.* INTO t FROM gate_note x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_gate_note(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_gate_note(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_gate_note(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.gate_note FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "kind", "text", "place", "unit", "noted_by", "noted_at", "taken_by", "taken_at", "result") ON lodge.gate_note TO lodge_name;
GRANT SELECT (id, version, area, state, "kind", "text", "place", "unit", "noted_by", "noted_at", "taken_by", "taken_at", "result") ON lodge.gate_note TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.gate_note_note TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.gate_note_note_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.gate_note_take TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_gate_note TO lodge_name, lodge_contact;
