CREATE FUNCTION op.vip_profile_write(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_birthday date, a_character bytea, a_preferences bytea, a_skills bytea, a_requirements bytea, a_opinions bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.vip_profile;
	new lodge.vip_profile;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'vip_profile.write', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_birthday IS NOT NULL OR 'birthday' = ANY (a_given) THEN 'birthday' END, CASE WHEN a_character IS NOT NULL OR 'character' = ANY (a_given) THEN 'character' END, CASE WHEN a_preferences IS NOT NULL OR 'preferences' = ANY (a_given) THEN 'preferences' END, CASE WHEN a_skills IS NOT NULL OR 'skills' = ANY (a_given) THEN 'skills' END, CASE WHEN a_requirements IS NOT NULL OR 'requirements' = ANY (a_given) THEN 'requirements' END, CASE WHEN a_opinions IS NOT NULL OR 'opinions' = ANY (a_given) THEN 'opinions' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_birthday IS NOT NULL AND (isfinite(a_birthday)) IS NOT TRUE THEN 'birthday'
		WHEN a_character IS NOT NULL AND (octet_length(a_character) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'character'
		WHEN a_preferences IS NOT NULL AND (octet_length(a_preferences) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'preferences'
		WHEN a_skills IS NOT NULL AND (octet_length(a_skills) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'skills'
		WHEN a_requirements IS NOT NULL AND (octet_length(a_requirements) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'requirements'
		WHEN a_opinions IS NOT NULL AND (octet_length(a_opinions) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'opinions' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'vip_profile', NULL, NULL, 'write', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'vip_profile', NULL, NULL, 'write', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'kept';
	new := derive_vip_of_household(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'vip_profile', NULL, NULL, 'write', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_vip_household_important(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'vip_profile', NULL, new.area, 'write', 'refused', 'ARC-20', 'vip_household_important', 'household', NULL, a_op_id, a_digest);
	END IF;
	IF guard_vip_one_profile(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'vip_profile', NULL, new.area, 'write', 'refused', 'ARC-20', 'vip_one_profile', 'household', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.vip_profile', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO vip_profile VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO vip_profile_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'birthday' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET birthday = a_birthday WHERE id = new.id;
	END IF;
	IF 'character' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET character = a_character, character_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'preferences' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET preferences = a_preferences, preferences_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'skills' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET skills = a_skills, skills_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'requirements' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET requirements = a_requirements, requirements_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'opinions' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET opinions = a_opinions, opinions_op = a_op_id WHERE id = new.id;
	END IF;
	PERFORM deadline_open(new.area, 'vip_profile', new.id, 'vip_update', new.update_due);
	RETURN done(who, 'vip_profile', new.id, NULL, new.version, new.state, new.area, 'write', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.vip_profile_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_birthday date, a_character bytea, a_preferences bytea, a_skills bytea, a_requirements bytea, a_opinions bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.vip_profile;
	new lodge.vip_profile;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'vip_profile.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_birthday IS NOT NULL OR 'birthday' = ANY (a_given) THEN 'birthday' END, CASE WHEN a_character IS NOT NULL OR 'character' = ANY (a_given) THEN 'character' END, CASE WHEN a_preferences IS NOT NULL OR 'preferences' = ANY (a_given) THEN 'preferences' END, CASE WHEN a_skills IS NOT NULL OR 'skills' = ANY (a_given) THEN 'skills' END, CASE WHEN a_requirements IS NOT NULL OR 'requirements' = ANY (a_given) THEN 'requirements' END, CASE WHEN a_opinions IS NOT NULL OR 'opinions' = ANY (a_given) THEN 'opinions' END]::text[], NULL);
	r.field := CASE
		WHEN a_birthday IS NOT NULL AND (isfinite(a_birthday)) IS NOT TRUE THEN 'birthday'
		WHEN a_character IS NOT NULL AND (octet_length(a_character) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'character'
		WHEN a_preferences IS NOT NULL AND (octet_length(a_preferences) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'preferences'
		WHEN a_skills IS NOT NULL AND (octet_length(a_skills) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'skills'
		WHEN a_requirements IS NOT NULL AND (octet_length(a_requirements) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'requirements'
		WHEN a_opinions IS NOT NULL AND (octet_length(a_opinions) BETWEEN 43 AND 8042) IS NOT TRUE THEN 'opinions' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM vip_profile t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'vip_profile', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['kept']) THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'amend', 'refused', 'ARC-20', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'kept';
	new := derive_vip_updated(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE vip_profile SET version = new.version, state = new.state, household = new.household, unit = new.unit, updated_at = new.updated_at, update_due = new.update_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO vip_profile_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'birthday' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET birthday = a_birthday WHERE id = new.id;
	END IF;
	IF 'character' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET character = a_character, character_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'preferences' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET preferences = a_preferences, preferences_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'skills' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET skills = a_skills, skills_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'requirements' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET requirements = a_requirements, requirements_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'opinions' = ANY (who.given) THEN
		UPDATE vip_profile_sealed SET opinions = a_opinions, opinions_op = a_op_id WHERE id = new.id;
	END IF;
	PERFORM deadline_close('vip_profile', new.id, 'vip_update', who.at);
	PERFORM deadline_open(new.area, 'vip_profile', new.id, 'vip_update', new.update_due);
	RETURN done(who, 'vip_profile', new.id, NULL, new.version, new.state, new.area, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.vip_profile_confirm(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.vip_profile;
	new lodge.vip_profile;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'vip_profile.confirm', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM vip_profile t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'vip_profile', a_id, NULL, 'confirm', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'confirm', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'confirm', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['kept']) THEN
		RETURN refused(who, 'vip_profile', a_id, old.area, 'confirm', 'refused', 'ARC-20', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'kept';
	new := derive_vip_updated(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE vip_profile SET version = new.version, state = new.state, household = new.household, unit = new.unit, updated_at = new.updated_at, update_due = new.update_due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('vip_profile', new.id, 'vip_update', who.at);
	PERFORM deadline_open(new.area, 'vip_profile', new.id, 'vip_update', new.update_due);
	RETURN done(who, 'vip_profile', new.id, NULL, new.version, new.state, new.area, 'confirm', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_vip_profile(a_op text, old lodge.vip_profile, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.vip_profile := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['kept']) THEN
			RETURN 'state';
		END IF;
		new.state := 'kept';
		new := derive_vip_updated(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'confirm' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['kept']) THEN
			RETURN 'state';
		END IF;
		new.state := 'kept';
		new := derive_vip_updated(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_vip_profile(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.vip_profile;
BEGIN
	SELECT x.* INTO t FROM vip_profile x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_vip_profile(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_vip_profile(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_vip_profile(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.vip_profile_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'vip_profile.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['birthday','character','preferences','skills','requirements','opinions']::text[] THEN
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
	IF (SELECT count(*) FROM vip_profile t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'vip_profile', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY['birthday','character','preferences','skills','requirements','opinions']::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN
		case_of := emergency_opens(who, 'vip_profile', a_ids, a_fields);
	END IF;
	IF level_rank(who.opens) < level_rank(needed) AND case_of IS NULL THEN
		RETURN refused(who, 'vip_profile', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'vip_profile', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := opens_beyond(who, ARRAY['household','person','emergency_contact','sealed_person','vip_profile','resident_note'], 'vip_profile', a_ids);
	IF r.guard IS NOT NULL AND case_of IS NULL THEN
		RETURN refused(who, 'vip_profile', a_ids[1], NULL, 'open', 'refused', 'CNF-02', r.guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := NULL;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN vip_profile t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'vip_profile', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM vip_profile t WHERE t.id = ANY (a_ids)));
	IF case_of IS NOT NULL THEN
		PERFORM emergency_opened(who, case_of, seqs);
	END IF;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'vip_profile.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_vip_profile(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "birthday" date, "character" bytea, character_op uuid, "preferences" bytea, preferences_op uuid, "skills" bytea, skills_op uuid, "requirements" bytea, requirements_op uuid, "opinions" bytea, opinions_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'birthday' = ANY (e.fields) THEN z.birthday END,
		CASE WHEN 'character' = ANY (e.fields) THEN z.character END, CASE WHEN 'character' = ANY (e.fields) THEN z.character_op END,
		CASE WHEN 'preferences' = ANY (e.fields) THEN z.preferences END, CASE WHEN 'preferences' = ANY (e.fields) THEN z.preferences_op END,
		CASE WHEN 'skills' = ANY (e.fields) THEN z.skills END, CASE WHEN 'skills' = ANY (e.fields) THEN z.skills_op END,
		CASE WHEN 'requirements' = ANY (e.fields) THEN z.requirements END, CASE WHEN 'requirements' = ANY (e.fields) THEN z.requirements_op END,
		CASE WHEN 'opinions' = ANY (e.fields) THEN z.opinions END, CASE WHEN 'opinions' = ANY (e.fields) THEN z.opinions_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN vip_profile t ON t.id = e.record LEFT JOIN vip_profile_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'vip_profile' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ticket_holds(e.seq) AND ((who.acts_as && ARRAY['ACU','CSS','CM','EM']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.vip_profile FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "household", "unit", "updated_at", "update_due") ON lodge.vip_profile TO lodge_name;
GRANT SELECT (id, version, area, state, "household", "unit", "updated_at", "update_due") ON lodge.vip_profile TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_vip_profile TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.vip_profile_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.vip_profile_write TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.vip_profile_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.vip_profile_confirm TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_vip_profile TO lodge_name, lodge_contact;
