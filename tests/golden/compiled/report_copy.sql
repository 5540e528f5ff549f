CREATE FUNCTION op.report_copy_keep(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_report text, a_sort text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.report_copy;
	new lodge.report_copy;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'report_copy.keep', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_report IS NOT NULL OR 'report' = ANY (a_given) THEN 'report' END, CASE WHEN a_sort IS NOT NULL OR 'sort' = ANY (a_given) THEN 'sort' END]::text[], NULL);
	IF a_report IS NULL THEN
		r.result := 'invalid'; r.field := 'report'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_report IS NOT NULL AND (is_text(a_report, 3, 64, false)) IS NOT TRUE THEN 'report'
		WHEN a_sort IS NOT NULL AND (is_text(a_sort, 2, 64, false)) IS NOT TRUE THEN 'sort' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[] THEN
		RETURN refused(who, 'report_copy', NULL, NULL, 'keep', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','GM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS','HR','QC','SK','FIN','PUR']::text[], a_op_id, a_digest);
	END IF;
	new.report := a_report;
	new.sort := a_sort;
	who.args := jsonb_build_object();
	new.state := 'kept';
	new := derive_report_kept(new, who);
	IF guard_report_counted(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'report_copy', NULL, NULL, 'keep', 'forbidden', 'RES-06', 'report_counted', 'report', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.report_copy', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO report_copy VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_report_kept(new, who);
	RETURN done(who, 'report_copy', new.id, NULL, new.version, new.state, NULL, 'keep', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('report', CASE WHEN new.report IS DISTINCT FROM old.report THEN jsonb_build_array(old.report, new.report) END, 'sort', CASE WHEN new.sort IS DISTINCT FROM old.sort THEN jsonb_build_array(old.sort, new.sort) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.kept_by]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.report_copy FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "report", "sort", "role", "kept_at", "kept_by", "digest") ON lodge.report_copy TO lodge_name;
GRANT SELECT (id, version, state, "report", "sort", "role", "kept_at", "kept_by", "digest") ON lodge.report_copy TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.report_copy_keep TO lodge_writer;
