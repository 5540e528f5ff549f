CREATE FUNCTION op.roll_tick_tick(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_unit text, a_found text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roll_tick;
	new lodge.roll_tick;
	asked lodge.roll_tick;
	same boolean;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roll_tick.tick', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_emergency IS NOT NULL OR 'emergency' = ANY (a_given) THEN 'emergency' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_found IS NOT NULL OR 'found' = ANY (a_given) THEN 'found' END]::text[], NULL);
	IF a_emergency IS NULL THEN
		r.result := 'invalid'; r.field := 'emergency'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_emergency IS NOT NULL AND (char_length(a_emergency) <= 64) IS NOT TRUE THEN 'emergency'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_found IS NOT NULL AND (a_found = ANY (ARRAY['seen','out','not_found'])) IS NOT TRUE THEN 'found' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
		RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_emergency IS NULL THEN
		new.emergency := NULL;
	ELSE
		SELECT t.id INTO new.emergency FROM emergency t WHERE (t.id = CASE WHEN a_emergency ~ '^[0-9]{1,18}$' THEN a_emergency::bigint END);
		IF new.emergency IS NULL THEN
			RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'not_found', NULL, 'reference', 'emergency', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object('found', a_found);
	a_id := known_roll_ticked(new, who);
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM roll_tick t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	asked := new;
	new := old;
	IF 'emergency' = ANY (who.given) THEN
		new.emergency := asked.emergency;
	END IF;
	IF 'unit' = ANY (who.given) THEN
		new.unit := asked.unit;
	END IF;
	END IF;
	new := derive_roll_ticked(new, who);
	IF guard_roll_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'refused', 'EMG-01', 'roll_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_roll_in_zone(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roll_tick', NULL, NULL, 'tick', 'invalid', 'EMG-12', 'roll_in_zone', 'unit', NULL, a_op_id, a_digest);
	END IF;
	same := a_id IS NOT NULL AND new IS NOT DISTINCT FROM old;
	IF same THEN
		r.result := 'ok'; r.id := a_id; r.version := old.version; r.state := old.state; r.at := who.at;
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE roll_tick SET version = new.version, state = new.state, emergency = new.emergency, place = new.place, building = new.building, floor = new.floor, unit = new.unit, ticked_by = new.ticked_by, ticked_at = new.ticked_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.roll_tick', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO roll_tick VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	RETURN done(who, 'roll_tick', new.id, NULL, new.version, new.state, NULL, 'tick', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('emergency', CASE WHEN new.emergency IS DISTINCT FROM old.emergency THEN jsonb_build_array(old.emergency, new.emergency) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'found', CASE WHEN a_found IS NOT NULL THEN jsonb_build_array(NULL, a_found) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.roll_tick_tick_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_emergency text, a_unit text, a_found text,
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
		r := journal_again(a_op_id, 'roll_tick.tick', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.roll_tick_tick(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_emergency, a_unit, a_found);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'roll_tick', 'tick', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.roll_tick_see(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roll_tick;
	new lodge.roll_tick;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roll_tick.see', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM roll_tick t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'see', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'see', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'see', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['to_see','seen','out','not_found']) THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'see', 'refused', 'EMG-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_roll_seen(new, who);
	IF guard_roll_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'see', 'refused', 'EMG-01', 'roll_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE roll_tick SET version = new.version, state = new.state, emergency = new.emergency, place = new.place, building = new.building, floor = new.floor, unit = new.unit, ticked_by = new.ticked_by, ticked_at = new.ticked_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'roll_tick', new.id, NULL, new.version, new.state, NULL, 'see', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.roll_tick_see_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	a_version := coalesce((SELECT t.version FROM roll_tick t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'roll_tick.see', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.roll_tick_see(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'roll_tick', 'see', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.roll_tick_miss(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.roll_tick;
	new lodge.roll_tick;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'roll_tick.miss', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM roll_tick t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'miss', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'miss', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'miss', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['to_see','not_found']) THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'miss', 'refused', 'EMG-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_roll_missed(new, who);
	IF guard_roll_runs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'roll_tick', a_id, NULL, 'miss', 'refused', 'EMG-01', 'roll_runs', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE roll_tick SET version = new.version, state = new.state, emergency = new.emergency, place = new.place, building = new.building, floor = new.floor, unit = new.unit, ticked_by = new.ticked_by, ticked_at = new.ticked_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'roll_tick', new.id, NULL, new.version, new.state, NULL, 'miss', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.roll_tick_miss_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	a_version := coalesce((SELECT t.version FROM roll_tick t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'roll_tick.miss', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.roll_tick_miss(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'roll_tick', 'miss', a_op_id, a_id, r);
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_roll_tick(a_op text, old lodge.roll_tick, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.roll_tick := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'see' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['to_see','seen','out','not_found']) THEN
			RETURN 'state';
		END IF;
		new := derive_roll_seen(new, who);
		IF guard_roll_runs(new, who) IS NOT TRUE THEN
			RETURN 'roll_runs';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'miss' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['to_see','not_found']) THEN
			RETURN 'state';
		END IF;
		new := derive_roll_missed(new, who);
		IF guard_roll_runs(new, who) IS NOT TRUE THEN
			RETURN 'roll_runs';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_roll_tick(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.roll_tick;
BEGIN
	SELECT x.* INTO t FROM roll_tick x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_roll_tick(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_roll_tick(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_roll_tick(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.roll_tick FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "emergency", "place", "building", "floor", "unit", "ticked_by", "ticked_at") ON lodge.roll_tick TO lodge_name;
GRANT SELECT (id, version, state, "emergency", "place", "building", "floor", "unit", "ticked_by", "ticked_at") ON lodge.roll_tick TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.roll_tick_tick TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roll_tick_tick_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roll_tick_see TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roll_tick_see_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roll_tick_miss TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.roll_tick_miss_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_roll_tick TO lodge_name, lodge_contact;
