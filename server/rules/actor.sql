-- actor.sql - what every compiled operation stands on: the clock, the actor, the log, the receipts.
-- Not for: rules of a book. Trap: who.at is read once, after the pen's lock; now() and
-- statement_timestamp() lie before the wait and run backwards along seq.
-- The helpers have no search_path of their own: only the definers in schema op call them, and those fix
-- it; a SET clause costs more than most of them do. PL/pgSQL keeps plans, LANGUAGE sql plans at each call.

CREATE OR REPLACE FUNCTION lodge.clock_shift() RETURNS interval LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT shift FROM lodge.test_clock), interval '0');
END $$;

CREATE OR REPLACE FUNCTION lodge.lodge_now() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS
$$ SELECT clock_timestamp() + coalesce((SELECT shift FROM lodge.test_clock), interval '0') $$;

CREATE OR REPLACE FUNCTION lodge.policy_value(a_key text, a_default text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT value FROM lodge.policy WHERE key = a_key), a_default);
END $$;

CREATE OR REPLACE FUNCTION lodge.estate_time(a_at timestamptz) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN a_at AT TIME ZONE lodge.policy_value('estate.timezone', 'Asia/Ho_Chi_Minh');
END $$;

CREATE OR REPLACE FUNCTION lodge.estate_moment(a_local timestamp) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN a_local AT TIME ZONE lodge.policy_value('estate.timezone', 'Asia/Ho_Chi_Minh');
END $$;

-- OPS-01: a record at 02:00 belongs to the night that began the evening before.
CREATE OR REPLACE FUNCTION lodge.shift_kind(a_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN lodge.estate_time(a_at)::time >= lodge.policy_value('shift.day_starts', '08:00')::time
	AND lodge.estate_time(a_at)::time < lodge.policy_value('shift.night_starts', '17:30')::time THEN 'day' ELSE 'night' END;
END $$;

CREATE OR REPLACE FUNCTION lodge.shift_of(a_at timestamptz) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS
$$ SELECT CASE WHEN lodge.estate_time(a_at)::time < lodge.policy_value('shift.day_starts', '08:00')::time
	THEN (lodge.estate_time(a_at)::date - 1)::text ELSE lodge.estate_time(a_at)::date::text END || ' ' || lodge.shift_kind(a_at) $$;

-- The whole shift that a moment belongs to.
CREATE OR REPLACE FUNCTION lodge.shift_span(a_at timestamptz) RETURNS tstzrange LANGUAGE plpgsql STABLE AS $$
DECLARE
	morning time := policy_value('shift.day_starts', '08:00')::time;
	evening time := policy_value('shift.night_starts', '17:30')::time;
	here timestamp := estate_time(a_at);
	day date := here::date;
BEGIN
	IF here::time < morning THEN
		RETURN tstzrange(estate_moment((day - 1) + evening), estate_moment(day + morning));
	ELSIF here::time < evening THEN
		RETURN tstzrange(estate_moment(day + morning), estate_moment(day + evening));
	END IF;
	RETURN tstzrange(estate_moment(day + evening), estate_moment((day + 1) + morning));
END $$;

CREATE OR REPLACE FUNCTION lodge.is_rest_day(a_day date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.rest_day r WHERE r.day = a_day)
	OR NOT (extract(isodow FROM a_day)::int = ANY (lodge.policy_value('working.days', '{1,2,3,4,5,6}')::int[]));
END $$;

-- The end of this working day; after it, or on a rest day, of the next one. a_days > 0: calendar days on.
CREATE OR REPLACE FUNCTION lodge.due_after(a_at timestamptz, a_days integer) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	closing time := policy_value('working.ends', '17:30')::time;
	here timestamp := estate_time(a_at);
	day date := here::date;
BEGIN
	IF a_days > 0 THEN
		RETURN estate_moment((day + a_days) + closing);
	END IF;
	IF here::time >= closing THEN
		day := day + 1;
	END IF;
	WHILE is_rest_day(day) LOOP
		day := day + 1;
	END LOOP;
	RETURN estate_moment(day + closing);
END $$;

CREATE OR REPLACE FUNCTION lodge.level_rank(a_level text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position(ARRAY['open','name','contact','full','sealed'], lower(a_level)) $$;

-- A text as common/text.c lets it in: composed, nothing that is not seen, at most three marks on a letter. No SET: it is inlined.
CREATE OR REPLACE FUNCTION lodge.is_text(a_text text, a_min integer, a_max integer, a_lines boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT a_text IS NULL OR (char_length(a_text) BETWEEN a_min AND a_max AND a_text IS NFC NORMALIZED AND btrim(a_text) <> ''
		AND (a_lines OR strpos(a_text, E'\n') = 0)
		AND a_text !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|[\u0300-\u036f]{4}|^[\u0300-\u036f]')
$$;

-- What a telephone number is found by.
CREATE OR REPLACE FUNCTION lodge.digits(a_text text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT regexp_replace(coalesce(a_text, ''), '[^0-9]', '', 'g') $$;

-- The estate's date now.
CREATE OR REPLACE FUNCTION lodge.today() RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.estate_time(clock_timestamp() + lodge.clock_shift())::date;
END $$;

-- The same for the read lanes, which may not see the clock and the policy's time zone themselves.
CREATE OR REPLACE FUNCTION lodge.estate_day() RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN today();
END $$;

-- The one row of the session, or nothing: ended, too old, person left, role no longer held.
CREATE OR REPLACE FUNCTION lodge.live_session(a_token bytea) RETURNS lodge.session LANGUAGE plpgsql STABLE AS $$
DECLARE
	s lodge.session;
	today date := lodge.today();
BEGIN
	SELECT x.* INTO s FROM lodge.session_token t JOIN lodge.session x ON x.id = t.session
		WHERE t.token_hash = sha256(a_token) AND x.ended IS NULL AND x.opened > clock_timestamp() - interval '14 hours 30 minutes';
	IF s.id IS NULL OR NOT EXISTS (SELECT 1 FROM lodge.staff p JOIN lodge.staff_account k ON k.staff = p.id AND NOT k.disabled
			JOIN lodge.staff_role r ON r.staff = p.id AND r.role = s.role AND r.since <= today AND (r.until IS NULL OR r.until >= today)
			WHERE p.id = s.staff AND p.status <> 'left') THEN
		RETURN NULL;
	END IF;
	RETURN s;
END $$;

CREATE OR REPLACE FUNCTION lodge.areas_of(a_staff bigint, a_role text) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := lodge.today();
	held integer[];
BEGIN
	SELECT coalesce(r.areas, (SELECT array_agg(a.number ORDER BY a.number) FROM lodge.area a)) INTO held FROM lodge.staff_role r
		WHERE r.staff = a_staff AND r.role = a_role AND r.since <= today AND (r.until IS NULL OR r.until >= today) ORDER BY r.since DESC LIMIT 1;
	RETURN coalesce(held, '{}');
END $$;

-- What a role may do at a moment: its own, and in the night shift what the policy adds (OPS-03).
CREATE OR REPLACE FUNCTION lodge.acts_as(a_role text, a_at timestamptz) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	besides text := (SELECT c.acts_night FROM lodge.clearance c WHERE c.role = a_role);
BEGIN
	RETURN CASE WHEN besides <> '' AND lodge.shift_kind(a_at) = 'night' THEN ARRAY[a_role, besides] ELSE ARRAY[a_role] END;
END $$;

-- Who acts, in which role, where, at what moment. staff IS NULL: no live session; session set and
-- staff NULL: the session is locked.
CREATE OR REPLACE FUNCTION lodge.actor_of(a_token bytea) RETURNS lodge.actor LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	s lodge.session;
	who lodge.actor;
BEGIN
	who.at := clock_timestamp() + clock_shift();
	IF current_setting('lodge.recorded', true) = 'yes' THEN -- journal.sql: a record of a time when nobody could ask
		who.at := coalesce((SELECT r.at FROM recorded r), who.at);
	END IF;
	s := live_session(a_token);
	IF s.id IS NULL THEN
		RETURN who;
	END IF;
	who.session := s.id;
	who.terminal := s.terminal;
	IF s.locked THEN
		RETURN who;
	END IF;
	who.role := s.role;
	who.acts_as := acts_as(s.role, who.at);
	who.areas := areas_of(s.staff, s.role);
	SELECT p.id, p.department, d.kind = 'centre' INTO who.staff, who.department, who.centre
		FROM staff p JOIN department d ON d.id = p.department WHERE p.id = s.staff;
	who.heads := coalesce((SELECT array_agg(d.id) FROM department d WHERE d.head = s.staff), '{}');
	who.stepped_up := s.password_at > clock_timestamp() - interval '5 minutes';
	who.opens := coalesce((SELECT c.opens FROM clearance c WHERE c.role = s.role), 'open');
	RETURN who;
END $$;

-- The first receipt of an op_id. result 'ok' = replayed, 'invalid' = another body or person, NULL = new.
CREATE OR REPLACE FUNCTION lodge.replayed(a_op_id uuid, who lodge.actor, a_op text, a_digest bytea) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
	kept lodge.op_receipt;
BEGIN
	UPDATE op_receipt SET replays = replays + 1 WHERE op_id = a_op_id RETURNING * INTO kept;
	IF NOT FOUND THEN
		RETURN r;
	END IF;
	IF kept.staff IS DISTINCT FROM who.staff OR kept.op <> a_op OR kept.digest IS DISTINCT FROM a_digest THEN
		r.result := 'invalid';
		r.field := 'op_id';
		r.guard := 'op_id_used';
		RETURN r;
	END IF;
	r.result := 'ok';
	r.id := kept.record; r.no := kept.no; r.version := kept.version; r.state := kept.state; r.seq := kept.seq; r.at := kept.at; r.events := kept.events;
	RETURN r;
END $$;

CREATE OR REPLACE FUNCTION lodge.write_event(who lodge.actor, a_book text, a_record bigint, a_area integer, a_op text, a_result text, a_guard text,
	a_purpose text, a_fields text[], a_op_id uuid, a_digest bytea, a_detail jsonb) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	n bigint := coalesce((SELECT max(seq) FROM event), 0) + 1;
BEGIN
	INSERT INTO event (seq, at, occurred, session, staff, role, terminal, area, book, record, op, result, guard, purpose, fields, op_id, digest)
		VALUES (n, CASE WHEN current_setting('lodge.recorded', true) = 'yes' THEN clock_timestamp() + clock_shift() ELSE who.at END, who.at, who.session, who.staff, who.role, who.terminal, a_area, a_book, a_record, a_op, a_result, a_guard, a_purpose,
			coalesce(a_fields, '{}'), a_op_id, a_digest);
	IF a_detail IS NOT NULL AND a_detail <> '{}'::jsonb THEN
		INSERT INTO event_detail (seq, detail) VALUES (n, a_detail);
	END IF;
	RETURN n;
END $$;

-- Logs a refusal and answers it; too many in a minute are answered busy (limits.refusals_a_minute, 0 = off).
CREATE OR REPLACE FUNCTION lodge.refused(who lodge.actor, a_book text, a_record bigint, a_area integer, a_op text, a_result text, a_rule text, a_guard text,
	a_field text, a_may text[], a_op_id uuid, a_digest bytea) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
	cap integer := policy_value('limits.refusals_a_minute', '10')::integer;
BEGIN
	r.rule := a_rule; r.guard := a_guard; r.field := a_field; r.may := a_may; r.at := who.at;
	IF cap > 0 AND current_setting('lodge.recorded', true) IS DISTINCT FROM 'yes' AND (SELECT count(*) FROM (SELECT 1 FROM event e WHERE e.session = who.session AND e.result <> 'ok'
		AND e.real_at > clock_timestamp() - interval '1 minute' ORDER BY e.seq DESC LIMIT cap) recent) >= cap THEN
		r.result := 'busy'; r.guard := 'too_many_refusals';
		RETURN r;
	END IF;
	r.result := a_result;
	r.seq := write_event(who, a_book, a_record, a_area, a_op, a_result, coalesce(a_rule, a_guard), NULL, NULL, a_op_id, a_digest, NULL);
	RETURN r;
END $$;

-- No live session, or a locked one: nothing is known of the person, so nothing is logged as his.
CREATE OR REPLACE FUNCTION lodge.not_signed_in(who lodge.actor) RETURNS lodge.receipt LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN ROW('locked', NULL, CASE WHEN who.session IS NULL THEN 'session_ended' ELSE 'session_locked' END, NULL, NULL, NULL, NULL, NULL, NULL, who.at, NULL, NULL)::lodge.receipt;
END $$;

CREATE OR REPLACE FUNCTION lodge.done(who lodge.actor, a_book text, a_record bigint, a_no text, a_version integer, a_state text, a_area integer, a_op text,
	a_fields text[], a_purpose text, a_op_id uuid, a_digest bytea, a_detail jsonb, a_parties bigint[]) RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
BEGIN
	r.seq := write_event(who, a_book, a_record, a_area, a_op, 'ok', NULL, a_purpose, a_fields, a_op_id, a_digest, a_detail);
	INSERT INTO op_receipt (op_id, staff, op, digest, record, no, version, state, seq, at, parties)
		VALUES (a_op_id, who.staff, a_book || '.' || a_op, a_digest, a_record, a_no, a_version, a_state, r.seq, who.at, a_parties);
	r.result := 'ok'; r.id := a_record; r.no := a_no; r.version := a_version; r.state := a_state; r.at := who.at;
	RETURN r;
END $$;

-- What an operation would do: version NULL = nothing. Whoever hears that a known row holds what he
-- guessed has read it, so that goes into the log; of a row that is not there, there is nothing to tell.
CREATE OR REPLACE FUNCTION lodge.rehearsed(who lodge.actor, a_book text, a_record bigint, a_area integer, a_version integer, a_op_id uuid, a_digest bytea)
	RETURNS lodge.receipt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r lodge.receipt;
BEGIN
	IF a_record IS NOT NULL THEN
		PERFORM write_event(who, a_book, a_record, a_area, 'rehearse', 'ok', NULL, NULL, who.given, a_op_id, a_digest, NULL);
	END IF;
	r.result := 'ok'; r.id := a_record; r.version := a_version; r.at := who.at;
	RETURN r;
END $$;

CREATE OR REPLACE FUNCTION lodge.search_write(a_area integer, a_book text, a_record bigint, a_title text, a_keys text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	DELETE FROM search_name WHERE book = a_book AND record = a_record;
	INSERT INTO search_name (area, key, book, record, title) SELECT DISTINCT a_area, k, a_book, a_record, a_title FROM unnest(a_keys) k WHERE k <> '';
END $$;

-- Each number is kept twice, forwards and backwards: an index finds beginnings only (server/search_text.c).
CREATE OR REPLACE FUNCTION lodge.contact_write(a_area integer, a_book text, a_record bigint, a_title text, a_keys text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	DELETE FROM search_contact WHERE book = a_book AND record = a_record;
	INSERT INTO search_contact (area, key, book, record, title) SELECT DISTINCT a_area, k, a_book, a_record, a_title
		FROM unnest(a_keys) digits CROSS JOIN LATERAL unnest(ARRAY[digits, '<' || reverse(digits)]) k WHERE digits <> '';
END $$;

CREATE OR REPLACE FUNCTION lodge.deadline_open(a_area integer, a_book text, a_record bigint, a_kind text, a_due timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO lodge.deadline (area, book, record, kind, due) SELECT a_area, a_book, a_record, a_kind, a_due WHERE a_due IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.deadline_close(a_book text, a_record bigint, a_kind text, a_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	UPDATE lodge.deadline SET met = a_at WHERE book = a_book AND record = a_record AND kind = a_kind AND met IS NULL;
END $$;

-- Administration's own line in the log (policy, staff, migrate, demo); at the database, by its owner.
CREATE OR REPLACE FUNCTION lodge.admin_event(a_op text, a_book text, a_record bigint, a_fields text[]) RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = lodge, pg_temp AS $$
DECLARE
	who lodge.actor;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who.at := clock_timestamp() + clock_shift();
	who.terminal := 'administration';
	who.role := 'SYS';
	RETURN write_event(who, a_book, a_record, NULL, a_op, 'ok', NULL, NULL, a_fields, NULL, NULL, NULL);
END $$;
