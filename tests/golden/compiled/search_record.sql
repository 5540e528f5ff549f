CREATE FUNCTION op.search_record_record(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_searched text, a_searcher text, a_suspicion bytea, a_purpose text, a_room text, a_started timestamptz, a_ended timestamptz, a_witness text, a_findings bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.search_record;
	new lodge.search_record;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'search_record.record', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_searched IS NOT NULL OR 'searched' = ANY (a_given) THEN 'searched' END, CASE WHEN a_searcher IS NOT NULL OR 'searcher' = ANY (a_given) THEN 'searcher' END, CASE WHEN a_suspicion IS NOT NULL OR 'suspicion' = ANY (a_given) THEN 'suspicion' END, CASE WHEN a_purpose IS NOT NULL OR 'purpose' = ANY (a_given) THEN 'purpose' END, CASE WHEN a_room IS NOT NULL OR 'room' = ANY (a_given) THEN 'room' END, CASE WHEN a_started IS NOT NULL OR 'started' = ANY (a_given) THEN 'started' END, CASE WHEN a_ended IS NOT NULL OR 'ended' = ANY (a_given) THEN 'ended' END, CASE WHEN a_witness IS NOT NULL OR 'witness' = ANY (a_given) THEN 'witness' END, CASE WHEN a_findings IS NOT NULL OR 'findings' = ANY (a_given) THEN 'findings' END]::text[], NULL);
	IF a_searched IS NULL THEN
		r.result := 'invalid'; r.field := 'searched'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_suspicion IS NULL THEN
		r.result := 'invalid'; r.field := 'suspicion'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_purpose IS NULL THEN
		r.result := 'invalid'; r.field := 'purpose'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_room IS NULL THEN
		r.result := 'invalid'; r.field := 'room'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_witness IS NULL THEN
		r.result := 'invalid'; r.field := 'witness'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_searched IS NOT NULL AND (char_length(a_searched) <= 64) IS NOT TRUE THEN 'searched'
		WHEN a_searcher IS NOT NULL AND (char_length(a_searcher) <= 64) IS NOT TRUE THEN 'searcher'
		WHEN a_suspicion IS NOT NULL AND (octet_length(a_suspicion) BETWEEN 43 AND 2042) IS NOT TRUE THEN 'suspicion'
		WHEN a_purpose IS NOT NULL AND (a_purpose = ANY (ARRAY['weapons','explosives','inflammables','fire_rules','theft','property'])) IS NOT TRUE THEN 'purpose'
		WHEN a_room IS NOT NULL AND (is_text(a_room, 2, 60, false)) IS NOT TRUE THEN 'room'
		WHEN a_started IS NOT NULL AND (isfinite(a_started)) IS NOT TRUE THEN 'started'
		WHEN a_ended IS NOT NULL AND (isfinite(a_ended)) IS NOT TRUE THEN 'ended'
		WHEN a_witness IS NOT NULL AND (char_length(a_witness) <= 64) IS NOT TRUE THEN 'witness'
		WHEN a_findings IS NOT NULL AND (octet_length(a_findings) BETWEEN 43 AND 4042) IS NOT TRUE THEN 'findings' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['SG','SL','SS']::text[] THEN
		RETURN refused(who, 'search_record', NULL, NULL, 'record', 'forbidden', NULL, 'role', NULL, ARRAY['SG','SL','SS']::text[], a_op_id, a_digest);
	END IF;
	IF a_searched IS NULL THEN
		new.searched := NULL;
	ELSE
		SELECT t.id INTO new.searched FROM staff t WHERE (t.id = CASE WHEN a_searched ~ '^[0-9]{1,18}$' THEN a_searched::bigint END OR t.work_no = a_searched OR t.login = a_searched) ORDER BY (t.work_no = a_searched) DESC LIMIT 1;
		IF new.searched IS NULL THEN
			RETURN refused(who, 'search_record', NULL, NULL, 'record', 'not_found', NULL, 'reference', 'searched', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	IF a_searcher IS NULL THEN
		new.searcher := NULL;
	ELSE
		SELECT t.id INTO new.searcher FROM staff t WHERE (t.id = CASE WHEN a_searcher ~ '^[0-9]{1,18}$' THEN a_searcher::bigint END OR t.work_no = a_searcher OR t.login = a_searcher) ORDER BY (t.work_no = a_searcher) DESC LIMIT 1;
		IF new.searcher IS NULL THEN
			RETURN refused(who, 'search_record', NULL, NULL, 'record', 'not_found', NULL, 'reference', 'searcher', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.purpose := a_purpose;
	new.room := a_room;
	new.started := a_started;
	new.ended := a_ended;
	IF a_witness IS NULL THEN
		new.witness := NULL;
	ELSE
		SELECT t.id INTO new.witness FROM staff t WHERE (t.id = CASE WHEN a_witness ~ '^[0-9]{1,18}$' THEN a_witness::bigint END OR t.work_no = a_witness OR t.login = a_witness) ORDER BY (t.work_no = a_witness) DESC LIMIT 1;
		IF new.witness IS NULL THEN
			RETURN refused(who, 'search_record', NULL, NULL, 'record', 'not_found', NULL, 'reference', 'witness', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_search_recorded(new, who);
	IF guard_search_three_people(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'search_record', NULL, NULL, 'record', 'refused', 'STF-09', 'search_three_people', 'witness', NULL, a_op_id, a_digest);
	END IF;
	IF guard_search_same_sex(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'search_record', NULL, NULL, 'record', 'refused', 'STF-09', 'search_same_sex', 'searcher', NULL, a_op_id, a_digest);
	END IF;
	IF guard_search_times_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'search_record', NULL, NULL, 'record', 'refused', 'STF-09', 'search_times_in_order', 'ended', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.search_record', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO search_record VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO search_record_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'suspicion' = ANY (who.given) THEN
		UPDATE search_record_sealed SET suspicion = a_suspicion, suspicion_op = a_op_id WHERE id = new.id;
	END IF;
	IF 'findings' = ANY (who.given) THEN
		UPDATE search_record_sealed SET findings = a_findings, findings_op = a_op_id WHERE id = new.id;
	END IF;
	RETURN done(who, 'search_record', new.id, NULL, new.version, NULL, NULL, 'record', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('searched', CASE WHEN new.searched IS DISTINCT FROM old.searched THEN jsonb_build_array(old.searched, new.searched) END, 'searcher', CASE WHEN new.searcher IS DISTINCT FROM old.searcher THEN jsonb_build_array(old.searcher, new.searcher) END, 'purpose', CASE WHEN new.purpose IS DISTINCT FROM old.purpose THEN jsonb_build_array(old.purpose, new.purpose) END, 'room', CASE WHEN new.room IS DISTINCT FROM old.room THEN jsonb_build_array(old.room, new.room) END, 'started', CASE WHEN new.started IS DISTINCT FROM old.started THEN jsonb_build_array(old.started, new.started) END, 'ended', CASE WHEN new.ended IS DISTINCT FROM old.ended THEN jsonb_build_array(old.ended, new.ended) END, 'witness', CASE WHEN new.witness IS DISTINCT FROM old.witness THEN jsonb_build_array(old.witness, new.witness) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.search_record_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
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
	r := replayed(a_op_id, who, 'search_record.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['suspicion','findings']::text[] THEN
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
	IF (SELECT count(*) FROM search_record t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['EM','GM']::text[]))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'search_record', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY['suspicion','findings']::text[] THEN 'sealed' WHEN a_fields && ARRAY[]::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) THEN
		RETURN refused(who, 'search_record', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'search_record', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	FOR one IN SELECT t.id FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN search_record t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'search_record', one.id, NULL, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf)));
	END LOOP;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'search_record.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_search_record(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "suspicion" bytea, suspicion_op uuid, "findings" bytea, findings_op uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'suspicion' = ANY (e.fields) THEN z.suspicion END, CASE WHEN 'suspicion' = ANY (e.fields) THEN z.suspicion_op END,
		CASE WHEN 'findings' = ANY (e.fields) THEN z.findings END, CASE WHEN 'findings' = ANY (e.fields) THEN z.findings_op END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN search_record t ON t.id = e.record LEFT JOIN search_record_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'search_record' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ((who.acts_as && ARRAY['EM','GM']::text[]))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.search_record FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "searched", "searcher", "purpose", "room", "started", "ended", "witness", "written_by", "written_at") ON lodge.search_record TO lodge_name;
GRANT SELECT (id, version, "searched", "searcher", "purpose", "room", "started", "ended", "witness", "written_by", "written_at") ON lodge.search_record TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_search_record TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.search_record_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.search_record_record TO lodge_writer;
