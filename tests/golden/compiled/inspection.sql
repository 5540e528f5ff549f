CREATE FUNCTION op.inspection_draw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.inspection;
	new lodge.inspection;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'inspection.draw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['half_year','full'])) IS NOT TRUE THEN 'kind' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'inspection', NULL, NULL, 'draw', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	who.args := jsonb_build_object();
	new.state := 'drawn';
	new := derive_inspection_drawn(new, who);
	IF guard_inspection_has_files(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'inspection', NULL, NULL, 'draw', 'refused', 'ARC-18', 'inspection_has_files', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.inspection', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM inspection t), 0) + 1;
	BEGIN
	INSERT INTO inspection VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_inspection_drawn(new, who);
	RETURN done(who, 'inspection', new.id, new.no::text, new.version, new.state, NULL, 'draw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.inspection_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_findings text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.inspection;
	new lodge.inspection;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'inspection.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_findings IS NOT NULL OR 'findings' = ANY (a_given) THEN 'findings' END]::text[], NULL);
	r.field := CASE
		WHEN a_findings IS NOT NULL AND (is_text(a_findings, 3, 4000, true)) IS NOT TRUE THEN 'findings' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM inspection t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'inspection', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'inspection', a_id, NULL, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'inspection', a_id, NULL, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['drawn']) THEN
		RETURN refused(who, 'inspection', a_id, NULL, 'close', 'refused', 'ARC-18', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'findings' = ANY (who.given) THEN
		new.findings := a_findings;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new := derive_inspection_closed(new, who);
	IF guard_inspection_enough_checked(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'inspection', a_id, NULL, 'close', 'refused', 'ARC-18', 'inspection_enough_checked', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE inspection SET version = new.version, state = new.state, kind = new.kind, population = new.population, required = new.required, unfinished = new.unfinished, drawn_at = new.drawn_at, drawn_by = new.drawn_by, closed_at = new.closed_at, closed_by = new.closed_by, findings = new.findings WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_inspection_closed(new, who);
	RETURN done(who, 'inspection', new.id, new.no::text, new.version, new.state, NULL, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('findings', CASE WHEN new.findings IS DISTINCT FROM old.findings THEN jsonb_build_array(old.findings, new.findings) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_inspection(a_op text, old lodge.inspection, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.inspection := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['drawn']) THEN
			RETURN 'state';
		END IF;
		new.state := 'closed';
		new := derive_inspection_closed(new, who);
		IF guard_inspection_enough_checked(new, who) IS NOT TRUE THEN
			RETURN 'inspection_enough_checked';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_inspection(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.inspection;
BEGIN
	SELECT x.* INTO t FROM inspection x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_inspection(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_inspection(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_inspection(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.inspection FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "kind", "population", "required", "unfinished", "drawn_at", "drawn_by", "closed_at", "closed_by", "findings") ON lodge.inspection TO lodge_name;
GRANT SELECT (id, version, state, "no", "kind", "population", "required", "unfinished", "drawn_at", "drawn_by", "closed_at", "closed_by", "findings") ON lodge.inspection TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.inspection_draw TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.inspection_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_inspection TO lodge_name, lodge_contact;
