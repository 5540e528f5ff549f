-- night_glass.sql - breaking the glass: what a running emergency opens to the night manager, and its review (EMG-12, EKEY-02, VUL-07).
-- Not for: those who may open it anyway. Trap: the ticket alone is not enough; the reveal asks again whether the emergency
-- runs, so that closing it, or its running out, ends tickets that are seconds old.

-- Whom it opens to: the night manager in the night, or while the desk is his. Nothing recorded offline opens anything.
CREATE OR REPLACE FUNCTION lodge.is_on_duty(who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = 'NM' AND (shift_kind((who).at) = 'night' OR holds_desk(who)) AND current_setting('lodge.recorded', true) IS DISTINCT FROM 'yes';
END $$;

-- Where it opens emergency contacts, and so lets them be found; asked once a statement.
CREATE OR REPLACE FUNCTION lodge.emergency_units() RETURNS TABLE (unit bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT DISTINCT u.id FROM emergency e JOIN unit u ON emergency_holds(e, u) WHERE e.state = 'open' AND emergency_runs(e, lodge_now())
		AND EXISTS (SELECT 1 FROM emergency_need n WHERE n.kind = e.kind AND n.book = 'emergency_contact');
END $$;

-- The emergency that opens these fields of these records; NULL: none does.
CREATE OR REPLACE FUNCTION lodge.emergency_opens(who lodge.actor, a_book text, a_ids bigint[], a_fields text[]) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	units bigint[];
BEGIN
	IF NOT is_on_duty(who) THEN
		RETURN NULL;
	END IF;
	units := ARRAY(SELECT p.unit FROM person p WHERE a_book = 'person' AND p.id = ANY (a_ids) AND p.left_on IS NULL
		UNION ALL SELECT c.unit FROM emergency_contact c WHERE a_book = 'emergency_contact' AND c.id = ANY (a_ids) AND c.ended IS NULL);
	IF cardinality(units) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) OR cardinality(units) = 0 THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT e.id FROM emergency e WHERE e.state = 'open' AND emergency_runs(e, (who).at)
		AND NOT EXISTS (SELECT 1 FROM unnest(a_fields) f WHERE NOT EXISTS (SELECT 1 FROM emergency_need n WHERE (n.kind, n.book, n.field) = (e.kind, a_book, f)))
		AND NOT EXISTS (SELECT 1 FROM unnest(units) x WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = x AND emergency_holds(e, u)))
		ORDER BY e.floor IS NULL, e.building IS NULL, e.id LIMIT 1);
END $$;

-- By when somebody else has to have looked it over.
CREATE OR REPLACE FUNCTION lodge.glass_due(a_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN a_at + make_interval(hours => policy_value('emergency.review_hours', '24')::integer);
END $$;

-- Each ticket that an emergency gave is a use for somebody else to look over.
CREATE OR REPLACE FUNCTION lodge.emergency_opened(who lodge.actor, a_emergency bigint, a_tickets bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	used lodge.break_glass;
BEGIN
	FOR used IN INSERT INTO break_glass (state, emergency, unit, book, record, opened, purpose, ticket, read_by, read_at, review_due)
		SELECT 'used', a_emergency, CASE e.book WHEN 'person' THEN (SELECT p.unit FROM person p WHERE p.id = e.record) ELSE (SELECT c.unit FROM emergency_contact c WHERE c.id = e.record) END,
			e.book, e.record, array_to_string(e.fields, ' '), e.purpose, e.seq, (who).staff, (who).at, glass_due((who).at) FROM event e WHERE e.seq = ANY (a_tickets) ORDER BY e.seq RETURNING * LOOP
		PERFORM beside(who, 'break_glass', used.id, 1, 'used', NULL, 'use', ARRAY[used.read_by]);
	END LOOP;
END $$;

-- A ticket that an emergency gave holds only while that runs; every other one is not its business.
CREATE OR REPLACE FUNCTION lodge.ticket_holds(a_ticket bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT emergency_runs(e, clock_timestamp() + clock_shift()) FROM break_glass g JOIN emergency e ON e.id = g.emergency WHERE g.ticket = a_ticket), true);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_glass_reviewed(new lodge.break_glass, who lodge.actor) RETURNS lodge.break_glass LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.reviewed_by := who.staff;
	new.reviewed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_glass_by_another(new lodge.break_glass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).read_by <> (who).staff;
END $$;
