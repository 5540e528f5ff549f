-- night_emergency.sql - the rules of emergencies: EMG-01..14, VUL-07.
-- Not for: what a running emergency opens of the residents' archive (night_glass.sql). Trap: what has run out counts as
-- closed for everything but its own record; whoever asks looks at emergency_runs(), never at the state alone.

CREATE OR REPLACE FUNCTION lodge.emergency_runs(e lodge.emergency, a_at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (e).state = 'open' AND (e).opened_at <= a_at AND (e).until > a_at $$;

CREATE OR REPLACE FUNCTION lodge.emergency_holds(e lodge.emergency, u lodge.unit) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT ((e).building IS NULL OR (e).building = (u).building) AND ((e).floor IS NULL OR (e).floor = (u).floor) $$;

CREATE OR REPLACE FUNCTION lodge.emergency_end(a_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN a_at + make_interval(hours => lodge.policy_value('emergency.hours', '8')::integer);
END $$;

-- EMG-14, for the read lanes.
CREATE OR REPLACE FUNCTION lodge.emergency_numbers() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN concat_ws(' / ', nullif(policy_value('emergency.police', '110'), ''), nullif(policy_value('emergency.fire', '119'), ''),
		nullif(policy_value('emergency.ambulance', '120'), ''));
END $$;

-- What the zone names: the estate, a building, a floor of it, or the floor of a unit, which is then the seat.
CREATE OR REPLACE FUNCTION lodge.derive_emergency_opened(new lodge.emergency, who lodge.actor) RETURNS lodge.emergency LANGUAGE plpgsql STABLE AS $$
DECLARE
	said text := lower(btrim(new.zone));
	part text := split_part(said, '/', 2);
	u lodge.unit;
BEGIN
	SELECT x.* INTO u FROM unit x WHERE lower(x.code) = said;
	IF u.id IS NOT NULL THEN
		new.seat := coalesce(new.seat, u.id);
	ELSIF said <> 'estate' THEN
		SELECT x.* INTO u FROM unit x JOIN building b ON b.id = x.building WHERE lower(b.number) = split_part(said, '/', 1)
			AND (strpos(said, '/') = 0 OR (part ~ '^-?[0-9]{1,3}$' AND x.floor = part::integer)) LIMIT 1;
		IF strpos(said, '/') = 0 THEN
			u.floor := NULL;
		END IF;
	END IF;
	new.building := u.building;
	new.floor := u.floor;
	new.zone := coalesce((SELECT concat_ws('/', b.number, u.floor) FROM building b WHERE b.id = u.building), said);
	new.opened_by := who.staff;
	new.opened_at := who.at;
	new.until := emergency_end(who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_emergency_zone_known(new lodge.emergency, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).building IS NOT NULL OR (new).zone = 'estate';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_emergency_seat_inside(new lodge.emergency, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).seat IS NULL OR EXISTS (SELECT 1 FROM lodge.unit u WHERE u.id = (new).seat AND lodge.emergency_holds(new, u));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_emergency_once(new lodge.emergency, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.emergency e WHERE e.state = 'open' AND (e.kind, e.zone) = ((new).kind, (new).zone));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_emergency_in_force(new lodge.emergency, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.emergency_runs(new, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_emergency_opened(new lodge.emergency, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO emergency_step (state, emergency, place, step) SELECT 'waiting', new.id, p.place, p.step FROM emergency_plan p WHERE p.kind = new.kind ORDER BY p.place;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_emergency_prolonged(new lodge.emergency, who lodge.actor) RETURNS lodge.emergency LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.until := greatest(new.until, emergency_end(who.at));
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_emergency_closed(new lodge.emergency, who lodge.actor) RETURNS lodge.emergency LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.closed_by := who.staff;
	new.closed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_emergency_rolled(new lodge.emergency, who lodge.actor) RETURNS lodge.emergency LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.roll_at := coalesce(new.roll_at, who.at);
	RETURN new;
END $$;

-- The units of the zone where somebody lives: the seat's building first, there the floors nearest to the seat, those above it
-- before those below. Called again it adds who is missing and leaves what was ticked. Whoever calls it, from then on others see who
-- needs help: the first call is a use to be reviewed (EMG-12).
CREATE OR REPLACE FUNCTION lodge.effect_emergency_rolled(new lodge.emergency, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	seat lodge.unit;
	used lodge.break_glass;
BEGIN
	SELECT u.* INTO seat FROM unit u WHERE u.id = new.seat;
	INSERT INTO roll_tick (state, emergency, place, building, floor, unit)
		SELECT 'to_see', new.id, row_number() OVER (ORDER BY u.building IS DISTINCT FROM seat.building, lpad(b.number, 8), abs(u.floor - seat.floor) * (u.building = seat.building)::integer,
			CASE WHEN u.building = seat.building THEN -u.floor ELSE u.floor END, u.code), u.building, u.floor, u.id
		FROM unit u JOIN building b ON b.id = u.building WHERE emergency_holds(new, u)
			AND EXISTS (SELECT 1 FROM person p WHERE p.unit = u.id AND p.left_on IS NULL)
		ON CONFLICT (emergency, unit) DO NOTHING;
	IF new.roll_at = who.at AND EXISTS (SELECT 1 FROM emergency_plan p WHERE p.kind = new.kind AND p.step = 'ask_help') THEN
		INSERT INTO break_glass (state, emergency, book, record, opened, read_by, read_at, review_due)
			VALUES ('used', new.id, 'roll_tick', new.id, 'help', who.staff, who.at, glass_due(who.at)) RETURNING * INTO used;
		PERFORM beside(who, 'break_glass', used.id, 1, 'used', NULL, 'use', ARRAY[used.read_by]);
	END IF;
END $$;

-- VUL-07, for the lane of those who read telephones: only of what runs, only in its zone, only once its roll was called, only where its
-- kind needs it. Asked once a list, not once a row.
CREATE OR REPLACE FUNCTION lodge.roll_help() RETURNS TABLE (emergency bigint, unit bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT DISTINCT e.id, u.id FROM emergency e JOIN unit u ON emergency_holds(e, u) JOIN person p ON p.unit = u.id AND p.needs_help AND p.left_on IS NULL
		WHERE e.state = 'open' AND e.roll_at IS NOT NULL AND emergency_runs(e, lodge_now())
			AND EXISTS (SELECT 1 FROM emergency_plan s WHERE s.kind = e.kind AND s.step = 'ask_help');
END $$;

-- The steps, the calls, the torches, the roll: only of an emergency that nobody had closed at that moment. What a terminal recorded
-- without the server is judged at its own moment, and holds although the emergency was closed before it was handed in.
CREATE OR REPLACE FUNCTION lodge.is_emergency_open(a_emergency bigint, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.emergency e WHERE e.id = a_emergency AND (e.state = 'open' OR e.closed_at > a_at));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_step_runs(new lodge.emergency_step, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.is_emergency_open((new).emergency, (who).at);
END $$;

-- EMG-09: the organisers of what is going on in the house are told one by one, or nothing is going on and the note says so.
CREATE OR REPLACE FUNCTION lodge.guard_step_organisers(new lodge.emergency_step, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).step <> 'tell_events' OR (new).note IS NOT NULL
		OR EXISTS (SELECT 1 FROM lodge.emergency_call c WHERE c.emergency = (new).emergency AND c.party = 'organiser');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_step_ticked(new lodge.emergency_step, who lodge.actor) RETURNS lodge.emergency_step LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.done_by := who.staff;
	new.done_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_call_runs(new lodge.emergency_call, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.is_emergency_open((new).emergency, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_call_event(new lodge.emergency_call, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).party IS NOT DISTINCT FROM 'organiser') = ((new).event IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_call_noted(new lodge.emergency_call, who lodge.actor) RETURNS lodge.emergency_call LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.state := CASE WHEN (who).args ->> 'answered' = 'false' THEN 'called' ELSE 'reached' END;
	new.called_by := who.staff;
	new.called_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_torch_runs(new lodge.torch_request, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.is_emergency_open((new).emergency, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_torch_asked(new lodge.torch_request, who lodge.actor) RETURNS lodge.torch_request LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.torches := coalesce(new.torches, 1);
	new.noted_by := who.staff;
	new.asked_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_torch_brought(new lodge.torch_request, who lodge.actor) RETURNS lodge.torch_request LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.brought_by := who.staff;
	new.brought_at := who.at;
	RETURN new;
END $$;

-- EMG-12: one line a unit, whoever ticks it; the same tick twice writes nothing.
CREATE OR REPLACE FUNCTION lodge.known_roll_ticked(new lodge.roll_tick, who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT t.id FROM roll_tick t WHERE t.emergency = new.emergency AND t.unit = new.unit);
END $$;

-- What was found last stands, and of those who found the same the first: by the moments at which they ticked, in whatever order their
-- terminals hand it in.
CREATE OR REPLACE FUNCTION lodge.roll_found(t lodge.roll_tick, a_found text, who lodge.actor) RETURNS lodge.roll_tick LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF t.ticked_at IS NULL OR (t.state = a_found) = (t.ticked_at > (who).at) THEN
		t.state := a_found;
		t.ticked_by := (who).staff;
		t.ticked_at := (who).at;
	END IF;
	RETURN t;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_roll_ticked(new lodge.roll_tick, who lodge.actor) RETURNS lodge.roll_tick LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.id IS NULL THEN
		SELECT u.building, u.floor, coalesce((SELECT max(t.place) FROM roll_tick t WHERE t.emergency = new.emergency), 0) + 1 INTO new.building, new.floor, new.place
			FROM unit u WHERE u.id = new.unit;
	END IF;
	RETURN roll_found(new, coalesce((who).args ->> 'found', 'seen'), who);
END $$;

-- Whom somebody has brought out has been seen, too.
CREATE OR REPLACE FUNCTION lodge.derive_roll_seen(new lodge.roll_tick, who lodge.actor) RETURNS lodge.roll_tick LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.state = 'out' THEN
		RETURN new;
	END IF;
	RETURN roll_found(new, 'seen', who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_roll_missed(new lodge.roll_tick, who lodge.actor) RETURNS lodge.roll_tick LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN roll_found(new, 'not_found', who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roll_runs(new lodge.roll_tick, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.is_emergency_open((new).emergency, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_roll_in_zone(new lodge.roll_tick, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.emergency e JOIN lodge.unit u ON u.id = (new).unit WHERE e.id = (new).emergency AND lodge.emergency_holds(e, u));
END $$;
