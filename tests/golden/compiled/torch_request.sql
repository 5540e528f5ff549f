CREATE FUNCTION op.torch_request_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_room text, a_torches integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.torch_request;
	new lodge.torch_request;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'torch_request.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_emergency IS NOT NULL OR 'emergency' = ANY (a_given) THEN 'emergency' END, CASE WHEN a_room IS NOT NULL OR 'room' = ANY (a_given) THEN 'room' END, CASE WHEN a_torches IS NOT NULL OR 'torches' = ANY (a_given) THEN 'torches' END]::text[], NULL);
	IF a_emergency IS NULL THEN
		r.result := 'invalid'; r.field := 'emergency'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_room IS NULL THEN
		r.result := 'invalid'; r.field := 'room'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_emergency IS NOT NULL AND (char_length(a_emergency) <= 64) IS NOT TRUE THEN 'emergency'
		WHEN a_room IS NOT NULL AND (is_text(a_room, 1, 40, false)) IS NOT TRUE THEN 'room'
		WHEN a_torches IS NOT NULL AND (a_torches BETWEEN 1 AND 99) IS NOT TRUE THEN 'torches' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
		RETURN refused(who, 'torch_request', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_emergency IS NULL THEN
		new.emergency := NULL;
	ELSE
		SELECT t.id INTO new.emergency FROM emergency t WHERE (t.id = CASE WHEN a_emergency ~ '^[0-9]{1,18}$' THEN a_emergency::bigint END);
		IF new.emergency IS NULL THEN
			RETURN refused(who, 'torch_request', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'emergency', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.room := a_room;
	new.torches := a_torches;
	who.args := jsonb_build_object();
	new.state := 'asked';
	new := derive_torch_asked(new, who);
	IF guard_torch_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'torch_request', NULL, NULL, 'note', 'refused', 'EMG-01', 'torch_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.torch_request', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO torch_request VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'torch_request', new.id, NULL, new.version, new.state, NULL, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('emergency', CASE WHEN new.emergency IS DISTINCT FROM old.emergency THEN jsonb_build_array(old.emergency, new.emergency) END, 'room', CASE WHEN new.room IS DISTINCT FROM old.room THEN jsonb_build_array(old.room, new.room) END, 'torches', CASE WHEN new.torches IS DISTINCT FROM old.torches THEN jsonb_build_array(old.torches, new.torches) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.torch_request_note_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_room text, a_torches integer,
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
		r := journal_again(a_op_id, 'torch_request.note', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.torch_request_note(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_emergency, a_room, a_torches);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'torch_request', 'note', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.torch_request_bring(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.torch_request;
	new lodge.torch_request;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'torch_request.bring', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM torch_request t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'torch_request', a_id, NULL, 'bring', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
		RETURN refused(who, 'torch_request', a_id, NULL, 'bring', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'torch_request', a_id, NULL, 'bring', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['asked']) THEN
		RETURN refused(who, 'torch_request', a_id, NULL, 'bring', 'refused', 'EMG-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'brought';
	new := derive_torch_brought(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE torch_request SET version = new.version, state = new.state, emergency = new.emergency, room = new.room, torches = new.torches, noted_by = new.noted_by, asked_at = new.asked_at, brought_by = new.brought_by, brought_at = new.brought_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'torch_request', new.id, NULL, new.version, new.state, NULL, 'bring', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.torch_request_bring_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM torch_request t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'torch_request.bring', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.torch_request_bring(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'torch_request', 'bring', a_op_id, a_id, r);
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_torch_request(a_op text, old lodge.torch_request, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.torch_request := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'bring' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['asked']) THEN
			RETURN 'state';
		END IF;
		new.state := 'brought';
		new := derive_torch_brought(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_torch_request(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.torch_request;
BEGIN
	SELECT x.* INTO t FROM torch_request x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_torch_request(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_torch_request(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_torch_request(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.torch_request FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "emergency", "room", "torches", "noted_by", "asked_at", "brought_by", "brought_at") ON lodge.torch_request TO lodge_name;
GRANT SELECT (id, version, state, "emergency", "room", "torches", "noted_by", "asked_at", "brought_by", "brought_at") ON lodge.torch_request TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.torch_request_note TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.torch_request_note_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.torch_request_bring TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.torch_request_bring_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_torch_request TO lodge_name, lodge_contact;
