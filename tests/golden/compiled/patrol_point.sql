CREATE FUNCTION op.patrol_point_set_up(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_code text, a_name text, a_kind text, a_building text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.patrol_point;
	new lodge.patrol_point;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'patrol_point.set_up', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_code IS NOT NULL OR 'code' = ANY (a_given) THEN 'code' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_building IS NOT NULL OR 'building' = ANY (a_given) THEN 'building' END]::text[], NULL);
	IF a_code IS NULL THEN
		r.result := 'invalid'; r.field := 'code'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_code IS NOT NULL AND (is_text(a_code, 1, 12, false)) IS NOT TRUE THEN 'code'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['public','building'])) IS NOT TRUE THEN 'kind'
		WHEN a_building IS NOT NULL AND (char_length(a_building) <= 64) IS NOT TRUE THEN 'building' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','NM','SS']::text[] THEN
		RETURN refused(who, 'patrol_point', NULL, NULL, 'set_up', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	new.code := a_code;
	new.name := a_name;
	new.kind := a_kind;
	IF a_building IS NULL THEN
		new.building := NULL;
	ELSE
		SELECT t.id INTO new.building FROM building t WHERE (t.id = CASE WHEN a_building ~ '^[0-9]{1,18}$' THEN a_building::bigint END OR t.number = a_building) ORDER BY (t.number = a_building) DESC LIMIT 1;
		IF new.building IS NULL THEN
			RETURN refused(who, 'patrol_point', NULL, NULL, 'set_up', 'not_found', NULL, 'reference', 'building', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'in_use';
	IF guard_point_is_new(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'patrol_point', NULL, NULL, 'set_up', 'invalid', 'NGT-09', 'point_is_new', 'code', NULL, a_op_id, a_digest);
	END IF;
	IF guard_point_of_building(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'patrol_point', NULL, NULL, 'set_up', 'invalid', 'NGT-09', 'point_of_building', 'building', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.patrol_point', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO patrol_point VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'patrol_point', new.id, NULL, new.version, new.state, NULL, 'set_up', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('code', CASE WHEN new.code IS DISTINCT FROM old.code THEN jsonb_build_array(old.code, new.code) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'building', CASE WHEN new.building IS DISTINCT FROM old.building THEN jsonb_build_array(old.building, new.building) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.patrol_point_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.patrol_point;
	new lodge.patrol_point;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'patrol_point.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM patrol_point t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'patrol_point', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','NM','SS']::text[] THEN
		RETURN refused(who, 'patrol_point', a_id, NULL, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'patrol_point', a_id, NULL, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_use']) THEN
		RETURN refused(who, 'patrol_point', a_id, NULL, 'close', 'refused', 'NGT-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new.version := old.version + 1;
	BEGIN
	UPDATE patrol_point SET version = new.version, state = new.state, code = new.code, name = new.name, kind = new.kind, building = new.building WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'patrol_point', new.id, NULL, new.version, new.state, NULL, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_patrol_point(a_op text, old lodge.patrol_point, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.patrol_point := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_use']) THEN
			RETURN 'state';
		END IF;
		new.state := 'closed';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_patrol_point(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.patrol_point;
BEGIN
	SELECT x.* INTO t FROM patrol_point x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_patrol_point(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_patrol_point(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_patrol_point(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.patrol_point FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "code", "name", "kind", "building") ON lodge.patrol_point TO lodge_name;
GRANT SELECT (id, version, state, "code", "name", "kind", "building") ON lodge.patrol_point TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.patrol_point_set_up TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.patrol_point_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_patrol_point TO lodge_name, lodge_contact;
