CREATE FUNCTION op.alarm_acknowledge(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.alarm;
	new lodge.alarm;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'alarm.acknowledge', a_digest);
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
	SELECT * INTO old FROM alarm t WHERE t.id = a_id AND ((who.acts_as && ARRAY['GM']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.told, t.also_told]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'alarm', a_id, NULL, 'acknowledge', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CSS','CM','EM','GM']::text[] THEN
		RETURN refused(who, 'alarm', a_id, NULL, 'acknowledge', 'forbidden', NULL, 'role', NULL, ARRAY['CSS','CM','EM','GM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'alarm', a_id, NULL, 'acknowledge', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['raised']) THEN
		RETURN refused(who, 'alarm', a_id, NULL, 'acknowledge', 'refused', 'CNF-13', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'seen';
	new := derive_alarm_seen(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE alarm SET version = new.version, state = new.state, kind = new.kind, about = new.about, amount = new.amount, household = new.household, at = new.at, told = new.told, also_told = new.also_told, seen_by = new.seen_by, seen_at = new.seen_at, note = new.note WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'alarm', new.id, NULL, new.version, new.state, NULL, 'acknowledge', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.told, new.also_told]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_alarm(a_op text, old lodge.alarm, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.alarm := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['GM']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.told, old.also_told]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'acknowledge' THEN
		IF NOT who.acts_as && ARRAY['CSS','CM','EM','GM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['raised']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_alarm(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.alarm;
BEGIN
	SELECT x.* INTO t FROM alarm x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_alarm(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_alarm(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_alarm(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.alarm FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "kind", "about", "amount", "household", "at", "told", "also_told", "seen_by", "seen_at", "note") ON lodge.alarm TO lodge_name;
GRANT SELECT (id, version, state, "kind", "about", "amount", "household", "at", "told", "also_told", "seen_by", "seen_at", "note") ON lodge.alarm TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.alarm_acknowledge TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_alarm TO lodge_name, lodge_contact;
