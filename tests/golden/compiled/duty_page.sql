CREATE FUNCTION op.duty_page_open(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_page;
	new lodge.duty_page;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_page.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_page', NULL, NULL, 'open', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	who.args := jsonb_build_object();
	new.state := 'open';
	new := derive_page_opened(new, who);
	IF guard_page_none_open(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_page', NULL, NULL, 'open', 'refused', 'LOG-06', 'page_none_open', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_page_first_of_shift(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_page', NULL, NULL, 'open', 'refused', 'LOG-02', 'page_first_of_shift', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.duty_page', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO duty_page VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_page_opened(new, who);
	RETURN done(who, 'duty_page', new.id, NULL, new.version, new.state, NULL, 'open', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.duty_page_appoint(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_owner text, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_page;
	new lodge.duty_page;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_page.appoint', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_owner IS NOT NULL OR 'owner' = ANY (a_given) THEN 'owner' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_owner IS NULL THEN
		r.result := 'invalid'; r.field := 'owner'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_owner IS NOT NULL AND (char_length(a_owner) <= 64) IS NOT TRUE THEN 'owner'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 5, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM duty_page t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
		RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'forbidden', NULL, 'role', NULL, ARRAY['CM','DEM','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'refused', 'LOG-08', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'owner' = ANY (who.given) THEN
		IF a_owner IS NULL THEN
			new.owner := NULL;
		ELSE
			SELECT t.id INTO new.owner FROM staff t WHERE (t.id = CASE WHEN a_owner ~ '^[0-9]{1,18}$' THEN a_owner::bigint END OR t.work_no = a_owner OR t.login = a_owner) ORDER BY (t.work_no = a_owner) DESC LIMIT 1;
			IF new.owner IS NULL THEN
				RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'not_found', NULL, 'reference', 'owner', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	IF guard_page_owner_may(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_page', a_id, NULL, 'appoint', 'refused', 'LOG-06', 'page_owner_may', 'owner', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE duty_page SET version = new.version, state = new.state, code = new.code, shift = new.shift, owner = new.owner, opened_by = new.opened_by, opened_at = new.opened_at, follows = new.follows, carried = new.carried, reason = new.reason, closed_by = new.closed_by, closed_at = new.closed_at, accepted_by = new.accepted_by, log_from = new.log_from, log_no = new.log_no, log_digest = new.log_digest WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_page_appointed(new, who);
	RETURN done(who, 'duty_page', new.id, NULL, new.version, new.state, NULL, 'appoint', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('owner', CASE WHEN new.owner IS DISTINCT FROM old.owner THEN jsonb_build_array(old.owner, new.owner) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_duty_page(a_op text, old lodge.duty_page, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.duty_page := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'appoint' THEN
		IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_duty_page(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.duty_page;
BEGIN
	SELECT x.* INTO t FROM duty_page x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_duty_page(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_duty_page(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_duty_page(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.duty_page FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "code", "shift", "owner", "opened_by", "opened_at", "follows", "carried", "reason", "closed_by", "closed_at", "accepted_by", "log_from", "log_no", "log_digest") ON lodge.duty_page TO lodge_name;
GRANT SELECT (id, version, state, "code", "shift", "owner", "opened_by", "opened_at", "follows", "carried", "reason", "closed_by", "closed_at", "accepted_by", "log_from", "log_no", "log_digest") ON lodge.duty_page TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.duty_page_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_page_appoint TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_duty_page TO lodge_name, lodge_contact;
