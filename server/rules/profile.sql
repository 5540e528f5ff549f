-- profile.sql - VIP profiles and the notes of daily work: when they are to be looked through. ARC-20, ARC-21.
-- Not for: who may read them (levels, policy). Trap: a household that is important no longer keeps its
-- profile, but nobody is reminded of it.

-- A month later at the end of the day.
CREATE OR REPLACE FUNCTION lodge.month_after(a_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.estate_moment((lodge.estate_time(a_at)::date + interval '1 month')::date + lodge.policy_value('working.ends', '17:30')::time);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_vip_updated(new lodge.vip_profile, who lodge.actor) RETURNS lodge.vip_profile LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.updated_at := who.at;
	new.update_due := month_after(who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_vip_of_household(new lodge.vip_profile, who lodge.actor) RETURNS lodge.vip_profile LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit INTO new.area, new.unit FROM household h WHERE h.id = new.household;
	RETURN derive_vip_updated(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_vip_household_important(new lodge.vip_profile, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.household h WHERE h.id = (new).household AND h.important);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_vip_one_profile(new lodge.vip_profile, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.vip_profile v WHERE v.household = (new).household);
END $$;

-- Its household has been marked important, or not any more: the reminder begins or ends with that.
CREATE OR REPLACE FUNCTION lodge.vip_follows(a_household bigint, a_kept boolean, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v vip_profile;
BEGIN
	UPDATE vip_profile SET state = CASE WHEN a_kept THEN 'kept' ELSE 'ended' END, version = version + 1
		WHERE household = a_household AND (state = 'kept') <> a_kept RETURNING * INTO v;
	IF v.id IS NULL THEN
		RETURN;
	END IF;
	IF a_kept THEN
		PERFORM deadline_open(v.area, 'vip_profile', v.id, 'vip_update', v.update_due);
	ELSE
		PERFORM deadline_close('vip_profile', v.id, 'vip_update', who.at);
	END IF;
	PERFORM write_event(who, 'vip_profile', v.id, v.area, CASE WHEN a_kept THEN 'keep' ELSE 'end' END, 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_note_written(new lodge.resident_note, who lodge.actor) RETURNS lodge.resident_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit INTO new.area, new.unit FROM household h WHERE h.id = new.household;
	new.noted_at := who.at;
	new.noted_by := who.staff;
	new.due := month_after(who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_note_worked_in(new lodge.resident_note, who lodge.actor) RETURNS lodge.resident_note LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.worked_at := who.at;
	new.worked_by := who.staff;
	RETURN new;
END $$;
