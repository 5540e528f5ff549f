CREATE FUNCTION op.away_notice_give(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_leaves date, a_returns date, a_place text, a_phone text, a_given_by text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.away_notice;
	new lodge.away_notice;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'away_notice.give', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_leaves IS NOT NULL OR 'leaves' = ANY (a_given) THEN 'leaves' END, CASE WHEN a_returns IS NOT NULL OR 'returns' = ANY (a_given) THEN 'returns' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_phone IS NOT NULL OR 'phone' = ANY (a_given) THEN 'phone' END, CASE WHEN a_given_by IS NOT NULL OR 'given_by' = ANY (a_given) THEN 'given_by' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_returns IS NULL THEN
		r.result := 'invalid'; r.field := 'returns'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_leaves IS NOT NULL AND (isfinite(a_leaves)) IS NOT TRUE THEN 'leaves'
		WHEN a_returns IS NOT NULL AND (isfinite(a_returns)) IS NOT TRUE THEN 'returns'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 2, 120, false)) IS NOT TRUE THEN 'place'
		WHEN a_phone IS NOT NULL AND (is_text(a_phone, 3, 24, false)) IS NOT TRUE THEN 'phone'
		WHEN a_given_by IS NOT NULL AND (is_text(a_given_by, 2, 80, false)) IS NOT TRUE THEN 'given_by' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','NM']::text[] THEN
		RETURN refused(who, 'away_notice', NULL, NULL, 'give', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'away_notice', NULL, NULL, 'give', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.leaves := a_leaves;
	new.returns := a_returns;
	new.place := a_place;
	new.phone := a_phone;
	new.given_by := a_given_by;
	who.args := jsonb_build_object();
	new.state := 'in_force';
	new := derive_away_given(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'away_notice', NULL, NULL, 'give', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_away_days_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'away_notice', NULL, new.area, 'give', 'invalid', 'VUL-02', 'away_days_in_order', 'returns', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.away_notice', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO away_notice VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'away_notice', new.id, NULL, new.version, new.state, new.area, 'give', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'leaves', CASE WHEN new.leaves IS DISTINCT FROM old.leaves THEN jsonb_build_array(old.leaves, new.leaves) END, 'returns', CASE WHEN new.returns IS DISTINCT FROM old.returns THEN jsonb_build_array(old.returns, new.returns) END, 'given_by', CASE WHEN new.given_by IS DISTINCT FROM old.given_by THEN jsonb_build_array(old.given_by, new.given_by) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.away_notice_end(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.away_notice;
	new lodge.away_notice;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'away_notice.end', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM away_notice t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'away_notice', a_id, NULL, 'end', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSS','NM']::text[] THEN
		RETURN refused(who, 'away_notice', a_id, old.area, 'end', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSS','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'away_notice', a_id, old.area, 'end', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['in_force']) THEN
		RETURN refused(who, 'away_notice', a_id, old.area, 'end', 'refused', 'VUL-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'ended';
	new.version := old.version + 1;
	BEGIN
	UPDATE away_notice SET version = new.version, state = new.state, unit = new.unit, leaves = new.leaves, returns = new.returns, place = new.place, phone = new.phone, given_by = new.given_by, taken_at = new.taken_at, taken_by = new.taken_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'away_notice', new.id, NULL, new.version, new.state, new.area, 'end', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_away_notice(a_op text, old lodge.away_notice, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.away_notice := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'end' THEN
		IF NOT who.acts_as && ARRAY['FD','OP','CSS','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['in_force']) THEN
			RETURN 'state';
		END IF;
		new.state := 'ended';
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_away_notice(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.away_notice;
BEGIN
	SELECT x.* INTO t FROM away_notice x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_away_notice(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_away_notice(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_away_notice(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.away_notice_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'away_notice.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['place','phone']::text[] THEN
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
	IF (SELECT count(*) FROM away_notice t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'away_notice', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'away_notice', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'away_notice', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN away_notice t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'away_notice', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'away_notice.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_away_notice(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "place" text, "phone" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'place' = ANY (e.fields) THEN t.place END,
		CASE WHEN 'phone' = ANY (e.fields) THEN t.phone END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN away_notice t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'away_notice' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.away_notice FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "unit", "leaves", "returns", "given_by", "taken_at", "taken_by") ON lodge.away_notice TO lodge_name;
GRANT SELECT (id, version, area, state, "unit", "leaves", "returns", "place", "phone", "given_by", "taken_at", "taken_by") ON lodge.away_notice TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_away_notice TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.away_notice_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.away_notice_give TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.away_notice_end TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_away_notice TO lodge_name, lodge_contact;
