-- gate_watch.sql - the rules of what the gate knows beforehand: VIS-10, PARK-01, PARK-02, KEYH-01, CNF-14.
-- Trap: facts and sources of a watched household are sealed; nothing here reads them.

CREATE OR REPLACE FUNCTION lodge.derive_gate_list_entered(new lodge.gate_list, who lodge.actor) RETURNS lodge.gate_list LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.vehicle := nullif(plain_plate(new.vehicle), '');
	new.from_day := coalesce(new.from_day, estate_time(who.at)::date);
	new.until_day := coalesce(new.until_day, CASE WHEN new.kind = 'expected' THEN new.from_day END);
	new.entered_by := who.staff;
	new.entered_at := who.at;
	RETURN new;
END $$;

-- VIS-10: a line for the whole estate stands in every area, so that every gate is told beforehand.
CREATE OR REPLACE FUNCTION lodge.effect_gate_list_everywhere(new lodge.gate_list, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	twin lodge.gate_list := new;
BEGIN
	IF new.unit IS NOT NULL THEN
		RETURN;
	END IF;
	FOR twin.area IN SELECT a.id FROM area a WHERE a.id <> new.area AND a.id = ANY (who.areas) ORDER BY a.id LOOP
		INSERT INTO gate_list (area, state, kind, name, unit, vehicle, from_day, until_day, instruction, entered_by, entered_at)
			VALUES (twin.area, new.state, new.kind, new.name, new.unit, new.vehicle, new.from_day, new.until_day, new.instruction, new.entered_by, new.entered_at)
			RETURNING id INTO twin.id;
		PERFORM beside(who, 'gate_list', twin.id, 1, new.state, twin.area, 'enter', '{}');
	END LOOP;
END $$;

-- Its lines in the other areas go with it.
CREATE OR REPLACE FUNCTION lodge.effect_gate_list_withdrawn(new lodge.gate_list, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	twin lodge.gate_list;
BEGIN
	FOR twin IN UPDATE gate_list g SET state = 'withdrawn', version = g.version + 1 WHERE g.id <> new.id AND g.state = 'in_force' AND g.unit IS NULL AND new.unit IS NULL
		AND g.kind = new.kind AND g.name = new.name AND g.entered_at = new.entered_at AND g.entered_by = new.entered_by RETURNING g.* LOOP
		PERFORM beside(who, 'gate_list', twin.id, twin.version, twin.state, twin.area, 'withdraw', '{}');
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_gate_list_days_in_order(new lodge.gate_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((new).until_day >= (new).from_day, true);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_gate_list_barred_by_supervisor(new lodge.gate_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind = 'expected' OR (who).role IN ('SS','EM');
END $$;

CREATE OR REPLACE FUNCTION lodge.parking_written(new lodge.parking, who lodge.actor) RETURNS lodge.parking LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.plate := plain_plate(new.plate);
	new.written_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_parking_permitted(new lodge.parking, who lodge.actor) RETURNS lodge.parking LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN parking_written(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_parking_in(new lodge.parking, who lodge.actor) RETURNS lodge.parking LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := parking_written(new, who);
	new.kind := 'temporary';
	new.in_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_parking_out(new lodge.parking, who lodge.actor) RETURNS lodge.parking LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.out_at := who.at;
	RETURN new;
END $$;

-- A permitted car is in or out by turns; which of both, its times tell.
CREATE OR REPLACE FUNCTION lodge.derive_parking_passed(new lodge.parking, who lodge.actor) RETURNS lodge.parking LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.in_at IS NOT NULL AND (new.out_at IS NULL OR new.out_at < new.in_at) THEN
		new.out_at := who.at;
	ELSE
		new.in_at := who.at;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_parking_plate_once(new lodge.parking, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.parking p WHERE p.plate = (new).plate AND p.state IN ('permitted','inside'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_parking_fee_paid(new lodge.parking, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).fee = 0 OR (new).receipt_no IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_watch_proposed(new lodge.key_household, who lodge.actor) RETURNS lodge.key_household LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.unit, h.area INTO new.unit, new.area FROM household h WHERE h.id = new.household;
	new.since := who.at;
	new.proposed_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_watch_once(new lodge.key_household, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.key_household k WHERE k.household = (new).household AND k.category = (new).category AND k.state IN ('proposed','listed'));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_watch_confirmed(new lodge.key_household, who lodge.actor) RETURNS lodge.key_household LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.confirmed_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_watch_removed(new lodge.key_household, who lodge.actor) RETURNS lodge.key_household LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.until := who.at;
	RETURN new;
END $$;

-- OPS-05: a favour is done when it is written down; the rest waits for whom it concerns.
CREATE OR REPLACE FUNCTION lodge.derive_gate_noted(new lodge.gate_note, who lodge.actor) RETURNS lodge.gate_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.noted_by := who.staff;
	new.noted_at := who.at;
	new.state := CASE new.kind WHEN 'favour' THEN 'done' ELSE 'open' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_gate_note_taken(new lodge.gate_note, who lodge.actor) RETURNS lodge.gate_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.taken_by := who.staff;
	new.taken_at := who.at;
	RETURN new;
END $$;
