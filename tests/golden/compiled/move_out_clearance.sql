CREATE FUNCTION op.move_out_clearance_record(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_condition text, a_way text, a_promise date, a_voluntary boolean, a_document text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.move_out_clearance;
	new lodge.move_out_clearance;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'move_out_clearance.record', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_condition IS NOT NULL OR 'condition' = ANY (a_given) THEN 'condition' END, CASE WHEN a_way IS NOT NULL OR 'way' = ANY (a_given) THEN 'way' END, CASE WHEN a_promise IS NOT NULL OR 'promise' = ANY (a_given) THEN 'promise' END, CASE WHEN a_voluntary IS NOT NULL OR 'voluntary' = ANY (a_given) THEN 'voluntary' END, CASE WHEN a_document IS NOT NULL OR 'document' = ANY (a_given) THEN 'document' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_condition IS NULL THEN
		r.result := 'invalid'; r.field := 'condition'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_document IS NULL THEN
		r.result := 'invalid'; r.field := 'document'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_condition IS NOT NULL AND (a_condition = ANY (ARRAY['notice','arrears'])) IS NOT TRUE THEN 'condition'
		WHEN a_way IS NOT NULL AND (a_way = ANY (ARRAY['none','paid','cheque','papers','valuables'])) IS NOT TRUE THEN 'way'
		WHEN a_promise IS NOT NULL AND (isfinite(a_promise)) IS NOT TRUE THEN 'promise'
		WHEN a_voluntary IS NOT NULL AND (true) IS NOT TRUE THEN 'voluntary'
		WHEN a_document IS NOT NULL AND (is_text(a_document, 2, 60, false)) IS NOT TRUE THEN 'document' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['TSO','CSS','CM','FIN']::text[] THEN
		RETURN refused(who, 'move_out_clearance', NULL, NULL, 'record', 'forbidden', NULL, 'role', NULL, ARRAY['TSO','CSS','CM','FIN']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'move_out_clearance', NULL, NULL, 'record', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.condition := a_condition;
	new.way := a_way;
	new.promise := a_promise;
	new.voluntary := a_voluntary;
	new.document := a_document;
	who.args := jsonb_build_object();
	new := derive_clearance_recorded(new, who);
	IF guard_clearance_by_its_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'move_out_clearance', NULL, new.area, 'record', 'forbidden', 'MOUT-04', 'clearance_by_its_role', 'condition', NULL, a_op_id, a_digest);
	END IF;
	IF guard_clearance_way_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'move_out_clearance', NULL, new.area, 'record', 'refused', 'MOUT-05', 'clearance_way_given', 'way', NULL, a_op_id, a_digest);
	END IF;
	IF guard_clearance_promise_near(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'move_out_clearance', NULL, new.area, 'record', 'refused', 'MOUT-05', 'clearance_promise_near', 'promise', NULL, a_op_id, a_digest);
	END IF;
	IF guard_clearance_voluntary(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'move_out_clearance', NULL, new.area, 'record', 'refused', 'MOUT-05', 'clearance_voluntary', 'voluntary', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.move_out_clearance', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO move_out_clearance VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'move_out_clearance', new.id, NULL, new.version, NULL, new.area, 'record', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'condition', CASE WHEN new.condition IS DISTINCT FROM old.condition THEN jsonb_build_array(old.condition, new.condition) END, 'way', CASE WHEN new.way IS DISTINCT FROM old.way THEN jsonb_build_array(old.way, new.way) END, 'promise', CASE WHEN new.promise IS DISTINCT FROM old.promise THEN jsonb_build_array(old.promise, new.promise) END, 'voluntary', CASE WHEN new.voluntary IS DISTINCT FROM old.voluntary THEN jsonb_build_array(old.voluntary, new.voluntary) END, 'document', CASE WHEN new.document IS DISTINCT FROM old.document THEN jsonb_build_array(old.document, new.document) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.move_out_clearance FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "unit", "condition", "way", "promise", "voluntary", "document", "at", "cleared_by") ON lodge.move_out_clearance TO lodge_name;
GRANT SELECT (id, version, area, "unit", "condition", "way", "promise", "voluntary", "document", "at", "cleared_by") ON lodge.move_out_clearance TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.move_out_clearance_record TO lodge_writer;
