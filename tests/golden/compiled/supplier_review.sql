CREATE FUNCTION op.supplier_review_record(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_contractor text, a_kind text, a_verdict text, a_findings text, a_document text, a_due date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_review;
	new lodge.supplier_review;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_review.record', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_contractor IS NOT NULL OR 'contractor' = ANY (a_given) THEN 'contractor' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_verdict IS NOT NULL OR 'verdict' = ANY (a_given) THEN 'verdict' END, CASE WHEN a_findings IS NOT NULL OR 'findings' = ANY (a_given) THEN 'findings' END, CASE WHEN a_document IS NOT NULL OR 'document' = ANY (a_given) THEN 'document' END, CASE WHEN a_due IS NOT NULL OR 'due' = ANY (a_given) THEN 'due' END]::text[], NULL);
	IF a_contractor IS NULL THEN
		r.result := 'invalid'; r.field := 'contractor'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_findings IS NULL THEN
		r.result := 'invalid'; r.field := 'findings'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_contractor IS NOT NULL AND (is_text(a_contractor, 2, 80, false)) IS NOT TRUE THEN 'contractor'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['qualification','price','reputation','contract','progress','quality','acceptance','rectification'])) IS NOT TRUE THEN 'kind'
		WHEN a_verdict IS NOT NULL AND (a_verdict = ANY (ARRAY['good','sufficient','poor'])) IS NOT TRUE THEN 'verdict'
		WHEN a_findings IS NOT NULL AND (is_text(a_findings, 3, 400, false)) IS NOT TRUE THEN 'findings'
		WHEN a_document IS NOT NULL AND (is_text(a_document, 2, 60, false)) IS NOT TRUE THEN 'document'
		WHEN a_due IS NOT NULL AND (isfinite(a_due)) IS NOT TRUE THEN 'due' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ES','QC','PUR']::text[] THEN
		RETURN refused(who, 'supplier_review', NULL, NULL, 'record', 'forbidden', NULL, 'role', NULL, ARRAY['ES','QC','PUR']::text[], a_op_id, a_digest);
	END IF;
	new.contractor := a_contractor;
	new.kind := a_kind;
	new.verdict := a_verdict;
	new.findings := a_findings;
	new.document := a_document;
	new.due := a_due;
	who.args := jsonb_build_object();
	new := derive_review_written(new, who);
	IF guard_review_due_given(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_review', NULL, NULL, 'record', 'invalid', 'SUP-05', 'review_due_given', 'due', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.supplier_review', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO supplier_review VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_review', new.id, NULL, new.version, new.state, NULL, 'record', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('contractor', CASE WHEN new.contractor IS DISTINCT FROM old.contractor THEN jsonb_build_array(old.contractor, new.contractor) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'verdict', CASE WHEN new.verdict IS DISTINCT FROM old.verdict THEN jsonb_build_array(old.verdict, new.verdict) END, 'findings', CASE WHEN new.findings IS DISTINCT FROM old.findings THEN jsonb_build_array(old.findings, new.findings) END, 'document', CASE WHEN new.document IS DISTINCT FROM old.document THEN jsonb_build_array(old.document, new.document) END, 'due', CASE WHEN new.due IS DISTINCT FROM old.due THEN jsonb_build_array(old.due, new.due) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.supplier_review_settle(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_result text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_review;
	new lodge.supplier_review;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_review.settle', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_result IS NOT NULL OR 'result' = ANY (a_given) THEN 'result' END]::text[], NULL);
	IF a_result IS NULL THEN
		r.result := 'invalid'; r.field := 'result'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_result IS NOT NULL AND (is_text(a_result, 3, 400, false)) IS NOT TRUE THEN 'result' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM supplier_review t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','ES','QC','PUR']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'supplier_review', a_id, NULL, 'settle', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ES','QC','PUR']::text[] THEN
		RETURN refused(who, 'supplier_review', a_id, NULL, 'settle', 'forbidden', NULL, 'role', NULL, ARRAY['ES','QC','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'supplier_review', a_id, NULL, 'settle', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'supplier_review', a_id, NULL, 'settle', 'refused', 'SUP-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'result' = ANY (who.given) THEN
		new.result := a_result;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'done';
	new := derive_review_settled(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE supplier_review SET version = new.version, state = new.state, contractor = new.contractor, kind = new.kind, verdict = new.verdict, findings = new.findings, document = new.document, due = new.due, written_by = new.written_by, written_at = new.written_at, result = new.result, settled_by = new.settled_by, settled_at = new.settled_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_review', new.id, NULL, new.version, new.state, NULL, 'settle', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('result', CASE WHEN new.result IS DISTINCT FROM old.result THEN jsonb_build_array(old.result, new.result) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_supplier_review(a_op text, old lodge.supplier_review, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.supplier_review := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CM','DEM','EM','ES','QC','PUR']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'settle' THEN
		IF NOT who.acts_as && ARRAY['ES','QC','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_supplier_review(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.supplier_review;
BEGIN
	SELECT x.* INTO t FROM supplier_review x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_supplier_review(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_supplier_review(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_supplier_review(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.supplier_review FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "contractor", "kind", "verdict", "findings", "document", "due", "written_by", "written_at", "result", "settled_by", "settled_at") ON lodge.supplier_review TO lodge_name;
GRANT SELECT (id, version, state, "contractor", "kind", "verdict", "findings", "document", "due", "written_by", "written_at", "result", "settled_by", "settled_at") ON lodge.supplier_review TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.supplier_review_record TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_review_settle TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_supplier_review TO lodge_name, lodge_contact;
