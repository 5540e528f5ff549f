CREATE FUNCTION op.key_use_take(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_key_set text, a_reason text, a_detail text, a_consent_by text, a_consent_at timestamptz, a_consent_how text, a_certificate text, a_escort text, a_person text, a_identity text, a_holder text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_use;
	new lodge.key_use;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_use.take', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_key_set IS NOT NULL OR 'key_set' = ANY (a_given) THEN 'key_set' END, CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END, CASE WHEN a_detail IS NOT NULL OR 'detail' = ANY (a_given) THEN 'detail' END, CASE WHEN a_consent_by IS NOT NULL OR 'consent_by' = ANY (a_given) THEN 'consent_by' END, CASE WHEN a_consent_at IS NOT NULL OR 'consent_at' = ANY (a_given) THEN 'consent_at' END, CASE WHEN a_consent_how IS NOT NULL OR 'consent_how' = ANY (a_given) THEN 'consent_how' END, CASE WHEN a_certificate IS NOT NULL OR 'certificate' = ANY (a_given) THEN 'certificate' END, CASE WHEN a_escort IS NOT NULL OR 'escort' = ANY (a_given) THEN 'escort' END, CASE WHEN a_person IS NOT NULL OR 'person' = ANY (a_given) THEN 'person' END, CASE WHEN a_identity IS NOT NULL OR 'identity' = ANY (a_given) THEN 'identity' END, CASE WHEN a_holder IS NOT NULL OR 'holder' = ANY (a_given) THEN 'holder' END]::text[], NULL);
	IF a_key_set IS NULL THEN
		r.result := 'invalid'; r.field := 'key_set'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_key_set IS NOT NULL AND (char_length(a_key_set) <= 64) IS NOT TRUE THEN 'key_set'
		WHEN a_reason IS NOT NULL AND (a_reason = ANY (ARRAY['emergency_permitted','emergency_urgent','tenant_request','forgotten','fire','vacant_check','other'])) IS NOT TRUE THEN 'reason'
		WHEN a_detail IS NOT NULL AND (is_text(a_detail, 3, 200, false)) IS NOT TRUE THEN 'detail'
		WHEN a_consent_by IS NOT NULL AND (is_text(a_consent_by, 2, 80, false)) IS NOT TRUE THEN 'consent_by'
		WHEN a_consent_at IS NOT NULL AND (isfinite(a_consent_at)) IS NOT TRUE THEN 'consent_at'
		WHEN a_consent_how IS NOT NULL AND (a_consent_how = ANY (ARRAY['phone','in_person','written'])) IS NOT TRUE THEN 'consent_how'
		WHEN a_certificate IS NOT NULL AND (is_text(a_certificate, 2, 80, false)) IS NOT TRUE THEN 'certificate'
		WHEN a_escort IS NOT NULL AND (char_length(a_escort) <= 64) IS NOT TRUE THEN 'escort'
		WHEN a_person IS NOT NULL AND (is_text(a_person, 2, 80, false)) IS NOT TRUE THEN 'person'
		WHEN a_identity IS NOT NULL AND (a_identity = ANY (ARRAY['known','id_card','passport','work_card','resident_card'])) IS NOT TRUE THEN 'identity'
		WHEN a_holder IS NOT NULL AND (char_length(a_holder) <= 64) IS NOT TRUE THEN 'holder' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_use', NULL, NULL, 'take', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_key_set IS NULL THEN
		new.key_set := NULL;
	ELSE
		SELECT t.id INTO new.key_set FROM key_set t WHERE (t.id = CASE WHEN a_key_set ~ '^[0-9]{1,18}$' THEN a_key_set::bigint END OR t.code = a_key_set) AND t.area = ANY (who.areas) ORDER BY (t.code = a_key_set) DESC LIMIT 1;
		IF new.key_set IS NULL THEN
			RETURN refused(who, 'key_use', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'key_set', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.reason := a_reason;
	new.detail := a_detail;
	new.consent_by := a_consent_by;
	new.consent_at := a_consent_at;
	new.consent_how := a_consent_how;
	new.certificate := a_certificate;
	IF a_escort IS NULL THEN
		new.escort := NULL;
	ELSE
		SELECT t.id INTO new.escort FROM staff t WHERE (t.id = CASE WHEN a_escort ~ '^[0-9]{1,18}$' THEN a_escort::bigint END OR t.work_no = a_escort OR t.login = a_escort) ORDER BY (t.work_no = a_escort) DESC LIMIT 1;
		IF new.escort IS NULL THEN
			RETURN refused(who, 'key_use', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'escort', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.person := a_person;
	new.identity := a_identity;
	IF a_holder IS NULL THEN
		new.holder := NULL;
	ELSE
		SELECT t.id INTO new.holder FROM staff t WHERE (t.id = CASE WHEN a_holder ~ '^[0-9]{1,18}$' THEN a_holder::bigint END OR t.work_no = a_holder OR t.login = a_holder) ORDER BY (t.work_no = a_holder) DESC LIMIT 1;
		IF new.holder IS NULL THEN
			RETURN refused(who, 'key_use', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'holder', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'out';
	new := derive_key_use_taken(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'key_use', NULL, NULL, 'take', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_set_kept(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-05', 'key_use_set_kept', 'key_set', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_alone(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-10', 'key_use_alone', 'key_set', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_lawful(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-01', 'key_use_lawful', 'reason', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_consented(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-02', 'key_use_consented', 'consent_by', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_certified(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-04', 'key_use_certified', 'certificate', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_escorted(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-04', 'key_use_escorted', 'escort', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_identified(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'EKEY-07', 'key_use_identified', 'identity', NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_archive_room(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', NULL, new.area, 'take', 'refused', 'LOAN-12', 'key_use_archive_room', 'holder', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.key_use', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO key_use VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(new.area, 'key_use', new.id, 'key_back', new.due);
	PERFORM deadline_open(new.area, 'key_use', new.id, 'key_reseal', new.reseal_due);
	RETURN done(who, 'key_use', new.id, NULL, new.version, new.state, new.area, 'take', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('key_set', CASE WHEN new.key_set IS DISTINCT FROM old.key_set THEN jsonb_build_array(old.key_set, new.key_set) END, 'reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'detail', CASE WHEN new.detail IS DISTINCT FROM old.detail THEN jsonb_build_array(old.detail, new.detail) END, 'consent_by', CASE WHEN new.consent_by IS DISTINCT FROM old.consent_by THEN jsonb_build_array(old.consent_by, new.consent_by) END, 'consent_at', CASE WHEN new.consent_at IS DISTINCT FROM old.consent_at THEN jsonb_build_array(old.consent_at, new.consent_at) END, 'consent_how', CASE WHEN new.consent_how IS DISTINCT FROM old.consent_how THEN jsonb_build_array(old.consent_how, new.consent_how) END, 'certificate', CASE WHEN new.certificate IS DISTINCT FROM old.certificate THEN jsonb_build_array(old.certificate, new.certificate) END, 'escort', CASE WHEN new.escort IS DISTINCT FROM old.escort THEN jsonb_build_array(old.escort, new.escort) END, 'person', CASE WHEN new.person IS DISTINCT FROM old.person THEN jsonb_build_array(old.person, new.person) END, 'identity', CASE WHEN new.identity IS DISTINCT FROM old.identity THEN jsonb_build_array(old.identity, new.identity) END, 'holder', CASE WHEN new.holder IS DISTINCT FROM old.holder THEN jsonb_build_array(old.holder, new.holder) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_use_inform_tenant(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_informed text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_use;
	new lodge.key_use;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_use.inform_tenant', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_informed IS NOT NULL OR 'informed' = ANY (a_given) THEN 'informed' END]::text[], NULL);
	r.field := CASE
		WHEN a_informed IS NOT NULL AND (is_text(a_informed, 2, 80, false)) IS NOT TRUE THEN 'informed' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_use t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_use', a_id, NULL, 'inform_tenant', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'inform_tenant', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'inform_tenant', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['out','at_desk','returned']) THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'inform_tenant', 'refused', 'EKEY-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'informed' = ANY (who.given) THEN
		new.informed := a_informed;
	END IF;
	who.args := jsonb_build_object();
	new := derive_key_use_informed(new, who);
	IF guard_key_use_to_inform(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', a_id, new.area, 'inform_tenant', 'refused', 'EKEY-03', 'key_use_to_inform', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE key_use SET version = new.version, state = new.state, key_set = new.key_set, class = new.class, unit = new.unit, reason = new.reason, detail = new.detail, consent_by = new.consent_by, consent_at = new.consent_at, consent_how = new.consent_how, certificate = new.certificate, escort = new.escort, person = new.person, identity = new.identity, holder = new.holder, out_at = new.out_at, given_by = new.given_by, due = new.due, informed = new.informed, tenant_informed_at = new.tenant_informed_at, informed_by = new.informed_by, in_at = new.in_at, received_by = new.received_by, door_locked = new.door_locked, seal_no = new.seal_no, resealed_at = new.resealed_at, resealed_by = new.resealed_by, resealed_with = new.resealed_with, reseal_due = new.reseal_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_use', new.id, NULL, new.version, new.state, new.area, 'inform_tenant', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('informed', CASE WHEN new.informed IS DISTINCT FROM old.informed THEN jsonb_build_array(old.informed, new.informed) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_use_bring_back(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_door_locked boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_use;
	new lodge.key_use;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_use.bring_back', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_door_locked IS NOT NULL OR 'door_locked' = ANY (a_given) THEN 'door_locked' END]::text[], NULL);
	r.field := CASE
		WHEN a_door_locked IS NOT NULL AND (true) IS NOT TRUE THEN 'door_locked' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_use t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_use', a_id, NULL, 'bring_back', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'bring_back', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'bring_back', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['out']) THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'bring_back', 'refused', 'EKEY-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'door_locked' = ANY (who.given) THEN
		new.door_locked := a_door_locked;
	END IF;
	who.args := jsonb_build_object();
	new := derive_key_use_back(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE key_use SET version = new.version, state = new.state, key_set = new.key_set, class = new.class, unit = new.unit, reason = new.reason, detail = new.detail, consent_by = new.consent_by, consent_at = new.consent_at, consent_how = new.consent_how, certificate = new.certificate, escort = new.escort, person = new.person, identity = new.identity, holder = new.holder, out_at = new.out_at, given_by = new.given_by, due = new.due, informed = new.informed, tenant_informed_at = new.tenant_informed_at, informed_by = new.informed_by, in_at = new.in_at, received_by = new.received_by, door_locked = new.door_locked, seal_no = new.seal_no, resealed_at = new.resealed_at, resealed_by = new.resealed_by, resealed_with = new.resealed_with, reseal_due = new.reseal_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('key_use', new.id, 'key_back', who.at);
	RETURN done(who, 'key_use', new.id, NULL, new.version, new.state, new.area, 'bring_back', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('door_locked', CASE WHEN new.door_locked IS DISTINCT FROM old.door_locked THEN jsonb_build_array(old.door_locked, new.door_locked) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_use_reseal(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_with text, a_seal_no text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_use;
	new lodge.key_use;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_use.reseal', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_with IS NOT NULL OR 'with' = ANY (a_given) THEN 'with' END, CASE WHEN a_seal_no IS NOT NULL OR 'seal_no' = ANY (a_given) THEN 'seal_no' END]::text[], NULL);
	r.field := CASE
		WHEN a_with IS NOT NULL AND (is_text(a_with, 2, 80, false)) IS NOT TRUE THEN 'with'
		WHEN a_seal_no IS NOT NULL AND (is_text(a_seal_no, 1, 30, false)) IS NOT TRUE THEN 'seal_no' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_use t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_use', a_id, NULL, 'reseal', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'reseal', 'forbidden', NULL, 'role', NULL, ARRAY['FD','TSO','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'reseal', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['at_desk']) THEN
		RETURN refused(who, 'key_use', a_id, old.area, 'reseal', 'refused', 'EKEY-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'seal_no' = ANY (who.given) THEN
		new.seal_no := a_seal_no;
	END IF;
	who.args := jsonb_build_object('with', a_with);
	new.state := 'resealed';
	new := derive_key_use_resealed(new, who);
	IF guard_key_use_informed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', a_id, new.area, 'reseal', 'refused', 'EKEY-03', 'key_use_informed', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_key_use_sealed_by_two(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_use', a_id, new.area, 'reseal', 'refused', 'EKEY-01', 'key_use_sealed_by_two', 'with', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE key_use SET version = new.version, state = new.state, key_set = new.key_set, class = new.class, unit = new.unit, reason = new.reason, detail = new.detail, consent_by = new.consent_by, consent_at = new.consent_at, consent_how = new.consent_how, certificate = new.certificate, escort = new.escort, person = new.person, identity = new.identity, holder = new.holder, out_at = new.out_at, given_by = new.given_by, due = new.due, informed = new.informed, tenant_informed_at = new.tenant_informed_at, informed_by = new.informed_by, in_at = new.in_at, received_by = new.received_by, door_locked = new.door_locked, seal_no = new.seal_no, resealed_at = new.resealed_at, resealed_by = new.resealed_by, resealed_with = new.resealed_with, reseal_due = new.reseal_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('key_use', new.id, 'key_reseal', who.at);
	PERFORM effect_key_use_resealed(new, who);
	RETURN done(who, 'key_use', new.id, NULL, new.version, new.state, new.area, 'reseal', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('with', CASE WHEN a_with IS NOT NULL THEN jsonb_build_array(NULL, a_with) END, 'seal_no', CASE WHEN new.seal_no IS DISTINCT FROM old.seal_no THEN jsonb_build_array(old.seal_no, new.seal_no) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_key_use(a_op text, old lodge.key_use, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.key_use := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','TSO','CM','EM','NM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'inform_tenant' THEN
		IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['out','at_desk','returned']) THEN
			RETURN 'state';
		END IF;
		new := derive_key_use_informed(new, who);
		IF guard_key_use_to_inform(new, who) IS NOT TRUE THEN
			RETURN 'key_use_to_inform';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'bring_back' THEN
		IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['out']) THEN
			RETURN 'state';
		END IF;
		new := derive_key_use_back(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'reseal' THEN
		IF NOT who.acts_as && ARRAY['FD','TSO','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['at_desk']) THEN
			RETURN 'state';
		END IF;
		new.state := 'resealed';
		new := derive_key_use_resealed(new, who);
		IF guard_key_use_informed(new, who) IS NOT TRUE THEN
			RETURN 'key_use_informed';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_key_use(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.key_use;
BEGIN
	SELECT x.* INTO t FROM key_use x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_key_use(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_key_use(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_key_use(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.key_use FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "key_set", "class", "unit", "reason", "detail", "consent_by", "consent_at", "consent_how", "certificate", "escort", "person", "identity", "holder", "out_at", "given_by", "due", "informed", "tenant_informed_at", "informed_by", "in_at", "received_by", "door_locked", "seal_no", "resealed_at", "resealed_by", "resealed_with", "reseal_due") ON lodge.key_use TO lodge_name;
GRANT SELECT (id, version, area, state, "key_set", "class", "unit", "reason", "detail", "consent_by", "consent_at", "consent_how", "certificate", "escort", "person", "identity", "holder", "out_at", "given_by", "due", "informed", "tenant_informed_at", "informed_by", "in_at", "received_by", "door_locked", "seal_no", "resealed_at", "resealed_by", "resealed_with", "reseal_due") ON lodge.key_use TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.key_use_take TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_use_inform_tenant TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_use_bring_back TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_use_reseal TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_key_use TO lodge_name, lodge_contact;
