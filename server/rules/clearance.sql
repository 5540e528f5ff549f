-- clearance.sql - a change of the tier table takes effect only with the estate manager's approval (CNF-16).
-- clearance_propose is called by `lodged policy apply`, at the database; the rest by the compiled operations.
-- Trap: the sessions that are open follow only an event without a session, which the effect writes.

-- What becomes of one role's row of the policy file: nothing (NULL), proposed, waits, withdrawn.
DROP FUNCTION IF EXISTS lodge.clearance_propose(text, text, text, text);
CREATE OR REPLACE FUNCTION lodge.clearance_propose(a_role text, a_lists text, a_night text, a_opens text, a_acts_night text DEFAULT '') RETURNS text LANGUAGE plpgsql VOLATILE
	SET search_path = lodge, pg_temp AS $$
DECLARE
	c clearance;
	open clearance_change;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	SELECT * INTO c FROM clearance WHERE role = a_role;
	SELECT * INTO open FROM clearance_change WHERE role = a_role AND state = 'proposed' FOR UPDATE;
	IF open.id IS NOT NULL AND (open.lists, open.lists_night, open.opens, coalesce(open.acts_night, '')) = (a_lists, a_night, a_opens, a_acts_night) THEN
		RETURN 'waits';
	END IF;
	UPDATE clearance_change SET state = 'withdrawn', version = version + 1 WHERE id = open.id;
	IF (c.lists, c.lists_night, c.opens, coalesce(c.acts_night, '')) IS NOT DISTINCT FROM (a_lists, a_night, a_opens, a_acts_night) THEN
		RETURN CASE WHEN open.id IS NOT NULL THEN 'withdrawn' END;
	END IF;
	INSERT INTO clearance_change (state, role, lists, lists_night, opens, acts_night, lists_before, lists_night_before, opens_before, acts_night_before, proposed_at)
		VALUES ('proposed', a_role, a_lists, a_night, a_opens, nullif(a_acts_night, ''), c.lists, c.lists_night, c.opens, nullif(c.acts_night, ''), clock_timestamp() + clock_shift());
	RETURN 'proposed';
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_clearance_decided(new lodge.clearance_change, who lodge.actor) RETURNS lodge.clearance_change LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.decided_by := who.staff;
	new.decided_at := who.at;
	RETURN new;
END $$;

-- What stands in the table is what the proposal was measured against.
CREATE OR REPLACE FUNCTION lodge.guard_clearance_as_proposed(new lodge.clearance_change, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).lists_before, (new).lists_night_before, (new).opens_before, (new).acts_night_before) IS NOT DISTINCT FROM
		((SELECT c.lists FROM lodge.clearance c WHERE c.role = (new).role), (SELECT c.lists_night FROM lodge.clearance c WHERE c.role = (new).role),
			(SELECT c.opens FROM lodge.clearance c WHERE c.role = (new).role), (SELECT nullif(c.acts_night, '') FROM lodge.clearance c WHERE c.role = (new).role));
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_clearance_in_force(new lodge.clearance_change, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO clearance (role, lists, lists_night, opens, acts_night) VALUES (new.role, new.lists, new.lists_night, new.opens, coalesce(new.acts_night, ''))
		ON CONFLICT (role) DO UPDATE SET lists = excluded.lists, lists_night = excluded.lists_night, opens = excluded.opens, acts_night = excluded.acts_night;
	PERFORM admin_event('apply', 'policy', NULL, ARRAY['clearance ' || new.role]);
END $$;
