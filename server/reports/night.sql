-- night.sql - what the morning is told of the night, the management of the week, and of the incidents of a year: LOG-05, NGT-08, INC-12.
-- Not for: who may see which report; the compiled door op.report_NAME judges that. Trap: the last night is the one that
-- began last, so that who looks before eight sees the night that is still running.

CREATE OR REPLACE FUNCTION lodge.last_night(a_at timestamptz) RETURNS tstzrange LANGUAGE sql STABLE AS $$
	SELECT CASE lodge.shift_kind(a_at) WHEN 'night' THEN lodge.shift_span(a_at) ELSE lodge.shift_span(lower(lodge.shift_span(a_at)) - interval '1 microsecond') END
$$;

CREATE OR REPLACE FUNCTION lodge.report_night_entries(who lodge.actor)
RETURNS TABLE (kind text, page bigint, entries bigint, open bigint, in_person bigint) LANGUAGE sql STABLE AS $$
	SELECT e.kind, e.page, count(*), count(*) FILTER (WHERE e.state = 'open'), count(*) FILTER (WHERE e.important)
		FROM lodge.duty_entry e JOIN lodge.duty_page p ON p.id = e.page JOIN lodge.shift s ON s.id = p.shift
		WHERE s.code = lodge.shift_of(lower(lodge.last_night((who).at))) AND e.state IN ('open', 'closed', 'carried') GROUP BY e.kind, e.page
$$;

CREATE OR REPLACE FUNCTION lodge.report_night_incidents(who lodge.actor)
RETURNS TABLE (kind text, incidents bigint, major bigint, since timestamptz, before timestamptz) LANGUAGE sql STABLE AS $$
	SELECT i.kind, count(*), count(*) FILTER (WHERE i.severity = 'major'), lower(n.night), upper(n.night)
		FROM (SELECT lodge.last_night((who).at) AS night) n JOIN lodge.incident i ON n.night @> i.discovered_at AND i.state <> 'voided' GROUP BY i.kind, n.night
$$;

-- INC-12: the same numbers, cut in three ways. Kept is told as the book tells it (incident.in_time).
CREATE OR REPLACE FUNCTION lodge.incidents_of_a_year(who lodge.actor)
RETURNS TABLE (kind text, building bigint, severity text, kept boolean, since timestamptz) LANGUAGE sql STABLE AS $$
	SELECT i.kind, i.building, i.severity, lodge.incident_in_time(i.severity, i.due, i.submitted_at, i.in_person), y.since
		FROM (SELECT lodge.estate_moment((lodge.estate_time((who).at)::date - interval '12 months')::timestamp) AS since) y
		JOIN lodge.incident i ON i.discovered_at >= y.since AND i.state <> 'voided'
$$;

CREATE OR REPLACE FUNCTION lodge.report_incidents_by_kind(who lodge.actor)
RETURNS TABLE (kind text, incidents bigint, major bigint, kept bigint, missed bigint, running bigint, since timestamptz) LANGUAGE sql STABLE AS $$
	SELECT y.kind, count(*), count(*) FILTER (WHERE y.severity = 'major'), count(*) FILTER (WHERE y.kept), count(*) FILTER (WHERE NOT y.kept),
		count(*) FILTER (WHERE y.kept IS NULL), y.since FROM lodge.incidents_of_a_year(who) y GROUP BY y.kind, y.since
$$;

CREATE OR REPLACE FUNCTION lodge.report_incidents_by_place(who lodge.actor)
RETURNS TABLE (building bigint, incidents bigint, major bigint, kept bigint, missed bigint, running bigint, since timestamptz) LANGUAGE sql STABLE AS $$
	SELECT y.building, count(*), count(*) FILTER (WHERE y.severity = 'major'), count(*) FILTER (WHERE y.kept), count(*) FILTER (WHERE NOT y.kept),
		count(*) FILTER (WHERE y.kept IS NULL), y.since FROM lodge.incidents_of_a_year(who) y GROUP BY y.building, y.since
$$;

CREATE OR REPLACE FUNCTION lodge.report_incidents_by_severity(who lodge.actor)
RETURNS TABLE (severity text, incidents bigint, major bigint, kept bigint, missed bigint, running bigint, since timestamptz) LANGUAGE sql STABLE AS $$
	SELECT y.severity, count(*), count(*) FILTER (WHERE y.severity = 'major'), count(*) FILTER (WHERE y.kept), count(*) FILTER (WHERE NOT y.kept),
		count(*) FILTER (WHERE y.kept IS NULL), y.since FROM lodge.incidents_of_a_year(who) y GROUP BY y.severity, y.since
$$;

-- A post that nobody checked has a row of its own: that is what is looked for, also in a night whose shift nothing has asked for yet.
CREATE OR REPLACE FUNCTION lodge.report_night_posts(who lodge.actor)
RETURNS TABLE (post bigint, shift bigint, checks bigint, absent bigint, weak bigint) LANGUAGE sql STABLE AS $$
	SELECT p.id, s.id, count(c.id), count(c.id) FILTER (WHERE c.state = 'absent'), count(c.id) FILTER (WHERE c.state <> 'absent' AND lodge.check_is_weak(c.id))
		FROM lodge.post p LEFT JOIN lodge.shift s ON s.code = lodge.shift_of(lower(lodge.last_night((who).at)))
		LEFT JOIN lodge.post_check c ON c.post = p.id AND c.shift = s.id AND c.state IN ('signed', 'offline', 'absent')
		WHERE p.state = 'in_use' GROUP BY p.id, s.id ORDER BY count(c.id), p.code
$$;

-- NGT-08, NGT-02: what was missed, hour by hour, and what was odd; posts where all was well are not told.
CREATE OR REPLACE FUNCTION lodge.report_night_missed(who lodge.actor)
RETURNS TABLE (post bigint, missed_at text, missed bigint, wrong bigint, fast bigint, since timestamptz, before timestamptz) LANGUAGE sql STABLE AS $$
	SELECT p.id, m.missed_at, m.missed, k.wrong, k.fast, lower(n.night), upper(n.night)
		FROM (SELECT lodge.last_night((who).at) AS night) n CROSS JOIN lodge.post p
		CROSS JOIN LATERAL (SELECT string_agg(to_char(lodge.estate_time(t), 'HH24:MI'), ' ' ORDER BY t) AS missed_at, count(t) AS missed FROM lodge.missed_times(p.id, n.night, (who).at) t) m
		CROSS JOIN LATERAL (SELECT count(c.found) AS wrong, count(c.id) FILTER (WHERE lodge.check_too_fast(c.id)) AS fast FROM lodge.post_check c
			WHERE c.post = p.id AND c.state <> 'called' AND n.night @> c.checked_at) k
		WHERE p.state = 'in_use' AND m.missed + k.wrong + k.fast > 0 ORDER BY m.missed DESC, k.wrong DESC, p.code
$$;

-- A week begins and ends in the estate's time.
CREATE OR REPLACE FUNCTION lodge.report_duty_weeks(who lodge.actor)
RETURNS TABLE (week text, kind text, matters bigint, open bigint, in_person bigint, since timestamptz, before timestamptz) LANGUAGE sql STABLE AS $$
	SELECT to_char(m.begins, 'IYYY-"W"IW'), m.kind, count(*), count(*) FILTER (WHERE m.state = 'open'), count(*) FILTER (WHERE m.important),
		lodge.estate_moment(m.begins), lodge.estate_moment(m.begins + interval '7 days')
		FROM (SELECT date_trunc('week', lodge.estate_time(e.occurred_at)) AS begins, e.kind, e.state, e.important FROM lodge.duty_entry e
			WHERE e.state IN ('open', 'closed') AND e.occurred_at >= lodge.estate_moment(date_trunc('week', lodge.estate_time((who).at)) - interval '4 weeks')
			AND e.occurred_at <= (who).at) m
		GROUP BY m.begins, m.kind ORDER BY m.begins DESC, count(*) DESC, m.kind
$$;
