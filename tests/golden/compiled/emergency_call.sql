CREATE FUNCTION op.emergency_call_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_whom text, a_party text, a_event text, a_what text, a_answered text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_call;
	new lodge.emergency_call;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_call.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_emergency IS NOT NULL OR 'emergency' = ANY (a_given) THEN 'emergency' END, CASE WHEN a_whom IS NOT NULL OR 'whom' = ANY (a_given) THEN 'whom' END, CASE WHEN a_party IS NOT NULL OR 'party' = ANY (a_given) THEN 'party' END, CASE WHEN a_event IS NOT NULL OR 'event' = ANY (a_given) THEN 'event' END, CASE WHEN a_what IS NOT NULL OR 'what' = ANY (a_given) THEN 'what' END, CASE WHEN a_answered IS NOT NULL OR 'answered' = ANY (a_given) THEN 'answered' END]::text[], NULL);
	IF a_emergency IS NULL THEN
		r.result := 'invalid'; r.field := 'emergency'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_whom IS NULL THEN
		r.result := 'invalid'; r.field := 'whom'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_emergency IS NOT NULL AND (char_length(a_emergency) <= 64) IS NOT TRUE THEN 'emergency'
		WHEN a_whom IS NOT NULL AND (is_text(a_whom, 1, 80, false)) IS NOT TRUE THEN 'whom'
		WHEN a_party IS NOT NULL AND (a_party = ANY (ARRAY['management','security','engineering','control','cleaning','police','fire','ambulance','utility','organiser','resident','other'])) IS NOT TRUE THEN 'party'
		WHEN a_event IS NOT NULL AND (is_text(a_event, 2, 120, false)) IS NOT TRUE THEN 'event'
		WHEN a_what IS NOT NULL AND (is_text(a_what, 2, 400, false)) IS NOT TRUE THEN 'what'
		WHEN a_answered IS NOT NULL AND (true) IS NOT TRUE THEN 'answered' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
		RETURN refused(who, 'emergency_call', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_emergency IS NULL THEN
		new.emergency := NULL;
	ELSE
		SELECT t.id INTO new.emergency FROM emergency t WHERE (t.id = CASE WHEN a_emergency ~ '^[0-9]{1,18}$' THEN a_emergency::bigint END);
		IF new.emergency IS NULL THEN
			RETURN refused(who, 'emergency_call', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'emergency', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.whom := a_whom;
	new.party := a_party;
	new.event := a_event;
	new.what := a_what;
	who.args := jsonb_build_object('answered', a_answered);
	new := derive_call_noted(new, who);
	IF guard_call_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency_call', NULL, NULL, 'note', 'refused', 'EMG-01', 'call_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_call_event(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency_call', NULL, NULL, 'note', 'invalid', 'EMG-09', 'call_event', 'event', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.emergency_call', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO emergency_call VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_call', new.id, NULL, new.version, new.state, NULL, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('emergency', CASE WHEN new.emergency IS DISTINCT FROM old.emergency THEN jsonb_build_array(old.emergency, new.emergency) END, 'whom', CASE WHEN new.whom IS DISTINCT FROM old.whom THEN jsonb_build_array(old.whom, new.whom) END, 'party', CASE WHEN new.party IS DISTINCT FROM old.party THEN jsonb_build_array(old.party, new.party) END, 'event', CASE WHEN new.event IS DISTINCT FROM old.event THEN jsonb_build_array(old.event, new.event) END, 'what', CASE WHEN new.what IS DISTINCT FROM old.what THEN jsonb_build_array(old.what, new.what) END, 'answered', CASE WHEN a_answered IS NOT NULL THEN jsonb_build_array(NULL, a_answered) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_call_note_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_whom text, a_party text, a_event text, a_what text, a_answered text,
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
		r := journal_again(a_op_id, 'emergency_call.note', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.emergency_call_note(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_emergency, a_whom, a_party, a_event, a_what, a_answered);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'emergency_call', 'note', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.emergency_call_reach(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_call;
	new lodge.emergency_call;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_call.reach', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM emergency_call t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency_call', a_id, NULL, 'reach', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
		RETURN refused(who, 'emergency_call', a_id, NULL, 'reach', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency_call', a_id, NULL, 'reach', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['called']) THEN
		RETURN refused(who, 'emergency_call', a_id, NULL, 'reach', 'refused', 'EMG-13', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'reached';
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency_call SET version = new.version, state = new.state, emergency = new.emergency, whom = new.whom, party = new.party, event = new.event, what = new.what, called_by = new.called_by, called_at = new.called_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_call', new.id, NULL, new.version, new.state, NULL, 'reach', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_emergency_call(a_op text, old lodge.emergency_call, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.emergency_call := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'reach' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['called']) THEN
			RETURN 'state';
		END IF;
		new.state := 'reached';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_emergency_call(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.emergency_call;
BEGIN
	SELECT x.* INTO t FROM emergency_call x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_emergency_call(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_emergency_call(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_emergency_call(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.emergency_call FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "emergency", "whom", "party", "event", "what", "called_by", "called_at") ON lodge.emergency_call TO lodge_name;
GRANT SELECT (id, version, state, "emergency", "whom", "party", "event", "what", "called_by", "called_at") ON lodge.emergency_call TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.emergency_call_note TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_call_note_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_call_reach TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_emergency_call TO lodge_name, lodge_contact;
