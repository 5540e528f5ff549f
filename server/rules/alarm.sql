-- alarm.sql - who opens or looks at more than his work needs: limits, alarms to the superior, planted records.
-- CNF-02, CNF-13. All is counted from the log, so that no restart, terminal or second server resets it.
-- Not for: who may open at all (compile_open.c). Trap: an alarm changes nothing in the answer to the person it is about.

-- The superior's role: supervisor, centre manager, estate manager, general manager.
CREATE OR REPLACE FUNCTION lodge.superior_role(a_role text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE a_role WHEN 'CSS' THEN 'CM' WHEN 'NM' THEN 'CM' WHEN 'CM' THEN 'EM' WHEN 'DEM' THEN 'EM' WHEN 'EM' THEN 'GM' WHEN 'GM' THEN NULL ELSE 'CSS' END $$;

CREATE OR REPLACE FUNCTION lodge.superior_in(a_role text, a_about bigint, a_day date) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT r.staff FROM lodge.staff_role r JOIN lodge.staff s ON s.id = r.staff AND s.status <> 'left'
		WHERE r.role = a_role AND r.staff <> a_about AND r.since <= a_day AND (r.until IS NULL OR r.until >= a_day) ORDER BY r.rank, r.staff LIMIT 1);
END $$;

-- Raised once a day and kind (and planted household). The event is the house's own: it names neither the person nor his session.
CREATE OR REPLACE FUNCTION lodge.alarm_raise(who lodge.actor, a_kind text, a_amount bigint, a_household bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	day date := estate_time(who.at)::date;
	superior text := superior_role(who.role);
	a lodge.alarm;
	house lodge.actor;
	n bigint;
BEGIN
	IF EXISTS (SELECT 1 FROM alarm x WHERE x.about = who.staff AND x.kind = a_kind AND x.household IS NOT DISTINCT FROM a_household
		AND x.at > who.at - interval '1 day') THEN
		RETURN;
	END IF;
	INSERT INTO alarm (state, kind, about, amount, household, at, told, also_told) VALUES ('raised', a_kind, who.staff, a_amount, a_household, who.at,
		superior_in(superior, who.staff, day), superior_in(superior_role(superior), who.staff, day)) RETURNING * INTO a;
	house.at := who.at;
	n := write_event(house, 'alarm', a.id, NULL, 'raise', 'ok', NULL, NULL, ARRAY['kind'], NULL, NULL, NULL);
	INSERT INTO op_receipt (op_id, staff, op, digest, record, version, state, seq, at, parties)
		VALUES (gen_random_uuid(), who.staff, 'alarm.raise', '', a.id, a.version, a.state, n, who.at, array_remove(ARRAY[a.told, a.also_told], NULL));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_alarm_seen(new lodge.alarm, who lodge.actor) RETURNS lodge.alarm LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.seen_by := who.staff;
	new.seen_at := who.at;
	RETURN new;
END $$;

-- Who opens one record after the other compiles the archive (CNF-02): so many in one shift, in 7 and in 30 days, in all of
-- these books together, and the same one as often as needed. The limit that is passed, or NULL; its policy is limits.NAME, 0 = off.
CREATE OR REPLACE FUNCTION lodge.opens_beyond(who lodge.actor, a_books text[], a_book text, a_ids bigint[]) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	span record;
	total bigint;
	fresh bigint;
BEGIN
	FOR span IN SELECT l.name, l.since, policy_value('limits.' || l.name, l.def)::integer AS cap FROM (VALUES
			('persons_a_shift', lower(shift_span(who.at)), '60'), ('persons_a_week', who.at - interval '7 days', '150'),
			('persons_a_month', who.at - interval '30 days', '400')) l(name, since, def) LOOP
		CONTINUE WHEN span.cap = 0;
		WITH seen AS (SELECT DISTINCT e.book, e.record FROM event e WHERE e.staff = who.staff AND e.op = 'open' AND e.result = 'ok'
			AND e.book = ANY (a_books) AND e.at >= span.since AND e.at <= who.at)
		SELECT (SELECT count(*) FROM seen), (SELECT count(DISTINCT i) FROM unnest(a_ids) i WHERE NOT EXISTS (SELECT 1 FROM seen s WHERE s.book = a_book AND s.record = i))
			INTO total, fresh;
		IF fresh > 0 AND total + fresh > span.cap THEN
			PERFORM alarm_raise(who, span.name, total, NULL);
			RETURN span.name;
		END IF;
	END LOOP;
	RETURN NULL;
END $$;

-- Different households whose locked or contact data one person saw since a moment.
CREATE OR REPLACE FUNCTION lodge.households_seen(a_staff bigint, a_since timestamptz, a_until timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT count(DISTINCT h) FROM (
		SELECT e.seq FROM lodge.event e WHERE e.staff = a_staff AND e.at > a_since AND e.at <= a_until AND e.op = 'lookup' AND e.result = 'ok'
		UNION ALL SELECT e.seq FROM lodge.event e WHERE e.staff = a_staff AND e.at > a_since AND e.at <= a_until AND e.op = 'open' AND e.result = 'ok') s
		JOIN lodge.event_detail d ON d.seq = s.seq CROSS JOIN LATERAL jsonb_array_elements_text(d.detail -> 'households') h);
END $$;

-- Reading slowly, within every limit: more households in two days than the policy thinks usual, and more than twice what
-- the colleagues of his role had before them (limits.households_two_days, 0 = off). He goes on; his superior is told.
CREATE OR REPLACE FUNCTION lodge.looks_judge(who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	floor integer := policy_value('limits.households_two_days', '100')::integer;
	since timestamptz := who.at - interval '2 days';
	mine bigint;
	usual numeric;
BEGIN
	IF floor = 0 THEN
		RETURN;
	END IF;
	mine := households_seen(who.staff, since, who.at);
	IF mine <= floor THEN
		RETURN;
	END IF;
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c.n) INTO usual FROM (SELECT households_seen(r.staff, since, who.at) AS n
		FROM (SELECT DISTINCT x.staff FROM staff_role x WHERE x.role = who.role AND x.staff <> who.staff) r) c WHERE c.n > 0;
	IF mine > 2 * coalesce(usual, 0) THEN
		PERFORM alarm_raise(who, 'listing', mine, NULL);
	END IF;
END $$;

-- After an opening that was granted: planted records, then slow reading.
CREATE OR REPLACE FUNCTION lodge.opened(who lodge.actor, a_households bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	planted bigint;
BEGIN
	FOR planted IN SELECT d.household FROM decoy d WHERE d.household = ANY (a_households) AND d.state = 'planted' LOOP
		PERFORM alarm_raise(who, 'decoy', NULL, planted);
	END LOOP;
	PERFORM looks_judge(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_decoy_planted(new lodge.decoy, who lodge.actor) RETURNS lodge.decoy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.planted_by := who.staff;
	new.planted_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_decoy_lifted(new lodge.decoy, who lodge.actor) RETURNS lodge.decoy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.lifted_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_decoy_is_new(new lodge.decoy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.decoy d WHERE d.household = (new).household AND d.state = 'planted');
END $$;
