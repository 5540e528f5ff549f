-- form.sql - rules of the residents' data forms: RES-01, RES-02.
-- Not for: the data themselves (import.sql, archive.sql). Trap: a form given back keeps its due time.

CREATE OR REPLACE FUNCTION lodge.derive_form_issued(new lodge.resident_form, who lodge.actor) RETURNS lodge.resident_form LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT u.area INTO new.area FROM unit u WHERE u.id = new.unit;
	new.due := coalesce(new.due, due_after(who.at, 7));
	new.issued_at := who.at;
	new.issued_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_form_none_open(new lodge.resident_form, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.resident_form f WHERE f.unit = (new).unit AND f.state IN ('issued','returned'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_form_due_ahead(new lodge.resident_form, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).due > (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_form_returned(new lodge.resident_form, who lodge.actor) RETURNS lodge.resident_form LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.returned_at := who.at;
	new.received_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_form_given_back(new lodge.resident_form, who lodge.actor) RETURNS lodge.resident_form LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.returned_at := NULL;
	new.received_by := NULL;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_form_checked(new lodge.resident_form, who lodge.actor) RETURNS lodge.resident_form LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.checked_at := who.at;
	new.checked_by := who.staff;
	RETURN new;
END $$;
