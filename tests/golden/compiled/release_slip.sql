CREATE FUNCTION op.release_slip_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_person text, a_items jsonb, a_valid_on date, a_reason text, a_vehicle text, a_owner_consent boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.release_slip;
	new lodge.release_slip;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'release_slip.issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_person IS NOT NULL OR 'person' = ANY (a_given) THEN 'person' END, CASE WHEN a_items IS NOT NULL OR 'items' = ANY (a_given) THEN 'items' END, CASE WHEN a_valid_on IS NOT NULL OR 'valid_on' = ANY (a_given) THEN 'valid_on' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END, CASE WHEN a_vehicle IS NOT NULL OR 'vehicle' = ANY (a_given) THEN 'vehicle' END, CASE WHEN a_owner_consent IS NOT NULL OR 'owner_consent' = ANY (a_given) THEN 'owner_consent' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_person IS NULL THEN
		r.result := 'invalid'; r.field := 'person'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_items IS NULL THEN
		r.result := 'invalid'; r.field := 'items'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_person IS NOT NULL AND (is_text(a_person, 2, 80, false)) IS NOT TRUE THEN 'person'
		WHEN a_items IS NOT NULL AND (is_items(a_items, 50)) IS NOT TRUE THEN 'items'
		WHEN a_valid_on IS NOT NULL AND (isfinite(a_valid_on)) IS NOT TRUE THEN 'valid_on'
		WHEN a_reason IS NOT NULL AND (a_reason = ANY (ARRAY['carry_out','repair','sale','move_out'])) IS NOT TRUE THEN 'reason'
		WHEN a_vehicle IS NOT NULL AND (is_text(a_vehicle, 2, 16, false)) IS NOT TRUE THEN 'vehicle'
		WHEN a_owner_consent IS NOT NULL AND (true) IS NOT TRUE THEN 'owner_consent' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'release_slip', NULL, NULL, 'issue', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'release_slip', NULL, NULL, 'issue', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.person := a_person;
	new.items := a_items;
	new.valid_on := a_valid_on;
	new.reason := a_reason;
	new.vehicle := a_vehicle;
	new.owner_consent := a_owner_consent;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_slip_issued(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'release_slip', NULL, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_slip_day_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'release_slip', NULL, new.area, 'issue', 'refused', 'GRS-02', 'slip_day_ahead', 'valid_on', NULL, a_op_id, a_digest);
	END IF;
	IF guard_slip_move_out_cleared(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'release_slip', NULL, new.area, 'issue', 'refused', 'GRS-03', 'slip_move_out_cleared', 'reason', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.release_slip', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM release_slip t), 0) + 1;
	BEGIN
	INSERT INTO release_slip VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'release_slip', new.id, new.no::text, new.version, new.state, new.area, 'issue', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'person', CASE WHEN new.person IS DISTINCT FROM old.person THEN jsonb_build_array(old.person, new.person) END, 'items', CASE WHEN new.items IS DISTINCT FROM old.items THEN jsonb_build_array(old.items, new.items) END, 'valid_on', CASE WHEN new.valid_on IS DISTINCT FROM old.valid_on THEN jsonb_build_array(old.valid_on, new.valid_on) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'vehicle', CASE WHEN new.vehicle IS DISTINCT FROM old.vehicle THEN jsonb_build_array(old.vehicle, new.vehicle) END, 'owner_consent', CASE WHEN new.owner_consent IS DISTINCT FROM old.owner_consent THEN jsonb_build_array(old.owner_consent, new.owner_consent) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.release_slip_clear(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_items jsonb, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.release_slip;
	new lodge.release_slip;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'release_slip.clear', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_items IS NOT NULL OR 'items' = ANY (a_given) THEN 'items' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_items IS NULL AND 'items' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'items'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_items IS NOT NULL AND (is_items(a_items, 50)) IS NOT TRUE THEN 'items'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM release_slip t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'release_slip', a_id, NULL, 'clear', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['SG','SL']::text[] THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'clear', 'forbidden', NULL, 'role', NULL, ARRAY['SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'clear', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'clear', 'refused', 'GRS-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'items' = ANY (who.given) THEN
		new.items := a_items;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new := derive_slip_cleared(new, who);
	IF guard_slip_on_its_day(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'release_slip', a_id, new.area, 'clear', 'refused', 'GRS-01', 'slip_on_its_day', 'valid_on', NULL, a_op_id, a_digest);
	END IF;
	IF guard_slip_covers_items(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'release_slip', a_id, new.area, 'clear', 'refused', 'GRS-01', 'slip_covers_items', 'items', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE release_slip SET version = new.version, state = new.state, unit = new.unit, person = new.person, items = new.items, valid_on = new.valid_on, reason = new.reason, vehicle = new.vehicle, owner_consent = new.owner_consent, remaining = new.remaining, left_last = new.left_last, issued_by = new.issued_by, issued_at = new.issued_at, used_by = new.used_by, used_at = new.used_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_slip_left(new, who);
	RETURN done(who, 'release_slip', new.id, new.no::text, new.version, new.state, new.area, 'clear', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('items', CASE WHEN new.items IS DISTINCT FROM old.items THEN jsonb_build_array(old.items, new.items) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.release_slip_clear_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_items jsonb, a_note text,
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
	a_version := coalesce((SELECT t.version FROM release_slip t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'release_slip.clear', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.release_slip_clear(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_items, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'release_slip', 'clear', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.release_slip_cancel(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.release_slip;
	new lodge.release_slip;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'release_slip.cancel', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM release_slip t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'release_slip', a_id, NULL, 'cancel', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SS']::text[] THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'cancel', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'cancel', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'release_slip', a_id, old.area, 'cancel', 'refused', 'GRS-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'cancelled';
	new.version := old.version + 1;
	BEGIN
	UPDATE release_slip SET version = new.version, state = new.state, unit = new.unit, person = new.person, items = new.items, valid_on = new.valid_on, reason = new.reason, vehicle = new.vehicle, owner_consent = new.owner_consent, remaining = new.remaining, left_last = new.left_last, issued_by = new.issued_by, issued_at = new.issued_at, used_by = new.used_by, used_at = new.used_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'release_slip', new.id, new.no::text, new.version, new.state, new.area, 'cancel', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_release_slip(a_op text, old lodge.release_slip, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.release_slip := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'clear' THEN
		IF NOT who.acts_as && ARRAY['SG','SL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		new := derive_slip_cleared(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'cancel' THEN
		IF NOT who.acts_as && ARRAY['FD','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_release_slip(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.release_slip;
BEGIN
	SELECT x.* INTO t FROM release_slip x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_release_slip(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_release_slip(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_release_slip(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.release_slip FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "no", "unit", "person", "items", "valid_on", "reason", "vehicle", "owner_consent", "remaining", "left_last", "issued_by", "issued_at", "used_by", "used_at", "note") ON lodge.release_slip TO lodge_name;
GRANT SELECT (id, version, area, state, "no", "unit", "person", "items", "valid_on", "reason", "vehicle", "owner_consent", "remaining", "left_last", "issued_by", "issued_at", "used_by", "used_at", "note") ON lodge.release_slip TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.release_slip_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.release_slip_clear TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.release_slip_clear_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.release_slip_cancel TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_release_slip TO lodge_name, lodge_contact;
