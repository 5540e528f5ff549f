CREATE FUNCTION op.room_key_take(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_holder text, a_purpose text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_key;
	new lodge.room_key;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_key.take', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_holder IS NOT NULL OR 'holder' = ANY (a_given) THEN 'holder' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END]::text[], NULL);
	IF a_holder IS NULL THEN
		r.result := 'invalid'; r.field := 'holder'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_purpose IS NULL THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_holder IS NOT NULL AND (char_length(a_holder) <= 64) IS NOT TRUE THEN 'holder'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 3, 200, false)) IS NOT TRUE THEN 'purpose' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA']::text[] THEN
		RETURN refused(who, 'room_key', NULL, NULL, 'take', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA']::text[], a_op_id, a_digest);
	END IF;
	IF a_holder IS NULL THEN
		new.holder := NULL;
	ELSE
		SELECT t.id INTO new.holder FROM staff t WHERE (t.id = CASE WHEN a_holder ~ '^[0-9]{1,18}$' THEN a_holder::bigint END OR t.work_no = a_holder OR t.login = a_holder) ORDER BY (t.work_no = a_holder) DESC LIMIT 1;
		IF new.holder IS NULL THEN
			RETURN refused(who, 'room_key', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'holder', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.purpose := a_purpose;
	who.args := jsonb_build_object();
	new.state := 'out';
	new := derive_key_taken(new, who);
	IF guard_key_holder_centre(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_key', NULL, NULL, 'take', 'refused', 'LOAN-12', 'key_holder_centre', 'holder', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_is_here(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_key', NULL, NULL, 'take', 'refused', 'LOAN-14', 'key_is_here', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.room_key', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO room_key VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(NULL, 'room_key', new.id, 'room_key_due', new.due);
	RETURN done(who, 'room_key', new.id, NULL, new.version, new.state, NULL, 'take', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('holder', CASE WHEN new.holder IS DISTINCT FROM old.holder THEN jsonb_build_array(old.holder, new.holder) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.room_key_give_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_key;
	new lodge.room_key;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_key.give_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM room_key t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'room_key', a_id, NULL, 'give_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA']::text[] THEN
		RETURN refused(who, 'room_key', a_id, NULL, 'give_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'room_key', a_id, NULL, 'give_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['out']) THEN
		RETURN refused(who, 'room_key', a_id, NULL, 'give_back', 'refused', 'LOAN-14', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'back';
	new := derive_key_returned(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE room_key SET version = new.version, state = new.state, holder = new.holder, purpose = new.purpose, taken_at = new.taken_at, given_by = new.given_by, due = new.due, returned_at = new.returned_at, received_by = new.received_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('room_key', new.id, 'room_key_due', who.at);
	RETURN done(who, 'room_key', new.id, NULL, new.version, new.state, NULL, 'give_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_room_key(a_op text, old lodge.room_key, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.room_key := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'give_back' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['out']) THEN
			RETURN 'state';
		END IF;
		new.state := 'back';
		new := derive_key_returned(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_room_key(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.room_key;
BEGIN
	SELECT x.* INTO t FROM room_key x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_room_key(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_room_key(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_room_key(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.room_key FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "holder", "purpose", "taken_at", "given_by", "due", "returned_at", "received_by") ON lodge.room_key TO lodge_name;
GRANT SELECT (id, version, state, "holder", "purpose", "taken_at", "given_by", "due", "returned_at", "received_by") ON lodge.room_key TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.room_key_take TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.room_key_give_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_room_key TO lodge_name, lodge_contact;
