CREATE FUNCTION op.message_take(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_host text, a_text text, a_from_name text, a_from_contact text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.message;
	new lodge.message;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'message.take', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_host IS NOT NULL OR 'host' = ANY (a_given) THEN 'host' END, CASE WHEN a_text IS NOT NULL OR 'text' = ANY (a_given) THEN 'text' END, CASE WHEN a_from_name IS NOT NULL OR 'from_name' = ANY (a_given) THEN 'from_name' END, CASE WHEN a_from_contact IS NOT NULL OR 'from_contact' = ANY (a_given) THEN 'from_contact' END]::text[], NULL);
	IF a_text IS NULL THEN
		r.result := 'invalid'; r.field := 'text'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_host IS NOT NULL AND (char_length(a_host) <= 64) IS NOT TRUE THEN 'host'
		WHEN a_text IS NOT NULL AND (is_text(a_text, 3, 200, false)) IS NOT TRUE THEN 'text'
		WHEN a_from_name IS NOT NULL AND (is_text(a_from_name, 2, 80, false)) IS NOT TRUE THEN 'from_name'
		WHEN a_from_contact IS NOT NULL AND (is_text(a_from_contact, 3, 24, false)) IS NOT TRUE THEN 'from_contact' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP']::text[] THEN
		RETURN refused(who, 'message', NULL, NULL, 'take', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'message', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_host IS NULL THEN
		new.host := NULL;
	ELSE
		SELECT t.id INTO new.host FROM staff t WHERE (t.id = CASE WHEN a_host ~ '^[0-9]{1,18}$' THEN a_host::bigint END OR t.work_no = a_host OR t.login = a_host) ORDER BY (t.work_no = a_host) DESC LIMIT 1;
		IF new.host IS NULL THEN
			RETURN refused(who, 'message', NULL, NULL, 'take', 'not_found', NULL, 'reference', 'host', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.text := a_text;
	new.from_name := a_from_name;
	new.from_contact := a_from_contact;
	who.args := jsonb_build_object();
	new.state := 'waiting';
	new := derive_message_taken(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'message', NULL, NULL, 'take', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_message_for_somebody(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'message', NULL, new.area, 'take', 'invalid', 'VIS-02', 'message_for_somebody', 'unit', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.message', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO message VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'message', new.id, NULL, new.version, new.state, new.area, 'take', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'host', CASE WHEN new.host IS DISTINCT FROM old.host THEN jsonb_build_array(old.host, new.host) END, 'text', CASE WHEN new.text IS DISTINCT FROM old.text THEN jsonb_build_array(old.text, new.text) END, 'from_name', CASE WHEN new.from_name IS DISTINCT FROM old.from_name THEN jsonb_build_array(old.from_name, new.from_name) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.message_deliver(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.message;
	new lodge.message;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'message.deliver', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 200, false)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM message t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'message', a_id, NULL, 'deliver', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP']::text[] THEN
		RETURN refused(who, 'message', a_id, old.area, 'deliver', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'message', a_id, old.area, 'deliver', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['waiting']) THEN
		RETURN refused(who, 'message', a_id, old.area, 'deliver', 'refused', 'VIS-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'delivered';
	new := derive_message_delivered(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE message SET version = new.version, state = new.state, unit = new.unit, host = new.host, text = new.text, from_name = new.from_name, from_contact = new.from_contact, visitor = new.visitor, taken_by = new.taken_by, taken_at = new.taken_at, delivered_at = new.delivered_at, delivered_by = new.delivered_by, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'message', new.id, NULL, new.version, new.state, new.area, 'deliver', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.host]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_message(a_op text, old lodge.message, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.message := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND old.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[old.host]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'deliver' THEN
		IF NOT who.acts_as && ARRAY['FD','OP']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['waiting']) THEN
			RETURN 'state';
		END IF;
		new.state := 'delivered';
		new := derive_message_delivered(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_message(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.message;
BEGIN
	SELECT x.* INTO t FROM message x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_message(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_message(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_message(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.message_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'message.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['from_contact']::text[] THEN
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
	IF (SELECT count(*) FROM message t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'message', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'message', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'message', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id, t.area FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN message t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'message', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'message.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_message(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "from_contact" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'from_contact' = ANY (e.fields) THEN t.from_contact END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN message t ON t.id = e.record
	WHERE who.staff IS NOT NULL AND e.book = 'message' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['FD','OP','CSS','CM','EM','NM','SG','SL','SS']::text[] AND t.area = ANY (who.areas)) OR who.staff = ANY (array_remove(ARRAY[t.host]::bigint[], NULL)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.message FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "unit", "host", "text", "from_name", "visitor", "taken_by", "taken_at", "delivered_at", "delivered_by", "note") ON lodge.message TO lodge_name;
GRANT SELECT (id, version, area, state, "unit", "host", "text", "from_name", "from_contact", "visitor", "taken_by", "taken_at", "delivered_at", "delivered_by", "note") ON lodge.message TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_message TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.message_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.message_take TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.message_deliver TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_message TO lodge_name, lodge_contact;
