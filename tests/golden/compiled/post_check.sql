CREATE FUNCTION op.post_check_sign(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text, a_pin text, a_signer text, a_code text, a_remark text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_check;
	new lodge.post_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_check.sign', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_post IS NOT NULL OR 'post' = ANY (a_given) THEN 'post' END, CASE WHEN a_pin IS NOT NULL OR 'pin' = ANY (a_given) THEN 'pin' END, CASE WHEN a_signer IS NOT NULL OR 'signer' = ANY (a_given) THEN 'signer' END, CASE WHEN a_code IS NOT NULL OR 'code' = ANY (a_given) THEN 'code' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END]::text[], NULL);
	IF a_post IS NULL AND (a_id IS NULL OR 'post' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'post'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_pin IS NULL AND (a_id IS NULL OR 'pin' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'pin'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_post IS NOT NULL AND (char_length(a_post) <= 64) IS NOT TRUE THEN 'post'
		WHEN a_pin IS NOT NULL AND (a_pin ~ '^\\x[0-9a-f]{64}$') IS NOT TRUE THEN 'pin'
		WHEN a_signer IS NOT NULL AND (char_length(a_signer) <= 64) IS NOT TRUE THEN 'signer'
		WHEN a_code IS NOT NULL AND (is_text(a_code, 4, 4, false)) IS NOT TRUE THEN 'code'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 2, 200, false)) IS NOT TRUE THEN 'remark' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM post_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','NM','SS','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.signer]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['NM']::text[] THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'forbidden', NULL, 'role', NULL, ARRAY['NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['called']) THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF 'post' = ANY (who.given) THEN
		IF a_post IS NULL THEN
			new.post := NULL;
		ELSE
			SELECT t.id INTO new.post FROM post t WHERE (t.id = CASE WHEN a_post ~ '^[0-9]{1,18}$' THEN a_post::bigint END OR t.code = a_post) ORDER BY (t.code = a_post) DESC LIMIT 1;
			IF new.post IS NULL THEN
				RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'not_found', NULL, 'reference', 'post', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'signer' = ANY (who.given) THEN
		IF a_signer IS NULL THEN
			new.signer := NULL;
		ELSE
			SELECT t.id INTO new.signer FROM staff t WHERE (t.id = CASE WHEN a_signer ~ '^[0-9]{1,18}$' THEN a_signer::bigint END OR t.work_no = a_signer OR t.login = a_signer) ORDER BY (t.work_no = a_signer) DESC LIMIT 1;
			IF new.signer IS NULL THEN
				RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'not_found', NULL, 'reference', 'signer', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'remark' = ANY (who.given) THEN
		new.remark := a_remark;
	END IF;
	who.args := jsonb_build_object('pin', a_pin, 'code', a_code);
	new := derive_check_signed(new, who);
	IF guard_check_post_in_use(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_post_in_use', 'post', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_on_duty(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_on_duty', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_rostered(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_rostered', 'signer', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_another', 'signer', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_code(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_code', 'code', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_pin(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'sign', 'refused', 'NGT-02', 'check_pin', 'pin', NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE post_check SET version = new.version, state = new.state, post = new.post, signer = new.signer, found = new.found, remark = new.remark, shift = new.shift, checker = new.checker, checked_at = new.checked_at, signed_by = new.signed_by, signature_at = new.signature_at, proof = new.proof, recorded_offline = new.recorded_offline, repeated_at = new.repeated_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.post_check', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO post_check VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	RETURN done(who, 'post_check', new.id, NULL, new.version, new.state, NULL, 'sign', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('post', CASE WHEN new.post IS DISTINCT FROM old.post THEN jsonb_build_array(old.post, new.post) END, 'signer', CASE WHEN new.signer IS DISTINCT FROM old.signer THEN jsonb_build_array(old.signer, new.signer) END, 'code', CASE WHEN a_code IS NOT NULL THEN jsonb_build_array(NULL, a_code) END, 'remark', CASE WHEN new.remark IS DISTINCT FROM old.remark THEN jsonb_build_array(old.remark, new.remark) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.signer]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_check_sign_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text, a_pin text, a_signer text, a_code text, a_remark text,
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
	a_version := coalesce((SELECT t.version FROM post_check t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'post_check.sign', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.post_check_sign(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_post, a_pin, a_signer, a_code, a_remark);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'post_check', 'sign', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.post_check_call(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text, a_signer text, a_remark text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_check;
	new lodge.post_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_check.call', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_post IS NOT NULL OR 'post' = ANY (a_given) THEN 'post' END, CASE WHEN a_signer IS NOT NULL OR 'signer' = ANY (a_given) THEN 'signer' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END]::text[], NULL);
	IF a_post IS NULL THEN
		r.result := 'invalid'; r.field := 'post'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_post IS NOT NULL AND (char_length(a_post) <= 64) IS NOT TRUE THEN 'post'
		WHEN a_signer IS NOT NULL AND (char_length(a_signer) <= 64) IS NOT TRUE THEN 'signer'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 2, 200, false)) IS NOT TRUE THEN 'remark' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['NM']::text[] THEN
		RETURN refused(who, 'post_check', NULL, NULL, 'call', 'forbidden', NULL, 'role', NULL, ARRAY['NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_post IS NULL THEN
		new.post := NULL;
	ELSE
		SELECT t.id INTO new.post FROM post t WHERE (t.id = CASE WHEN a_post ~ '^[0-9]{1,18}$' THEN a_post::bigint END OR t.code = a_post) ORDER BY (t.code = a_post) DESC LIMIT 1;
		IF new.post IS NULL THEN
			RETURN refused(who, 'post_check', NULL, NULL, 'call', 'not_found', NULL, 'reference', 'post', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_signer IS NULL THEN
		new.signer := NULL;
	ELSE
		SELECT t.id INTO new.signer FROM staff t WHERE (t.id = CASE WHEN a_signer ~ '^[0-9]{1,18}$' THEN a_signer::bigint END OR t.work_no = a_signer OR t.login = a_signer) ORDER BY (t.work_no = a_signer) DESC LIMIT 1;
		IF new.signer IS NULL THEN
			RETURN refused(who, 'post_check', NULL, NULL, 'call', 'not_found', NULL, 'reference', 'signer', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.remark := a_remark;
	who.args := jsonb_build_object();
	new.state := 'called';
	new := derive_check_made(new, who);
	IF guard_check_call_in_use(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', NULL, NULL, 'call', 'refused', 'NGT-02', 'check_call_in_use', 'post', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_call_on_duty(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', NULL, NULL, 'call', 'refused', 'NGT-02', 'check_call_on_duty', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_call_rostered(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', NULL, NULL, 'call', 'refused', 'NGT-02', 'check_call_rostered', 'signer', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_call_another(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', NULL, NULL, 'call', 'refused', 'NGT-02', 'check_call_another', 'signer', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.post_check', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO post_check VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post_check', new.id, NULL, new.version, new.state, NULL, 'call', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('post', CASE WHEN new.post IS DISTINCT FROM old.post THEN jsonb_build_array(old.post, new.post) END, 'signer', CASE WHEN new.signer IS DISTINCT FROM old.signer THEN jsonb_build_array(old.signer, new.signer) END, 'remark', CASE WHEN new.remark IS DISTINCT FROM old.remark THEN jsonb_build_array(old.remark, new.remark) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.signer]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_check_answer(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_pin text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_check;
	new lodge.post_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_check.answer', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_pin IS NOT NULL OR 'pin' = ANY (a_given) THEN 'pin' END]::text[], NULL);
	IF a_pin IS NULL THEN
		r.result := 'invalid'; r.field := 'pin'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_pin IS NOT NULL AND (a_pin ~ '^\\x[0-9a-f]{64}$') IS NOT TRUE THEN 'pin' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM post_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','NM','SS','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.signer]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','SG','SL','ET','EL']::text[] THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','SG','SL','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['called']) THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('pin', a_pin);
	new.state := 'signed';
	new := derive_check_answered(new, who);
	IF guard_check_answer_mine(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'forbidden', 'NGT-02', 'check_answer_mine', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_answer_in_time(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'refused', 'NGT-02', 'check_answer_in_time', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_answer_rostered(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'refused', 'NGT-02', 'check_answer_rostered', 'signer', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_answer_pin(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'answer', 'refused', 'NGT-02', 'check_answer_pin', 'pin', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE post_check SET version = new.version, state = new.state, post = new.post, signer = new.signer, found = new.found, remark = new.remark, shift = new.shift, checker = new.checker, checked_at = new.checked_at, signed_by = new.signed_by, signature_at = new.signature_at, proof = new.proof, recorded_offline = new.recorded_offline, repeated_at = new.repeated_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post_check', new.id, NULL, new.version, new.state, NULL, 'answer', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.signer]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_check_absent(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text, a_signer text, a_found text, a_remark text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_check;
	new lodge.post_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_check.absent', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_post IS NOT NULL OR 'post' = ANY (a_given) THEN 'post' END, CASE WHEN a_signer IS NOT NULL OR 'signer' = ANY (a_given) THEN 'signer' END, CASE WHEN a_found IS NOT NULL OR 'found' = ANY (a_given) THEN 'found' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END]::text[], NULL);
	IF a_post IS NULL AND (a_id IS NULL OR 'post' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'post'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_remark IS NULL AND (a_id IS NULL OR 'remark' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'remark'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_post IS NOT NULL AND (char_length(a_post) <= 64) IS NOT TRUE THEN 'post'
		WHEN a_signer IS NOT NULL AND (char_length(a_signer) <= 64) IS NOT TRUE THEN 'signer'
		WHEN a_found IS NOT NULL AND (char_length(a_found) <= 64) IS NOT TRUE THEN 'found'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 2, 200, false)) IS NOT TRUE THEN 'remark' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM post_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','NM','SS','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.signer]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['NM']::text[] THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'forbidden', NULL, 'role', NULL, ARRAY['NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['called']) THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF 'post' = ANY (who.given) THEN
		IF a_post IS NULL THEN
			new.post := NULL;
		ELSE
			SELECT t.id INTO new.post FROM post t WHERE (t.id = CASE WHEN a_post ~ '^[0-9]{1,18}$' THEN a_post::bigint END OR t.code = a_post) ORDER BY (t.code = a_post) DESC LIMIT 1;
			IF new.post IS NULL THEN
				RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'not_found', NULL, 'reference', 'post', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'signer' = ANY (who.given) THEN
		IF a_signer IS NULL THEN
			new.signer := NULL;
		ELSE
			SELECT t.id INTO new.signer FROM staff t WHERE (t.id = CASE WHEN a_signer ~ '^[0-9]{1,18}$' THEN a_signer::bigint END OR t.work_no = a_signer OR t.login = a_signer) ORDER BY (t.work_no = a_signer) DESC LIMIT 1;
			IF new.signer IS NULL THEN
				RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'not_found', NULL, 'reference', 'signer', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'found' = ANY (who.given) THEN
		IF a_found IS NULL THEN
			new.found := NULL;
		ELSE
			SELECT t.id INTO new.found FROM staff t WHERE (t.id = CASE WHEN a_found ~ '^[0-9]{1,18}$' THEN a_found::bigint END OR t.work_no = a_found OR t.login = a_found) ORDER BY (t.work_no = a_found) DESC LIMIT 1;
			IF new.found IS NULL THEN
				RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'not_found', NULL, 'reference', 'found', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'remark' = ANY (who.given) THEN
		new.remark := a_remark;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'absent';
	new := derive_check_made(new, who);
	IF guard_check_absent_in_use(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'refused', 'NGT-02', 'check_absent_in_use', 'post', NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_absent_on_duty(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'refused', 'NGT-02', 'check_absent_on_duty', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_check_absent_found(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'absent', 'refused', 'NGT-02', 'check_absent_found', 'found', NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE post_check SET version = new.version, state = new.state, post = new.post, signer = new.signer, found = new.found, remark = new.remark, shift = new.shift, checker = new.checker, checked_at = new.checked_at, signed_by = new.signed_by, signature_at = new.signature_at, proof = new.proof, recorded_offline = new.recorded_offline, repeated_at = new.repeated_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.post_check', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO post_check VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	RETURN done(who, 'post_check', new.id, NULL, new.version, new.state, NULL, 'absent', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('post', CASE WHEN new.post IS DISTINCT FROM old.post THEN jsonb_build_array(old.post, new.post) END, 'signer', CASE WHEN new.signer IS DISTINCT FROM old.signer THEN jsonb_build_array(old.signer, new.signer) END, 'found', CASE WHEN new.found IS DISTINCT FROM old.found THEN jsonb_build_array(old.found, new.found) END, 'remark', CASE WHEN new.remark IS DISTINCT FROM old.remark THEN jsonb_build_array(old.remark, new.remark) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.signer]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.post_check_absent_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text, a_signer text, a_found text, a_remark text,
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
	a_version := coalesce((SELECT t.version FROM post_check t WHERE t.id = a_id), a_version);
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'post_check.absent', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.post_check_absent(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_post, a_signer, a_found, a_remark);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'post_check', 'absent', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.post_check_repeat(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_pin text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_check;
	new lodge.post_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_check.repeat', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_pin IS NOT NULL OR 'pin' = ANY (a_given) THEN 'pin' END]::text[], NULL);
	IF a_pin IS NULL THEN
		r.result := 'invalid'; r.field := 'pin'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_pin IS NOT NULL AND (a_pin ~ '^\\x[0-9a-f]{64}$') IS NOT TRUE THEN 'pin' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM post_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','NM','SS','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.signer]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'repeat', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','NM','SG','SL','ET','EL']::text[] THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'repeat', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','NM','SG','SL','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'repeat', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['offline']) THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'repeat', 'refused', 'NGT-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('pin', a_pin);
	new.state := 'signed';
	new := derive_check_repeated(new, who);
	IF guard_check_repeat_pin(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_check', a_id, NULL, 'repeat', 'refused', 'NGT-02', 'check_repeat_pin', 'pin', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE post_check SET version = new.version, state = new.state, post = new.post, signer = new.signer, found = new.found, remark = new.remark, shift = new.shift, checker = new.checker, checked_at = new.checked_at, signed_by = new.signed_by, signature_at = new.signature_at, proof = new.proof, recorded_offline = new.recorded_offline, repeated_at = new.repeated_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post_check', new.id, NULL, new.version, new.state, NULL, 'repeat', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.signer]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_post_check(a_op text, old lodge.post_check, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.post_check := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CM','DEM','EM','NM','SS','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.signer]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'answer' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','SG','SL','ET','EL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['called']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'repeat' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','NM','SG','SL','ET','EL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['offline']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_post_check(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.post_check;
BEGIN
	SELECT x.* INTO t FROM post_check x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_post_check(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_post_check(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_post_check(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.post_check FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "post", "signer", "found", "remark", "shift", "checker", "checked_at", "signed_by", "signature_at", "proof", "recorded_offline", "repeated_at") ON lodge.post_check TO lodge_name;
GRANT SELECT (id, version, state, "post", "signer", "found", "remark", "shift", "checker", "checked_at", "signed_by", "signature_at", "proof", "recorded_offline", "repeated_at") ON lodge.post_check TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.post_check_sign TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_sign_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_call TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_answer TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_absent TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_absent_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.post_check_repeat TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_post_check TO lodge_name, lodge_contact;
