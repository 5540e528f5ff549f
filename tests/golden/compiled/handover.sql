CREATE FUNCTION op.handover_freeze(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_counted jsonb, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.handover;
	new lodge.handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'handover.freeze', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_counted IS NOT NULL OR 'counted' = ANY (a_given) THEN 'counted' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_counted IS NOT NULL AND (is_items(a_counted, 20)) IS NOT TRUE THEN 'counted'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 2, 2000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'handover', NULL, NULL, 'freeze', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	new.counted := a_counted;
	new.note := a_note;
	who.args := jsonb_build_object();
	new.state := 'frozen';
	new := derive_handover_frozen(new, who);
	IF guard_handover_desk_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', NULL, NULL, 'freeze', 'forbidden', 'LOG-06', 'handover_desk_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_one_at_a_time(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', NULL, NULL, 'freeze', 'refused', 'LOG-06', 'handover_one_at_a_time', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := prepare_handover_frozen(new, who);
	new.id := nextval(pg_get_serial_sequence('lodge.handover', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM handover t), 0) + 1;
	BEGIN
	INSERT INTO handover VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_handover_frozen(new, who);
	RETURN done(who, 'handover', new.id, new.no::text, new.version, new.state, NULL, 'freeze', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('counted', CASE WHEN new.counted IS DISTINCT FROM old.counted THEN jsonb_build_array(old.counted, new.counted) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.handover_confirm_out(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_password text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.handover;
	new lodge.handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'handover.confirm_out', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_password IS NOT NULL OR 'password' = ANY (a_given) THEN 'password' END]::text[], NULL);
	IF a_password IS NULL THEN
		r.result := 'invalid'; r.field := 'password'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_password IS NOT NULL AND (is_text(a_password, 1, 256, false)) IS NOT TRUE THEN 'password' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM handover t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['frozen']) THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'refused', 'LOG-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('password', a_password);
	new.state := 'signed';
	new := derive_handover_out(new, who);
	IF guard_handover_out_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'forbidden', 'LOG-06', 'handover_out_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_out_in_time(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'refused', 'LOG-06', 'handover_out_in_time', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_out_password(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_out', 'forbidden', 'LOG-06', 'handover_out_password', 'password', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE handover SET version = new.version, state = new.state, page = new.page, outgoing = new.outgoing, staff = new.staff, counted = new.counted, note = new.note, items = new.items, red = new.red, frozen_at = new.frozen_at, frozen_no = new.frozen_no, out_at = new.out_at, in_at = new.in_at, next_page = new.next_page, log_no = new.log_no, log_digest = new.log_digest WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'handover', new.id, new.no::text, new.version, new.state, NULL, 'confirm_out', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.handover_confirm_in(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_staff text, a_password text, a_digits text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.handover;
	new lodge.handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'handover.confirm_in', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_staff IS NOT NULL OR 'staff' = ANY (a_given) THEN 'staff' END, CASE WHEN a_password IS NOT NULL OR 'password' = ANY (a_given) THEN 'password' END, CASE WHEN a_digits IS NOT NULL OR 'digits' = ANY (a_given) THEN 'digits' END]::text[], NULL);
	IF a_staff IS NULL THEN
		r.result := 'invalid'; r.field := 'staff'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_password IS NULL THEN
		r.result := 'invalid'; r.field := 'password'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_staff IS NOT NULL AND (char_length(a_staff) <= 64) IS NOT TRUE THEN 'staff'
		WHEN a_password IS NOT NULL AND (is_text(a_password, 1, 256, false)) IS NOT TRUE THEN 'password'
		WHEN a_digits IS NOT NULL AND (is_text(a_digits, 1, 1000, false)) IS NOT TRUE THEN 'digits' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM handover t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['signed']) THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'staff' = ANY (who.given) THEN
		IF a_staff IS NULL THEN
			new.staff := NULL;
		ELSE
			SELECT t.id INTO new.staff FROM staff t WHERE (t.id = CASE WHEN a_staff ~ '^[0-9]{1,18}$' THEN a_staff::bigint END OR t.work_no = a_staff OR t.login = a_staff) ORDER BY (t.work_no = a_staff) DESC LIMIT 1;
			IF new.staff IS NULL THEN
				RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'not_found', NULL, 'reference', 'staff', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object('password', a_password, 'digits', a_digits);
	new.state := 'done';
	new := derive_handover_in(new, who);
	IF guard_handover_in_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'forbidden', 'LOG-06', 'handover_in_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_in_time(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'handover_in_time', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'handover_another', 'staff', NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_may_keep(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'handover_may_keep', 'staff', NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_red_listed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'handover_red_listed', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_read_back(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'refused', 'LOG-06', 'handover_read_back', 'digits', NULL, a_op_id, a_digest);
	END IF;
	IF guard_handover_in_password(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'confirm_in', 'forbidden', 'LOG-06', 'handover_in_password', 'password', NULL, a_op_id, a_digest);
	END IF;
	new := prepare_handover_in(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE handover SET version = new.version, state = new.state, page = new.page, outgoing = new.outgoing, staff = new.staff, counted = new.counted, note = new.note, items = new.items, red = new.red, frozen_at = new.frozen_at, frozen_no = new.frozen_no, out_at = new.out_at, in_at = new.in_at, next_page = new.next_page, log_no = new.log_no, log_digest = new.log_digest WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_handover_in(new, who);
	RETURN done(who, 'handover', new.id, new.no::text, new.version, new.state, NULL, 'confirm_in', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('staff', CASE WHEN new.staff IS DISTINCT FROM old.staff THEN jsonb_build_array(old.staff, new.staff) END, 'digits', CASE WHEN a_digits IS NOT NULL THEN jsonb_build_array(NULL, a_digits) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.handover_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.handover;
	new lodge.handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'handover.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM handover t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'handover', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'handover', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'handover', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['frozen','signed']) THEN
		RETURN refused(who, 'handover', a_id, NULL, 'withdraw', 'refused', 'LOG-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	IF guard_handover_withdraw_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'handover', a_id, NULL, 'withdraw', 'forbidden', 'LOG-06', 'handover_withdraw_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE handover SET version = new.version, state = new.state, page = new.page, outgoing = new.outgoing, staff = new.staff, counted = new.counted, note = new.note, items = new.items, red = new.red, frozen_at = new.frozen_at, frozen_no = new.frozen_no, out_at = new.out_at, in_at = new.in_at, next_page = new.next_page, log_no = new.log_no, log_digest = new.log_digest WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'handover', new.id, new.no::text, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_handover(a_op text, old lodge.handover, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.handover := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'confirm_out' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['frozen']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'confirm_in' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['signed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['frozen','signed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		IF guard_handover_withdraw_mine(new, who) IS NOT TRUE THEN
			RETURN 'handover_withdraw_mine';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_handover(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.handover;
BEGIN
	SELECT x.* INTO t FROM handover x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_handover(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_handover(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_handover(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.handover FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "page", "outgoing", "staff", "counted", "note", "items", "red", "frozen_at", "frozen_no", "out_at", "in_at", "next_page", "log_no", "log_digest") ON lodge.handover TO lodge_name;
GRANT SELECT (id, version, state, "no", "page", "outgoing", "staff", "counted", "note", "items", "red", "frozen_at", "frozen_no", "out_at", "in_at", "next_page", "log_no", "log_digest") ON lodge.handover TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.handover_freeze TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.handover_confirm_out TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.handover_confirm_in TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.handover_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_handover TO lodge_name, lodge_contact;
