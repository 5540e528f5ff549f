CREATE FUNCTION op.copy_request(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_tier text, a_area integer, a_recipient text, a_purpose text, a_expires date, a_reproduction_of text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.request', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_tier IS NOT NULL OR 'tier' = ANY (a_given) THEN 'tier' END, CASE WHEN a_area IS NOT NULL OR 'area' = ANY (a_given) THEN 'area' END, CASE WHEN a_recipient IS NOT NULL OR 'recipient' = ANY (a_given) THEN 'recipient' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_expires IS NOT NULL OR 'expires' = ANY (a_given) THEN 'expires' END, CASE WHEN a_reproduction_of IS NOT NULL OR 'reproduction_of' = ANY (a_given) THEN 'reproduction_of' END]::text[], NULL);
	IF a_tier IS NULL THEN
		r.result := 'invalid'; r.field := 'tier'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_area IS NULL THEN
		r.result := 'invalid'; r.field := 'area'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_recipient IS NULL THEN
		r.result := 'invalid'; r.field := 'recipient'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_tier IS NOT NULL AND (a_tier = ANY (ARRAY['estate','cs','full','vip','help'])) IS NOT TRUE THEN 'tier'
		WHEN a_area IS NOT NULL AND (true) IS NOT TRUE THEN 'area'
		WHEN a_recipient IS NOT NULL AND (char_length(a_recipient) <= 64) IS NOT TRUE THEN 'recipient'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 5, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_expires IS NOT NULL AND (isfinite(a_expires)) IS NOT TRUE THEN 'expires'
		WHEN a_reproduction_of IS NOT NULL AND (char_length(a_reproduction_of) <= 64) IS NOT TRUE THEN 'reproduction_of' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'copy', NULL, NULL, 'request', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	new.tier := a_tier;
	new.area := a_area;
	IF a_recipient IS NULL THEN
		new.recipient := NULL;
	ELSE
		SELECT t.id INTO new.recipient FROM staff t WHERE (t.id = CASE WHEN a_recipient ~ '^[0-9]{1,18}$' THEN a_recipient::bigint END OR t.work_no = a_recipient OR t.login = a_recipient) ORDER BY (t.work_no = a_recipient) DESC LIMIT 1;
		IF new.recipient IS NULL THEN
			RETURN refused(who, 'copy', NULL, NULL, 'request', 'not_found', NULL, 'reference', 'recipient', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.purpose := a_purpose;
	new.expires := a_expires;
	IF a_reproduction_of IS NULL THEN
		new.reproduction_of := NULL;
	ELSE
		SELECT t.id INTO new.reproduction_of FROM copy t WHERE (t.id = CASE WHEN a_reproduction_of ~ '^[0-9]{1,18}$' THEN a_reproduction_of::bigint END) AND t.area = ANY (who.areas);
		IF new.reproduction_of IS NULL THEN
			RETURN refused(who, 'copy', NULL, NULL, 'request', 'not_found', NULL, 'reference', 'reproduction_of', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_copy_requested(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'copy', NULL, NULL, 'request', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_full_for_manager(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', NULL, new.area, 'request', 'refused', 'CNF-02', 'copy_full_for_manager', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_recipient_covers(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', NULL, new.area, 'request', 'refused', 'CNF-10', 'copy_recipient_covers', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_same_table(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', NULL, new.area, 'request', 'refused', 'CNF-09', 'copy_same_table', 'reproduction_of', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_expires_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', NULL, new.area, 'request', 'invalid', 'CNF-10', 'copy_expires_ahead', 'expires', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.copy', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM copy t), 0) + 1;
	BEGIN
	INSERT INTO copy VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'request', who.given, new.purpose, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('tier', CASE WHEN new.tier IS DISTINCT FROM old.tier THEN jsonb_build_array(old.tier, new.tier) END, 'area', CASE WHEN new.area IS DISTINCT FROM old.area THEN jsonb_build_array(old.area, new.area) END, 'recipient', CASE WHEN new.recipient IS DISTINCT FROM old.recipient THEN jsonb_build_array(old.recipient, new.recipient) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'expires', CASE WHEN new.expires IS DISTINCT FROM old.expires THEN jsonb_build_array(old.expires, new.expires) END, 'reproduction_of', CASE WHEN new.reproduction_of IS DISTINCT FROM old.reproduction_of THEN jsonb_build_array(old.reproduction_of, new.reproduction_of) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_approve(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.approve', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'approve', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'approve', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'approve', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'approve', 'refused', 'CNF-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'approved';
	new := derive_copy_approved(new, who);
	IF guard_copy_not_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'approve', 'refused', 'CNF-09', 'copy_not_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_full_for_manager(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'approve', 'refused', 'CNF-02', 'copy_full_for_manager', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_recipient_covers(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'approve', 'refused', 'CNF-10', 'copy_recipient_covers', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'approve', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_reject(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.reject', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'reject', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'reject', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'reject', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','approved']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'reject', 'refused', 'CNF-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'rejected';
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'reject', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.withdraw', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','approved']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'withdraw', 'refused', 'CNF-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_tier text, a_area integer, a_recipient text, a_purpose text, a_expires date, a_reproduction_of text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_tier IS NOT NULL OR 'tier' = ANY (a_given) THEN 'tier' END, CASE WHEN a_area IS NOT NULL OR 'area' = ANY (a_given) THEN 'area' END, CASE WHEN a_recipient IS NOT NULL OR 'recipient' = ANY (a_given) THEN 'recipient' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_expires IS NOT NULL OR 'expires' = ANY (a_given) THEN 'expires' END, CASE WHEN a_reproduction_of IS NOT NULL OR 'reproduction_of' = ANY (a_given) THEN 'reproduction_of' END]::text[], NULL);
	IF a_tier IS NULL AND (a_id IS NULL OR 'tier' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'tier'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_area IS NULL AND (a_id IS NULL OR 'area' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'area'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_recipient IS NULL AND (a_id IS NULL OR 'recipient' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'recipient'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_tier IS NOT NULL AND (a_tier = ANY (ARRAY['estate','cs','full','vip','help'])) IS NOT TRUE THEN 'tier'
		WHEN a_area IS NOT NULL AND (true) IS NOT TRUE THEN 'area'
		WHEN a_recipient IS NOT NULL AND (char_length(a_recipient) <= 64) IS NOT TRUE THEN 'recipient'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 5, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_expires IS NOT NULL AND (isfinite(a_expires)) IS NOT TRUE THEN 'expires'
		WHEN a_reproduction_of IS NOT NULL AND (char_length(a_reproduction_of) <= 64) IS NOT TRUE THEN 'reproduction_of' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'copy', a_id, NULL, 'issue', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'issue', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['approved']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'issue', 'refused', 'CNF-09', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF 'tier' = ANY (who.given) THEN
		new.tier := a_tier;
	END IF;
	IF 'area' = ANY (who.given) THEN
		new.area := a_area;
	END IF;
	IF 'recipient' = ANY (who.given) THEN
		IF a_recipient IS NULL THEN
			new.recipient := NULL;
		ELSE
			SELECT t.id INTO new.recipient FROM staff t WHERE (t.id = CASE WHEN a_recipient ~ '^[0-9]{1,18}$' THEN a_recipient::bigint END OR t.work_no = a_recipient OR t.login = a_recipient) ORDER BY (t.work_no = a_recipient) DESC LIMIT 1;
			IF new.recipient IS NULL THEN
				RETURN refused(who, 'copy', a_id, NULL, 'issue', 'not_found', NULL, 'reference', 'recipient', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'purpose' = ANY (who.given) THEN
		new.purpose := a_purpose;
	END IF;
	IF 'expires' = ANY (who.given) THEN
		new.expires := a_expires;
	END IF;
	IF 'reproduction_of' = ANY (who.given) THEN
		IF a_reproduction_of IS NULL THEN
			new.reproduction_of := NULL;
		ELSE
			SELECT t.id INTO new.reproduction_of FROM copy t WHERE (t.id = CASE WHEN a_reproduction_of ~ '^[0-9]{1,18}$' THEN a_reproduction_of::bigint END) AND t.area = ANY (who.areas);
			IF new.reproduction_of IS NULL THEN
				RETURN refused(who, 'copy', a_id, NULL, 'issue', 'not_found', NULL, 'reference', 'reproduction_of', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_copy_issued(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'copy', a_id, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_as_approved(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'invalid', 'CNF-08', 'copy_as_approved', 'tier', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_table_approved(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'refused', 'CNF-02', 'copy_table_approved', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_reproduction_approved(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'refused', 'CNF-09', 'copy_reproduction_approved', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_full_for_manager(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'refused', 'CNF-02', 'copy_full_for_manager', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_recipient_covers(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'refused', 'CNF-10', 'copy_recipient_covers', 'recipient', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_same_table(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'refused', 'CNF-09', 'copy_same_table', 'reproduction_of', NULL, a_op_id, a_digest);
	END IF;
	IF guard_copy_expires_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'invalid', 'CNF-10', 'copy_expires_ahead', 'expires', NULL, a_op_id, a_digest);
	END IF;
	IF guard_step_up(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'copy', a_id, new.area, 'issue', 'locked', 'CNF-02', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.copy', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM copy t), 0) + 1;
	BEGIN
	INSERT INTO copy VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM deadline_open(new.area, 'copy', new.id, 'copy_ends', new.ends_at);
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'issue', who.given, new.purpose, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('tier', CASE WHEN new.tier IS DISTINCT FROM old.tier THEN jsonb_build_array(old.tier, new.tier) END, 'area', CASE WHEN new.area IS DISTINCT FROM old.area THEN jsonb_build_array(old.area, new.area) END, 'recipient', CASE WHEN new.recipient IS DISTINCT FROM old.recipient THEN jsonb_build_array(old.recipient, new.recipient) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'expires', CASE WHEN new.expires IS DISTINCT FROM old.expires THEN jsonb_build_array(old.expires, new.expires) END, 'reproduction_of', CASE WHEN new.reproduction_of IS DISTINCT FROM old.reproduction_of THEN jsonb_build_array(old.reproduction_of, new.reproduction_of) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_recall(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.recall', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'recall', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','EM']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'recall', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'recall', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'recall', 'refused', 'CNF-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'recalled';
	new := derive_copy_recalled(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'recall', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_return(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.return', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'return', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'return', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'return', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued','recalled']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'return', 'refused', 'CNF-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'returned';
	new := derive_copy_returned(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('copy', new.id, 'copy_ends', who.at);
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'return', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_destroy(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.destroy', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'destroy', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'destroy', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'destroy', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['recalled','returned']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'destroy', 'refused', 'CNF-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'destroyed';
	new := derive_copy_closed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('copy', new.id, 'copy_ends', who.at);
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'destroy', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.copy_lose(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.copy;
	new lodge.copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'copy.lose', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM copy t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'copy', a_id, NULL, 'lose', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','EM']::text[] THEN
		RETURN refused(who, 'copy', a_id, old.area, 'lose', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'copy', a_id, old.area, 'lose', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued','recalled']) THEN
		RETURN refused(who, 'copy', a_id, old.area, 'lose', 'refused', 'CNF-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'lost';
	new := derive_copy_closed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE copy SET version = new.version, state = new.state, tier = new.tier, area = new.area, recipient = new.recipient, purpose = new.purpose, expires = new.expires, reproduction_of = new.reproduction_of, requested_by = new.requested_by, requested_at = new.requested_at, approved_by = new.approved_by, approved_at = new.approved_at, issued_by = new.issued_by, issued_at = new.issued_at, compiled_at = new.compiled_at, ends_at = new.ends_at, recalled_by = new.recalled_by, recalled_at = new.recalled_at, received_by = new.received_by, returned_at = new.returned_at, closed_by = new.closed_by, closed_at = new.closed_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('copy', new.id, 'copy_ends', who.at);
	RETURN done(who, 'copy', new.id, new.no::text, new.version, new.state, new.area, 'lose', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.recipient]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_copy(a_op text, old lodge.copy, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.copy := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','EM']::text[] AND old.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[old.recipient]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'approve' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested']) THEN
			RETURN 'state';
		END IF;
		new.state := 'approved';
		new := derive_copy_approved(new, who);
		IF guard_copy_not_own(new, who) IS NOT TRUE THEN
			RETURN 'copy_not_own';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'reject' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','approved']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','approved']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		RETURN NULL;
	END IF;
	IF a_op = 'recall' THEN
		IF NOT who.acts_as && ARRAY['ACU','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		new.state := 'recalled';
		new := derive_copy_recalled(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'return' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued','recalled']) THEN
			RETURN 'state';
		END IF;
		new.state := 'returned';
		new := derive_copy_returned(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'destroy' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['recalled','returned']) THEN
			RETURN 'state';
		END IF;
		new.state := 'destroyed';
		new := derive_copy_closed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'lose' THEN
		IF NOT who.acts_as && ARRAY['ACU','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued','recalled']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_copy(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.copy;
BEGIN
	SELECT x.* INTO t FROM copy x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_copy(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_copy(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_copy(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.export_copy(a_token bytea, a_id bigint) RETURNS TABLE (sheet text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	WITH k AS MATERIALIZED (SELECT t.* FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.staff = who.staff JOIN copy t ON t.id = e.record
		WHERE e.book = 'copy' AND e.record = a_id AND e.op = 'issue' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds'
		AND t.state = 'issued' AND who.acts_as && ARRAY['ACU']::text[] AND ((who.acts_as && ARRAY['ACU','EM']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.recipient]::bigint[], NULL))) ORDER BY e.seq DESC LIMIT 1)
	SELECT t.tier, t.no::text, (SELECT concat_ws(' ', r.work_no, r.name) FROM staff r WHERE r.id = t.recipient), t.area::text, t.expires::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM k JOIN copy t ON t.id = k.id
	UNION ALL (SELECT NULL, (SELECT concat_ws(' ', r.code) FROM unit r WHERE r.id = t.unit), t.name::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM person t WHERE (SELECT k.tier FROM k) = 'estate' AND t.area = (SELECT k.area FROM k) AND (t.left_on IS NULL)
		ORDER BY (SELECT u.code FROM unit u WHERE u.id = t.unit), t.id)
	UNION ALL (SELECT NULL, (SELECT concat_ws(' ', r.code) FROM unit r WHERE r.id = t.unit), t.name::text, CASE WHEN t.mobile_withheld THEN '[#]' ELSE t.mobile END, t.home_phone::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM person t WHERE (SELECT k.tier FROM k) = 'cs' AND t.area = (SELECT k.area FROM k) AND (t.left_on IS NULL)
		ORDER BY (SELECT u.code FROM unit u WHERE u.id = t.unit), t.id)
	UNION ALL (SELECT NULL, (SELECT concat_ws(' ', r.code) FROM unit r WHERE r.id = t.unit), t.name::text, t.relation::text, CASE WHEN t.mobile_withheld THEN '[#]' ELSE t.mobile END, t.home_phone::text, t.sex::text, t.id_no::text, t.id_no_op::text, t.birth::text, t.native_place::text, t.registration_place::text, t.email::text, t.needs_help::text
		FROM person t WHERE (SELECT k.tier FROM k) = 'full' AND t.area = (SELECT k.area FROM k) AND (t.left_on IS NULL)
		ORDER BY (SELECT u.code FROM unit u WHERE u.id = t.unit), t.id)
	UNION ALL (SELECT NULL, (SELECT concat_ws(' ', r.code) FROM unit r WHERE r.id = t.unit), (SELECT concat_ws(' ', r.display_name) FROM household r WHERE r.id = t.household), z.birthday::text, z.character::text, z.character_op::text, z.preferences::text, z.preferences_op::text, z.skills::text, z.skills_op::text, z.requirements::text, z.requirements_op::text, z.opinions::text, z.opinions_op::text
		FROM vip_profile t LEFT JOIN vip_profile_sealed z ON z.id = t.id WHERE (SELECT k.tier FROM k) = 'vip' AND t.area = (SELECT k.area FROM k)
		ORDER BY (SELECT u.code FROM unit u WHERE u.id = t.unit), t.id)
	UNION ALL (SELECT NULL, (SELECT concat_ws(' ', r.number) FROM building r WHERE r.id = t.building), t.floor::text, t.code::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM unit t WHERE (SELECT k.tier FROM k) = 'help' AND t.area = (SELECT k.area FROM k) AND (EXISTS (SELECT 1 FROM person p WHERE p.unit = t.id AND p.needs_help AND p.left_on IS NULL))
		ORDER BY (SELECT lpad(b.number, 8) FROM building b WHERE b.id = t.building), t.floor, t.code, t.id)
$op$;

REVOKE ALL ON lodge.copy FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "tier", "area", "recipient", "purpose", "expires", "reproduction_of", "requested_by", "requested_at", "approved_by", "approved_at", "issued_by", "issued_at", "compiled_at", "ends_at", "recalled_by", "recalled_at", "received_by", "returned_at", "closed_by", "closed_at", "note") ON lodge.copy TO lodge_name;
GRANT SELECT (id, version, state, "no", "tier", "area", "recipient", "purpose", "expires", "reproduction_of", "requested_by", "requested_at", "approved_by", "approved_at", "issued_by", "issued_at", "compiled_at", "ends_at", "recalled_by", "recalled_at", "received_by", "returned_at", "closed_by", "closed_at", "note") ON lodge.copy TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.copy_request TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_approve TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_reject TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_recall TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_return TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_destroy TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.copy_lose TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_copy TO lodge_name, lodge_contact;
GRANT EXECUTE ON FUNCTION op.export_copy TO lodge_reveal;
