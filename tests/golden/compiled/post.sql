CREATE FUNCTION op.post_set_up(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_code text, a_name text, a_kind text, a_place text, a_building text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post;
	new lodge.post;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post.set_up', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_code IS NOT NULL OR 'code' = ANY (a_given) THEN 'code' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_building IS NOT NULL OR 'building' = ANY (a_given) THEN 'building' END]::text[], NULL);
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
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['desk','gate','patrol','technical','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 2, 80, false)) IS NOT TRUE THEN 'place'
		WHEN a_building IS NOT NULL AND (char_length(a_building) <= 64) IS NOT TRUE THEN 'building' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','SS']::text[] THEN
		RETURN refused(who, 'post', NULL, NULL, 'set_up', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','SS']::text[], a_op_id, a_digest);
	END IF;
	new.code := a_code;
	new.name := a_name;
	new.kind := a_kind;
	new.place := a_place;
	IF a_building IS NULL THEN
		new.building := NULL;
	ELSE
		SELECT t.id INTO new.building FROM building t WHERE (t.id = CASE WHEN a_building ~ '^[0-9]{1,18}$' THEN a_building::bigint END OR t.number = a_building) ORDER BY (t.number = a_building) DESC LIMIT 1;
		IF new.building IS NULL THEN
			RETURN refused(who, 'post', NULL, NULL, 'set_up', 'not_found', NULL, 'reference', 'building', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'in_use';
	IF guard_post_is_new(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post', NULL, NULL, 'set_up', 'invalid', 'NGT-02', 'post_is_new', 'code', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.post', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO post VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post', new.id, NULL, new.version, new.state, NULL, 'set_up', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('code', CASE WHEN new.code IS DISTINCT FROM old.code THEN jsonb_build_array(old.code, new.code) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'building', CASE WHEN new.building IS DISTINCT FROM old.building THEN jsonb_build_array(old.building, new.building) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_change(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_name text, a_kind text, a_place text, a_building text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post;
	new lodge.post;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post.change', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_building IS NOT NULL OR 'building' = ANY (a_given) THEN 'building' END]::text[], NULL);
	IF a_name IS NULL AND 'name' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL AND 'kind' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['desk','gate','patrol','technical','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 2, 80, false)) IS NOT TRUE THEN 'place'
		WHEN a_building IS NOT NULL AND (char_length(a_building) <= 64) IS NOT TRUE THEN 'building' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM post t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post', a_id, NULL, 'change', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','SS']::text[] THEN
		RETURN refused(who, 'post', a_id, NULL, 'change', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post', a_id, NULL, 'change', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_use']) THEN
		RETURN refused(who, 'post', a_id, NULL, 'change', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'name' = ANY (who.given) THEN
		new.name := a_name;
	END IF;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'place' = ANY (who.given) THEN
		new.place := a_place;
	END IF;
	IF 'building' = ANY (who.given) THEN
		IF a_building IS NULL THEN
			new.building := NULL;
		ELSE
			SELECT t.id INTO new.building FROM building t WHERE (t.id = CASE WHEN a_building ~ '^[0-9]{1,18}$' THEN a_building::bigint END OR t.number = a_building) ORDER BY (t.number = a_building) DESC LIMIT 1;
			IF new.building IS NULL THEN
				RETURN refused(who, 'post', a_id, NULL, 'change', 'not_found', NULL, 'reference', 'building', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE post SET version = new.version, state = new.state, code = new.code, name = new.name, kind = new.kind, place = new.place, building = new.building WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post', new.id, NULL, new.version, new.state, NULL, 'change', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'building', CASE WHEN new.building IS DISTINCT FROM old.building THEN jsonb_build_array(old.building, new.building) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post;
	new lodge.post;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM post t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','SS']::text[] THEN
		RETURN refused(who, 'post', a_id, NULL, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post', a_id, NULL, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_use']) THEN
		RETURN refused(who, 'post', a_id, NULL, 'close', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new.version := old.version + 1;
	BEGIN
	UPDATE post SET version = new.version, state = new.state, code = new.code, name = new.name, kind = new.kind, place = new.place, building = new.building WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post', new.id, NULL, new.version, new.state, NULL, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_post(a_op text, old lodge.post, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.post := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'change' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_use']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','SS']::text[] THEN
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

CREATE OR REPLACE FUNCTION lodge.why_post(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.post;
BEGIN
	SELECT x.* INTO t FROM post x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_post(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_post(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_post(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.post FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "code", "name", "kind", "place", "building") ON lodge.post TO lodge_name;
GRANT SELECT (id, version, state, "code", "name", "kind", "place", "building") ON lodge.post TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.post_set_up TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_change TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_post TO lodge_name, lodge_contact;
