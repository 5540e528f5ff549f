CREATE FUNCTION op.round_begin(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_building text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.round;
	new lodge.round;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'round.begin', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_building IS NOT NULL OR 'building' = ANY (a_given) THEN 'building' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['public','building'])) IS NOT TRUE THEN 'kind'
		WHEN a_building IS NOT NULL AND (char_length(a_building) <= 64) IS NOT TRUE THEN 'building' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['NM','SG','SL']::text[] THEN
		RETURN refused(who, 'round', NULL, NULL, 'begin', 'forbidden', NULL, 'role', NULL, ARRAY['NM','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	IF a_building IS NULL THEN
		new.building := NULL;
	ELSE
		SELECT t.id INTO new.building FROM building t WHERE (t.id = CASE WHEN a_building ~ '^[0-9]{1,18}$' THEN a_building::bigint END OR t.number = a_building) ORDER BY (t.number = a_building) DESC LIMIT 1;
		IF new.building IS NULL THEN
			RETURN refused(who, 'round', NULL, NULL, 'begin', 'not_found', NULL, 'reference', 'building', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'under_way';
	new := derive_round_begun(new, who);
	IF guard_round_of_building(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', NULL, NULL, 'begin', 'invalid', 'NGT-09', 'round_of_building', 'building', NULL, a_op_id, a_digest);
	END IF;
	IF guard_round_alone(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', NULL, NULL, 'begin', 'refused', 'NGT-09', 'round_alone', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_round_has_points(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', NULL, NULL, 'begin', 'refused', 'NGT-09', 'round_has_points', 'kind', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.round', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM round t), 0) + 1;
	BEGIN
	INSERT INTO round VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_round_begun(new, who);
	RETURN done(who, 'round', new.id, new.no::text, new.version, new.state, NULL, 'begin', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'building', CASE WHEN new.building IS DISTINCT FROM old.building THEN jsonb_build_array(old.building, new.building) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.round_begin_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_building text,
	j_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'round.begin', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.round_begin(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_kind, a_building);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'round', 'begin', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.round_see(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_point text, a_remark text, a_incident text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.round;
	new lodge.round;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'round.see', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_point IS NOT NULL OR 'point' = ANY (a_given) THEN 'point' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END, CASE WHEN a_incident IS NOT NULL OR 'incident' = ANY (a_given) THEN 'incident' END]::text[], NULL);
	IF a_point IS NULL THEN
		r.result := 'invalid'; r.field := 'point'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_point IS NOT NULL AND (char_length(a_point) <= 64) IS NOT TRUE THEN 'point'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 2, 200, false)) IS NOT TRUE THEN 'remark'
		WHEN a_incident IS NOT NULL AND (char_length(a_incident) <= 64) IS NOT TRUE THEN 'incident' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM round t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['NM','SG','SL']::text[] THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'forbidden', NULL, 'role', NULL, ARRAY['NM','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['under_way']) THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'refused', 'NGT-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('point', a_point, 'remark', a_remark, 'incident', a_incident);
	IF guard_round_see_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'forbidden', 'NGT-09', 'round_see_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_round_point_to_see(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'refused', 'NGT-09', 'round_point_to_see', 'point', NULL, a_op_id, a_digest);
	END IF;
	IF guard_round_incident(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', a_id, NULL, 'see', 'refused', 'NGT-09', 'round_incident', 'incident', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE round SET version = new.version, state = new.state, kind = new.kind, building = new.building, comment = new.comment, shift = new.shift, begun_by = new.begun_by, begun_at = new.begun_at, ended_at = new.ended_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_round_seen(new, who);
	RETURN done(who, 'round', new.id, new.no::text, new.version, new.state, NULL, 'see', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('point', CASE WHEN a_point IS NOT NULL THEN jsonb_build_array(NULL, a_point) END, 'remark', CASE WHEN a_remark IS NOT NULL THEN jsonb_build_array(NULL, a_remark) END, 'incident', CASE WHEN a_incident IS NOT NULL THEN jsonb_build_array(NULL, a_incident) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.round_see_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_point text, a_remark text, a_incident text,
	j_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM round t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'round.see', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.round_see(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_point, a_remark, a_incident);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'round', 'see', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.round_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_comment text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.round;
	new lodge.round;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'round.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_comment IS NOT NULL OR 'comment' = ANY (a_given) THEN 'comment' END]::text[], NULL);
	IF a_comment IS NULL THEN
		r.result := 'invalid'; r.field := 'comment'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_comment IS NOT NULL AND (is_text(a_comment, 2, 400, false)) IS NOT TRUE THEN 'comment' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM round t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'round', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['NM','SG','SL']::text[] THEN
		RETURN refused(who, 'round', a_id, NULL, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['NM','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'round', a_id, NULL, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['under_way']) THEN
		RETURN refused(who, 'round', a_id, NULL, 'close', 'refused', 'NGT-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'comment' = ANY (who.given) THEN
		new.comment := a_comment;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new := derive_round_closed(new, who);
	IF guard_round_close_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'round', a_id, NULL, 'close', 'forbidden', 'NGT-09', 'round_close_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE round SET version = new.version, state = new.state, kind = new.kind, building = new.building, comment = new.comment, shift = new.shift, begun_by = new.begun_by, begun_at = new.begun_at, ended_at = new.ended_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_round_closed(new, who);
	RETURN done(who, 'round', new.id, new.no::text, new.version, new.state, NULL, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('comment', CASE WHEN new.comment IS DISTINCT FROM old.comment THEN jsonb_build_array(old.comment, new.comment) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.round_close_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_comment text,
	j_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM round t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'round.close', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.round_close(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_comment);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'round', 'close', a_op_id, a_id, r);
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_round(a_op text, old lodge.round, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.round := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'see' THEN
		IF NOT who.acts_as && ARRAY['NM','SG','SL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['under_way']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['NM','SG','SL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['under_way']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_round(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.round;
BEGIN
	SELECT x.* INTO t FROM round x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_round(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_round(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_round(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.round FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "kind", "building", "comment", "shift", "begun_by", "begun_at", "ended_at") ON lodge.round TO lodge_name;
GRANT SELECT (id, version, state, "no", "kind", "building", "comment", "shift", "begun_by", "begun_at", "ended_at") ON lodge.round TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.round_begin TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.round_begin_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.round_see TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.round_see_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.round_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.round_close_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_round TO lodge_name, lodge_contact;
