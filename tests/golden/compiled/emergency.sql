CREATE FUNCTION op.emergency_open(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_zone text, a_details text, a_seat text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency;
	new lodge.emergency;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_zone IS NOT NULL OR 'zone' = ANY (a_given) THEN 'zone' END, CASE WHEN a_details IS NOT NULL OR 'details' = ANY (a_given) THEN 'details' END, CASE WHEN a_seat IS NOT NULL OR 'seat' = ANY (a_given) THEN 'seat' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_zone IS NULL THEN
		r.result := 'invalid'; r.field := 'zone'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['fire','water','power','gas','lift','medical','intruder','theft','fight','death','explosion','lost_property','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_zone IS NOT NULL AND (is_text(a_zone, 1, 20, false)) IS NOT TRUE THEN 'zone'
		WHEN a_details IS NOT NULL AND (is_text(a_details, 2, 2000, true)) IS NOT TRUE THEN 'details'
		WHEN a_seat IS NOT NULL AND (char_length(a_seat) <= 64) IS NOT TRUE THEN 'seat' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
		RETURN refused(who, 'emergency', NULL, NULL, 'open', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	new.zone := a_zone;
	new.details := a_details;
	IF a_seat IS NULL THEN
		new.seat := NULL;
	ELSE
		SELECT t.id INTO new.seat FROM unit t WHERE (t.id = CASE WHEN a_seat ~ '^[0-9]{1,18}$' THEN a_seat::bigint END OR t.code = a_seat) ORDER BY (t.code = a_seat) DESC LIMIT 1;
		IF new.seat IS NULL THEN
			RETURN refused(who, 'emergency', NULL, NULL, 'open', 'not_found', NULL, 'reference', 'seat', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'open';
	new := derive_emergency_opened(new, who);
	IF guard_emergency_zone_known(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency', NULL, NULL, 'open', 'invalid', 'EMG-01', 'emergency_zone_known', 'zone', NULL, a_op_id, a_digest);
	END IF;
	IF guard_emergency_seat_inside(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency', NULL, NULL, 'open', 'invalid', 'EMG-01', 'emergency_seat_inside', 'seat', NULL, a_op_id, a_digest);
	END IF;
	IF guard_emergency_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency', NULL, NULL, 'open', 'refused', 'EMG-01', 'emergency_once', 'zone', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.emergency', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM emergency t), 0) + 1;
	BEGIN
	INSERT INTO emergency VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_emergency_opened(new, who);
	RETURN done(who, 'emergency', new.id, new.no::text, new.version, new.state, NULL, 'open', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'zone', CASE WHEN new.zone IS DISTINCT FROM old.zone THEN jsonb_build_array(old.zone, new.zone) END, 'details', CASE WHEN new.details IS DISTINCT FROM old.details THEN jsonb_build_array(old.details, new.details) END, 'seat', CASE WHEN new.seat IS DISTINCT FROM old.seat THEN jsonb_build_array(old.seat, new.seat) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_details text, a_seat text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency;
	new lodge.emergency;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_details IS NOT NULL OR 'details' = ANY (a_given) THEN 'details' END, CASE WHEN a_seat IS NOT NULL OR 'seat' = ANY (a_given) THEN 'seat' END]::text[], NULL);
	r.field := CASE
		WHEN a_details IS NOT NULL AND (is_text(a_details, 2, 2000, true)) IS NOT TRUE THEN 'details'
		WHEN a_seat IS NOT NULL AND (char_length(a_seat) <= 64) IS NOT TRUE THEN 'seat' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM emergency t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'refused', 'EMG-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'details' = ANY (who.given) THEN
		new.details := a_details;
	END IF;
	IF 'seat' = ANY (who.given) THEN
		IF a_seat IS NULL THEN
			new.seat := NULL;
		ELSE
			SELECT t.id INTO new.seat FROM unit t WHERE (t.id = CASE WHEN a_seat ~ '^[0-9]{1,18}$' THEN a_seat::bigint END OR t.code = a_seat) ORDER BY (t.code = a_seat) DESC LIMIT 1;
			IF new.seat IS NULL THEN
				RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'not_found', NULL, 'reference', 'seat', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	IF guard_emergency_seat_inside(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'amend', 'invalid', 'EMG-01', 'emergency_seat_inside', 'seat', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency SET version = new.version, state = new.state, kind = new.kind, zone = new.zone, details = new.details, building = new.building, floor = new.floor, seat = new.seat, opened_by = new.opened_by, opened_at = new.opened_at, until = new.until, roll_at = new.roll_at, outcome = new.outcome, closed_by = new.closed_by, closed_at = new.closed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency', new.id, new.no::text, new.version, new.state, NULL, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('details', CASE WHEN new.details IS DISTINCT FROM old.details THEN jsonb_build_array(old.details, new.details) END, 'seat', CASE WHEN new.seat IS DISTINCT FROM old.seat THEN jsonb_build_array(old.seat, new.seat) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_prolong(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency;
	new lodge.emergency;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency.prolong', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM emergency t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'prolong', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','DEM','EM','NM']::text[] THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'prolong', 'forbidden', NULL, 'role', NULL, ARRAY['CM','DEM','EM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'prolong', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'prolong', 'refused', 'EMG-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_emergency_prolonged(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency SET version = new.version, state = new.state, kind = new.kind, zone = new.zone, details = new.details, building = new.building, floor = new.floor, seat = new.seat, opened_by = new.opened_by, opened_at = new.opened_at, until = new.until, roll_at = new.roll_at, outcome = new.outcome, closed_by = new.closed_by, closed_at = new.closed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency', new.id, new.no::text, new.version, new.state, NULL, 'prolong', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_call_roll(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency;
	new lodge.emergency;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency.call_roll', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM emergency t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'call_roll', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SS']::text[] THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'call_roll', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','DEM','EM','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'call_roll', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'call_roll', 'refused', 'EMG-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_emergency_rolled(new, who);
	IF guard_emergency_in_force(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'call_roll', 'refused', 'EMG-12', 'emergency_in_force', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency SET version = new.version, state = new.state, kind = new.kind, zone = new.zone, details = new.details, building = new.building, floor = new.floor, seat = new.seat, opened_by = new.opened_by, opened_at = new.opened_at, until = new.until, roll_at = new.roll_at, outcome = new.outcome, closed_by = new.closed_by, closed_at = new.closed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_emergency_rolled(new, who);
	RETURN done(who, 'emergency', new.id, new.no::text, new.version, new.state, NULL, 'call_roll', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_outcome text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency;
	new lodge.emergency;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_outcome IS NOT NULL OR 'outcome' = ANY (a_given) THEN 'outcome' END]::text[], NULL);
	r.field := CASE
		WHEN a_outcome IS NOT NULL AND (is_text(a_outcome, 2, 2000, true)) IS NOT TRUE THEN 'outcome' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM emergency t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','DEM','EM','NM']::text[] THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['CM','DEM','EM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'emergency', a_id, NULL, 'close', 'refused', 'EMG-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'outcome' = ANY (who.given) THEN
		new.outcome := a_outcome;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new := derive_emergency_closed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency SET version = new.version, state = new.state, kind = new.kind, zone = new.zone, details = new.details, building = new.building, floor = new.floor, seat = new.seat, opened_by = new.opened_by, opened_at = new.opened_at, until = new.until, roll_at = new.roll_at, outcome = new.outcome, closed_by = new.closed_by, closed_at = new.closed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency', new.id, new.no::text, new.version, new.state, NULL, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('outcome', CASE WHEN new.outcome IS DISTINCT FROM old.outcome THEN jsonb_build_array(old.outcome, new.outcome) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_emergency(a_op text, old lodge.emergency, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.emergency := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM','SG','SL','SS','FS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'prolong' THEN
		IF NOT who.acts_as && ARRAY['CM','DEM','EM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		new := derive_emergency_prolonged(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'call_roll' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','DEM','EM','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		new := derive_emergency_rolled(new, who);
		IF guard_emergency_in_force(new, who) IS NOT TRUE THEN
			RETURN 'emergency_in_force';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['CM','DEM','EM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		new.state := 'closed';
		new := derive_emergency_closed(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_emergency(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.emergency;
BEGIN
	SELECT x.* INTO t FROM emergency x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_emergency(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_emergency(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_emergency(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.emergency FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "kind", "zone", "details", "building", "floor", "seat", "opened_by", "opened_at", "until", "roll_at", "outcome", "closed_by", "closed_at") ON lodge.emergency TO lodge_name;
GRANT SELECT (id, version, state, "no", "kind", "zone", "details", "building", "floor", "seat", "opened_by", "opened_at", "until", "roll_at", "outcome", "closed_by", "closed_at") ON lodge.emergency TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.emergency_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_prolong TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_call_roll TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_emergency TO lodge_name, lodge_contact;
