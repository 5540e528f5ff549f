CREATE FUNCTION op.inspection_item_judge(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_verdict text, a_remedy text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.inspection_item;
	new lodge.inspection_item;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'inspection_item.judge', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_verdict IS NOT NULL OR 'verdict' = ANY (a_given) THEN 'verdict' END, CASE WHEN a_remedy IS NOT NULL OR 'remedy' = ANY (a_given) THEN 'remedy' END]::text[], NULL);
	IF a_verdict IS NULL THEN
		r.result := 'invalid'; r.field := 'verdict'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_verdict IS NOT NULL AND (a_verdict = ANY (ARRAY['ok','missing'])) IS NOT TRUE THEN 'verdict'
		WHEN a_remedy IS NOT NULL AND (is_text(a_remedy, 3, 200, false)) IS NOT TRUE THEN 'remedy' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM inspection_item t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'inspection_item', a_id, NULL, 'judge', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'judge', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'judge', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open','ok','missing']) THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'judge', 'refused', 'ARC-17', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'remedy' = ANY (who.given) THEN
		new.remedy := a_remedy;
	END IF;
	who.args := jsonb_build_object('verdict', a_verdict);
	new := derive_inspection_judged(new, who);
	IF guard_inspection_under_way(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'inspection_item', a_id, new.area, 'judge', 'refused', 'ARC-18', 'inspection_under_way', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_inspection_remedy_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'inspection_item', a_id, new.area, 'judge', 'invalid', 'ARC-17', 'inspection_remedy_named', 'remedy', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE inspection_item SET version = new.version, state = new.state, inspection = new.inspection, file = new.file, remedy = new.remedy, judged_at = new.judged_at, judged_by = new.judged_by, remedied_at = new.remedied_at, remedied_by = new.remedied_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'inspection_item', new.id, NULL, new.version, new.state, new.area, 'judge', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('verdict', CASE WHEN a_verdict IS NOT NULL THEN jsonb_build_array(NULL, a_verdict) END, 'remedy', CASE WHEN new.remedy IS DISTINCT FROM old.remedy THEN jsonb_build_array(old.remedy, new.remedy) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.inspection_item_remedy_done(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.inspection_item;
	new lodge.inspection_item;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'inspection_item.remedy_done', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM inspection_item t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'inspection_item', a_id, NULL, 'remedy_done', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'remedy_done', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'remedy_done', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['missing']) THEN
		RETURN refused(who, 'inspection_item', a_id, old.area, 'remedy_done', 'refused', 'ARC-17', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'remedied';
	new := derive_inspection_remedied(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE inspection_item SET version = new.version, state = new.state, inspection = new.inspection, file = new.file, remedy = new.remedy, judged_at = new.judged_at, judged_by = new.judged_by, remedied_at = new.remedied_at, remedied_by = new.remedied_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'inspection_item', new.id, NULL, new.version, new.state, new.area, 'remedy_done', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_inspection_item(a_op text, old lodge.inspection_item, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.inspection_item := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'judge' THEN
		IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open','ok','missing']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'remedy_done' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['missing']) THEN
			RETURN 'state';
		END IF;
		new.state := 'remedied';
		new := derive_inspection_remedied(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_inspection_item(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.inspection_item;
BEGIN
	SELECT x.* INTO t FROM inspection_item x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_inspection_item(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_inspection_item(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_inspection_item(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.inspection_item FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "inspection", "file", "remedy", "judged_at", "judged_by", "remedied_at", "remedied_by") ON lodge.inspection_item TO lodge_name;
GRANT SELECT (id, version, area, state, "inspection", "file", "remedy", "judged_at", "judged_by", "remedied_at", "remedied_by") ON lodge.inspection_item TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.inspection_item_judge TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.inspection_item_remedy_done TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_inspection_item TO lodge_name, lodge_contact;
