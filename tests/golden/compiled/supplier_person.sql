CREATE FUNCTION op.supplier_person_add(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_list text, a_name text, a_id_no bytea, a_id_no_key bytea, a_doc_tail text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_person;
	new lodge.supplier_person;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_person.add', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_list IS NOT NULL OR 'list' = ANY (a_given) THEN 'list' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_id_no IS NOT NULL OR 'id_no' = ANY (a_given) THEN 'id_no' END, CASE WHEN a_doc_tail IS NOT NULL OR 'doc_tail' = ANY (a_given) THEN 'doc_tail' END]::text[], NULL);
	IF a_list IS NULL THEN
		r.result := 'invalid'; r.field := 'list'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_list IS NOT NULL AND (char_length(a_list) <= 64) IS NOT TRUE THEN 'list'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_id_no IS NOT NULL AND (octet_length(a_id_no) BETWEEN 43 AND 202 AND octet_length(a_id_no_key) = 32) IS NOT TRUE THEN 'id_no'
		WHEN a_doc_tail IS NOT NULL AND (is_text(a_doc_tail, 2, 8, false)) IS NOT TRUE THEN 'doc_tail' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['PUR']::text[] THEN
		RETURN refused(who, 'supplier_person', NULL, NULL, 'add', 'forbidden', NULL, 'role', NULL, ARRAY['PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_list IS NULL THEN
		new.list := NULL;
	ELSE
		SELECT t.id INTO new.list FROM supplier_list t WHERE (t.id = CASE WHEN a_list ~ '^[0-9]{1,18}$' THEN a_list::bigint END);
		IF new.list IS NULL THEN
			RETURN refused(who, 'supplier_person', NULL, NULL, 'add', 'not_found', NULL, 'reference', 'list', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.name := a_name;
	new.id_no := a_id_no;
	new.id_no_op := CASE WHEN a_id_no IS NOT NULL THEN a_op_id END;
	new.id_no_key := CASE WHEN a_id_no IS NOT NULL THEN a_id_no_key END;
	new.doc_tail := a_doc_tail;
	who.args := jsonb_build_object();
	new.state := 'listed';
	IF guard_supplier_list_in_work(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'supplier_person', NULL, NULL, 'add', 'refused', 'SUP-02', 'supplier_list_in_work', 'list', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.supplier_person', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO supplier_person VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_person', new.id, NULL, new.version, new.state, NULL, 'add', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('list', CASE WHEN new.list IS DISTINCT FROM old.list THEN jsonb_build_array(old.list, new.list) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'doc_tail', CASE WHEN new.doc_tail IS DISTINCT FROM old.doc_tail THEN jsonb_build_array(old.doc_tail, new.doc_tail) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.supplier_person_withdraw(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.supplier_person;
	new lodge.supplier_person;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'supplier_person.withdraw', a_digest);
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
	SELECT * INTO old FROM supplier_person t WHERE t.id = a_id AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'supplier_person', a_id, NULL, 'withdraw', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['SS','PUR']::text[] THEN
		RETURN refused(who, 'supplier_person', a_id, NULL, 'withdraw', 'forbidden', NULL, 'role', NULL, ARRAY['SS','PUR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'supplier_person', a_id, NULL, 'withdraw', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['listed']) THEN
		RETURN refused(who, 'supplier_person', a_id, NULL, 'withdraw', 'refused', 'SUP-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'withdrawn';
	new := derive_supplier_person_withdrawn(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE supplier_person SET version = new.version, state = new.state, list = new.list, name = new.name, id_no = new.id_no, id_no_op = new.id_no_op, id_no_key = new.id_no_key, doc_tail = new.doc_tail, withdrawn_at = new.withdrawn_at, withdrawn_by = new.withdrawn_by, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'supplier_person', new.id, NULL, new.version, new.state, NULL, 'withdraw', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_supplier_person(a_op text, old lodge.supplier_person, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.supplier_person := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'withdraw' THEN
		IF NOT who.acts_as && ARRAY['SS','PUR']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['listed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_supplier_person(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.supplier_person;
BEGIN
	SELECT x.* INTO t FROM supplier_person x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_supplier_person(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_supplier_person(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_supplier_person(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.supplier_person_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'supplier_person.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['id_no']::text[] THEN
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
	IF (SELECT count(*) FROM supplier_person t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[]))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'supplier_person', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['id_no']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'supplier_person', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'supplier_person', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN supplier_person t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'supplier_person', one.id, NULL, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'supplier_person.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_supplier_person(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "id_no" bytea, id_no_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'id_no' = ANY (e.fields) THEN t.id_no END, CASE WHEN 'id_no' = ANY (e.fields) THEN t.id_no_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN supplier_person t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'supplier_person' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['SG','SL','SS','PUR']::text[]))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.supplier_person FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "list", "name", "doc_tail", "withdrawn_at", "withdrawn_by", "reason") ON lodge.supplier_person TO lodge_name;
GRANT SELECT (id, version, state, "list", "name", "doc_tail", "withdrawn_at", "withdrawn_by", "reason") ON lodge.supplier_person TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_supplier_person TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.supplier_person_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_person_add TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.supplier_person_withdraw TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_supplier_person TO lodge_name, lodge_contact;
