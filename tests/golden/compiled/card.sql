CREATE FUNCTION op.card_stock(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_no text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.stock', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_no IS NOT NULL OR 'no' = ANY (a_given) THEN 'no' END]::text[], NULL);
	IF a_no IS NULL THEN
		r.result := 'invalid'; r.field := 'no'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_no IS NOT NULL AND (is_text(a_no, 1, 20, false)) IS NOT TRUE THEN 'no' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'card', NULL, NULL, 'stock', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	new.no := a_no;
	who.args := jsonb_build_object();
	new.state := 'stock';
	new := derive_card_stocked(new, who);
	IF guard_card_number_new(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', NULL, new.area, 'stock', 'refused', 'CARD-06', 'card_number_new', 'no', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.card', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO card VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'stock', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('no', CASE WHEN new.no IS DISTINCT FROM old.no THEN jsonb_build_array(old.no, new.no) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_pay(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_receipt_no text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.pay', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_receipt_no IS NOT NULL OR 'receipt_no' = ANY (a_given) THEN 'receipt_no' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_receipt_no IS NULL THEN
		r.result := 'invalid'; r.field := 'receipt_no'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_receipt_no IS NOT NULL AND (is_text(a_receipt_no, 1, 30, false)) IS NOT TRUE THEN 'receipt_no' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'pay', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','FIN']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'pay', 'forbidden', NULL, 'role', NULL, ARRAY['FD','FIN']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'pay', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['stock']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'pay', 'refused', 'CARD-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'unit' = ANY (who.given) THEN
		IF a_unit IS NULL THEN
			new.unit := NULL;
		ELSE
			SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]) ORDER BY (t.code = a_unit) DESC LIMIT 1;
			IF new.unit IS NULL THEN
				RETURN refused(who, 'card', a_id, NULL, 'pay', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'receipt_no' = ANY (who.given) THEN
		new.receipt_no := a_receipt_no;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'paid';
	new := derive_card_paid(new, who);
	IF guard_card_receipt_new(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'pay', 'refused', 'CARD-04', 'card_receipt_new', 'receipt_no', NULL, a_op_id, a_digest);
	END IF;
	IF guard_card_within_quota(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'pay', 'refused', 'CARD-03', 'card_within_quota', 'unit', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'pay', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'receipt_no', CASE WHEN new.receipt_no IS DISTINCT FROM old.receipt_no THEN jsonb_build_array(old.receipt_no, new.receipt_no) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_holder text, a_kind text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_holder IS NOT NULL OR 'holder' = ANY (a_given) THEN 'holder' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_holder IS NULL THEN
		r.result := 'invalid'; r.field := 'holder'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_holder IS NOT NULL AND (is_text(a_holder, 2, 80, false)) IS NOT TRUE THEN 'holder'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['free','sold'])) IS NOT TRUE THEN 'kind' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'issue', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'issue', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['stock','paid']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'issue', 'refused', 'CARD-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'unit' = ANY (who.given) THEN
		IF a_unit IS NULL THEN
			new.unit := NULL;
		ELSE
			SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]) ORDER BY (t.code = a_unit) DESC LIMIT 1;
			IF new.unit IS NULL THEN
				RETURN refused(who, 'card', a_id, NULL, 'issue', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'holder' = ANY (who.given) THEN
		new.holder := a_holder;
	END IF;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_card_issued(new, who);
	IF guard_card_as_paid(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'issue', 'refused', 'CARD-04', 'card_as_paid', 'unit', NULL, a_op_id, a_digest);
	END IF;
	IF guard_card_paid_for(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'issue', 'refused', 'CARD-04', 'card_paid_for', 'kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_card_within_quota(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'issue', 'refused', 'CARD-03', 'card_within_quota', 'unit', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'issue', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'holder', CASE WHEN new.holder IS DISTINCT FROM old.holder THEN jsonb_build_array(old.holder, new.holder) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_activate(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.activate', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'activate', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'activate', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'activate', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'activate', 'refused', 'CARD-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'active';
	new := derive_card_activated(new, who);
	IF guard_card_paid_for(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'card', a_id, new.area, 'activate', 'refused', 'CARD-04', 'card_paid_for', 'receipt_no', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'activate', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_suspend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.suspend', a_digest);
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
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'suspend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSS']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'suspend', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'suspend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['active']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'suspend', 'refused', 'CARD-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'suspended';
	new := derive_card_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'suspend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_resume(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.resume', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'resume', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSS']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'resume', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'resume', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['suspended']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'resume', 'refused', 'CARD-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'active';
	new := derive_card_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'resume', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_lose(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.lose', a_digest);
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
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'lose', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'lose', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'lose', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued','active','suspended']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'lose', 'refused', 'CARD-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'lost';
	new := derive_card_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'lose', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_take_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.take_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'take_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'take_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'take_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued','active','suspended','lost']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'take_back', 'refused', 'CARD-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'returned';
	new := derive_card_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'take_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.card_cancel(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.card;
	new lodge.card;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'card.cancel', a_digest);
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
	SELECT * INTO old FROM card t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (t.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'card', a_id, NULL, 'cancel', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'card', a_id, old.area, 'cancel', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'card', a_id, old.area, 'cancel', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['stock','paid','suspended','lost','returned']) THEN
		RETURN refused(who, 'card', a_id, old.area, 'cancel', 'refused', 'CARD-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'cancelled';
	new := derive_card_changed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE card SET version = new.version, state = new.state, no = new.no, unit = new.unit, holder = new.holder, kind = new.kind, receipt_no = new.receipt_no, paid_at = new.paid_at, issued_by = new.issued_by, issued_at = new.issued_at, activated_at = new.activated_at, reason = new.reason, changed_by = new.changed_by, changed_at = new.changed_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'card', new.id, NULL, new.version, new.state, new.area, 'cancel', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_card(a_op text, old lodge.card, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.card := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','SG','SL','FIN']::text[] AND (old.area = ANY (who.areas) OR who.acts_as && ARRAY['FIN']::text[]))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'pay' THEN
		IF NOT who.acts_as && ARRAY['FD','FIN']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['stock']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'issue' THEN
		IF NOT who.acts_as && ARRAY['FD']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['stock','paid']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'activate' THEN
		IF NOT who.acts_as && ARRAY['FD']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		new.state := 'active';
		new := derive_card_activated(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'suspend' THEN
		IF NOT who.acts_as && ARRAY['FD','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['active']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'resume' THEN
		IF NOT who.acts_as && ARRAY['FD','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['suspended']) THEN
			RETURN 'state';
		END IF;
		new.state := 'active';
		new := derive_card_changed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'lose' THEN
		IF NOT who.acts_as && ARRAY['FD']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued','active','suspended']) THEN
			RETURN 'state';
		END IF;
		new.state := 'lost';
		new := derive_card_changed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'take_back' THEN
		IF NOT who.acts_as && ARRAY['FD']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued','active','suspended','lost']) THEN
			RETURN 'state';
		END IF;
		new.state := 'returned';
		new := derive_card_changed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'cancel' THEN
		IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['stock','paid','suspended','lost','returned']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_card(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.card;
BEGIN
	SELECT x.* INTO t FROM card x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_card(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_card(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_card(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.card FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "no", "unit", "holder", "kind", "receipt_no", "paid_at", "issued_by", "issued_at", "activated_at", "reason", "changed_by", "changed_at") ON lodge.card TO lodge_name;
GRANT SELECT (id, version, area, state, "no", "unit", "holder", "kind", "receipt_no", "paid_at", "issued_by", "issued_at", "activated_at", "reason", "changed_by", "changed_at") ON lodge.card TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.card_stock TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_pay TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_activate TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_suspend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_resume TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_lose TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_take_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.card_cancel TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_card TO lodge_name, lodge_contact;
