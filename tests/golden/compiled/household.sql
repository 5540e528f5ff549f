CREATE FUNCTION op.household_register(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_kind text, a_display_name text, a_display_name_keys text[], a_opened date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.household;
	new lodge.household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.register', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_display_name IS NOT NULL OR 'display_name' = ANY (a_given) THEN 'display_name' END, CASE WHEN a_opened IS NOT NULL OR 'opened' = ANY (a_given) THEN 'opened' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_display_name IS NULL THEN
		r.result := 'invalid'; r.field := 'display_name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['owner','tenant_person','tenant_org','student'])) IS NOT TRUE THEN 'kind'
		WHEN a_display_name IS NOT NULL AND (is_text(a_display_name, 1, 80, false)) IS NOT TRUE THEN 'display_name'
		WHEN a_opened IS NOT NULL AND (isfinite(a_opened)) IS NOT TRUE THEN 'opened' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
		RETURN refused(who, 'household', NULL, NULL, 'register', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'household', NULL, NULL, 'register', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.kind := a_kind;
	new.display_name := a_display_name;
	new.opened := a_opened;
	who.args := jsonb_build_object();
	new := derive_household_registered(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'household', NULL, NULL, 'register', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.household', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO household VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF 'display_name' = ANY (who.given) THEN
		PERFORM search_write(new.area, 'household', new.id, new.display_name, a_display_name_keys);
	END IF;
	RETURN done(who, 'household', new.id, NULL, new.version, NULL, new.area, 'register', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'display_name', CASE WHEN new.display_name IS DISTINCT FROM old.display_name THEN jsonb_build_array(old.display_name, new.display_name) END, 'opened', CASE WHEN new.opened IS DISTINCT FROM old.opened THEN jsonb_build_array(old.opened, new.opened) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.household_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_display_name text, a_display_name_keys text[], a_opened date) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.household;
	new lodge.household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_display_name IS NOT NULL OR 'display_name' = ANY (a_given) THEN 'display_name' END, CASE WHEN a_opened IS NOT NULL OR 'opened' = ANY (a_given) THEN 'opened' END]::text[], NULL);
	IF a_kind IS NULL AND 'kind' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_display_name IS NULL AND 'display_name' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'display_name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['owner','tenant_person','tenant_org','student'])) IS NOT TRUE THEN 'kind'
		WHEN a_display_name IS NOT NULL AND (is_text(a_display_name, 1, 80, false)) IS NOT TRUE THEN 'display_name'
		WHEN a_opened IS NOT NULL AND (isfinite(a_opened)) IS NOT TRUE THEN 'opened' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'household', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'household', a_id, old.area, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'household', a_id, old.area, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'display_name' = ANY (who.given) THEN
		new.display_name := a_display_name;
	END IF;
	IF 'opened' = ANY (who.given) THEN
		new.opened := a_opened;
	END IF;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE household SET version = new.version, unit = new.unit, kind = new.kind, display_name = new.display_name, important = new.important, opened = new.opened, closed = new.closed WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	IF 'display_name' = ANY (who.given) THEN
		PERFORM search_write(new.area, 'household', new.id, new.display_name, a_display_name_keys);
	END IF;
	RETURN done(who, 'household', new.id, NULL, new.version, NULL, new.area, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'display_name', CASE WHEN new.display_name IS DISTINCT FROM old.display_name THEN jsonb_build_array(old.display_name, new.display_name) END, 'opened', CASE WHEN new.opened IS DISTINCT FROM old.opened THEN jsonb_build_array(old.opened, new.opened) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.household_note_facts(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_facts bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.household;
	new lodge.household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.note_facts', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_facts IS NOT NULL OR 'facts' = ANY (a_given) THEN 'facts' END]::text[], NULL);
	IF a_facts IS NULL THEN
		r.result := 'invalid'; r.field := 'facts'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_facts IS NOT NULL AND (octet_length(a_facts) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'facts' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'household', a_id, NULL, 'note_facts', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'household', a_id, old.area, 'note_facts', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'household', a_id, old.area, 'note_facts', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE household SET version = new.version, unit = new.unit, kind = new.kind, display_name = new.display_name, important = new.important, opened = new.opened, closed = new.closed WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO household_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'facts' = ANY (who.given) THEN
		UPDATE household_sealed SET facts = a_facts, facts_op = a_op_id WHERE id = new.id;
	END IF;
	RETURN done(who, 'household', new.id, NULL, new.version, NULL, new.area, 'note_facts', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.household_mark_important(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_important boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.household;
	new lodge.household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.mark_important', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_important IS NOT NULL OR 'important' = ANY (a_given) THEN 'important' END]::text[], NULL);
	IF a_important IS NULL THEN
		r.result := 'invalid'; r.field := 'important'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_important IS NOT NULL AND (true) IS NOT TRUE THEN 'important' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'household', a_id, NULL, 'mark_important', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'household', a_id, old.area, 'mark_important', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'household', a_id, old.area, 'mark_important', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'important' = ANY (who.given) THEN
		new.important := a_important;
	END IF;
	who.args := jsonb_build_object();
	IF guard_household_importance_differs(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'household', a_id, new.area, 'mark_important', 'refused', 'CNF-05', 'household_importance_differs', 'important', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE household SET version = new.version, unit = new.unit, kind = new.kind, display_name = new.display_name, important = new.important, opened = new.opened, closed = new.closed WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_household_marked(new, who);
	RETURN done(who, 'household', new.id, NULL, new.version, NULL, new.area, 'mark_important', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.household_leave(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.household;
	new lodge.household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.leave', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'household', a_id, NULL, 'leave', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'household', a_id, old.area, 'leave', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'household', a_id, old.area, 'leave', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_household_left(new, who);
	IF guard_household_is_here(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'household', a_id, new.area, 'leave', 'refused', 'ARC-07', 'household_is_here', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_household_files_in(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'household', a_id, new.area, 'leave', 'refused', 'LOAN-08', 'household_files_in', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE household SET version = new.version, unit = new.unit, kind = new.kind, display_name = new.display_name, important = new.important, opened = new.opened, closed = new.closed WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_household_left(new, who);
	RETURN done(who, 'household', new.id, NULL, new.version, NULL, new.area, 'leave', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_household(a_op text, old lodge.household, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.household := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'note_facts' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'mark_important' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'leave' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		new := derive_household_left(new, who);
		IF guard_household_is_here(new, who) IS NOT TRUE THEN
			RETURN 'household_is_here';
		END IF;
		IF guard_household_files_in(new, who) IS NOT TRUE THEN
			RETURN 'household_files_in';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_household(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.household;
BEGIN
	SELECT x.* INTO t FROM household x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_household(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_household(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_household(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.household_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
	case_of bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'household.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['important','facts']::text[] THEN
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
	IF (SELECT count(*) FROM household t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'household', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY['facts']::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN
		case_of := emergency_opens(who, 'household', a_ids, a_fields);
	END IF;
	IF level_rank(who.opens) < level_rank(needed) AND case_of IS NULL THEN
		RETURN refused(who, 'household', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'household', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := opens_beyond(who, ARRAY['household','person','emergency_contact','sealed_person','vip_profile','resident_note'], 'household', a_ids);
	IF r.guard IS NOT NULL AND case_of IS NULL THEN
		RETURN refused(who, 'household', a_ids[1], NULL, 'open', 'refused', 'CNF-02', r.guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := NULL;
	FOR one IN SELECT t.id, t.area, t.id AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN household t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'household', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.id FROM household t WHERE t.id = ANY (a_ids)));
	IF case_of IS NOT NULL THEN
		PERFORM emergency_opened(who, case_of, seqs);
	END IF;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'household.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_household(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "important" boolean, "facts" bytea, facts_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'important' = ANY (e.fields) THEN t.important END,
		CASE WHEN 'facts' = ANY (e.fields) THEN z.facts END, CASE WHEN 'facts' = ANY (e.fields) THEN z.facts_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN household t ON t.id = e.record LEFT JOIN household_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'household' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ticket_holds(e.seq) AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.household FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "unit", "kind", "display_name", "opened", "closed") ON lodge.household TO lodge_name;
GRANT SELECT (id, version, area, "unit", "kind", "display_name", "important", "opened", "closed") ON lodge.household TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_household TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.household_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.household_register TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.household_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.household_note_facts TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.household_mark_important TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.household_leave TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_household TO lodge_name, lodge_contact;
