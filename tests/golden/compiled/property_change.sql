CREATE FUNCTION op.property_change_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_kind text, a_day date, a_remark text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.property_change;
	new lodge.property_change;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'property_change.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_day IS NOT NULL OR 'day' = ANY (a_given) THEN 'day' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['sale','transfer','move_in','move_out','area','lease'])) IS NOT TRUE THEN 'kind'
		WHEN a_day IS NOT NULL AND (isfinite(a_day)) IS NOT TRUE THEN 'day'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 2, 200, false)) IS NOT TRUE THEN 'remark' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','ACU','TSO','CSS']::text[] THEN
		RETURN refused(who, 'property_change', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['FD','ACU','TSO','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'property_change', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.kind := a_kind;
	new.day := a_day;
	new.remark := a_remark;
	who.args := jsonb_build_object();
	new := derive_property_noted(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'property_change', NULL, NULL, 'note', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.property_change', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO property_change VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'property_change', new.id, NULL, new.version, NULL, new.area, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'day', CASE WHEN new.day IS DISTINCT FROM old.day THEN jsonb_build_array(old.day, new.day) END, 'remark', CASE WHEN new.remark IS DISTINCT FROM old.remark THEN jsonb_build_array(old.remark, new.remark) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.property_change FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "unit", "kind", "day", "remark", "noted_at", "noted_by") ON lodge.property_change TO lodge_name;
GRANT SELECT (id, version, area, "unit", "kind", "day", "remark", "noted_at", "noted_by") ON lodge.property_change TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.property_change_note TO lodge_writer;
