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
	new.signatures := CASE new.form_kind WHEN 'emergency_record' THEN coalesce(new.signatures, 0) END;
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
	new.reported_by := acted_by(who);
	new.page := (page_of(who)).id;
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

-- "IMG_0042.jpg sha256:9f86…", or as sha256sum prints it: "9f86…  IMG_0042.jpg".
CREATE OR REPLACE FUNCTION lodge.photo_is_proven(a_photo text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT a_photo ~* '[^ ] +(sha256:)?[0-9a-f]{64}$' OR a_photo ~* '^(sha256:)?[0-9a-f]{64} +[^ ]'
$$;

CREATE OR REPLACE FUNCTION lodge.photos_unproven(a_photos jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(a_photos, '[]'::jsonb)) p WHERE NOT lodge.photo_is_proven(p->>'name'))
$$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_photos_proven(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce((new).photos, '[]'::jsonb)) p
		WHERE p->>'name' ~* 'sha256:' AND NOT lodge.photo_is_proven(p->>'name'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_says_what(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).details IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_told_superior(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).told_to IS NULL OR EXISTS (SELECT 1 FROM lodge.holders((who).at) h WHERE h.staff = (new).told_to AND h.role IN ('DEM', 'EM'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_told_since(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).oral_at BETWEEN (new).discovered_at AND (who).at;
END $$;

-- At least one photograph, and none without its digest.
CREATE OR REPLACE FUNCTION lodge.incident_is_pictured(i lodge.incident) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN jsonb_array_length(coalesce((i).photos, '[]'::jsonb)) > 0 AND NOT lodge.photos_unproven((i).photos);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_major_has_photos(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).severity <> 'major' OR lodge.incident_is_pictured(new);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_loss_has_photos(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT (new).economic_loss OR lodge.incident_is_pictured(new);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_approver(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((who).role = 'EM' OR (new).form_kind = 'power_slip') AND (who).staff <> (new).reported_by AND (who).staff IS DISTINCT FROM (new).submitted_by;
END $$;

-- NGT-05: the first time counts.
CREATE OR REPLACE FUNCTION lodge.derive_incident_at_scene(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.scene_by := CASE WHEN new.scene_at IS NULL THEN who.staff ELSE new.scene_by END;
	new.scene_at := coalesce(new.scene_at, who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_scene_once(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).scene_at = (who).at;
END $$;

-- Emergency records (INC-11, VUL-06): signed by three parties, at the welfare check where there is one.

CREATE OR REPLACE FUNCTION lodge.incident_signature_put(a_incident bigint, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	signed bigint;
BEGIN
	INSERT INTO lodge.incident_signature (state, incident, role, name, signed_at, written_by)
		VALUES ('signed', a_incident, (who).args->>'role', (who).args->>'name', (who).at, (who).staff) RETURNING id INTO signed;
	PERFORM lodge.beside(who, 'incident_signature', signed, 1, 'signed', NULL, 'sign', '{}');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_incident_signed(new lodge.incident, who lodge.actor) RETURNS lodge.incident LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.signatures := new.signatures + 1;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_incident_signed(new lodge.incident, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM incident_signature_put(new.id, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_is_record(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).form_kind = 'emergency_record';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_signed_here(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.welfare_check c WHERE c.incident = (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_party_once(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.incident_signature s WHERE s.incident = (new).id
		AND (lodge.plain_name(s.role) = lodge.plain_name((who).args->>'role') OR lodge.plain_name(s.name) = lodge.plain_name((who).args->>'name')));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_incident_three_signed(new lodge.incident, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).form_kind <> 'emergency_record' OR (new).signatures >= 3;
END $$;

-- The record of an entry into a home. What happened there is written by whoever hands it in: the house knows only where and when.
CREATE OR REPLACE FUNCTION lodge.incident_of_entry(a_unit bigint, who lodge.actor) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	i lodge.incident;
BEGIN
	i.form_kind := 'emergency_record';
	i.kind := 'other';
	i.place := (SELECT u.code FROM lodge.unit u WHERE u.id = a_unit);
	i := lodge.derive_incident_opened(i, who);
	INSERT INTO lodge.incident (state, no, kind, place, severity, economic_loss, form_kind, discovered_at, unit, building, reported_by, due, page, signatures)
		SELECT 'opened', coalesce(max(x.no), 0) + 1, i.kind, i.place, i.severity, i.economic_loss, i.form_kind, i.discovered_at, i.unit, i.building,
			i.reported_by, i.due, i.page, i.signatures FROM lodge.incident x RETURNING * INTO i;
	PERFORM lodge.deadline_open(NULL, 'incident', i.id, 'incident_report', i.due);
	PERFORM lodge.beside(who, 'incident', i.id, i.version, i.state, NULL, 'open', ARRAY[i.reported_by]);
	RETURN i.id;
END $$;

-- A death was found: the report is a major one, as long as it has not been handed in. Which kind it is stands where it may be read.
CREATE OR REPLACE FUNCTION lodge.incident_is_major(a_incident bigint, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	i lodge.incident;
BEGIN
	UPDATE lodge.incident x SET severity = 'major', due = x.discovered_at + interval '12 hours', version = x.version + 1
		WHERE x.id = a_incident AND x.severity <> 'major' AND x.state IN ('opened', 'reported') RETURNING * INTO i;
	IF FOUND THEN
		PERFORM lodge.deadline_close('incident', i.id, 'incident_report', (who).at);
		PERFORM lodge.deadline_open(NULL, 'incident', i.id, 'incident_report', i.due);
		PERFORM lodge.beside(who, 'incident', i.id, i.version, i.state, NULL, 'amend', ARRAY[i.reported_by]);
	END IF;
END $$;

-- Whoever signs at the check signs its record.
CREATE OR REPLACE FUNCTION lodge.incident_signed_at_check(a_incident bigint, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	i lodge.incident;
BEGIN
	UPDATE lodge.incident x SET signatures = x.signatures + 1, version = x.version + 1 WHERE x.id = a_incident RETURNING * INTO i;
	IF FOUND THEN
		PERFORM lodge.incident_signature_put(i.id, who);
		PERFORM lodge.beside(who, 'incident', i.id, i.version, i.state, NULL, 'sign', ARRAY[i.reported_by]);
	END IF;
END $$;
