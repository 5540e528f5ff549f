CREATE FUNCTION op.duty_entry_write(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_occurred_at timestamptz, a_kind text, a_facts text, a_handling text, a_result text, a_important boolean, a_addendum_to text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_entry;
	new lodge.duty_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_entry.write', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_occurred_at IS NOT NULL OR 'occurred_at' = ANY (a_given) THEN 'occurred_at' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_facts IS NOT NULL OR 'facts' = ANY (a_given) THEN 'facts' END, CASE WHEN a_handling IS NOT NULL OR 'handling' = ANY (a_given) THEN 'handling' END, CASE WHEN a_result IS NOT NULL OR 'result' = ANY (a_given) THEN 'result' END, CASE WHEN a_important IS NOT NULL OR 'important' = ANY (a_given) THEN 'important' END, CASE WHEN a_addendum_to IS NOT NULL OR 'addendum_to' = ANY (a_given) THEN 'addendum_to' END]::text[], NULL);
	IF a_facts IS NULL AND (a_id IS NULL OR 'facts' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'facts'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_occurred_at IS NOT NULL AND (isfinite(a_occurred_at)) IS NOT TRUE THEN 'occurred_at'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['note','complaint','theft','fire','water','power','wind','fight','violation','vip_move','works','repair','management'])) IS NOT TRUE THEN 'kind'
		WHEN a_facts IS NOT NULL AND (is_text(a_facts, 3, 2000, true)) IS NOT TRUE THEN 'facts'
		WHEN a_handling IS NOT NULL AND (is_text(a_handling, 2, 2000, true)) IS NOT TRUE THEN 'handling'
		WHEN a_result IS NOT NULL AND (is_text(a_result, 2, 2000, true)) IS NOT TRUE THEN 'result'
		WHEN a_important IS NOT NULL AND (true) IS NOT TRUE THEN 'important'
		WHEN a_addendum_to IS NOT NULL AND (char_length(a_addendum_to) <= 64) IS NOT TRUE THEN 'addendum_to' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM duty_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['wanted']) THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'refused', 'LOG-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF 'occurred_at' = ANY (who.given) THEN
		new.occurred_at := a_occurred_at;
	END IF;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'facts' = ANY (who.given) THEN
		new.facts := a_facts;
	END IF;
	IF 'handling' = ANY (who.given) THEN
		new.handling := a_handling;
	END IF;
	IF 'result' = ANY (who.given) THEN
		new.result := a_result;
	END IF;
	IF 'important' = ANY (who.given) THEN
		new.important := a_important;
	END IF;
	IF 'addendum_to' = ANY (who.given) THEN
		IF a_addendum_to IS NULL THEN
			new.addendum_to := NULL;
		ELSE
			SELECT t.id INTO new.addendum_to FROM duty_entry t WHERE (t.id = CASE WHEN a_addendum_to ~ '^[0-9]{1,18}$' THEN a_addendum_to::bigint END);
			IF new.addendum_to IS NULL THEN
				RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'not_found', NULL, 'reference', 'addendum_to', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_entry_written(new, who);
	IF guard_entry_desk_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'forbidden', 'LOG-06', 'entry_desk_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_not_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'invalid', 'LOG-03', 'entry_not_ahead', 'occurred_at', NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_page_goes_on(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'refused', 'LOG-08', 'entry_page_goes_on', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_addendum_closed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'write', 'refused', 'LOG-08', 'entry_addendum_closed', 'addendum_to', NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE duty_entry SET version = new.version, state = new.state, page = new.page, occurred_at = new.occurred_at, kind = new.kind, facts = new.facts, handling = new.handling, result = new.result, important = new.important, reported_to = new.reported_to, reported_at = new.reported_at, addendum_to = new.addendum_to, reason = new.reason, about_book = new.about_book, about = new.about, at = new.at, written_by = new.written_by, carried_from = new.carried_from, carried_to = new.carried_to, corrects = new.corrects, corrected_by = new.corrected_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.duty_entry', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO duty_entry VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	RETURN done(who, 'duty_entry', new.id, NULL, new.version, new.state, NULL, 'write', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('occurred_at', CASE WHEN new.occurred_at IS DISTINCT FROM old.occurred_at THEN jsonb_build_array(old.occurred_at, new.occurred_at) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'facts', CASE WHEN new.facts IS DISTINCT FROM old.facts THEN jsonb_build_array(old.facts, new.facts) END, 'handling', CASE WHEN new.handling IS DISTINCT FROM old.handling THEN jsonb_build_array(old.handling, new.handling) END, 'result', CASE WHEN new.result IS DISTINCT FROM old.result THEN jsonb_build_array(old.result, new.result) END, 'important', CASE WHEN new.important IS DISTINCT FROM old.important THEN jsonb_build_array(old.important, new.important) END, 'addendum_to', CASE WHEN new.addendum_to IS DISTINCT FROM old.addendum_to THEN jsonb_build_array(old.addendum_to, new.addendum_to) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.duty_entry_write_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_occurred_at timestamptz, a_kind text, a_facts text, a_handling text, a_result text, a_important boolean, a_addendum_to text,
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
	a_version := coalesce((SELECT t.version FROM duty_entry t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'duty_entry.write', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.duty_entry_write(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_occurred_at, a_kind, a_facts, a_handling, a_result, a_important, a_addendum_to);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'duty_entry', 'write', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.duty_entry_correct(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_occurred_at timestamptz, a_kind text, a_facts text, a_handling text, a_result text, a_important boolean, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_entry;
	new lodge.duty_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_entry.correct', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_occurred_at IS NOT NULL OR 'occurred_at' = ANY (a_given) THEN 'occurred_at' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_facts IS NOT NULL OR 'facts' = ANY (a_given) THEN 'facts' END, CASE WHEN a_handling IS NOT NULL OR 'handling' = ANY (a_given) THEN 'handling' END, CASE WHEN a_result IS NOT NULL OR 'result' = ANY (a_given) THEN 'result' END, CASE WHEN a_important IS NOT NULL OR 'important' = ANY (a_given) THEN 'important' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_facts IS NULL AND 'facts' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'facts'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_occurred_at IS NOT NULL AND (isfinite(a_occurred_at)) IS NOT TRUE THEN 'occurred_at'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['note','complaint','theft','fire','water','power','wind','fight','violation','vip_move','works','repair','management'])) IS NOT TRUE THEN 'kind'
		WHEN a_facts IS NOT NULL AND (is_text(a_facts, 3, 2000, true)) IS NOT TRUE THEN 'facts'
		WHEN a_handling IS NOT NULL AND (is_text(a_handling, 2, 2000, true)) IS NOT TRUE THEN 'handling'
		WHEN a_result IS NOT NULL AND (is_text(a_result, 2, 2000, true)) IS NOT TRUE THEN 'result'
		WHEN a_important IS NOT NULL AND (true) IS NOT TRUE THEN 'important'
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM duty_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open','closed']) THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'refused', 'LOG-08', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'occurred_at' = ANY (who.given) THEN
		new.occurred_at := a_occurred_at;
	END IF;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'facts' = ANY (who.given) THEN
		new.facts := a_facts;
	END IF;
	IF 'handling' = ANY (who.given) THEN
		new.handling := a_handling;
	END IF;
	IF 'result' = ANY (who.given) THEN
		new.result := a_result;
	END IF;
	IF 'important' = ANY (who.given) THEN
		new.important := a_important;
	END IF;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new := derive_entry_corrected(new, who);
	IF guard_entry_desk_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'forbidden', 'LOG-06', 'entry_desk_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_page_open(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'refused', 'LOG-08', 'entry_page_open', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_says_otherwise(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'invalid', 'LOG-08', 'entry_says_otherwise', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_correct_not_ahead(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'correct', 'invalid', 'LOG-03', 'entry_correct_not_ahead', 'occurred_at', NULL, a_op_id, a_digest);
	END IF;
	DECLARE
		gone lodge.duty_entry;
		is_new boolean := new.id = old.id;
	BEGIN
	IF is_new THEN
	new.id := nextval(pg_get_serial_sequence('lodge.duty_entry', 'id'));
	new.version := 1;
	ELSE
	new.version := new.version + 1;
	END IF;
	gone := succeed_entry_corrected(old, new, who);
	gone.version := old.version + 1;
	BEGIN
	UPDATE duty_entry SET version = gone.version, state = gone.state, page = gone.page, occurred_at = gone.occurred_at, kind = gone.kind, facts = gone.facts, handling = gone.handling, result = gone.result, important = gone.important, reported_to = gone.reported_to, reported_at = gone.reported_at, addendum_to = gone.addendum_to, reason = gone.reason, about_book = gone.about_book, about = gone.about, at = gone.at, written_by = gone.written_by, carried_from = gone.carried_from, carried_to = gone.carried_to, corrects = gone.corrects, corrected_by = gone.corrected_by, incident = gone.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF is_new THEN
	BEGIN
	INSERT INTO duty_entry VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	BEGIN
	UPDATE duty_entry SET version = new.version, state = new.state, page = new.page, occurred_at = new.occurred_at, kind = new.kind, facts = new.facts, handling = new.handling, result = new.result, important = new.important, reported_to = new.reported_to, reported_at = new.reported_at, addendum_to = new.addendum_to, reason = new.reason, about_book = new.about_book, about = new.about, at = new.at, written_by = new.written_by, carried_from = new.carried_from, carried_to = new.carried_to, corrects = new.corrects, corrected_by = new.corrected_by, incident = new.incident WHERE id = new.id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM beside(who, 'duty_entry', gone.id, gone.version, gone.state, NULL, 'correct', array_remove(ARRAY[]::bigint[], NULL));
	END;
	RETURN done(who, 'duty_entry', new.id, NULL, new.version, new.state, NULL, 'correct', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('occurred_at', CASE WHEN new.occurred_at IS DISTINCT FROM old.occurred_at THEN jsonb_build_array(old.occurred_at, new.occurred_at) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'facts', CASE WHEN new.facts IS DISTINCT FROM old.facts THEN jsonb_build_array(old.facts, new.facts) END, 'handling', CASE WHEN new.handling IS DISTINCT FROM old.handling THEN jsonb_build_array(old.handling, new.handling) END, 'result', CASE WHEN new.result IS DISTINCT FROM old.result THEN jsonb_build_array(old.result, new.result) END, 'important', CASE WHEN new.important IS DISTINCT FROM old.important THEN jsonb_build_array(old.important, new.important) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.duty_entry_follow_up(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_handling text, a_result text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_entry;
	new lodge.duty_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_entry.follow_up', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_handling IS NOT NULL OR 'handling' = ANY (a_given) THEN 'handling' END, CASE WHEN a_result IS NOT NULL OR 'result' = ANY (a_given) THEN 'result' END]::text[], NULL);
	IF a_handling IS NULL THEN
		r.result := 'invalid'; r.field := 'handling'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_handling IS NOT NULL AND (is_text(a_handling, 2, 2000, true)) IS NOT TRUE THEN 'handling'
		WHEN a_result IS NOT NULL AND (is_text(a_result, 2, 2000, true)) IS NOT TRUE THEN 'result' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM duty_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'follow_up', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'follow_up', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'follow_up', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open']) THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'follow_up', 'refused', 'LOG-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'handling' = ANY (who.given) THEN
		new.handling := a_handling;
	END IF;
	IF 'result' = ANY (who.given) THEN
		new.result := a_result;
	END IF;
	who.args := jsonb_build_object();
	new := derive_entry_followed(new, who);
	IF guard_entry_desk_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'follow_up', 'forbidden', 'LOG-06', 'entry_desk_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	DECLARE
		gone lodge.duty_entry;
		is_new boolean := new.id = old.id;
	BEGIN
	IF is_new THEN
	new.id := nextval(pg_get_serial_sequence('lodge.duty_entry', 'id'));
	new.version := 1;
	ELSE
	new.version := new.version + 1;
	END IF;
	gone := succeed_entry_followed(old, new, who);
	gone.version := old.version + 1;
	BEGIN
	UPDATE duty_entry SET version = gone.version, state = gone.state, page = gone.page, occurred_at = gone.occurred_at, kind = gone.kind, facts = gone.facts, handling = gone.handling, result = gone.result, important = gone.important, reported_to = gone.reported_to, reported_at = gone.reported_at, addendum_to = gone.addendum_to, reason = gone.reason, about_book = gone.about_book, about = gone.about, at = gone.at, written_by = gone.written_by, carried_from = gone.carried_from, carried_to = gone.carried_to, corrects = gone.corrects, corrected_by = gone.corrected_by, incident = gone.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF is_new THEN
	BEGIN
	INSERT INTO duty_entry VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	BEGIN
	UPDATE duty_entry SET version = new.version, state = new.state, page = new.page, occurred_at = new.occurred_at, kind = new.kind, facts = new.facts, handling = new.handling, result = new.result, important = new.important, reported_to = new.reported_to, reported_at = new.reported_at, addendum_to = new.addendum_to, reason = new.reason, about_book = new.about_book, about = new.about, at = new.at, written_by = new.written_by, carried_from = new.carried_from, carried_to = new.carried_to, corrects = new.corrects, corrected_by = new.corrected_by, incident = new.incident WHERE id = new.id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM beside(who, 'duty_entry', gone.id, gone.version, gone.state, NULL, 'follow_up', array_remove(ARRAY[]::bigint[], NULL));
	END;
	RETURN done(who, 'duty_entry', new.id, NULL, new.version, new.state, NULL, 'follow_up', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('handling', CASE WHEN new.handling IS DISTINCT FROM old.handling THEN jsonb_build_array(old.handling, new.handling) END, 'result', CASE WHEN new.result IS DISTINCT FROM old.result THEN jsonb_build_array(old.result, new.result) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.duty_entry_dismiss(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_entry;
	new lodge.duty_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_entry.dismiss', a_digest);
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
	SELECT * INTO old FROM duty_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['wanted']) THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'refused', 'LOG-04', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'dismissed';
	new := derive_entry_dismissed(new, who);
	IF guard_entry_desk_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'forbidden', 'LOG-06', 'entry_desk_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_major_written(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'dismiss', 'refused', 'INC-08', 'entry_major_written', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE duty_entry SET version = new.version, state = new.state, page = new.page, occurred_at = new.occurred_at, kind = new.kind, facts = new.facts, handling = new.handling, result = new.result, important = new.important, reported_to = new.reported_to, reported_at = new.reported_at, addendum_to = new.addendum_to, reason = new.reason, about_book = new.about_book, about = new.about, at = new.at, written_by = new.written_by, carried_from = new.carried_from, carried_to = new.carried_to, corrects = new.corrects, corrected_by = new.corrected_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'duty_entry', new.id, NULL, new.version, new.state, NULL, 'dismiss', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.duty_entry_report(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reported_to text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.duty_entry;
	new lodge.duty_entry;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'duty_entry.report', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reported_to IS NOT NULL OR 'reported_to' = ANY (a_given) THEN 'reported_to' END]::text[], NULL);
	IF a_reported_to IS NULL THEN
		r.result := 'invalid'; r.field := 'reported_to'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reported_to IS NOT NULL AND (char_length(a_reported_to) <= 64) IS NOT TRUE THEN 'reported_to' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM duty_entry t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['open','closed','carried']) THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'refused', 'NGT-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reported_to' = ANY (who.given) THEN
		IF a_reported_to IS NULL THEN
			new.reported_to := NULL;
		ELSE
			SELECT t.id INTO new.reported_to FROM staff t WHERE (t.id = CASE WHEN a_reported_to ~ '^[0-9]{1,18}$' THEN a_reported_to::bigint END OR t.work_no = a_reported_to OR t.login = a_reported_to) ORDER BY (t.work_no = a_reported_to) DESC LIMIT 1;
			IF new.reported_to IS NULL THEN
				RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'not_found', NULL, 'reference', 'reported_to', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_entry_reported(new, who);
	IF guard_entry_is_important(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'refused', 'NGT-06', 'entry_is_important', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_entry_told_superior(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'duty_entry', a_id, NULL, 'report', 'refused', 'NGT-06', 'entry_told_superior', 'reported_to', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE duty_entry SET version = new.version, state = new.state, page = new.page, occurred_at = new.occurred_at, kind = new.kind, facts = new.facts, handling = new.handling, result = new.result, important = new.important, reported_to = new.reported_to, reported_at = new.reported_at, addendum_to = new.addendum_to, reason = new.reason, about_book = new.about_book, about = new.about, at = new.at, written_by = new.written_by, carried_from = new.carried_from, carried_to = new.carried_to, corrects = new.corrects, corrected_by = new.corrected_by, incident = new.incident WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'duty_entry', new.id, NULL, new.version, new.state, NULL, 'report', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reported_to', CASE WHEN new.reported_to IS DISTINCT FROM old.reported_to THEN jsonb_build_array(old.reported_to, new.reported_to) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_duty_entry(a_op text, old lodge.duty_entry, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.duty_entry := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','DEM','EM','NM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'correct' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open','closed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'follow_up' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'dismiss' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['wanted']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'report' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['open','closed','carried']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_duty_entry(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.duty_entry;
BEGIN
	SELECT x.* INTO t FROM duty_entry x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_duty_entry(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_duty_entry(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_duty_entry(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.duty_entry FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "page", "occurred_at", "kind", "facts", "handling", "result", "important", "reported_to", "reported_at", "addendum_to", "reason", "about_book", "about", "at", "written_by", "carried_from", "carried_to", "corrects", "corrected_by", "incident") ON lodge.duty_entry TO lodge_name;
GRANT SELECT (id, version, state, "page", "occurred_at", "kind", "facts", "handling", "result", "important", "reported_to", "reported_at", "addendum_to", "reason", "about_book", "about", "at", "written_by", "carried_from", "carried_to", "corrects", "corrected_by", "incident") ON lodge.duty_entry TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.duty_entry_write TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_entry_write_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_entry_correct TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_entry_follow_up TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_entry_dismiss TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.duty_entry_report TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_duty_entry TO lodge_name, lodge_contact;
