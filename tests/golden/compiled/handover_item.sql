CREATE FUNCTION op.handover_item_settle(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_note text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.handover_item;
	new lodge.handover_item;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'handover_item.settle', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_note IS NOT NULL OR 'note' = ANY (a_given) THEN 'note' END]::text[], NULL);
	IF a_note IS NULL THEN
		r.result := 'invalid'; r.field := 'note'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_note IS NOT NULL AND (is_text(a_note, 5, 1000, true)) IS NOT TRUE THEN 'note' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM handover_item t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'handover_item', a_id, NULL, 'settle', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
		RETURN refused(who, 'handover_item', a_id, NULL, 'settle', 'forbidden', NULL, 'role', NULL, ARRAY['CM','DEM','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'handover_item', a_id, NULL, 'settle', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['missing']) THEN
		RETURN refused(who, 'handover_item', a_id, NULL, 'settle', 'refused', 'LOG-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'note' = ANY (who.given) THEN
		new.note := a_note;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'settled';
	new := derive_handover_settled(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE handover_item SET version = new.version, state = new.state, handover = new.handover, page = new.page, line = new.line, source = new.source, red = new.red, book = new.book, record = new.record, no = new.no, text = new.text, since = new.since, was = new.was, note = new.note, settled_by = new.settled_by, settled_at = new.settled_at WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_handover_settled(new, who);
	RETURN done(who, 'handover_item', new.id, NULL, new.version, new.state, NULL, 'settle', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN new.note IS DISTINCT FROM old.note THEN jsonb_build_array(old.note, new.note) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_handover_item(a_op text, old lodge.handover_item, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.handover_item := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CSS','CM','DEM','EM','NM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'settle' THEN
		IF NOT who.acts_as && ARRAY['CM','DEM','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['missing']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_handover_item(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.handover_item;
BEGIN
	SELECT x.* INTO t FROM handover_item x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_handover_item(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_handover_item(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_handover_item(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.handover_item FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "handover", "page", "line", "source", "red", "book", "record", "no", "text", "since", "was", "note", "settled_by", "settled_at") ON lodge.handover_item TO lodge_name;
GRANT SELECT (id, version, state, "handover", "page", "line", "source", "red", "book", "record", "no", "text", "since", "was", "note", "settled_by", "settled_at") ON lodge.handover_item TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.handover_item_settle TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_handover_item TO lodge_name, lodge_contact;
