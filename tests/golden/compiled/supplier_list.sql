CREATE FUNCTION op.supplier_list_enter(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_contractor text, a_valid_from date, a_valid_until date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_list;
	new lodge.supplier_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_list.enter', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_contractor IS NOT NULL OR 'contractor' = ANY (a_given) THEN 'contractor' END, CASE WHEN a_valid_from IS NOT NULL OR 'valid_from' = ANY (a_given) THEN 'valid_from' END, CASE WHEN a_valid_until IS NOT NULL OR 'valid_until' = ANY (a_given) THEN 'valid_until' END]::text[], NULL);
	IF a_contractor IS NULL THEN
		r.result := 'invalid'; r.field := 'contractor'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_valid_from IS NULL THEN
		r.result := 'invalid'; r.field := 'valid_from'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_valid_until IS NULL THEN
		r.result := 'invalid'; r.field := 'valid_until'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_contractor IS NOT NULL AND (is_text(a_contractor, 2, 80, false)) IS NOT TRUE THEN 'contractor'
		WHEN a_valid_from IS NOT NULL AND (isfinite(a_valid_from)) IS NOT TRUE THEN 'valid_from'
		WHEN a_valid_until IS NOT NULL AND (isfinite(a_valid_until)) IS NOT TRUE THEN 'valid_until' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['PUR']::text[] THEN
		RETURN refused(who, 'supplier_list', NULL, NULL, 'enter', 'forbidden', NULL, 'role', NULL, ARRAY['PUR']::text[], a_op_id, a_digest);
	END IF;
	new.contractor := a_contractor;
	new.valid_from := a_valid_from;
	new.valid_until := a_valid_until;
	who.args := jsonb_build_object();
	new.state := 'draft';
	new := derive_supplier_entered(new, who);
	IF guard_supplier_days_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_list', NULL, NULL, 'enter', 'refused', 'SUP-04', 'supplier_days_in_order', 'valid_until', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.supplier_list', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO supplier_list VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_list', new.id, NULL, new.version, new.state, NULL, 'enter', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('contractor', CASE WHEN new.contractor IS DISTINCT FROM old.contractor THEN jsonb_build_array(old.contractor, new.contractor) END, 'valid_from', CASE WHEN new.valid_from IS DISTINCT FROM old.valid_from THEN jsonb_build_array(old.valid_from, new.valid_from) END, 'valid_until', CASE WHEN new.valid_until IS DISTINCT FROM old.valid_until THEN jsonb_build_array(old.valid_until, new.valid_until) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.supplier_list_sign(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_director_at date, a_director_document text, a_board_at date, a_board_document text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_list;
	new lodge.supplier_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_list.sign', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_director_at IS NOT NULL OR 'director_at' = ANY (a_given) THEN 'director_at' END, CASE WHEN a_director_document IS NOT NULL OR 'director_document' = ANY (a_given) THEN 'director_document' END, CASE WHEN a_board_at IS NOT NULL OR 'board_at' = ANY (a_given) THEN 'board_at' END, CASE WHEN a_board_document IS NOT NULL OR 'board_document' = ANY (a_given) THEN 'board_document' END]::text[], NULL);
	r.field := CASE
		WHEN a_director_at IS NOT NULL AND (isfinite(a_director_at)) IS NOT TRUE THEN 'director_at'
		WHEN a_director_document IS NOT NULL AND (is_text(a_director_document, 2, 60, false)) IS NOT TRUE THEN 'director_document'
		WHEN a_board_at IS NOT NULL AND (isfinite(a_board_at)) IS NOT TRUE THEN 'board_at'
		WHEN a_board_document IS NOT NULL AND (is_text(a_board_document, 2, 60, false)) IS NOT TRUE THEN 'board_document' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM supplier_list t WHERE t.id = a_id AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'sign', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['PUR']::text[] THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'sign', 'forbidden', NULL, 'role', NULL, ARRAY['PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'sign', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['draft','signed']) THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'sign', 'refused', 'SUP-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'director_at' = ANY (who.given) THEN
		new.director_at := a_director_at;
	END IF;
	IF 'director_document' = ANY (who.given) THEN
		new.director_document := a_director_document;
	END IF;
	IF 'board_at' = ANY (who.given) THEN
		new.board_at := a_board_at;
	END IF;
	IF 'board_document' = ANY (who.given) THEN
		new.board_document := a_board_document;
	END IF;
	who.args := jsonb_build_object();
	new := derive_supplier_signed(new, who);
	IF guard_supplier_signed_before(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'sign', 'refused', 'SUP-02', 'supplier_signed_before', 'director_at', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE supplier_list SET version = new.version, state = new.state, contractor = new.contractor, list_version = new.list_version, valid_from = new.valid_from, valid_until = new.valid_until, director_at = new.director_at, director_document = new.director_document, board_at = new.board_at, board_document = new.board_document, entered_by = new.entered_by, entered_at = new.entered_at, checked_by = new.checked_by, checked_at = new.checked_at, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_list', new.id, NULL, new.version, new.state, NULL, 'sign', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('director_at', CASE WHEN new.director_at IS DISTINCT FROM old.director_at THEN jsonb_build_array(old.director_at, new.director_at) END, 'director_document', CASE WHEN new.director_document IS DISTINCT FROM old.director_document THEN jsonb_build_array(old.director_document, new.director_document) END, 'board_at', CASE WHEN new.board_at IS DISTINCT FROM old.board_at THEN jsonb_build_array(old.board_at, new.board_at) END, 'board_document', CASE WHEN new.board_document IS DISTINCT FROM old.board_document THEN jsonb_build_array(old.board_document, new.board_document) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.supplier_list_check(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_list;
	new lodge.supplier_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_list.check', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM supplier_list t WHERE t.id = a_id AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['SS']::text[] THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'forbidden', NULL, 'role', NULL, ARRAY['SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['draft','signed']) THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'refused', 'SUP-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'in_force';
	new := derive_supplier_checked(new, who);
	IF guard_supplier_signed_by_both(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'refused', 'SUP-02', 'supplier_signed_by_both', 'board_at', NULL, a_op_id, a_digest);
	END IF;
	IF guard_supplier_names_somebody(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'refused', 'SUP-01', 'supplier_names_somebody', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_supplier_checked_by_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'check', 'forbidden', 'SUP-02', 'supplier_checked_by_another', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := prepare_supplier_superseded(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE supplier_list SET version = new.version, state = new.state, contractor = new.contractor, list_version = new.list_version, valid_from = new.valid_from, valid_until = new.valid_until, director_at = new.director_at, director_document = new.director_document, board_at = new.board_at, board_document = new.board_document, entered_by = new.entered_by, entered_at = new.entered_at, checked_by = new.checked_by, checked_at = new.checked_at, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_list', new.id, NULL, new.version, new.state, NULL, 'check', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.supplier_list_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_list;
	new lodge.supplier_list;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_list.withdraw', a_digest);
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
	SELECT * INTO old FROM supplier_list t WHERE t.id = a_id AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['SS','PUR']::text[] THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['SS','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['draft','signed','in_force']) THEN
		RETURN refused(who, 'supplier_list', a_id, NULL, 'withdraw', 'refused', 'SUP-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new.version := old.version + 1;
	BEGIN
	UPDATE supplier_list SET version = new.version, state = new.state, contractor = new.contractor, list_version = new.list_version, valid_from = new.valid_from, valid_until = new.valid_until, director_at = new.director_at, director_document = new.director_document, board_at = new.board_at, board_document = new.board_document, entered_by = new.entered_by, entered_at = new.entered_at, checked_by = new.checked_by, checked_at = new.checked_at, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_list', new.id, NULL, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_supplier_list(a_op text, old lodge.supplier_list, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.supplier_list := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'sign' THEN
		IF NOT who.acts_as && ARRAY['PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['draft','signed']) THEN
			RETURN 'state';
		END IF;
		new := derive_supplier_signed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'check' THEN
		IF NOT who.acts_as && ARRAY['SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['draft','signed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'in_force';
		new := derive_supplier_checked(new, who);
		IF guard_supplier_names_somebody(new, who) IS NOT TRUE THEN
			RETURN 'supplier_names_somebody';
		END IF;
		IF guard_supplier_checked_by_another(new, who) IS NOT TRUE THEN
			RETURN 'supplier_checked_by_another';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['SS','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['draft','signed','in_force']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_supplier_list(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.supplier_list;
BEGIN
	SELECT x.* INTO t FROM supplier_list x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_supplier_list(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_supplier_list(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_supplier_list(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.supplier_list FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "contractor", "list_version", "valid_from", "valid_until", "director_at", "director_document", "board_at", "board_document", "entered_by", "entered_at", "checked_by", "checked_at", "reason") ON lodge.supplier_list TO lodge_name;
GRANT SELECT (id, version, state, "contractor", "list_version", "valid_from", "valid_until", "director_at", "director_document", "board_at", "board_document", "entered_by", "entered_at", "checked_by", "checked_at", "reason") ON lodge.supplier_list TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.supplier_list_enter TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_list_sign TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_list_check TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_list_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_supplier_list TO lodge_name, lodge_contact;
