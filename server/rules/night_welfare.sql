-- night_welfare.sql - the rules of welfare checks, going-out notices and due dates: VUL-01..08.
-- Derivations, guards and effects of common/books/welfare.c. Trap: a due date is sealed; nothing outside this file reads it,
-- and whoever asks hears only whether it is near.

-- Asked by the read lanes: a definer. A notice counts on the day when the check began.
CREATE OR REPLACE FUNCTION lodge.unit_away(a_unit bigint, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM away_notice n WHERE n.unit = a_unit AND n.state = 'in_force' AND estate_time(a_at)::date BETWEEN n.leaves AND n.returns);
END $$;

-- VUL-05: the country's numbers, as long as it is not known which of them is needed; then that one. For the read lanes.
CREATE OR REPLACE FUNCTION lodge.outcome_numbers(a_outcome text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN nullif(concat_ws(' / ', CASE WHEN coalesce(a_outcome, 'ill') = 'ill' THEN nullif(policy_value('emergency.ambulance', '120'), '') END,
		CASE WHEN coalesce(a_outcome, 'unnatural_death') = 'unnatural_death' THEN nullif(policy_value('emergency.police', '110'), '') END), '');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_started(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.started_at := who.at;
	new.started_by := who.staff;
	new.signatures := 0;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_knocked(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.knocked_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_neighbours_asked(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.neighbours_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_children_called(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.children_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_entered(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.entry_at := who.at;
	new.entered_by := who.staff;
	RETURN new;
END $$;

-- VUL-06: the entry has its record from the same moment.
CREATE OR REPLACE FUNCTION lodge.prepare_welfare_entered(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new.incident := incident_of_entry(new.unit, who);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_welfare_nobody_comes(new lodge.welfare_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).out_of_town IS TRUE AND (new).emergency_contact IS FALSE;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_welfare_supervised(new lodge.welfare_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).supervisor IS NOT NULL AND NOT lodge.is_named((who).staff, (new).supervisor);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_concluded(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.outcome_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_welfare_concluded(new lodge.welfare_check, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF new.outcome IN ('death', 'unnatural_death') THEN
		PERFORM incident_is_major(new.incident, who);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_signed(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.signatures := (SELECT count(*) + 1 FROM welfare_signature s WHERE s.welfare_check = new.id);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_welfare_party_once(new lodge.welfare_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.welfare_signature s WHERE s.welfare_check = (new).id
		AND (lodge.plain_name(s.role) = lodge.plain_name((who).args->>'role') OR lodge.plain_name(s.name) = lodge.plain_name((who).args->>'name')));
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_welfare_signed(new lodge.welfare_check, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	signed bigint;
BEGIN
	INSERT INTO welfare_signature (area, state, welfare_check, role, name, signed_at, written_by)
		VALUES (new.area, 'signed', new.id, who.args->>'role', who.args->>'name', who.at, who.staff) RETURNING id INTO signed;
	PERFORM beside(who, 'welfare_signature', signed, 1, 'signed', new.area, 'sign', '{}');
	PERFORM incident_signed_at_check(new.incident, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_welfare_signed(new lodge.welfare_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN (new).entry_at IS NULL THEN (new).contact_made IS NOT NULL ELSE (new).outcome IS NOT NULL AND (new).signatures >= 3 END;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_welfare_closed(new lodge.welfare_check, who lodge.actor) RETURNS lodge.welfare_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.closed_at := who.at;
	new.closed_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_away_given(new lodge.away_notice, who lodge.actor) RETURNS lodge.away_notice LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.leaves := coalesce(new.leaves, estate_time(who.at)::date);
	new.taken_at := who.at;
	new.taken_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_away_days_in_order(new lodge.away_notice, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).returns >= (new).leaves;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_birth_recorded(new lodge.pregnancy, who lodge.actor) RETURNS lodge.pregnancy LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit INTO new.area, new.unit FROM household h WHERE h.id = new.household;
	new.recorded_at := who.at;
	new.recorded_by := who.staff;
	RETURN new;
END $$;

-- VUL-01: from seven days before the day to seven days after it. Asked by the read lanes: a definer.
CREATE OR REPLACE FUNCTION lodge.birth_near(a_record bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM pregnancy_sealed p WHERE p.id = a_record AND today() BETWEEN p.due_on - 7 AND p.due_on + 7);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_birth_reminded(new lodge.pregnancy, who lodge.actor) RETURNS lodge.pregnancy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.reminded_at := who.at;
	new.reminded_by := who.staff;
	RETURN new;
END $$;
