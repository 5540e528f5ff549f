CREATE FUNCTION op.visitor_arrive(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_class text, a_name text, a_doc_tail text, a_unit text, a_host text, a_body text, a_intro_letter text, a_doc_kind text, a_doc_no bytea, a_doc_no_key bytea, a_party integer, a_vehicle text, a_goods text, a_informed text, a_message text, a_contact text, a_entry_pass text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.arrive', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_class IS NOT NULL OR 'class' = ANY (a_given) THEN 'class' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_doc_tail IS NOT NULL OR 'doc_tail' = ANY (a_given) THEN 'doc_tail' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_host IS NOT NULL OR 'host' = ANY (a_given) THEN 'host' END, CASE WHEN a_body IS NOT NULL OR 'body' = ANY (a_given) THEN 'body' END, CASE WHEN a_intro_letter IS NOT NULL OR 'intro_letter' = ANY (a_given) THEN 'intro_letter' END, CASE WHEN a_doc_kind IS NOT NULL OR 'doc_kind' = ANY (a_given) THEN 'doc_kind' END, CASE WHEN a_doc_no IS NOT NULL OR 'doc_no' = ANY (a_given) THEN 'doc_no' END, CASE WHEN a_party IS NOT NULL OR 'party' = ANY (a_given) THEN 'party' END, CASE WHEN a_vehicle IS NOT NULL OR 'vehicle' = ANY (a_given) THEN 'vehicle' END, CASE WHEN a_goods IS NOT NULL OR 'goods' = ANY (a_given) THEN 'goods' END, CASE WHEN a_informed IS NOT NULL OR 'informed' = ANY (a_given) THEN 'informed' END, CASE WHEN a_message IS NOT NULL OR 'message' = ANY (a_given) THEN 'message' END, CASE WHEN a_contact IS NOT NULL OR 'contact' = ANY (a_given) THEN 'contact' END, CASE WHEN a_entry_pass IS NOT NULL OR 'entry_pass' = ANY (a_given) THEN 'entry_pass' END]::text[], NULL);
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_class IS NOT NULL AND (a_class = ANY (ARRAY['guest','business','applicant','supplier','casual_worker','emergency','delivery'])) IS NOT TRUE THEN 'class'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_doc_tail IS NOT NULL AND (is_text(a_doc_tail, 2, 8, false)) IS NOT TRUE THEN 'doc_tail'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_host IS NOT NULL AND (char_length(a_host) <= 64) IS NOT TRUE THEN 'host'
		WHEN a_body IS NOT NULL AND (is_text(a_body, 1, 80, false)) IS NOT TRUE THEN 'body'
		WHEN a_intro_letter IS NOT NULL AND (is_text(a_intro_letter, 1, 80, false)) IS NOT TRUE THEN 'intro_letter'
		WHEN a_doc_kind IS NOT NULL AND (a_doc_kind = ANY (ARRAY['id_card','passport','residence_permit','work_card'])) IS NOT TRUE THEN 'doc_kind'
		WHEN a_doc_no IS NOT NULL AND (octet_length(a_doc_no) BETWEEN 43 AND 202 AND octet_length(a_doc_no_key) = 32) IS NOT TRUE THEN 'doc_no'
		WHEN a_party IS NOT NULL AND (a_party BETWEEN 1 AND 99) IS NOT TRUE THEN 'party'
		WHEN a_vehicle IS NOT NULL AND (is_text(a_vehicle, 2, 16, false)) IS NOT TRUE THEN 'vehicle'
		WHEN a_goods IS NOT NULL AND (is_text(a_goods, 1, 200, false)) IS NOT TRUE THEN 'goods'
		WHEN a_informed IS NOT NULL AND (a_informed = ANY (ARRAY['informed','message'])) IS NOT TRUE THEN 'informed'
		WHEN a_message IS NOT NULL AND (is_text(a_message, 3, 200, false)) IS NOT TRUE THEN 'message'
		WHEN a_contact IS NOT NULL AND (is_text(a_contact, 3, 24, false)) IS NOT TRUE THEN 'contact'
		WHEN a_entry_pass IS NOT NULL AND (char_length(a_entry_pass) <= 64) IS NOT TRUE THEN 'entry_pass' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'visitor', NULL, NULL, 'arrive', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	new.class := a_class;
	new.name := a_name;
	new.doc_tail := a_doc_tail;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'visitor', NULL, NULL, 'arrive', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_host IS NULL THEN
		new.host := NULL;
	ELSE
		SELECT t.id INTO new.host FROM staff t WHERE (t.id = CASE WHEN a_host ~ '^[0-9]{1,18}$' THEN a_host::bigint END OR t.work_no = a_host OR t.login = a_host) ORDER BY (t.work_no = a_host) DESC LIMIT 1;
		IF new.host IS NULL THEN
			RETURN refused(who, 'visitor', NULL, NULL, 'arrive', 'not_found', NULL, 'reference', 'host', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.body := a_body;
	new.intro_letter := a_intro_letter;
	new.doc_kind := a_doc_kind;
	new.doc_no := a_doc_no;
	new.doc_no_op := CASE WHEN a_doc_no IS NOT NULL THEN a_op_id END;
	new.doc_no_key := CASE WHEN a_doc_no IS NOT NULL THEN a_doc_no_key END;
	new.party := a_party;
	new.vehicle := a_vehicle;
	new.goods := a_goods;
	new.informed := a_informed;
	new.contact := a_contact;
	IF a_entry_pass IS NULL THEN
		new.entry_pass := NULL;
	ELSE
		SELECT t.id INTO new.entry_pass FROM entry_pass t WHERE (t.id = CASE WHEN a_entry_pass ~ '^[0-9]{1,18}$' THEN a_entry_pass::bigint END) AND t.area = ANY (who.areas);
		IF new.entry_pass IS NULL THEN
			RETURN refused(who, 'visitor', NULL, NULL, 'arrive', 'not_found', NULL, 'reference', 'entry_pass', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object('message', a_message);
	new := derive_visitor_arrived(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'visitor', NULL, NULL, 'arrive', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_class_written(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'arrive', 'invalid', 'VIS-08', 'visitor_class_written', 'class', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_seeks_somebody(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'arrive', 'invalid', 'VIS-01', 'visitor_seeks_somebody', 'unit', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_listed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'arrive', 'refused', 'SUP-03', 'visitor_listed', 'name', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_not_barred(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'arrive', 'refused', 'VIS-10', 'visitor_not_barred', 'name', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_pass_free(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'arrive', 'refused', 'PASS-03', 'visitor_pass_free', 'entry_pass', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.visitor', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM visitor t), 0) + 1;
	BEGIN
	INSERT INTO visitor VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_visitor_message(new, who);
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'arrive', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('class', CASE WHEN new.class IS DISTINCT FROM old.class THEN jsonb_build_array(old.class, new.class) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'doc_tail', CASE WHEN new.doc_tail IS DISTINCT FROM old.doc_tail THEN jsonb_build_array(old.doc_tail, new.doc_tail) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'host', CASE WHEN new.host IS DISTINCT FROM old.host THEN jsonb_build_array(old.host, new.host) END, 'body', CASE WHEN new.body IS DISTINCT FROM old.body THEN jsonb_build_array(old.body, new.body) END, 'intro_letter', CASE WHEN new.intro_letter IS DISTINCT FROM old.intro_letter THEN jsonb_build_array(old.intro_letter, new.intro_letter) END, 'doc_kind', CASE WHEN new.doc_kind IS DISTINCT FROM old.doc_kind THEN jsonb_build_array(old.doc_kind, new.doc_kind) END, 'party', CASE WHEN new.party IS DISTINCT FROM old.party THEN jsonb_build_array(old.party, new.party) END, 'vehicle', CASE WHEN new.vehicle IS DISTINCT FROM old.vehicle THEN jsonb_build_array(old.vehicle, new.vehicle) END, 'goods', CASE WHEN new.goods IS DISTINCT FROM old.goods THEN jsonb_build_array(old.goods, new.goods) END, 'informed', CASE WHEN new.informed IS DISTINCT FROM old.informed THEN jsonb_build_array(old.informed, new.informed) END, 'message', CASE WHEN a_message IS NOT NULL THEN jsonb_build_array(NULL, a_message) END, 'entry_pass', CASE WHEN new.entry_pass IS DISTINCT FROM old.entry_pass THEN jsonb_build_array(old.entry_pass, new.entry_pass) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_arrive_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_class text, a_name text, a_doc_tail text, a_unit text, a_host text, a_body text, a_intro_letter text, a_doc_kind text, a_doc_no bytea, a_doc_no_key bytea, a_party integer, a_vehicle text, a_goods text, a_informed text, a_message text, a_contact text, a_entry_pass text,
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
		r := journal_again(a_op_id, 'visitor.arrive', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_arrive(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_class, a_name, a_doc_tail, a_unit, a_host, a_body, a_intro_letter, a_doc_kind, a_doc_no, a_doc_no_key, a_party, a_vehicle, a_goods, a_informed, a_message, a_contact, a_entry_pass);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'arrive', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_pass_through(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_party integer, a_vehicle text, a_service text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.pass_through', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_party IS NOT NULL OR 'party' = ANY (a_given) THEN 'party' END, CASE WHEN a_vehicle IS NOT NULL OR 'vehicle' = ANY (a_given) THEN 'vehicle' END, CASE WHEN a_service IS NOT NULL OR 'service' = ANY (a_given) THEN 'service' END]::text[], NULL);
	IF a_service IS NULL THEN
		r.result := 'invalid'; r.field := 'service'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_party IS NOT NULL AND (a_party BETWEEN 1 AND 99) IS NOT TRUE THEN 'party'
		WHEN a_vehicle IS NOT NULL AND (is_text(a_vehicle, 2, 16, false)) IS NOT TRUE THEN 'vehicle'
		WHEN a_service IS NOT NULL AND (a_service = ANY (ARRAY['ambulance','fire','police','courier','taxi'])) IS NOT TRUE THEN 'service' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL']::text[] THEN
		RETURN refused(who, 'visitor', NULL, NULL, 'pass_through', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'visitor', NULL, NULL, 'pass_through', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.party := a_party;
	new.vehicle := a_vehicle;
	new.service := a_service;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_visitor_passed(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'visitor', NULL, NULL, 'pass_through', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_not_barred(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', NULL, new.area, 'pass_through', 'refused', 'VIS-10', 'visitor_not_barred', 'name', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.visitor', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM visitor t), 0) + 1;
	BEGIN
	INSERT INTO visitor VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'pass_through', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'party', CASE WHEN new.party IS DISTINCT FROM old.party THEN jsonb_build_array(old.party, new.party) END, 'vehicle', CASE WHEN new.vehicle IS DISTINCT FROM old.vehicle THEN jsonb_build_array(old.vehicle, new.vehicle) END, 'service', CASE WHEN new.service IS DISTINCT FROM old.service THEN jsonb_build_array(old.service, new.service) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_pass_through_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_party integer, a_vehicle text, a_service text,
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
		r := journal_again(a_op_id, 'visitor.pass_through', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_pass_through(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_unit, a_party, a_vehicle, a_service);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'pass_through', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_ask_host(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.ask_host', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'ask_host', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'ask_host', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'ask_host', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting','asked']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'ask_host', 'refused', 'VIS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'asked';
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'ask_host', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_ask_host_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.ask_host', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_ask_host(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'ask_host', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_answer(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_message text, a_answer text, a_by text, a_reason text, a_appointment timestamptz) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.answer', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_message IS NOT NULL OR 'message' = ANY (a_given) THEN 'message' END, CASE WHEN a_answer IS NOT NULL OR 'answer' = ANY (a_given) THEN 'answer' END, CASE WHEN a_by IS NOT NULL OR 'by' = ANY (a_given) THEN 'by' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END, CASE WHEN a_appointment IS NOT NULL OR 'appointment' = ANY (a_given) THEN 'appointment' END]::text[], NULL);
	IF a_answer IS NULL THEN
		r.result := 'invalid'; r.field := 'answer'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_message IS NOT NULL AND (is_text(a_message, 3, 200, false)) IS NOT TRUE THEN 'message'
		WHEN a_answer IS NOT NULL AND (a_answer = ANY (ARRAY['agreed','refused','no_answer'])) IS NOT TRUE THEN 'answer'
		WHEN a_by IS NOT NULL AND (is_text(a_by, 2, 80, false)) IS NOT TRUE THEN 'by'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason'
		WHEN a_appointment IS NOT NULL AND (isfinite(a_appointment)) IS NOT TRUE THEN 'appointment' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'answer', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'answer', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'answer', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['asked']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'answer', 'refused', 'VIS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'answer' = ANY (who.given) THEN
		new.answer := a_answer;
	END IF;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	IF 'appointment' = ANY (who.given) THEN
		new.appointment := a_appointment;
	END IF;
	who.args := jsonb_build_object('message', a_message, 'by', a_by);
	new := derive_visitor_answered(new, who);
	IF guard_visitor_answer_by(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'answer', 'invalid', 'VIS-07', 'visitor_answer_by', 'by', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_visitor_message(new, who);
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'answer', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('message', CASE WHEN a_message IS NOT NULL THEN jsonb_build_array(NULL, a_message) END, 'answer', CASE WHEN new.answer IS DISTINCT FROM old.answer THEN jsonb_build_array(old.answer, new.answer) END, 'by', CASE WHEN a_by IS NOT NULL THEN jsonb_build_array(NULL, a_by) END, 'appointment', CASE WHEN new.appointment IS DISTINCT FROM old.appointment THEN jsonb_build_array(old.appointment, new.appointment) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_answer_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_message text, a_answer text, a_by text, a_reason text, a_appointment timestamptz,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.answer', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_answer(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_message, a_answer, a_by, a_reason, a_appointment);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'answer', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_escort(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_escort text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.escort', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END]::text[], NULL);
	IF a_escort IS NULL THEN
		r.result := 'invalid'; r.field := 'escort'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'escort', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'escort', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'escort', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['agreed']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'escort', 'refused', 'VIS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'escort' = ANY (who.given) THEN
		IF a_escort IS NULL THEN
			new.escort := NULL;
		ELSE
			SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
			IF new.escort IS NULL THEN
				RETURN refused(who, 'visitor', a_id, NULL, 'escort', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'agreed';
	IF guard_visitor_escort_serves(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'escort', 'refused', 'VIS-07', 'visitor_escort_serves', 'escort', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'escort', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_escort_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_escort text,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.escort', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_escort(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_escort);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'escort', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_enter(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.enter', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'enter', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'enter', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'enter', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting','agreed']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'enter', 'refused', 'VIS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_visitor_entered(new, who);
	IF guard_visitor_no_contraband(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'enter', 'refused', 'VIS-11', 'visitor_no_contraband', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_not_barred(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'enter', 'refused', 'VIS-10', 'visitor_not_barred', 'name', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_listed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'enter', 'refused', 'SUP-03', 'visitor_listed', 'name', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_pass_free(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'enter', 'refused', 'PASS-03', 'visitor_pass_free', 'entry_pass', NULL, a_op_id, a_digest);
	END IF;
	IF guard_visitor_consented(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'enter', 'refused', 'VIS-07', 'visitor_consented', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'enter', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_enter_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.enter', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_enter(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'enter', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_leave(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.leave', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'leave', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'leave', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'leave', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','inside']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'leave', 'refused', 'VIS-08', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'left';
	new := derive_visitor_left(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'leave', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_leave_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.leave', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_leave(a_token, a_op_id, a_digest, a_given, a_id, a_version);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'leave', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_presume_left(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.presume_left', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'presume_left', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'presume_left', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'presume_left', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['inside']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'presume_left', 'refused', 'VIS-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'left';
	new := derive_visitor_presumed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'presume_left', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_presume_left_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.presume_left', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_presume_left(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'presume_left', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_miss(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.miss', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'miss', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'miss', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'miss', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['inside']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'miss', 'refused', 'VIS-12', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_visitor_missed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'miss', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_miss_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.miss', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_miss(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'miss', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_alert(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_contraband text, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.alert', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_contraband IS NOT NULL OR 'contraband' = ANY (a_given) THEN 'contraband' END, CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_contraband IS NULL THEN
		r.result := 'invalid'; r.field := 'contraband'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_contraband IS NOT NULL AND (a_contraband = ANY (ARRAY['weapon','ammunition','explosive','other'])) IS NOT TRUE THEN 'contraband'
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'alert', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'alert', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'alert', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','inside']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'alert', 'refused', 'VIS-11', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'contraband' = ANY (who.given) THEN
		new.contraband := a_contraband;
	END IF;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new := derive_visitor_alerted(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'alert', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('contraband', CASE WHEN new.contraband IS DISTINCT FROM old.contraband THEN jsonb_build_array(old.contraband, new.contraband) END, 'note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_alert_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_contraband text, a_note text,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.alert', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_alert(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_contraband, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'alert', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.visitor_acknowledge(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.acknowledge', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'acknowledge', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'acknowledge', 'forbidden', NULL, 'role', NULL, ARRAY['EM','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'acknowledge', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['refused','inside','left']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'acknowledge', 'refused', 'VIS-11', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_visitor_alert_seen(new, who);
	IF guard_visitor_alert_open(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'acknowledge', 'refused', 'VIS-11', 'visitor_alert_open', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'acknowledge', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_register(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_police_ref text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.register', a_digest);
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
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'register', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'register', 'forbidden', NULL, 'role', NULL, ARRAY['FD','SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'register', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['inside']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'register', 'refused', 'PASS-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'police_ref' = ANY (who.given) THEN
		new.police_ref := a_police_ref;
	END IF;
	who.args := jsonb_build_object();
	new := derive_visitor_registered(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'register', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('police_ref', CASE WHEN new.police_ref IS DISTINCT FROM old.police_ref THEN jsonb_build_array(old.police_ref, new.police_ref) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_override(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.visitor;
	new lodge.visitor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'visitor.override', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM visitor t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'visitor', a_id, NULL, 'override', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM','SS']::text[] THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'override', 'forbidden', NULL, 'role', NULL, ARRAY['EM','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'override', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','refused']) THEN
		RETURN refused(who, 'visitor', a_id, old.area, 'override', 'refused', 'VIS-07', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'inside';
	new := derive_visitor_overridden(new, who);
	IF guard_visitor_no_contraband(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'visitor', a_id, new.area, 'override', 'refused', 'VIS-11', 'visitor_no_contraband', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE visitor SET version = new.version, state = new.state, badge = new.badge, class = new.class, name = new.name, doc_tail = new.doc_tail, unit = new.unit, host = new.host, body = new.body, intro_letter = new.intro_letter, doc_kind = new.doc_kind, doc_no = new.doc_no, doc_no_op = new.doc_no_op, doc_no_key = new.doc_no_key, party = new.party, vehicle = new.vehicle, goods = new.goods, informed = new.informed, contact = new.contact, service = new.service, arrived_at = new.arrived_at, answer = new.answer, answered_by = new.answered_by, answered_at = new.answered_at, reason = new.reason, appointment = new.appointment, escort = new.escort, in_at = new.in_at, out_at = new.out_at, left_how = new.left_how, unaccounted_at = new.unaccounted_at, contraband = new.contraband, note = new.note, entered_by = new.entered_by, let_out_by = new.let_out_by, gate = new.gate, supplier_person = new.supplier_person, list_version = new.list_version, entry_pass = new.entry_pass, overridden_by = new.overridden_by, alert = new.alert, alert_seen_by = new.alert_seen_by, police_ref = new.police_ref, police_at = new.police_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'visitor', new.id, new.no::text, new.version, new.state, new.area, 'override', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.visitor_override_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text,
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
	IF j_about IS NOT NULL THEN
		a_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);
	END IF;
	a_version := coalesce((SELECT t.version FROM visitor t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'visitor.override', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.visitor_override(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_note);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'visitor', 'override', a_op_id, a_id, r);
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_visitor(a_op text, old lodge.visitor, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.visitor := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[old.host]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'ask_host' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting','asked']) THEN
			RETURN 'state';
		END IF;
		new.state := 'asked';
		RETURN NULL;
	END IF;
	IF a_op = 'answer' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['asked']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'escort' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['agreed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'enter' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting','agreed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'inside';
		new := derive_visitor_entered(new, who);
		IF guard_visitor_no_contraband(new, who) IS NOT TRUE THEN
			RETURN 'visitor_no_contraband';
		END IF;
		IF guard_visitor_consented(new, who) IS NOT TRUE THEN
			RETURN 'visitor_consented';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'leave' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','inside']) THEN
			RETURN 'state';
		END IF;
		new.state := 'left';
		new := derive_visitor_left(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'presume_left' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['inside']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'miss' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['inside']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'alert' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','inside']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'acknowledge' THEN
		IF NOT who.acts_as && ARRAY['EM','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['refused','inside','left']) THEN
			RETURN 'state';
		END IF;
		new := derive_visitor_alert_seen(new, who);
		IF guard_visitor_alert_open(new, who) IS NOT TRUE THEN
			RETURN 'visitor_alert_open';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'register' THEN
		IF NOT who.acts_as && ARRAY['FD','SG','SL','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['inside']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'override' THEN
		IF NOT who.acts_as && ARRAY['EM','SS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting','asked','agreed','refused']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_visitor(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.visitor;
BEGIN
	SELECT x.* INTO t FROM visitor x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_visitor(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_visitor(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_visitor(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.visitor_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'visitor.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['doc_no','contact','reason']::text[] THEN
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
	IF (SELECT count(*) FROM visitor t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'visitor', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['doc_no']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'visitor', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'visitor', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN visitor t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'visitor', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'visitor.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_visitor(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "doc_no" bytea, doc_no_op uuid, "contact" text, "reason" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'doc_no' = ANY (e.fields) THEN t.doc_no END, CASE WHEN 'doc_no' = ANY (e.fields) THEN t.doc_no_op END,
		CASE WHEN 'contact' = ANY (e.fields) THEN t.contact END,
		CASE WHEN 'reason' = ANY (e.fields) THEN t.reason END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN visitor t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'visitor' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.visitor FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "no", "badge", "class", "name", "doc_tail", "unit", "host", "body", "intro_letter", "doc_kind", "party", "vehicle", "goods", "informed", "service", "arrived_at", "answer", "answered_by", "answered_at", "appointment", "escort", "in_at", "out_at", "left_how", "unaccounted_at", "contraband", "note", "entered_by", "let_out_by", "gate", "supplier_person", "list_version", "entry_pass", "overridden_by", "alert", "alert_seen_by", "police_ref", "police_at") ON lodge.visitor TO lodge_name;
GRANT SELECT (id, version, area, state, "no", "badge", "class", "name", "doc_tail", "unit", "host", "body", "intro_letter", "doc_kind", "party", "vehicle", "goods", "informed", "contact", "service", "arrived_at", "answer", "answered_by", "answered_at", "reason", "appointment", "escort", "in_at", "out_at", "left_how", "unaccounted_at", "contraband", "note", "entered_by", "let_out_by", "gate", "supplier_person", "list_version", "entry_pass", "overridden_by", "alert", "alert_seen_by", "police_ref", "police_at") ON lodge.visitor TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_visitor TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.visitor_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_arrive TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_arrive_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_pass_through TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_pass_through_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_ask_host TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_ask_host_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_answer TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_answer_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_escort TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_escort_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_enter TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_enter_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_leave TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_leave_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_presume_left TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_presume_left_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_miss TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_miss_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_alert TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_alert_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_acknowledge TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_register TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_override TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.visitor_override_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_visitor TO lodge_name, lodge_contact;
