-- archive.sql - rules of households, persons, files, documents and the archive room.
-- ARC-01, 03..07, 27; RES-07, 14; LOAN-08, 10, 12, 13, 14, 16. Not for: the loans (loan.sql).
-- Trap: a unit's area goes into every row that hangs on the unit; it is derived here and nowhere else.

-- LOAN-16: household archives are kept by ACU, company archives by HR.
CREATE OR REPLACE FUNCTION lodge.custodian_of(a_file bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT CASE WHEN f.class IN ('company','staff','contract') THEN 'HR' ELSE 'ACU' END FROM lodge.file f WHERE f.id = a_file);
END $$;

CREATE OR REPLACE FUNCTION lodge.is_centre_staff(a_staff bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.staff s JOIN lodge.department d ON d.id = s.department WHERE s.id = a_staff AND s.status <> 'left' AND d.kind = 'centre');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_person_of_household(new lodge.person, who lodge.actor) RETURNS lodge.person LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit, h.important INTO new.area, new.unit, new.mobile_withheld FROM household h WHERE h.id = new.household;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_person_leaves(new lodge.person, who lodge.actor) RETURNS lodge.person LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.left_on := coalesce(new.left_on, estate_time(who.at)::date);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_contact_of_household(new lodge.emergency_contact, who lodge.actor) RETURNS lodge.emergency_contact LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit INTO new.area, new.unit FROM household h WHERE h.id = new.household;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_contact_ends(new lodge.emergency_contact, who lodge.actor) RETURNS lodge.emergency_contact LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.ended := coalesce(new.ended, estate_time(who.at)::date);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_household_registered(new lodge.household, who lodge.actor) RETURNS lodge.household LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT u.area INTO new.area FROM unit u WHERE u.id = new.unit;
	new.important := false;
	new.opened := coalesce(new.opened, estate_time(who.at)::date);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_person_household_here(new lodge.person, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.household h WHERE h.id = (new).household AND h.closed IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_household_left(new lodge.household, who lodge.actor) RETURNS lodge.household LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.closed := coalesce(new.closed, estate_time(who.at)::date);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_household_is_here(new lodge.household, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.household h WHERE h.id = (new).id AND h.closed IS NULL);
END $$;

-- ARC-07: what is kept apart when this household leaves: the unit's own files, unless a tenant leaves an owner behind.
CREATE OR REPLACE FUNCTION lodge.household_files(new lodge.household) RETURNS SETOF lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT * FROM lodge.file f WHERE f.unit = (new).unit AND f.class = 'household' AND f.status = 'active'
		AND ((new).kind = 'owner' OR NOT EXISTS (SELECT 1 FROM lodge.household h WHERE h.unit = (new).unit AND h.id <> (new).id AND h.closed IS NULL));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_household_files_in(new lodge.household, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.household_files(new) f JOIN lodge.loan l ON l.file = f.id AND l.state = 'issued');
END $$;

-- Nobody and nothing is deleted: it ends.
CREATE OR REPLACE FUNCTION lodge.effect_household_left(new lodge.household, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p person;
	c emergency_contact;
	s sealed_person;
	f file;
BEGIN
	FOR p IN UPDATE person t SET left_on = new.closed, version = t.version + 1 WHERE t.household = new.id AND t.left_on IS NULL RETURNING t.* LOOP
		PERFORM beside(who, 'person', p.id, p.version, NULL, p.area, 'leave', NULL);
	END LOOP;
	FOR c IN UPDATE emergency_contact t SET ended = new.closed, version = t.version + 1 WHERE t.household = new.id AND t.ended IS NULL RETURNING t.* LOOP
		PERFORM beside(who, 'emergency_contact', c.id, c.version, NULL, c.area, 'end', NULL);
	END LOOP;
	FOR s IN UPDATE sealed_person t SET ended = new.closed, version = t.version + 1 WHERE t.household = new.id AND t.ended IS NULL RETURNING t.* LOOP
		PERFORM beside(who, 'sealed_person', s.id, s.version, NULL, s.area, 'end', NULL);
	END LOOP;
	FOR f IN UPDATE file t SET status = 'superseded', version = t.version + 1 WHERE t.id IN (SELECT x.id FROM household_files(new) x) RETURNING t.* LOOP
		PERFORM beside(who, 'file', f.id, f.version, NULL, f.area, 'supersede', NULL);
	END LOOP;
	PERFORM vip_follows(new.id, false, who);
END $$;

-- A company file has no unit and belongs to the estate office, area 0.
CREATE OR REPLACE FUNCTION lodge.derive_file_registered(new lodge.file, who lodge.actor) RETURNS lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.unit IS NULL AND new.class = 'household' THEN -- 7-1203/3 says it
		SELECT u.id INTO new.unit FROM unit u WHERE u.code = regexp_replace(new.code, '/[0-9]+$', '');
	END IF;
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), 0);
	new.status := CASE WHEN new.class = 'important_event' THEN 'proposed' ELSE 'active' END; -- ARC-22
	new.binding := coalesce(new.binding, 'standard');
	new.bag := coalesce(new.bag, CASE WHEN new.class = 'household' THEN 'move_in' END);
	new.care := 'complete'; new.gaps := 0; new.since := who.at; -- weighed when it stands there
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_file_custodian(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = CASE WHEN (new).class IN ('company','staff','contract') THEN 'HR' ELSE 'ACU' END;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_file_of_a_unit(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class <> 'household' OR (new).unit IS NOT NULL;
END $$;

-- ARC-01: a household's volumes bear its unit's code, and no other file bears that of a unit it is not about.
CREATE OR REPLACE FUNCTION lodge.guard_file_code_of_unit(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	named bigint := (SELECT u.id FROM lodge.unit u WHERE u.code = split_part((new).code, '/', 1));
BEGIN
	RETURN CASE WHEN (new).class = 'household' THEN named IS NOT DISTINCT FROM (new).unit AND (new).code ~ '^[^/]+/[1-9][0-9]*$'
		ELSE named IS NULL OR named IS NOT DISTINCT FROM (new).unit END;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_file_active(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).id AND f.status = 'active');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_file_not_out(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = (new).id AND l.state = 'issued');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_file_superseded(new lodge.file, who lodge.actor) RETURNS lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.status := 'superseded';
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_custodian(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = lodge.custodian_of((new).file);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_file_active(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).file AND f.status = 'active');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_file_in(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = (new).file AND l.state = 'issued');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_document_placed(new lodge.document, who lodge.actor) RETURNS lodge.document LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT f.area INTO new.area FROM file f WHERE f.id = new.file;
	new.title := coalesce(new.title, (checklist_of(new.file, new.type, new.item)).title);
	IF new.item IS NULL THEN -- called as on the checklist: it is that paper
		SELECT k.item INTO new.item FROM file f JOIN unit u ON u.id = f.unit JOIN checklist k ON k."use" = u."use"
			WHERE f.id = new.file AND k.bag = new.type AND lower(k.title) = lower(new.title) LIMIT 1;
	END IF;
	new.original := coalesce(new.original, true);
	new.copies := coalesce(new.copies, 1);
	new.reason := coalesce(new.reason, CASE WHEN new.loan IS NULL THEN 'Collected for the bag ' || new.type ELSE 'Filed against a loan' END); -- ARC-06
	new.received_at := who.at;
	new.received_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_document_withdrawn(new lodge.document, who lodge.actor) RETURNS lodge.document LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.removed_at := who.at;
	new.removed_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_room_entered(new lodge.room_entry, who lodge.actor) RETURNS lodge.room_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.in_at := who.at;
	new.entered_by := who.staff;
	new.centre_staff := new.employee IS NOT NULL AND is_centre_staff(new.employee);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_room_person_given(new lodge.room_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).person_name IS NULL) <> ((new).employee IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_room_escort_named(new lodge.room_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).centre_staff OR (new).escort IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_room_escort_centre(new lodge.room_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).escort IS NULL OR ((new).escort IS DISTINCT FROM (new).employee AND lodge.is_centre_staff((new).escort));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_room_not_inside(new lodge.room_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.room_entry e WHERE e.state = 'inside' AND (e.employee = (new).employee
	OR ((new).employee IS NULL AND e.employee IS NULL AND e.person_name = (new).person_name AND coalesce(e.body, '') = coalesce((new).body, ''))));
END $$;

-- Who accompanies two is free when the second one has left as well.
CREATE OR REPLACE FUNCTION lodge.guard_room_escort_free(new lodge.room_entry, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.room_entry e WHERE e.escort = (new).escort AND e.id <> (new).id AND e.state = 'inside');
END $$;

-- Without an escort nobody is left to leave: the entry closes with the person.
CREATE OR REPLACE FUNCTION lodge.derive_room_left(new lodge.room_entry, who lodge.actor) RETURNS lodge.room_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.out_at := who.at;
	new.state := CASE WHEN new.escort IS NULL THEN 'closed' ELSE 'left' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_room_escort_left(new lodge.room_entry, who lodge.actor) RETURNS lodge.room_entry LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.escort_out_at := who.at;
	RETURN new;
END $$;

-- LOAN-12, LOAN-14: the key is at the desk or with somebody of the centre.
CREATE OR REPLACE FUNCTION lodge.derive_key_taken(new lodge.room_key, who lodge.actor) RETURNS lodge.room_key LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.taken_at := who.at;
	new.given_by := who.staff;
	new.due := due_after(who.at, 0);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_holder_centre(new lodge.room_key, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.is_centre_staff((new).holder);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_is_here(new lodge.room_key, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.room_key k WHERE k.state = 'out')
		AND NOT EXISTS (SELECT 1 FROM lodge.key_use k WHERE k.class = 'archive_room' AND k.state = 'out');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_returned(new lodge.room_key, who lodge.actor) RETURNS lodge.room_key LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.returned_at := who.at;
	new.received_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_damage_seen(new lodge.damage_report, who lodge.actor) RETURNS lodge.damage_report LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.seen_by := who.staff;
	new.seen_at := who.at;
	RETURN new;
END $$;
