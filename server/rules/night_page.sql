-- night_page.sql - shifts, the roster and the duty book: OPS-01, OPS-02, LOG-01..08, NGT-02, NGT-06.
-- Not for: passing the desk on (night_handover.sql), what belongs on its list (night_list.sql).
-- Trap: who holds the desk is the owner of the one open page, whatever his role and whatever the hour.

-- The shift of a moment; its row is made when it is first needed. Where the policy's hours have changed meanwhile it
-- begins where the one before ended.
CREATE OR REPLACE FUNCTION lodge.shift_at(a_at timestamptz) RETURNS lodge.shift LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	s lodge.shift;
	span tstzrange;
	name text;
BEGIN
	SELECT * INTO s FROM shift x WHERE x.starts <= a_at AND a_at < x.ends;
	IF NOT FOUND THEN
		span := shift_span(a_at);
		name := shift_of(a_at);
		INSERT INTO shift (code, day, kind, starts, ends) VALUES (name, split_part(name, ' ', 1)::date, split_part(name, ' ', 2),
			greatest(lower(span), (SELECT max(x.ends) FROM shift x WHERE x.ends <= a_at)), least(upper(span), (SELECT min(x.starts) FROM shift x WHERE x.starts > a_at)))
			ON CONFLICT (day, kind) DO UPDATE SET starts = least(shift.starts, excluded.starts), ends = greatest(shift.ends, excluded.ends)
			RETURNING * INTO s;
	END IF;
	RETURN s;
END $$;

-- For the read lanes.
CREATE OR REPLACE FUNCTION lodge.shift_runs(a_shift bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM shift s WHERE s.id = a_shift AND s.starts <= lodge_now() AND lodge_now() < s.ends);
END $$;

-- NGT-02: who stands at a post at a moment, substitutes in the place of whom they stand in for.
CREATE OR REPLACE FUNCTION lodge.on_post(a_post bigint, a_at timestamptz) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT coalesce(r.substitute, r.employee) FROM lodge.roster r JOIN lodge.shift s ON s.id = r.shift
		WHERE r.post = a_post AND r.state <> 'withdrawn' AND s.starts <= a_at AND a_at < s.ends;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_post_is_new(new lodge.post, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).code = lower((new).code) AND NOT EXISTS (SELECT 1 FROM lodge.post p WHERE p.code = (new).code);
END $$;

-- The roster (OPS-02).

CREATE OR REPLACE FUNCTION lodge.derive_roster_assigned(new lodge.roster, who lodge.actor) RETURNS lodge.roster LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	begins time := policy_value(CASE who.args ->> 'kind' WHEN 'day' THEN 'shift.day_starts' ELSE 'shift.night_starts' END,
		CASE who.args ->> 'kind' WHEN 'day' THEN '08:00' ELSE '17:30' END)::time;
BEGIN
	new.shift := (shift_at(estate_moment((who.args ->> 'day')::date + begins))).id;
	new.assigned_by := who.staff;
	new.assigned_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roster_post_in_use(new lodge.roster, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.post p WHERE p.id = (new).post AND p.state = 'in_use');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roster_once(new lodge.roster, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.roster r WHERE r.shift = (new).shift AND r.post = (new).post AND r.employee = (new).employee AND r.state <> 'withdrawn');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roster_another(new lodge.roster, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).substitute <> (new).employee;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roster_not_over(new lodge.roster, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.shift s WHERE s.id = (new).shift AND s.ends > (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roster_not_begun(new lodge.roster, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.shift s WHERE s.id = (new).shift AND s.starts > (who).at);
END $$;

-- The desk and its page.

-- Whose act it is: of a record of a journal that of who recorded it, whoever hands it in.
CREATE OR REPLACE FUNCTION lodge.acted_by(who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(CASE WHEN current_setting('lodge.recorded', true) = 'yes' THEN (SELECT r.staff FROM lodge.recorded r) END, (who).staff);
END $$;

CREATE OR REPLACE FUNCTION lodge.is_recorded() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(current_setting('lodge.recorded', true), '') = 'yes' AND EXISTS (SELECT 1 FROM lodge.recorded);
END $$;

-- The page that an act belongs to: the open one; that of its moment, for what was recorded offline.
CREATE OR REPLACE FUNCTION lodge.page_of(who lodge.actor) RETURNS lodge.duty_page LANGUAGE plpgsql STABLE AS $$
DECLARE
	page lodge.duty_page;
BEGIN
	IF lodge.is_recorded() THEN
		SELECT * INTO page FROM lodge.duty_page p WHERE p.opened_at <= (who).at AND ((who).at < p.closed_at OR p.closed_at IS NULL) ORDER BY p.opened_at DESC LIMIT 1;
	ELSE
		SELECT * INTO page FROM lodge.duty_page p WHERE p.state = 'open';
	END IF;
	RETURN page;
END $$;

CREATE OR REPLACE FUNCTION lodge.holds_desk(who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((lodge.page_of(who)).owner = lodge.acted_by(who), false);
END $$;

-- The manager on duty: at night the night manager, by day he or the centre's manager.
CREATE OR REPLACE FUNCTION lodge.may_hold_desk(a_staff bigint, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.holders(a_at) h WHERE h.staff = a_staff AND h.role IN ('NM','CM'));
END $$;

-- What the log's lines after a_from up to a_to say, and the digest of the page before: one line changed, one digest changed.
CREATE OR REPLACE FUNCTION lodge.log_digest(a_from bigint, a_to bigint, a_before text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN encode(sha256(convert_to(coalesce(a_before, '') || coalesce((SELECT string_agg(concat_ws('|', e.seq, extract(epoch FROM e.at), extract(epoch FROM e.occurred),
		e.session, e.staff, e.role, e.terminal, e.book, e.record, e.op, e.result, e.guard, e.purpose, e.fields, e.op_id, encode(e.digest, 'hex')), E'\n' ORDER BY e.seq)
		FROM lodge.event e WHERE e.seq > a_from AND e.seq <= a_to), ''), 'UTF8')), 'hex');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_page_opened(new lodge.duty_page, who lodge.actor) RETURNS lodge.duty_page LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	s lodge.shift := shift_at(who.at);
	before lodge.duty_page;
BEGIN
	SELECT * INTO before FROM duty_page p ORDER BY p.opened_at DESC, p.id DESC LIMIT 1;
	new.shift := s.id;
	new.code := s.code;
	new.owner := who.staff;
	new.opened_by := who.staff;
	new.opened_at := who.at;
	new.follows := before.id;
	new.carried := 0;
	new.log_from := coalesce(before.log_no, (SELECT max(e.seq) FROM event e), 0);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_page_none_open(new lodge.duty_page, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.duty_page p WHERE p.state = 'open');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_page_first_of_shift(new lodge.duty_page, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.duty_page p WHERE p.shift = (new).shift);
END $$;

-- LOG-02: what is open when a page begins without a hand-over stands on it as after one.
CREATE OR REPLACE FUNCTION lodge.effect_page_opened(new lodge.duty_page, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO handover_item (state, page, line, source, red, book, record, no, text, since, was, digits)
		SELECT 'listed', new.id, row_number() OVER (), l.source, l.red, l.book, l.record, l.no, l.text, l.since, l.was, lodge.last_two(l.no) FROM desk_list(who.at) l;
	UPDATE duty_page p SET carried = (SELECT count(*) FROM handover_item i WHERE i.page = new.id) WHERE p.id = new.id;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_page_owner_may(new lodge.duty_page, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.may_hold_desk((new).owner, (who).at);
END $$;

-- A hand-over that the other one had begun is none any more.
CREATE OR REPLACE FUNCTION lodge.effect_page_appointed(new lodge.duty_page, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM lodge.handover_drop(who);
END $$;

-- Entries (LOG-01, LOG-03).

CREATE OR REPLACE FUNCTION lodge.guard_entry_desk_mine(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.holds_desk(who);
END $$;

-- On the open page, now, by him; without a result it stays open.
CREATE OR REPLACE FUNCTION lodge.entry_on_page(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.page := (lodge.page_of(who)).id;
	new.kind := coalesce(new.kind, 'note');
	new.occurred_at := coalesce(new.occurred_at, (who).at);
	new.important := coalesce(new.important, false);
	new.at := (who).at;
	new.written_by := lodge.acted_by(who);
	new.state := CASE WHEN new.result IS NULL THEN 'open' ELSE 'closed' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_entry_written(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.entry_on_page(new, who);
END $$;

-- LOG-08: a closed page stays as it is, also for what was written offline while it was open.
CREATE OR REPLACE FUNCTION lodge.guard_entry_page_goes_on(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.is_recorded() OR EXISTS (SELECT 1 FROM lodge.duty_page p WHERE p.id = (new).page AND p.state = 'open');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_not_ahead(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).occurred_at <= (who).at + interval '1 minute';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_correct_not_ahead(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.guard_entry_not_ahead(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.entry_page_is_open(a_entry bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.duty_entry e JOIN lodge.duty_page p ON p.id = e.page WHERE e.id = a_entry AND p.state = 'open');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_addendum_closed(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).addendum_to IS NULL OR NOT lodge.entry_page_is_open((new).addendum_to);
END $$;

-- In `correct` and `follow_up` who.prior is the row that was there, and new the one that takes its place.
CREATE OR REPLACE FUNCTION lodge.derive_entry_corrected(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.duty_entry := jsonb_populate_record(NULL::lodge.duty_entry, (who).prior);
BEGIN
	new := lodge.entry_on_page(new, who);
	new.corrects := prior.id;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.succeed_entry_corrected(old lodge.duty_entry, new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	old.state := 'corrected';
	old.corrected_by := new.id;
	RETURN old;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_page_open(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.entry_page_is_open(((who).prior ->> 'id')::bigint);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_says_otherwise(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.duty_entry := jsonb_populate_record(NULL::lodge.duty_entry, (who).prior);
BEGIN
	RETURN ((new).kind, (new).occurred_at, (new).facts, (new).handling, (new).result, (new).important)
		IS DISTINCT FROM (prior.kind, prior.occurred_at, prior.facts, prior.handling, prior.result, prior.important);
END $$;

-- LOG-02: the matter goes on, under its facts, on the page that is open now.
CREATE OR REPLACE FUNCTION lodge.derive_entry_followed(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.duty_entry := jsonb_populate_record(NULL::lodge.duty_entry, (who).prior);
BEGIN
	new := lodge.entry_on_page(new, who);
	new.carried_from := prior.id;
	new.corrects := NULL;
	new.addendum_to := NULL;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.succeed_entry_followed(old lodge.duty_entry, new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	old.state := 'carried';
	old.carried_to := new.id;
	RETURN old;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_entry_dismissed(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.page := (SELECT p.id FROM lodge.duty_page p WHERE p.state = 'open');
	new.at := (who).at;
	new.written_by := (who).staff;
	RETURN new;
END $$;

-- INC-08.
CREATE OR REPLACE FUNCTION lodge.guard_entry_major_written(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.incident i WHERE i.id = (new).incident AND i.severity = 'major' AND i.state <> 'voided');
END $$;

-- NGT-06.
CREATE OR REPLACE FUNCTION lodge.derive_entry_reported(new lodge.duty_entry, who lodge.actor) RETURNS lodge.duty_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.reported_at := coalesce(new.reported_at, (who).at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_is_important(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).important AND (new).reported_at = (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_entry_told_superior(new lodge.duty_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.holders((who).at) h WHERE h.staff = (new).reported_to AND h.role IN ('DEM','EM'));
END $$;

-- LOG-04: what must be written prompts itself. One row an operation; kind is SQL over the record t, NULL = not this one;
-- shown is SQL over t and says in few words which one it was: numbers, units, places, no names of residents.
CREATE OR REPLACE FUNCTION lodge.log_prompts() RETURNS TABLE (book text, op text, kind text, shown text) LANGUAGE sql IMMUTABLE AS $$ VALUES
	('incident', 'open', 'CASE WHEN t.kind IN (''theft'',''fire'',''water'',''power'',''fight'') THEN t.kind ELSE ''management'' END', 'concat(''#'', t.no, '' · '', t.place)'),
	('emergency', 'open', 'CASE WHEN t.kind IN (''theft'',''fire'',''water'',''power'',''fight'') THEN t.kind ELSE ''management'' END', 'concat(''#'', t.no, '' · '', t.zone)'),
	('resident_note', 'write', 'CASE WHEN t.kind = ''complaint'' THEN ''complaint'' END', '(SELECT u.code FROM lodge.unit u WHERE u.id = t.unit)'),
	('household', 'register', 'CASE WHEN t.important THEN ''vip_move'' END', '(SELECT u.code FROM lodge.unit u WHERE u.id = t.unit)'),
	('household', 'mark_important', 'CASE WHEN t.important AND t.opened > lodge.today() - 30 THEN ''vip_move'' END', '(SELECT u.code FROM lodge.unit u WHERE u.id = t.unit)'),
	('household', 'leave', 'CASE WHEN t.important THEN ''vip_move'' END', '(SELECT u.code FROM lodge.unit u WHERE u.id = t.unit)'),
	('entry_pass', 'issue', 'CASE WHEN t.kind = ''fit_out'' THEN ''works'' END', 'concat_ws('' · '', ''#'' || t.no, (SELECT u.code FROM lodge.unit u WHERE u.id = t.unit))'),
	('gate_note', 'note', 'CASE WHEN t.kind = ''violation'' THEN ''violation'' END', 'concat_ws('' · '', (SELECT u.code FROM lodge.unit u WHERE u.id = t.unit), t.place, t.text)'),
	('post_check', 'absent', '''violation''', 'concat_ws('' · '', (SELECT p.code FROM lodge.post p WHERE p.id = t.post), t.remark)'),
	('visitor', 'alert', '''management''', 'concat_ws('' · '', ''#'' || t.no, (SELECT u.code FROM lodge.unit u WHERE u.id = t.unit), t.vehicle)'),
	('key_use', 'take', 'CASE WHEN t.class = ''sealed'' THEN ''management'' END', 'concat_ws('' · '', (SELECT k.code FROM lodge.key_set k WHERE k.id = t.key_set), (SELECT u.code FROM lodge.unit u WHERE u.id = t.unit))'),
	('watch_note', 'decide', 'CASE WHEN t.police THEN ''management'' END', '(SELECT u.code FROM lodge.unit u WHERE u.id = t.unit)')
$$;

-- What an entry is wanted for, in few words; for the read lanes.
CREATE OR REPLACE FUNCTION lodge.entry_prompt(a_book text, a_record bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	how text := (SELECT p.shown FROM log_prompts() p WHERE p.book = a_book LIMIT 1);
	said text;
BEGIN
	IF how IS NOT NULL THEN
		EXECUTE format('SELECT left(%s, 200) FROM lodge.%I t WHERE t.id = $1', how, a_book) INTO said USING a_record;
	END IF;
	RETURN nullif(said, '');
END $$;

CREATE OR REPLACE FUNCTION lodge.must_log(e lodge.event) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p record;
	said text;
	entry lodge.duty_entry;
	who lodge.actor;
BEGIN
	FOR p IN SELECT l.kind FROM lodge.log_prompts() l WHERE l.book = e.book AND l.op = e.op LOOP
		EXECUTE format('SELECT %s FROM lodge.%I t WHERE t.id = $1', p.kind, e.book) INTO said USING e.record;
		CONTINUE WHEN said IS NULL;
		INSERT INTO lodge.duty_entry (state, kind, occurred_at, about_book, about, at, incident)
			VALUES ('wanted', said, e.occurred, e.book, e.record, e.at, CASE e.book WHEN 'incident' THEN e.record END)
			ON CONFLICT DO NOTHING RETURNING * INTO entry;
		CONTINUE WHEN entry.id IS NULL;
		who.at := e.at; who.session := e.session; who.staff := e.staff; who.role := e.role; who.terminal := e.terminal;
		PERFORM lodge.beside(who, 'duty_entry', entry.id, 1, 'wanted', NULL, 'want', '{}');
	END LOOP;
END $$;
