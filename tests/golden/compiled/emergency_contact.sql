CREATE FUNCTION op.emergency_contact_add(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_name text, a_phone text, a_relation text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_contact;
	new lodge.emergency_contact;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_contact.add', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_phone IS NOT NULL OR 'phone' = ANY (a_given) THEN 'phone' END, CASE WHEN a_relation IS NOT NULL OR 'relation' = ANY (a_given) THEN 'relation' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_phone IS NULL THEN
		r.result := 'invalid'; r.field := 'phone'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 1, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_phone IS NOT NULL AND (is_text(a_phone, 5, 24, false)) IS NOT TRUE THEN 'phone'
		WHEN a_relation IS NOT NULL AND (is_text(a_relation, 1, 40, false)) IS NOT TRUE THEN 'relation' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
		RETURN refused(who, 'emergency_contact', NULL, NULL, 'add', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'emergency_contact', NULL, NULL, 'add', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.name := a_name;
	new.phone := a_phone;
	new.relation := a_relation;
	who.args := jsonb_build_object();
	new := derive_contact_of_household(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'emergency_contact', NULL, NULL, 'add', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.emergency_contact', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO emergency_contact VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_contact', new.id, NULL, new.version, NULL, new.area, 'add', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_contact_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_name text, a_phone text, a_relation text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_contact;
	new lodge.emergency_contact;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_contact.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_phone IS NOT NULL OR 'phone' = ANY (a_given) THEN 'phone' END, CASE WHEN a_relation IS NOT NULL OR 'relation' = ANY (a_given) THEN 'relation' END]::text[], NULL);
	IF a_name IS NULL AND 'name' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_phone IS NULL AND 'phone' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'phone'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_name IS NOT NULL AND (is_text(a_name, 1, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_phone IS NOT NULL AND (is_text(a_phone, 5, 24, false)) IS NOT TRUE THEN 'phone'
		WHEN a_relation IS NOT NULL AND (is_text(a_relation, 1, 40, false)) IS NOT TRUE THEN 'relation' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM emergency_contact t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','NM']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM']::text[] OR (t.unit IN (SELECT z.unit FROM lodge.emergency_units() z))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency_contact', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'emergency_contact', a_id, old.area, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency_contact', a_id, old.area, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'name' = ANY (who.given) THEN
		new.name := a_name;
	END IF;
	IF 'phone' = ANY (who.given) THEN
		new.phone := a_phone;
	END IF;
	IF 'relation' = ANY (who.given) THEN
		new.relation := a_relation;
	END IF;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency_contact SET version = new.version, household = new.household, unit = new.unit, name = new.name, phone = new.phone, relation = new.relation, ended = new.ended WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_contact', new.id, NULL, new.version, NULL, new.area, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.emergency_contact_end(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.emergency_contact;
	new lodge.emergency_contact;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'emergency_contact.end', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM emergency_contact t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','NM']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM']::text[] OR (t.unit IN (SELECT z.unit FROM lodge.emergency_units() z))))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'emergency_contact', a_id, NULL, 'end', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'emergency_contact', a_id, old.area, 'end', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'emergency_contact', a_id, old.area, 'end', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_contact_ends(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE emergency_contact SET version = new.version, household = new.household, unit = new.unit, name = new.name, phone = new.phone, relation = new.relation, ended = new.ended WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'emergency_contact', new.id, NULL, new.version, NULL, new.area, 'end', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_emergency_contact(a_op text, old lodge.emergency_contact, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.emergency_contact := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','EM','NM']::text[] AND old.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM']::text[] OR (t.unit IN (SELECT z.unit FROM lodge.emergency_units() z))))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'end' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		new := derive_contact_ends(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_emergency_contact(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.emergency_contact;
BEGIN
	SELECT x.* INTO t FROM emergency_contact x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_emergency_contact(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_emergency_contact(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_emergency_contact(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.emergency_contact_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'emergency_contact.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['name','phone','relation']::text[] THEN
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
	IF (SELECT count(*) FROM emergency_contact t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','NM']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM']::text[] OR (t.unit IN (SELECT z.unit FROM lodge.emergency_units() z)))))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'emergency_contact', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY['name','phone','relation']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN
		case_of := emergency_opens(who, 'emergency_contact', a_ids, a_fields);
	END IF;
	IF level_rank(who.opens) < level_rank(needed) AND case_of IS NULL THEN
		RETURN refused(who, 'emergency_contact', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'emergency_contact', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := opens_beyond(who, ARRAY['household','person','emergency_contact','sealed_person','vip_profile','resident_note'], 'emergency_contact', a_ids);
	IF r.guard IS NOT NULL AND case_of IS NULL THEN
		RETURN refused(who, 'emergency_contact', a_ids[1], NULL, 'open', 'refused', 'CNF-02', r.guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := NULL;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN emergency_contact t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'emergency_contact', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM emergency_contact t WHERE t.id = ANY (a_ids)));
	IF case_of IS NOT NULL THEN
		PERFORM emergency_opened(who, case_of, seqs);
	END IF;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'emergency_contact.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_emergency_contact(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "name" text, "phone" text, "relation" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'name' = ANY (e.fields) THEN t.name END,
		CASE WHEN 'phone' = ANY (e.fields) THEN t.phone END,
		CASE WHEN 'relation' = ANY (e.fields) THEN t.relation END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN emergency_contact t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'emergency_contact' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ticket_holds(e.seq) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM','NM']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM']::text[] OR (t.unit IN (SELECT z.unit FROM lodge.emergency_units() z)))))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.emergency_contact FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "household", "unit", "ended") ON lodge.emergency_contact TO lodge_name;
GRANT SELECT (id, version, area, "household", "unit", "ended") ON lodge.emergency_contact TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_emergency_contact TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.emergency_contact_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_contact_add TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_contact_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.emergency_contact_end TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_emergency_contact TO lodge_name, lodge_contact;
