CREATE FUNCTION op.standing_permission_grant(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_employee text, a_valid_from date, a_valid_until date, a_notice text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.standing_permission;
	new lodge.standing_permission;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'standing_permission.grant', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_employee IS NOT NULL OR 'employee' = ANY (a_given) THEN 'employee' END, CASE WHEN a_valid_from IS NOT NULL OR 'valid_from' = ANY (a_given) THEN 'valid_from' END, CASE WHEN a_valid_until IS NOT NULL OR 'valid_until' = ANY (a_given) THEN 'valid_until' END, CASE WHEN a_notice IS NOT NULL OR 'notice' = ANY (a_given) THEN 'notice' END]::text[], NULL);
	IF a_employee IS NULL THEN
		r.result := 'invalid'; r.field := 'employee'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_valid_from IS NULL THEN
		r.result := 'invalid'; r.field := 'valid_from'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_valid_until IS NULL THEN
		r.result := 'invalid'; r.field := 'valid_until'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_notice IS NULL THEN
		r.result := 'invalid'; r.field := 'notice'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_employee IS NOT NULL AND (char_length(a_employee) <= 64) IS NOT TRUE THEN 'employee'
		WHEN a_valid_from IS NOT NULL AND (isfinite(a_valid_from)) IS NOT TRUE THEN 'valid_from'
		WHEN a_valid_until IS NOT NULL AND (isfinite(a_valid_until)) IS NOT TRUE THEN 'valid_until'
		WHEN a_notice IS NOT NULL AND (is_text(a_notice, 2, 60, false)) IS NOT TRUE THEN 'notice' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'standing_permission', NULL, NULL, 'grant', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_employee IS NULL THEN
		new.employee := NULL;
	ELSE
		SELECT t.id INTO new.employee FROM staff t WHERE (t.id = CASE WHEN a_employee ~ '^[0-9]{1,18}$' THEN a_employee::bigint END OR t.work_no = a_employee OR t.login = a_employee) ORDER BY (t.work_no = a_employee) DESC LIMIT 1;
		IF new.employee IS NULL THEN
			RETURN refused(who, 'standing_permission', NULL, NULL, 'grant', 'not_found', NULL, 'reference', 'employee', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.valid_from := a_valid_from;
	new.valid_until := a_valid_until;
	new.notice := a_notice;
	who.args := jsonb_build_object();
	new.state := 'in_force';
	new := derive_standing_granted(new, who);
	IF guard_standing_by_head(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'standing_permission', NULL, NULL, 'grant', 'forbidden', 'STF-06', 'standing_by_head', 'employee', NULL, a_op_id, a_digest);
	END IF;
	IF guard_standing_days_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'standing_permission', NULL, NULL, 'grant', 'refused', 'STF-06', 'standing_days_in_order', 'valid_until', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.standing_permission', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO standing_permission VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'standing_permission', new.id, NULL, new.version, new.state, NULL, 'grant', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('employee', CASE WHEN new.employee IS DISTINCT FROM old.employee THEN jsonb_build_array(old.employee, new.employee) END, 'valid_from', CASE WHEN new.valid_from IS DISTINCT FROM old.valid_from THEN jsonb_build_array(old.valid_from, new.valid_from) END, 'valid_until', CASE WHEN new.valid_until IS DISTINCT FROM old.valid_until THEN jsonb_build_array(old.valid_until, new.valid_until) END, 'notice', CASE WHEN new.notice IS DISTINCT FROM old.notice THEN jsonb_build_array(old.notice, new.notice) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.employee, new.granted_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.standing_permission_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.standing_permission;
	new lodge.standing_permission;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'standing_permission.withdraw', a_digest);
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
	SELECT * INTO old FROM standing_permission t WHERE t.id = a_id AND ((who.acts_as && ARRAY['EM','SG','SL','SS']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.employee, t.granted_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_force']) THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'refused', 'STF-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	IF guard_standing_by_head(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'forbidden', 'STF-06', 'standing_by_head', 'employee', NULL, a_op_id, a_digest);
	END IF;
	IF guard_standing_days_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'standing_permission', a_id, NULL, 'withdraw', 'refused', 'STF-06', 'standing_days_in_order', 'valid_until', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE standing_permission SET version = new.version, state = new.state, employee = new.employee, valid_from = new.valid_from, valid_until = new.valid_until, notice = new.notice, granted_by = new.granted_by, granted_at = new.granted_at, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'standing_permission', new.id, NULL, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.employee, new.granted_by]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_standing_permission(a_op text, old lodge.standing_permission, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.standing_permission := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['EM','SG','SL','SS']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.employee, old.granted_by]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_force']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_standing_permission(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.standing_permission;
BEGIN
	SELECT x.* INTO t FROM standing_permission x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_standing_permission(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_standing_permission(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_standing_permission(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.standing_permission FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "employee", "valid_from", "valid_until", "notice", "granted_by", "granted_at", "reason") ON lodge.standing_permission TO lodge_name;
GRANT SELECT (id, version, state, "employee", "valid_from", "valid_until", "notice", "granted_by", "granted_at", "reason") ON lodge.standing_permission TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.standing_permission_grant TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.standing_permission_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_standing_permission TO lodge_name, lodge_contact;
