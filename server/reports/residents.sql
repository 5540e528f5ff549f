-- residents.sql - how the estate is lived in: units, households, numbers, ages, nannies, risks (RES-03, 04, 05, 11).
-- Not for: who may see which report, or how few are too few; the compiled door op.report_NAME judges
-- both. Trap: it runs as the owner, over fields that no login may select, so every row is bound to
-- who.areas here, and nothing but numbers of level FULL may leave.

-- Who lives here now, in the reader's areas: the one place that says so.
CREATE OR REPLACE FUNCTION lodge.residents(who lodge.actor) RETURNS SETOF lodge.person LANGUAGE sql STABLE AS $$
	SELECT p.* FROM lodge.person p JOIN lodge.household h ON h.id = p.household AND h.closed IS NULL
		WHERE p.area = ANY ((who).areas) AND p.left_on IS NULL
$$;

CREATE OR REPLACE FUNCTION lodge.report_units_in_use(who lodge.actor)
RETURNS TABLE (use text, in_use bigint, vacant bigint, units bigint) LANGUAGE sql STABLE AS $$
	SELECT u.use, count(*) FILTER (WHERE u.status = 'occupied'), count(*) FILTER (WHERE u.status = 'vacant'), count(*)
		FROM lodge.unit u WHERE u.area = ANY ((who).areas) GROUP BY u.use
$$;

CREATE OR REPLACE FUNCTION lodge.report_persons_per_household(who lodge.actor)
RETURNS TABLE (unit bigint, household bigint, persons bigint) LANGUAGE sql STABLE AS $$
	SELECT min(p.unit), p.household, count(*) FROM lodge.residents(who) p GROUP BY p.household
$$;

-- RES-05. Mobiles of an important household are sealed: its numbers are withheld as a whole, none or some.
CREATE OR REPLACE FUNCTION lodge.report_contacts(who lodge.actor)
RETURNS TABLE (unit bigint, household bigint, telephones text, email text, numbers bigint) LANGUAGE sql STABLE AS $$
	SELECT p.unit, p.household, CASE WHEN NOT h.important THEN p.telephones END, NULL::text, CASE WHEN NOT h.important THEN p.numbers END
		FROM (SELECT min(r.unit) AS unit, r.household, coalesce(string_agg(DISTINCT n.number, ', ' ORDER BY n.number), '') AS telephones,
				count(DISTINCT n.number) AS numbers
			FROM lodge.residents(who) r CROSS JOIN LATERAL (VALUES (r.mobile), (r.home_phone)) n (number) GROUP BY r.household) p
		JOIN lodge.household h ON h.id = p.household
$$;

CREATE OR REPLACE FUNCTION lodge.report_living_form(who lodge.actor)
RETURNS TABLE (form text, households bigint, households_first bigint[]) LANGUAGE sql STABLE AS $$
	SELECT (ARRAY['single', 'two', 'three', 'four', 'five', 'more'])[s.size], count(*), (array_agg(s.household ORDER BY s.household))[1:200]
		FROM (SELECT p.household, least(count(*), 6) AS size FROM lodge.residents(who) p JOIN lodge.household h ON h.id = p.household
			WHERE h.kind <> 'tenant_org' GROUP BY p.household) s
		GROUP BY s.size ORDER BY s.size
$$;

CREATE OR REPLACE FUNCTION lodge.report_age_bands(who lodge.actor)
RETURNS TABLE (band text, persons bigint) LANGUAGE sql STABLE AS $$
	SELECT b.band, count(p.id) FROM (VALUES (1, 'to_5', 0, 5), (2, 'to_17', 6, 17), (3, 'to_34', 18, 34), (4, 'to_59', 35, 59),
			(5, 'to_79', 60, 79), (6, 'from_80', 80, 999), (7, 'unknown', NULL, NULL)) b (place, band, youngest, oldest)
		LEFT JOIN (SELECT r.id, extract(year FROM age((SELECT lodge.estate_time((who).at)::date), r.birth)) AS years FROM lodge.residents(who) r) p
			ON p.years BETWEEN b.youngest AND b.oldest OR (b.youngest IS NULL AND p.years IS NULL)
		GROUP BY b.place, b.band ORDER BY b.place
$$;

-- RES-11: counted from the list of key households; the sealed facts behind a line are nobody's figure.
CREATE OR REPLACE FUNCTION lodge.report_health_risk(who lodge.actor)
RETURNS TABLE (area integer, households bigint) LANGUAGE sql STABLE AS $$
	SELECT a.number, count(DISTINCT k.household) FROM lodge.area a
		LEFT JOIN lodge.key_household k ON k.area = a.number AND k.state = 'listed' AND k.category = 'v1'
		WHERE a.number = ANY ((who).areas) GROUP BY a.number ORDER BY a.number
$$;

CREATE OR REPLACE FUNCTION lodge.report_nannies(who lodge.actor)
RETURNS TABLE (area integer, nannies bigint, households bigint) LANGUAGE sql STABLE AS $$
	SELECT a.number, count(p.id), count(DISTINCT p.household) FROM lodge.area a
		LEFT JOIN (SELECT * FROM lodge.residents(who) r WHERE r.relation = 'nanny') p ON p.area = a.number
		WHERE a.number = ANY ((who).areas) GROUP BY a.number ORDER BY a.number
$$;
