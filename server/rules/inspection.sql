-- inspection.sql - which files are checked, when, and when enough have been. ARC-17, ARC-18.
-- Not for: what a checklist asks for (care.sql). Trap: the lot falls in the effect, after the row is
-- there, in the order of the shelves; random() could be foretold, random uuids cannot.

-- ARC-17: owners have been moved in for a year, or 80 % of the units have been moved into, whichever came first.
CREATE OR REPLACE FUNCTION lodge.inspection_first_due() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date;
BEGIN
	SELECT least((min(m.day) + interval '1 year')::date, max(m.day) FILTER (WHERE m.place = ceil(0.8 * (SELECT count(*) FROM lodge.unit)))) INTO day
		FROM (SELECT min(h.opened) AS day, row_number() OVER (ORDER BY min(h.opened), h.unit) AS place FROM lodge.household h
			WHERE h.opened IS NOT NULL GROUP BY h.unit) m;
	RETURN lodge.estate_moment(day + lodge.policy_value('working.ends', '17:30')::time);
END $$;

-- Reading roles ask this: a definer, because a reminder tells only the day.
CREATE OR REPLACE FUNCTION lodge.inspection_due(a_id bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	i inspection;
BEGIN
	SELECT * INTO i FROM inspection WHERE id = a_id;
	RETURN CASE WHEN i.state IN ('due','met') AND i.kind = 'full' THEN coalesce(i.fixed_due, inspection_first_due()) ELSE i.fixed_due END;
END $$;

-- All active files for a sample; the move-in and fit-out files of households for a full check.
CREATE OR REPLACE FUNCTION lodge.inspection_files(a_kind text) RETURNS SETOF lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT * FROM lodge.file f WHERE f.status = 'active' AND (a_kind <> 'full' OR f.class = 'household');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_inspection_drawn(new lodge.inspection, who lodge.actor) RETURNS lodge.inspection LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.drawn_at := who.at;
	new.drawn_by := who.staff;
	new.population := (SELECT count(*) FROM inspection_files(new.kind));
	new.required := CASE WHEN new.kind = 'full' THEN new.population
		ELSE ceil(new.population * policy_value('archive.sample_percent', '5')::numeric / 100) END;
	new.unfinished := (SELECT count(*) FROM inspection i WHERE i.kind = new.kind AND i.state = 'drawn');
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_inspection_has_files(new lodge.inspection, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).required > 0;
END $$;

-- The lot, laid out along the shelves; the reminder of this kind is met, and its day is the day of the check.
CREATE OR REPLACE FUNCTION lodge.effect_inspection_drawn(new lodge.inspection, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	met bigint;
BEGIN
	INSERT INTO inspection_item (area, state, inspection, file)
		SELECT s.area, 'open', new.id, s.id FROM (SELECT f.* FROM inspection_files(new.kind) f ORDER BY gen_random_uuid() LIMIT new.required) s
		ORDER BY s.room, s.cabinet, s.drawer, s.code;
	FOR met IN UPDATE inspection i SET state = 'met', version = i.version + 1, fixed_due = coalesce(i.fixed_due, inspection_first_due())
		WHERE i.state = 'due' AND i.kind = new.kind RETURNING i.id LOOP
		PERFORM deadline_close('inspection', met, 'inspection_due', who.at);
		UPDATE inspection i SET fixed_due = m.fixed_due FROM inspection m WHERE i.id = new.id AND m.id = met;
		PERFORM deadline_open(0, 'inspection', new.id, 'inspection_due', (SELECT i.fixed_due FROM inspection i WHERE i.id = new.id));
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_inspection_enough_checked(new lodge.inspection, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT count(*) FROM lodge.inspection_item i WHERE i.inspection = (new).id AND i.state <> 'open') >= (new).required;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_inspection_closed(new lodge.inspection, who lodge.actor) RETURNS lodge.inspection LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.closed_at := who.at;
	new.closed_by := who.staff;
	RETURN new;
END $$;

-- ARC-18: the next sample is due half a year later.
CREATE OR REPLACE FUNCTION lodge.effect_inspection_closed(new lodge.inspection, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	next timestamptz := estate_moment(((estate_time(who.at)::date + interval '6 months')::date) + policy_value('working.ends', '17:30')::time);
	reminder bigint;
BEGIN
	PERFORM deadline_close('inspection', new.id, 'inspection_due', who.at);
	IF EXISTS (SELECT 1 FROM inspection i WHERE i.state = 'due' AND i.kind = 'half_year') THEN
		RETURN;
	END IF;
	INSERT INTO inspection (state, kind, fixed_due) VALUES ('due', 'half_year', next) RETURNING id INTO reminder;
	PERFORM deadline_open(0, 'inspection', reminder, 'inspection_due', next);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_inspection_under_way(new lodge.inspection_item, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.inspection i WHERE i.id = (new).inspection AND i.state = 'drawn');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_inspection_remedy_named(new lodge.inspection_item, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).state <> 'missing' OR (new).remedy IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_inspection_judged(new lodge.inspection_item, who lodge.actor) RETURNS lodge.inspection_item LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.state := who.args ->> 'verdict';
	new.remedy := CASE WHEN new.state = 'missing' THEN new.remedy END;
	new.judged_at := who.at;
	new.judged_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_inspection_remedied(new lodge.inspection_item, who lodge.actor) RETURNS lodge.inspection_item LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.remedied_at := who.at;
	new.remedied_by := who.staff;
	RETURN new;
END $$;
