CREATE FUNCTION op.goods_log_note(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_direction text, a_items jsonb, a_person text, a_unit text, a_vehicle text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.goods_log;
	new lodge.goods_log;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'goods_log.note', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_direction IS NOT NULL OR 'direction' = ANY (a_given) THEN 'direction' END, CASE WHEN a_items IS NOT NULL OR 'items' = ANY (a_given) THEN 'items' END, CASE WHEN a_person IS NOT NULL OR 'person' = ANY (a_given) THEN 'person' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_vehicle IS NOT NULL OR 'vehicle' = ANY (a_given) THEN 'vehicle' END]::text[], NULL);
	IF a_direction IS NULL THEN
		r.result := 'invalid'; r.field := 'direction'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_items IS NULL THEN
		r.result := 'invalid'; r.field := 'items'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_direction IS NOT NULL AND (a_direction = ANY (ARRAY['in','out'])) IS NOT TRUE THEN 'direction'
		WHEN a_items IS NOT NULL AND (is_items(a_items, 50)) IS NOT TRUE THEN 'items'
		WHEN a_person IS NOT NULL AND (is_text(a_person, 2, 80, false)) IS NOT TRUE THEN 'person'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_vehicle IS NOT NULL AND (is_text(a_vehicle, 2, 16, false)) IS NOT TRUE THEN 'vehicle' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'goods_log', NULL, NULL, 'note', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	new.direction := a_direction;
	new.items := a_items;
	new.person := a_person;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'goods_log', NULL, NULL, 'note', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.vehicle := a_vehicle;
	who.args := jsonb_build_object();
	new := derive_goods_noted(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'goods_log', NULL, NULL, 'note', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_goods_on_slip(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'goods_log', NULL, new.area, 'note', 'refused', 'GRS-01', 'goods_on_slip', 'unit', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.goods_log', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO goods_log VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'goods_log', new.id, NULL, new.version, NULL, new.area, 'note', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('direction', CASE WHEN new.direction IS DISTINCT FROM old.direction THEN jsonb_build_array(old.direction, new.direction) END, 'items', CASE WHEN new.items IS DISTINCT FROM old.items THEN jsonb_build_array(old.items, new.items) END, 'person', CASE WHEN new.person IS DISTINCT FROM old.person THEN jsonb_build_array(old.person, new.person) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'vehicle', CASE WHEN new.vehicle IS DISTINCT FROM old.vehicle THEN jsonb_build_array(old.vehicle, new.vehicle) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.goods_log_note_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_direction text, a_items jsonb, a_person text, a_unit text, a_vehicle text,
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
		r := journal_again(a_op_id, 'goods_log.note', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.goods_log_note(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_direction, a_items, a_person, a_unit, a_vehicle);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'goods_log', 'note', a_op_id, a_id, r);
END $op$;

REVOKE ALL ON lodge.goods_log FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "direction", "items", "person", "unit", "vehicle", "at", "seen_by", "gate") ON lodge.goods_log TO lodge_name;
GRANT SELECT (id, version, area, "direction", "items", "person", "unit", "vehicle", "at", "seen_by", "gate") ON lodge.goods_log TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.goods_log_note TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.goods_log_note_recorded TO lodge_writer;
