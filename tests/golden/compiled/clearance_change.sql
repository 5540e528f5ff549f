CREATE FUNCTION op.clearance_change_approve(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.clearance_change;
	new lodge.clearance_change;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'clearance_change.approve', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM clearance_change t WHERE t.id = a_id AND ((who.acts_as && ARRAY['EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'approve', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'approve', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'approve', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['proposed']) THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'approve', 'refused', 'CNF-16', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'approved';
	new := derive_clearance_decided(new, who);
	IF guard_clearance_as_proposed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'approve', 'refused', 'CNF-16', 'clearance_as_proposed', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE clearance_change SET version = new.version, state = new.state, role = new.role, lists = new.lists, lists_night = new.lists_night, opens = new.opens, acts_night = new.acts_night, lists_before = new.lists_before, lists_night_before = new.lists_night_before, opens_before = new.opens_before, acts_night_before = new.acts_night_before, proposed_at = new.proposed_at, decided_by = new.decided_by, decided_at = new.decided_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_clearance_in_force(new, who);
	RETURN done(who, 'clearance_change', new.id, NULL, new.version, new.state, NULL, 'approve', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.clearance_change_reject(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.clearance_change;
	new lodge.clearance_change;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'clearance_change.reject', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 3, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM clearance_change t WHERE t.id = a_id AND ((who.acts_as && ARRAY['EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'reject', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['EM']::text[] THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'reject', 'forbidden', NULL, 'role', NULL, ARRAY['EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'reject', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['proposed']) THEN
		RETURN refused(who, 'clearance_change', a_id, NULL, 'reject', 'refused', 'CNF-16', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'rejected';
	new := derive_clearance_decided(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE clearance_change SET version = new.version, state = new.state, role = new.role, lists = new.lists, lists_night = new.lists_night, opens = new.opens, acts_night = new.acts_night, lists_before = new.lists_before, lists_night_before = new.lists_night_before, opens_before = new.opens_before, acts_night_before = new.acts_night_before, proposed_at = new.proposed_at, decided_by = new.decided_by, decided_at = new.decided_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'clearance_change', new.id, NULL, new.version, new.state, NULL, 'reject', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_clearance_change(a_op text, old lodge.clearance_change, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.clearance_change := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['EM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'approve' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['proposed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'approved';
		new := derive_clearance_decided(new, who);
		IF guard_clearance_as_proposed(new, who) IS NOT TRUE THEN
			RETURN 'clearance_as_proposed';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'reject' THEN
		IF NOT who.acts_as && ARRAY['EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['proposed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_clearance_change(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.clearance_change;
BEGIN
	SELECT x.* INTO t FROM clearance_change x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_clearance_change(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_clearance_change(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_clearance_change(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.clearance_change FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "role", "lists", "lists_night", "opens", "acts_night", "lists_before", "lists_night_before", "opens_before", "acts_night_before", "proposed_at", "decided_by", "decided_at", "note") ON lodge.clearance_change TO lodge_name;
GRANT SELECT (id, version, state, "role", "lists", "lists_night", "opens", "acts_night", "lists_before", "lists_night_before", "opens_before", "acts_night_before", "proposed_at", "decided_by", "decided_at", "note") ON lodge.clearance_change TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.clearance_change_approve TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.clearance_change_reject TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_clearance_change TO lodge_name, lodge_contact;
