CREATE FUNCTION op.welfare_check_start(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_seen text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.start', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_seen IS NOT NULL OR 'seen' = ANY (a_given) THEN 'seen' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_seen IS NULL THEN
		r.result := 'invalid'; r.field := 'seen'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_seen IS NOT NULL AND (is_text(a_seen, 3, 200, false)) IS NOT TRUE THEN 'seen' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','NM','SG','SL']::text[] THEN
		RETURN refused(who, 'welfare_check', NULL, NULL, 'start', 'forbidden', NULL, 'role', NULL, ARRAY['FD','NM','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'welfare_check', NULL, NULL, 'start', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.seen := a_seen;
	who.args := jsonb_build_object();
	new.state := 'started';
	new := derive_welfare_started(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'welfare_check', NULL, NULL, 'start', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.welfare_check', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO welfare_check VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'start', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'seen', CASE WHEN new.seen IS DISTINCT FROM old.seen THEN jsonb_build_array(old.seen, new.seen) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_knock(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.knock', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'knock', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'knock', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'knock', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['started']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'knock', 'refused', 'VUL-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'knocked';
	new := derive_welfare_knocked(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'knock', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_ask_neighbours(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.ask_neighbours', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'ask_neighbours', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'ask_neighbours', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'ask_neighbours', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['knocked']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'ask_neighbours', 'refused', 'VUL-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'neighbours';
	new := derive_welfare_neighbours_asked(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'ask_neighbours', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_call_children(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_out_of_town boolean, a_emergency_contact boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.call_children', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_out_of_town IS NOT NULL OR 'out_of_town' = ANY (a_given) THEN 'out_of_town' END, CASE WHEN a_emergency_contact IS NOT NULL OR 'emergency_contact' = ANY (a_given) THEN 'emergency_contact' END]::text[], NULL);
	IF a_out_of_town IS NULL THEN
		r.result := 'invalid'; r.field := 'out_of_town'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_emergency_contact IS NULL THEN
		r.result := 'invalid'; r.field := 'emergency_contact'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_out_of_town IS NOT NULL AND (true) IS NOT TRUE THEN 'out_of_town'
		WHEN a_emergency_contact IS NOT NULL AND (true) IS NOT TRUE THEN 'emergency_contact' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'call_children', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'call_children', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'call_children', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['neighbours']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'call_children', 'refused', 'VUL-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'out_of_town' = ANY (who.given) THEN
		new.out_of_town := a_out_of_town;
	END IF;
	IF 'emergency_contact' = ANY (who.given) THEN
		new.emergency_contact := a_emergency_contact;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'children';
	new := derive_welfare_children_called(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'call_children', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('out_of_town', CASE WHEN new.out_of_town IS DISTINCT FROM old.out_of_town THEN jsonb_build_array(old.out_of_town, new.out_of_town) END, 'emergency_contact', CASE WHEN new.emergency_contact IS DISTINCT FROM old.emergency_contact THEN jsonb_build_array(old.emergency_contact, new.emergency_contact) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_enter(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_supervisor text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.enter', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_supervisor IS NOT NULL OR 'supervisor' = ANY (a_given) THEN 'supervisor' END]::text[], NULL);
	r.field := CASE
		WHEN a_supervisor IS NOT NULL AND (is_text(a_supervisor, 2, 80, false)) IS NOT TRUE THEN 'supervisor' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'enter', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'enter', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'enter', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['children']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'enter', 'refused', 'VUL-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'supervisor' = ANY (who.given) THEN
		new.supervisor := a_supervisor;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'entered';
	new := derive_welfare_entered(new, who);
	IF guard_welfare_nobody_comes(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'welfare_check', a_id, new.area, 'enter', 'refused', 'VUL-04', 'welfare_nobody_comes', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_welfare_supervised(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'welfare_check', a_id, new.area, 'enter', 'refused', 'VUL-04', 'welfare_supervised', 'supervisor', NULL, a_op_id, a_digest);
	END IF;
	new := prepare_welfare_entered(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'enter', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('supervisor', CASE WHEN new.supervisor IS DISTINCT FROM old.supervisor THEN jsonb_build_array(old.supervisor, new.supervisor) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_outcome(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_outcome text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.outcome', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_outcome IS NOT NULL OR 'outcome' = ANY (a_given) THEN 'outcome' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_outcome IS NULL THEN
		r.result := 'invalid'; r.field := 'outcome'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_outcome IS NOT NULL AND (a_outcome = ANY (ARRAY['normal','ill','death','unnatural_death'])) IS NOT TRUE THEN 'outcome'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'outcome', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'outcome', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'outcome', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['entered']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'outcome', 'refused', 'VUL-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'outcome' = ANY (who.given) THEN
		new.outcome := a_outcome;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'concluded';
	new := derive_welfare_concluded(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_welfare_concluded(new, who);
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'outcome', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('outcome', CASE WHEN new.outcome IS DISTINCT FROM old.outcome THEN jsonb_build_array(old.outcome, new.outcome) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_sign(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_role text, a_name text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.sign', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_role IS NOT NULL OR 'role' = ANY (a_given) THEN 'role' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END]::text[], NULL);
	IF a_role IS NULL THEN
		r.result := 'invalid'; r.field := 'role'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_role IS NOT NULL AND (is_text(a_role, 2, 40, false)) IS NOT TRUE THEN 'role'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'sign', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'sign', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'sign', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['concluded']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'sign', 'refused', 'VUL-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('role', a_role, 'name', a_name);
	new := derive_welfare_signed(new, who);
	IF guard_welfare_party_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'welfare_check', a_id, new.area, 'sign', 'refused', 'VUL-06', 'welfare_party_once', 'role', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_welfare_signed(new, who);
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'sign', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('role', CASE WHEN a_role IS NOT NULL THEN jsonb_build_array(NULL, a_role) END, 'name', CASE WHEN a_name IS NOT NULL THEN jsonb_build_array(NULL, a_name) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.welfare_check_close(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_contact_made text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.welfare_check;
	new lodge.welfare_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.close', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_contact_made IS NOT NULL OR 'contact_made' = ANY (a_given) THEN 'contact_made' END]::text[], NULL);
	r.field := CASE
		WHEN a_contact_made IS NOT NULL AND (is_text(a_contact_made, 2, 120, false)) IS NOT TRUE THEN 'contact_made' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM welfare_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'welfare_check', a_id, NULL, 'close', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'close', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','NM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'close', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['started','knocked','neighbours','children','entered','concluded']) THEN
		RETURN refused(who, 'welfare_check', a_id, old.area, 'close', 'refused', 'VUL-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'contact_made' = ANY (who.given) THEN
		new.contact_made := a_contact_made;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'closed';
	new := derive_welfare_closed(new, who);
	IF guard_welfare_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'welfare_check', a_id, new.area, 'close', 'refused', 'VUL-06', 'welfare_signed', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE welfare_check SET version = new.version, state = new.state, unit = new.unit, seen = new.seen, started_at = new.started_at, started_by = new.started_by, knocked_at = new.knocked_at, neighbours_at = new.neighbours_at, children_at = new.children_at, out_of_town = new.out_of_town, emergency_contact = new.emergency_contact, supervisor = new.supervisor, entry_at = new.entry_at, entered_by = new.entered_by, outcome = new.outcome, outcome_at = new.outcome_at, note = new.note, signatures = new.signatures, contact_made = new.contact_made, closed_at = new.closed_at, closed_by = new.closed_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'welfare_check', new.id, NULL, new.version, new.state, new.area, 'close', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('contact_made', CASE WHEN new.contact_made IS DISTINCT FROM old.contact_made THEN jsonb_build_array(old.contact_made, new.contact_made) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_welfare_check(a_op text, old lodge.welfare_check, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.welfare_check := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered'))))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'knock' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['started']) THEN
			RETURN 'state';
		END IF;
		new.state := 'knocked';
		new := derive_welfare_knocked(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'ask_neighbours' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['knocked']) THEN
			RETURN 'state';
		END IF;
		new.state := 'neighbours';
		new := derive_welfare_neighbours_asked(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'call_children' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['neighbours']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'enter' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['children']) THEN
			RETURN 'state';
		END IF;
		new.state := 'entered';
		new := derive_welfare_entered(new, who);
		IF guard_welfare_nobody_comes(new, who) IS NOT TRUE THEN
			RETURN 'welfare_nobody_comes';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'outcome' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['entered']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'sign' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['concluded']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'close' THEN
		IF NOT who.acts_as && ARRAY['CSS','NM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['started','knocked','neighbours','children','entered','concluded']) THEN
			RETURN 'state';
		END IF;
		new.state := 'closed';
		new := derive_welfare_closed(new, who);
		IF guard_welfare_signed(new, who) IS NOT TRUE THEN
			RETURN 'welfare_signed';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_welfare_check(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.welfare_check;
BEGIN
	SELECT x.* INTO t FROM welfare_check x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_welfare_check(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_welfare_check(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_welfare_check(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.welfare_check_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'welfare_check.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['note']::text[] THEN
		r.result := 'invalid'; r.field := 'fields';
		RETURN r;
	END IF;
	IF a_purpose IS NULL OR NOT is_text(btrim(a_purpose), 5, 200, false) THEN
		r.result := 'invalid'; r.field := 'purpose';
		RETURN r;
	END IF;
	IF a_on_behalf IS NOT NULL THEN
		SELECT s.id INTO behalf FROM staff s WHERE (s.id = CASE WHEN a_on_behalf ~ '^[0-9]{1,18}$' THEN a_on_behalf::bigint END OR s.work_no = a_on_behalf OR s.login = a_on_behalf) AND s.status <> 'left';
		IF behalf IS NULL THEN
			r.result := 'invalid'; r.field := 'on_behalf_of';
			RETURN r;
		END IF;
	END IF;
	IF (SELECT count(*) FROM welfare_check t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered')))))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'welfare_check', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'welfare_check', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'welfare_check', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN welfare_check t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'welfare_check', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'welfare_check.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_welfare_check(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "note" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'note' = ANY (e.fields) THEN t.note END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN welfare_check t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'welfare_check' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['SG','SL']::text[] OR (t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered')))))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.welfare_check FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "unit", "seen", "started_at", "started_by", "knocked_at", "neighbours_at", "children_at", "out_of_town", "emergency_contact", "supervisor", "entry_at", "entered_by", "outcome", "outcome_at", "signatures", "contact_made", "closed_at", "closed_by", "incident") ON lodge.welfare_check TO lodge_name;
GRANT SELECT (id, version, area, state, "unit", "seen", "started_at", "started_by", "knocked_at", "neighbours_at", "children_at", "out_of_town", "emergency_contact", "supervisor", "entry_at", "entered_by", "outcome", "outcome_at", "note", "signatures", "contact_made", "closed_at", "closed_by", "incident") ON lodge.welfare_check TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_welfare_check TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.welfare_check_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_start TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_knock TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_ask_neighbours TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_call_children TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_enter TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_outcome TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_sign TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.welfare_check_close TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_welfare_check TO lodge_name, lodge_contact;
