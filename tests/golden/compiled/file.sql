CREATE FUNCTION op.file_register(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_code text, a_class text, a_unit text, a_title text, a_room text, a_cabinet text, a_drawer text, a_bag text, a_binding text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.register', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_code IS NOT NULL OR 'code' = ANY (a_given) THEN 'code' END, CASE WHEN a_class IS NOT NULL OR 'class' = ANY (a_given) THEN 'class' END, CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_title IS NOT NULL OR 'title' = ANY (a_given) THEN 'title' END, CASE WHEN a_room IS NOT NULL OR 'room' = ANY (a_given) THEN 'room' END, CASE WHEN a_cabinet IS NOT NULL OR 'cabinet' = ANY (a_given) THEN 'cabinet' END, CASE WHEN a_drawer IS NOT NULL OR 'drawer' = ANY (a_given) THEN 'drawer' END, CASE WHEN a_bag IS NOT NULL OR 'bag' = ANY (a_given) THEN 'bag' END, CASE WHEN a_binding IS NOT NULL OR 'binding' = ANY (a_given) THEN 'binding' END]::text[], NULL);
	IF a_code IS NULL THEN
		r.result := 'invalid'; r.field := 'code'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_class IS NULL THEN
		r.result := 'invalid'; r.field := 'class'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_title IS NULL THEN
		r.result := 'invalid'; r.field := 'title'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_code IS NOT NULL AND (is_text(a_code, 3, 32, false)) IS NOT TRUE THEN 'code'
		WHEN a_class IS NOT NULL AND (a_class = ANY (ARRAY['household','important_event','engineering','estate','company','staff','contract'])) IS NOT TRUE THEN 'class'
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_title IS NOT NULL AND (is_text(a_title, 1, 80, false)) IS NOT TRUE THEN 'title'
		WHEN a_room IS NOT NULL AND (is_text(a_room, 1, 24, false)) IS NOT TRUE THEN 'room'
		WHEN a_cabinet IS NOT NULL AND (is_text(a_cabinet, 1, 16, false)) IS NOT TRUE THEN 'cabinet'
		WHEN a_drawer IS NOT NULL AND (is_text(a_drawer, 1, 16, false)) IS NOT TRUE THEN 'drawer'
		WHEN a_bag IS NOT NULL AND (a_bag = ANY (ARRAY['move_in','fit_out','transfer','maintenance','change','organisation','correspondence','approval'])) IS NOT TRUE THEN 'bag'
		WHEN a_binding IS NOT NULL AND (a_binding = ANY (ARRAY['standard','worn','damaged'])) IS NOT TRUE THEN 'binding' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'file', NULL, NULL, 'register', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	new.code := a_code;
	new.class := a_class;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'file', NULL, NULL, 'register', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.title := a_title;
	new.room := a_room;
	new.cabinet := a_cabinet;
	new.drawer := a_drawer;
	new.bag := a_bag;
	new.binding := a_binding;
	who.args := jsonb_build_object();
	new := derive_file_registered(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'file', NULL, NULL, 'register', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', NULL, new.area, 'register', 'forbidden', 'LOAN-16', 'file_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_of_a_unit(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', NULL, new.area, 'register', 'invalid', 'ARC-01', 'file_of_a_unit', 'unit', NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_code_of_unit(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', NULL, new.area, 'register', 'invalid', 'ARC-01', 'file_code_of_unit', 'code', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.file', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO file VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'register', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('code', CASE WHEN new.code IS DISTINCT FROM old.code THEN jsonb_build_array(old.code, new.code) END, 'class', CASE WHEN new.class IS DISTINCT FROM old.class THEN jsonb_build_array(old.class, new.class) END, 'unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'title', CASE WHEN new.title IS DISTINCT FROM old.title THEN jsonb_build_array(old.title, new.title) END, 'room', CASE WHEN new.room IS DISTINCT FROM old.room THEN jsonb_build_array(old.room, new.room) END, 'cabinet', CASE WHEN new.cabinet IS DISTINCT FROM old.cabinet THEN jsonb_build_array(old.cabinet, new.cabinet) END, 'drawer', CASE WHEN new.drawer IS DISTINCT FROM old.drawer THEN jsonb_build_array(old.drawer, new.drawer) END, 'bag', CASE WHEN new.bag IS DISTINCT FROM old.bag THEN jsonb_build_array(old.bag, new.bag) END, 'binding', CASE WHEN new.binding IS DISTINCT FROM old.binding THEN jsonb_build_array(old.binding, new.binding) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.file_move(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_room text, a_cabinet text, a_drawer text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.move', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_room IS NOT NULL OR 'room' = ANY (a_given) THEN 'room' END, CASE WHEN a_cabinet IS NOT NULL OR 'cabinet' = ANY (a_given) THEN 'cabinet' END, CASE WHEN a_drawer IS NOT NULL OR 'drawer' = ANY (a_given) THEN 'drawer' END]::text[], NULL);
	IF a_cabinet IS NULL THEN
		r.result := 'invalid'; r.field := 'cabinet'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_room IS NOT NULL AND (is_text(a_room, 1, 24, false)) IS NOT TRUE THEN 'room'
		WHEN a_cabinet IS NOT NULL AND (is_text(a_cabinet, 1, 16, false)) IS NOT TRUE THEN 'cabinet'
		WHEN a_drawer IS NOT NULL AND (is_text(a_drawer, 1, 16, false)) IS NOT TRUE THEN 'drawer' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM file t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'file', a_id, NULL, 'move', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'file', a_id, old.area, 'move', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'file', a_id, old.area, 'move', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'room' = ANY (who.given) THEN
		new.room := a_room;
	END IF;
	IF 'cabinet' = ANY (who.given) THEN
		new.cabinet := a_cabinet;
	END IF;
	IF 'drawer' = ANY (who.given) THEN
		new.drawer := a_drawer;
	END IF;
	who.args := jsonb_build_object();
	IF guard_file_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'move', 'forbidden', 'LOAN-16', 'file_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE file SET version = new.version, code = new.code, class = new.class, unit = new.unit, title = new.title, room = new.room, cabinet = new.cabinet, drawer = new.drawer, status = new.status, bag = new.bag, binding = new.binding, care = new.care, gaps = new.gaps, since = new.since, completed_at = new.completed_at, signed_at = new.signed_at, signed_by = new.signed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'move', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('room', CASE WHEN new.room IS DISTINCT FROM old.room THEN jsonb_build_array(old.room, new.room) END, 'cabinet', CASE WHEN new.cabinet IS DISTINCT FROM old.cabinet THEN jsonb_build_array(old.cabinet, new.cabinet) END, 'drawer', CASE WHEN new.drawer IS DISTINCT FROM old.drawer THEN jsonb_build_array(old.drawer, new.drawer) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.file_rebind(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_binding text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.rebind', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_binding IS NOT NULL OR 'binding' = ANY (a_given) THEN 'binding' END]::text[], NULL);
	IF a_binding IS NULL THEN
		r.result := 'invalid'; r.field := 'binding'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_binding IS NOT NULL AND (a_binding = ANY (ARRAY['standard','worn','damaged'])) IS NOT TRUE THEN 'binding' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM file t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'file', a_id, NULL, 'rebind', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'file', a_id, old.area, 'rebind', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'file', a_id, old.area, 'rebind', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'binding' = ANY (who.given) THEN
		new.binding := a_binding;
	END IF;
	who.args := jsonb_build_object();
	IF guard_file_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'rebind', 'forbidden', 'LOAN-16', 'file_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE file SET version = new.version, code = new.code, class = new.class, unit = new.unit, title = new.title, room = new.room, cabinet = new.cabinet, drawer = new.drawer, status = new.status, bag = new.bag, binding = new.binding, care = new.care, gaps = new.gaps, since = new.since, completed_at = new.completed_at, signed_at = new.signed_at, signed_by = new.signed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'rebind', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('binding', CASE WHEN new.binding IS DISTINCT FROM old.binding THEN jsonb_build_array(old.binding, new.binding) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.file_supersede(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.supersede', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_reason IS NOT NULL OR 'reason' = ANY (a_given) THEN 'reason' END]::text[], NULL);
	IF a_reason IS NULL THEN
		r.result := 'invalid'; r.field := 'reason'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_reason IS NOT NULL AND (is_text(a_reason, 3, 200, false)) IS NOT TRUE THEN 'reason' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM file t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'file', a_id, NULL, 'supersede', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'file', a_id, old.area, 'supersede', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'file', a_id, old.area, 'supersede', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('reason', a_reason);
	new := derive_file_superseded(new, who);
	IF guard_file_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'supersede', 'forbidden', 'LOAN-16', 'file_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'supersede', 'refused', 'ARC-07', 'file_active', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_not_out(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'supersede', 'refused', 'LOAN-08', 'file_not_out', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE file SET version = new.version, code = new.code, class = new.class, unit = new.unit, title = new.title, room = new.room, cabinet = new.cabinet, drawer = new.drawer, status = new.status, bag = new.bag, binding = new.binding, care = new.care, gaps = new.gaps, since = new.since, completed_at = new.completed_at, signed_at = new.signed_at, signed_by = new.signed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'supersede', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN a_reason IS NOT NULL THEN jsonb_build_array(NULL, a_reason) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.file_complete(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.complete', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM file t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'file', a_id, NULL, 'complete', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
		RETURN refused(who, 'file', a_id, old.area, 'complete', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','HR']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'file', a_id, old.area, 'complete', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_file_completed(new, who);
	IF guard_file_custodian(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'complete', 'forbidden', 'LOAN-16', 'file_custodian', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_active(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'complete', 'refused', 'ARC-07', 'file_active', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_file_papers_complete(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'complete', 'refused', 'ARC-14', 'file_papers_complete', 'missing', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE file SET version = new.version, code = new.code, class = new.class, unit = new.unit, title = new.title, room = new.room, cabinet = new.cabinet, drawer = new.drawer, status = new.status, bag = new.bag, binding = new.binding, care = new.care, gaps = new.gaps, since = new.since, completed_at = new.completed_at, signed_at = new.signed_at, signed_by = new.signed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'complete', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.file_sign_off(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.file;
	new lodge.file;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'file.sign_off', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM file t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'file', a_id, NULL, 'sign_off', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM']::text[] THEN
		RETURN refused(who, 'file', a_id, old.area, 'sign_off', 'forbidden', NULL, 'role', NULL, ARRAY['CM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'file', a_id, old.area, 'sign_off', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_file_signed(new, who);
	IF guard_file_waits_for_signature(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'file', a_id, new.area, 'sign_off', 'refused', 'ARC-22', 'file_waits_for_signature', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE file SET version = new.version, code = new.code, class = new.class, unit = new.unit, title = new.title, room = new.room, cabinet = new.cabinet, drawer = new.drawer, status = new.status, bag = new.bag, binding = new.binding, care = new.care, gaps = new.gaps, since = new.since, completed_at = new.completed_at, signed_at = new.signed_at, signed_by = new.signed_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'file', new.id, NULL, new.version, NULL, new.area, 'sign_off', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_file(a_op text, old lodge.file, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.file := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'move' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'rebind' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'supersede' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'complete' THEN
		IF NOT who.acts_as && ARRAY['ACU','HR']::text[] THEN
			RETURN 'role';
		END IF;
		new := derive_file_completed(new, who);
		IF guard_file_custodian(new, who) IS NOT TRUE THEN
			RETURN 'file_custodian';
		END IF;
		IF guard_file_active(new, who) IS NOT TRUE THEN
			RETURN 'file_active';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'sign_off' THEN
		IF NOT who.acts_as && ARRAY['CM']::text[] THEN
			RETURN 'role';
		END IF;
		new := derive_file_signed(new, who);
		IF guard_file_waits_for_signature(new, who) IS NOT TRUE THEN
			RETURN 'file_waits_for_signature';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_file(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.file;
BEGIN
	SELECT x.* INTO t FROM file x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_file(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_file(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_file(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.file FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "code", "class", "unit", "title", "room", "cabinet", "drawer", "status", "bag", "binding", "care", "gaps", "since", "completed_at", "signed_at", "signed_by") ON lodge.file TO lodge_name;
GRANT SELECT (id, version, area, "code", "class", "unit", "title", "room", "cabinet", "drawer", "status", "bag", "binding", "care", "gaps", "since", "completed_at", "signed_at", "signed_by") ON lodge.file TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.file_register TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.file_move TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.file_rebind TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.file_supersede TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.file_complete TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.file_sign_off TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_file TO lodge_name, lodge_contact;
