-- journal.sql - the journals of terminals that could not reach the server: the chain, the moment, the mark, the exceptions.
-- Not for: judging an operation; op.BOOK_OP_recorded calls the ordinary one (server/admin/compile_recorded.c). Trap: the chain
-- moves on with every record that is whole, also when the rules refuse it; only a chain that does not hold stops it.

CREATE OR REPLACE FUNCTION lodge.journal_last(a_terminal text) RETURNS lodge.journal LANGUAGE plpgsql STABLE AS $$
DECLARE
	last lodge.journal;
BEGIN
	SELECT * INTO last FROM journal j WHERE j.terminal = a_terminal ORDER BY j.counter DESC LIMIT 1;
	IF NOT FOUND THEN
		last.terminal := a_terminal; last.counter := 0; last.tag := repeat('0', 64);
	END IF;
	RETURN last;
END $$;

-- Where the terminal's next record must begin, for how many hours a record holds, and what time it is: terminals' clocks are set by anybody.
CREATE FUNCTION op.journal_end(a_token bytea) RETURNS TABLE (counter bigint, tag text, hours integer, at text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session := live_session(a_token);
	last journal;
BEGIN
	IF s.id IS NOT NULL AND NOT s.locked THEN
		last := journal_last(s.terminal);
		RETURN QUERY SELECT last.counter, last.tag, policy_value('gate.offline_hours', '72')::integer,
			to_char(lodge_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
	END IF;
END $$;

-- The first receipt of an operation that was done already, by whomever: a record may have reached the server before the link broke.
CREATE OR REPLACE FUNCTION lodge.journal_again(a_op_id uuid, a_op text, a_digest bytea) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
	kept lodge.op_receipt;
BEGIN
	UPDATE op_receipt SET replays = replays + 1 WHERE op_id = a_op_id AND op = a_op AND digest = a_digest RETURNING * INTO kept;
	IF FOUND THEN
		r.result := 'ok'; r.id := kept.record; r.no := kept.no; r.version := kept.version; r.state := kept.state; r.seq := kept.seq; r.at := kept.at;
	END IF;
	RETURN r;
END $$;

-- A record that was taken before is answered as it was then, whatever has become of it since.
CREATE OR REPLACE FUNCTION lodge.journal_seen(a_terminal text, a_counter bigint) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
	g lodge.gate_record;
	j lodge.journal;
	kept lodge.op_receipt;
BEGIN
	UPDATE journal SET replays = replays + 1 WHERE terminal = a_terminal AND counter = a_counter RETURNING * INTO j;
	SELECT * INTO g FROM gate_record x WHERE x.terminal = a_terminal AND x.counter = a_counter;
	IF g.outcome = 'taken' THEN
		UPDATE op_receipt SET replays = replays + 1 WHERE op_id = j.op_id RETURNING * INTO kept;
		r.no := kept.no; r.version := kept.version; r.state := kept.state; r.seq := kept.seq; r.at := kept.at;
	ELSE
		r.at := g.recorded_at;
	END IF;
	r.result := g.result; r.rule := g.rule; r.guard := j.guard; r.id := g.record; r.events := ARRAY[g.id];
	RETURN r;
END $$;

-- Before a recorded operation. result: the answer, nothing is done. guard without result: an exception from the start.
-- Otherwise the operation runs at the moment it was recorded, until journal_record.
CREATE OR REPLACE FUNCTION lodge.journal_take(who lodge.actor, a_counter bigint, a_before text, a_tag text, a_at timestamptz, a_by text, a_op_id uuid, a_digest bytea)
	RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
	last lodge.journal;
	hours integer := policy_value('gate.offline_hours', '72')::integer;
BEGIN
	last := journal_last(who.terminal);
	IF EXISTS (SELECT 1 FROM journal j WHERE j.terminal = who.terminal AND j.counter = a_counter AND j.tag = a_tag) THEN
		RETURN journal_seen(who.terminal, a_counter);
	ELSIF a_counter IS DISTINCT FROM last.counter + 1 OR a_before IS DISTINCT FROM last.tag OR a_tag IS NULL OR a_tag !~ '^[0-9a-f]{64}$' THEN
		RETURN refused(who, 'gate_record', NULL, NULL, 'replay', 'refused', NULL, 'journal_chain', NULL, NULL, a_op_id, a_digest);
	ELSIF NOT EXISTS (SELECT 1 FROM staff s WHERE s.work_no = a_by OR s.login = a_by) THEN
		r.guard := 'journal_person';
	ELSIF a_at IS NULL OR a_at > who.at + interval '5 minutes' OR a_at < who.at - make_interval(hours => hours) THEN
		r.guard := 'journal_time';
	ELSE
		DELETE FROM recorded;
		INSERT INTO recorded (at, staff) VALUES (least(a_at, who.at), (SELECT s.id FROM staff s WHERE s.work_no = a_by OR s.login = a_by ORDER BY s.work_no = a_by DESC LIMIT 1));
		PERFORM set_config('lodge.recorded', 'yes', true);
	END IF;
	RETURN r;
END $$;

-- After it: the clock is everybody's again, the chain moves on, and the row that says "recorded offline" is written.
CREATE OR REPLACE FUNCTION lodge.journal_record(a_token bytea, a_counter bigint, a_tag text, a_at timestamptz, a_by text, a_content text, a_written bytea,
	a_book text, a_op text, a_op_id uuid, a_id bigint, done lodge.receipt) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	who lodge.actor := actor_of(a_token);
	r lodge.receipt := done;
	g lodge.gate_record;
	moment timestamptz := clock_timestamp() + clock_shift();
	n bigint;
BEGIN
	IF r.result IN ('ok', 'refused', 'forbidden', 'conflict', 'not_found', 'invalid') THEN
		INSERT INTO gate_record (state, terminal, counter, recorded_at, recorded_by, taken_at, taken_by, book, op, record, content, written, written_op, outcome, result, rule)
			VALUES (CASE r.result WHEN 'ok' THEN 'taken' ELSE 'open' END, who.terminal, a_counter, least(a_at, moment),
				(SELECT s.id FROM staff s WHERE s.work_no = a_by OR s.login = a_by ORDER BY s.work_no = a_by DESC LIMIT 1), moment, who.staff, a_book, a_op,
				coalesce(r.id, nullif(a_id, 0)), a_content, a_written, a_op_id, CASE r.result WHEN 'ok' THEN 'taken' ELSE 'exception' END, r.result, r.rule)
			RETURNING * INTO g;
		INSERT INTO journal (terminal, counter, tag, op_id, guard) VALUES (who.terminal, a_counter, a_tag, a_op_id, r.guard);
		n := write_event(who, 'gate_record', g.id, NULL, 'record', 'ok', NULL, NULL, ARRAY['outcome'], a_op_id, NULL, NULL);
		INSERT INTO op_receipt (op_id, staff, op, digest, record, version, state, seq, at)
			VALUES (gen_random_uuid(), who.staff, 'gate_record.record', '', g.id, g.version, g.state, n, moment);
		r.events := ARRAY[g.id];
	END IF;
	DELETE FROM recorded;
	PERFORM set_config('lodge.recorded', '', true);
	RETURN r;
END $$;

-- A record that no operation can be made of, and one whose tag is not the terminal's: this one stops the chain.
CREATE FUNCTION op.journal_spoiled(a_token bytea, a_op_id uuid, a_digest bytea, a_guard text, a_book text, a_op text, a_counter bigint, a_before text, a_tag text,
	a_at timestamptz, a_by text, a_about uuid, a_content text, a_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	ELSIF a_guard = 'journal_tag' THEN
		RETURN refused(who, 'gate_record', NULL, NULL, 'replay', 'refused', NULL, a_guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r := journal_take(who, a_counter, a_before, a_tag, a_at, a_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	r.result := 'invalid'; r.guard := coalesce(r.guard, a_guard);
	RETURN journal_record(a_token, a_counter, a_tag, a_at, a_by, a_content, a_written, a_book, a_op, a_op_id, NULL, r);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_gate_record_settled(new lodge.gate_record, who lodge.actor) RETURNS lodge.gate_record LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.settled_by := who.staff;
	new.settled_at := who.at;
	RETURN new;
END $$;
