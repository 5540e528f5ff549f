CREATE FUNCTION op.watch_note_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_watched text, a_seen text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.watch_note;
	new lodge.watch_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'watch_note.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_watched IS NOT NULL OR 'watched' = ANY (a_given) THEN 'watched' END, CASE WHEN a_seen IS NOT NULL OR 'seen' = ANY (a_given) THEN 'seen' END]::text[], NULL);
	IF a_watched IS NULL THEN
		r.result := 'invalid'; r.field := 'watched'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_seen IS NULL THEN
		r.result := 'invalid'; r.field := 'seen'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_watched IS NOT NULL AND (char_length(a_watched) <= 64) IS NOT TRUE THEN 'watched'
		WHEN a_seen IS NOT NULL AND (is_text(a_seen, 3, 400, false)) IS NOT TRUE THEN 'seen' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] THEN
		RETURN refused(who, 'watch_note', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[], a_op_id, a_digest);
	END IF;
	IF a_watched IS NULL THEN
		new.watched := NULL;
	ELSE
		SELECT t.id INTO new.watched FROM key_household t WHERE (t.id = CASE WHEN a_watched ~ '^[0-9]{1,18}$' THEN a_watched::bigint END) AND t.area = ANY (who.areas);
		IF new.watched IS NULL THEN
			RETURN refused(who, 'watch_note', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'watched', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.seen := a_seen;
	who.args := jsonb_build_object();
	new.state := 'open';
	new := derive_watch_noted(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'watch_note', NULL, NULL, 'note', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_watch_note_listed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'watch_note', NULL, new.area, 'note', 'refused', 'NGT-10', 'watch_note_listed', 'watched', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.watch_note', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO watch_note VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'watch_note', new.id, NULL, new.version, new.state, new.area, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('watched', CASE WHEN new.watched IS DISTINCT FROM old.watched THEN jsonb_build_array(old.watched, new.watched) END, 'seen', CASE WHEN new.seen IS DISTINCT FROM old.seen THEN jsonb_build_array(old.seen, new.seen) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.watch_note_note_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_watched text, a_seen text,
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
		r := journal_again(a_op_id, 'watch_note.note', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.watch_note_note(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_watched, a_seen);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'watch_note', 'note', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.watch_note_decide(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_decision text, a_police boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.watch_note;
	new lodge.watch_note;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'watch_note.decide', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_decision IS NOT NULL OR 'decision' = ANY (a_given) THEN 'decision' END, CASE WHEN a_police IS NOT NULL OR 'police' = ANY (a_given) THEN 'police' END]::text[], NULL);
	IF a_decision IS NULL THEN
		r.result := 'invalid'; r.field := 'decision'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_decision IS NOT NULL AND (is_text(a_decision, 2, 400, false)) IS NOT TRUE THEN 'decision'
		WHEN a_police IS NOT NULL AND (true) IS NOT TRUE THEN 'police' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM watch_note t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'watch_note', a_id, NULL, 'decide', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM']::text[] THEN
		RETURN refused(who, 'watch_note', a_id, old.area, 'decide', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'watch_note', a_id, old.area, 'decide', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'watch_note', a_id, old.area, 'decide', 'refused', 'KEYH-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'decision' = ANY (who.given) THEN
		new.decision := a_decision;
	END IF;
	IF 'police' = ANY (who.given) THEN
		new.police := a_police;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'decided';
	new := derive_watch_decided(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE watch_note SET version = new.version, state = new.state, watched = new.watched, unit = new.unit, seen = new.seen, round = new.round, noted_by = new.noted_by, noted_at = new.noted_at, decision = new.decision, police = new.police, decided_by = new.decided_by, decided_at = new.decided_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'watch_note', new.id, NULL, new.version, new.state, new.area, 'decide', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('decision', CASE WHEN new.decision IS DISTINCT FROM old.decision THEN jsonb_build_array(old.decision, new.decision) END, 'police', CASE WHEN new.police IS DISTINCT FROM old.police THEN jsonb_build_array(old.police, new.police) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_watch_note(a_op text, old lodge.watch_note, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.watch_note := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'decide' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_watch_note(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.watch_note;
BEGIN
	SELECT x.* INTO t FROM watch_note x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_watch_note(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_watch_note(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_watch_note(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.watch_note FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "watched", "unit", "seen", "round", "noted_by", "noted_at", "decision", "police", "decided_by", "decided_at") ON lodge.watch_note TO lodge_name;
GRANT SELECT (id, version, area, state, "watched", "unit", "seen", "round", "noted_by", "noted_at", "decision", "police", "decided_by", "decided_at") ON lodge.watch_note TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.watch_note_note TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.watch_note_note_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.watch_note_decide TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_watch_note TO lodge_name, lodge_contact;
