CREATE FUNCTION op.paper_handover_collect(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_papers text, a_pieces integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.paper_handover;
	new lodge.paper_handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'paper_handover.collect', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_papers IS NOT NULL OR 'papers' = ANY (a_given) THEN 'papers' END, CASE WHEN a_pieces IS NOT NULL OR 'pieces' = ANY (a_given) THEN 'pieces' END]::text[], NULL);
	IF a_papers IS NULL THEN
		r.result := 'invalid'; r.field := 'papers'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_pieces IS NULL THEN
		r.result := 'invalid'; r.field := 'pieces'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_papers IS NOT NULL AND (is_text(a_papers, 3, 4000, true)) IS NOT TRUE THEN 'papers'
		WHEN a_pieces IS NOT NULL AND (a_pieces BETWEEN 1 AND 9999) IS NOT TRUE THEN 'pieces' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','TSO']::text[] THEN
		RETURN refused(who, 'paper_handover', NULL, NULL, 'collect', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','TSO']::text[], a_op_id, a_digest);
	END IF;
	new.papers := a_papers;
	new.pieces := a_pieces;
	who.args := jsonb_build_object();
	new.state := 'collected';
	new := derive_papers_collected(new, who);
	new.id := nextval(pg_get_serial_sequence('lodge.paper_handover', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM paper_handover t), 0) + 1;
	BEGIN
	INSERT INTO paper_handover VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(NULL, 'paper_handover', new.id, 'papers_due', new.due);
	RETURN done(who, 'paper_handover', new.id, new.no::text, new.version, new.state, NULL, 'collect', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('papers', CASE WHEN new.papers IS DISTINCT FROM old.papers THEN jsonb_build_array(old.papers, new.papers) END, 'pieces', CASE WHEN new.pieces IS DISTINCT FROM old.pieces THEN jsonb_build_array(old.pieces, new.pieces) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.paper_handover_hand(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_papers text, a_pieces integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.paper_handover;
	new lodge.paper_handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'paper_handover.hand', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_papers IS NOT NULL OR 'papers' = ANY (a_given) THEN 'papers' END, CASE WHEN a_pieces IS NOT NULL OR 'pieces' = ANY (a_given) THEN 'pieces' END]::text[], NULL);
	IF a_papers IS NULL AND (a_id IS NULL OR 'papers' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'papers'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_pieces IS NULL AND (a_id IS NULL OR 'pieces' = ANY (who.given)) THEN
		r.result := 'invalid'; r.field := 'pieces'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_papers IS NOT NULL AND (is_text(a_papers, 3, 4000, true)) IS NOT TRUE THEN 'papers'
		WHEN a_pieces IS NOT NULL AND (a_pieces BETWEEN 1 AND 9999) IS NOT TRUE THEN 'pieces' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM paper_handover t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'hand', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','TSO']::text[] THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'hand', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	who.prior := to_jsonb(old);
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'hand', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['collected']) THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'hand', 'refused', 'ARC-16', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	END IF;
	IF 'papers' = ANY (who.given) THEN
		new.papers := a_papers;
	END IF;
	IF 'pieces' = ANY (who.given) THEN
		new.pieces := a_pieces;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'handed';
	new := derive_papers_handed(new, who);
	IF guard_papers_own(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'hand', 'refused', 'ARC-16', 'papers_own', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE paper_handover SET version = new.version, state = new.state, papers = new.papers, pieces = new.pieces, handed_by = new.handed_by, handed_at = new.handed_at, taken_by = new.taken_by, taken_at = new.taken_at, taken_pieces = new.taken_pieces, remark = new.remark, collected_by = new.collected_by, collected_at = new.collected_at, due = new.due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.paper_handover', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM paper_handover t), 0) + 1;
	BEGIN
	INSERT INTO paper_handover VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	PERFORM deadline_close('paper_handover', new.id, 'papers_due', who.at);
	RETURN done(who, 'paper_handover', new.id, new.no::text, new.version, new.state, NULL, 'hand', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('papers', CASE WHEN new.papers IS DISTINCT FROM old.papers THEN jsonb_build_array(old.papers, new.papers) END, 'pieces', CASE WHEN new.pieces IS DISTINCT FROM old.pieces THEN jsonb_build_array(old.pieces, new.pieces) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.paper_handover_take(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_taken_pieces integer, a_remark text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.paper_handover;
	new lodge.paper_handover;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'paper_handover.take', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_taken_pieces IS NOT NULL OR 'taken_pieces' = ANY (a_given) THEN 'taken_pieces' END, CASE WHEN a_remark IS NOT NULL OR 'remark' = ANY (a_given) THEN 'remark' END]::text[], NULL);
	r.field := CASE
		WHEN a_taken_pieces IS NOT NULL AND (a_taken_pieces BETWEEN 0 AND 9999) IS NOT TRUE THEN 'taken_pieces'
		WHEN a_remark IS NOT NULL AND (is_text(a_remark, 3, 200, false)) IS NOT TRUE THEN 'remark' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM paper_handover t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','EM']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['handed']) THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'refused', 'ARC-16', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'taken_pieces' = ANY (who.given) THEN
		new.taken_pieces := a_taken_pieces;
	END IF;
	IF 'remark' = ANY (who.given) THEN
		new.remark := a_remark;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'taken';
	new := derive_papers_taken(new, who);
	IF guard_papers_two_persons(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'refused', 'ARC-16', 'papers_two_persons', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_papers_difference_told(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'paper_handover', a_id, NULL, 'take', 'refused', 'ARC-16', 'papers_difference_told', 'remark', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE paper_handover SET version = new.version, state = new.state, papers = new.papers, pieces = new.pieces, handed_by = new.handed_by, handed_at = new.handed_at, taken_by = new.taken_by, taken_at = new.taken_at, taken_pieces = new.taken_pieces, remark = new.remark, collected_by = new.collected_by, collected_at = new.collected_at, due = new.due WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'paper_handover', new.id, new.no::text, new.version, new.state, NULL, 'take', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('taken_pieces', CASE WHEN new.taken_pieces IS DISTINCT FROM old.taken_pieces THEN jsonb_build_array(old.taken_pieces, new.taken_pieces) END, 'remark', CASE WHEN new.remark IS DISTINCT FROM old.remark THEN jsonb_build_array(old.remark, new.remark) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_paper_handover(a_op text, old lodge.paper_handover, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.paper_handover := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','CSA','ACU','TSO','CSS','CM','EM']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'take' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['handed']) THEN
			RETURN 'state';
		END IF;
		new.state := 'taken';
		new := derive_papers_taken(new, who);
		IF guard_papers_two_persons(new, who) IS NOT TRUE THEN
			RETURN 'papers_two_persons';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_paper_handover(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.paper_handover;
BEGIN
	SELECT x.* INTO t FROM paper_handover x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_paper_handover(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_paper_handover(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_paper_handover(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.paper_handover FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "papers", "pieces", "handed_by", "handed_at", "taken_by", "taken_at", "taken_pieces", "remark", "collected_by", "collected_at", "due") ON lodge.paper_handover TO lodge_name;
GRANT SELECT (id, version, state, "no", "papers", "pieces", "handed_by", "handed_at", "taken_by", "taken_at", "taken_pieces", "remark", "collected_by", "collected_at", "due") ON lodge.paper_handover TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.paper_handover_collect TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.paper_handover_hand TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.paper_handover_take TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_paper_handover TO lodge_name, lodge_contact;
