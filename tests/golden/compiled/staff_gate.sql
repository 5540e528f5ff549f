CREATE FUNCTION op.staff_gate_book(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_employee text, a_direction text, a_kind text, a_reason text, a_document text, a_approver text, a_decided_by text, a_outcome text, a_goods jsonb) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.staff_gate;
	new lodge.staff_gate;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'staff_gate.book', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_employee IS NOT NULL OR 'employee' = ANY (a_given) THEN 'employee' END, CASE WHEN a_direction IS NOT NULL OR 'direction' = ANY (a_given) THEN 'direction' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END, CASE WHEN a_document IS NOT NULL OR 'document' = ANY (a_given) THEN 'document' END, CASE WHEN a_approver IS NOT NULL OR 'approver' = ANY (a_given) THEN 'approver' END, CASE WHEN a_decided_by IS NOT NULL OR 'decided_by' = ANY (a_given) THEN 'decided_by' END, CASE WHEN a_outcome IS NOT NULL OR 'outcome' = ANY (a_given) THEN 'outcome' END, CASE WHEN a_goods IS NOT NULL OR 'goods' = ANY (a_given) THEN 'goods' END]::text[], NULL);
	IF a_employee IS NULL THEN
		r.result := 'invalid'; r.field := 'employee'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_direction IS NULL THEN
		r.result := 'invalid'; r.field := 'direction'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_employee IS NOT NULL AND (char_length(a_employee) <= 64) IS NOT TRUE THEN 'employee'
		WHEN a_direction IS NOT NULL AND (a_direction = ANY (ARRAY['in','out'])) IS NOT TRUE THEN 'direction'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['normal','late','business','standing','ill','exception'])) IS NOT TRUE THEN 'kind'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason'
		WHEN a_document IS NOT NULL AND (is_text(a_document, 2, 60, false)) IS NOT TRUE THEN 'document'
		WHEN a_approver IS NOT NULL AND (char_length(a_approver) <= 64) IS NOT TRUE THEN 'approver'
		WHEN a_decided_by IS NOT NULL AND (is_text(a_decided_by, 2, 80, false)) IS NOT TRUE THEN 'decided_by'
		WHEN a_outcome IS NOT NULL AND (a_outcome = ANY (ARRAY['guest_room','went_out','refused'])) IS NOT TRUE THEN 'outcome'
		WHEN a_goods IS NOT NULL AND (is_items(a_goods, 50)) IS NOT TRUE THEN 'goods' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['SG','SL']::text[] THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'forbidden', NULL, 'role', NULL, ARRAY['SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_employee IS NULL THEN
		new.employee := NULL;
	ELSE
		SELECT t.id INTO new.employee FROM staff t WHERE (t.id = CASE WHEN a_employee ~ '^[0-9]{1,18}$' THEN a_employee::bigint END OR t.work_no = a_employee OR t.login = a_employee) ORDER BY (t.work_no = a_employee) DESC LIMIT 1;
		IF new.employee IS NULL THEN
			RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'not_found', NULL, 'reference', 'employee', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.direction := a_direction;
	new.kind := a_kind;
	new.reason := a_reason;
	new.document := a_document;
	IF a_approver IS NULL THEN
		new.approver := NULL;
	ELSE
		SELECT t.id INTO new.approver FROM staff t WHERE (t.id = CASE WHEN a_approver ~ '^[0-9]{1,18}$' THEN a_approver::bigint END OR t.work_no = a_approver OR t.login = a_approver) ORDER BY (t.work_no = a_approver) DESC LIMIT 1;
		IF new.approver IS NULL THEN
			RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'not_found', NULL, 'reference', 'approver', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.decided_by := a_decided_by;
	new.outcome := a_outcome;
	new.goods := a_goods;
	who.args := jsonb_build_object();
	new := derive_passing_booked(new, who);
	IF guard_passing_employed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-04', 'passing_employed', 'employee', NULL, a_op_id, a_digest);
	END IF;
	IF guard_passing_late_reasoned(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-01', 'passing_late_reasoned', 'reason', NULL, a_op_id, a_digest);
	END IF;
	IF guard_passing_slip_confirmed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-05', 'passing_slip_confirmed', 'document', NULL, a_op_id, a_digest);
	END IF;
	IF guard_passing_permitted(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-06', 'passing_permitted', 'employee', NULL, a_op_id, a_digest);
	END IF;
	IF guard_passing_certified(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-07', 'passing_certified', 'document', NULL, a_op_id, a_digest);
	END IF;
	IF guard_passing_decided(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'staff_gate', NULL, NULL, 'book', 'refused', 'STF-02', 'passing_decided', 'decided_by', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.staff_gate', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO staff_gate VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'staff_gate', new.id, NULL, new.version, NULL, NULL, 'book', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('employee', CASE WHEN new.employee IS DISTINCT FROM old.employee THEN jsonb_build_array(old.employee, new.employee) END, 'direction', CASE WHEN new.direction IS DISTINCT FROM old.direction THEN jsonb_build_array(old.direction, new.direction) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'document', CASE WHEN new.document IS DISTINCT FROM old.document THEN jsonb_build_array(old.document, new.document) END, 'approver', CASE WHEN new.approver IS DISTINCT FROM old.approver THEN jsonb_build_array(old.approver, new.approver) END, 'decided_by', CASE WHEN new.decided_by IS DISTINCT FROM old.decided_by THEN jsonb_build_array(old.decided_by, new.decided_by) END, 'outcome', CASE WHEN new.outcome IS DISTINCT FROM old.outcome THEN jsonb_build_array(old.outcome, new.outcome) END, 'goods', CASE WHEN new.goods IS DISTINCT FROM old.goods THEN jsonb_build_array(old.goods, new.goods) END)),
		array_remove(ARRAY[new.employee]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.staff_gate_book_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_employee text, a_direction text, a_kind text, a_reason text, a_document text, a_approver text, a_decided_by text, a_outcome text, a_goods jsonb,
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
		r := journal_again(a_op_id, 'staff_gate.book', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.staff_gate_book(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_employee, a_direction, a_kind, a_reason, a_document, a_approver, a_decided_by, a_outcome, a_goods);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'staff_gate', 'book', a_op_id, a_id, r);
END $op$;

REVOKE ALL ON lodge.staff_gate FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "employee", "direction", "kind", "reason", "document", "approver", "decided_by", "outcome", "goods", "permission", "at", "booked_by", "gate") ON lodge.staff_gate TO lodge_name;
GRANT SELECT (id, version, "employee", "direction", "kind", "reason", "document", "approver", "decided_by", "outcome", "goods", "permission", "at", "booked_by", "gate") ON lodge.staff_gate TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.staff_gate_book TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.staff_gate_book_recorded TO lodge_writer;
