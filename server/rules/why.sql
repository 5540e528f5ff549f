-- why.sql - who else could do it: the actors that others would be, without their signing in.
-- Not for: judging; actor_of() alone says who acts. Trap: an actor made here has no session, so nothing may be
-- written in his name. actor_of() is on every operation's way and does not call this; keep the two alike.

-- Everybody who holds a role at this moment.
CREATE OR REPLACE FUNCTION lodge.holders(a_at timestamptz) RETURNS TABLE (staff bigint, role text) LANGUAGE sql STABLE AS $$
	SELECT DISTINCT r.staff, r.role FROM lodge.staff_role r JOIN lodge.staff s ON s.id = r.staff AND s.status <> 'left'
		JOIN lodge.staff_account k ON k.staff = r.staff AND NOT k.disabled
	WHERE lodge.estate_time(a_at)::date BETWEEN r.since AND coalesce(r.until, 'infinity')
$$;

CREATE OR REPLACE FUNCTION lodge.actor_for(a_staff bigint, a_role text, a_at timestamptz) RETURNS lodge.actor LANGUAGE plpgsql STABLE AS $$
DECLARE
	who lodge.actor;
BEGIN
	who.at := a_at;
	who.role := a_role;
	who.acts_as := acts_as(a_role, a_at);
	who.areas := areas_of(a_staff, a_role);
	SELECT p.id, p.department, d.kind = 'centre' INTO who.staff, who.department, who.centre
		FROM staff p JOIN department d ON d.id = p.department WHERE p.id = a_staff;
	who.heads := coalesce((SELECT array_agg(d.id) FROM department d WHERE d.head = a_staff), '{}');
	who.opens := coalesce((SELECT c.opens FROM clearance c WHERE c.role = a_role), 'open');
	RETURN who;
END $$;
