CREATE FUNCTION op.staff_pin_set(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_staff text, a_pin text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.staff_pin;
	new lodge.staff_pin;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'staff_pin.set', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_staff IS NOT NULL OR 'staff' = ANY (a_given) THEN 'staff' END, CASE WHEN a_pin IS NOT NULL OR 'pin' = ANY (a_given) THEN 'pin' END]::text[], NULL);
	IF a_pin IS NULL THEN
		r.result := 'invalid'; r.field := 'pin'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_staff IS NOT NULL AND (char_length(a_staff) <= 64) IS NOT TRUE THEN 'staff'
		WHEN a_pin IS NOT NULL AND (a_pin ~ '^\\x[0-9a-f]{64}$') IS NOT TRUE THEN 'pin' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'staff_pin', NULL, NULL, 'set', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_staff IS NULL THEN
		new.staff := NULL;
	ELSE
		SELECT t.id INTO new.staff FROM staff t WHERE (t.id = CASE WHEN a_staff ~ '^[0-9]{1,18}$' THEN a_staff::bigint END OR t.work_no = a_staff OR t.login = a_staff) ORDER BY (t.work_no = a_staff) DESC LIMIT 1;
		IF new.staff IS NULL THEN
			RETURN refused(who, 'staff_pin', NULL, NULL, 'set', 'not_found', NULL, 'reference', 'staff', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object('pin', a_pin);
	new.state := 'in_force';
	new := derive_pin_set(new, who);
	IF guard_pin_superior(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_pin', NULL, NULL, 'set', 'forbidden', 'NGT-02', 'pin_superior', 'staff', NULL, a_op_id, a_digest);
	END IF;
	new := prepare_pin_set(new, who);
	new.id := nextval(pg_get_serial_sequence('lodge.staff_pin', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO staff_pin VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'staff_pin', new.id, NULL, new.version, new.state, NULL, 'set', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('staff', CASE WHEN new.staff IS DISTINCT FROM old.staff THEN jsonb_build_array(old.staff, new.staff) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.staff]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.staff_pin FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "staff", "set_by", "set_at") ON lodge.staff_pin TO lodge_name;
GRANT SELECT (id, version, state, "staff", "set_by", "set_at") ON lodge.staff_pin TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.staff_pin_set TO lodge_writer;
