-- gate_goods.sql - the rules of goods: GRS-01..05, MOUT-04, MOUT-05, STF-10, invariants 18 and 19.
-- Trap: a slip's lines are compared by name without case and blanks; what a request takes away is checked
-- against what remains, never against what was issued.

CREATE OR REPLACE FUNCTION lodge.unit_rented(a_unit bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM household h WHERE h.unit = a_unit AND h.closed IS NULL AND h.kind <> 'owner');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_slip_issued(new lodge.release_slip, who lodge.actor) RETURNS lodge.release_slip LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.valid_on := coalesce(new.valid_on, estate_time(who.at)::date);
	new.reason := coalesce(new.reason, 'carry_out');
	new.remaining := new.items;
	new.issued_by := who.staff;
	new.issued_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_slip_day_ahead(new lodge.release_slip, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_on >= lodge.estate_time((who).at)::date;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_slip_move_out_cleared(new lodge.release_slip, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason <> 'move_out' OR (SELECT count(DISTINCT c.condition) FROM lodge.move_out_clearance c WHERE c.unit = (new).unit
		AND c.at > (who).at - interval '31 days') = 2;
END $$;

-- What is left of a_left when a_taken goes; NULL when it is not there. One name may stand on several lines.
CREATE OR REPLACE FUNCTION lodge.items_less(a_left jsonb, a_taken jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	line jsonb;
	rest jsonb := a_left;
	at integer;
	have integer;
	want integer;
BEGIN
	FOR line IN SELECT value FROM jsonb_array_elements(a_taken) LOOP
		want := (line->>'quantity')::integer;
		WHILE want > 0 LOOP
			SELECT o.n - 1, (o.value->>'quantity')::integer INTO at, have FROM jsonb_array_elements(rest) WITH ORDINALITY o(value, n)
				WHERE lodge.plain_name(o.value->>'name') = lodge.plain_name(line->>'name') ORDER BY o.n LIMIT 1;
			IF NOT FOUND THEN
				RETURN NULL;
			END IF;
			rest := CASE WHEN have <= want THEN rest - at ELSE jsonb_set(rest, ARRAY[at::text, 'quantity'], to_jsonb(have - want)) END;
			want := want - have;
		END LOOP;
	END LOOP;
	RETURN rest;
END $$;

-- The items given are what goes out now; those of the slip stay as they were issued.
CREATE OR REPLACE FUNCTION lodge.derive_slip_cleared(new lodge.release_slip, who lodge.actor) RETURNS lodge.release_slip LANGUAGE plpgsql STABLE AS $$
DECLARE
	stored lodge.release_slip;
BEGIN
	SELECT * INTO stored FROM release_slip s WHERE s.id = new.id;
	new.left_last := CASE WHEN 'items' = ANY (who.given) THEN new.items ELSE stored.remaining END;
	new.remaining := items_less(stored.remaining, new.left_last);
	new.items := stored.items;
	new.state := CASE WHEN new.remaining = '[]'::jsonb THEN 'used' ELSE 'issued' END;
	IF new.state = 'used' THEN
		new.used_by := who.staff;
		new.used_at := who.at;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_slip_on_its_day(new lodge.release_slip, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_on = lodge.estate_time((who).at)::date;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_slip_covers_items(new lodge.release_slip, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).remaining IS NOT NULL;
END $$;

-- GRS-01: the exit is booked as every large item is.
CREATE OR REPLACE FUNCTION lodge.effect_slip_left(new lodge.release_slip, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	made bigint;
BEGIN
	INSERT INTO goods_log (area, direction, items, person, unit, vehicle, at, seen_by, gate)
		VALUES (new.area, 'out', new.left_last, new.person, new.unit, new.vehicle, who.at, who.staff, who.terminal) RETURNING id INTO made;
	PERFORM beside(who, 'goods_log', made, 1, NULL, new.area, 'note', '{}');
END $$;

-- GRS-01: what tenants and shops take out leaves on a slip, and the slip's release is what is booked. Offices as the policy says.
CREATE OR REPLACE FUNCTION lodge.guard_goods_on_slip(new lodge.goods_log, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	purpose text := (SELECT u.use FROM lodge.unit u WHERE u.id = (new).unit);
BEGIN
	RETURN (new).direction <> 'out' OR (new).unit IS NULL OR NOT (lodge.unit_rented((new).unit) OR purpose = 'shop')
		OR (purpose = 'office' AND lodge.policy_value('goods.office_slips', 'true') <> 'true');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_goods_noted(new lodge.goods_log, who lodge.actor) RETURNS lodge.goods_log LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.vehicle := nullif(plain_plate(new.vehicle), '');
	new.at := who.at;
	new.seen_by := who.staff;
	new.gate := who.terminal;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_clearance_recorded(new lodge.move_out_clearance, who lodge.actor) RETURNS lodge.move_out_clearance LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.at := who.at;
	new.cleared_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_clearance_by_its_role(new lodge.move_out_clearance, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).condition = 'arrears') = ((who).role = 'FIN');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_clearance_way_given(new lodge.move_out_clearance, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).condition <> 'arrears' OR (new).way IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_clearance_promise_near(new lodge.move_out_clearance, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := lodge.estate_time((who).at)::date;
BEGIN
	RETURN (new).way IS DISTINCT FROM 'cheque' OR coalesce((new).promise BETWEEN today AND today + 2, false);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_clearance_voluntary(new lodge.move_out_clearance, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).way IS DISTINCT FROM 'valuables' OR coalesce((new).voluntary, false);
END $$;
