CREATE FUNCTION op.incident_open(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_place text, a_details text, a_severity text, a_economic_loss boolean, a_form_kind text, a_occurred_at timestamptz, a_discovered_at timestamptz, a_action text, a_police_no text, a_photos jsonb, a_problems text, a_remarks text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_details IS NOT NULL OR 'details' = ANY (a_given) THEN 'details' END, CASE WHEN a_severity IS NOT NULL OR 'severity' = ANY (a_given) THEN 'severity' END, CASE WHEN a_economic_loss IS NOT NULL OR 'economic_loss' = ANY (a_given) THEN 'economic_loss' END, CASE WHEN a_form_kind IS NOT NULL OR 'form_kind' = ANY (a_given) THEN 'form_kind' END, CASE WHEN a_occurred_at IS NOT NULL OR 'occurred_at' = ANY (a_given) THEN 'occurred_at' END, CASE WHEN a_discovered_at IS NOT NULL OR 'discovered_at' = ANY (a_given) THEN 'discovered_at' END, CASE WHEN a_action IS NOT NULL OR 'action' = ANY (a_given) THEN 'action' END, CASE WHEN a_police_no IS NOT NULL OR 'police_no' = ANY (a_given) THEN 'police_no' END, CASE WHEN a_photos IS NOT NULL OR 'photos' = ANY (a_given) THEN 'photos' END, CASE WHEN a_problems IS NOT NULL OR 'problems' = ANY (a_given) THEN 'problems' END, CASE WHEN a_remarks IS NOT NULL OR 'remarks' = ANY (a_given) THEN 'remarks' END]::text[], NULL);
	IF a_kind IS NULL THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_place IS NULL THEN
		r.result := 'invalid'; r.field := 'place'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_details IS NULL THEN
		r.result := 'invalid'; r.field := 'details'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['water','fire','power','theft','fight','death','explosion','equipment','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 1, 120, false)) IS NOT TRUE THEN 'place'
		WHEN a_details IS NOT NULL AND (is_text(a_details, 2, 4000, true)) IS NOT TRUE THEN 'details'
		WHEN a_severity IS NOT NULL AND (a_severity = ANY (ARRAY['general','major'])) IS NOT TRUE THEN 'severity'
		WHEN a_economic_loss IS NOT NULL AND (true) IS NOT TRUE THEN 'economic_loss'
		WHEN a_form_kind IS NOT NULL AND (a_form_kind = ANY (ARRAY['incident_report','power_slip','emergency_record'])) IS NOT TRUE THEN 'form_kind'
		WHEN a_occurred_at IS NOT NULL AND (isfinite(a_occurred_at)) IS NOT TRUE THEN 'occurred_at'
		WHEN a_discovered_at IS NOT NULL AND (isfinite(a_discovered_at)) IS NOT TRUE THEN 'discovered_at'
		WHEN a_action IS NOT NULL AND (is_text(a_action, 2, 4000, true)) IS NOT TRUE THEN 'action'
		WHEN a_police_no IS NOT NULL AND (is_text(a_police_no, 2, 40, false)) IS NOT TRUE THEN 'police_no'
		WHEN a_photos IS NOT NULL AND (is_items(a_photos, 40)) IS NOT TRUE THEN 'photos'
		WHEN a_problems IS NOT NULL AND (is_text(a_problems, 2, 4000, true)) IS NOT TRUE THEN 'problems'
		WHEN a_remarks IS NOT NULL AND (is_text(a_remarks, 2, 4000, true)) IS NOT TRUE THEN 'remarks' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','CM','NM','SG','SL','ET','EL']::text[] THEN
		RETURN refused(who, 'incident', NULL, NULL, 'open', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','CM','NM','SG','SL','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	new.kind := a_kind;
	new.place := a_place;
	new.details := a_details;
	new.severity := a_severity;
	new.economic_loss := a_economic_loss;
	new.form_kind := a_form_kind;
	new.occurred_at := a_occurred_at;
	new.discovered_at := a_discovered_at;
	new.action := a_action;
	new.police_no := a_police_no;
	new.photos := a_photos;
	new.problems := a_problems;
	new.remarks := a_remarks;
	who.args := jsonb_build_object();
	new.state := 'opened';
	new := derive_incident_opened(new, who);
	IF guard_incident_form_by_its_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', NULL, NULL, 'open', 'forbidden', 'INC-09', 'incident_form_by_its_role', 'form_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_times_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', NULL, NULL, 'open', 'invalid', 'INC-02', 'incident_times_in_order', 'discovered_at', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_photos_proven(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', NULL, NULL, 'open', 'invalid', 'INC-05', 'incident_photos_proven', 'photos', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.incident', 'id'));
	new.version := 1;
	new.no := coalesce((SELECT max(t.no) FROM incident t), 0) + 1;
	BEGIN
	INSERT INTO incident VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_open(NULL, 'incident', new.id, 'incident_report', new.due);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'open', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'details', CASE WHEN new.details IS DISTINCT FROM old.details THEN jsonb_build_array(old.details, new.details) END, 'severity', CASE WHEN new.severity IS DISTINCT FROM old.severity THEN jsonb_build_array(old.severity, new.severity) END, 'economic_loss', CASE WHEN new.economic_loss IS DISTINCT FROM old.economic_loss THEN jsonb_build_array(old.economic_loss, new.economic_loss) END, 'form_kind', CASE WHEN new.form_kind IS DISTINCT FROM old.form_kind THEN jsonb_build_array(old.form_kind, new.form_kind) END, 'occurred_at', CASE WHEN new.occurred_at IS DISTINCT FROM old.occurred_at THEN jsonb_build_array(old.occurred_at, new.occurred_at) END, 'discovered_at', CASE WHEN new.discovered_at IS DISTINCT FROM old.discovered_at THEN jsonb_build_array(old.discovered_at, new.discovered_at) END, 'action', CASE WHEN new.action IS DISTINCT FROM old.action THEN jsonb_build_array(old.action, new.action) END, 'police_no', CASE WHEN new.police_no IS DISTINCT FROM old.police_no THEN jsonb_build_array(old.police_no, new.police_no) END, 'photos', CASE WHEN new.photos IS DISTINCT FROM old.photos THEN jsonb_build_array(old.photos, new.photos) END, 'problems', CASE WHEN new.problems IS DISTINCT FROM old.problems THEN jsonb_build_array(old.problems, new.problems) END, 'remarks', CASE WHEN new.remarks IS DISTINCT FROM old.remarks THEN jsonb_build_array(old.remarks, new.remarks) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_open_recorded(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_place text, a_details text, a_severity text, a_economic_loss boolean, a_form_kind text, a_occurred_at timestamptz, a_discovered_at timestamptz, a_action text, a_police_no text, a_photos jsonb, a_problems text, a_remarks text,
	j_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF r.guard IS NOT NULL THEN
		r.result := 'refused';
	ELSE
		r := journal_again(a_op_id, 'incident.open', a_digest);
		IF r.result IS NULL THEN
		BEGIN
			r := op.incident_open(a_token, a_op_id, a_digest, a_given, a_id, a_version, a_kind, a_place, a_details, a_severity, a_economic_loss, a_form_kind, a_occurred_at, a_discovered_at, a_action, a_police_no, a_photos, a_problems, a_remarks);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN
			r.result := 'refused'; r.guard := 'constraint';
		END;
		END IF;
	END IF;
	RETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, 'incident', 'open', a_op_id, a_id, r);
END $op$;

CREATE FUNCTION op.incident_report_orally(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_oral_at timestamptz, a_oral_how text, a_told_to text, a_instruction text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.report_orally', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_oral_at IS NOT NULL OR 'oral_at' = ANY (a_given) THEN 'oral_at' END, CASE WHEN a_oral_how IS NOT NULL OR 'oral_how' = ANY (a_given) THEN 'oral_how' END, CASE WHEN a_told_to IS NOT NULL OR 'told_to' = ANY (a_given) THEN 'told_to' END, CASE WHEN a_instruction IS NOT NULL OR 'instruction' = ANY (a_given) THEN 'instruction' END]::text[], NULL);
	r.field := CASE
		WHEN a_oral_at IS NOT NULL AND (isfinite(a_oral_at)) IS NOT TRUE THEN 'oral_at'
		WHEN a_oral_how IS NOT NULL AND (a_oral_how = ANY (ARRAY['in_person','telephone'])) IS NOT TRUE THEN 'oral_how'
		WHEN a_told_to IS NOT NULL AND (char_length(a_told_to) <= 64) IS NOT TRUE THEN 'told_to'
		WHEN a_instruction IS NOT NULL AND (is_text(a_instruction, 2, 4000, true)) IS NOT TRUE THEN 'instruction' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'refused', 'INC-01', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'oral_at' = ANY (who.given) THEN
		new.oral_at := a_oral_at;
	END IF;
	IF 'oral_how' = ANY (who.given) THEN
		new.oral_how := a_oral_how;
	END IF;
	IF 'told_to' = ANY (who.given) THEN
		IF a_told_to IS NULL THEN
			new.told_to := NULL;
		ELSE
			SELECT t.id INTO new.told_to FROM staff t WHERE (t.id = CASE WHEN a_told_to ~ '^[0-9]{1,18}$' THEN a_told_to::bigint END OR t.work_no = a_told_to OR t.login = a_told_to) ORDER BY (t.work_no = a_told_to) DESC LIMIT 1;
			IF new.told_to IS NULL THEN
				RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'not_found', NULL, 'reference', 'told_to', NULL, a_op_id, a_digest);
			END IF;
		END IF;
	END IF;
	IF 'instruction' = ANY (who.given) THEN
		new.instruction := a_instruction;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'reported';
	new := derive_incident_told(new, who);
	IF guard_incident_told_superior(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'refused', 'NGT-04', 'incident_told_superior', 'told_to', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_told_since(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'report_orally', 'invalid', 'INC-01', 'incident_told_since', 'oral_at', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'report_orally', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('oral_at', CASE WHEN new.oral_at IS DISTINCT FROM old.oral_at THEN jsonb_build_array(old.oral_at, new.oral_at) END, 'oral_how', CASE WHEN new.oral_how IS DISTINCT FROM old.oral_how THEN jsonb_build_array(old.oral_how, new.oral_how) END, 'told_to', CASE WHEN new.told_to IS DISTINCT FROM old.told_to THEN jsonb_build_array(old.told_to, new.told_to) END, 'instruction', CASE WHEN new.instruction IS DISTINCT FROM old.instruction THEN jsonb_build_array(old.instruction, new.instruction) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_place text, a_details text, a_severity text, a_economic_loss boolean, a_occurred_at timestamptz, a_discovered_at timestamptz, a_action text, a_police_no text, a_photos jsonb, a_problems text, a_remarks text, a_instruction text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_details IS NOT NULL OR 'details' = ANY (a_given) THEN 'details' END, CASE WHEN a_severity IS NOT NULL OR 'severity' = ANY (a_given) THEN 'severity' END, CASE WHEN a_economic_loss IS NOT NULL OR 'economic_loss' = ANY (a_given) THEN 'economic_loss' END, CASE WHEN a_occurred_at IS NOT NULL OR 'occurred_at' = ANY (a_given) THEN 'occurred_at' END, CASE WHEN a_discovered_at IS NOT NULL OR 'discovered_at' = ANY (a_given) THEN 'discovered_at' END, CASE WHEN a_action IS NOT NULL OR 'action' = ANY (a_given) THEN 'action' END, CASE WHEN a_police_no IS NOT NULL OR 'police_no' = ANY (a_given) THEN 'police_no' END, CASE WHEN a_photos IS NOT NULL OR 'photos' = ANY (a_given) THEN 'photos' END, CASE WHEN a_problems IS NOT NULL OR 'problems' = ANY (a_given) THEN 'problems' END, CASE WHEN a_remarks IS NOT NULL OR 'remarks' = ANY (a_given) THEN 'remarks' END, CASE WHEN a_instruction IS NOT NULL OR 'instruction' = ANY (a_given) THEN 'instruction' END]::text[], NULL);
	IF a_kind IS NULL AND 'kind' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_place IS NULL AND 'place' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'place'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_details IS NULL AND 'details' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'details'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['water','fire','power','theft','fight','death','explosion','equipment','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 1, 120, false)) IS NOT TRUE THEN 'place'
		WHEN a_details IS NOT NULL AND (is_text(a_details, 2, 4000, true)) IS NOT TRUE THEN 'details'
		WHEN a_severity IS NOT NULL AND (a_severity = ANY (ARRAY['general','major'])) IS NOT TRUE THEN 'severity'
		WHEN a_economic_loss IS NOT NULL AND (true) IS NOT TRUE THEN 'economic_loss'
		WHEN a_occurred_at IS NOT NULL AND (isfinite(a_occurred_at)) IS NOT TRUE THEN 'occurred_at'
		WHEN a_discovered_at IS NOT NULL AND (isfinite(a_discovered_at)) IS NOT TRUE THEN 'discovered_at'
		WHEN a_action IS NOT NULL AND (is_text(a_action, 2, 4000, true)) IS NOT TRUE THEN 'action'
		WHEN a_police_no IS NOT NULL AND (is_text(a_police_no, 2, 40, false)) IS NOT TRUE THEN 'police_no'
		WHEN a_photos IS NOT NULL AND (is_items(a_photos, 40)) IS NOT TRUE THEN 'photos'
		WHEN a_problems IS NOT NULL AND (is_text(a_problems, 2, 4000, true)) IS NOT TRUE THEN 'problems'
		WHEN a_remarks IS NOT NULL AND (is_text(a_remarks, 2, 4000, true)) IS NOT TRUE THEN 'remarks'
		WHEN a_instruction IS NOT NULL AND (is_text(a_instruction, 2, 4000, true)) IS NOT TRUE THEN 'instruction' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM','ET','EL']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'refused', 'INC-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'place' = ANY (who.given) THEN
		new.place := a_place;
	END IF;
	IF 'details' = ANY (who.given) THEN
		new.details := a_details;
	END IF;
	IF 'severity' = ANY (who.given) THEN
		new.severity := a_severity;
	END IF;
	IF 'economic_loss' = ANY (who.given) THEN
		new.economic_loss := a_economic_loss;
	END IF;
	IF 'occurred_at' = ANY (who.given) THEN
		new.occurred_at := a_occurred_at;
	END IF;
	IF 'discovered_at' = ANY (who.given) THEN
		new.discovered_at := a_discovered_at;
	END IF;
	IF 'action' = ANY (who.given) THEN
		new.action := a_action;
	END IF;
	IF 'police_no' = ANY (who.given) THEN
		new.police_no := a_police_no;
	END IF;
	IF 'photos' = ANY (who.given) THEN
		new.photos := a_photos;
	END IF;
	IF 'problems' = ANY (who.given) THEN
		new.problems := a_problems;
	END IF;
	IF 'remarks' = ANY (who.given) THEN
		new.remarks := a_remarks;
	END IF;
	IF 'instruction' = ANY (who.given) THEN
		new.instruction := a_instruction;
	END IF;
	who.args := jsonb_build_object();
	new := derive_incident_amended(new, who);
	IF guard_incident_form_by_its_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'forbidden', 'INC-09', 'incident_form_by_its_role', 'form_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_times_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'invalid', 'INC-02', 'incident_times_in_order', 'discovered_at', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_photos_proven(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'amend', 'invalid', 'INC-05', 'incident_photos_proven', 'photos', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('incident', new.id, 'incident_report', who.at);
	PERFORM deadline_open(NULL, 'incident', new.id, 'incident_report', new.due);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'details', CASE WHEN new.details IS DISTINCT FROM old.details THEN jsonb_build_array(old.details, new.details) END, 'severity', CASE WHEN new.severity IS DISTINCT FROM old.severity THEN jsonb_build_array(old.severity, new.severity) END, 'economic_loss', CASE WHEN new.economic_loss IS DISTINCT FROM old.economic_loss THEN jsonb_build_array(old.economic_loss, new.economic_loss) END, 'occurred_at', CASE WHEN new.occurred_at IS DISTINCT FROM old.occurred_at THEN jsonb_build_array(old.occurred_at, new.occurred_at) END, 'discovered_at', CASE WHEN new.discovered_at IS DISTINCT FROM old.discovered_at THEN jsonb_build_array(old.discovered_at, new.discovered_at) END, 'action', CASE WHEN new.action IS DISTINCT FROM old.action THEN jsonb_build_array(old.action, new.action) END, 'police_no', CASE WHEN new.police_no IS DISTINCT FROM old.police_no THEN jsonb_build_array(old.police_no, new.police_no) END, 'photos', CASE WHEN new.photos IS DISTINCT FROM old.photos THEN jsonb_build_array(old.photos, new.photos) END, 'problems', CASE WHEN new.problems IS DISTINCT FROM old.problems THEN jsonb_build_array(old.problems, new.problems) END, 'remarks', CASE WHEN new.remarks IS DISTINCT FROM old.remarks THEN jsonb_build_array(old.remarks, new.remarks) END, 'instruction', CASE WHEN new.instruction IS DISTINCT FROM old.instruction THEN jsonb_build_array(old.instruction, new.instruction) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_at_scene(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.at_scene', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'at_scene', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'at_scene', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'at_scene', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'at_scene', 'refused', 'NGT-05', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_incident_at_scene(new, who);
	IF guard_incident_scene_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'at_scene', 'refused', 'NGT-05', 'incident_scene_once', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'at_scene', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_sign(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_role text, a_name text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.sign', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_role IS NOT NULL OR 'role' = ANY (a_given) THEN 'role' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END]::text[], NULL);
	IF a_role IS NULL THEN
		r.result := 'invalid'; r.field := 'role'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_role IS NOT NULL AND (is_text(a_role, 2, 40, false)) IS NOT TRUE THEN 'role'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 2, 80, false)) IS NOT TRUE THEN 'name' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened','reported','submitted','copied']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'refused', 'VUL-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object('role', a_role, 'name', a_name);
	new := derive_incident_signed(new, who);
	IF guard_incident_is_record(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'refused', 'X-17', 'incident_is_record', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_signed_here(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'refused', 'VUL-06', 'incident_signed_here', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_party_once(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'sign', 'refused', 'VUL-06', 'incident_party_once', 'role', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM effect_incident_signed(new, who);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'sign', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('role', CASE WHEN a_role IS NOT NULL THEN jsonb_build_array(NULL, a_role) END, 'name', CASE WHEN a_name IS NOT NULL THEN jsonb_build_array(NULL, a_name) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_submit(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_kind text, a_place text, a_details text, a_severity text, a_economic_loss boolean, a_occurred_at timestamptz, a_discovered_at timestamptz, a_action text, a_police_no text, a_photos jsonb, a_problems text, a_remarks text, a_in_person boolean) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.submit', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_kind IS NOT NULL OR 'kind' = ANY (a_given) THEN 'kind' END, CASE WHEN a_place IS NOT NULL OR 'place' = ANY (a_given) THEN 'place' END, CASE WHEN a_details IS NOT NULL OR 'details' = ANY (a_given) THEN 'details' END, CASE WHEN a_severity IS NOT NULL OR 'severity' = ANY (a_given) THEN 'severity' END, CASE WHEN a_economic_loss IS NOT NULL OR 'economic_loss' = ANY (a_given) THEN 'economic_loss' END, CASE WHEN a_occurred_at IS NOT NULL OR 'occurred_at' = ANY (a_given) THEN 'occurred_at' END, CASE WHEN a_discovered_at IS NOT NULL OR 'discovered_at' = ANY (a_given) THEN 'discovered_at' END, CASE WHEN a_action IS NOT NULL OR 'action' = ANY (a_given) THEN 'action' END, CASE WHEN a_police_no IS NOT NULL OR 'police_no' = ANY (a_given) THEN 'police_no' END, CASE WHEN a_photos IS NOT NULL OR 'photos' = ANY (a_given) THEN 'photos' END, CASE WHEN a_problems IS NOT NULL OR 'problems' = ANY (a_given) THEN 'problems' END, CASE WHEN a_remarks IS NOT NULL OR 'remarks' = ANY (a_given) THEN 'remarks' END, CASE WHEN a_in_person IS NOT NULL OR 'in_person' = ANY (a_given) THEN 'in_person' END]::text[], NULL);
	IF a_kind IS NULL AND 'kind' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'kind'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_place IS NULL AND 'place' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'place'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_details IS NULL AND 'details' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'details'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_kind IS NOT NULL AND (a_kind = ANY (ARRAY['water','fire','power','theft','fight','death','explosion','equipment','other'])) IS NOT TRUE THEN 'kind'
		WHEN a_place IS NOT NULL AND (is_text(a_place, 1, 120, false)) IS NOT TRUE THEN 'place'
		WHEN a_details IS NOT NULL AND (is_text(a_details, 2, 4000, true)) IS NOT TRUE THEN 'details'
		WHEN a_severity IS NOT NULL AND (a_severity = ANY (ARRAY['general','major'])) IS NOT TRUE THEN 'severity'
		WHEN a_economic_loss IS NOT NULL AND (true) IS NOT TRUE THEN 'economic_loss'
		WHEN a_occurred_at IS NOT NULL AND (isfinite(a_occurred_at)) IS NOT TRUE THEN 'occurred_at'
		WHEN a_discovered_at IS NOT NULL AND (isfinite(a_discovered_at)) IS NOT TRUE THEN 'discovered_at'
		WHEN a_action IS NOT NULL AND (is_text(a_action, 2, 4000, true)) IS NOT TRUE THEN 'action'
		WHEN a_police_no IS NOT NULL AND (is_text(a_police_no, 2, 40, false)) IS NOT TRUE THEN 'police_no'
		WHEN a_photos IS NOT NULL AND (is_items(a_photos, 40)) IS NOT TRUE THEN 'photos'
		WHEN a_problems IS NOT NULL AND (is_text(a_problems, 2, 4000, true)) IS NOT TRUE THEN 'problems'
		WHEN a_remarks IS NOT NULL AND (is_text(a_remarks, 2, 4000, true)) IS NOT TRUE THEN 'remarks'
		WHEN a_in_person IS NOT NULL AND (true) IS NOT TRUE THEN 'in_person' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM','ET','EL']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'refused', 'INC-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'kind' = ANY (who.given) THEN
		new.kind := a_kind;
	END IF;
	IF 'place' = ANY (who.given) THEN
		new.place := a_place;
	END IF;
	IF 'details' = ANY (who.given) THEN
		new.details := a_details;
	END IF;
	IF 'severity' = ANY (who.given) THEN
		new.severity := a_severity;
	END IF;
	IF 'economic_loss' = ANY (who.given) THEN
		new.economic_loss := a_economic_loss;
	END IF;
	IF 'occurred_at' = ANY (who.given) THEN
		new.occurred_at := a_occurred_at;
	END IF;
	IF 'discovered_at' = ANY (who.given) THEN
		new.discovered_at := a_discovered_at;
	END IF;
	IF 'action' = ANY (who.given) THEN
		new.action := a_action;
	END IF;
	IF 'police_no' = ANY (who.given) THEN
		new.police_no := a_police_no;
	END IF;
	IF 'photos' = ANY (who.given) THEN
		new.photos := a_photos;
	END IF;
	IF 'problems' = ANY (who.given) THEN
		new.problems := a_problems;
	END IF;
	IF 'remarks' = ANY (who.given) THEN
		new.remarks := a_remarks;
	END IF;
	IF 'in_person' = ANY (who.given) THEN
		new.in_person := a_in_person;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'submitted';
	new := derive_incident_submitted(new, who);
	IF guard_incident_form_by_its_role(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'forbidden', 'INC-09', 'incident_form_by_its_role', 'form_kind', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_times_in_order(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'invalid', 'INC-02', 'incident_times_in_order', 'discovered_at', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_photos_proven(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'invalid', 'INC-05', 'incident_photos_proven', 'photos', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_says_what(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'invalid', 'INC-06', 'incident_says_what', 'details', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_major_has_photos(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'refused', 'INC-08', 'incident_major_has_photos', 'photos', NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_loss_has_photos(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'submit', 'refused', 'INC-05', 'incident_loss_has_photos', 'photos', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('incident', new.id, 'incident_report', who.at);
	PERFORM deadline_open(NULL, 'incident', new.id, 'incident_copies', new.copy_due);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'submit', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('kind', CASE WHEN new.kind IS DISTINCT FROM old.kind THEN jsonb_build_array(old.kind, new.kind) END, 'place', CASE WHEN new.place IS DISTINCT FROM old.place THEN jsonb_build_array(old.place, new.place) END, 'details', CASE WHEN new.details IS DISTINCT FROM old.details THEN jsonb_build_array(old.details, new.details) END, 'severity', CASE WHEN new.severity IS DISTINCT FROM old.severity THEN jsonb_build_array(old.severity, new.severity) END, 'economic_loss', CASE WHEN new.economic_loss IS DISTINCT FROM old.economic_loss THEN jsonb_build_array(old.economic_loss, new.economic_loss) END, 'occurred_at', CASE WHEN new.occurred_at IS DISTINCT FROM old.occurred_at THEN jsonb_build_array(old.occurred_at, new.occurred_at) END, 'discovered_at', CASE WHEN new.discovered_at IS DISTINCT FROM old.discovered_at THEN jsonb_build_array(old.discovered_at, new.discovered_at) END, 'action', CASE WHEN new.action IS DISTINCT FROM old.action THEN jsonb_build_array(old.action, new.action) END, 'police_no', CASE WHEN new.police_no IS DISTINCT FROM old.police_no THEN jsonb_build_array(old.police_no, new.police_no) END, 'photos', CASE WHEN new.photos IS DISTINCT FROM old.photos THEN jsonb_build_array(old.photos, new.photos) END, 'problems', CASE WHEN new.problems IS DISTINCT FROM old.problems THEN jsonb_build_array(old.problems, new.problems) END, 'remarks', CASE WHEN new.remarks IS DISTINCT FROM old.remarks THEN jsonb_build_array(old.remarks, new.remarks) END, 'in_person', CASE WHEN new.in_person IS DISTINCT FROM old.in_person THEN jsonb_build_array(old.in_person, new.in_person) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_send_copies(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_copied_to text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.send_copies', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_copied_to IS NOT NULL OR 'copied_to' = ANY (a_given) THEN 'copied_to' END]::text[], NULL);
	IF a_copied_to IS NULL THEN
		r.result := 'invalid'; r.field := 'copied_to'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_copied_to IS NOT NULL AND (is_text(a_copied_to, 2, 200, false)) IS NOT TRUE THEN 'copied_to' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'send_copies', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'send_copies', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'send_copies', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['submitted','filed']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'send_copies', 'refused', 'INC-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'copied_to' = ANY (who.given) THEN
		new.copied_to := a_copied_to;
	END IF;
	who.args := jsonb_build_object();
	new := derive_incident_copied(new, who);
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('incident', new.id, 'incident_copies', who.at);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'send_copies', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('copied_to', CASE WHEN new.copied_to IS DISTINCT FROM old.copied_to THEN jsonb_build_array(old.copied_to, new.copied_to) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_approve(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.approve', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['submitted','copied']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'refused', 'INC-02', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new.state := 'filed';
	new := derive_incident_filed(new, who);
	IF guard_incident_approver(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'forbidden', 'INC-09', 'incident_approver', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_incident_three_signed(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'incident', a_id, NULL, 'approve', 'refused', 'VUL-06', 'incident_three_signed', NULL, NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'approve', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_note_police(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_police_no text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.note_police', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_police_no IS NOT NULL OR 'police_no' = ANY (a_given) THEN 'police_no' END]::text[], NULL);
	IF a_police_no IS NULL THEN
		r.result := 'invalid'; r.field := 'police_no'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_police_no IS NOT NULL AND (is_text(a_police_no, 2, 40, false)) IS NOT TRUE THEN 'police_no' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'note_police', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'note_police', 'forbidden', NULL, 'role', NULL, ARRAY['CM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'note_police', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['submitted','copied','filed']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'note_police', 'refused', 'INC-06', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'police_no' = ANY (who.given) THEN
		new.police_no := a_police_no;
	END IF;
	who.args := jsonb_build_object();
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'note_police', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('police_no', CASE WHEN new.police_no IS DISTINCT FROM old.police_no THEN jsonb_build_array(old.police_no, new.police_no) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.incident_void(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_reason text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.incident;
	new lodge.incident;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'incident.void', a_digest);
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
	SELECT * INTO old FROM incident t WHERE t.id = a_id AND ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[t.reported_by]::bigint[], NULL))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'incident', a_id, NULL, 'void', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['CM','EM','NM']::text[] THEN
		RETURN refused(who, 'incident', a_id, NULL, 'void', 'forbidden', NULL, 'role', NULL, ARRAY['CM','EM','NM']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'incident', a_id, NULL, 'void', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['opened','reported','submitted','copied']) THEN
		RETURN refused(who, 'incident', a_id, NULL, 'void', 'refused', 'INC-03', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'reason' = ANY (who.given) THEN
		new.reason := a_reason;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'voided';
	new.version := old.version + 1;
	BEGIN
	UPDATE incident SET version = new.version, state = new.state, kind = new.kind, place = new.place, details = new.details, severity = new.severity, economic_loss = new.economic_loss, form_kind = new.form_kind, occurred_at = new.occurred_at, discovered_at = new.discovered_at, action = new.action, police_no = new.police_no, photos = new.photos, problems = new.problems, remarks = new.remarks, in_person = new.in_person, unit = new.unit, building = new.building, reported_by = new.reported_by, oral_at = new.oral_at, oral_how = new.oral_how, due = new.due, submitted_at = new.submitted_at, submitted_by = new.submitted_by, copied_to = new.copied_to, copy_due = new.copy_due, copied_at = new.copied_at, approved_by = new.approved_by, approved_at = new.approved_at, told_to = new.told_to, instruction = new.instruction, scene_at = new.scene_at, scene_by = new.scene_by, page = new.page, signatures = new.signatures, reason = new.reason WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('incident', new.id, 'incident_report', who.at);
	PERFORM deadline_close('incident', new.id, 'incident_copies', who.at);
	RETURN done(who, 'incident', new.id, new.no::text, new.version, new.state, NULL, 'void', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('reason', CASE WHEN new.reason IS DISTINCT FROM old.reason THEN jsonb_build_array(old.reason, new.reason) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[new.reported_by]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_incident(a_op text, old lodge.incident, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.incident := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['CM','DEM','EM','GM','NM','SS','ES','HR','QC']::text[]) OR who.staff = ANY (array_remove(ARRAY[old.reported_by]::bigint[], NULL))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'report_orally' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened']) THEN
			RETURN 'state';
		END IF;
		new.state := 'reported';
		new := derive_incident_told(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['CM','NM','ET','EL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
			RETURN 'state';
		END IF;
		new := derive_incident_amended(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'at_scene' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
			RETURN 'state';
		END IF;
		new := derive_incident_at_scene(new, who);
		IF guard_incident_scene_once(new, who) IS NOT TRUE THEN
			RETURN 'incident_scene_once';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'sign' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened','reported','submitted','copied']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'submit' THEN
		IF NOT who.acts_as && ARRAY['CM','NM','ET','EL']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened','reported']) THEN
			RETURN 'state';
		END IF;
		new.state := 'submitted';
		new := derive_incident_submitted(new, who);
		RETURN NULL;
	END IF;
	IF a_op = 'send_copies' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['submitted','filed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'approve' THEN
		IF NOT who.acts_as && ARRAY['CM','EM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['submitted','copied']) THEN
			RETURN 'state';
		END IF;
		new.state := 'filed';
		new := derive_incident_filed(new, who);
		IF guard_incident_approver(new, who) IS NOT TRUE THEN
			RETURN 'incident_approver';
		END IF;
		IF guard_incident_three_signed(new, who) IS NOT TRUE THEN
			RETURN 'incident_three_signed';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'note_police' THEN
		IF NOT who.acts_as && ARRAY['CM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['submitted','copied','filed']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'void' THEN
		IF NOT who.acts_as && ARRAY['CM','EM','NM']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['opened','reported','submitted','copied']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_incident(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.incident;
BEGIN
	SELECT x.* INTO t FROM incident x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_incident(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_incident(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_incident(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.incident FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "no", "kind", "place", "details", "severity", "economic_loss", "form_kind", "occurred_at", "discovered_at", "action", "police_no", "photos", "problems", "remarks", "in_person", "unit", "building", "reported_by", "oral_at", "oral_how", "due", "submitted_at", "submitted_by", "copied_to", "copy_due", "copied_at", "approved_by", "approved_at", "told_to", "instruction", "scene_at", "scene_by", "page", "signatures", "reason") ON lodge.incident TO lodge_name;
GRANT SELECT (id, version, state, "no", "kind", "place", "details", "severity", "economic_loss", "form_kind", "occurred_at", "discovered_at", "action", "police_no", "photos", "problems", "remarks", "in_person", "unit", "building", "reported_by", "oral_at", "oral_how", "due", "submitted_at", "submitted_by", "copied_to", "copy_due", "copied_at", "approved_by", "approved_at", "told_to", "instruction", "scene_at", "scene_by", "page", "signatures", "reason") ON lodge.incident TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.incident_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_open_recorded TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_report_orally TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_at_scene TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_sign TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_submit TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_send_copies TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_approve TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_note_police TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.incident_void TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_incident TO lodge_name, lodge_contact;
