CREATE FUNCTION op.room_entry_enter(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_person_name text, a_employee text, a_body text, a_purpose text, a_escort text, a_loan text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_entry;
	new lodge.room_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_entry.enter', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_person_name IS NOT NULL OR 'person_name' = ANY (a_given) THEN 'person_name' END, CASE WHEN a_employee IS NOT NULL OR 'employee' = ANY (a_given) THEN 'employee' END, CASE WHEN a_body IS NOT NULL OR 'body' = ANY (a_given) THEN 'body' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END, CASE WHEN a_loan IS NOT NULL OR 'loan' = ANY (a_given) THEN 'loan' END]::text[], NULL);
	IF a_purpose IS NULL THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_person_name IS NOT NULL AND (is_text(a_person_name, 2, 80, false)) IS NOT TRUE THEN 'person_name'
		WHEN a_employee IS NOT NULL AND (char_length(a_employee) <= 64) IS NOT TRUE THEN 'employee'
		WHEN a_body IS NOT NULL AND (is_text(a_body, 1, 80, false)) IS NOT TRUE THEN 'body'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 3, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort'
		WHEN a_loan IS NOT NULL AND (char_length(a_loan) <= 64) IS NOT TRUE THEN 'loan' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[] THEN
		RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[], a_op_id, a_digest);
	END IF;
	new.person_name := a_person_name;
	IF a_employee IS NULL THEN
		new.employee := NULL;
	ELSE
		SELECT t.id INTO new.employee FROM staff t WHERE (t.id = CASE WHEN a_employee ~ '^[0-9]{1,18}$' THEN a_employee::bigint END OR t.work_no = a_employee OR t.login = a_employee) ORDER BY (t.work_no = a_employee) DESC LIMIT 1;
		IF new.employee IS NULL THEN
			RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'not_found', NULL, 'reference', 'employee', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.body := a_body;
	new.purpose := a_purpose;
	IF a_escort IS NULL THEN
		new.escort := NULL;
	ELSE
		SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
		IF new.escort IS NULL THEN
			RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_loan IS NULL THEN
		new.loan := NULL;
	ELSE
		SELECT t.id INTO new.loan FROM loan t WHERE (t.id = CASE WHEN a_loan ~ '^[0-9]{1,18}$' THEN a_loan::bigint END) AND t.area = ANY (who.areas);
		IF new.loan IS NULL THEN
			RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'not_found', NULL, 'reference', 'loan', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_room_entered(new, who);
	IF guard_room_person_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'invalid', 'LOAN-13', 'room_person_given', 'person_name', NULL, a_op_id, a_digest);
	END IF;
	IF guard_room_escort_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'refused', 'LOAN-13', 'room_escort_named', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_room_escort_centre(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'refused', 'LOAN-13', 'room_escort_centre', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_room_not_inside(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_entry', NULL, NULL, 'enter', 'refused', 'LOAN-13', 'room_not_inside', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.room_entry', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO room_entry VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'room_entry', new.id, NULL, new.version, new.state, NULL, 'enter', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('person_name', CASE WHEN new.person_name IS DISTINCT FROM old.person_name THEN jsonb_build_array(old.person_name, new.person_name) END, 'employee', CASE WHEN new.employee IS DISTINCT FROM old.employee THEN jsonb_build_array(old.employee, new.employee) END, 'body', CASE WHEN new.body IS DISTINCT FROM old.body THEN jsonb_build_array(old.body, new.body) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'loan', CASE WHEN new.loan IS DISTINCT FROM old.loan THEN jsonb_build_array(old.loan, new.loan) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.room_entry_leave(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_entry;
	new lodge.room_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_entry.leave', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM room_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'leave', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[] THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'leave', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'leave', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['inside']) THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'leave', 'refused', 'LOAN-13', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_room_left(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE room_entry SET version = new.version, state = new.state, person_name = new.person_name, employee = new.employee, body = new.body, purpose = new.purpose, escort = new.escort, loan = new.loan, in_at = new.in_at, out_at = new.out_at, escort_out_at = new.escort_out_at, entered_by = new.entered_by, centre_staff = new.centre_staff WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'room_entry', new.id, NULL, new.version, new.state, NULL, 'leave', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.room_entry_escort_leave(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_entry;
	new lodge.room_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_entry.escort_leave', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM room_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'escort_leave', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[] THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'escort_leave', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'escort_leave', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['left']) THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'escort_leave', 'refused', 'LOAN-13', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new := derive_room_escort_left(new, who);
	IF guard_room_escort_free(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_entry', a_id, NULL, 'escort_leave', 'refused', 'LOAN-13', 'room_escort_free', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE room_entry SET version = new.version, state = new.state, person_name = new.person_name, employee = new.employee, body = new.body, purpose = new.purpose, escort = new.escort, loan = new.loan, in_at = new.in_at, out_at = new.out_at, escort_out_at = new.escort_out_at, entered_by = new.entered_by, centre_staff = new.centre_staff WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'room_entry', new.id, NULL, new.version, new.state, NULL, 'escort_leave', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_room_entry(a_op text, old lodge.room_entry, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.room_entry := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','DEM','EM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'leave' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['inside']) THEN
			RETURN 'state';
		END IF;
		new := derive_room_left(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'escort_leave' THEN
		IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['left']) THEN
			RETURN 'state';
		END IF;
		new.state := 'closed';
		new := derive_room_escort_left(new, who);
		IF guard_room_escort_free(new, who) IS NOT TRUE THEN
			RETURN 'room_escort_free';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_room_entry(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.room_entry;
BEGIN
	SELECT x.* INTO t FROM room_entry x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_room_entry(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_room_entry(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_room_entry(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.room_entry FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "person_name", "employee", "body", "purpose", "escort", "loan", "in_at", "out_at", "escort_out_at", "entered_by", "centre_staff") ON lodge.room_entry TO lodge_name;
GRANT SELECT (id, version, state, "person_name", "employee", "body", "purpose", "escort", "loan", "in_at", "out_at", "escort_out_at", "entered_by", "centre_staff") ON lodge.room_entry TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.room_entry_enter TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.room_entry_leave TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.room_entry_escort_leave TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_room_entry TO lodge_name, lodge_contact;
