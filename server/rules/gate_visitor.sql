-- gate_visitor.sql - the rules of the visitor book: VIS-01..13, CNF-12, PASS-03, SUP-03, SUP-04, invariants 14 and 15.
-- Derivations and guards of common/books/visitor.c and message.c. Trap: names are compared without marks, case and
-- blanks (lodge.plain_name): at a barrier nobody types them; a name alone never opens anything but a question. What was
-- recorded offline is judged as the house stood at who.at: nobody at the gate could know what was decided afterwards.

-- The collation is named: of a COLLATE "C" column (a contractor) lower() would leave Ế as it is, and the same name would differ.
CREATE OR REPLACE FUNCTION lodge.plain_name(a_name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT translate(regexp_replace(normalize(lower(coalesce(a_name, '') COLLATE "default"), NFD), '[\u0300-\u036f\s.,''-]', '', 'g'), 'đ', 'd')
$$;

CREATE OR REPLACE FUNCTION lodge.plain_plate(a_plate text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT upper(regexp_replace(coalesce(a_plate, ''), '[\s.-]', '', 'g'))
$$;

-- CNF-12, VIS-03: an employee's number, only while his own consent lasts. Asked by the read lanes, hence a definer.
CREATE OR REPLACE FUNCTION lodge.host_phone(a_staff bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN (SELECT s.phone FROM staff s WHERE s.id = a_staff AND s.status <> 'left' AND EXISTS (SELECT 1 FROM phone_consent c
		WHERE c.employee = s.id AND c.state = 'given' AND (c.until IS NULL OR c.until >= today())));
END $$;

-- PASS-05: the day of arrival is the first day.
CREATE OR REPLACE FUNCTION lodge.days_here(a_since timestamptz) RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN today() - estate_time(a_since)::date + 1;
END $$;

-- Whether the operation that put the record out of use came only after that moment.
CREATE OR REPLACE FUNCTION lodge.ended_since(a_book text, a_record bigint, a_ops text[], a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.event e WHERE e.book = a_book AND e.record = a_record AND e.op = ANY (a_ops) AND e.result = 'ok' AND e.occurred > a_at);
END $$;

-- SUP-03, SUP-04: the list was in force then, neither replaced nor withdrawn yet.
CREATE OR REPLACE FUNCTION lodge.supplier_list_held(l lodge.supplier_list, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.estate_time(a_at)::date BETWEEN (l).valid_from AND (l).valid_until AND coalesce((l).checked_at <= a_at, true)
		AND ((l).state = 'in_force' OR ((l).state IN ('superseded','withdrawn') AND lodge.ended_since('supplier_list', (l).id, '{check,withdraw}', a_at)));
END $$;

CREATE OR REPLACE FUNCTION lodge.supplier_person_held(a_person bigint, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.supplier_person p JOIN lodge.supplier_list l ON l.id = p.list WHERE p.id = a_person
		AND (p.state = 'listed' OR p.withdrawn_at > a_at) AND lodge.supplier_list_held(l, a_at));
END $$;

CREATE OR REPLACE FUNCTION lodge.supplier_person_valid(a_person bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN supplier_person_held(a_person, clock_timestamp() + clock_shift());
END $$;

-- The one listed person that a supplier's visitor is; nobody when two lists of different contractors name him.
CREATE OR REPLACE FUNCTION lodge.supplier_person_named(new lodge.visitor, a_at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	found bigint[];
BEGIN
	SELECT array_agg(p.id) INTO found FROM lodge.supplier_person p JOIN lodge.supplier_list l ON l.id = p.list
		WHERE lodge.plain_name(p.name) = lodge.plain_name((new).name) AND (p.state = 'listed' OR p.withdrawn_at > a_at) AND lodge.supplier_list_held(l, a_at)
		AND ((new).body IS NULL OR lodge.plain_name(l.contractor) = lodge.plain_name((new).body))
		AND ((new).doc_tail IS NULL OR p.doc_tail IS NULL OR p.doc_tail = (new).doc_tail);
	RETURN CASE WHEN cardinality(found) = 1 THEN found[1] END;
END $$;

-- The smallest visitor's card that nobody carries.
CREATE OR REPLACE FUNCTION lodge.visitor_badge() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT min(n) FROM generate_series(1, (SELECT count(*) + 1 FROM lodge.visitor v WHERE v.state IN ('waiting','asked','agreed','inside'))) n
		WHERE NOT EXISTS (SELECT 1 FROM lodge.visitor v WHERE v.badge = n AND v.state IN ('waiting','asked','agreed','inside')));
END $$;

-- PASS-03: a pass that is expired, suspended, handed back or somebody else's is none: its bearer is a casual visitor.
CREATE OR REPLACE FUNCTION lodge.pass_in_force(new lodge.visitor, who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date := lodge.estate_time((who).at)::date;
BEGIN
	RETURN (SELECT p.id FROM lodge.entry_pass p WHERE p.id = (new).entry_pass AND day BETWEEN p.valid_from AND p.valid_until
		AND (p.state = 'active' OR lodge.ended_since('entry_pass', p.id, '{suspend,take_back}', (who).at))
		AND lodge.plain_name(p.person_name) = lodge.plain_name((new).name));
END $$;

-- A pass lets one person in: while its bearer is inside it lets nobody in, at this gate or at another.
CREATE OR REPLACE FUNCTION lodge.pass_is_inside(new lodge.visitor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.visitor v WHERE v.entry_pass = (new).entry_pass AND v.state = 'inside' AND v.id IS DISTINCT FROM (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.visitor_written(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.arrived_at := who.at;
	new.entered_by := who.staff;
	new.gate := who.terminal;
	new.party := coalesce(new.party, 1);
	new.vehicle := nullif(plain_plate(new.vehicle), '');
	new.badge := visitor_badge();
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_arrived(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := visitor_written(new, who);
	new.entry_pass := pass_in_force(new, who);
	new.class := coalesce(new.class, CASE WHEN 'entry_pass' = ANY (who.given) THEN 'casual_worker' ELSE 'guest' END);
	IF new.class = 'supplier' THEN
		new.supplier_person := supplier_person_named(new, who.at);
		new.list_version := (SELECT l.list_version FROM supplier_person p JOIN supplier_list l ON l.id = p.list WHERE p.id = new.supplier_person);
		IF new.supplier_person IS NULL AND policy_value('supplier.unlisted', 'refuse') = 'visitor' THEN
			new.class := 'business'; -- X-23
		END IF;
	END IF;
	IF new.class = 'guest' THEN
		new.informed := coalesce(new.informed, CASE WHEN who.args ? 'message' AND who.args->>'message' IS NOT NULL THEN 'message' ELSE 'informed' END);
		new.in_at := who.at;
	END IF;
	new.state := CASE WHEN new.class = 'guest' THEN 'inside' ELSE 'waiting' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_passed(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := visitor_written(new, who);
	new.class := CASE WHEN new.service IN ('courier','taxi') THEN 'delivery' ELSE 'emergency' END;
	new.in_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_answered(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.answered_at := who.at;
	new.answered_by := who.args->>'by';
	new.state := CASE new.answer WHEN 'agreed' THEN 'agreed' WHEN 'refused' THEN 'refused' ELSE 'asked' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_entered(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.in_at := who.at;
	new.gate := who.terminal;
	new.entry_pass := pass_in_force(new, who);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_left(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.out_at := who.at;
	new.left_how := 'seen';
	new.let_out_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_presumed(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := derive_visitor_left(new, who);
	new.left_how := 'presumed';
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_missed(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.unaccounted_at := who.at;
	RETURN new;
END $$;

-- VIS-11: who is not inside yet does not get in.
CREATE OR REPLACE FUNCTION lodge.derive_visitor_alerted(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.alert := true;
	new.alert_seen_by := NULL;
	new.state := CASE WHEN new.in_at IS NULL THEN 'refused' ELSE 'inside' END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_alert_seen(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.alert THEN
		new.alert_seen_by := who.staff;
	END IF;
	new.alert := false;
	RETURN new;
END $$;

-- The stored row: the derivation above ran before.
CREATE OR REPLACE FUNCTION lodge.guard_visitor_alert_open(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT v.alert FROM lodge.visitor v WHERE v.id = (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_registered(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.police_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_visitor_overridden(new lodge.visitor, who lodge.actor) RETURNS lodge.visitor LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := derive_visitor_entered(new, who);
	new.overridden_by := who.staff;
	new.entry_pass := CASE WHEN NOT pass_is_inside(new) THEN new.entry_pass END;
	IF new.badge IS NULL OR EXISTS (SELECT 1 FROM visitor v WHERE v.badge = new.badge AND v.id <> new.id AND v.state IN ('waiting','asked','agreed','inside')) THEN
		new.badge := visitor_badge();
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_class_written(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class NOT IN ('emergency','delivery');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_seeks_somebody(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).unit IS NOT NULL OR (new).host IS NOT NULL OR (new).class IN ('supplier','casual_worker');
END $$;

-- SUP-03: asked again when he enters, so that a name withdrawn meanwhile stops at once.
CREATE OR REPLACE FUNCTION lodge.guard_visitor_listed(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class <> 'supplier' OR coalesce(lodge.supplier_person_held((new).supplier_person, (who).at), false);
END $$;

-- Who comes to help passes whoever he is; of a courier or taxi the plate is all there is to know.
CREATE OR REPLACE FUNCTION lodge.guard_visitor_not_barred(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date := lodge.estate_time((who).at)::date;
BEGIN
	RETURN (new).class = 'emergency' OR NOT EXISTS (SELECT 1 FROM lodge.gate_list g WHERE g.kind = 'barred' AND g.state = 'in_force' AND g.entered_at <= (who).at AND day >= g.from_day
		AND (g.until_day IS NULL OR g.until_day >= day) AND (g.unit IS NULL OR g.unit = (new).unit)
		AND (lodge.plain_name(g.name) = nullif(lodge.plain_name((new).name), '') OR g.vehicle = (new).vehicle));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_pass_free(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.pass_is_inside(new);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_answer_by(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).answer = 'no_answer' OR (new).answered_by IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_escort_serves(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).escort IS DISTINCT FROM (new).host AND EXISTS (SELECT 1 FROM lodge.staff s JOIN lodge.department d ON d.id = s.department
		WHERE s.id = (new).escort AND s.status <> 'left' AND d.kind = 'security');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_no_contraband(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).contraband IS NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_visitor_consented(new lodge.visitor, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).class IN ('guest','casual_worker') OR ((new).answer = 'agreed' AND (new).answered_by IS NOT NULL AND (new).answered_at IS NOT NULL AND (new).escort IS NOT NULL);
END $$;

-- VIS-02, VIS-06: what was to be told waits until the person has heard it.
CREATE OR REPLACE FUNCTION lodge.effect_visitor_message(new lodge.visitor, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	made bigint;
	said text := who.args->>'message';
BEGIN
	IF said IS NULL AND NOT (new.class = 'guest' AND new.informed = 'message') AND new.answer IS DISTINCT FROM 'no_answer' THEN
		RETURN;
	END IF;
	IF new.unit IS NULL AND new.host IS NULL OR EXISTS (SELECT 1 FROM message m WHERE m.visitor = new.id AND m.state = 'waiting') THEN
		RETURN;
	END IF;
	INSERT INTO message (area, state, unit, host, text, from_name, from_contact, visitor, taken_by, taken_at)
		VALUES (new.area, 'waiting', new.unit, new.host, coalesce(said, new.name), new.name, new.contact, new.id, who.staff, who.at) RETURNING id INTO made;
	PERFORM beside(who, 'message', made, 1, 'waiting', new.area, 'take', array_remove(ARRAY[new.host], NULL));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_message_taken(new lodge.message, who lodge.actor) RETURNS lodge.message LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := coalesce((SELECT u.area FROM unit u WHERE u.id = new.unit), who.areas[1]);
	new.taken_by := who.staff;
	new.taken_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_message_for_somebody(new lodge.message, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).unit IS NOT NULL OR (new).host IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_message_delivered(new lodge.message, who lodge.actor) RETURNS lodge.message LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.delivered_at := who.at;
	new.delivered_by := who.staff;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_consent_given(new lodge.phone_consent, who lodge.actor) RETURNS lodge.phone_consent LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.employee := who.staff;
	new.given_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_consent_withdrawn(new lodge.phone_consent, who lodge.actor) RETURNS lodge.phone_consent LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.withdrawn_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_consent_not_given(new lodge.phone_consent, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.phone_consent c WHERE c.employee = (who).staff AND c.state = 'given');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_consent_own(new lodge.phone_consent, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).employee = (who).staff;
END $$;
