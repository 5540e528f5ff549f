-- night_list.sql - what stands on the list of a hand-over: LOG-06.
-- Not for: who hands over to whom (night_handover.sql). TO ADD A BOOK: one row in desk_sources. Trap: a row's SQL is
-- asked with $1 = the moment and answers id, no, red, text, since, was – the state, so that it is known later whether the
-- matter was closed by an operation; no names of residents in text.

CREATE OR REPLACE FUNCTION lodge.desk_sources() RETURNS TABLE (place integer, source text, book text, rows text) LANGUAGE sql IMMUTABLE AS $$ VALUES
	(20, 'key', 'room_key', 'SELECT k.id, k.id::text AS no, true AS red, concat_ws('' · '', s.work_no, s.name, k.purpose) AS text, k.taken_at AS since, k.state AS was
		FROM lodge.room_key k JOIN lodge.staff s ON s.id = k.holder WHERE k.state = ''out'''),
	(21, 'key', 'key_use', 'SELECT k.id, k.id::text AS no, true AS red, concat_ws('' · '', x.code, u.code, k.reason) AS text, k.out_at AS since, k.state AS was
		FROM lodge.key_use k JOIN lodge.key_set x ON x.id = k.key_set LEFT JOIN lodge.unit u ON u.id = k.unit WHERE k.state = ''out'''),
	(30, 'seal', 'key_use', 'SELECT k.id, k.id::text AS no, true AS red, concat_ws('' · '', x.code, u.code, k.reason) AS text, k.in_at AS since, k.state AS was
		FROM lodge.key_use k JOIN lodge.key_set x ON x.id = k.key_set LEFT JOIN lodge.unit u ON u.id = k.unit WHERE k.state = ''at_desk'''),
	(10, 'emergency', 'emergency', 'SELECT e.id, e.no::text AS no, true AS red, concat_ws('' · '', e.kind, e.zone) AS text, e.opened_at AS since, e.state AS was
		FROM lodge.emergency e WHERE e.state = ''open'''),
	(11, 'emergency', 'break_glass', 'SELECT g.id, g.id::text AS no, true AS red, concat_ws('' · '', s.work_no, u.code, g.book, g.opened) AS text, g.read_at AS since, g.state AS was
		FROM lodge.break_glass g JOIN lodge.staff s ON s.id = g.read_by LEFT JOIN lodge.unit u ON u.id = g.unit WHERE g.state = ''used'''),
	(12, 'emergency', 'torch_request', 'SELECT r.id, r.id::text AS no, false AS red, r.room AS text, r.asked_at AS since, r.state AS was
		FROM lodge.torch_request r WHERE r.state = ''asked'''),
	(40, 'incident', 'incident', 'SELECT i.id, i.no::text AS no, i.severity = ''major'' AS red, left(concat_ws('' · '', i.kind, i.place), 200) AS text, i.due AS since, i.state AS was
		FROM lodge.incident i WHERE i.state IN (''opened'',''reported'')'),
	(50, 'welfare', 'welfare_check', 'SELECT c.id, c.id::text AS no, true AS red, u.code AS text, c.started_at AS since, c.state AS was
		FROM lodge.welfare_check c JOIN lodge.unit u ON u.id = c.unit WHERE c.state <> ''closed'''),
	(60, 'visitor', 'visitor', 'SELECT v.id, coalesce(v.badge::text, v.no::text) AS no, false AS red, concat_ws('' · '', u.code, v.body, v.class) AS text, v.in_at AS since, v.state AS was
		FROM lodge.visitor v LEFT JOIN lodge.unit u ON u.id = v.unit WHERE v.state = ''inside'''),
	(61, 'visitor', 'room_entry', 'SELECT r.id, r.id::text AS no, false AS red, concat_ws('' · '', s.work_no, s.name, r.body, r.purpose) AS text, r.in_at AS since, r.state AS was
		FROM lodge.room_entry r LEFT JOIN lodge.staff s ON s.id = r.employee WHERE r.state <> ''closed'''),
	(70, 'loan', 'loan', 'SELECT l.id, l.no::text AS no, false AS red, concat_ws('' · '', f.code, s.work_no, s.name, l.outsider_body) AS text, l.due AS since, l.state AS was
		FROM lodge.loan l JOIN lodge.file f ON f.id = l.file LEFT JOIN lodge.staff s ON s.id = l.requester WHERE l.state = ''issued'''),
	(80, 'job', 'gate_note', 'SELECT g.id, g.id::text AS no, false AS red, left(concat_ws('' · '', u.code, g.place, g.text), 200) AS text, g.noted_at AS since, g.state AS was
		FROM lodge.gate_note g LEFT JOIN lodge.unit u ON u.id = g.unit WHERE g.state = ''open'''),
	(81, 'job', 'message', 'SELECT m.id, m.id::text AS no, false AS red, concat_ws('' · '', u.code, s.work_no) AS text, NULL::timestamptz AS since, m.state AS was
		FROM lodge.message m LEFT JOIN lodge.unit u ON u.id = m.unit LEFT JOIN lodge.staff s ON s.id = m.host WHERE m.state = ''waiting'''),
	(84, 'job', 'watch_note', 'SELECT w.id, w.id::text AS no, false AS red, concat_ws('' · '', u.code, w.seen) AS text, w.noted_at AS since, w.state AS was
		FROM lodge.watch_note w JOIN lodge.unit u ON u.id = w.unit WHERE w.state = ''open'''),
	(85, 'job', 'round', 'SELECT r.id, r.no::text AS no, false AS red, concat_ws('' · '', s.work_no, s.name, r.kind) AS text, r.begun_at AS since, r.state AS was
		FROM lodge.round r JOIN lodge.staff s ON s.id = r.begun_by WHERE r.state = ''under_way'''),
	(82, 'matter', 'duty_entry', 'SELECT e.id, e.id::text AS no, false AS red, left(e.facts, 200) AS text, e.occurred_at AS since, e.state AS was
		FROM lodge.duty_entry e WHERE e.state = ''open'' OR (e.important AND e.reported_at IS NULL AND e.state IN (''closed'',''carried''))'),
	(83, 'wanted', 'duty_entry', 'SELECT e.id, e.id::text AS no, false AS red, concat_ws('' · '', e.kind, coalesce(lodge.entry_prompt(e.about_book, e.about), concat_ws('' · '', e.about_book, e.about))) AS text, e.occurred_at AS since, e.state AS was
		FROM lodge.duty_entry e WHERE e.state = ''wanted'''),
	(90, 'deadline', 'deadline', 'SELECT d.id, d.record::text AS no, false AS red, concat_ws('' · '', d.book, d.kind) AS text, d.due AS since, NULL::text AS was
		FROM lodge.deadline d WHERE d.met IS NULL AND d.kind NOT IN (''loan_due'',''room_key_due'',''key_back'',''key_reseal'') AND d.due < upper(lodge.shift_span(upper(lodge.shift_span($1))))')
$$;

-- The things of the desk that are counted at each hand-over, and how many there are: policy handover.things, 'radio 6; torch 4'.
CREATE OR REPLACE FUNCTION lodge.controlled_things() RETURNS TABLE (thing text, expected integer) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT btrim(m[1]), m[2]::integer FROM regexp_matches(lodge.policy_value('handover.things', ''), '([^;]+?)\s+([0-9]{1,6})\s*(?:;|$)', 'g') m;
END $$;

-- What is read back of a number.
CREATE OR REPLACE FUNCTION lodge.last_two(a_no text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT right('0' || right(regexp_replace(coalesce(a_no, ''), '[^0-9]', '', 'g'), 2), 2) $$;

-- Everything that is open now, red lines first.
CREATE OR REPLACE FUNCTION lodge.desk_list(a_at timestamptz) RETURNS TABLE (place integer, source text, red boolean, book text, record bigint, no text, text text,
	since timestamptz, was text) LANGUAGE plpgsql STABLE AS $$
DECLARE
	s record;
	whole text;
BEGIN
	FOR s IN SELECT * FROM lodge.desk_sources() LOOP
		whole := concat_ws(' UNION ALL ', whole, format('SELECT %s AS place, %L AS source, q.red, %L AS book, q.id AS record, q.no, q.text, q.since, q.was FROM (%s) q', s.place, s.source, s.book, s.rows));
	END LOOP;
	RETURN QUERY EXECUTE format('SELECT a.place, a.source, a.red, a.book, a.record, a.no, left(coalesce(nullif(btrim(a.text), ''''), a.no), 300), a.since, a.was
		FROM (%s) a ORDER BY a.red DESC, a.place, a.since, a.record', whole) USING a_at;
END $$;

-- Whether a matter of a list is open at this moment; for the read lanes.
CREATE OR REPLACE FUNCTION lodge.desk_still(a_source text, a_book text, a_record bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	sql text := (SELECT s.rows FROM desk_sources() s WHERE s.source = a_source AND s.book = a_book);
	still boolean;
BEGIN
	IF sql IS NOT NULL THEN
		EXECUTE format('SELECT EXISTS (SELECT 1 FROM (%s) q WHERE q.id = $2)', sql) INTO still USING lodge_now(), a_record;
	END IF;
	RETURN still;
END $$;

-- The list that the desk goes by: of the hand-over that brought the page to its owner, or of the page's beginning.
CREATE OR REPLACE FUNCTION lodge.desk_items(a_page bigint) RETURNS SETOF lodge.handover_item LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT i.* FROM lodge.handover_item i WHERE i.page = a_page AND i.handover IS NOT DISTINCT FROM
		(SELECT max(h.id) FROM lodge.handover h WHERE h.state = 'done' AND h.next_page = a_page) ORDER BY i.line;
END $$;

-- Closed as the house closes things: an operation since then that left it in another state. A time limit: any operation.
CREATE OR REPLACE FUNCTION lodge.desk_closed(i lodge.handover_item, a_since bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	of_book text := (i).book;
	of_record bigint := (i).record;
BEGIN
	IF of_book = 'deadline' THEN
		SELECT d.book, d.record INTO of_book, of_record FROM lodge.deadline d WHERE d.id = (i).record;
	END IF;
	RETURN EXISTS (SELECT 1 FROM lodge.event e JOIN lodge.op_receipt r ON r.seq = e.seq WHERE e.book = of_book AND e.record = of_record AND e.seq > a_since AND e.result = 'ok'
		AND ((i).was IS NULL OR r.state IS DISTINCT FROM (i).was));
END $$;

-- What stood on the last list, is open no more, and was never closed; and what was missing before and has not been settled.
-- A time limit that runs as it ran is not gone, whatever the list's own window; one whose end was moved is.
CREATE OR REPLACE FUNCTION lodge.desk_missing(a_page bigint, a_at timestamptz) RETURNS SETOF lodge.handover_item LANGUAGE plpgsql STABLE AS $$
DECLARE
	frozen bigint := coalesce((SELECT max(h.frozen_no) FROM lodge.handover h WHERE h.state = 'done' AND h.next_page = a_page),
		(SELECT p.log_from FROM lodge.duty_page p WHERE p.id = a_page));
BEGIN
	RETURN QUERY SELECT i.* FROM lodge.desk_items(a_page) i WHERE i.record IS NOT NULL AND (i.state = 'missing' OR (i.state = 'listed' AND NOT lodge.desk_closed(i, frozen)))
		AND NOT EXISTS (SELECT 1 FROM lodge.desk_list(a_at) l WHERE (l.source, l.book, l.record) = (i.source, i.book, i.record))
		AND NOT (i.book = 'deadline' AND EXISTS (SELECT 1 FROM lodge.deadline d WHERE d.id = i.record AND d.met IS NULL AND d.due = i.since));
END $$;
