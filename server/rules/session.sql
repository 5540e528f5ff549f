-- session.sql - signing in, locking, changing role, look-ups and the feed.
-- Passwords are compared inside PostgreSQL (the server only ever derives K from what was typed), so a
-- hijacked server cannot open a session for somebody who does not sign in. Called through the pen.

CREATE TYPE op.opened AS (result text, retry_after integer, session bigint, staff bigint, work_no text, login text, name text, role text,
	roles text[], areas integer[], heads bigint[], level text, level_night text, timezone text, acts_night text);

CREATE FUNCTION op.session_salt(a_staff text, OUT salt bytea, OUT params text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
	SELECT coalesce(k.salt, substring(sha256(f.secret || convert_to(lower(a_staff), 'UTF8')) FROM 1 FOR 16)), coalesce(k.params, 't=2,m=19456')
	FROM fake_salt f LEFT JOIN (SELECT a.salt, a.params FROM staff_account a JOIN staff p ON p.id = a.staff WHERE p.login = lower(a_staff) OR p.work_no = lower(a_staff)
		OR p.id = CASE WHEN a_staff ~ '^[0-9]{1,18}$' THEN a_staff::bigint END LIMIT 1) k ON true
$$;

CREATE FUNCTION op.session_of(a_token bytea) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS
$$ SELECT t.session FROM session_token t WHERE t.token_hash = sha256(a_token) $$;

CREATE FUNCTION op.session_facts(a_session bigint) RETURNS op.opened LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
	SELECT ROW('ok', 0, s.id, p.id, p.work_no, p.login, p.name, s.role,
		(SELECT array_agg(DISTINCT r.role) FROM staff_role r WHERE r.staff = p.id AND (SELECT today()) BETWEEN r.since AND coalesce(r.until, 'infinity')),
		areas_of(p.id, s.role), coalesce((SELECT array_agg(d.id) FROM department d WHERE d.head = p.id), '{}'),
		coalesce(c.lists, 'open'), coalesce(c.lists_night, c.lists, 'open'), policy_value('estate.timezone', 'Asia/Ho_Chi_Minh'), coalesce(c.acts_night, ''))::op.opened
	FROM session s JOIN staff p ON p.id = s.staff LEFT JOIN clearance c ON c.role = s.role WHERE s.id = a_session
$$;

-- Wrong tries of the last hour; older ones are forgotten.
CREATE FUNCTION op.failed_again(a_failed integer, a_failed_at timestamptz) RETURNS integer LANGUAGE sql STABLE SET search_path = lodge, pg_temp AS
$$ SELECT CASE WHEN a_failed_at > clock_timestamp() - interval '1 hour' THEN a_failed ELSE 0 END + 1 $$;

-- Seconds before another try after n wrong passwords: 1, 2, 4 … 60. Nobody is locked out for good.
CREATE FUNCTION op.back_off(a_failed integer, a_failed_at timestamptz) RETURNS integer LANGUAGE sql STABLE SET search_path = lodge, pg_temp AS $$
	SELECT CASE WHEN a_failed < 3 THEN 0 ELSE greatest(0, ceil(extract(epoch FROM a_failed_at - clock_timestamp()))::integer
		+ least(60, (2 ^ least(a_failed - 3, 6))::integer)) END
$$;

-- A name that nobody may use waits like one that somebody has: nothing tells them apart. 0 = counted as a try.
CREATE FUNCTION op.stranger_tries(a_name text) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	hash bytea := (SELECT sha256(f.secret || convert_to(lower(coalesce(a_name, '')), 'UTF8')) FROM fake_salt f);
	kept stranger;
BEGIN
	DELETE FROM stranger WHERE failed_at < clock_timestamp() - interval '1 hour';
	SELECT * INTO kept FROM stranger WHERE name_hash = hash;
	IF FOUND AND op.back_off(kept.failed, kept.failed_at) > 0 THEN
		RETURN op.back_off(kept.failed, kept.failed_at);
	END IF;
	INSERT INTO stranger VALUES (hash, 1, clock_timestamp())
		ON CONFLICT (name_hash) DO UPDATE SET failed = stranger.failed + 1, failed_at = excluded.failed_at;
	RETURN 0;
END $$;

CREATE FUNCTION op.session_open(a_staff text, a_key bytea, a_terminal text, a_token_hash bytea, a_interactive boolean) RETURNS op.opened
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	r op.opened;
	k staff_account;
	who lodge.actor;
	held text;
	n bigint;
	joined session;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who.at := clock_timestamp() + clock_shift();
	who.terminal := a_terminal;
	SELECT a.* INTO k FROM staff_account a JOIN staff p ON p.id = a.staff WHERE (p.login = lower(a_staff) OR p.work_no = lower(a_staff)) AND p.status <> 'left';
	IF NOT FOUND OR k.disabled THEN
		r.retry_after := op.stranger_tries(a_staff);
		IF r.retry_after > 0 THEN
			r.result := 'busy';
			RETURN r;
		END IF;
		PERFORM write_event(who, 'session', NULL, NULL, 'open', 'refused', 'password', NULL, NULL, NULL, NULL, NULL);
		r.result := 'forbidden';
		RETURN r;
	END IF;
	who.staff := k.staff;
	IF op.back_off(k.failed, k.failed_at) > 0 THEN
		r.result := 'busy';
		r.retry_after := op.back_off(k.failed, k.failed_at);
		RETURN r;
	END IF;
	SELECT s.role INTO held FROM staff_role s WHERE s.staff = k.staff AND s.since <= estate_time(who.at)::date
		AND (s.until IS NULL OR s.until >= estate_time(who.at)::date) ORDER BY s.rank, s.role LIMIT 1;
	IF sha256(a_key) IS DISTINCT FROM k.key_hash OR held IS NULL THEN
		UPDATE staff_account SET failed = op.failed_again(failed, failed_at), failed_at = clock_timestamp() WHERE staff = k.staff;
		PERFORM write_event(who, 'session', NULL, NULL, 'open', 'refused', 'password', NULL, NULL, NULL, NULL, NULL);
		r.result := 'forbidden';
		RETURN r;
	END IF;
	UPDATE staff_account SET failed = 0, failed_at = NULL WHERE staff = k.staff AND failed > 0;
	SELECT s.* INTO joined FROM session s WHERE a_interactive AND s.staff = k.staff AND s.interactive AND s.ended IS NULL AND s.terminal = a_terminal
		AND s.opened > clock_timestamp() - interval '14 hours 30 minutes' AND EXISTS (SELECT 1 FROM staff_role x WHERE x.staff = k.staff AND x.role = s.role
		AND x.since <= estate_time(who.at)::date AND (x.until IS NULL OR x.until >= estate_time(who.at)::date));
	IF FOUND THEN -- another window of the same terminal joins
		n := joined.id;
		INSERT INTO session_token (token_hash, session) VALUES (a_token_hash, n);
		UPDATE session SET locked = false, password_at = clock_timestamp(), seen = clock_timestamp(), changed = clock_timestamp() WHERE id = n;
		who.session := n;
		who.role := joined.role;
		PERFORM write_event(who, 'session', n, NULL, 'join', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
		RETURN op.session_facts(n);
	END IF;
	IF a_interactive THEN -- one live interactive session a person: the first one ends and is told
		UPDATE session SET ended = clock_timestamp(), changed = clock_timestamp() WHERE staff = k.staff AND interactive AND ended IS NULL;
	ELSE -- scripts: at most sixteen, the oldest gives way
		UPDATE session SET ended = clock_timestamp(), changed = clock_timestamp() WHERE id IN (SELECT s.id FROM session s
			WHERE s.staff = k.staff AND NOT s.interactive AND s.ended IS NULL ORDER BY s.id DESC OFFSET 15);
	END IF;
	INSERT INTO session (staff, role, terminal, interactive) VALUES (k.staff, held, a_terminal, a_interactive) RETURNING id INTO n;
	INSERT INTO session_token (token_hash, session) VALUES (a_token_hash, n);
	who.session := n;
	who.role := held;
	PERFORM write_event(who, 'session', n, NULL, 'open', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
	RETURN op.session_facts(n);
END $$;

-- A script session ends with its connection and is never taken up by another one.
CREATE FUNCTION op.session_resume(a_token bytea, a_terminal text, a_interactive boolean) RETURNS op.opened LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	r op.opened;
	s session;
BEGIN
	s := live_session(a_token);
	IF s.id IS NULL OR s.terminal IS DISTINCT FROM a_terminal OR s.interactive IS DISTINCT FROM a_interactive THEN
		r.result := 'locked';
		RETURN r;
	END IF;
	UPDATE session SET seen = clock_timestamp() WHERE id = s.id;
	r := op.session_facts(s.id);
	IF s.locked THEN
		r.result := 'session_locked';
	END IF;
	RETURN r;
END $$;

-- Unlock and step-up are the same call: the password of the same person, again.
CREATE FUNCTION op.session_unlock(a_token bytea, a_key bytea) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session;
	said text;
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	s := live_session(a_token);
	IF s.id IS NULL THEN
		RETURN 'locked';
	END IF;
	who.at := clock_timestamp() + clock_shift(); who.staff := s.staff; who.session := s.id; who.role := s.role; who.terminal := s.terminal;
	said := password_holds(s.staff, a_key);
	IF said = 'forbidden' THEN
		PERFORM write_event(who, 'session', s.id, NULL, 'unlock', 'refused', 'password', NULL, NULL, NULL, NULL, NULL);
	END IF;
	IF said <> 'ok' THEN
		RETURN said;
	END IF;
	UPDATE session SET locked = false, password_at = clock_timestamp(), seen = clock_timestamp(), changed = clock_timestamp() WHERE id = s.id;
	PERFORM write_event(who, 'session', s.id, NULL, 'unlock', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
	RETURN 'ok';
END $$;

CREATE FUNCTION op.session_role(a_token bytea, a_role text) RETURNS op.opened LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	r op.opened;
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		r.result := 'locked';
		RETURN r;
	END IF;
	IF NOT EXISTS (SELECT 1 FROM staff_role s WHERE s.staff = who.staff AND s.role = a_role AND s.since <= estate_time(who.at)::date
		AND (s.until IS NULL OR s.until >= estate_time(who.at)::date)) THEN
		PERFORM write_event(who, 'session', who.session, NULL, 'role', 'forbidden', NULL, NULL, NULL, NULL, NULL, NULL);
		r.result := 'forbidden';
		RETURN r;
	END IF;
	UPDATE session SET role = a_role, changed = clock_timestamp() WHERE id = who.session;
	who.role := a_role;
	PERFORM write_event(who, 'session', who.session, NULL, 'role', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
	RETURN op.session_facts(who.session);
END $$;

CREATE FUNCTION op.session_close(a_token bytea) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session;
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	SELECT * INTO s FROM session WHERE id = op.session_of(a_token) AND ended IS NULL;
	IF FOUND THEN
		UPDATE session SET ended = clock_timestamp(), changed = clock_timestamp() WHERE id = s.id;
		who.at := clock_timestamp() + clock_shift(); who.staff := s.staff; who.session := s.id; who.role := s.role; who.terminal := s.terminal;
		PERFORM write_event(who, 'session', s.id, NULL, 'close', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
	END IF;
	RETURN 'ok';
END $$;

CREATE FUNCTION op.session_lock(a_token bytea) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session;
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	UPDATE session SET locked = true, changed = clock_timestamp() WHERE id = op.session_of(a_token) AND ended IS NULL AND interactive AND NOT locked
		RETURNING * INTO s;
	IF FOUND THEN
		who.at := clock_timestamp() + clock_shift(); who.staff := s.staff; who.session := s.id; who.role := s.role; who.terminal := s.terminal;
		PERFORM write_event(who, 'session', s.id, NULL, 'lock', 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
	END IF;
	RETURN 'ok';
END $$;

-- Idle by one server's clock; somebody at work through another server or window was seen within the half
-- minute that touches take, and stays unlocked.
CREATE FUNCTION op.session_idle(a_token bytea) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT 1 FROM session WHERE id = op.session_of(a_token) AND seen > clock_timestamp() - interval '32 seconds') THEN
		RETURN 'busy';
	END IF;
	RETURN op.session_lock(a_token);
END $$;

-- One's own password: the old one is the proof, and every other session of the person ends.
CREATE FUNCTION op.session_password(a_token bytea, a_key bytea, a_salt bytea, a_params text, a_new_key bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session;
	said text;
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	s := live_session(a_token);
	IF s.id IS NULL OR s.locked THEN
		RETURN 'locked';
	END IF;
	who.at := clock_timestamp() + clock_shift(); who.staff := s.staff; who.session := s.id; who.role := s.role; who.terminal := s.terminal;
	said := password_holds(s.staff, a_key);
	IF said = 'forbidden' THEN
		PERFORM write_event(who, 'staff', s.staff, NULL, 'password', 'refused', 'password', NULL, NULL, NULL, NULL, NULL);
	END IF;
	IF said <> 'ok' THEN
		RETURN said;
	END IF;
	UPDATE staff_account SET salt = a_salt, params = a_params, key_hash = sha256(a_new_key) WHERE staff = s.staff;
	UPDATE session SET ended = clock_timestamp(), changed = clock_timestamp() WHERE staff = s.staff AND id <> s.id AND ended IS NULL;
	UPDATE session SET password_at = clock_timestamp() WHERE id = s.id;
	PERFORM write_event(who, 'staff', s.staff, NULL, 'password', 'ok', NULL, NULL, ARRAY['password'], NULL, NULL, NULL);
	RETURN 'ok';
END $$;

CREATE FUNCTION op.session_touch(a_tokens bytea[]) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	UPDATE session SET seen = clock_timestamp() WHERE ended IS NULL AND id IN (SELECT t.session FROM session_token t WHERE t.token_hash IN (SELECT sha256(a) FROM unnest(a_tokens) a));
	RETURN 'ok';
END $$;

-- CNF-01: who saw the contact data of which households; one event a session and minute.
CREATE FUNCTION op.lookup(a_token bytea, a_households bigint[]) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	s session;
	who lodge.actor;
	n bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	SELECT * INTO s FROM session WHERE id = op.session_of(a_token);
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	who.at := clock_timestamp() + clock_shift(); who.staff := s.staff; who.session := s.id; who.role := s.role; who.terminal := s.terminal;
	n := write_event(who, 'household', CASE WHEN array_length(a_households, 1) = 1 THEN a_households[1] END, NULL, 'lookup', 'ok', NULL, NULL, NULL, NULL, NULL,
		jsonb_build_object('households', to_jsonb(a_households)));
	PERFORM looks_judge(who);
	RETURN n;
END $$;

-- Heads of events and states of sessions for the servers' caches; a few columns, no values.
CREATE OR REPLACE FUNCTION lodge.feed(a_after bigint) RETURNS TABLE (kind text, seq bigint, book text, record bigint, version integer, area integer,
	staff bigint[], session bigint, state text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
	SELECT 'clock', coalesce((SELECT max(e.seq) FROM event e), 0), NULL, NULL::bigint, NULL::integer, NULL::integer, NULL::bigint[], NULL::bigint, shift_kind(lodge_now())
	UNION ALL
	SELECT 'session', NULL, NULL, NULL, NULL, NULL, NULL, s.id, CASE WHEN s.ended IS NOT NULL OR NOT alive.holds THEN 'ended' WHEN s.locked THEN 'locked' ELSE 'live' END
	FROM session s CROSS JOIN LATERAL (SELECT s.opened > clock_timestamp() - interval '14 hours 30 minutes' AND EXISTS (SELECT 1 FROM staff_role r JOIN staff p ON p.id = r.staff JOIN staff_account k ON k.staff = r.staff
		WHERE r.staff = s.staff AND r.role = s.role AND p.status <> 'left' AND NOT k.disabled AND (SELECT today()) BETWEEN r.since AND coalesce(r.until, 'infinity')) AS holds) alive
	WHERE s.changed > clock_timestamp() - interval '10 seconds' OR (s.ended IS NULL AND s.opened > clock_timestamp() - interval '15 hours' AND NOT alive.holds)
	UNION ALL
	-- OFFSET 0: a look-up for each event. Joined, a plan that knows nothing of a_after reads the receipts from the first one on.
	(SELECT 'event', e.seq, e.book, e.record, r.version, e.area, r.parties, e.session, e.op FROM event e
		LEFT JOIN LATERAL (SELECT o.version, o.parties FROM op_receipt o WHERE o.seq = e.seq OFFSET 0) r ON true
	WHERE e.seq > a_after AND e.result = 'ok' AND (e.op NOT IN ('open', 'lookup') OR r.version IS NOT NULL) ORDER BY e.seq LIMIT 500)
$$;
