CREATE FUNCTION op.person_add(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_household text, a_name text, a_name_keys text[], a_relation text, a_mobile text, a_home_phone text, a_sex text, a_id_no bytea, a_id_no_key bytea, a_birth date, a_native_place text, a_registration_place text, a_email text, a_needs_help boolean, a_photo text, a_id_copy text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.person;
	new lodge.person;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'person.add', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_household IS NOT NULL OR 'household' = ANY (a_given) THEN 'household' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_relation IS NOT NULL OR 'relation' = ANY (a_given) THEN 'relation' END, CASE WHEN a_mobile IS NOT NULL OR 'mobile' = ANY (a_given) THEN 'mobile' END, CASE WHEN a_home_phone IS NOT NULL OR 'home_phone' = ANY (a_given) THEN 'home_phone' END, CASE WHEN a_sex IS NOT NULL OR 'sex' = ANY (a_given) THEN 'sex' END, CASE WHEN a_id_no IS NOT NULL OR 'id_no' = ANY (a_given) THEN 'id_no' END, CASE WHEN a_birth IS NOT NULL OR 'birth' = ANY (a_given) THEN 'birth' END, CASE WHEN a_native_place IS NOT NULL OR 'native_place' = ANY (a_given) THEN 'native_place' END, CASE WHEN a_registration_place IS NOT NULL OR 'registration_place' = ANY (a_given) THEN 'registration_place' END, CASE WHEN a_email IS NOT NULL OR 'email' = ANY (a_given) THEN 'email' END, CASE WHEN a_needs_help IS NOT NULL OR 'needs_help' = ANY (a_given) THEN 'needs_help' END, CASE WHEN a_photo IS NOT NULL OR 'photo' = ANY (a_given) THEN 'photo' END, CASE WHEN a_id_copy IS NOT NULL OR 'id_copy' = ANY (a_given) THEN 'id_copy' END]::text[], NULL);
	IF a_household IS NULL THEN
		r.result := 'invalid'; r.field := 'household'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_relation IS NULL THEN
		r.result := 'invalid'; r.field := 'relation'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_household IS NOT NULL AND (char_length(a_household) <= 64) IS NOT TRUE THEN 'household'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 1, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_relation IS NOT NULL AND (a_relation = ANY (ARRAY['owner','buyer','tenant','head','spouse','child','parent','relative','friend','nanny','student','permanent','temporary','legal','contact','emergency','other'])) IS NOT TRUE THEN 'relation'
		WHEN a_mobile IS NOT NULL AND (is_text(a_mobile, 5, 24, false)) IS NOT TRUE THEN 'mobile'
		WHEN a_home_phone IS NOT NULL AND (is_text(a_home_phone, 5, 24, false)) IS NOT TRUE THEN 'home_phone'
		WHEN a_sex IS NOT NULL AND (a_sex = ANY (ARRAY['f','m'])) IS NOT TRUE THEN 'sex'
		WHEN a_id_no IS NOT NULL AND (octet_length(a_id_no) BETWEEN 43 AND 170 AND octet_length(a_id_no_key) = 32) IS NOT TRUE THEN 'id_no'
		WHEN a_birth IS NOT NULL AND (isfinite(a_birth)) IS NOT TRUE THEN 'birth'
		WHEN a_native_place IS NOT NULL AND (is_text(a_native_place, 1, 80, false)) IS NOT TRUE THEN 'native_place'
		WHEN a_registration_place IS NOT NULL AND (is_text(a_registration_place, 1, 120, false)) IS NOT TRUE THEN 'registration_place'
		WHEN a_email IS NOT NULL AND (is_text(a_email, 1, 120, false)) IS NOT TRUE THEN 'email'
		WHEN a_needs_help IS NOT NULL AND (true) IS NOT TRUE THEN 'needs_help'
		WHEN a_photo IS NOT NULL AND (is_text(a_photo, 1, 60, false)) IS NOT TRUE THEN 'photo'
		WHEN a_id_copy IS NOT NULL AND (is_text(a_id_copy, 1, 60, false)) IS NOT TRUE THEN 'id_copy' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','CSA','ACU','TSO']::text[] THEN
		RETURN refused(who, 'person', NULL, NULL, 'add', 'forbidden', NULL, 'role', NULL, ARRAY['FD','CSA','ACU','TSO']::text[], a_op_id, a_digest);
	END IF;
	IF a_household IS NULL THEN
		new.household := NULL;
	ELSE
		SELECT t.id INTO new.household FROM household t WHERE (t.id = CASE WHEN a_household ~ '^[0-9]{1,18}$' THEN a_household::bigint END) AND t.area = ANY (who.areas);
		IF new.household IS NULL THEN
			RETURN refused(who, 'person', NULL, NULL, 'add', 'not_found', NULL, 'reference', 'household', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.name := a_name;
	new.relation := a_relation;
	new.mobile := a_mobile;
	new.home_phone := a_home_phone;
	new.sex := a_sex;
	new.id_no := a_id_no;
	new.id_no_op := CASE WHEN a_id_no IS NOT NULL THEN a_op_id END;
	new.id_no_key := CASE WHEN a_id_no IS NOT NULL THEN a_id_no_key END;
	new.birth := a_birth;
	new.native_place := a_native_place;
	new.registration_place := a_registration_place;
	new.email := a_email;
	new.needs_help := a_needs_help;
	new.photo := a_photo;
	new.id_copy := a_id_copy;
	who.args := jsonb_build_object();
	new := derive_person_of_household(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'person', NULL, NULL, 'add', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_person_household_here(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'person', NULL, new.area, 'add', 'refused', 'ARC-07', 'person_household_here', NULL, NULL, a_op_id, a_digest);
	END IF;
	IF new.mobile_withheld THEN
		new.mobile := NULL;
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.person', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO person VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO person_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'mobile' = ANY (who.given) AND new.mobile_withheld THEN
		UPDATE person_sealed SET mobile = a_mobile WHERE id = new.id;
	END IF;
	IF 'name' = ANY (who.given) THEN
		PERFORM search_write(new.area, 'person', new.id, new.name, a_name_keys);
	END IF;
	PERFORM contact_write(new.area, 'person', new.id, new.name, ARRAY[digits(new.mobile), digits(new.home_phone)]);
	RETURN done(who, 'person', new.id, NULL, new.version, NULL, new.area, 'add', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('household', CASE WHEN new.household IS DISTINCT FROM old.household THEN jsonb_build_array(old.household, new.household) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'relation', CASE WHEN new.relation IS DISTINCT FROM old.relation THEN jsonb_build_array(old.relation, new.relation) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.person_amend(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_name text, a_name_keys text[], a_relation text, a_mobile text, a_home_phone text, a_sex text, a_id_no bytea, a_id_no_key bytea, a_birth date, a_native_place text, a_registration_place text, a_email text, a_needs_help boolean, a_photo text, a_id_copy text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.person;
	new lodge.person;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'person.amend', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_relation IS NOT NULL OR 'relation' = ANY (a_given) THEN 'relation' END, CASE WHEN a_mobile IS NOT NULL OR 'mobile' = ANY (a_given) THEN 'mobile' END, CASE WHEN a_home_phone IS NOT NULL OR 'home_phone' = ANY (a_given) THEN 'home_phone' END, CASE WHEN a_sex IS NOT NULL OR 'sex' = ANY (a_given) THEN 'sex' END, CASE WHEN a_id_no IS NOT NULL OR 'id_no' = ANY (a_given) THEN 'id_no' END, CASE WHEN a_birth IS NOT NULL OR 'birth' = ANY (a_given) THEN 'birth' END, CASE WHEN a_native_place IS NOT NULL OR 'native_place' = ANY (a_given) THEN 'native_place' END, CASE WHEN a_registration_place IS NOT NULL OR 'registration_place' = ANY (a_given) THEN 'registration_place' END, CASE WHEN a_email IS NOT NULL OR 'email' = ANY (a_given) THEN 'email' END, CASE WHEN a_needs_help IS NOT NULL OR 'needs_help' = ANY (a_given) THEN 'needs_help' END, CASE WHEN a_photo IS NOT NULL OR 'photo' = ANY (a_given) THEN 'photo' END, CASE WHEN a_id_copy IS NOT NULL OR 'id_copy' = ANY (a_given) THEN 'id_copy' END]::text[], NULL);
	IF a_name IS NULL AND 'name' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_relation IS NULL AND 'relation' = ANY (who.given) THEN
		r.result := 'invalid'; r.field := 'relation'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_name IS NOT NULL AND (is_text(a_name, 1, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_relation IS NOT NULL AND (a_relation = ANY (ARRAY['owner','buyer','tenant','head','spouse','child','parent','relative','friend','nanny','student','permanent','temporary','legal','contact','emergency','other'])) IS NOT TRUE THEN 'relation'
		WHEN a_mobile IS NOT NULL AND (is_text(a_mobile, 5, 24, false)) IS NOT TRUE THEN 'mobile'
		WHEN a_home_phone IS NOT NULL AND (is_text(a_home_phone, 5, 24, false)) IS NOT TRUE THEN 'home_phone'
		WHEN a_sex IS NOT NULL AND (a_sex = ANY (ARRAY['f','m'])) IS NOT TRUE THEN 'sex'
		WHEN a_id_no IS NOT NULL AND (octet_length(a_id_no) BETWEEN 43 AND 170 AND octet_length(a_id_no_key) = 32) IS NOT TRUE THEN 'id_no'
		WHEN a_birth IS NOT NULL AND (isfinite(a_birth)) IS NOT TRUE THEN 'birth'
		WHEN a_native_place IS NOT NULL AND (is_text(a_native_place, 1, 80, false)) IS NOT TRUE THEN 'native_place'
		WHEN a_registration_place IS NOT NULL AND (is_text(a_registration_place, 1, 120, false)) IS NOT TRUE THEN 'registration_place'
		WHEN a_email IS NOT NULL AND (is_text(a_email, 1, 120, false)) IS NOT TRUE THEN 'email'
		WHEN a_needs_help IS NOT NULL AND (true) IS NOT TRUE THEN 'needs_help'
		WHEN a_photo IS NOT NULL AND (is_text(a_photo, 1, 60, false)) IS NOT TRUE THEN 'photo'
		WHEN a_id_copy IS NOT NULL AND (is_text(a_id_copy, 1, 60, false)) IS NOT TRUE THEN 'id_copy' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM person t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'person', a_id, NULL, 'amend', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'person', a_id, old.area, 'amend', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'person', a_id, old.area, 'amend', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'name' = ANY (who.given) THEN
		new.name := a_name;
	END IF;
	IF 'relation' = ANY (who.given) THEN
		new.relation := a_relation;
	END IF;
	IF 'mobile' = ANY (who.given) THEN
		new.mobile := a_mobile;
	END IF;
	IF 'home_phone' = ANY (who.given) THEN
		new.home_phone := a_home_phone;
	END IF;
	IF 'sex' = ANY (who.given) THEN
		new.sex := a_sex;
	END IF;
	IF 'id_no' = ANY (who.given) THEN
		new.id_no := a_id_no;
		new.id_no_op := CASE WHEN a_id_no IS NOT NULL THEN a_op_id END;
		new.id_no_key := CASE WHEN a_id_no IS NOT NULL THEN a_id_no_key END;
	END IF;
	IF 'birth' = ANY (who.given) THEN
		new.birth := a_birth;
	END IF;
	IF 'native_place' = ANY (who.given) THEN
		new.native_place := a_native_place;
	END IF;
	IF 'registration_place' = ANY (who.given) THEN
		new.registration_place := a_registration_place;
	END IF;
	IF 'email' = ANY (who.given) THEN
		new.email := a_email;
	END IF;
	IF 'needs_help' = ANY (who.given) THEN
		new.needs_help := a_needs_help;
	END IF;
	IF 'photo' = ANY (who.given) THEN
		new.photo := a_photo;
	END IF;
	IF 'id_copy' = ANY (who.given) THEN
		new.id_copy := a_id_copy;
	END IF;
	who.args := jsonb_build_object();
	IF new.mobile_withheld THEN
		new.mobile := NULL;
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE person SET version = new.version, household = new.household, unit = new.unit, name = new.name, relation = new.relation, mobile = new.mobile, home_phone = new.home_phone, sex = new.sex, id_no = new.id_no, id_no_op = new.id_no_op, id_no_key = new.id_no_key, birth = new.birth, native_place = new.native_place, registration_place = new.registration_place, email = new.email, needs_help = new.needs_help, photo = new.photo, id_copy = new.id_copy, left_on = new.left_on WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	INSERT INTO person_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'mobile' = ANY (who.given) AND new.mobile_withheld THEN
		UPDATE person_sealed SET mobile = a_mobile WHERE id = new.id;
	END IF;
	IF 'name' = ANY (who.given) THEN
		PERFORM search_write(new.area, 'person', new.id, new.name, a_name_keys);
	END IF;
	PERFORM contact_write(new.area, 'person', new.id, new.name, ARRAY[digits(new.mobile), digits(new.home_phone)]);
	RETURN done(who, 'person', new.id, NULL, new.version, NULL, new.area, 'amend', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'relation', CASE WHEN new.relation IS DISTINCT FROM old.relation THEN jsonb_build_array(old.relation, new.relation) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.person_leave(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.person;
	new lodge.person;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'person.leave', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[]::text[], NULL);
	SELECT * INTO old FROM person t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'person', a_id, NULL, 'leave', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
		RETURN refused(who, 'person', a_id, old.area, 'leave', 'forbidden', NULL, 'role', NULL, ARRAY['ACU']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'person', a_id, old.area, 'leave', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	new := old;
	who.args := jsonb_build_object();
	new := derive_person_leaves(new, who);
	IF new.mobile_withheld THEN
		new.mobile := NULL;
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE person SET version = new.version, household = new.household, unit = new.unit, name = new.name, relation = new.relation, mobile = new.mobile, home_phone = new.home_phone, sex = new.sex, id_no = new.id_no, id_no_op = new.id_no_op, id_no_key = new.id_no_key, birth = new.birth, native_place = new.native_place, registration_place = new.registration_place, email = new.email, needs_help = new.needs_help, photo = new.photo, id_copy = new.id_copy, left_on = new.left_on WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'person', new.id, NULL, new.version, NULL, new.area, 'leave', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object()),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE FUNCTION op.person_take_over(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_unit text, a_name text, a_name_keys text[], a_relation text, a_mobile text, a_home_phone text, a_sex text, a_id_no bytea, a_id_no_key bytea, a_birth date, a_household_name text, a_household_name_keys text[], a_important text, a_rehearse text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.person;
	new lodge.person;
	asked lodge.person;
	same boolean;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'person.take_over', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_unit IS NOT NULL OR 'unit' = ANY (a_given) THEN 'unit' END, CASE WHEN a_name IS NOT NULL OR 'name' = ANY (a_given) THEN 'name' END, CASE WHEN a_relation IS NOT NULL OR 'relation' = ANY (a_given) THEN 'relation' END, CASE WHEN a_mobile IS NOT NULL OR 'mobile' = ANY (a_given) THEN 'mobile' END, CASE WHEN a_home_phone IS NOT NULL OR 'home_phone' = ANY (a_given) THEN 'home_phone' END, CASE WHEN a_sex IS NOT NULL OR 'sex' = ANY (a_given) THEN 'sex' END, CASE WHEN a_id_no IS NOT NULL OR 'id_no' = ANY (a_given) THEN 'id_no' END, CASE WHEN a_birth IS NOT NULL OR 'birth' = ANY (a_given) THEN 'birth' END, CASE WHEN a_household_name IS NOT NULL OR 'household_name' = ANY (a_given) THEN 'household_name' END, CASE WHEN a_important IS NOT NULL OR 'important' = ANY (a_given) THEN 'important' END, CASE WHEN a_rehearse IS NOT NULL OR 'rehearse' = ANY (a_given) THEN 'rehearse' END]::text[], NULL);
	IF a_unit IS NULL THEN
		r.result := 'invalid'; r.field := 'unit'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_name IS NULL THEN
		r.result := 'invalid'; r.field := 'name'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_relation IS NULL THEN
		r.result := 'invalid'; r.field := 'relation'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_unit IS NOT NULL AND (char_length(a_unit) <= 64) IS NOT TRUE THEN 'unit'
		WHEN a_name IS NOT NULL AND (is_text(a_name, 1, 80, false)) IS NOT TRUE THEN 'name'
		WHEN a_relation IS NOT NULL AND (a_relation = ANY (ARRAY['owner','buyer','tenant','head','spouse','child','parent','relative','friend','nanny','student','permanent','temporary','legal','contact','emergency','other'])) IS NOT TRUE THEN 'relation'
		WHEN a_mobile IS NOT NULL AND (is_text(a_mobile, 5, 24, false)) IS NOT TRUE THEN 'mobile'
		WHEN a_home_phone IS NOT NULL AND (is_text(a_home_phone, 5, 24, false)) IS NOT TRUE THEN 'home_phone'
		WHEN a_sex IS NOT NULL AND (a_sex = ANY (ARRAY['f','m'])) IS NOT TRUE THEN 'sex'
		WHEN a_id_no IS NOT NULL AND (octet_length(a_id_no) BETWEEN 43 AND 170 AND octet_length(a_id_no_key) = 32) IS NOT TRUE THEN 'id_no'
		WHEN a_birth IS NOT NULL AND (isfinite(a_birth)) IS NOT TRUE THEN 'birth'
		WHEN a_household_name IS NOT NULL AND (is_text(a_household_name, 1, 80, false)) IS NOT TRUE THEN 'household_name'
		WHEN a_important IS NOT NULL AND (true) IS NOT TRUE THEN 'important'
		WHEN a_rehearse IS NOT NULL AND (true) IS NOT TRUE THEN 'rehearse' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','EM']::text[] THEN
		RETURN refused(who, 'person', NULL, NULL, 'take_over', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','EM']::text[], a_op_id, a_digest);
	END IF;
	IF a_unit IS NULL THEN
		new.unit := NULL;
	ELSE
		SELECT t.id INTO new.unit FROM unit t WHERE (t.id = CASE WHEN a_unit ~ '^[0-9]{1,18}$' THEN a_unit::bigint END OR t.code = a_unit) AND t.area = ANY (who.areas) ORDER BY (t.code = a_unit) DESC LIMIT 1;
		IF new.unit IS NULL THEN
			RETURN refused(who, 'person', NULL, NULL, 'take_over', 'not_found', NULL, 'reference', 'unit', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	new.name := a_name;
	new.relation := a_relation;
	new.mobile := a_mobile;
	new.home_phone := a_home_phone;
	new.sex := a_sex;
	new.id_no := a_id_no;
	new.id_no_op := CASE WHEN a_id_no IS NOT NULL THEN a_op_id END;
	new.id_no_key := CASE WHEN a_id_no IS NOT NULL THEN a_id_no_key END;
	new.birth := a_birth;
	who.args := jsonb_build_object('name_keys', a_name_keys, 'household_name', a_household_name, 'household_name_keys', a_household_name_keys, 'important', a_important, 'rehearse', a_rehearse);
	a_id := known_person_of_unit(new, who);
	IF a_id IS NOT NULL THEN
	SELECT * INTO old FROM person t WHERE t.id = a_id AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas))) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'person', NULL, NULL, 'take_over', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	who.prior := to_jsonb(old);
	asked := new;
	new := old;
	IF 'unit' = ANY (who.given) THEN
		new.unit := asked.unit;
	END IF;
	IF 'name' = ANY (who.given) THEN
		new.name := asked.name;
	END IF;
	IF 'relation' = ANY (who.given) THEN
		new.relation := asked.relation;
	END IF;
	IF 'mobile' = ANY (who.given) THEN
		new.mobile := asked.mobile;
	END IF;
	IF 'home_phone' = ANY (who.given) THEN
		new.home_phone := asked.home_phone;
	END IF;
	IF 'sex' = ANY (who.given) THEN
		new.sex := asked.sex;
	END IF;
	IF 'id_no' = ANY (who.given) AND asked.id_no_key IS DISTINCT FROM old.id_no_key THEN
		new.id_no := asked.id_no;
		new.id_no_op := asked.id_no_op;
		new.id_no_key := asked.id_no_key;
	END IF;
	IF 'birth' = ANY (who.given) THEN
		new.birth := asked.birth;
	END IF;
	END IF;
	new := derive_person_taken_over(new, who);
	IF NOT coalesce(new.area = ANY (who.areas), false) THEN
		RETURN refused(who, 'person', NULL, NULL, 'take_over', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF guard_person_household_is_clear(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'person', NULL, new.area, 'take_over', 'refused', 'ARC-19', 'person_household_is_clear', 'household_name', NULL, a_op_id, a_digest);
	END IF;
	IF new.mobile_withheld THEN
		new.mobile := NULL;
	END IF;
	same := a_id IS NOT NULL AND new IS NOT DISTINCT FROM old
		AND NOT ('mobile' = ANY (who.given) AND new.mobile_withheld AND a_mobile IS DISTINCT FROM (SELECT s.mobile FROM person_sealed s WHERE s.id = a_id));
	IF a_rehearse::boolean THEN
		RETURN rehearsed(who, 'person', a_id, new.area, CASE WHEN NOT same THEN coalesce(old.version, 0) + 1 END, a_op_id, a_digest);
	END IF;
	IF same THEN
		r.result := 'ok'; r.id := a_id; r.version := old.version; r.state := NULL; r.at := who.at;
		RETURN r;
	END IF;
	new := prepare_person_taken_over(new, who);
	IF a_id IS NOT NULL THEN
	new.version := old.version + 1;
	BEGIN
	UPDATE person SET version = new.version, household = new.household, unit = new.unit, name = new.name, relation = new.relation, mobile = new.mobile, home_phone = new.home_phone, sex = new.sex, id_no = new.id_no, id_no_op = new.id_no_op, id_no_key = new.id_no_key, birth = new.birth, native_place = new.native_place, registration_place = new.registration_place, email = new.email, needs_help = new.needs_help, photo = new.photo, id_copy = new.id_copy, left_on = new.left_on WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	ELSE
	new.id := nextval(pg_get_serial_sequence('lodge.person', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO person VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	END IF;
	INSERT INTO person_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;
	IF 'mobile' = ANY (who.given) AND new.mobile_withheld THEN
		UPDATE person_sealed SET mobile = a_mobile WHERE id = new.id;
	END IF;
	IF 'name' = ANY (who.given) THEN
		PERFORM search_write(new.area, 'person', new.id, new.name, a_name_keys);
	END IF;
	PERFORM contact_write(new.area, 'person', new.id, new.name, ARRAY[digits(new.mobile), digits(new.home_phone)]);
	RETURN done(who, 'person', new.id, NULL, new.version, NULL, new.area, 'take_over', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('unit', CASE WHEN new.unit IS DISTINCT FROM old.unit THEN jsonb_build_array(old.unit, new.unit) END, 'name', CASE WHEN new.name IS DISTINCT FROM old.name THEN jsonb_build_array(old.name, new.name) END, 'relation', CASE WHEN new.relation IS DISTINCT FROM old.relation THEN jsonb_build_array(old.relation, new.relation) END, 'household_name', CASE WHEN a_household_name IS NOT NULL THEN jsonb_build_array(NULL, a_household_name) END, 'rehearse', CASE WHEN a_rehearse IS NOT NULL THEN jsonb_build_array(NULL, a_rehearse) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_person(a_op text, old lodge.person, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.person := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND old.area = ANY (who.areas))) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'amend' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		RETURN NULL;
	END IF;
	IF a_op = 'leave' THEN
		IF NOT who.acts_as && ARRAY['ACU']::text[] THEN
			RETURN 'role';
		END IF;
		new := derive_person_leaves(new, who);
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_person(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.person;
BEGIN
	SELECT x.* INTO t FROM person x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_person(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_person(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_person(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

CREATE FUNCTION op.person_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	needed text;
	behalf bigint;
	one record;
	seqs bigint[] := ARRAY[]::bigint[];
	case_of bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'person.open', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	IF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ARRAY['mobile','home_phone','sex','id_no','birth','native_place','registration_place','email','needs_help','photo','id_copy']::text[] THEN
		r.result := 'invalid'; r.field := 'fields';
		RETURN r;
	END IF;
	IF a_purpose IS NULL OR NOT is_text(btrim(a_purpose), 5, 200, false) THEN
		r.result := 'invalid'; r.field := 'purpose';
		RETURN r;
	END IF;
	IF a_on_behalf IS NOT NULL THEN
		SELECT s.id INTO behalf FROM staff s WHERE (s.id = CASE WHEN a_on_behalf ~ '^[0-9]{1,18}$' THEN a_on_behalf::bigint END OR s.work_no = a_on_behalf OR s.login = a_on_behalf) AND s.status <> 'left';
		IF behalf IS NULL THEN
			r.result := 'invalid'; r.field := 'on_behalf_of';
			RETURN r;
		END IF;
	END IF;
	IF (SELECT count(*) FROM person t WHERE t.id = ANY (a_ids) AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas)))) < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN
		RETURN refused(who, 'person', a_ids[1], NULL, 'open', 'not_found', NULL, 'scope', NULL, NULL, a_op_id, a_digest);
	END IF;
	needed := CASE WHEN a_fields && ARRAY[]::text[] OR ('mobile' = ANY (a_fields) AND EXISTS (SELECT 1 FROM person t WHERE t.id = ANY (a_ids) AND t.mobile_withheld)) THEN 'sealed' WHEN a_fields && ARRAY['sex','id_no','birth','native_place','registration_place','email','needs_help','photo','id_copy']::text[] THEN 'full' ELSE 'contact' END;
	IF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN
		case_of := emergency_opens(who, 'person', a_ids, a_fields);
	END IF;
	IF level_rank(who.opens) < level_rank(needed) AND case_of IS NULL THEN
		RETURN refused(who, 'person', a_ids[1], NULL, 'open', 'forbidden', 'CNF-02', 'level', NULL, (SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed)), a_op_id, a_digest);
	END IF;
	IF needed = 'sealed' AND NOT who.stepped_up THEN
		RETURN refused(who, 'person', a_ids[1], NULL, 'open', 'locked', 'CNF-05', 'step_up', NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := opens_beyond(who, ARRAY['household','person','emergency_contact','sealed_person','vip_profile','resident_note'], 'person', a_ids);
	IF r.guard IS NOT NULL AND case_of IS NULL THEN
		RETURN refused(who, 'person', a_ids[1], NULL, 'open', 'refused', 'CNF-02', r.guard, NULL, NULL, a_op_id, a_digest);
	END IF;
	r.guard := NULL;
	FOR one IN SELECT t.id, t.area, t.household AS subject FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN person t ON t.id = w.i ORDER BY t.id LOOP
		seqs := seqs || write_event(who, 'person', one.id, one.area, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,
			jsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf, 'households', jsonb_build_array(one.subject))));
	END LOOP;
	PERFORM opened(who, ARRAY(SELECT DISTINCT t.household FROM person t WHERE t.id = ANY (a_ids)));
	IF case_of IS NOT NULL THEN
		PERFORM emergency_opened(who, case_of, seqs);
	END IF;
	INSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, 'person.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);
	r.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;
	RETURN r;
END $op$;

CREATE FUNCTION op.reveal_person(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint, "mobile" text, "home_phone" text, "sex" text, "id_no" bytea, id_no_op uuid, "birth" date, "native_place" text, "registration_place" text, "email" text, "needs_help" boolean, "photo" text, "id_copy" text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
	SELECT t.id,
		CASE WHEN 'mobile' = ANY (e.fields) THEN coalesce(z.mobile, t.mobile) END,
		CASE WHEN 'home_phone' = ANY (e.fields) THEN t.home_phone END,
		CASE WHEN 'sex' = ANY (e.fields) THEN t.sex END,
		CASE WHEN 'id_no' = ANY (e.fields) THEN t.id_no END, CASE WHEN 'id_no' = ANY (e.fields) THEN t.id_no_op END,
		CASE WHEN 'birth' = ANY (e.fields) THEN t.birth END,
		CASE WHEN 'native_place' = ANY (e.fields) THEN t.native_place END,
		CASE WHEN 'registration_place' = ANY (e.fields) THEN t.registration_place END,
		CASE WHEN 'email' = ANY (e.fields) THEN t.email END,
		CASE WHEN 'needs_help' = ANY (e.fields) THEN t.needs_help END,
		CASE WHEN 'photo' = ANY (e.fields) THEN t.photo END,
		CASE WHEN 'id_copy' = ANY (e.fields) THEN t.id_copy END
	FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)
	JOIN person t ON t.id = e.record LEFT JOIN person_sealed z ON z.id = t.id
	WHERE who.staff IS NOT NULL AND e.book = 'person' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND ticket_holds(e.seq) AND ((who.acts_as && ARRAY['FD','OP','CSA','ACU','TSO','CSS','CM','DEM','EM','NM','SG','SL','SS','ET','EL','ES','CLL','CLS','FS']::text[] AND t.area = ANY (who.areas)))
	ORDER BY e.seq
$op$;

REVOKE ALL ON lodge.person FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "household", "unit", "name", "relation", "left_on") ON lodge.person TO lodge_name;
GRANT SELECT (id, version, area, "household", "unit", "name", "relation", "mobile", mobile_withheld, "home_phone", "left_on") ON lodge.person TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.reveal_person TO lodge_reveal;
GRANT EXECUTE ON FUNCTION op.person_open TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.person_add TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.person_amend TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.person_leave TO lodge_writer;
GRANT EXECUTE ON FUNCTION op.person_take_over TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_person TO lodge_name, lodge_contact;
