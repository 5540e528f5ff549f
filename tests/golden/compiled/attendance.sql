CREATE FUNCTION op.attendance_check(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_employee text, a_finding text, a_place text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.attendance;
	new lodge.attendance;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'attendance.check', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_employee IS NOT NULL OR 'employee' = ANY (a_given) THEN 'employee' END, CASE WHEN a_finding IS NOT NULL OR 'finding' = ANY (a_given) THEN 'finding' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_employee IS NULL THEN
		r.result := 'invalid'; r.field := 'employee'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_finding IS NULL THEN
		r.result := 'invalid'; r.field := 'finding'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_employee IS NOT NULL AND (char_length(a_employee) <= 64) IS NOT TRUE THEN 'employee'
		WHEN a_finding IS NOT NULL AND (a_finding = ANY (ARRAY['present','late','absent','off_post','left_early'])) IS NOT TRUE THEN 'finding'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 2, 80, false)) IS NOT TRUE THEN 'place'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['NM','QC']::text[] THEN
		RETURN refused(who, 'attendance', NULL, NULL, 'check', 'forbidden', NULL, 'role', NULL, ARRAY['NM','QC']::text[], a_op_id, a_digest);
	END IF;
	IF a_employee IS NULL THEN
		new.employee := NULL;
	ELSE
		SELECT t.id INTO new.employee FROM staff t WHERE (t.id = CASE WHEN a_employee ~ '^[0-9]{1,18}$' THEN a_employee::bigint END OR t.work_no = a_employee OR t.login = a_employee) ORDER BY (t.work_no = a_employee) DESC LIMIT 1;
		IF new.employee IS NULL THEN
			RETURN refused(who, 'attendance', NULL, NULL, 'check', 'not_found', NULL, 'reference', 'employee', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.finding := a_finding;
	new.place := a_place;
	new.note := a_note;
	who.args := jsonb_build_object();
	new := derive_attendance_checked(new, who);
	IF guard_attendance_of_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'attendance', NULL, NULL, 'check', 'refused', 'STF-11', 'attendance_of_another', 'employee', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.attendance', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO attendance VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'attendance', new.id, NULL, new.version, NULL, NULL, 'check', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('employee', CASE WHEN new.employee IS DISTINCT FROM old.employee THEN jsonb_build_array(old.employee, new.employee) END, 'finding', CASE WHEN new.finding IS DISTINCT FROM old.finding THEN jsonb_build_array(old.finding, new.finding) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END)),
		array_remove(ARRAY[new.employee]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.attendance FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "employee", "finding", "place", "note", "at", "checked_by") ON lodge.attendance TO lodge_name;
GRANT SELECT (id, version, "employee", "finding", "place", "note", "at", "checked_by") ON lodge.attendance TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.attendance_check TO lodge_writer;
