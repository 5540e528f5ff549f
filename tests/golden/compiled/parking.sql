CREATE FUNCTION op.parking_permit(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_plate text, a_kind text, a_unit text, a_space text, a_valid_until date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.parking;
	new lodge.parking;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'parking.permit', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_plate IS NOT NULL OR 'plate' = ANY (a_given) THEN 'plate' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_space IS NOT NULL OR 'space' = ANY (a_given) THEN 'space' END, CASE WHEN a_valid_until IS NOT NULL OR 'valid_until' = ANY (a_given) THEN 'valid_until' END]::text[], NULL);
	IF a_plate IS NULL THEN
		r.result := 'invalid'; r.field := 'plate'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_plate IS NOT NULL AND (is_text(a_plate, 2, 16, false)) IS NOT TRUE THEN 'plate'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['resident','permit','temporary'])) IS NOT TRUE THEN 'kind'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_space IS NOT NULL AND (is_text(a_space, 1, 16, false)) IS NOT TRUE THEN 'space'
		WHEN a_valid_until IS NOT NULL AND (isfinite(a_valid_until)) IS NOT TRUE THEN 'valid_until' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'parking', NULL, NULL, 'permit', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	new.plate := a_plate;
	new.kind := a_kind;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'parking', NULL, NULL, 'permit', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.space := a_space;
	new.valid_until := a_valid_until;
	who.args := jsonb_build_object();
	new.state := 'permitted';
	new := derive_parking_permitted(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'parking', NULL, NULL, 'permit', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_parking_plate_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'parking', NULL, new.area, 'permit', 'refused', 'PARK-01', 'parking_plate_once', 'plate', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.parking', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO parking VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'parking', new.id, NULL, new.version, new.state, new.area, 'permit', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('plate', CASE WHEN new.plate IS DISTINCT FROM old.plate THEN jsonb_build_array(old.plate, new.plate) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'space', CASE WHEN new.space IS DISTINCT FROM old.space THEN jsonb_build_array(old.space, new.space) END, 'valid_until', CASE WHEN new.valid_until IS DISTINCT FROM old.valid_until THEN jsonb_build_array(old.valid_until, new.valid_until) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.parking_drive_in(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_plate text, a_unit text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.parking;
	new lodge.parking;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'parking.drive_in', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_plate IS NOT NULL OR 'plate' = ANY (a_given) THEN 'plate' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END]::text[], NULL);
	IF a_plate IS NULL THEN
		r.result := 'invalid'; r.field := 'plate'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_plate IS NOT NULL AND (is_text(a_plate, 2, 16, false)) IS NOT TRUE THEN 'plate'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'parking', NULL, NULL, 'drive_in', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	new.plate := a_plate;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'parking', NULL, NULL, 'drive_in', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_parking_in(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'parking', NULL, NULL, 'drive_in', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_parking_plate_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'parking', NULL, new.area, 'drive_in', 'refused', 'PARK-01', 'parking_plate_once', 'plate', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.parking', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO parking VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'parking', new.id, NULL, new.version, new.state, new.area, 'drive_in', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('plate', CASE WHEN new.plate IS DISTINCT FROM old.plate THEN jsonb_build_array(old.plate, new.plate) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.parking_drive_in_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_plate text, a_unit text,
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
		r := journal_again(a_op_id, 'parking.drive_in', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.parking_drive_in(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_plate, a_unit);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'parking', 'drive_in', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.parking_drive_out(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_fee integer, a_receipt_no text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.parking;
	new lodge.parking;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'parking.drive_out', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_fee IS NOT NULL OR 'fee' = ANY (a_given) THEN 'fee' END, CASE WHEN a_receipt_no IS NOT NULL OR 'receipt_no' = ANY (a_given) THEN 'receipt_no' END]::text[], NULL);
	IF a_fee IS NULL THEN
		r.result := 'invalid'; r.field := 'fee'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_fee IS NOT NULL AND (a_fee BETWEEN 0 AND 100000000) IS NOT TRUE THEN 'fee'
		WHEN a_receipt_no IS NOT NULL AND (is_text(a_receipt_no, 1, 30, false)) IS NOT TRUE THEN 'receipt_no' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM parking t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'parking', a_id, NULL, 'drive_out', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'parking', a_id, old.area, 'drive_out', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'parking', a_id, old.area, 'drive_out', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['inside']) THEN
		RETURN refused(who, 'parking', a_id, old.area, 'drive_out', 'refused', 'PARK-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'fee' = ANY (who.given) THEN
		new.fee := a_fee;
	END IF;
	IF 'receipt_no' = ANY (who.given) THEN
		new.receipt_no := a_receipt_no;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'out';
	new := derive_parking_out(new, who);
	IF guard_parking_fee_paid(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'parking', a_id, new.area, 'drive_out', 'refused', 'PARK-02', 'parking_fee_paid', 'receipt_no', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE parking SET version = new.version, state = new.state, plate = new.plate, kind = new.kind, unit = new.unit, space = new.space, valid_until = new.valid_until, in_at = new.in_at, out_at = new.out_at, fee = new.fee, receipt_no = new.receipt_no, written_by = new.written_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'parking', new.id, NULL, new.version, new.state, new.area, 'drive_out', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('fee', CASE WHEN new.fee IS DISTINCT FROM old.fee THEN jsonb_build_array(old.fee, new.fee) END, 'receipt_no', CASE WHEN new.receipt_no IS DISTINCT FROM old.receipt_no THEN jsonb_build_array(old.receipt_no, new.receipt_no) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.parking_drive_out_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_fee integer, a_receipt_no text,
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
	a_version := coalesce((SELECT t.version FROM parking t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'parking.drive_out', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.parking_drive_out(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_fee, a_receipt_no);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'parking', 'drive_out', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.parking_pass(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.parking;
	new lodge.parking;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'parking.pass', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM parking t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'parking', a_id, NULL, 'pass', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'parking', a_id, old.area, 'pass', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'parking', a_id, old.area, 'pass', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['permitted']) THEN
		RETURN refused(who, 'parking', a_id, old.area, 'pass', 'refused', 'PARK-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_parking_passed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE parking SET version = new.version, state = new.state, plate = new.plate, kind = new.kind, unit = new.unit, space = new.space, valid_until = new.valid_until, in_at = new.in_at, out_at = new.out_at, fee = new.fee, receipt_no = new.receipt_no, written_by = new.written_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'parking', new.id, NULL, new.version, new.state, new.area, 'pass', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.parking_pass_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	a_version := coalesce((SELECT t.version FROM parking t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'parking.pass', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.parking_pass(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'parking', 'pass', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.parking_end(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.parking;
	new lodge.parking;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'parking.end', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM parking t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'parking', a_id, NULL, 'end', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'parking', a_id, old.area, 'end', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'parking', a_id, old.area, 'end', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['permitted']) THEN
		RETURN refused(who, 'parking', a_id, old.area, 'end', 'refused', 'PARK-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'ended';
	new.version := old.version + 1;
	BEGIN
	UPDATE parking SET version = new.version, state = new.state, plate = new.plate, kind = new.kind, unit = new.unit, space = new.space, valid_until = new.valid_until, in_at = new.in_at, out_at = new.out_at, fee = new.fee, receipt_no = new.receipt_no, written_by = new.written_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'parking', new.id, NULL, new.version, new.state, new.area, 'end', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_parking(a_op text, old lodge.parking, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.parking := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'drive_out' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['inside']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'pass' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['permitted']) THEN
			RETURN 'state';
		END IF;
		new := derive_parking_passed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'end' THEN
		IF NOT who.acts_as && ARRAY['FD']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['permitted']) THEN
			RETURN 'state';
		END IF;
		new.state := 'ended';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_parking(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.parking;
BEGIN
	SELECT x.* INTO t FROM parking x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_parking(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_parking(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_parking(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.parking FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "plate", "kind", "unit", "space", "valid_until", "in_at", "out_at", "fee", "receipt_no", "written_by") ON lodge.parking TO lodge_name;
GRANT SELECT (id, version, area, state, "plate", "kind", "unit", "space", "valid_until", "in_at", "out_at", "fee", "receipt_no", "written_by") ON lodge.parking TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.parking_permit TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_drive_in TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_drive_in_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_drive_out TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_drive_out_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_pass TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_pass_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.parking_end TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_parking TO lodge_name, lodge_contact;
