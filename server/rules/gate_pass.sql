-- gate_pass.sql - the rules of entry passes and access cards: PASS-01..08, CARD-03..06, invariants 12 and 13.
-- Trap: three months are calendar months to the day; from 30 November they end with February.

CREATE OR REPLACE FUNCTION lodge.derive_pass_issued(new lodge.entry_pass, who lodge.actor) RETURNS lodge.entry_pass LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.valid_from := coalesce(new.valid_from, estate_time(who.at)::date);
	new.valid_until := coalesce(new.valid_until, (new.valid_from + interval '3 months')::date);
	new.issued_by := who.staff;
	new.issued_at := who.at;
	new.police_due := CASE WHEN new.live_in THEN who.at END; -- PASS-05: at once
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pass_papers_seen(new lodge.entry_pass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).photo AND (new).original_seen AND (new).copy;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pass_from_in_order(new lodge.entry_pass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until >= (new).valid_from AND (new).valid_until >= lodge.estate_time((who).at)::date;
END $$;

-- PASS-07: until then a pass is told to end soon. Asked by the read lanes, hence a definer.
CREATE OR REPLACE FUNCTION lodge.pass_remind_day() RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN today() + policy_value('pass.remind_days', '7')::integer;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pass_three_months(new lodge.entry_pass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until <= ((new).valid_from + interval '3 months')::date;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pass_renews_same(new lodge.entry_pass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).renews IS NULL OR EXISTS (SELECT 1 FROM lodge.entry_pass p WHERE p.id = (new).renews AND lodge.plain_name(p.person_name) = lodge.plain_name((new).person_name));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_pass_not_expired(new lodge.entry_pass, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until >= lodge.estate_time((who).at)::date;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_pass_changed(new lodge.entry_pass, who lodge.actor) RETURNS lodge.entry_pass LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.changed_by := who.staff;
	new.changed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_pass_registered(new lodge.entry_pass, who lodge.actor) RETURNS lodge.entry_pass LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.police_at := who.at;
	RETURN new;
END $$;

-- Cards in stock belong to nobody's unit yet; they lie where the desk is.
CREATE OR REPLACE FUNCTION lodge.derive_card_stocked(new lodge.card, who lodge.actor) RETURNS lodge.card LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := who.areas[1];
	RETURN derive_card_changed(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_card_changed(new lodge.card, who lodge.actor) RETURNS lodge.card LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.changed_by := who.staff;
	new.changed_at := who.at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_card_paid(new lodge.card, who lodge.actor) RETURNS lodge.card LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.kind := 'sold';
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.paid_at := who.at;
	RETURN derive_card_changed(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_card_issued(new lodge.card, who lodge.actor) RETURNS lodge.card LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.area := (SELECT u.area FROM unit u WHERE u.id = new.unit);
	new.issued_by := who.staff;
	new.issued_at := who.at;
	RETURN derive_card_changed(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_card_activated(new lodge.card, who lodge.actor) RETURNS lodge.card LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.activated_at := who.at;
	RETURN derive_card_changed(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_card_number_new(new lodge.card, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.card c WHERE c.no = (new).no);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_card_receipt_new(new lodge.card, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.card c WHERE c.receipt_no = (new).receipt_no AND c.id <> (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_card_paid_for(new lodge.card, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).kind <> 'sold' OR (new).receipt_no IS NOT NULL;
END $$;

-- CARD-03: as announced (policy card.free_per_unit, card.sold_per_unit; the latter 0 = as many as are wanted).
CREATE OR REPLACE FUNCTION lodge.card_quota(a_kind text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE a_kind WHEN 'free' THEN lodge.policy_value('card.free_per_unit', '3')::integer
		ELSE coalesce(nullif(lodge.policy_value('card.sold_per_unit', '5')::integer, 0), 1000000) END;
END $$;

CREATE OR REPLACE FUNCTION lodge.cards_held(a_unit bigint, a_kind text, a_but bigint) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN (SELECT count(*) FROM lodge.card c WHERE c.unit = a_unit AND c.kind = a_kind AND c.id IS DISTINCT FROM a_but
		AND c.state IN ('paid','issued','active','suspended'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_card_within_quota(new lodge.card, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.cards_held((new).unit, (new).kind, (new).id) < lodge.card_quota((new).kind);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_card_as_paid(new lodge.card, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.card c WHERE c.id = (new).id AND c.state = 'paid' AND (c.unit <> (new).unit OR (new).kind <> 'sold'));
END $$;
