CREATE FUNCTION op.decoy_plant(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.decoy;
	new lodge.decoy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'decoy.plant', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'decoy', NULL, NULL, 'plant', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'decoy', NULL, NULL, 'plant', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.reason := a_reason;
	who.args := jsonb_build_object();
	new.state := 'planted';
	new := derive_decoy_planted(new, who);
	IF guard_decoy_is_new(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'decoy', NULL, NULL, 'plant', 'refused', 'CNF-02', 'decoy_is_new', 'household', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.decoy', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO decoy VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'decoy', new.id, NULL, new.version, new.state, NULL, 'plant', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.decoy_lift(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.decoy;
	new lodge.decoy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'decoy.lift', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM decoy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'decoy', a_id, NULL, 'lift', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'decoy', a_id, NULL, 'lift', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'decoy', a_id, NULL, 'lift', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['planted']) THEN
		RETURN refused(who, 'decoy', a_id, NULL, 'lift', 'refused', 'CNF-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'lifted';
	new := derive_decoy_lifted(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE decoy SET version = new.version, state = new.state, household = new.household, reason = new.reason, planted_by = new.planted_by, planted_at = new.planted_at, lifted_at = new.lifted_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'decoy', new.id, NULL, new.version, new.state, NULL, 'lift', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_decoy(a_op text, old lodge.decoy, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.decoy := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['EM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'lift' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['planted']) THEN
			RETURN 'state';
		END IF;
		new.state := 'lifted';
		new := derive_decoy_lifted(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_decoy(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.decoy;
BEGIN
	SELECT x.* INTO t FROM decoy x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_decoy(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_decoy(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_decoy(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.decoy FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "household", "reason", "planted_by", "planted_at", "lifted_at") ON lodge.decoy TO lodge_name;
GRANT SELECT (id, version, state, "household", "reason", "planted_by", "planted_at", "lifted_at") ON lodge.decoy TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.decoy_plant TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.decoy_lift TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_decoy TO lodge_name, lodge_contact;
