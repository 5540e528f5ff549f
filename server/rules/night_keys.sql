-- night_keys.sql - the rules of the key register: EKEY-01..11, X-16, LOAN-12 for the archive room's key.
-- Derivations, guards and effects of common/books/night_keys.c. Trap: `with` is a name typed by hand, so a person
-- is known as himself by sign-in name, work number and name alike.

CREATE OR REPLACE FUNCTION lodge.is_named(a_staff bigint, a_text text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = a_staff
		AND lodge.plain_name(a_text) IN (lodge.plain_name(s.login), lodge.plain_name(s.work_no), lodge.plain_name(s.name)));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_set_registered(new lodge.key_set, who lodge.actor) RETURNS lodge.key_set LANGUAGE plpgsql STABLE AS $$
BEGIN
	-- Area 0 is everybody's who has all areas, and no desk's.
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), (SELECT min(a) FROM unnest(who.areas) a WHERE a > 0));
	new.registered_at := who.at;
	new.registered_by := who.staff;
	IF new.class = 'sealed' THEN
		new.sealed_at := who.at;
		new.sealed_by := who.staff;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_set_code_free(new lodge.key_set, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.key_set s WHERE s.code = (new).code AND s.id IS DISTINCT FROM (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_set_opens_something(new lodge.key_set, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).unit IS NOT NULL OR (new).label IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_set_sealed_by_both(new lodge.key_set, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class <> 'sealed' OR ((new).unit IS NOT NULL AND (new).seal_no IS NOT NULL AND (new).tenant_stamped IS TRUE
		AND (new).sealed_with IS NOT NULL AND NOT lodge.is_named((who).staff, (new).sealed_with));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_set_signed(new lodge.key_set, who lodge.actor) RETURNS lodge.key_set LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.signed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_set_of_unit(new lodge.key_set, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).unit IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.key_set_is_used(a_set bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.key_use k WHERE k.key_set = a_set AND k.state IN ('out', 'at_desk'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_set_at_home(new lodge.key_set, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.key_set_is_used((new).id);
END $$;

-- EKEY-02: permission is asked by the phone on the seal unless another way is written down, and before the set is taken.
CREATE OR REPLACE FUNCTION lodge.derive_key_use_taken(new lodge.key_use, who lodge.actor) RETURNS lodge.key_use LANGUAGE plpgsql STABLE AS $$
DECLARE
	of lodge.key_set;
BEGIN
	SELECT s.* INTO of FROM key_set s WHERE s.id = new.key_set;
	new.area := of.area;
	new.class := of.class;
	new.unit := of.unit;
	new.out_at := who.at;
	new.given_by := who.staff;
	new.due := due_after(who.at, 0);
	IF new.consent_by IS NOT NULL THEN
		new.consent_at := coalesce(new.consent_at, who.at);
		new.consent_how := coalesce(new.consent_how, 'phone');
	END IF;
	IF new.person IS NULL THEN
		new.holder := coalesce(new.holder, who.staff);
	END IF;
	IF of.class = 'sealed' THEN
		new.reseal_due := new.due;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_set_kept(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.key_set s WHERE s.id = (new).key_set AND s.state = 'in_safe');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_alone(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.key_set_is_used((new).key_set);
END $$;

-- X-16: what each class may be opened for.
CREATE OR REPLACE FUNCTION lodge.guard_key_use_lawful(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason = ANY (CASE (new).class
		WHEN 'sealed' THEN ARRAY['emergency_permitted', 'emergency_urgent', 'tenant_request']
		WHEN 'cabinet' THEN ARRAY['emergency_permitted', 'emergency_urgent', 'tenant_request', 'forgotten', 'fire']
		WHEN 'vacant' THEN ARRAY['emergency_urgent', 'fire', 'vacant_check', 'other']
		ELSE ARRAY['emergency_urgent', 'fire', 'other'] END);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_consented(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason <> 'emergency_permitted' OR ((new).consent_by IS NOT NULL AND (new).consent_at <= (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_certified(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason <> 'tenant_request' OR (new).certificate IS NOT NULL;
END $$;

-- The front desk takes a sealed set for any reason only in company.
CREATE OR REPLACE FUNCTION lodge.guard_key_use_escorted(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).reason <> 'tenant_request' AND NOT ((new).class = 'sealed' AND (who).role = 'FD')) OR lodge.is_centre_staff((new).escort);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_identified(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN (new).reason = 'forgotten' THEN (new).person IS NOT NULL AND (new).identity IS NOT NULL
		ELSE (new).class = 'sealed' OR (new).person IS NULL OR (new).identity IS NOT NULL END;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_archive_room(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class <> 'archive_room' OR (lodge.is_centre_staff((new).holder) AND NOT EXISTS (SELECT 1 FROM lodge.room_key k WHERE k.state = 'out'));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_use_informed(new lodge.key_use, who lodge.actor) RETURNS lodge.key_use LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.tenant_informed_at := who.at;
	new.informed_by := who.staff;
	RETURN new;
END $$;

-- Asked of the row as it was: the derivation has stamped the new one.
CREATE OR REPLACE FUNCTION lodge.guard_key_use_to_inform(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason = 'emergency_urgent' AND EXISTS (SELECT 1 FROM lodge.key_use k WHERE k.id = (new).id AND k.tenant_informed_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_use_back(new lodge.key_use, who lodge.actor) RETURNS lodge.key_use LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.in_at := who.at;
	new.received_by := who.staff;
	new.state := CASE WHEN new.class = 'sealed' THEN 'at_desk' ELSE 'returned' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_key_use_resealed(new lodge.key_use, who lodge.actor) RETURNS lodge.key_use LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.resealed_at := who.at;
	new.resealed_by := who.staff;
	new.resealed_with := who.args->>'with';
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_informed(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reason <> 'emergency_urgent' OR (new).tenant_informed_at IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_key_use_sealed_by_two(new lodge.key_use, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).resealed_with IS NOT NULL AND NOT lodge.is_named((who).staff, (new).resealed_with);
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_key_use_resealed(new lodge.key_use, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	sealed lodge.key_set;
BEGIN
	UPDATE key_set s SET version = s.version + 1, seal_no = coalesce(new.seal_no, s.seal_no), sealed_at = new.resealed_at, sealed_by = new.resealed_by,
		sealed_with = new.resealed_with WHERE s.id = new.key_set RETURNING s.* INTO sealed;
	PERFORM beside(who, 'key_set', sealed.id, sealed.version, sealed.state, sealed.area, 'seal', '{}');
END $$;
