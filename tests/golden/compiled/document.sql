CREATE FUNCTION op.document_place(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_file text, a_type text, a_item text, a_title text, a_original boolean, a_copies integer, a_shelf text, a_loan text, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.document;
	new lodge.document;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'document.place', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_file IS NOT NULL OR 'file' = ANY (a_given) THEN 'file' END, CASE WHEN a_type IS NOT NULL OR 'type' = ANY (a_given) THEN 'type' END, CASE WHEN a_item IS NOT NULL OR 'item' = ANY (a_given) THEN 'item' END, CASE WHEN a_title IS NOT NULL OR 'title' = ANY (a_given) THEN 'title' END, CASE WHEN a_original IS NOT NULL OR 'original' = ANY (a_given) THEN 'original' END, CASE WHEN a_copies IS NOT NULL OR 'copies' = ANY (a_given) THEN 'copies' END, CASE WHEN a_shelf IS NOT NULL OR 'shelf' = ANY (a_given) THEN 'shelf' END, CASE WHEN a_loan IS NOT NULL OR 'loan' = ANY (a_given) THEN 'loan' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_file IS NULL THEN
		r.result := 'invalid'; r.field := 'file'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_type IS NULL THEN
		r.result := 'invalid'; r.field := 'type'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_file IS NOT NULL AND (char_length(a_file) <= 64) IS NOT TRUE THEN 'file'
		WHEN a_type IS NOT NULL AND (a_type = ANY (ARRAY['move_in','fit_out','transfer','maintenance','change','organisation','correspondence','approval'])) IS NOT TRUE THEN 'type'
		WHEN a_item IS NOT NULL AND (a_item = ANY (ARRAY['management_agreement','move_in_notice','id_copy','covenant','particulars','key_sheet','fire_letter','handover_confirmation','defects_record','debit_mandate','file_sheet','contract_counterfoil','payment_slip','key_receipt','condition_feedback','fit_out_application','fit_out_permit','fit_out_undertaking','fit_out_agreement','business_licence','tax_registration','qualification','drawings','workers_register','workers_ids','completion_application','extension_application','hot_work_application','worker_passes','violation_record','transfer_confirmation','title_deed','sale_agreement','complaint_card','company_particulars','lease_agreement','fire_agreement','fire_slip','payment_record','supplement','letters','arrears_record','repair_requests','engineering_papers','proof_paper','loan_approval'])) IS NOT TRUE THEN 'item'
		WHEN a_title IS NOT NULL AND (is_text(a_title, 2, 120, false)) IS NOT TRUE THEN 'title'
		WHEN a_original IS NOT NULL AND (true) IS NOT TRUE THEN 'original'
		WHEN a_copies IS NOT NULL AND (a_copies BETWEEN 1 AND 99) IS NOT TRUE THEN 'copies'
		WHEN a_shelf IS NOT NULL AND (is_text(a_shelf, 1, 60, false)) IS NOT TRUE THEN 'shelf'
		WHEN a_loan IS NOT NULL AND (char_length(a_loan) <= 64) IS NOT TRUE THEN 'loan'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'document', NULL, NULL, 'place', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_file IS NULL THEN
		new.file := NULL;
	ELSE
		SELECT t.id INTO new.file FROM file t WHERE (t.id = CASE WHEN a_file ~ '^[0-9]{1,18}$' THEN a_file::bigint END OR t.code = a_file) AND t.area = ANY (who.areas) ORDER BY (t.code = a_file) DESC LIMIT 1;
		IF new.file IS NULL THEN
			RETURN refused(who, 'document', NULL, NULL, 'place', 'not_found', NULL, 'reference', 'file', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.type := a_type;
	new.item := a_item;
	new.title := a_title;
	new.original := a_original;
	new.copies := a_copies;
	new.shelf := a_shelf;
	IF a_loan IS NULL THEN
		new.loan := NULL;
	ELSE
		SELECT t.id INTO new.loan FROM loan t WHERE (t.id = CASE WHEN a_loan ~ '^[0-9]{1,18}$' THEN a_loan::bigint END) AND t.area = ANY (who.areas);
		IF new.loan IS NULL THEN
			RETURN refused(who, 'document', NULL, NULL, 'place', 'not_found', NULL, 'reference', 'loan', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.reason := a_reason;
	who.args := jsonb_build_object();
	new.state := 'filed';
	new := derive_document_placed(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'document', NULL, NULL, 'place', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'forbidden', 'LOAN-16', 'document_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_item_of_bag(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'invalid', 'ARC-08', 'document_item_of_bag', 'item', NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_named(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'invalid', 'ARC-05', 'document_named', 'title', NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_loan_of_file(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'invalid', 'ARC-26', 'document_loan_of_file', 'loan', NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'refused', 'ARC-22', 'document_file_signed', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'refused', 'ARC-07', 'document_file_active', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_in(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'place', 'refused', 'LOAN-08', 'document_file_in', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.document', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO document VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_document_placed(new, who);
	RETURN done(who, 'document', new.id, NULL, new.version, new.state, new.area, 'place', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('file', CASE WHEN new.file IS DISTINCT FROM old.file THEN jsonb_build_array(old.file, new.file) END, 'type', CASE WHEN new.type IS DISTINCT FROM old.type THEN jsonb_build_array(old.type, new.type) END, 'item', CASE WHEN new.item IS DISTINCT FROM old.item THEN jsonb_build_array(old.item, new.item) END, 'title', CASE WHEN new.title IS DISTINCT FROM old.title THEN jsonb_build_array(old.title, new.title) END, 'original', CASE WHEN new.original IS DISTINCT FROM old.original THEN jsonb_build_array(old.original, new.original) END, 'copies', CASE WHEN new.copies IS DISTINCT FROM old.copies THEN jsonb_build_array(old.copies, new.copies) END, 'loan', CASE WHEN new.loan IS DISTINCT FROM old.loan THEN jsonb_build_array(old.loan, new.loan) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.document_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.document;
	new lodge.document;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'document.withdraw', a_digest);
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
	SELECT * INTO old FROM document t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','HR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'document', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'document', a_id, old.area, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'document', a_id, old.area, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['filed']) THEN
		RETURN refused(who, 'document', a_id, old.area, 'withdraw', 'refused', 'ARC-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new := derive_document_withdrawn(new, who);
	IF guard_document_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', a_id, new.area, 'withdraw', 'forbidden', 'LOAN-16', 'document_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', a_id, new.area, 'withdraw', 'refused', 'ARC-07', 'document_file_active', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_in(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', a_id, new.area, 'withdraw', 'refused', 'LOAN-08', 'document_file_in', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE document SET version = new.version, state = new.state, file = new.file, type = new.type, item = new.item, title = new.title, original = new.original, copies = new.copies, received_at = new.received_at, received_by = new.received_by, shelf = new.shelf, loan = new.loan, removed_at = new.removed_at, removed_by = new.removed_by, chase_until = new.chase_until, chase_due = new.chase_due, waived_at = new.waived_at, waived_by = new.waived_by, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'document', new.id, NULL, new.version, new.state, new.area, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.document_waive(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_file text, a_type text, a_item text, a_chase_until date, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.document;
	new lodge.document;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'document.waive', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_file IS NOT NULL OR 'file' = ANY (a_given) THEN 'file' END, CASE WHEN a_type IS NOT NULL OR 'type' = ANY (a_given) THEN 'type' END, CASE WHEN a_item IS NOT NULL OR 'item' = ANY (a_given) THEN 'item' END, CASE WHEN a_chase_until IS NOT NULL OR 'chase_until' = ANY (a_given) THEN 'chase_until' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_file IS NULL THEN
		r.result := 'invalid'; r.field := 'file'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_item IS NULL THEN
		r.result := 'invalid'; r.field := 'item'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_chase_until IS NULL THEN
		r.result := 'invalid'; r.field := 'chase_until'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_file IS NOT NULL AND (char_length(a_file) <= 64) IS NOT TRUE THEN 'file'
		WHEN a_type IS NOT NULL AND (a_type = ANY (ARRAY['move_in','fit_out','transfer','maintenance','change','organisation','correspondence','approval'])) IS NOT TRUE THEN 'type'
		WHEN a_item IS NOT NULL AND (a_item = ANY (ARRAY['management_agreement','move_in_notice','id_copy','covenant','particulars','key_sheet','fire_letter','handover_confirmation','defects_record','debit_mandate','file_sheet','contract_counterfoil','payment_slip','key_receipt','condition_feedback','fit_out_application','fit_out_permit','fit_out_undertaking','fit_out_agreement','business_licence','tax_registration','qualification','drawings','workers_register','workers_ids','completion_application','extension_application','hot_work_application','worker_passes','violation_record','transfer_confirmation','title_deed','sale_agreement','complaint_card','company_particulars','lease_agreement','fire_agreement','fire_slip','payment_record','supplement','letters','arrears_record','repair_requests','engineering_papers','proof_paper','loan_approval'])) IS NOT TRUE THEN 'item'
		WHEN a_chase_until IS NOT NULL AND (isfinite(a_chase_until)) IS NOT TRUE THEN 'chase_until'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM']::text[] THEN
		RETURN refused(who, 'document', NULL, NULL, 'waive', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM']::text[], a_op_id, a_digest);
	END IF;
	IF a_file IS NULL THEN
		new.file := NULL;
	ELSE
		SELECT t.id INTO new.file FROM file t WHERE (t.id = CASE WHEN a_file ~ '^[0-9]{1,18}$' THEN a_file::bigint END OR t.code = a_file) AND t.area = ANY (who.areas) ORDER BY (t.code = a_file) DESC LIMIT 1;
		IF new.file IS NULL THEN
			RETURN refused(who, 'document', NULL, NULL, 'waive', 'not_found', NULL, 'reference', 'file', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.type := a_type;
	new.item := a_item;
	new.chase_until := a_chase_until;
	new.reason := a_reason;
	who.args := jsonb_build_object();
	new.state := 'waived';
	new := derive_document_waived(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'document', NULL, NULL, 'waive', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'waive', 'refused', 'ARC-07', 'document_file_active', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_is_missing(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'waive', 'refused', 'ARC-14', 'document_is_missing', 'item', NULL, a_op_id, a_digest);
	END IF;
	IF guard_document_chase_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'document', NULL, new.area, 'waive', 'invalid', 'ARC-14', 'document_chase_ahead', 'chase_until', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.document', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO document VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(new.area, 'document', new.id, 'document_chase', new.chase_due);
	PERFORM effect_document_waived(new, who);
	RETURN done(who, 'document', new.id, NULL, new.version, new.state, new.area, 'waive', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('file', CASE WHEN new.file IS DISTINCT FROM old.file THEN jsonb_build_array(old.file, new.file) END, 'type', CASE WHEN new.type IS DISTINCT FROM old.type THEN jsonb_build_array(old.type, new.type) END, 'item', CASE WHEN new.item IS DISTINCT FROM old.item THEN jsonb_build_array(old.item, new.item) END, 'chase_until', CASE WHEN new.chase_until IS DISTINCT FROM old.chase_until THEN jsonb_build_array(old.chase_until, new.chase_until) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_document(a_op text, old lodge.document, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.document := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','EM','HR']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['filed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_document(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.document;
BEGIN
	SELECT x.* INTO t FROM document x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_document(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_document(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_document(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.document_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'document.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['shelf']::text[] THEN
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
	IF (SELECT count(*) FROM document t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','HR']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'document', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['shelf']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'document', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'document', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN document t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'document', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'document.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_document(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "shelf" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'shelf' = ANY (e.fields) THEN t.shelf END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN document t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'document' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','HR']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.document FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "file", "type", "item", "title", "original", "copies", "received_at", "received_by", "loan", "removed_at", "removed_by", "chase_until", "chase_due", "waived_at", "waived_by", "reason") ON lodge.document TO lodge_name;
GRANT SELECT (id, version, area, state, "file", "type", "item", "title", "original", "copies", "received_at", "received_by", "loan", "removed_at", "removed_by", "chase_until", "chase_due", "waived_at", "waived_by", "reason") ON lodge.document TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_document TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.document_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.document_place TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.document_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.document_waive TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_document TO lodge_name, lodge_contact;
