-- gate_staff.sql - the rules of employees at the gate and of searches: STF-01..11, invariants 16 and 17.
-- Trap: a travel slip is confirmed by the head of a department, never by the traveller himself.

CREATE OR REPLACE FUNCTION lodge.standing_permission_of(a_staff bigint, a_at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date := lodge.estate_time(a_at)::date;
BEGIN
	RETURN (SELECT p.id FROM lodge.standing_permission p WHERE p.employee = a_staff AND p.state = 'in_force' AND day BETWEEN p.valid_from AND p.valid_until
		ORDER BY p.valid_until DESC LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_passing_booked(new lodge.staff_gate, who lodge.actor) RETURNS lodge.staff_gate LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.at := who.at;
	new.booked_by := who.staff;
	new.gate := who.terminal;
	new.permission := CASE WHEN new.kind = 'standing' THEN standing_permission_of(new.employee, who.at) END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_employed(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).employee AND s.status <> 'left');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_late_reasoned(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'late' OR (new).reason IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_slip_confirmed(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'business' OR ((new).document IS NOT NULL AND (new).approver IS DISTINCT FROM (new).employee
		AND EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).approver AND s.status <> 'left')
		AND (EXISTS (SELECT 1 FROM lodge.department d WHERE d.head = (new).approver)
			OR EXISTS (SELECT 1 FROM lodge.staff_role r WHERE r.staff = (new).approver AND r.role IN ('CM','DEM','EM','GM')
				AND lodge.estate_time((who).at)::date BETWEEN r.since AND coalesce(r.until, 'infinity'))));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_permitted(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'standing' OR (new).permission IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_certified(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'ill' OR (new).document IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_passing_decided(new lodge.staff_gate, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'exception' OR ((new).decided_by IS NOT NULL AND (new).outcome IS NOT NULL AND (new).reason IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_standing_granted(new lodge.standing_permission, who lodge.actor) RETURNS lodge.standing_permission LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.granted_by := who.staff;
	new.granted_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_standing_by_head(new lodge.standing_permission, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).employee AND s.department = ANY ((who).heads)) AND (new).employee <> (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_standing_days_in_order(new lodge.standing_permission, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until >= (new).valid_from;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_search_recorded(new lodge.search_record, who lodge.actor) RETURNS lodge.search_record LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.searcher := coalesce(new.searcher, who.staff);
	new.started := coalesce(new.started, who.at);
	new.written_by := who.staff;
	new.written_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_search_three_people(new lodge.search_record, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).searched <> (new).searcher AND (new).witness NOT IN ((new).searched, (new).searcher)
		AND (SELECT count(*) FROM lodge.staff s WHERE s.id IN ((new).searched, (new).searcher, (new).witness) AND s.status <> 'left') = 3;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_search_same_sex(new lodge.search_record, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT a.sex = b.sex FROM lodge.staff a, lodge.staff b WHERE a.id = (new).searcher AND b.id = (new).searched);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_search_times_in_order(new lodge.search_record, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).started <= (who).at AND ((new).ended IS NULL OR (new).ended BETWEEN (new).started AND (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_attendance_checked(new lodge.attendance, who lodge.actor) RETURNS lodge.attendance LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.at := who.at;
	new.checked_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_attendance_of_another(new lodge.attendance, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).employee <> (who).staff AND EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).employee AND s.status <> 'left');
END $$;
