-- draft.sql - drafts of forms: kept, told, dropped through the pen, without an event: nothing happened yet.
-- Not for: what is in them; bodies arrive sealed. Trap: whose they are comes from the token and from
-- nothing else, so that nobody reads or removes another person's.

-- A week, and sixteen a person: the oldest gives way.
CREATE FUNCTION op.draft_keep(a_token bytea, a_form text, a_record bigint, a_body bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session := live_session(a_token);
	moment timestamptz := lodge_now();
BEGIN
	IF s.id IS NULL OR s.locked THEN
		RETURN 'locked';
	END IF;
	DELETE FROM draft WHERE at < moment - interval '7 days';
	INSERT INTO draft AS d (staff, form, record, body, at) VALUES (s.staff, a_form, a_record, a_body, moment)
		ON CONFLICT (staff, form, record) DO UPDATE SET body = excluded.body, at = excluded.at;
	DELETE FROM draft d WHERE d.staff = s.staff AND (d.form, d.record) IN
		(SELECT o.form, o.record FROM draft o WHERE o.staff = s.staff ORDER BY o.at DESC, o.form, o.record OFFSET 16);
	RETURN 'ok';
END $$;

-- The staff number is part of what a body is sealed to.
CREATE FUNCTION op.draft_list(a_token bytea) RETURNS TABLE (form text, record bigint, body bytea, at text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s session := live_session(a_token);
BEGIN
	IF s.id IS NOT NULL AND NOT s.locked THEN
		RETURN QUERY SELECT d.form, d.record, d.body, to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
			FROM draft d WHERE d.staff = s.staff AND d.at >= lodge_now() - interval '7 days' ORDER BY d.at DESC, d.form, d.record LIMIT 16;
	END IF;
END $$;

CREATE FUNCTION op.draft_drop(a_token bytea, a_form text, a_record bigint) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session := live_session(a_token);
BEGIN
	IF s.id IS NULL OR s.locked THEN
		RETURN 'locked';
	END IF;
	DELETE FROM draft d WHERE d.staff = s.staff AND d.form = a_form AND d.record = a_record;
	RETURN 'ok';
END $$;

-- Runs behind the operation in its transaction: what was refused leaves no receipt and keeps its draft.
CREATE FUNCTION op.draft_used(a_token bytea, a_form text, a_record bigint, a_op_id uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	DELETE FROM draft d USING session_token t JOIN session s ON s.id = t.session WHERE t.token_hash = sha256(a_token)
		AND d.staff = s.staff AND d.form = a_form AND d.record = a_record
		AND EXISTS (SELECT 1 FROM op_receipt r WHERE r.op_id = a_op_id AND r.staff = s.staff);
	RETURN 'ok';
END $$;
