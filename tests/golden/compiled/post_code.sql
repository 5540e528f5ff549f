CREATE FUNCTION op.post_code_show(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_post text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.post_code;
	new lodge.post_code;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'post_code.show', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_post IS NOT NULL OR 'post' = ANY (a_given) THEN 'post' END]::text[], NULL);
	r.field := CASE
		WHEN a_post IS NOT NULL AND (char_length(a_post) <= 64) IS NOT TRUE THEN 'post' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	IF NOT who.acts_as && ARRAY['FD','OP','SG','SL','ET','EL']::text[] THEN
		RETURN refused(who, 'post_code', NULL, NULL, 'show', 'forbidden', NULL, 'role', NULL, ARRAY['FD','OP','SG','SL','ET','EL']::text[], a_op_id, a_digest);
	END IF;
	IF a_post IS NULL THEN
		new.post := NULL;
	ELSE
		SELECT t.id INTO new.post FROM post t WHERE (t.id = CASE WHEN a_post ~ '^[0-9]{1,18}$' THEN a_post::bigint END OR t.code = a_post) ORDER BY (t.code = a_post) DESC LIMIT 1;
		IF new.post IS NULL THEN
			RETURN refused(who, 'post_code', NULL, NULL, 'show', 'not_found', NULL, 'reference', 'post', NULL, a_op_id, a_digest);
		END IF;
	END IF;
	who.args := jsonb_build_object();
	new := derive_code_shown(new, who);
	IF guard_code_on_post(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'post_code', NULL, NULL, 'show', 'refused', 'NGT-02', 'code_on_post', 'post', NULL, a_op_id, a_digest);
	END IF;
	new.id := nextval(pg_get_serial_sequence('lodge.post_code', 'id'));
	new.version := 1;
	BEGIN
	INSERT INTO post_code VALUES (new.*);
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	RETURN done(who, 'post_code', new.id, NULL, new.version, NULL, NULL, 'show', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('post', CASE WHEN new.post IS DISTINCT FROM old.post THEN jsonb_build_array(old.post, new.post) END)),
		array_remove(ARRAY[new.shown_by]::bigint[], NULL));
END $op$;

REVOKE ALL ON lodge.post_code FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "post", "code", "shown_by", "shown_at", "until") ON lodge.post_code TO lodge_name;
GRANT SELECT (id, version, "post", "code", "shown_by", "shown_at", "until") ON lodge.post_code TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.post_code_show TO lodge_writer;
