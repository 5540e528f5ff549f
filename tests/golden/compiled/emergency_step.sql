CREATE FUNCTION op.emergency_step_tick(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_step;
	new lodge.emergency_step;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_step.tick', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 2, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM emergency_step t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting']) THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'refused', 'EMG-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'done';
	new := derive_step_ticked(new, who);
	IF guard_step_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'refused', 'EMG-01', 'step_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_step_organisers(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency_step', a_id, NULL, 'tick', 'refused', 'EMG-09', 'step_organisers', 'note', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency_step SET version = new.version, state = new.state, emergency = new.emergency, place = new.place, step = new.step, note = new.note, done_by = new.done_by, done_at = new.done_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_step', new.id, NULL, new.version, new.state, NULL, 'tick', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_step_tick_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text,
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
	a_version := coalesce((SELECT t.version FROM emergency_step t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'emergency_step.tick', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.emergency_step_tick(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'emergency_step', 'tick', a_op_id, a_id, r);
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_emergency_step(a_op text, old lodge.emergency_step, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.emergency_step := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'tick' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting']) THEN
			RETURN 'state';
		END IF;
		new.state := 'done';
		new := derive_step_ticked(new, who);
		IF guard_step_runs(new, who) IS NOT TRUE THEN
			RETURN 'step_runs';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_emergency_step(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.emergency_step;
BEGIN
	SELECT x.* INTO t FROM emergency_step x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_emergency_step(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_emergency_step(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_emergency_step(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.emergency_step FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "emergency", "place", "step", "note", "done_by", "done_at") ON lodge.emergency_step TO lodge_name;
GRANT SELECT (id, version, state, "emergency", "place", "step", "note", "done_by", "done_at") ON lodge.emergency_step TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.emergency_step_tick TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_step_tick_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_emergency_step TO lodge_name, lodge_contact;
