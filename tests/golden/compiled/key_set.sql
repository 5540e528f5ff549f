CREATE FUNCTION op.key_set_register(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_code text, a_class text, a_unit text, a_label text, a_count integer, a_safe_slot text, a_seal_no text, a_tenant_stamped boolean, a_sealed_with text, a_contact text, a_phone text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_set;
	new lodge.key_set;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_set.register', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_code IS NOT NULL OR 'code' = ANY (a_given) THEN 'code' END, CASE WHEN a_class IS NOT NULL OR 'class' = ANY (a_given) THEN 'class' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_label IS NOT NULL OR 'label' = ANY (a_given) THEN 'label' END, CASE WHEN a_count IS NOT NULL OR 'count' = ANY (a_given) THEN 'count' END, CASE WHEN a_safe_slot IS NOT NULL OR 'safe_slot' = ANY (a_given) THEN 'safe_slot' END, CASE WHEN a_seal_no IS NOT NULL OR 'seal_no' = ANY (a_given) THEN 'seal_no' END, CASE WHEN a_tenant_stamped IS NOT NULL OR 'tenant_stamped' = ANY (a_given) THEN 'tenant_stamped' END, CASE WHEN a_sealed_with IS NOT NULL OR 'sealed_with' = ANY (a_given) THEN 'sealed_with' END, CASE WHEN a_contact IS NOT NULL OR 'contact' = ANY (a_given) THEN 'contact' END, CASE WHEN a_phone IS NOT NULL OR 'phone' = ANY (a_given) THEN 'phone' END]::text[], NULL);
	IF a_code IS NULL THEN
		r.result := 'invalid'; r.field := 'code'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_class IS NULL THEN
		r.result := 'invalid'; r.field := 'class'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_count IS NULL THEN
		r.result := 'invalid'; r.field := 'count'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_code IS NOT NULL AND (is_text(a_code, 1, 24, false)) IS NOT TRUE THEN 'code'
		WHEN a_class IS NOT NULL AND (a_class = ANY (ARRAY['sealed','cabinet','archive_room','technical','vacant'])) IS NOT TRUE THEN 'class'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_label IS NOT NULL AND (is_text(a_label, 2, 80, false)) IS NOT TRUE THEN 'label'
		WHEN a_count IS NOT NULL AND (a_count BETWEEN 1 AND 99) IS NOT TRUE THEN 'count'
		WHEN a_safe_slot IS NOT NULL AND (is_text(a_safe_slot, 1, 20, false)) IS NOT TRUE THEN 'safe_slot'
		WHEN a_seal_no IS NOT NULL AND (is_text(a_seal_no, 1, 30, false)) IS NOT TRUE THEN 'seal_no'
		WHEN a_tenant_stamped IS NOT NULL AND (true) IS NOT TRUE THEN 'tenant_stamped'
		WHEN a_sealed_with IS NOT NULL AND (is_text(a_sealed_with, 2, 80, false)) IS NOT TRUE THEN 'sealed_with'
		WHEN a_contact IS NOT NULL AND (is_text(a_contact, 2, 80, false)) IS NOT TRUE THEN 'contact'
		WHEN a_phone IS NOT NULL AND (is_text(a_phone, 3, 24, false)) IS NOT TRUE THEN 'phone' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_set', NULL, NULL, 'register', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	new.code := a_code;
	new.class := a_class;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'key_set', NULL, NULL, 'register', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.label := a_label;
	new.count := a_count;
	new.safe_slot := a_safe_slot;
	new.seal_no := a_seal_no;
	new.tenant_stamped := a_tenant_stamped;
	new.sealed_with := a_sealed_with;
	new.contact := a_contact;
	new.phone := a_phone;
	who.args := jsonb_build_object();
	new.state := 'in_safe';
	new := derive_key_set_registered(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'key_set', NULL, NULL, 'register', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_set_code_free(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_set', NULL, new.area, 'register', 'refused', 'EKEY-05', 'key_set_code_free', 'code', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_set_opens_something(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_set', NULL, new.area, 'register', 'invalid', 'EKEY-05', 'key_set_opens_something', 'unit', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_set_sealed_by_both(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_set', NULL, new.area, 'register', 'refused', 'EKEY-01', 'key_set_sealed_by_both', 'sealed_with', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.key_set', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO key_set VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_set', new.id, NULL, new.version, new.state, new.area, 'register', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('code', CASE WHEN new.code IS DISTINCT FROM old.code THEN jsonb_build_array(old.code, new.code) END, 'class', CASE WHEN new.class IS DISTINCT FROM old.class THEN jsonb_build_array(old.class, new.class) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'label', CASE WHEN new.label IS DISTINCT FROM old.label THEN jsonb_build_array(old.label, new.label) END, 'count', CASE WHEN new.count IS DISTINCT FROM old.count THEN jsonb_build_array(old.count, new.count) END, 'safe_slot', CASE WHEN new.safe_slot IS DISTINCT FROM old.safe_slot THEN jsonb_build_array(old.safe_slot, new.safe_slot) END, 'seal_no', CASE WHEN new.seal_no IS DISTINCT FROM old.seal_no THEN jsonb_build_array(old.seal_no, new.seal_no) END, 'tenant_stamped', CASE WHEN new.tenant_stamped IS DISTINCT FROM old.tenant_stamped THEN jsonb_build_array(old.tenant_stamped, new.tenant_stamped) END, 'sealed_with', CASE WHEN new.sealed_with IS DISTINCT FROM old.sealed_with THEN jsonb_build_array(old.sealed_with, new.sealed_with) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_set_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_safe_slot text, a_contact text, a_phone text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_set;
	new lodge.key_set;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_set.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_safe_slot IS NOT NULL OR 'safe_slot' = ANY (a_given) THEN 'safe_slot' END, CASE WHEN a_contact IS NOT NULL OR 'contact' = ANY (a_given) THEN 'contact' END, CASE WHEN a_phone IS NOT NULL OR 'phone' = ANY (a_given) THEN 'phone' END]::text[], NULL);
	r.field := CASE
		WHEN a_safe_slot IS NOT NULL AND (is_text(a_safe_slot, 1, 20, false)) IS NOT TRUE THEN 'safe_slot'
		WHEN a_contact IS NOT NULL AND (is_text(a_contact, 2, 80, false)) IS NOT TRUE THEN 'contact'
		WHEN a_phone IS NOT NULL AND (is_text(a_phone, 3, 24, false)) IS NOT TRUE THEN 'phone' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_set t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_set', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_safe']) THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'amend', 'refused', 'EKEY-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'safe_slot' = ANY (who.given) THEN
		new.safe_slot := a_safe_slot;
	END IF;
	IF 'contact' = ANY (who.given) THEN
		new.contact := a_contact;
	END IF;
	IF 'phone' = ANY (who.given) THEN
		new.phone := a_phone;
	END IF;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE key_set SET version = new.version, state = new.state, code = new.code, class = new.class, unit = new.unit, label = new.label, count = new.count, safe_slot = new.safe_slot, seal_no = new.seal_no, tenant_stamped = new.tenant_stamped, sealed_with = new.sealed_with, sealed_at = new.sealed_at, sealed_by = new.sealed_by, contact = new.contact, phone = new.phone, keys_given = new.keys_given, receiver = new.receiver, signed_at = new.signed_at, registered_at = new.registered_at, registered_by = new.registered_by, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_set', new.id, NULL, new.version, new.state, new.area, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('safe_slot', CASE WHEN new.safe_slot IS DISTINCT FROM old.safe_slot THEN jsonb_build_array(old.safe_slot, new.safe_slot) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_set_sign_issue(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_keys_given integer, a_receiver text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_set;
	new lodge.key_set;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_set.sign_issue', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_keys_given IS NOT NULL OR 'keys_given' = ANY (a_given) THEN 'keys_given' END, CASE WHEN a_receiver IS NOT NULL OR 'receiver' = ANY (a_given) THEN 'receiver' END]::text[], NULL);
	IF a_keys_given IS NULL THEN
		r.result := 'invalid'; r.field := 'keys_given'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_receiver IS NULL THEN
		r.result := 'invalid'; r.field := 'receiver'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_keys_given IS NOT NULL AND (a_keys_given BETWEEN 1 AND 99) IS NOT TRUE THEN 'keys_given'
		WHEN a_receiver IS NOT NULL AND (is_text(a_receiver, 2, 80, false)) IS NOT TRUE THEN 'receiver' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_set t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_set', a_id, NULL, 'sign_issue', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO']::text[] THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'sign_issue', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'sign_issue', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_safe']) THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'sign_issue', 'refused', 'EKEY-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'keys_given' = ANY (who.given) THEN
		new.keys_given := a_keys_given;
	END IF;
	IF 'receiver' = ANY (who.given) THEN
		new.receiver := a_receiver;
	END IF;
	who.args := jsonb_build_object();
	new := derive_key_set_signed(new, who);
	IF guard_key_set_of_unit(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_set', a_id, new.area, 'sign_issue', 'refused', 'EKEY-11', 'key_set_of_unit', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE key_set SET version = new.version, state = new.state, code = new.code, class = new.class, unit = new.unit, label = new.label, count = new.count, safe_slot = new.safe_slot, seal_no = new.seal_no, tenant_stamped = new.tenant_stamped, sealed_with = new.sealed_with, sealed_at = new.sealed_at, sealed_by = new.sealed_by, contact = new.contact, phone = new.phone, keys_given = new.keys_given, receiver = new.receiver, signed_at = new.signed_at, registered_at = new.registered_at, registered_by = new.registered_by, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_set', new.id, NULL, new.version, new.state, new.area, 'sign_issue', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('keys_given', CASE WHEN new.keys_given IS DISTINCT FROM old.keys_given THEN jsonb_build_array(old.keys_given, new.keys_given) END, 'receiver', CASE WHEN new.receiver IS DISTINCT FROM old.receiver THEN jsonb_build_array(old.receiver, new.receiver) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_set_retire(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_set;
	new lodge.key_set;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_set.retire', a_digest);
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
	SELECT * INTO old FROM key_set t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_set', a_id, NULL, 'retire', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['TSO']::text[] THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'retire', 'forbidden', NULL, 'role', NULL, ARRAY['TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'retire', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_safe']) THEN
		RETURN refused(who, 'key_set', a_id, old.area, 'retire', 'refused', 'EKEY-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'retired';
	IF guard_key_set_at_home(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_set', a_id, new.area, 'retire', 'refused', 'EKEY-10', 'key_set_at_home', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE key_set SET version = new.version, state = new.state, code = new.code, class = new.class, unit = new.unit, label = new.label, count = new.count, safe_slot = new.safe_slot, seal_no = new.seal_no, tenant_stamped = new.tenant_stamped, sealed_with = new.sealed_with, sealed_at = new.sealed_at, sealed_by = new.sealed_by, contact = new.contact, phone = new.phone, keys_given = new.keys_given, receiver = new.receiver, signed_at = new.signed_at, registered_at = new.registered_at, registered_by = new.registered_by, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_set', new.id, NULL, new.version, new.state, new.area, 'retire', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_key_set(a_op text, old lodge.key_set, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.key_set := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_safe']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'sign_issue' THEN
		IF NOT who.acts_as && ARRAY['FD','TSO']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_safe']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'retire' THEN
		IF NOT who.acts_as && ARRAY['TSO']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_safe']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_key_set(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.key_set;
BEGIN
	SELECT x.* INTO t FROM key_set x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_key_set(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_key_set(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_key_set(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.key_set_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'key_set.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['contact','phone']::text[] THEN
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
	IF (SELECT count(*) FROM key_set t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'key_set', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'key_set', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'key_set', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN key_set t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'key_set', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'key_set.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_key_set(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "contact" text, "phone" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'contact' = ANY (e.fields) THEN t.contact END,
		CASE WHEN 'phone' = ANY (e.fields) THEN t.phone END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN key_set t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'key_set' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.key_set FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "code", "class", "unit", "label", "count", "safe_slot", "seal_no", "tenant_stamped", "sealed_with", "sealed_at", "sealed_by", "keys_given", "receiver", "signed_at", "registered_at", "registered_by", "reason") ON lodge.key_set TO lodge_name;
GRANT SELECT (id, version, area, state, "code", "class", "unit", "label", "count", "safe_slot", "seal_no", "tenant_stamped", "sealed_with", "sealed_at", "sealed_by", "contact", "phone", "keys_given", "receiver", "signed_at", "registered_at", "registered_by", "reason") ON lodge.key_set TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_key_set TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.key_set_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_set_register TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_set_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_set_sign_issue TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_set_retire TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_key_set TO lodge_name, lodge_contact;
