CREATE FUNCTION op.phone_consent_give(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_until date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.phone_consent;
	new lodge.phone_consent;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'phone_consent.give', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_until IS NOT NULL OR 'until' = ANY (a_given) THEN 'until' END]::text[], NULL);
	r.field := CASE
		WHEN a_until IS NOT NULL AND (isfinite(a_until)) IS NOT TRUE THEN 'until' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'phone_consent', NULL, NULL, 'give', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	new.until := a_until;
	who.args := jsonb_build_object();
	new.state := 'given';
	new := derive_consent_given(new, who);
	IF guard_consent_not_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'phone_consent', NULL, NULL, 'give', 'refused', 'CNF-12', 'consent_not_given', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.phone_consent', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO phone_consent VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'phone_consent', new.id, NULL, new.version, new.state, NULL, 'give', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('until', CASE WHEN new.until IS DISTINCT FROM old.until THEN jsonb_build_array(old.until, new.until) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.employee]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.phone_consent_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.phone_consent;
	new lodge.phone_consent;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'phone_consent.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM phone_consent t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','EM']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.employee]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'phone_consent', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'phone_consent', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'phone_consent', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['given']) THEN
		RETURN refused(who, 'phone_consent', a_id, NULL, 'withdraw', 'refused', 'CNF-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new := derive_consent_withdrawn(new, who);
	IF guard_consent_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'phone_consent', a_id, NULL, 'withdraw', 'forbidden', 'CNF-12', 'consent_own', 'employee', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE phone_consent SET version = new.version, state = new.state, employee = new.employee, given_at = new.given_at, until = new.until, withdrawn_at = new.withdrawn_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'phone_consent', new.id, NULL, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.employee]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_phone_consent(a_op text, old lodge.phone_consent, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.phone_consent := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','EM']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.employee]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['given']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		new := derive_consent_withdrawn(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_phone_consent(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.phone_consent;
BEGIN
	SELECT x.* INTO t FROM phone_consent x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_phone_consent(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_phone_consent(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_phone_consent(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.phone_consent FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "employee", "given_at", "until", "withdrawn_at") ON lodge.phone_consent TO lodge_name;
GRANT SELECT (id, version, state, "employee", "given_at", "until", "withdrawn_at") ON lodge.phone_consent TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.phone_consent_give TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.phone_consent_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_phone_consent TO lodge_name, lodge_contact;
