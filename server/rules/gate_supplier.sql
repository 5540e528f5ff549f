-- gate_supplier.sql - the rules of suppliers' lists: SUP-01..05.
-- Trap: a list with one signature is no list; names are added before the paper is signed, never after.

-- A contractor is one contractor however he is spelt: else an earlier list would stay in force beside the new one.
CREATE OR REPLACE FUNCTION lodge.contractor_as_known(a_name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT l.contractor FROM lodge.supplier_list l WHERE lodge.plain_name(l.contractor) = lodge.plain_name(a_name) ORDER BY l.id DESC LIMIT 1), a_name);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_supplier_entered(new lodge.supplier_list, who lodge.actor) RETURNS lodge.supplier_list LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.contractor := contractor_as_known(new.contractor);
	new.list_version := coalesce((SELECT max(l.list_version) FROM supplier_list l WHERE l.contractor = new.contractor), 0) + 1;
	new.entered_by := who.staff;
	new.entered_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_days_in_order(new lodge.supplier_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until >= (new).valid_from;
END $$;

CREATE OR REPLACE FUNCTION lodge.supplier_both_signed(new lodge.supplier_list) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN (new).director_at IS NOT NULL AND (new).director_document IS NOT NULL AND (new).board_at IS NOT NULL AND (new).board_document IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_supplier_signed(new lodge.supplier_list, who lodge.actor) RETURNS lodge.supplier_list LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.state := CASE WHEN supplier_both_signed(new) THEN 'signed' ELSE 'draft' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_signed_before(new lodge.supplier_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(greatest((new).director_at, (new).board_at) <= lodge.estate_time((who).at)::date, true);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_supplier_checked(new lodge.supplier_list, who lodge.actor) RETURNS lodge.supplier_list LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.checked_by := who.staff;
	new.checked_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_signed_by_both(new lodge.supplier_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.supplier_both_signed(new);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_names_somebody(new lodge.supplier_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.supplier_person p WHERE p.list = (new).id AND p.state = 'listed');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_checked_by_another(new lodge.supplier_list, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).entered_by IS DISTINCT FROM (who).staff;
END $$;

-- The version that was in force gives way to this one.
CREATE OR REPLACE FUNCTION lodge.prepare_supplier_superseded(new lodge.supplier_list, who lodge.actor) RETURNS lodge.supplier_list LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	earlier lodge.supplier_list;
BEGIN
	FOR earlier IN UPDATE supplier_list SET state = 'superseded', version = version + 1 WHERE contractor = new.contractor AND state = 'in_force' AND id <> new.id RETURNING * LOOP
		PERFORM beside(who, 'supplier_list', earlier.id, earlier.version, 'superseded', NULL, 'check', '{}');
	END LOOP;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_supplier_list_in_work(new lodge.supplier_person, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.supplier_list l WHERE l.id = (new).list AND l.state = 'draft' AND l.director_at IS NULL AND l.board_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_supplier_person_withdrawn(new lodge.supplier_person, who lodge.actor) RETURNS lodge.supplier_person LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.withdrawn_at := who.at;
	new.withdrawn_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_review_written(new lodge.supplier_review, who lodge.actor) RETURNS lodge.supplier_review LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.contractor := contractor_as_known(new.contractor);
	new.state := CASE new.kind WHEN 'rectification' THEN 'open' ELSE 'done' END;
	new.written_by := who.staff;
	new.written_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_review_due_given(new lodge.supplier_review, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'rectification' OR coalesce((new).due >= lodge.estate_time((who).at)::date, false);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_review_settled(new lodge.supplier_review, who lodge.actor) RETURNS lodge.supplier_review LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.settled_by := who.staff;
	new.settled_at := who.at;
	RETURN new;
END $$;
