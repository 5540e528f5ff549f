CREATE FUNCTION op.gate_list_enter(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_name text, a_unit text, a_vehicle text, a_from_day date, a_until_day date, a_instruction text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.gate_list;
	new lodge.gate_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_list.enter', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_vehicle IS NOT NULL OR 'vehicle' = ANY (a_given) THEN 'vehicle' END, CASE WHEN a_from_day IS NOT NULL OR 'from_day' = ANY (a_given) THEN 'from_day' END, CASE WHEN a_until_day IS NOT NULL OR 'until_day' = ANY (a_given) THEN 'until_day' END, CASE WHEN a_instruction IS NOT NULL OR 'instruction' = ANY (a_given) THEN 'instruction' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['expected','barred'])) IS NOT TRUE THEN 'kind'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_vehicle IS NOT NULL AND (is_text(a_vehicle, 2, 16, false)) IS NOT TRUE THEN 'vehicle'
		WHEN a_from_day IS NOT NULL AND (isfinite(a_from_day)) IS NOT TRUE THEN 'from_day'
		WHEN a_until_day IS NOT NULL AND (isfinite(a_until_day)) IS NOT TRUE THEN 'until_day'
		WHEN a_instruction IS NOT NULL AND (is_text(a_instruction, 2, 120, false)) IS NOT TRUE THEN 'instruction' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','EM','SS']::text[] THEN
		RETURN refused(who, 'gate_list', NULL, NULL, 'enter', 'forbidden', NULL, 'role', NULL, ARRAY['FD','EM','SS']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	new.name := a_name;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'gate_list', NULL, NULL, 'enter', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.vehicle := a_vehicle;
	new.from_day := a_from_day;
	new.until_day := a_until_day;
	new.instruction := a_instruction;
	who.args := jsonb_build_object();
	new.state := 'in_force';
	new := derive_gate_list_entered(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'gate_list', NULL, NULL, 'enter', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_gate_list_days_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'gate_list', NULL, new.area, 'enter', 'refused', 'VIS-10', 'gate_list_days_in_order', 'until_day', NULL, a_op_id, a_digest);
	END IF;
	IF guard_gate_list_barred_by_supervisor(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'gate_list', NULL, new.area, 'enter', 'forbidden', 'VIS-10', 'gate_list_barred_by_supervisor', 'kind', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.gate_list', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO gate_list VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_gate_list_everywhere(new, who);
	RETURN done(who, 'gate_list', new.id, NULL, new.version, new.state, new.area, 'enter', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'vehicle', CASE WHEN new.vehicle IS DISTINCT FROM old.vehicle THEN jsonb_build_array(old.vehicle, new.vehicle) END, 'from_day', CASE WHEN new.from_day IS DISTINCT FROM old.from_day THEN jsonb_build_array(old.from_day, new.from_day) END, 'until_day', CASE WHEN new.until_day IS DISTINCT FROM old.until_day THEN jsonb_build_array(old.until_day, new.until_day) END, 'instruction', CASE WHEN new.instruction IS DISTINCT FROM old.instruction THEN jsonb_build_array(old.instruction, new.instruction) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.gate_list_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.gate_list;
	new lodge.gate_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'gate_list.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM gate_list t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'gate_list', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','EM','SS']::text[] THEN
		RETURN refused(who, 'gate_list', a_id, old.area, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['FD','EM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'gate_list', a_id, old.area, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_force']) THEN
		RETURN refused(who, 'gate_list', a_id, old.area, 'withdraw', 'refused', 'VIS-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	IF guard_gate_list_barred_by_supervisor(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'gate_list', a_id, new.area, 'withdraw', 'forbidden', 'VIS-10', 'gate_list_barred_by_supervisor', 'kind', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE gate_list SET version = new.version, state = new.state, kind = new.kind, name = new.name, unit = new.unit, vehicle = new.vehicle, from_day = new.from_day, until_day = new.until_day, instruction = new.instruction, entered_by = new.entered_by, entered_at = new.entered_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_gate_list_withdrawn(new, who);
	RETURN done(who, 'gate_list', new.id, NULL, new.version, new.state, new.area, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_gate_list(a_op text, old lodge.gate_list, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.gate_list := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['FD','EM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_force']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_gate_list(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.gate_list;
BEGIN
	SELECT x.* INTO t FROM gate_list x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_gate_list(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_gate_list(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_gate_list(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.gate_list FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "kind", "name", "unit", "vehicle", "from_day", "until_day", "instruction", "entered_by", "entered_at") ON lodge.gate_list TO lodge_name;
GRANT SELECT (id, version, area, state, "kind", "name", "unit", "vehicle", "from_day", "until_day", "instruction", "entered_by", "entered_at") ON lodge.gate_list TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.gate_list_enter TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.gate_list_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_gate_list TO lodge_name, lodge_contact;
