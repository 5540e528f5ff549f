CREATE FUNCTION op.damage_report_acknowledge(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.damage_report;
	new lodge.damage_report;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'damage_report.acknowledge', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM damage_report t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','HR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'damage_report', a_id, NULL, 'acknowledge', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','EM']::text[] THEN
		RETURN refused(who, 'damage_report', a_id, old.area, 'acknowledge', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'damage_report', a_id, old.area, 'acknowledge', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['reported']) THEN
		RETURN refused(who, 'damage_report', a_id, old.area, 'acknowledge', 'refused', 'LOAN-10', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'seen';
	new := derive_damage_seen(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE damage_report SET version = new.version, state = new.state, loan = new.loan, file = new.file, text = new.text, reported_by = new.reported_by, reported_to = new.reported_to, at = new.at, seen_by = new.seen_by, seen_at = new.seen_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'damage_report', new.id, NULL, new.version, new.state, new.area, 'acknowledge', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_damage_report(a_op text, old lodge.damage_report, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.damage_report := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','HR']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'acknowledge' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['reported']) THEN
			RETURN 'state';
		END IF;
		new.state := 'seen';
		new := derive_damage_seen(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_damage_report(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.damage_report;
BEGIN
	SELECT x.* INTO t FROM damage_report x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_damage_report(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_damage_report(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_damage_report(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.damage_report FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "loan", "file", "text", "reported_by", "reported_to", "at", "seen_by", "seen_at") ON lodge.damage_report TO lodge_name;
GRANT SELECT (id, version, area, state, "loan", "file", "text", "reported_by", "reported_to", "at", "seen_by", "seen_at") ON lodge.damage_report TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.damage_report_acknowledge TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_damage_report TO lodge_name, lodge_contact;
