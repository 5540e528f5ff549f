-- import.sql - what `lodge import` knows again: households and persons that a list names.
-- RES-01, 02; ARC-19; CNF-03, 05. Not for: who enters them one by one (archive.sql).
-- Trap: ID numbers are compared by their keyed hash; nothing here could read one.

CREATE OR REPLACE FUNCTION lodge.guard_household_importance_differs(new lodge.household, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT h.important FROM lodge.household h WHERE h.id = (new).id) IS DISTINCT FROM (new).important;
END $$;

-- The numbers have moved with the flag (trigger mobile_follows); the log of each person says so.
CREATE OR REPLACE FUNCTION lodge.effect_household_marked(new lodge.household, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p record;
BEGIN
	FOR p IN SELECT t.id, t.area FROM person t WHERE t.household = new.id ORDER BY t.id LOOP
		PERFORM write_event(who, 'person', p.id, p.area, CASE WHEN new.important THEN 'seal' ELSE 'unseal' END, 'ok', NULL, NULL, ARRAY['mobile'], NULL, NULL, NULL);
	END LOOP;
	PERFORM vip_follows(new.id, new.important, who);
END $$;

-- Who still lives there before who has left; the ID number before name and birth, which settle it only
-- where one of the two numbers is unknown.
CREATE OR REPLACE FUNCTION lodge.known_person_of_unit(new lodge.person, who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT p.id FROM person p WHERE p.unit = new.unit AND (p.id_no_key = new.id_no_key
			OR (p.name = new.name AND p.birth IS NOT DISTINCT FROM new.birth AND (p.id_no_key IS NULL OR new.id_no_key IS NULL)))
		ORDER BY (p.id_no_key = new.id_no_key) DESC NULLS LAST, p.left_on IS NOT NULL, p.id LIMIT 1);
END $$;

-- A new person's household: the one of that name in the unit, else a new one; without a name the only one.
CREATE OR REPLACE FUNCTION lodge.derive_person_taken_over(new lodge.person, who lodge.actor) RETURNS lodge.person LANGUAGE plpgsql STABLE AS $$
DECLARE
	named text := who.args ->> 'household_name';
BEGIN
	IF who.prior IS NULL THEN
		SELECT u.area INTO new.area FROM unit u WHERE u.id = new.unit;
		IF named IS NULL THEN
			SELECT min(h.id) INTO new.household FROM household h WHERE h.unit = new.unit AND h.closed IS NULL HAVING count(*) = 1;
		ELSE
			SELECT h.id INTO new.household FROM household h WHERE h.unit = new.unit AND h.display_name = named AND h.closed IS NULL ORDER BY h.id LIMIT 1;
		END IF;
	END IF;
	new.mobile_withheld := coalesce((who.args ->> 'important')::boolean, false)
		OR coalesce((SELECT h.important FROM household h WHERE h.id = new.household), false);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_person_household_is_clear(new lodge.person, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).household IS NOT NULL OR (who).args ->> 'household_name' IS NOT NULL
		OR NOT EXISTS (SELECT 1 FROM lodge.household h WHERE h.unit = (new).unit AND h.closed IS NULL);
END $$;

-- Since when the household lives there is not known from a list: `opened` stays empty. An import seals
-- an important household's numbers; it never opens them, that is `mark_important`.
CREATE OR REPLACE FUNCTION lodge.prepare_person_taken_over(new lodge.person, who lodge.actor) RETURNS lodge.person LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	h household;
BEGIN
	SELECT t.* INTO h FROM household t WHERE t.id = new.household FOR UPDATE;
	IF h.id IS NULL THEN
		h.display_name := coalesce(who.args ->> 'household_name', new.name);
		INSERT INTO household (area, unit, kind, display_name, important)
			VALUES (new.area, new.unit, CASE new.relation WHEN 'tenant' THEN 'tenant_person' WHEN 'student' THEN 'student' ELSE 'owner' END, h.display_name, new.mobile_withheld)
			RETURNING id INTO new.household;
		PERFORM search_write(new.area, 'household', new.household, h.display_name,
			ARRAY(SELECT jsonb_array_elements_text(CASE WHEN who.args ->> 'household_name' IS NULL THEN who.args -> 'name_keys' ELSE who.args -> 'household_name_keys' END)));
		PERFORM write_event(who, 'household', new.household, new.area, 'register', 'ok', NULL, NULL, ARRAY['unit', 'kind', 'display_name', 'important'], NULL, NULL,
			jsonb_build_object('unit', jsonb_build_array(NULL, new.unit), 'display_name', jsonb_build_array(NULL, h.display_name)));
	ELSIF new.mobile_withheld AND NOT h.important THEN
		UPDATE household SET important = true, version = version + 1 WHERE id = h.id RETURNING * INTO h;
		PERFORM write_event(who, 'household', h.id, h.area, 'mark_important', 'ok', NULL, NULL, ARRAY['important'], NULL, NULL, NULL);
		PERFORM effect_household_marked(h, who);
	END IF;
	RETURN new;
END $$;
