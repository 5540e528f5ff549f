CREATE FUNCTION op.loan_request(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_file text, a_requester text, a_act text, a_purpose text, a_outsider_name text, a_outsider_body text, a_proof_kind text, a_proof_no bytea, a_due timestamptz) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.request', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_file IS NOT NULL OR 'file' = ANY (a_given) THEN 'file' END, CASE WHEN a_requester IS NOT NULL OR 'requester' = ANY (a_given) THEN 'requester' END, CASE WHEN a_act IS NOT NULL OR 'act' = ANY (a_given) THEN 'act' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_outsider_name IS NOT NULL OR 'outsider_name' = ANY (a_given) THEN 'outsider_name' END, CASE WHEN a_outsider_body IS NOT NULL OR 'outsider_body' = ANY (a_given) THEN 'outsider_body' END, CASE WHEN a_proof_kind IS NOT NULL OR 'proof_kind' = ANY (a_given) THEN 'proof_kind' END, CASE WHEN a_proof_no IS NOT NULL OR 'proof_no' = ANY (a_given) THEN 'proof_no' END, CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END]::text[], NULL);
	IF a_file IS NULL THEN
		r.result := 'invalid'; r.field := 'file'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_act IS NULL THEN
		r.result := 'invalid'; r.field := 'act'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_purpose IS NULL THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_file IS NOT NULL AND (char_length(a_file) <= 64) IS NOT TRUE THEN 'file'
		WHEN a_requester IS NOT NULL AND (char_length(a_requester) <= 64) IS NOT TRUE THEN 'requester'
		WHEN a_act IS NOT NULL AND (a_act = ANY (ARRAY['consult','borrow','take_out','photocopy','print','e_copy','excerpt'])) IS NOT TRUE THEN 'act'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 5, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_outsider_name IS NOT NULL AND (is_text(a_outsider_name, 2, 80, false)) IS NOT TRUE THEN 'outsider_name'
		WHEN a_outsider_body IS NOT NULL AND (is_text(a_outsider_body, 2, 80, false)) IS NOT TRUE THEN 'outsider_body'
		WHEN a_proof_kind IS NOT NULL AND (a_proof_kind = ANY (ARRAY['id_card','passport','letter','warrant'])) IS NOT TRUE THEN 'proof_kind'
		WHEN a_proof_no IS NOT NULL AND (octet_length(a_proof_no) BETWEEN 43 AND 202) IS NOT TRUE THEN 'proof_no'
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'request', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'loan', a_id, NULL, 'request', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'request', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','endorsed','approved']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'request', 'refused', 'LOAN-17', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF a_file IS NULL THEN
		new.file := NULL;
	ELSE
		SELECT t.id INTO new.file FROM file t WHERE (t.id = CASE WHEN a_file ~ '^[0-9]{1,18}$' THEN a_file::bigint END OR t.code = a_file) ORDER BY (t.code = a_file) DESC LIMIT 1;
		IF new.file IS NULL THEN
			RETURN refused(who, 'loan', a_id, NULL, 'request', 'not_found', NULL, 'reference', 'file', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_requester IS NULL THEN
		new.requester := NULL;
	ELSE
		SELECT t.id INTO new.requester FROM staff t WHERE (t.id = CASE WHEN a_requester ~ '^[0-9]{1,18}$' THEN a_requester::bigint END OR t.work_no = a_requester OR t.login = a_requester) ORDER BY (t.work_no = a_requester) DESC LIMIT 1;
		IF new.requester IS NULL THEN
			RETURN refused(who, 'loan', a_id, NULL, 'request', 'not_found', NULL, 'reference', 'requester', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.act := a_act;
	new.purpose := a_purpose;
	new.outsider_name := a_outsider_name;
	new.outsider_body := a_outsider_body;
	new.proof_kind := a_proof_kind;
	new.proof_no := a_proof_no;
	new.proof_no_op := CASE WHEN a_proof_no IS NOT NULL THEN a_op_id END;
	new.due := a_due;
	who.args := jsonb_build_object();
	new := derive_loan_requested(new, who);
	IF guard_loan_borrower_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'invalid', 'LOAN-01', 'loan_borrower_given', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_own_request(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'forbidden', 'LOAN-17', 'loan_own_request', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_may_request_for(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'LOAN-03', 'loan_may_request_for', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'LOAN-01', 'loan_borrower_active', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'ARC-22', 'loan_file_signed', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'ARC-07', 'loan_file_active', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_act_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'LOAN-06', 'loan_act_allowed', 'act', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_proof_shown(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'LOAN-05', 'loan_proof_shown', 'proof_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_due_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'invalid', 'LOAN-11', 'loan_due_allowed', 'due', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'request', 'refused', 'LOAN-11', 'loan_borrower_clear', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	PERFORM set_config('lodge.replacing', a_id::text, true);
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM set_config('lodge.replacing', '', true);
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.loan', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM loan t), 0) + 1;
	BEGIN
	INSERT INTO loan VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'request', who.given, new.purpose, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('file', CASE WHEN new.file IS DISTINCT FROM old.file THEN jsonb_build_array(old.file, new.file) END, 'requester', CASE WHEN new.requester IS DISTINCT FROM old.requester THEN jsonb_build_array(old.requester, new.requester) END, 'act', CASE WHEN new.act IS DISTINCT FROM old.act THEN jsonb_build_array(old.act, new.act) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'outsider_name', CASE WHEN new.outsider_name IS DISTINCT FROM old.outsider_name THEN jsonb_build_array(old.outsider_name, new.outsider_name) END, 'outsider_body', CASE WHEN new.outsider_body IS DISTINCT FROM old.outsider_body THEN jsonb_build_array(old.outsider_body, new.outsider_body) END, 'proof_kind', CASE WHEN new.proof_kind IS DISTINCT FROM old.proof_kind THEN jsonb_build_array(old.proof_kind, new.proof_kind) END, 'due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_endorse(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.endorse', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'endorse', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'endorse', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'endorse', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'endorse', 'refused', 'LOAN-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'endorsed';
	new := derive_loan_endorsed(new, who);
	IF guard_loan_borrowers_head(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'endorse', 'forbidden', 'LOAN-03', 'loan_borrowers_head', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_needs_endorsement(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'endorse', 'refused', 'LOAN-03', 'loan_needs_endorsement', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'endorse', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_approve(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.approve', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'approve', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'approve', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'approve', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','endorsed']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'approve', 'refused', 'LOAN-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'approved';
	new := derive_loan_approved(new, who);
	IF guard_loan_approver_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'approve', 'refused', 'LOAN-07', 'loan_approver_role', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_is_endorsed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'approve', 'refused', 'LOAN-03', 'loan_is_endorsed', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'approve', 'refused', 'LOAN-07', 'loan_not_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'approve', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_reject(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.reject', a_digest);
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
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'reject', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'reject', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'reject', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','endorsed']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'reject', 'refused', 'LOAN-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'rejected';
	IF guard_loan_approver_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'reject', 'refused', 'LOAN-07', 'loan_approver_role', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_loan_left_queue(new, who);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'reject', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.withdraw', a_digest);
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
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','endorsed','approved']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'withdraw', 'refused', 'LOAN-17', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	IF guard_loan_own_party(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'withdraw', 'forbidden', 'LOAN-17', 'loan_own_party', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_loan_left_queue(new, who);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_hand_out(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_escort text, a_turn_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.hand_out', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END, CASE WHEN a_turn_reason IS NOT NULL OR 'turn_reason' = ANY (a_given) THEN 'turn_reason' END]::text[], NULL);
	r.field := CASE
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort'
		WHEN a_turn_reason IS NOT NULL AND (is_text(a_turn_reason, 5, 200, false)) IS NOT TRUE THEN 'turn_reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'hand_out', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'hand_out', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'hand_out', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['approved']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'hand_out', 'refused', 'LOAN-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'escort' = ANY (who.given) THEN
		IF a_escort IS NULL THEN
			new.escort := NULL;
		ELSE
			SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
			IF new.escort IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'hand_out', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'turn_reason' = ANY (who.given) THEN
		new.turn_reason := a_turn_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'issued';
	new := derive_loan_handed_out(new, who);
	IF guard_loan_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'forbidden', 'LOAN-16', 'loan_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_is_here(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-08', 'loan_file_is_here', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_in_force(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-07', 'loan_in_force', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-01', 'loan_borrower_active', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'ARC-22', 'loan_file_signed', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'ARC-07', 'loan_file_active', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-11', 'loan_borrower_clear', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_in_turn(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-08', 'loan_in_turn', 'turn_reason', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_escort_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-02', 'loan_escort_named', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_escort_centre(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'hand_out', 'refused', 'LOAN-13', 'loan_escort_centre', 'escort', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(new.area, 'loan', new.id, 'loan_due', new.due);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'hand_out', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'turn_reason', CASE WHEN new.turn_reason IS DISTINCT FROM old.turn_reason THEN jsonb_build_array(old.turn_reason, new.turn_reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_take_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_condition text, a_note text, a_missing text, a_card integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.take_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_condition IS NOT NULL OR 'condition' = ANY (a_given) THEN 'condition' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END, CASE WHEN a_missing IS NOT NULL OR 'missing' = ANY (a_given) THEN 'missing' END, CASE WHEN a_card IS NOT NULL OR 'card' = ANY (a_given) THEN 'card' END]::text[], NULL);
	IF a_condition IS NULL THEN
		r.result := 'invalid'; r.field := 'condition'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_condition IS NOT NULL AND (a_condition = ANY (ARRAY['ok','damaged','incomplete'])) IS NOT TRUE THEN 'condition'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note'
		WHEN a_missing IS NOT NULL AND (true) IS NOT TRUE THEN 'missing'
		WHEN a_card IS NOT NULL AND (a_card BETWEEN 1 AND 999999999) IS NOT TRUE THEN 'card' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'take_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'take_back', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'take_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'take_back', 'refused', 'LOAN-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'condition' = ANY (who.given) THEN
		new.condition := a_condition;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	IF 'card' = ANY (who.given) THEN
		new.card := a_card;
	END IF;
	who.args := jsonb_build_object('missing', a_missing);
	new := derive_loan_taken_back(new, who);
	IF guard_loan_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'forbidden', 'LOAN-16', 'loan_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_note_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'refused', 'LOAN-10', 'loan_note_given', 'note', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_card_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'refused', 'LOAN-10', 'loan_card_given', 'card', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_card_matches(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'refused', 'LOAN-10', 'loan_card_matches', 'card', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_missing_in_file(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'refused', 'LOAN-10', 'loan_missing_in_file', 'missing', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_room_left(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'take_back', 'refused', 'LOAN-13', 'loan_room_left', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('loan', new.id, 'loan_due', who.at);
	PERFORM effect_loan_taken_back(new, who);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'take_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('condition', CASE WHEN new.condition IS DISTINCT FROM old.condition THEN jsonb_build_array(old.condition, new.condition) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'missing', CASE WHEN a_missing IS NOT NULL THEN jsonb_build_array(NULL, a_missing) END, 'card', CASE WHEN new.card IS DISTINCT FROM old.card THEN jsonb_build_array(old.card, new.card) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_extend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_due timestamptz) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.extend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END]::text[], NULL);
	IF a_due IS NULL THEN
		r.result := 'invalid'; r.field := 'due'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'extend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'extend', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'extend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'extend', 'refused', 'LOAN-11', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'due' = ANY (who.given) THEN
		new.due := a_due;
	END IF;
	who.args := jsonb_build_object();
	IF guard_loan_approver_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'extend', 'refused', 'LOAN-07', 'loan_approver_role', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'extend', 'refused', 'LOAN-07', 'loan_not_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_extension_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'extend', 'invalid', 'LOAN-11', 'loan_extension_allowed', 'due', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('loan', new.id, 'loan_due', who.at);
	PERFORM deadline_open(new.area, 'loan', new.id, 'loan_due', new.due);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'extend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_review(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_verdict text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.review', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_verdict IS NOT NULL OR 'verdict' = ANY (a_given) THEN 'verdict' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_verdict IS NULL THEN
		r.result := 'invalid'; r.field := 'verdict'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_verdict IS NOT NULL AND (a_verdict = ANY (ARRAY['cleared','refused'])) IS NOT TRUE THEN 'verdict'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'review', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['GM']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'review', 'forbidden', NULL, 'role', NULL, ARRAY['GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'review', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'review', 'refused', 'LOAN-18', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'verdict' = ANY (who.given) THEN
		new.verdict := a_verdict;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new := derive_loan_reviewed(new, who);
	IF guard_loan_needs_review(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'review', 'refused', 'LOAN-18', 'loan_needs_review', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_reviewed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'review', 'refused', 'LOAN-17', 'loan_not_reviewed', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'review', 'refused', 'LOAN-07', 'loan_not_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'review', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('verdict', CASE WHEN new.verdict IS DISTINCT FROM old.verdict THEN jsonb_build_array(old.verdict, new.verdict) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_carry_out(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.carry_out', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'carry_out', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'carry_out', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'carry_out', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'carry_out', 'refused', 'LOAN-18', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_loan_carried_out(new, who);
	IF guard_loan_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'carry_out', 'forbidden', 'LOAN-16', 'loan_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_is_copy(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'carry_out', 'refused', 'LOAN-04', 'loan_is_copy', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_excerpt_cleared(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'carry_out', 'refused', 'LOAN-06', 'loan_excerpt_cleared', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_copy_cleared(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'carry_out', 'refused', 'LOAN-18', 'loan_copy_cleared', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_carried(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'carry_out', 'refused', 'LOAN-17', 'loan_not_carried', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'carry_out', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_correct(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_file text, a_requester text, a_act text, a_purpose text, a_outsider_name text, a_outsider_body text, a_proof_kind text, a_proof_no bytea, a_escort text, a_due timestamptz, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.correct', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_file IS NOT NULL OR 'file' = ANY (a_given) THEN 'file' END, CASE WHEN a_requester IS NOT NULL OR 'requester' = ANY (a_given) THEN 'requester' END, CASE WHEN a_act IS NOT NULL OR 'act' = ANY (a_given) THEN 'act' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_outsider_name IS NOT NULL OR 'outsider_name' = ANY (a_given) THEN 'outsider_name' END, CASE WHEN a_outsider_body IS NOT NULL OR 'outsider_body' = ANY (a_given) THEN 'outsider_body' END, CASE WHEN a_proof_kind IS NOT NULL OR 'proof_kind' = ANY (a_given) THEN 'proof_kind' END, CASE WHEN a_proof_no IS NOT NULL OR 'proof_no' = ANY (a_given) THEN 'proof_no' END, CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END, CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_file IS NULL AND 'file' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'file'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_act IS NULL AND 'act' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'act'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_purpose IS NULL AND 'purpose' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_file IS NOT NULL AND (char_length(a_file) <= 64) IS NOT TRUE THEN 'file'
		WHEN a_requester IS NOT NULL AND (char_length(a_requester) <= 64) IS NOT TRUE THEN 'requester'
		WHEN a_act IS NOT NULL AND (a_act = ANY (ARRAY['consult','borrow','take_out','photocopy','print','e_copy','excerpt'])) IS NOT TRUE THEN 'act'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 5, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_outsider_name IS NOT NULL AND (is_text(a_outsider_name, 2, 80, false)) IS NOT TRUE THEN 'outsider_name'
		WHEN a_outsider_body IS NOT NULL AND (is_text(a_outsider_body, 2, 80, false)) IS NOT TRUE THEN 'outsider_body'
		WHEN a_proof_kind IS NOT NULL AND (a_proof_kind = ANY (ARRAY['id_card','passport','letter','warrant'])) IS NOT TRUE THEN 'proof_kind'
		WHEN a_proof_no IS NOT NULL AND (octet_length(a_proof_no) BETWEEN 43 AND 202) IS NOT TRUE THEN 'proof_no'
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort'
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'correct', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'correct', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'correct', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['requested','endorsed','approved','issued','returned','damaged','passed_on']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'correct', 'refused', 'LOAN-17', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'file' = ANY (who.given) THEN
		IF a_file IS NULL THEN
			new.file := NULL;
		ELSE
			SELECT t.id INTO new.file FROM file t WHERE (t.id = CASE WHEN a_file ~ '^[0-9]{1,18}$' THEN a_file::bigint END OR t.code = a_file) ORDER BY (t.code = a_file) DESC LIMIT 1;
			IF new.file IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'correct', 'not_found', NULL, 'reference', 'file', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'requester' = ANY (who.given) THEN
		IF a_requester IS NULL THEN
			new.requester := NULL;
		ELSE
			SELECT t.id INTO new.requester FROM staff t WHERE (t.id = CASE WHEN a_requester ~ '^[0-9]{1,18}$' THEN a_requester::bigint END OR t.work_no = a_requester OR t.login = a_requester) ORDER BY (t.work_no = a_requester) DESC LIMIT 1;
			IF new.requester IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'correct', 'not_found', NULL, 'reference', 'requester', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'act' = ANY (who.given) THEN
		new.act := a_act;
	END IF;
	IF 'purpose' = ANY (who.given) THEN
		new.purpose := a_purpose;
	END IF;
	IF 'outsider_name' = ANY (who.given) THEN
		new.outsider_name := a_outsider_name;
	END IF;
	IF 'outsider_body' = ANY (who.given) THEN
		new.outsider_body := a_outsider_body;
	END IF;
	IF 'proof_kind' = ANY (who.given) THEN
		new.proof_kind := a_proof_kind;
	END IF;
	IF 'proof_no' = ANY (who.given) THEN
		new.proof_no := a_proof_no;
		new.proof_no_op := CASE WHEN a_proof_no IS NOT NULL THEN a_op_id END;
	END IF;
	IF 'escort' = ANY (who.given) THEN
		IF a_escort IS NULL THEN
			new.escort := NULL;
		ELSE
			SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
			IF new.escort IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'correct', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'due' = ANY (who.given) THEN
		new.due := a_due;
	END IF;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new := derive_loan_corrected(new, who);
	IF guard_loan_may_correct(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'forbidden', 'LOAN-17', 'loan_may_correct', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_says_otherwise(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'invalid', 'LOAN-17', 'loan_says_otherwise', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'invalid', 'LOAN-01', 'loan_borrower_given', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_for(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-03', 'loan_correct_for', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-01', 'loan_correct_active', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_same_file(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-08', 'loan_same_file', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_file(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'ARC-07', 'loan_correct_file', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_as_approved(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-07', 'loan_as_approved', 'act', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_act(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-06', 'loan_correct_act', 'act', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_proof_shown(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-05', 'loan_proof_shown', 'proof_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_due(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'invalid', 'LOAN-11', 'loan_correct_due', 'due', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-11', 'loan_borrower_clear', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_escort_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-02', 'loan_correct_escort_named', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_correct_escort(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'correct', 'refused', 'LOAN-13', 'loan_correct_escort', 'escort', NULL, a_op_id, a_digest);
	END IF;
	DECLARE
		gone lodge.loan;
		is_new boolean := new.id = old.id;
	BEGIN
	IF is_new THEN
	new.id := nextval(pg_get_serial_sequence('lodge.loan', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM loan t), 0) + 1;
	ELSE
	new.version := new.version + 1;
	END IF;
	gone := succeed_loan_corrected(old, new, who);
	gone.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = gone.version, state = gone.state, file = gone.file, unit = gone.unit, requester = gone.requester, act = gone.act, purpose = gone.purpose, outsider_name = gone.outsider_name, outsider_body = gone.outsider_body, proof_kind = gone.proof_kind, proof_no = gone.proof_no, proof_no_op = gone.proof_no_op, requested_by = gone.requested_by, requester_class = gone.requester_class, department = gone.department, endorsed_by = gone.endorsed_by, endorsed_at = gone.endorsed_at, approved_by = gone.approved_by, approved_at = gone.approved_at, valid_until = gone.valid_until, escort = gone.escort, issued_by = gone.issued_by, issued_at = gone.issued_at, due = gone.due, received_by = gone.received_by, returned_at = gone.returned_at, condition = gone.condition, verdict = gone.verdict, reviewed_by = gone.reviewed_by, reviewed_at = gone.reviewed_at, carried_out_at = gone.carried_out_at, reason = gone.reason, note = gone.note, requested_at = gone.requested_at, needs_endorsement = gone.needs_endorsement, approvers = gone.approvers, needs_escort = gone.needs_escort, needs_review = gone.needs_review, corrects = gone.corrects, corrected_by = gone.corrected_by, corrector = gone.corrector, passed_from = gone.passed_from, passed_to = gone.passed_to, reminders = gone.reminders, reminded_at = gone.reminded_at, reserved_at = gone.reserved_at, told_at = gone.told_at, turn_reason = gone.turn_reason, lifted_by = gone.lifted_by, lifted_at = gone.lifted_at, card = gone.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF is_new THEN
	BEGIN
	INSERT INTO loan VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = new.id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM beside(who, 'loan', gone.id, gone.version, gone.state, gone.area, 'correct', array_remove(ARRAY[gone.requester, gone.requested_by, (SELECT d.head FROM department d WHERE d.id = gone.department)]::bigint[], NULL));
	END;
	PERFORM effect_loan_corrected(new, who);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'correct', who.given, new.purpose, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('file', CASE WHEN new.file IS DISTINCT FROM old.file THEN jsonb_build_array(old.file, new.file) END, 'requester', CASE WHEN new.requester IS DISTINCT FROM old.requester THEN jsonb_build_array(old.requester, new.requester) END, 'act', CASE WHEN new.act IS DISTINCT FROM old.act THEN jsonb_build_array(old.act, new.act) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'outsider_name', CASE WHEN new.outsider_name IS DISTINCT FROM old.outsider_name THEN jsonb_build_array(old.outsider_name, new.outsider_name) END, 'outsider_body', CASE WHEN new.outsider_body IS DISTINCT FROM old.outsider_body THEN jsonb_build_array(old.outsider_body, new.outsider_body) END, 'proof_kind', CASE WHEN new.proof_kind IS DISTINCT FROM old.proof_kind THEN jsonb_build_array(old.proof_kind, new.proof_kind) END, 'escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_remind(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.remind', a_digest);
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
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'remind', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','ACU','CSS','CM','EM','HR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'remind', 'forbidden', NULL, 'role', NULL, ARRAY['FD','ACU','CSS','CM','EM','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'remind', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'remind', 'refused', 'LOAN-11', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new := derive_loan_reminded(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'remind', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_reserve(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_file text, a_requester text, a_act text, a_purpose text, a_outsider_name text, a_outsider_body text, a_proof_kind text, a_proof_no bytea, a_due timestamptz) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.reserve', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_file IS NOT NULL OR 'file' = ANY (a_given) THEN 'file' END, CASE WHEN a_requester IS NOT NULL OR 'requester' = ANY (a_given) THEN 'requester' END, CASE WHEN a_act IS NOT NULL OR 'act' = ANY (a_given) THEN 'act' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_outsider_name IS NOT NULL OR 'outsider_name' = ANY (a_given) THEN 'outsider_name' END, CASE WHEN a_outsider_body IS NOT NULL OR 'outsider_body' = ANY (a_given) THEN 'outsider_body' END, CASE WHEN a_proof_kind IS NOT NULL OR 'proof_kind' = ANY (a_given) THEN 'proof_kind' END, CASE WHEN a_proof_no IS NOT NULL OR 'proof_no' = ANY (a_given) THEN 'proof_no' END, CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END]::text[], NULL);
	IF a_file IS NULL THEN
		r.result := 'invalid'; r.field := 'file'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_act IS NULL THEN
		r.result := 'invalid'; r.field := 'act'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_purpose IS NULL THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_file IS NOT NULL AND (char_length(a_file) <= 64) IS NOT TRUE THEN 'file'
		WHEN a_requester IS NOT NULL AND (char_length(a_requester) <= 64) IS NOT TRUE THEN 'requester'
		WHEN a_act IS NOT NULL AND (a_act = ANY (ARRAY['consult','borrow','take_out','photocopy','print','e_copy','excerpt'])) IS NOT TRUE THEN 'act'
		WHEN a_purpose IS NOT NULL AND (is_text(a_purpose, 5, 200, false)) IS NOT TRUE THEN 'purpose'
		WHEN a_outsider_name IS NOT NULL AND (is_text(a_outsider_name, 2, 80, false)) IS NOT TRUE THEN 'outsider_name'
		WHEN a_outsider_body IS NOT NULL AND (is_text(a_outsider_body, 2, 80, false)) IS NOT TRUE THEN 'outsider_body'
		WHEN a_proof_kind IS NOT NULL AND (a_proof_kind = ANY (ARRAY['id_card','passport','letter','warrant'])) IS NOT TRUE THEN 'proof_kind'
		WHEN a_proof_no IS NOT NULL AND (octet_length(a_proof_no) BETWEEN 43 AND 202) IS NOT TRUE THEN 'proof_no'
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'loan', NULL, NULL, 'reserve', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_file IS NULL THEN
		new.file := NULL;
	ELSE
		SELECT t.id INTO new.file FROM file t WHERE (t.id = CASE WHEN a_file ~ '^[0-9]{1,18}$' THEN a_file::bigint END OR t.code = a_file) ORDER BY (t.code = a_file) DESC LIMIT 1;
		IF new.file IS NULL THEN
			RETURN refused(who, 'loan', NULL, NULL, 'reserve', 'not_found', NULL, 'reference', 'file', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_requester IS NULL THEN
		new.requester := NULL;
	ELSE
		SELECT t.id INTO new.requester FROM staff t WHERE (t.id = CASE WHEN a_requester ~ '^[0-9]{1,18}$' THEN a_requester::bigint END OR t.work_no = a_requester OR t.login = a_requester) ORDER BY (t.work_no = a_requester) DESC LIMIT 1;
		IF new.requester IS NULL THEN
			RETURN refused(who, 'loan', NULL, NULL, 'reserve', 'not_found', NULL, 'reference', 'requester', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.act := a_act;
	new.purpose := a_purpose;
	new.outsider_name := a_outsider_name;
	new.outsider_body := a_outsider_body;
	new.proof_kind := a_proof_kind;
	new.proof_no := a_proof_no;
	new.proof_no_op := CASE WHEN a_proof_no IS NOT NULL THEN a_op_id END;
	new.due := a_due;
	who.args := jsonb_build_object();
	new := derive_loan_reserved(new, who);
	IF guard_loan_borrower_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'invalid', 'LOAN-01', 'loan_borrower_given', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_may_request_for(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-03', 'loan_may_request_for', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-01', 'loan_borrower_active', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'ARC-22', 'loan_file_signed', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'ARC-07', 'loan_file_active', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_awaited(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-08', 'loan_file_awaited', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_reserved_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-08', 'loan_reserved_once', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_act_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-06', 'loan_act_allowed', 'act', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_proof_shown(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-05', 'loan_proof_shown', 'proof_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_due_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'invalid', 'LOAN-11', 'loan_due_allowed', 'due', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', NULL, new.area, 'reserve', 'refused', 'LOAN-11', 'loan_borrower_clear', 'requester', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.loan', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM loan t), 0) + 1;
	BEGIN
	INSERT INTO loan VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'reserve', who.given, new.purpose, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('file', CASE WHEN new.file IS DISTINCT FROM old.file THEN jsonb_build_array(old.file, new.file) END, 'requester', CASE WHEN new.requester IS DISTINCT FROM old.requester THEN jsonb_build_array(old.requester, new.requester) END, 'act', CASE WHEN new.act IS DISTINCT FROM old.act THEN jsonb_build_array(old.act, new.act) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'outsider_name', CASE WHEN new.outsider_name IS DISTINCT FROM old.outsider_name THEN jsonb_build_array(old.outsider_name, new.outsider_name) END, 'outsider_body', CASE WHEN new.outsider_body IS DISTINCT FROM old.outsider_body THEN jsonb_build_array(old.outsider_body, new.outsider_body) END, 'proof_kind', CASE WHEN new.proof_kind IS DISTINCT FROM old.proof_kind THEN jsonb_build_array(old.proof_kind, new.proof_kind) END, 'due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_pass_on(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_requester text, a_escort text, a_turn_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.pass_on', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_requester IS NOT NULL OR 'requester' = ANY (a_given) THEN 'requester' END, CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END, CASE WHEN a_turn_reason IS NOT NULL OR 'turn_reason' = ANY (a_given) THEN 'turn_reason' END]::text[], NULL);
	IF a_requester IS NULL THEN
		r.result := 'invalid'; r.field := 'requester'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_requester IS NOT NULL AND (char_length(a_requester) <= 64) IS NOT TRUE THEN 'requester'
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort'
		WHEN a_turn_reason IS NOT NULL AND (is_text(a_turn_reason, 5, 200, false)) IS NOT TRUE THEN 'turn_reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'pass_on', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'pass_on', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'pass_on', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'pass_on', 'refused', 'LOAN-08', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'requester' = ANY (who.given) THEN
		IF a_requester IS NULL THEN
			new.requester := NULL;
		ELSE
			SELECT t.id INTO new.requester FROM staff t WHERE (t.id = CASE WHEN a_requester ~ '^[0-9]{1,18}$' THEN a_requester::bigint END OR t.work_no = a_requester OR t.login = a_requester) ORDER BY (t.work_no = a_requester) DESC LIMIT 1;
			IF new.requester IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'pass_on', 'not_found', NULL, 'reference', 'requester', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'escort' = ANY (who.given) THEN
		IF a_escort IS NULL THEN
			new.escort := NULL;
		ELSE
			SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
			IF new.escort IS NULL THEN
				RETURN refused(who, 'loan', a_id, NULL, 'pass_on', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'turn_reason' = ANY (who.given) THEN
		new.turn_reason := a_turn_reason;
	END IF;
	who.args := jsonb_build_object();
	new := derive_loan_passed_on(new, who);
	IF guard_loan_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'forbidden', 'LOAN-16', 'loan_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_other_holder(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-08', 'loan_other_holder', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-01', 'loan_borrower_active', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'ARC-22', 'loan_file_signed', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'ARC-07', 'loan_file_active', 'file', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_act_allowed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-06', 'loan_act_allowed', 'act', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_next_approved(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-04', 'loan_next_approved', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_in_force(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-07', 'loan_in_force', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_borrower_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-11', 'loan_borrower_clear', 'requester', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_in_turn(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-08', 'loan_in_turn', 'turn_reason', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_room_left(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-13', 'loan_room_left', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_escort_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-02', 'loan_escort_named', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_escort_centre(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'pass_on', 'refused', 'LOAN-13', 'loan_escort_centre', 'escort', NULL, a_op_id, a_digest);
	END IF;
	DECLARE
		gone lodge.loan;
		is_new boolean := new.id = old.id;
	BEGIN
	IF is_new THEN
	new.id := nextval(pg_get_serial_sequence('lodge.loan', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM loan t), 0) + 1;
	ELSE
	new.version := new.version + 1;
	END IF;
	gone := succeed_loan_passed_on(old, new, who);
	gone.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = gone.version, state = gone.state, file = gone.file, unit = gone.unit, requester = gone.requester, act = gone.act, purpose = gone.purpose, outsider_name = gone.outsider_name, outsider_body = gone.outsider_body, proof_kind = gone.proof_kind, proof_no = gone.proof_no, proof_no_op = gone.proof_no_op, requested_by = gone.requested_by, requester_class = gone.requester_class, department = gone.department, endorsed_by = gone.endorsed_by, endorsed_at = gone.endorsed_at, approved_by = gone.approved_by, approved_at = gone.approved_at, valid_until = gone.valid_until, escort = gone.escort, issued_by = gone.issued_by, issued_at = gone.issued_at, due = gone.due, received_by = gone.received_by, returned_at = gone.returned_at, condition = gone.condition, verdict = gone.verdict, reviewed_by = gone.reviewed_by, reviewed_at = gone.reviewed_at, carried_out_at = gone.carried_out_at, reason = gone.reason, note = gone.note, requested_at = gone.requested_at, needs_endorsement = gone.needs_endorsement, approvers = gone.approvers, needs_escort = gone.needs_escort, needs_review = gone.needs_review, corrects = gone.corrects, corrected_by = gone.corrected_by, corrector = gone.corrector, passed_from = gone.passed_from, passed_to = gone.passed_to, reminders = gone.reminders, reminded_at = gone.reminded_at, reserved_at = gone.reserved_at, told_at = gone.told_at, turn_reason = gone.turn_reason, lifted_by = gone.lifted_by, lifted_at = gone.lifted_at, card = gone.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF is_new THEN
	BEGIN
	INSERT INTO loan VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = new.id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM beside(who, 'loan', gone.id, gone.version, gone.state, gone.area, 'pass_on', array_remove(ARRAY[gone.requester, gone.requested_by, (SELECT d.head FROM department d WHERE d.id = gone.department)]::bigint[], NULL));
	END;
	PERFORM deadline_close('loan', old.id, 'loan_due', who.at);
	PERFORM deadline_open(new.area, 'loan', new.id, 'loan_due', new.due);
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'pass_on', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('requester', CASE WHEN new.requester IS DISTINCT FROM old.requester THEN jsonb_build_array(old.requester, new.requester) END, 'escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'turn_reason', CASE WHEN new.turn_reason IS DISTINCT FROM old.turn_reason THEN jsonb_build_array(old.turn_reason, new.turn_reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.loan_lift_block(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.loan;
	new lodge.loan;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.lift_block', a_digest);
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
	SELECT * INTO old FROM loan t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'loan', a_id, NULL, 'lift_block', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
		RETURN refused(who, 'loan', a_id, old.area, 'lift_block', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'loan', a_id, old.area, 'lift_block', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['issued']) THEN
		RETURN refused(who, 'loan', a_id, old.area, 'lift_block', 'refused', 'LOAN-11', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new := derive_loan_block_lifted(new, who);
	IF guard_loan_approver_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'lift_block', 'refused', 'LOAN-07', 'loan_approver_role', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_not_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'lift_block', 'refused', 'LOAN-07', 'loan_not_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_loan_is_overdue(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'loan', a_id, new.area, 'lift_block', 'refused', 'LOAN-11', 'loan_is_overdue', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE loan SET version = new.version, state = new.state, file = new.file, unit = new.unit, requester = new.requester, act = new.act, purpose = new.purpose, outsider_name = new.outsider_name, outsider_body = new.outsider_body, proof_kind = new.proof_kind, proof_no = new.proof_no, proof_no_op = new.proof_no_op, requested_by = new.requested_by, requester_class = new.requester_class, department = new.department, endorsed_by = new.endorsed_by, endorsed_at = new.endorsed_at, approved_by = new.approved_by, approved_at = new.approved_at, valid_until = new.valid_until, escort = new.escort, issued_by = new.issued_by, issued_at = new.issued_at, due = new.due, received_by = new.received_by, returned_at = new.returned_at, condition = new.condition, verdict = new.verdict, reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at, carried_out_at = new.carried_out_at, reason = new.reason, note = new.note, requested_at = new.requested_at, needs_endorsement = new.needs_endorsement, approvers = new.approvers, needs_escort = new.needs_escort, needs_review = new.needs_review, corrects = new.corrects, corrected_by = new.corrected_by, corrector = new.corrector, passed_from = new.passed_from, passed_to = new.passed_to, reminders = new.reminders, reminded_at = new.reminded_at, reserved_at = new.reserved_at, told_at = new.told_at, turn_reason = new.turn_reason, lifted_by = new.lifted_by, lifted_at = new.lifted_at, card = new.card WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'loan', new.id, new.no::text, new.version, new.state, new.area, 'lift_block', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.requester, new.requested_by, (SELECT d.head FROM department d WHERE d.id = new.department)]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_loan(a_op text, old lodge.loan, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.loan := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND old.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[old.requester, old.requested_by, (SELECT d.head FROM department d WHERE d.id = old.department)]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'endorse' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested']) THEN
			RETURN 'state';
		END IF;
		new.state := 'endorsed';
		new := derive_loan_endorsed(new, who);
		IF guard_loan_borrowers_head(new, who) IS NOT TRUE THEN
			RETURN 'loan_borrowers_head';
		END IF;
		IF guard_loan_needs_endorsement(new, who) IS NOT TRUE THEN
			RETURN 'loan_needs_endorsement';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'approve' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','endorsed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'approved';
		new := derive_loan_approved(new, who);
		IF guard_loan_approver_role(new, who) IS NOT TRUE THEN
			RETURN 'loan_approver_role';
		END IF;
		IF guard_loan_is_endorsed(new, who) IS NOT TRUE THEN
			RETURN 'loan_is_endorsed';
		END IF;
		IF guard_loan_not_own(new, who) IS NOT TRUE THEN
			RETURN 'loan_not_own';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'reject' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','endorsed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','endorsed','approved']) THEN
			RETURN 'state';
		END IF;
		new.state := 'withdrawn';
		IF guard_loan_own_party(new, who) IS NOT TRUE THEN
			RETURN 'loan_own_party';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'hand_out' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['approved']) THEN
			RETURN 'state';
		END IF;
		new.state := 'issued';
		new := derive_loan_handed_out(new, who);
		IF guard_loan_custodian(new, who) IS NOT TRUE THEN
			RETURN 'loan_custodian';
		END IF;
		IF guard_loan_file_is_here(new, who) IS NOT TRUE THEN
			RETURN 'loan_file_is_here';
		END IF;
		IF guard_loan_in_force(new, who) IS NOT TRUE THEN
			RETURN 'loan_in_force';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'take_back' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'extend' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'review' THEN
		IF NOT who.acts_as && ARRAY['GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'carry_out' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		new := derive_loan_carried_out(new, who);
		IF guard_loan_custodian(new, who) IS NOT TRUE THEN
			RETURN 'loan_custodian';
		END IF;
		IF guard_loan_is_copy(new, who) IS NOT TRUE THEN
			RETURN 'loan_is_copy';
		END IF;
		IF guard_loan_excerpt_cleared(new, who) IS NOT TRUE THEN
			RETURN 'loan_excerpt_cleared';
		END IF;
		IF guard_loan_copy_cleared(new, who) IS NOT TRUE THEN
			RETURN 'loan_copy_cleared';
		END IF;
		IF guard_loan_not_carried(new, who) IS NOT TRUE THEN
			RETURN 'loan_not_carried';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'correct' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['requested','endorsed','approved','issued','returned','damaged','passed_on']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'remind' THEN
		IF NOT who.acts_as && ARRAY['FD','ACU','CSS','CM','EM','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		new := derive_loan_reminded(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'pass_on' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'lift_block' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['issued']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_loan(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.loan;
BEGIN
	SELECT x.* INTO t FROM loan x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_loan(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_loan(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_loan(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.loan_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'loan.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['proof_no']::text[] THEN
		r.result := 'invalid'; r.field := 'fields';
		RETURN r;
	END IF;
	IF a_purpose IS NULL OR NOT is_text(btrim(a_purpose), 5, 200, false) THEN
		r.result := 'invalid'; r.field := 'purpose';
		RETURN r;
	END IF;
	IF a_on_behalf IS NOT NULL THEN
		SELECT s.id INTO behalf FROM staff s WHERE (s.id = CASE WHEN a_on_behalf ~ '^[0-9]{1,18}$' THEN a_on_behalf::bigint END OR s.work_no = a_on_behalf OR s.login = a_on_behalf) AND s.status <> 'left';
		IF behalf IS NULL THEN
			r.result := 'invalid'; r.field := 'on_behalf_of';
			RETURN r;
		END IF;
	END IF;
	IF (SELECT count(*) FROM loan t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'loan', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['proof_no']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'loan', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'loan', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN loan t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'loan', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'loan.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_loan(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "proof_no" bytea, proof_no_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'proof_no' = ANY (e.fields) THEN t.proof_no END, CASE WHEN 'proof_no' = ANY (e.fields) THEN t.proof_no_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN loan t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'loan' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','HR']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.requester, t.requested_by, (SELECT d.head FROM department d WHERE d.id = t.department)]::bigint[], NULL)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.loan FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "no", "file", "unit", "requester", "act", "purpose", "outsider_name", "outsider_body", "proof_kind", "requested_by", "requester_class", "department", "endorsed_by", "endorsed_at", "approved_by", "approved_at", "valid_until", "escort", "issued_by", "issued_at", "due", "received_by", "returned_at", "condition", "verdict", "reviewed_by", "reviewed_at", "carried_out_at", "reason", "note", "requested_at", "needs_endorsement", "approvers", "needs_escort", "needs_review", "corrects", "corrected_by", "corrector", "passed_from", "passed_to", "reminders", "reminded_at", "reserved_at", "told_at", "turn_reason", "lifted_by", "lifted_at", "card") ON lodge.loan TO lodge_name;
GRANT SELECT (id, version, area, state, "no", "file", "unit", "requester", "act", "purpose", "outsider_name", "outsider_body", "proof_kind", "requested_by", "requester_class", "department", "endorsed_by", "endorsed_at", "approved_by", "approved_at", "valid_until", "escort", "issued_by", "issued_at", "due", "received_by", "returned_at", "condition", "verdict", "reviewed_by", "reviewed_at", "carried_out_at", "reason", "note", "requested_at", "needs_endorsement", "approvers", "needs_escort", "needs_review", "corrects", "corrected_by", "corrector", "passed_from", "passed_to", "reminders", "reminded_at", "reserved_at", "told_at", "turn_reason", "lifted_by", "lifted_at", "card") ON lodge.loan TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_loan TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.loan_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_request TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_endorse TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_approve TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_reject TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_hand_out TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_take_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_extend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_review TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_carry_out TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_correct TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_remind TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_reserve TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_pass_on TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.loan_lift_block TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_loan TO lodge_name, lodge_contact;
