CREATE FUNCTION op.room_check_write(a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer, a_secure text, a_water text, a_damp text, a_insects text, a_rodents text, a_dust text, a_damage text, a_findings text) RETURNS lodge.receipt
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor;
	r lodge.receipt;
	old lodge.room_check;
	new lodge.room_check;
BEGIN
	PERFORM pg_advisory_xact_lock(7120301);
	who := actor_of(a_token);
	IF who.staff IS NULL THEN
		RETURN not_signed_in(who);
	END IF;
	r := replayed(a_op_id, who, 'room_check.write', a_digest);
	IF r.result IS NOT NULL THEN
		RETURN r;
	END IF;
	who.given := array_remove(ARRAY[CASE WHEN a_secure IS NOT NULL OR 'secure' = ANY (a_given) THEN 'secure' END, CASE WHEN a_water IS NOT NULL OR 'water' = ANY (a_given) THEN 'water' END, CASE WHEN a_damp IS NOT NULL OR 'damp' = ANY (a_given) THEN 'damp' END, CASE WHEN a_insects IS NOT NULL OR 'insects' = ANY (a_given) THEN 'insects' END, CASE WHEN a_rodents IS NOT NULL OR 'rodents' = ANY (a_given) THEN 'rodents' END, CASE WHEN a_dust IS NOT NULL OR 'dust' = ANY (a_given) THEN 'dust' END, CASE WHEN a_damage IS NOT NULL OR 'damage' = ANY (a_given) THEN 'damage' END, CASE WHEN a_findings IS NOT NULL OR 'findings' = ANY (a_given) THEN 'findings' END]::text[], NULL);
	IF a_secure IS NULL THEN
		r.result := 'invalid'; r.field := 'secure'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_water IS NULL THEN
		r.result := 'invalid'; r.field := 'water'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_damp IS NULL THEN
		r.result := 'invalid'; r.field := 'damp'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_insects IS NULL THEN
		r.result := 'invalid'; r.field := 'insects'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_rodents IS NULL THEN
		r.result := 'invalid'; r.field := 'rodents'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_dust IS NULL THEN
		r.result := 'invalid'; r.field := 'dust'; r.guard := 'required';
		RETURN r;
	END IF;
	IF a_damage IS NULL THEN
		r.result := 'invalid'; r.field := 'damage'; r.guard := 'required';
		RETURN r;
	END IF;
	r.field := CASE
		WHEN a_secure IS NOT NULL AND (a_secure = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'secure'
		WHEN a_water IS NOT NULL AND (a_water = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'water'
		WHEN a_damp IS NOT NULL AND (a_damp = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'damp'
		WHEN a_insects IS NOT NULL AND (a_insects = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'insects'
		WHEN a_rodents IS NOT NULL AND (a_rodents = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'rodents'
		WHEN a_dust IS NOT NULL AND (a_dust = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'dust'
		WHEN a_damage IS NOT NULL AND (a_damage = ANY (ARRAY['ok','fault'])) IS NOT TRUE THEN 'damage'
		WHEN a_findings IS NOT NULL AND (is_text(a_findings, 3, 1000, true)) IS NOT TRUE THEN 'findings' END;
	IF r.field IS NOT NULL THEN
		r.result := 'invalid'; r.guard := 'shape';
		RETURN r;
	END IF;
	SELECT * INTO old FROM room_check t WHERE t.id = a_id AND ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','QC']::text[])) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN refused(who, 'room_check', a_id, NULL, 'write', 'not_found', NULL, NULL, NULL, NULL, a_op_id, a_digest);
	END IF;
	IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
		RETURN refused(who, 'room_check', a_id, NULL, 'write', 'forbidden', NULL, 'role', NULL, ARRAY['ACU','CSS']::text[], a_op_id, a_digest);
	END IF;
	IF a_version IS DISTINCT FROM old.version THEN
		RETURN refused(who, 'room_check', a_id, NULL, 'write', 'conflict', NULL, 'version', 'version', NULL, a_op_id, a_digest);
	END IF;
	IF NOT old.state = ANY (ARRAY['planned']) THEN
		RETURN refused(who, 'room_check', a_id, NULL, 'write', 'refused', 'ARC-24', 'state', NULL, NULL, a_op_id, a_digest);
	END IF;
	new := old;
	IF 'secure' = ANY (who.given) THEN
		new.secure := a_secure;
	END IF;
	IF 'water' = ANY (who.given) THEN
		new.water := a_water;
	END IF;
	IF 'damp' = ANY (who.given) THEN
		new.damp := a_damp;
	END IF;
	IF 'insects' = ANY (who.given) THEN
		new.insects := a_insects;
	END IF;
	IF 'rodents' = ANY (who.given) THEN
		new.rodents := a_rodents;
	END IF;
	IF 'dust' = ANY (who.given) THEN
		new.dust := a_dust;
	END IF;
	IF 'damage' = ANY (who.given) THEN
		new.damage := a_damage;
	END IF;
	IF 'findings' = ANY (who.given) THEN
		new.findings := a_findings;
	END IF;
	who.args := jsonb_build_object();
	new.state := 'done';
	new := derive_room_checked(new, who);
	IF guard_room_findings_told(new, who) IS NOT TRUE THEN
		RETURN refused(who, 'room_check', a_id, NULL, 'write', 'invalid', 'ARC-24', 'room_findings_told', 'findings', NULL, a_op_id, a_digest);
	END IF;
	new.version := old.version + 1;
	BEGIN
	UPDATE room_check SET version = new.version, state = new.state, due = new.due, secure = new.secure, water = new.water, damp = new.damp, insects = new.insects, rodents = new.rodents, dust = new.dust, damage = new.damage, findings = new.findings, checked_at = new.checked_at, checked_by = new.checked_by WHERE id = a_id;
	EXCEPTION WHEN integrity_constraint_violation THEN
		RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
	END;
	PERFORM deadline_close('room_check', new.id, 'room_check_due', who.at);
	PERFORM effect_room_checked(new, who);
	RETURN done(who, 'room_check', new.id, NULL, new.version, new.state, NULL, 'write', who.given, NULL, a_op_id, a_digest,
		jsonb_strip_nulls(jsonb_build_object('secure', CASE WHEN new.secure IS DISTINCT FROM old.secure THEN jsonb_build_array(old.secure, new.secure) END, 'water', CASE WHEN new.water IS DISTINCT FROM old.water THEN jsonb_build_array(old.water, new.water) END, 'damp', CASE WHEN new.damp IS DISTINCT FROM old.damp THEN jsonb_build_array(old.damp, new.damp) END, 'insects', CASE WHEN new.insects IS DISTINCT FROM old.insects THEN jsonb_build_array(old.insects, new.insects) END, 'rodents', CASE WHEN new.rodents IS DISTINCT FROM old.rodents THEN jsonb_build_array(old.rodents, new.rodents) END, 'dust', CASE WHEN new.dust IS DISTINCT FROM old.dust THEN jsonb_build_array(old.dust, new.dust) END, 'damage', CASE WHEN new.damage IS DISTINCT FROM old.damage THEN jsonb_build_array(old.damage, new.damage) END, 'findings', CASE WHEN new.findings IS DISTINCT FROM old.findings THEN jsonb_build_array(old.findings, new.findings) END, 'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END)),
		array_remove(ARRAY[]::bigint[], NULL));
END $op$;

CREATE OR REPLACE FUNCTION lodge.in_the_way_room_check(a_op text, old lodge.room_check, who lodge.actor) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	new lodge.room_check := old;
BEGIN
	who.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);
	IF NOT ((who.acts_as && ARRAY['ACU','CSS','CM','DEM','EM','QC']::text[])) THEN
		RETURN 'scope';
	END IF;
	IF a_op = 'write' THEN
		IF NOT who.acts_as && ARRAY['ACU','CSS']::text[] THEN
			RETURN 'role';
		END IF;
		IF NOT old.state = ANY (ARRAY['planned']) THEN
			RETURN 'state';
		END IF;
		RETURN NULL;
	END IF;
	RETURN 'role';
END $op$;

CREATE OR REPLACE FUNCTION lodge.why_room_check(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$
DECLARE
	who lodge.actor := actor_of(a_token);
	t lodge.room_check;
BEGIN
	SELECT x.* INTO t FROM room_check x WHERE x.id = a_id;
	IF who.staff IS NULL OR t.id IS NULL OR in_the_way_room_check(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT who.staff, who.role, in_the_way_room_check(a_op, t, who);
	RETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_room_check(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL
		ORDER BY 1, 2;
END $op$;

REVOKE ALL ON lodge.room_check FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "due", "secure", "water", "damp", "insects", "rodents", "dust", "damage", "findings", "checked_at", "checked_by") ON lodge.room_check TO lodge_name;
GRANT SELECT (id, version, state, "due", "secure", "water", "damp", "insects", "rodents", "dust", "damage", "findings", "checked_at", "checked_by") ON lodge.room_check TO lodge_contact;
GRANT EXECUTE ON FUNCTION op.room_check_write TO lodge_writer;
GRANT EXECUTE ON FUNCTION lodge.why_room_check TO lodge_name, lodge_contact;
