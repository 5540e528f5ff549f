CREATE FUNCTION op.entry_pass_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_person_name text, a_doc_tail text, a_kind text, a_unit text, a_photo boolean, a_original_seen boolean, a_copy boolean, a_valid_from date, a_valid_until date, a_live_in boolean, a_renews text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.entry_pass;
	new lodge.entry_pass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'entry_pass.issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_person_name IS NOT NULL OR 'person_name' = ANY (a_given) THEN 'person_name' END, CASE WHEN a_doc_tail IS NOT NULL OR 'doc_tail' = ANY (a_given) THEN 'doc_tail' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_photo IS NOT NULL OR 'photo' = ANY (a_given) THEN 'photo' END, CASE WHEN a_original_seen IS NOT NULL OR 'original_seen' = ANY (a_given) THEN 'original_seen' END, CASE WHEN a_copy IS NOT NULL OR 'copy' = ANY (a_given) THEN 'copy' END, CASE WHEN a_valid_from IS NOT NULL OR 'valid_from' = ANY (a_given) THEN 'valid_from' END, CASE WHEN a_valid_until IS NOT NULL OR 'valid_until' = ANY (a_given) THEN 'valid_until' END, CASE WHEN a_live_in IS NOT NULL OR 'live_in' = ANY (a_given) THEN 'live_in' END, CASE WHEN a_renews IS NOT NULL OR 'renews' = ANY (a_given) THEN 'renews' END]::text[], NULL);
	IF a_person_name IS NULL THEN
		r.result := 'invalid'; r.field := 'person_name'; r.guard := 'required';
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
		WHEN a_person_name IS NOT NULL AND (is_text(a_person_name, 2, 80, false)) IS NOT TRUE THEN 'person_name'
		WHEN a_doc_tail IS NOT NULL AND (is_text(a_doc_tail, 2, 8, false)) IS NOT TRUE THEN 'doc_tail'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['helper','tutor','fit_out','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_photo IS NOT NULL AND (true) IS NOT TRUE THEN 'photo'
		WHEN a_original_seen IS NOT NULL AND (true) IS NOT TRUE THEN 'original_seen'
		WHEN a_copy IS NOT NULL AND (true) IS NOT TRUE THEN 'copy'
		WHEN a_valid_from IS NOT NULL AND (isfinite(a_valid_from)) IS NOT TRUE THEN 'valid_from'
		WHEN a_valid_until IS NOT NULL AND (isfinite(a_valid_until)) IS NOT TRUE THEN 'valid_until'
		WHEN a_live_in IS NOT NULL AND (true) IS NOT TRUE THEN 'live_in'
		WHEN a_renews IS NOT NULL AND (char_length(a_renews) <= 64) IS NOT TRUE THEN 'renews' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'entry_pass', NULL, NULL, 'issue', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	new.person_name := a_person_name;
	new.doc_tail := a_doc_tail;
	new.kind := a_kind;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'entry_pass', NULL, NULL, 'issue', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.photo := a_photo;
	new.original_seen := a_original_seen;
	new.copy := a_copy;
	new.valid_from := a_valid_from;
	new.valid_until := a_valid_until;
	new.live_in := a_live_in;
	IF a_renews IS NULL THEN
		new.renews := NULL;
	ELSE
		SELECT t.id INTO new.renews FROM entry_pass t WHERE (t.id = CASE WHEN a_renews ~ '^[0-9]{1,18}$' THEN a_renews::bigint END) AND t.area = ANY (who.areas);
		IF new.renews IS NULL THEN
			RETURN refused(who, 'entry_pass', NULL, NULL, 'issue', 'not_found', NULL, 'reference', 'renews', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'active';
	new := derive_pass_issued(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'entry_pass', NULL, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_pass_papers_seen(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'entry_pass', NULL, new.area, 'issue', 'refused', 'PASS-01', 'pass_papers_seen', 'photo', NULL, a_op_id, a_digest);
	END IF;
	IF guard_pass_from_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'entry_pass', NULL, new.area, 'issue', 'refused', 'PASS-02', 'pass_from_in_order', 'valid_until', NULL, a_op_id, a_digest);
	END IF;
	IF guard_pass_three_months(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'entry_pass', NULL, new.area, 'issue', 'refused', 'PASS-02', 'pass_three_months', 'valid_until', NULL, a_op_id, a_digest);
	END IF;
	IF guard_pass_renews_same(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'entry_pass', NULL, new.area, 'issue', 'refused', 'PASS-02', 'pass_renews_same', 'renews', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.entry_pass', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM entry_pass t), 0) + 1;
	BEGIN
	INSERT INTO entry_pass VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(new.area, 'entry_pass', new.id, 'police', new.police_due);
	RETURN done(who, 'entry_pass', new.id, new.no::text, new.version, new.state, new.area, 'issue', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('person_name', CASE WHEN new.person_name IS DISTINCT FROM old.person_name THEN jsonb_build_array(old.person_name, new.person_name) END, 'doc_tail', CASE WHEN new.doc_tail IS DISTINCT FROM old.doc_tail THEN jsonb_build_array(old.doc_tail, new.doc_tail) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'photo', CASE WHEN new.photo IS DISTINCT FROM old.photo THEN jsonb_build_array(old.photo, new.photo) END, 'original_seen', CASE WHEN new.original_seen IS DISTINCT FROM old.original_seen THEN jsonb_build_array(old.original_seen, new.original_seen) END, 'copy', CASE WHEN new.copy IS DISTINCT FROM old.copy THEN jsonb_build_array(old.copy, new.copy) END, 'valid_from', CASE WHEN new.valid_from IS DISTINCT FROM old.valid_from THEN jsonb_build_array(old.valid_from, new.valid_from) END, 'valid_until', CASE WHEN new.valid_until IS DISTINCT FROM old.valid_until THEN jsonb_build_array(old.valid_until, new.valid_until) END, 'live_in', CASE WHEN new.live_in IS DISTINCT FROM old.live_in THEN jsonb_build_array(old.live_in, new.live_in) END, 'renews', CASE WHEN new.renews IS DISTINCT FROM old.renews THEN jsonb_build_array(old.renews, new.renews) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.entry_pass_suspend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.entry_pass;
	new lodge.entry_pass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'entry_pass.suspend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM entry_pass t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'entry_pass', a_id, NULL, 'suspend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'suspend', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'suspend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['active']) THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'suspend', 'refused', 'PASS-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'suspended';
	new := derive_pass_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE entry_pass SET version = new.version, state = new.state, person_name = new.person_name, doc_tail = new.doc_tail, kind = new.kind, unit = new.unit, photo = new.photo, original_seen = new.original_seen, copy = new.copy, valid_from = new.valid_from, valid_until = new.valid_until, live_in = new.live_in, issued_by = new.issued_by, issued_at = new.issued_at, renews = new.renews, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at, police_ref = new.police_ref, police_at = new.police_at, police_due = new.police_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'entry_pass', new.id, new.no::text, new.version, new.state, new.area, 'suspend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.entry_pass_resume(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.entry_pass;
	new lodge.entry_pass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'entry_pass.resume', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM entry_pass t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'entry_pass', a_id, NULL, 'resume', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'resume', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'resume', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['suspended']) THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'resume', 'refused', 'PASS-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'active';
	new := derive_pass_changed(new, who);
	IF guard_pass_not_expired(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'entry_pass', a_id, new.area, 'resume', 'refused', 'PASS-03', 'pass_not_expired', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE entry_pass SET version = new.version, state = new.state, person_name = new.person_name, doc_tail = new.doc_tail, kind = new.kind, unit = new.unit, photo = new.photo, original_seen = new.original_seen, copy = new.copy, valid_from = new.valid_from, valid_until = new.valid_until, live_in = new.live_in, issued_by = new.issued_by, issued_at = new.issued_at, renews = new.renews, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at, police_ref = new.police_ref, police_at = new.police_at, police_due = new.police_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'entry_pass', new.id, new.no::text, new.version, new.state, new.area, 'resume', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.entry_pass_take_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.entry_pass;
	new lodge.entry_pass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'entry_pass.take_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	r.field := CASE
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM entry_pass t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'entry_pass', a_id, NULL, 'take_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'take_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'take_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['active','suspended']) THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'take_back', 'refused', 'PASS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'returned';
	new := derive_pass_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE entry_pass SET version = new.version, state = new.state, person_name = new.person_name, doc_tail = new.doc_tail, kind = new.kind, unit = new.unit, photo = new.photo, original_seen = new.original_seen, copy = new.copy, valid_from = new.valid_from, valid_until = new.valid_until, live_in = new.live_in, issued_by = new.issued_by, issued_at = new.issued_at, renews = new.renews, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at, police_ref = new.police_ref, police_at = new.police_at, police_due = new.police_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'entry_pass', new.id, new.no::text, new.version, new.state, new.area, 'take_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.entry_pass_register(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_police_ref text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.entry_pass;
	new lodge.entry_pass;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'entry_pass.register', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_police_ref IS NOT NULL OR 'police_ref' = ANY (a_given) THEN 'police_ref' END]::text[], NULL);
	IF a_police_ref IS NULL THEN
		r.result := 'invalid'; r.field := 'police_ref'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_police_ref IS NOT NULL AND (is_text(a_police_ref, 2, 60, false)) IS NOT TRUE THEN 'police_ref' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM entry_pass t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'entry_pass', a_id, NULL, 'register', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'register', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'register', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['active','suspended']) THEN
		RETURN refused(who, 'entry_pass', a_id, old.area, 'register', 'refused', 'PASS-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'police_ref' = ANY (who.given) THEN
		new.police_ref := a_police_ref;
	END IF;
	who.args := jsonb_build_object();
	new := derive_pass_registered(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE entry_pass SET version = new.version, state = new.state, person_name = new.person_name, doc_tail = new.doc_tail, kind = new.kind, unit = new.unit, photo = new.photo, original_seen = new.original_seen, copy = new.copy, valid_from = new.valid_from, valid_until = new.valid_until, live_in = new.live_in, issued_by = new.issued_by, issued_at = new.issued_at, renews = new.renews, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at, police_ref = new.police_ref, police_at = new.police_at, police_due = new.police_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('entry_pass', new.id, 'police', who.at);
	RETURN done(who, 'entry_pass', new.id, new.no::text, new.version, new.state, new.area, 'register', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('police_ref', CASE WHEN new.police_ref IS DISTINCT FROM old.police_ref THEN jsonb_build_array(old.police_ref, new.police_ref) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_entry_pass(a_op text, old lodge.entry_pass, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.entry_pass := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'suspend' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['active']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'resume' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['suspended']) THEN
			RETURN 'state';
		END IF;
		new.state := 'active';
		new := derive_pass_changed(new, who);
		IF guard_pass_not_expired(new, who) IS NOT TRUE THEN
			RETURN 'pass_not_expired';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'take_back' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['active','suspended']) THEN
			RETURN 'state';
		END IF;
		new.state := 'returned';
		new := derive_pass_changed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'register' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['active','suspended']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_entry_pass(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.entry_pass;
BEGIN
	SELECT x.* INTO t FROM entry_pass x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_entry_pass(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_entry_pass(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_entry_pass(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.entry_pass FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "no", "person_name", "doc_tail", "kind", "unit", "photo", "original_seen", "copy", "valid_from", "valid_until", "live_in", "issued_by", "issued_at", "renews", "reason", "changed_by", "changed_at", "police_ref", "police_at", "police_due") ON lodge.entry_pass TO lodge_name;
GRANT SELECT (id, version, area, state, "no", "person_name", "doc_tail", "kind", "unit", "photo", "original_seen", "copy", "valid_from", "valid_until", "live_in", "issued_by", "issued_at", "renews", "reason", "changed_by", "changed_at", "police_ref", "police_at", "police_due") ON lodge.entry_pass TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.entry_pass_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.entry_pass_suspend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.entry_pass_resume TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.entry_pass_take_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.entry_pass_register TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_entry_pass TO lodge_name, lodge_contact;
