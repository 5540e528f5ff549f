CREATE FUNCTION op.resident_form_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_due timestamptz) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_form;
	new lodge.resident_form;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_form.issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
		RETURN refused(who, 'resident_form', NULL, NULL, 'issue', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'resident_form', NULL, NULL, 'issue', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.due := a_due;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_form_issued(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'resident_form', NULL, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_form_none_open(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'resident_form', NULL, new.area, 'issue', 'refused', 'RES-01', 'form_none_open', 'unit', NULL, a_op_id, a_digest);
	END IF;
	IF guard_form_due_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'resident_form', NULL, new.area, 'issue', 'refused', 'RES-01', 'form_due_ahead', 'due', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.resident_form', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO resident_form VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'resident_form', new.id, NULL, new.version, new.state, new.area, 'issue', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.resident_form_take_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_persons integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_form;
	new lodge.resident_form;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_form.take_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_persons IS NOT NULL OR 'persons' = ANY (a_given) THEN 'persons' END]::text[], NULL);
	IF a_persons IS NULL THEN
		r.result := 'invalid'; r.field := 'persons'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_persons IS NOT NULL AND (a_persons BETWEEN 0 AND 99) IS NOT TRUE THEN 'persons' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM resident_form t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'resident_form', a_id, NULL, 'take_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'take_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'take_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'take_back', 'refused', 'RES-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'persons' = ANY (who.given) THEN
		new.persons := a_persons;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'returned';
	new := derive_form_returned(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE resident_form SET version = new.version, state = new.state, unit = new.unit, due = new.due, persons = new.persons, reason = new.reason, issued_at = new.issued_at, issued_by = new.issued_by, returned_at = new.returned_at, received_by = new.received_by, checked_at = new.checked_at, checked_by = new.checked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'resident_form', new.id, NULL, new.version, new.state, new.area, 'take_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('persons', CASE WHEN new.persons IS DISTINCT FROM old.persons THEN jsonb_build_array(old.persons, new.persons) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.resident_form_give_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_form;
	new lodge.resident_form;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_form.give_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM resident_form t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'resident_form', a_id, NULL, 'give_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS']::text[] THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'give_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'give_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['returned']) THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'give_back', 'refused', 'RES-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_form_given_back(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE resident_form SET version = new.version, state = new.state, unit = new.unit, due = new.due, persons = new.persons, reason = new.reason, issued_at = new.issued_at, issued_by = new.issued_by, returned_at = new.returned_at, received_by = new.received_by, checked_at = new.checked_at, checked_by = new.checked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'resident_form', new.id, NULL, new.version, new.state, new.area, 'give_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.resident_form_check(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_form;
	new lodge.resident_form;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_form.check', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM resident_form t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'resident_form', a_id, NULL, 'check', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','TSO','CSS']::text[] THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'check', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','TSO','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'check', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['returned']) THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'check', 'refused', 'RES-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'checked';
	new := derive_form_checked(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE resident_form SET version = new.version, state = new.state, unit = new.unit, due = new.due, persons = new.persons, reason = new.reason, issued_at = new.issued_at, issued_by = new.issued_by, returned_at = new.returned_at, received_by = new.received_by, checked_at = new.checked_at, checked_by = new.checked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'resident_form', new.id, NULL, new.version, new.state, new.area, 'check', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.resident_form_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.resident_form;
	new lodge.resident_form;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'resident_form.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM resident_form t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'resident_form', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS']::text[] THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'resident_form', a_id, old.area, 'withdraw', 'refused', 'RES-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new.version := old.version + 1;
	BEGIN
	UPDATE resident_form SET version = new.version, state = new.state, unit = new.unit, due = new.due, persons = new.persons, reason = new.reason, issued_at = new.issued_at, issued_by = new.issued_by, returned_at = new.returned_at, received_by = new.received_by, checked_at = new.checked_at, checked_by = new.checked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'resident_form', new.id, NULL, new.version, new.state, new.area, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_resident_form(a_op text, old lodge.resident_form, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.resident_form := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'take_back' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'give_back' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['returned']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'check' THEN
		IF NOT who.acts_as && ARRAY['ACU','TSO','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['returned']) THEN
			RETURN 'state';
		END IF;
		new.state := 'checked';
		new := derive_form_checked(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_resident_form(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.resident_form;
BEGIN
	SELECT x.* INTO t FROM resident_form x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_resident_form(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_resident_form(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_resident_form(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.resident_form FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "unit", "due", "persons", "reason", "issued_at", "issued_by", "returned_at", "received_by", "checked_at", "checked_by") ON lodge.resident_form TO lodge_name;
GRANT SELECT (id, version, area, state, "unit", "due", "persons", "reason", "issued_at", "issued_by", "returned_at", "received_by", "checked_at", "checked_by") ON lodge.resident_form TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.resident_form_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_form_take_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_form_give_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_form_check TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.resident_form_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_resident_form TO lodge_name, lodge_contact;
