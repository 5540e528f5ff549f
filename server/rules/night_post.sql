-- night_post.sql - PINs, codes shown at posts, checks of posts: NGT-02, NGT-08, invariant 24.
-- Not for: who stands where (night_page.sql). Trap: a check that was recorded offline is judged at its own moment, in the
-- name of who recorded it; and the guard of the PIN counts wrong tries, so it comes last.

-- PINs.

CREATE OR REPLACE FUNCTION lodge.pin_hash(a_staff bigint, a_key bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(a_key || convert_to(a_staff::text, 'UTF8')) $$;

-- 'ok', 'forbidden', or 'busy' after too many wrong ones, as with passwords (night_handover.sql).
CREATE OR REPLACE FUNCTION lodge.pin_holds(a_staff bigint, a_key bytea) RETURNS text LANGUAGE plpgsql VOLATILE SET search_path = lodge, pg_temp AS $$
DECLARE
	k pin_verifier;
BEGIN
	SELECT * INTO k FROM pin_verifier v WHERE v.staff = a_staff;
	IF op.back_off(k.failed, k.failed_at) > 0 THEN
		RETURN 'busy';
	END IF;
	IF k.staff IS NULL OR pin_hash(a_staff, a_key) IS DISTINCT FROM k.hash THEN
		UPDATE pin_verifier SET failed = op.failed_again(failed, failed_at), failed_at = clock_timestamp() WHERE staff = a_staff;
		RETURN 'forbidden';
	END IF;
	UPDATE pin_verifier SET failed = 0, failed_at = NULL WHERE staff = a_staff AND failed > 0;
	RETURN 'ok';
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_pin_set(new lodge.staff_pin, who lodge.actor) RETURNS lodge.staff_pin LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.staff := coalesce(new.staff, (who).staff);
	new.set_by := (who).staff;
	new.set_at := (who).at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pin_superior(new lodge.staff_pin, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).staff = (who).staff OR 'EM' = ANY ((who).acts_as)
		OR EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).staff AND s.department = ANY ((who).heads));
END $$;

-- A new PIN does not open a way round the pause after wrong ones.
CREATE OR REPLACE FUNCTION lodge.prepare_pin_set(new lodge.staff_pin, who lodge.actor) RETURNS lodge.staff_pin LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p lodge.staff_pin;
BEGIN
	FOR p IN UPDATE lodge.staff_pin x SET state = 'replaced', version = x.version + 1 WHERE x.staff = new.staff AND x.state = 'in_force' RETURNING x.* LOOP
		PERFORM lodge.beside(who, 'staff_pin', p.id, p.version, p.state, NULL, 'replace', ARRAY[p.staff]);
	END LOOP;
	INSERT INTO lodge.pin_verifier (staff, hash) VALUES (new.staff, lodge.pin_hash(new.staff, (who.args ->> 'pin')::bytea))
		ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash;
	RETURN new;
END $$;

-- Codes.

CREATE OR REPLACE FUNCTION lodge.derive_code_shown(new lodge.post_code, who lodge.actor) RETURNS lodge.post_code LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new.post := coalesce(new.post, (SELECT r.post FROM lodge.roster r JOIN lodge.shift s ON s.id = r.shift WHERE r.state <> 'withdrawn'
		AND coalesce(r.substitute, r.employee) = who.staff AND s.starts <= who.at AND who.at < s.ends ORDER BY r.id DESC LIMIT 1));
	new.code := lpad((('x' || encode(substring(sha256(convert_to(gen_random_uuid()::text, 'UTF8')) FROM 1 FOR 4), 'hex'))::bit(32)::bigint % 10000)::text, 4, '0');
	new.shown_by := who.staff;
	new.shown_at := who.at;
	new.until := who.at + lodge.policy_value('night.code_seconds', '180')::integer * interval '1 second';
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_code_on_post(new lodge.post_code, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.on_post((new).post, (who).at) p WHERE p = (who).staff);
END $$;

-- Checks.

CREATE OR REPLACE FUNCTION lodge.checks_now(who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	maker bigint := lodge.acted_by(who);
	page lodge.duty_page := lodge.page_of(who);
BEGIN
	RETURN CASE WHEN page.id IS NULL THEN lodge.may_hold_desk(maker, (who).at) ELSE page.owner = maker END;
END $$;

-- Who is meant when nobody is named: the one whose PIN it is, among those who stand there.
CREATE OR REPLACE FUNCTION lodge.stands_there(a_post bigint, a_at timestamptz, a_key bytea) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT p FROM lodge.on_post(a_post, a_at) p LEFT JOIN lodge.pin_verifier v ON v.staff = p
		ORDER BY (v.hash = lodge.pin_hash(p, a_key)) IS TRUE DESC, p LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_check_made(new lodge.post_check, who lodge.actor) RETURNS lodge.post_check LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new.shift := (lodge.shift_at(who.at)).id;
	new.checker := lodge.acted_by(who);
	new.checked_at := who.at;
	new.recorded_offline := lodge.is_recorded();
	new.signer := coalesce(new.signer, lodge.stands_there(new.post, who.at, (who.args ->> 'pin')::bytea));
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_check_signed(new lodge.post_check, who lodge.actor) RETURNS lodge.post_check LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new := lodge.derive_check_made(new, who);
	new.signed_by := new.signer;
	new.signature_at := who.at;
	new.shown := (SELECT c.id FROM lodge.post_code c WHERE c.post = new.post AND c.code = who.args ->> 'code' AND c.shown_at <= who.at AND who.at < c.until
		AND NOT EXISTS (SELECT 1 FROM lodge.post_check k WHERE k.shown = c.id) ORDER BY c.id DESC LIMIT 1);
	new.state := CASE WHEN new.recorded_offline THEN 'offline' ELSE 'signed' END;
	new.proof := CASE WHEN new.recorded_offline THEN 'offline' WHEN new.shown IS NOT NULL THEN 'code' ELSE 'manager_terminal' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_post_in_use(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.post p WHERE p.id = (new).post AND p.state = 'in_use');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_on_duty(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.checks_now(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_rostered(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.on_post((new).post, (new).checked_at) p WHERE p = (new).signer);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_another(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).signer <> (new).checker;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_code(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).args ->> 'code' IS NULL OR (new).shown IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_pin(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN lodge.pin_holds((new).signer, ((who).args ->> 'pin')::bytea) = 'ok';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_call_in_use(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_check_post_in_use(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_call_on_duty(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.checks_now(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_call_rostered(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_check_rostered(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_call_another(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_check_another(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_absent_in_use(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_check_post_in_use(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_absent_on_duty(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.checks_now(who);
END $$;

-- Somebody else was found there: whoever belongs there signs instead.
CREATE OR REPLACE FUNCTION lodge.guard_check_absent_found(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).found IS NULL OR ((new).found <> (new).checker AND NOT EXISTS (SELECT 1 FROM lodge.on_post((new).post, (new).checked_at) p WHERE p = (new).found));
END $$;

-- At the post's own terminal.

CREATE OR REPLACE FUNCTION lodge.derive_check_answered(new lodge.post_check, who lodge.actor) RETURNS lodge.post_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.signed_by := new.signer;
	new.signature_at := (who).at;
	new.proof := 'post_terminal';
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_answer_mine(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).signer = (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_answer_in_time(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).at < (new).checked_at + lodge.policy_value('night.answer_minutes', '10')::integer * interval '1 minute';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_answer_rostered(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_check_rostered(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_answer_pin(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN lodge.guard_check_pin(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_check_repeated(new lodge.post_check, who lodge.actor) RETURNS lodge.post_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.repeated_at := (who).at;
	new.proof := CASE WHEN new.signer = (who).staff THEN 'post_terminal' ELSE 'manager_terminal' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_check_repeat_pin(new lodge.post_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN lodge.guard_check_pin(new, who);
END $$;

-- What is named and not refused. For the read lanes.

-- The estate's times of the night's rounds, as moments of this shift.
CREATE OR REPLACE FUNCTION lodge.check_times(a_span tstzrange) RETURNS SETOF timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT m FROM regexp_split_to_table(btrim(lodge.policy_value('night.check_times', '20:00 23:00 02:00 05:00')), '\s+') t,
		generate_series(0, 1) d, LATERAL lodge.estate_moment(lodge.estate_time(lower(a_span))::date + d + t::time) m WHERE m > lower(a_span) AND m < upper(a_span) ORDER BY m;
END $$;

-- When the post is due for a check; NULL when it was checked since the last time, by day, and where nobody stands any more.
-- A time that has passed unheeded stays due until somebody comes.
CREATE OR REPLACE FUNCTION lodge.check_due(a_post bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	at timestamptz := lodge_now();
	span tstzrange := shift_span(at);
	passed timestamptz := (SELECT max(t) FROM check_times(span) t WHERE t < at);
	earlier timestamptz := (SELECT max(t) FROM check_times(span) t WHERE t < passed);
	last timestamptz := (SELECT max(c.checked_at) FROM post_check c WHERE c.post = a_post AND c.state <> 'called' AND c.checked_at >= lower(span) AND c.checked_at <= at);
BEGIN
	IF shift_kind(at) <> 'night' OR last > coalesce(passed, lower(span)) OR NOT EXISTS (SELECT 1 FROM post p WHERE p.id = a_post AND p.state = 'in_use') THEN
		RETURN NULL;
	END IF;
	IF passed IS NOT NULL AND (last IS NULL OR last <= earlier) THEN
		RETURN passed;
	END IF;
	RETURN (SELECT min(t) FROM check_times(span) t WHERE t >= at);
END $$;

-- NGT-08: the times of a night that had passed by a moment and that nobody kept, since the time before or the night's beginning;
-- a check that comes later heals what is due, not what was missed. Before a post was set up nothing was missed there.
CREATE OR REPLACE FUNCTION lodge.missed_times(a_post bigint, a_span tstzrange, a_at timestamptz) RETURNS SETOF timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT x.t FROM (SELECT t, lag(t, 1, lower(a_span)) OVER (ORDER BY t) AS since FROM lodge.check_times(a_span) t) x WHERE x.t < a_at
		AND NOT EXISTS (SELECT 1 FROM lodge.post_check c WHERE c.post = a_post AND c.state <> 'called' AND c.checked_at > x.since AND c.checked_at <= x.t)
		AND NOT EXISTS (SELECT 1 FROM lodge.event e WHERE e.book = 'post' AND e.record = a_post AND e.op = 'set_up' AND e.result = 'ok' AND e.at > x.t);
END $$;

-- The same of this night, by the estate's clock: '20:00 23:00'; NULL where nothing was missed, and by day.
CREATE OR REPLACE FUNCTION lodge.missed_checks(a_post bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	at timestamptz := lodge_now();
BEGIN
	IF shift_kind(at) <> 'night' OR NOT EXISTS (SELECT 1 FROM post p WHERE p.id = a_post AND p.state = 'in_use') THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT string_agg(to_char(estate_time(t), 'HH24:MI'), ' ' ORDER BY t) FROM missed_times(a_post, shift_span(at), at) t);
END $$;

CREATE OR REPLACE FUNCTION lodge.check_overdue(a_post bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN coalesce(check_due(a_post) < lodge_now(), false);
END $$;

CREATE OR REPLACE FUNCTION lodge.last_check(a_post bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN (SELECT max(c.checked_at) FROM post_check c WHERE c.post = a_post AND c.state <> 'called');
END $$;

-- The walk from the post checked before by the same person, against the minutes of the policy.
CREATE OR REPLACE FUNCTION lodge.check_too_fast(a_check bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	c post_check;
	before post_check;
	same boolean;
BEGIN
	SELECT * INTO c FROM post_check x WHERE x.id = a_check;
	SELECT * INTO before FROM post_check x WHERE x.checker = c.checker AND x.post <> c.post AND (x.checked_at, x.id) < (c.checked_at, c.id)
		AND x.state <> 'called' AND x.proof IS DISTINCT FROM 'post_terminal' ORDER BY x.checked_at DESC, x.id DESC LIMIT 1;
	IF before.id IS NULL OR c.state = 'called' OR c.proof = 'post_terminal' THEN
		RETURN false;
	END IF;
	same := (SELECT count(DISTINCT p.building) = 1 AND bool_and(p.building IS NOT NULL) FROM post p WHERE p.id IN (c.post, before.post));
	RETURN c.checked_at - before.checked_at < CASE WHEN same THEN policy_value('night.walk_minutes_inside', '1') ELSE policy_value('night.walk_minutes', '3') END::integer * interval '1 minute';
END $$;

-- A PIN at the night manager's terminal is weak only where the post's screen showed codes in that shift.
CREATE OR REPLACE FUNCTION lodge.check_is_weak(a_check bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	c post_check;
BEGIN
	SELECT * INTO c FROM post_check x WHERE x.id = a_check;
	RETURN c.state = 'offline' OR (c.state = 'signed' AND c.proof = 'manager_terminal' AND EXISTS (SELECT 1 FROM post_code p JOIN shift s ON s.id = c.shift
		WHERE p.post = c.post AND p.shown_at >= s.starts AND p.shown_at < s.ends));
END $$;
