CREATE FUNCTION op.roster_assign(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_day text, a_kind text, a_post text, a_employee text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roster;
	new lodge.roster;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roster.assign', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_day IS NOT NULL OR 'day' = ANY (a_given) THEN 'day' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_post IS NOT NULL OR 'post' = ANY (a_given) THEN 'post' END, CASE WHEN a_employee IS NOT NULL OR 'employee' = ANY (a_given) THEN 'employee' END]::text[], NULL);
	IF a_day IS NULL THEN
		r.result := 'invalid'; r.field := 'day'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_post IS NULL THEN
		r.result := 'invalid'; r.field := 'post'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_employee IS NULL THEN
		r.result := 'invalid'; r.field := 'employee'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_day IS NOT NULL AND (isfinite(a_day::date)) IS NOT TRUE THEN 'day'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['day','night'])) IS NOT TRUE THEN 'kind'
		WHEN a_post IS NOT NULL AND (char_length(a_post) <= 64) IS NOT TRUE THEN 'post'
		WHEN a_employee IS NOT NULL AND (char_length(a_employee) <= 64) IS NOT TRUE THEN 'employee' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','NM','SS','ES']::text[] THEN
		RETURN refused(who, 'roster', NULL, NULL, 'assign', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','NM','SS','ES']::text[], a_op_id, a_digest);
	END IF;
	IF a_post IS NULL THEN
		new.post := NULL;
	ELSE
		SELECT t.id INTO new.post FROM post t WHERE (t.id = CASE WHEN a_post ~ '^[0-9]{1,18}$' THEN a_post::bigint END OR t.code = a_post) ORDER BY (t.code = a_post) DESC LIMIT 1;
		IF new.post IS NULL THEN
			RETURN refused(who, 'roster', NULL, NULL, 'assign', 'not_found', NULL, 'reference', 'post', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_employee IS NULL THEN
		new.employee := NULL;
	ELSE
		SELECT t.id INTO new.employee FROM staff t WHERE (t.id = CASE WHEN a_employee ~ '^[0-9]{1,18}$' THEN a_employee::bigint END OR t.work_no = a_employee OR t.login = a_employee) ORDER BY (t.work_no = a_employee) DESC LIMIT 1;
		IF new.employee IS NULL THEN
			RETURN refused(who, 'roster', NULL, NULL, 'assign', 'not_found', NULL, 'reference', 'employee', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object('day', a_day, 'kind', a_kind);
	new.state := 'assigned';
	new := derive_roster_assigned(new, who);
	IF guard_roster_post_in_use(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roster', NULL, NULL, 'assign', 'refused', 'OPS-02', 'roster_post_in_use', 'post', NULL, a_op_id, a_digest);
	END IF;
	IF guard_roster_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roster', NULL, NULL, 'assign', 'refused', 'OPS-02', 'roster_once', 'employee', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.roster', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO roster VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'roster', new.id, NULL, new.version, new.state, NULL, 'assign', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('day', CASE WHEN a_day IS NOT NULL THEN jsonb_build_array(NULL, a_day) END, 'kind', CASE WHEN a_kind IS NOT NULL THEN jsonb_build_array(NULL, a_kind) END, 'post', CASE WHEN new.post IS DISTINCT FROM old.post THEN jsonb_build_array(old.post, new.post) END, 'employee', CASE WHEN new.employee IS DISTINCT FROM old.employee THEN jsonb_build_array(old.employee, new.employee) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.roster_substitute(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_substitute text, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roster;
	new lodge.roster;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roster.substitute', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_substitute IS NOT NULL OR 'substitute' = ANY (a_given) THEN 'substitute' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_substitute IS NULL THEN
		r.result := 'invalid'; r.field := 'substitute'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_substitute IS NOT NULL AND (char_length(a_substitute) <= 64) IS NOT TRUE THEN 'substitute'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM roster t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','NM','SS','ES']::text[] THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','NM','SS','ES']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['assigned','substituted']) THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'substitute' = ANY (who.given) THEN
		IF a_substitute IS NULL THEN
			new.substitute := NULL;
		ELSE
			SELECT t.id INTO new.substitute FROM staff t WHERE (t.id = CASE WHEN a_substitute ~ '^[0-9]{1,18}$' THEN a_substitute::bigint END OR t.work_no = a_substitute OR t.login = a_substitute) ORDER BY (t.work_no = a_substitute) DESC LIMIT 1;
			IF new.substitute IS NULL THEN
				RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'not_found', NULL, 'reference', 'substitute', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'substituted';
	IF guard_roster_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'refused', 'NGT-02', 'roster_another', 'substitute', NULL, a_op_id, a_digest);
	END IF;
	IF guard_roster_not_over(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roster', a_id, NULL, 'substitute', 'refused', 'NGT-02', 'roster_not_over', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE roster SET version = new.version, state = new.state, shift = new.shift, post = new.post, employee = new.employee, substitute = new.substitute, reason = new.reason, assigned_by = new.assigned_by, assigned_at = new.assigned_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'roster', new.id, NULL, new.version, new.state, NULL, 'substitute', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('substitute', CASE WHEN new.substitute IS DISTINCT FROM old.substitute THEN jsonb_build_array(old.substitute, new.substitute) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.roster_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roster;
	new lodge.roster;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roster.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM roster t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'roster', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','NM','SS','ES']::text[] THEN
		RETURN refused(who, 'roster', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','NM','SS','ES']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'roster', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['assigned','substituted']) THEN
		RETURN refused(who, 'roster', a_id, NULL, 'withdraw', 'refused', 'OPS-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	IF guard_roster_not_begun(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roster', a_id, NULL, 'withdraw', 'refused', 'OPS-02', 'roster_not_begun', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE roster SET version = new.version, state = new.state, shift = new.shift, post = new.post, employee = new.employee, substitute = new.substitute, reason = new.reason, assigned_by = new.assigned_by, assigned_at = new.assigned_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'roster', new.id, NULL, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_roster(a_op text, old lodge.roster, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.roster := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'substitute' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','NM','SS','ES']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['assigned','substituted']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','NM','SS','ES']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['assigned','substituted']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		IF guard_roster_not_begun(new, who) IS NOT TRUE THEN
			RETURN 'roster_not_begun';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_roster(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.roster;
BEGIN
	SELECT x.* INTO t FROM roster x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_roster(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_roster(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_roster(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.roster FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "shift", "post", "employee", "substitute", "reason", "assigned_by", "assigned_at") ON lodge.roster TO lodge_name;
GRANT SELECT (id, version, state, "shift", "post", "employee", "substitute", "reason", "assigned_by", "assigned_at") ON lodge.roster TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.roster_assign TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roster_substitute TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roster_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_roster TO lodge_name, lodge_contact;
