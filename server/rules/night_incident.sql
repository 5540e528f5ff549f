-- night_incident.sql - the rules of incident reports: INC-01..12, X-17, invariants 9 to 11.
-- Not for: numbers (compiled, and migration 0034). Trap: late is a flag and refuses nothing; the clocks run from when it was
-- discovered, whenever it is written down.

-- The end of the next working day (INC-02).
CREATE OR REPLACE FUNCTION lodge.one_working_day(a_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.due_after(lodge.estate_moment((lodge.estate_time(a_at)::date + 1)::timestamp), 0);
END $$;

-- Whether a time limit was kept; NULL while that is open.
CREATE OR REPLACE FUNCTION lodge.incident_kept(a_due timestamptz, a_done timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN CASE WHEN a_done IS NOT NULL THEN a_done <= a_due WHEN a_due < lodge_now() THEN false END;
END $$;

CREATE OR REPLACE FUNCTION lodge.incident_in_time(a_severity text, a_due timestamptz, a_submitted timestamptz, a_in_person boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN incident_kept(a_due, a_submitted) AND (a_severity = 'general' OR a_submitted IS NULL OR coalesce(a_in_person, false));
END $$;

-- What follows from what was written: the clock, and the unit or building that the place names.
CREATE OR REPLACE FUNCTION lodge.incident_worked_out(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.form_kind := coalesce(new.form_kind, CASE WHEN who.role IN ('ET', 'EL') THEN 'power_slip' ELSE 'incident_report' END);
	new.severity := coalesce(new.severity, CASE WHEN new.kind IN ('fire', 'death', 'explosion') THEN 'major' ELSE 'general' END);
	new.economic_loss := coalesce(new.economic_loss, false);
	new.discovered_at := coalesce(new.discovered_at, who.at);
	new.due := new.discovered_at + CASE new.severity WHEN 'major' THEN interval '12 hours' ELSE interval '24 hours' END;
	new.unit := (SELECT u.id FROM unit u WHERE u.code = btrim(new.place));
	new.building := coalesce((SELECT u.building FROM unit u WHERE u.id = new.unit),
		(SELECT b.id FROM building b WHERE b.number = split_part(btrim(new.place), '-', 1)));
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_opened(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.reported_by := who.staff;
	RETURN incident_worked_out(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_amended(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN incident_worked_out(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_told(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.oral_at := coalesce(new.oral_at, who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_submitted(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := incident_worked_out(new, who);
	new.in_person := coalesce(new.in_person, false);
	new.submitted_at := who.at;
	new.submitted_by := who.staff;
	new.copy_due := one_working_day(who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_copied(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.copied_at := who.at;
	new.state := CASE new.state WHEN 'filed' THEN 'filed' ELSE 'copied' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_filed(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.approved_by := who.staff;
	new.approved_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_times_in_order(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).discovered_at <= (who).at AND coalesce((new).occurred_at <= (new).discovered_at, true);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_form_by_its_role(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).form_kind = 'power_slip' OR (who).role NOT IN ('ET', 'EL')) AND ((new).kind = 'power' OR (new).form_kind <> 'power_slip');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_photos_proven(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce((new).photos, '[]'::jsonb)) p
		WHERE p->>'name' ~* 'sha256:' AND p->>'name' !~ '^.*[^ ] sha256:[0-9a-f]{64}$');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_told_since(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).oral_at BETWEEN (new).discovered_at AND (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_major_has_photos(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).severity <> 'major' OR jsonb_array_length(coalesce((new).photos, '[]'::jsonb)) > 0;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_loss_has_photos(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT (new).economic_loss OR jsonb_array_length(coalesce((new).photos, '[]'::jsonb)) > 0;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_approver(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((who).role = 'EM' OR (new).form_kind = 'power_slip') AND (who).staff <> (new).reported_by AND (who).staff IS DISTINCT FROM (new).submitted_by;
END $$;
