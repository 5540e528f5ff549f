CREATE FUNCTION op.break_glass_review(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_verdict text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.break_glass;
	new lodge.break_glass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'break_glass.review', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_verdict IS NOT NULL OR 'verdict' = ANY (a_given) THEN 'verdict' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_verdict IS NULL THEN
		r.result := 'invalid'; r.field := 'verdict'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_verdict IS NOT NULL AND (a_verdict = ANY (ARRAY['needed','not_needed'])) IS NOT TRUE THEN 'verdict'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 2, 400, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM break_glass t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.read_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'break_glass', a_id, NULL, 'review', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
		RETURN refused(who, 'break_glass', a_id, NULL, 'review', 'forbidden', NULL, 'role', NULL, ARRAY['CM','DEM','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'break_glass', a_id, NULL, 'review', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['used']) THEN
		RETURN refused(who, 'break_glass', a_id, NULL, 'review', 'refused', 'EMG-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'verdict' = ANY (who.given) THEN
		new.verdict := a_verdict;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'reviewed';
	new := derive_glass_reviewed(new, who);
	IF guard_glass_by_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'break_glass', a_id, NULL, 'review', 'forbidden', 'EMG-12', 'glass_by_another', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE break_glass SET version = new.version, state = new.state, emergency = new.emergency, unit = new.unit, book = new.book, record = new.record, opened = new.opened, purpose = new.purpose, read_by = new.read_by, read_at = new.read_at, review_due = new.review_due, verdict = new.verdict, note = new.note, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'break_glass', new.id, NULL, new.version, new.state, NULL, 'review', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('verdict', CASE WHEN new.verdict IS DISTINCT FROM old.verdict THEN jsonb_build_array(old.verdict, new.verdict) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.read_by]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_break_glass(a_op text, old lodge.break_glass, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.break_glass := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CM','DEM','EM']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.read_by]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'review' THEN
		IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['used']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_break_glass(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.break_glass;
BEGIN
	SELECT x.* INTO t FROM break_glass x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_break_glass(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_break_glass(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_break_glass(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.break_glass FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "emergency", "unit", "book", "record", "opened", "purpose", "read_by", "read_at", "review_due", "verdict", "note", "reviewed_by", "reviewed_at") ON lodge.break_glass TO lodge_name;
GRANT SELECT (id, version, state, "emergency", "unit", "book", "record", "opened", "purpose", "read_by", "read_at", "review_due", "verdict", "note", "reviewed_by", "reviewed_at") ON lodge.break_glass TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.break_glass_review TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_break_glass TO lodge_name, lodge_contact;
