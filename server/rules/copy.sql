-- copy.sql - the rules of the register of controlled copies: CNF-02, CNF-08..10, invariants 6 and 7.
-- Guards and derivations of common/books/copy.c. Trap: coverage is judged anew at request, approval
-- and issue, and again whenever the recall list is read: a clearance or an area may be gone by then.

-- Whether a clearance is enough for a tier; the full compilation is the estate manager's alone.
CREATE OR REPLACE FUNCTION lodge.tier_covered(a_tier text, a_role text, a_lists text, a_opens text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE a_tier WHEN 'estate' THEN lodge.level_rank(a_lists) >= lodge.level_rank('name')
		WHEN 'cs' THEN lodge.level_rank(a_lists) >= lodge.level_rank('contact')
		WHEN 'vip' THEN lodge.level_rank(a_opens) >= lodge.level_rank('sealed')
		WHEN 'help' THEN lodge.level_rank(a_opens) >= lodge.level_rank('full')
		WHEN 'full' THEN a_role = 'EM' AND lodge.level_rank(a_opens) >= lodge.level_rank('full') ELSE false END
$$;

-- One role that the person holds today, with its own areas, covers both: never a union.
CREATE OR REPLACE FUNCTION lodge.copy_covered(a_tier text, a_area integer, a_staff bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := lodge.today();
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.staff s JOIN lodge.staff_role r ON r.staff = s.id JOIN lodge.clearance c ON c.role = r.role
		WHERE s.id = a_staff AND s.status <> 'left' AND r.since <= today AND (r.until IS NULL OR r.until >= today)
		AND a_area = ANY (lodge.areas_of(s.id, r.role)) AND lodge.tier_covered(a_tier, r.role, c.lists, c.opens)
		AND NOT EXISTS (SELECT 1 FROM lodge.staff_account k WHERE k.staff = s.id AND k.disabled));
END $$;

CREATE OR REPLACE FUNCTION lodge.copy_same_table(new lodge.copy) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reproduction_of IS NULL OR EXISTS (SELECT 1 FROM lodge.copy o WHERE o.id = (new).reproduction_of AND o.tier = (new).tier
		AND o.area = (new).area AND o.issued_at IS NOT NULL);
END $$;

-- Why an issued copy has to come back. Asked by the read lanes, hence a definer.
CREATE OR REPLACE FUNCTION lodge.copy_recall(a_copy bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	c lodge.copy;
BEGIN
	SELECT * INTO c FROM copy WHERE id = a_copy;
	IF c.state <> 'issued' THEN
		RETURN 'nothing';
	ELSIF EXISTS (SELECT 1 FROM staff s LEFT JOIN staff_account k ON k.staff = s.id WHERE s.id = c.recipient AND (s.status = 'left' OR k.disabled)) THEN
		RETURN 'left';
	ELSIF NOT copy_covered(c.tier, c.area, c.recipient) THEN
		RETURN 'uncovered';
	ELSIF c.ends_at < lodge_now() THEN
		RETURN 'expired';
	ELSIF EXISTS (SELECT 1 FROM copy n WHERE n.tier = c.tier AND n.area = c.area AND n.compiled_at > c.compiled_at) THEN
		RETURN 'superseded';
	END IF;
	RETURN 'nothing';
END $$;

CREATE OR REPLACE FUNCTION lodge.copy_needs_approval(new lodge.copy) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN (new).tier IN ('full','vip','help') OR (new).reproduction_of IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_copy_requested(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.requested_by := who.staff;
	new.requested_at := who.at;
	new.expires := coalesce(new.expires, estate_time(who.at)::date + policy_value('copy.days', '90')::integer);
	new.state := CASE WHEN copy_needs_approval(new) THEN 'requested' ELSE 'approved' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_copy_approved(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.approved_by := who.staff;
	new.approved_at := who.at;
	RETURN new;
END $$;

-- What was not requested first is requested now; a reproduction belongs to the table it repeats.
CREATE OR REPLACE FUNCTION lodge.derive_copy_issued(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF who.prior IS NULL THEN
		new := derive_copy_requested(new, who);
	END IF;
	new.state := 'issued';
	new.issued_by := who.staff;
	new.issued_at := who.at;
	new.compiled_at := coalesce((SELECT o.compiled_at FROM copy o WHERE o.id = new.reproduction_of), who.at);
	new.ends_at := estate_moment((new.expires + 1)::timestamp);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_copy_recalled(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.recalled_by := who.staff;
	new.recalled_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_copy_returned(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.received_by := who.staff;
	new.returned_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_copy_closed(new lodge.copy, who lodge.actor) RETURNS lodge.copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.closed_by := who.staff;
	new.closed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_full_for_manager(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := lodge.today();
BEGIN
	RETURN (new).tier <> 'full' OR EXISTS (SELECT 1 FROM lodge.staff_role r WHERE r.staff = (new).recipient AND r.role = 'EM'
		AND r.since <= today AND (r.until IS NULL OR r.until >= today));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_recipient_covers(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.copy_covered((new).tier, (new).area, (new).recipient);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_same_table(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.copy_same_table(new);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_expires_ahead(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := lodge.estate_time((who).at)::date;
BEGIN
	RETURN (new).expires BETWEEN today AND today + lodge.policy_value('copy.days', '90')::integer;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_not_own(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).requested_by <> (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_as_approved(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).prior IS NULL OR (who).given = '{}';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_table_approved(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).tier NOT IN ('full','vip','help') OR (new).approved_by IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_copy_reproduction_approved(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reproduction_of IS NULL OR (new).approved_by IS NOT NULL;
END $$;

-- What is more than names and telephones leaves only for somebody who has just shown his password.
CREATE OR REPLACE FUNCTION lodge.guard_step_up(new lodge.copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).tier NOT IN ('full','vip','help') OR (who).stepped_up;
END $$;
