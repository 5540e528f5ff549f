-- room_check.sql - the check list of the archive room and the next time (ARC-24).
-- Not for: the plan before the first check (migration 0022). Trap: the next check is planned in the effect, after
-- this one is no longer planned: the schema knows one planned check only.

CREATE OR REPLACE FUNCTION lodge.derive_room_checked(new lodge.room_check, who lodge.actor) RETURNS lodge.room_check LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.checked_at := who.at;
	new.checked_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_room_findings_told(new lodge.room_check, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).findings IS NOT NULL
		OR 'fault' <> ALL (ARRAY[(new).secure, (new).water, (new).damp, (new).insects, (new).rodents, (new).dust, (new).damage]);
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_room_checked(new lodge.room_check, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	next timestamptz := estate_moment(estate_time(who.at)::date + policy_value('archive.room_days', '30')::integer + policy_value('working.ends', '17:30')::time);
	planned bigint;
BEGIN
	INSERT INTO room_check (state, due) VALUES ('planned', next) RETURNING id INTO planned;
	PERFORM deadline_open(0, 'room_check', planned, 'room_check_due', next);
END $$;
