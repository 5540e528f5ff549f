-- night_round.sql - rounds, their points, notes on key households: NGT-09, NGT-10, KEYH-10, KEYH-16.
-- Not for: checks of posts (night_post.sql). Trap: a point and an incident come as text in who.args, an id or a name.

CREATE OR REPLACE FUNCTION lodge.guard_point_is_new(new lodge.patrol_point, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).code = lower((new).code) AND NOT EXISTS (SELECT 1 FROM lodge.patrol_point p WHERE p.code = (new).code);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_point_of_building(new lodge.patrol_point, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).kind = 'building') = ((new).building IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_round_begun(new lodge.round, who lodge.actor) RETURNS lodge.round LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new.shift := (lodge.shift_at(who.at)).id;
	new.begun_by := lodge.acted_by(who);
	new.begun_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_of_building(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).kind = 'building') = ((new).building IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_alone(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.round r WHERE r.begun_by = lodge.acted_by(who) AND r.state = 'under_way');
END $$;

CREATE OR REPLACE FUNCTION lodge.points_of(new lodge.round) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT p.id FROM lodge.patrol_point p WHERE p.state = 'in_use' AND p.kind = (new).kind AND p.building IS NOT DISTINCT FROM (new).building ORDER BY p.code;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_has_points(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.points_of(new));
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_round_begun(new lodge.round, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO lodge.round_point (state, round, point) SELECT 'to_see', new.id, p FROM lodge.points_of(new) p;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_see_mine(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).begun_by = lodge.acted_by(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.round_point_named(a_round bigint, a_point text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT r.id FROM lodge.round_point r JOIN lodge.patrol_point p ON p.id = r.point WHERE r.round = a_round AND r.state = 'to_see' AND a_point IN (p.code, p.id::text)
		ORDER BY (p.code = a_point) DESC LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_point_to_see(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.round_point_named((new).id, (who).args ->> 'point') IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_incident(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).args ->> 'incident' IS NULL OR EXISTS (SELECT 1 FROM lodge.incident i WHERE i.id::text = (who).args ->> 'incident');
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_round_seen(new lodge.round, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p lodge.round_point;
BEGIN
	UPDATE lodge.round_point x SET state = 'seen', seen_at = who.at, seen_by = lodge.acted_by(who), remark = who.args ->> 'remark', incident = (who.args ->> 'incident')::bigint, version = x.version + 1
		WHERE x.id = lodge.round_point_named(new.id, who.args ->> 'point') RETURNING * INTO p;
	PERFORM lodge.beside(who, 'round_point', p.id, p.version, p.state, NULL, 'see', '{}');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_round_close_mine(new lodge.round, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).begun_by = lodge.acted_by(who) OR lodge.holds_desk(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_round_closed(new lodge.round, who lodge.actor) RETURNS lodge.round LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.ended_at := (who).at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_round_closed(new lodge.round, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p lodge.round_point;
BEGIN
	FOR p IN UPDATE lodge.round_point x SET state = 'missed', version = x.version + 1 WHERE x.round = new.id AND x.state = 'to_see' RETURNING x.* LOOP
		PERFORM lodge.beside(who, 'round_point', p.id, p.version, p.state, NULL, 'miss', '{}');
	END LOOP;
END $$;

-- For the read lanes.
CREATE OR REPLACE FUNCTION lodge.round_points(a_round bigint, a_state text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN (SELECT count(*) FROM round_point p WHERE p.round = a_round AND p.state = a_state);
END $$;

-- Notes on key households: of the list that the patrol carries, on the round that he walks.
CREATE OR REPLACE FUNCTION lodge.derive_watch_noted(new lodge.watch_note, who lodge.actor) RETURNS lodge.watch_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT k.area, k.unit INTO new.area, new.unit FROM lodge.key_household k WHERE k.id = new.watched;
	new.round := (SELECT r.id FROM lodge.round r WHERE r.begun_by = lodge.acted_by(who) AND r.state = 'under_way');
	new.noted_by := lodge.acted_by(who);
	new.noted_at := (who).at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_watch_note_listed(new lodge.watch_note, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.key_household k WHERE k.id = (new).watched AND k.state = 'listed');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_watch_decided(new lodge.watch_note, who lodge.actor) RETURNS lodge.watch_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.police := coalesce(new.police, false);
	new.decided_by := (who).staff;
	new.decided_at := (who).at;
	RETURN new;
END $$;

-- The Property Change List (RES-12): a line is of its unit's area.
CREATE OR REPLACE FUNCTION lodge.derive_property_noted(new lodge.property_change, who lodge.actor) RETURNS lodge.property_change LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM lodge.unit u WHERE u.id = new.unit);
	new.day := coalesce(new.day, lodge.estate_time((who).at)::date);
	new.noted_at := (who).at;
	new.noted_by := (who).staff;
	RETURN new;
END $$;
