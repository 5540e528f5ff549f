CREATE FUNCTION op.key_household_propose(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_category text, a_watch_instruction text, a_facts bytea, a_source bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_household;
	new lodge.key_household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_household.propose', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_category IS NOT NULL OR 'category' = ANY (a_given) THEN 'category' END, CASE WHEN a_watch_instruction IS NOT NULL OR 'watch_instruction' = ANY (a_given) THEN 'watch_instruction' END, CASE WHEN a_facts IS NOT NULL OR 'facts' = ANY (a_given) THEN 'facts' END, CASE WHEN a_source IS NOT NULL OR 'source' = ANY (a_given) THEN 'source' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_category IS NULL THEN
		r.result := 'invalid'; r.field := 'category'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_category IS NOT NULL AND (a_category = ANY (ARRAY['t','b1','b2','b3','v1','v2'])) IS NOT TRUE THEN 'category'
		WHEN a_watch_instruction IS NOT NULL AND (is_text(a_watch_instruction, 3, 200, false)) IS NOT TRUE THEN 'watch_instruction'
		WHEN a_facts IS NOT NULL AND (octet_length(a_facts) BETWEEN 43 AND 4042) IS NOT TRUE THEN 'facts'
		WHEN a_source IS NOT NULL AND (octet_length(a_source) BETWEEN 43 AND 842) IS NOT TRUE THEN 'source' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','ACU','CSS']::text[] THEN
		RETURN refused(who, 'key_household', NULL, NULL, 'propose', 'forbidden', NULL, 'role', NULL, ARRAY['FD','ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'key_household', NULL, NULL, 'propose', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.category := a_category;
	new.watch_instruction := a_watch_instruction;
	who.args := jsonb_build_object();
	new.state := 'proposed';
	new := derive_watch_proposed(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'key_household', NULL, NULL, 'propose', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_watch_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'key_household', NULL, new.area, 'propose', 'refused', 'KEYH-01', 'watch_once', 'category', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.key_household', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO key_household VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO key_household_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'facts' = ANY (who.given) THEN
		UPDATE key_household_sealed SET facts = a_facts, facts_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'source' = ANY (who.given) THEN
		UPDATE key_household_sealed SET source = a_source, source_op = a_op_id WHERE id = new.id;
	END IF;
	RETURN done(who, 'key_household', new.id, NULL, new.version, new.state, new.area, 'propose', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'category', CASE WHEN new.category IS DISTINCT FROM old.category THEN jsonb_build_array(old.category, new.category) END, 'watch_instruction', CASE WHEN new.watch_instruction IS DISTINCT FROM old.watch_instruction THEN jsonb_build_array(old.watch_instruction, new.watch_instruction) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_household_confirm(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_watch_instruction text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_household;
	new lodge.key_household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_household.confirm', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_watch_instruction IS NOT NULL OR 'watch_instruction' = ANY (a_given) THEN 'watch_instruction' END]::text[], NULL);
	r.field := CASE
		WHEN a_watch_instruction IS NOT NULL AND (is_text(a_watch_instruction, 3, 200, false)) IS NOT TRUE THEN 'watch_instruction' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM key_household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] OR (t.state = 'listed')))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_household', a_id, NULL, 'confirm', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'confirm', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'confirm', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['proposed']) THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'confirm', 'refused', 'KEYH-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'watch_instruction' = ANY (who.given) THEN
		new.watch_instruction := a_watch_instruction;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'listed';
	new := derive_watch_confirmed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE key_household SET version = new.version, state = new.state, household = new.household, unit = new.unit, category = new.category, watch_instruction = new.watch_instruction, since = new.since, until = new.until, proposed_by = new.proposed_by, confirmed_by = new.confirmed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_household', new.id, NULL, new.version, new.state, new.area, 'confirm', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('watch_instruction', CASE WHEN new.watch_instruction IS DISTINCT FROM old.watch_instruction THEN jsonb_build_array(old.watch_instruction, new.watch_instruction) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.key_household_remove(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.key_household;
	new lodge.key_household;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'key_household.remove', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM key_household t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] OR (t.state = 'listed')))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'key_household', a_id, NULL, 'remove', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'remove', 'forbidden', NULL, 'role', NULL, ARRAY['CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'remove', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['proposed','listed']) THEN
		RETURN refused(who, 'key_household', a_id, old.area, 'remove', 'refused', 'KEYH-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'removed';
	new := derive_watch_removed(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE key_household SET version = new.version, state = new.state, household = new.household, unit = new.unit, category = new.category, watch_instruction = new.watch_instruction, since = new.since, until = new.until, proposed_by = new.proposed_by, confirmed_by = new.confirmed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'key_household', new.id, NULL, new.version, new.state, new.area, 'remove', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_key_household(a_op text, old lodge.key_household, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.key_household := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND old.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] OR (t.state = 'listed')))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'confirm' THEN
		IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['proposed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'listed';
		new := derive_watch_confirmed(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'remove' THEN
		IF NOT who.acts_as && ARRAY['CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['proposed','listed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'removed';
		new := derive_watch_removed(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_key_household(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.key_household;
BEGIN
	SELECT x.* INTO t FROM key_household x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_key_household(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_key_household(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_key_household(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.key_household_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'key_household.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['facts','source']::text[] THEN
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
	IF (SELECT count(*) FROM key_household t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] OR (t.state = 'listed'))))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'key_household', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY['facts','source']::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'key_household', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'key_household', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN key_household t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'key_household', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM key_household t WHERE t.id = ANY (a_ids)));
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'key_household.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_key_household(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "facts" bytea, facts_op uuid, "source" bytea, source_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'facts' = ANY (e.fields) THEN z.facts END, CASE WHEN 'facts' = ANY (e.fields) THEN z.facts_op END,
		CASE WHEN 'source' = ANY (e.fields) THEN z.source END, CASE WHEN 'source' = ANY (e.fields) THEN z.source_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN key_household t ON t.id = e.record LEFT JOIN key_household_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'key_household' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLS']::text[] AND t.area = ANY (who.areas) AND (NOT who.acts_as && ARRAY['NM','SG','SL','SS','ET','EL','ES','CLS']::text[] OR (t.state = 'listed'))))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.key_household FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "household", "unit", "category", "watch_instruction", "since", "until", "proposed_by", "confirmed_by") ON lodge.key_household TO lodge_name;
GRANT SELECT (id, version, area, state, "household", "unit", "category", "watch_instruction", "since", "until", "proposed_by", "confirmed_by") ON lodge.key_household TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_key_household TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.key_household_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_household_propose TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_household_confirm TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.key_household_remove TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_key_household TO lodge_name, lodge_contact;
