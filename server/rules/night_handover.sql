-- night_handover.sql - the desk passes on: LOG-06, LOG-07, invariant 23.
-- Not for: what is on the list (night_list.sql). Trap: the key of a password comes in who.args; it is compared, counted
-- when wrong (a refusal is a row, so the count stays), and goes nowhere. Everything that makes the desk another's happens in confirm_in alone.

-- 'ok', 'forbidden', or 'busy' after too many wrong ones. What unlocking and changing a password ask too (session.sql).
CREATE OR REPLACE FUNCTION lodge.password_holds(a_staff bigint, a_key bytea) RETURNS text LANGUAGE plpgsql VOLATILE SET search_path = lodge, pg_temp AS $$
DECLARE
	k staff_account;
BEGIN
	SELECT * INTO k FROM staff_account WHERE staff = a_staff AND NOT disabled;
	IF op.back_off(k.failed, k.failed_at) > 0 THEN
		RETURN 'busy';
	END IF;
	IF k.staff IS NULL OR sha256(a_key) IS DISTINCT FROM k.key_hash THEN
		UPDATE staff_account SET failed = op.failed_again(failed, failed_at), failed_at = clock_timestamp() WHERE staff = a_staff;
		RETURN 'forbidden';
	END IF;
	UPDATE staff_account SET failed = 0, failed_at = NULL WHERE staff = a_staff AND failed > 0;
	RETURN 'ok';
END $$;

-- The password of somebody else, given at the actor's desk. Wrong ones count for the two of them: his mistakes neither keep
-- the other one from signing in, nor are they forgotten when he signs in himself.
CREATE OR REPLACE FUNCTION lodge.password_of_another_holds(a_staff bigint, a_whose bigint, a_key bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	t lodge.password_try;
BEGIN
	SELECT * INTO t FROM lodge.password_try x WHERE x.staff = a_staff AND x.whose = a_whose;
	IF op.back_off(t.failed, t.failed_at) > 0 THEN
		RETURN false;
	END IF;
	IF EXISTS (SELECT 1 FROM lodge.staff_account k WHERE k.staff = a_whose AND NOT k.disabled AND k.key_hash = sha256(a_key)) THEN
		DELETE FROM lodge.password_try x WHERE x.staff = a_staff AND x.whose = a_whose;
		RETURN true;
	END IF;
	INSERT INTO lodge.password_try AS x VALUES (a_staff, a_whose, 1, clock_timestamp())
		ON CONFLICT (staff, whose) DO UPDATE SET failed = op.failed_again(x.failed, x.failed_at), failed_at = excluded.failed_at;
	RETURN false;
END $$;

CREATE OR REPLACE FUNCTION lodge.handover_is_fresh(h lodge.handover, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (h).frozen_at <= a_at AND a_at < (h).frozen_at + lodge.policy_value('handover.minutes', '60')::integer * interval '1 minute';
END $$;

CREATE OR REPLACE FUNCTION lodge.handover_drop(who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	h lodge.handover;
BEGIN
	FOR h IN UPDATE lodge.handover x SET state = 'withdrawn', version = x.version + 1 WHERE x.state IN ('frozen','signed') RETURNING x.* LOOP
		PERFORM lodge.beside(who, 'handover', h.id, h.version, h.state, NULL, 'withdraw', '{}');
	END LOOP;
END $$;

-- Freezing.

CREATE OR REPLACE FUNCTION lodge.derive_handover_frozen(new lodge.handover, who lodge.actor) RETURNS lodge.handover LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.page := (SELECT p.id FROM lodge.duty_page p WHERE p.state = 'open');
	new.outgoing := (who).staff;
	new.frozen_at := (who).at;
	new.frozen_no := coalesce((SELECT max(e.seq) FROM lodge.event e), 0);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_desk_mine(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.holds_desk(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_one_at_a_time(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.handover h WHERE h.state IN ('frozen','signed') AND lodge.handover_is_fresh(h, (who).at));
END $$;

-- One that was begun and left lying gives way.
CREATE OR REPLACE FUNCTION lodge.prepare_handover_frozen(new lodge.handover, who lodge.actor) RETURNS lodge.handover LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM lodge.handover_drop(who);
	RETURN new;
END $$;

-- What was counted against what there is; what was not counted is said to be there. A difference is red.
CREATE OR REPLACE FUNCTION lodge.handover_counts(a_counted jsonb) RETURNS TABLE (red boolean, no text, text text) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT coalesce(c.n <> t.expected, false), coalesce(c.n, t.expected)::text, concat(coalesce(t.thing, c.name), ' ', coalesce(c.n, t.expected), '/', coalesce(t.expected::text, '–'))
		FROM lodge.controlled_things() t FULL JOIN (SELECT lower(j ->> 'name') AS key, min(j ->> 'name') AS name, sum((j ->> 'quantity')::integer)::integer AS n
			FROM jsonb_array_elements(coalesce(a_counted, '[]')) j GROUP BY 1) c ON c.key = lower(t.thing);
END $$;

-- The list: missing first, then red, then the rest.
CREATE OR REPLACE FUNCTION lodge.effect_handover_frozen(new lodge.handover, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO lodge.handover_item (state, handover, line, source, red, book, record, no, text, since, was, digits)
		SELECT a.state, new.id, row_number() OVER (ORDER BY a.red DESC, a.place, a.since, a.record), a.source, a.red, a.book, a.record, a.no, a.text, a.since, a.was, lodge.last_two(a.no)
		FROM (SELECT 'missing' AS state, 0 AS place, m.source, true AS red, m.book, m.record, m.no, m.text, m.since, m.was FROM lodge.desk_missing(new.page, who.at) m
			UNION ALL SELECT 'listed', 10, 'count', c.red, NULL, NULL, c.no, c.text, NULL, NULL FROM lodge.handover_counts(new.counted) c
			UNION ALL SELECT 'listed', l.place, l.source, l.red, l.book, l.record, l.no, l.text, l.since, l.was FROM lodge.desk_list(who.at) l) a;
	UPDATE lodge.handover h SET items = (SELECT count(*) FROM lodge.handover_item i WHERE i.handover = new.id),
		red = (SELECT count(*) FROM lodge.handover_item i WHERE i.handover = new.id AND i.red) WHERE h.id = new.id;
END $$;

-- The outgoing person's signature.

CREATE OR REPLACE FUNCTION lodge.guard_handover_out_mine(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.holds_desk(who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_out_in_time(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.handover_is_fresh(new, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_out_password(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN lodge.password_holds((who).staff, ((who).args ->> 'password')::bytea) = 'ok';
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_handover_out(new lodge.handover, who lodge.actor) RETURNS lodge.handover LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.out_at := (who).at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_withdraw_mine(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.holds_desk(who);
END $$;

-- The incoming person's signature.

-- At the desk that is handed over, or at the one of who takes it: the other has signed already.
CREATE OR REPLACE FUNCTION lodge.guard_handover_in_mine(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.holds_desk(who) OR (new).staff = (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_in_time(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.handover_is_fresh(new, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_another(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).staff <> (new).outgoing;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_may_keep(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.may_hold_desk((new).staff, (who).at);
END $$;

-- What came up while the two were talking is not lost: red matters make the list anew, the others stand on the next one.
CREATE OR REPLACE FUNCTION lodge.guard_handover_red_listed(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.desk_list((who).at) l WHERE l.red AND NOT EXISTS (SELECT 1 FROM lodge.handover_item i WHERE i.handover = (new).id
		AND (i.source, i.book, i.record) = (l.source, l.book, l.record)));
END $$;

-- A number of one digit may be read back as it stands on the list: 7 is 07.
CREATE OR REPLACE FUNCTION lodge.guard_handover_read_back(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	said text := coalesce((who).args ->> 'digits', '');
BEGIN
	RETURN coalesce((SELECT string_agg(i.digits, '' ORDER BY i.line) FROM lodge.handover_item i WHERE i.handover = (new).id AND i.red), '') IN
		(regexp_replace(said, '[^0-9]', '', 'g'), regexp_replace(regexp_replace(said, '\y([0-9])\y', '0\1', 'g'), '[^0-9]', '', 'g'));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_handover_in_password(new lodge.handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN CASE WHEN (new).staff = (who).staff THEN lodge.password_holds((who).staff, ((who).args ->> 'password')::bytea) = 'ok'
		ELSE lodge.password_of_another_holds((who).staff, (new).staff, ((who).args ->> 'password')::bytea) END;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_handover_in(new lodge.handover, who lodge.actor) RETURNS lodge.handover LANGUAGE plpgsql STABLE AS $$
DECLARE
	p lodge.duty_page;
BEGIN
	SELECT * INTO p FROM lodge.duty_page x WHERE x.state = 'open';
	new.in_at := (who).at;
	new.log_no := coalesce((SELECT max(e.seq) FROM lodge.event e), 0);
	new.log_digest := lodge.log_digest(p.log_from, new.log_no, (SELECT b.log_digest FROM lodge.duty_page b WHERE b.id = p.follows));
	RETURN new;
END $$;

-- The shift whose page comes next; NULL when this one's page goes on, because its shift has still to run, or the other has
-- had its page already.
CREATE OR REPLACE FUNCTION lodge.handover_next_shift(p lodge.duty_page, a_at timestamptz) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	now_runs lodge.shift := lodge.shift_at(a_at);
	next bigint := now_runs.id;
BEGIN
	IF now_runs.id = (p).shift THEN
		IF a_at < now_runs.ends - lodge.policy_value('handover.early_minutes', '60')::integer * interval '1 minute' THEN
			RETURN NULL;
		END IF;
		next := (lodge.shift_at(now_runs.ends)).id;
	END IF;
	RETURN (SELECT next WHERE NOT EXISTS (SELECT 1 FROM lodge.duty_page x WHERE x.shift = next));
END $$;

-- The page is closed and the next one begun in the same breath; within a shift only its owner changes.
CREATE OR REPLACE FUNCTION lodge.prepare_handover_in(new lodge.handover, who lodge.actor) RETURNS lodge.handover LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p lodge.duty_page;
	next bigint;
BEGIN
	SELECT * INTO p FROM lodge.duty_page x WHERE x.state = 'open';
	next := lodge.handover_next_shift(p, who.at);
	IF next IS NULL THEN
		UPDATE lodge.duty_page x SET owner = new.staff, version = x.version + 1 WHERE x.id = p.id RETURNING * INTO p;
		PERFORM lodge.beside(who, 'duty_page', p.id, p.version, p.state, NULL, 'pass', '{}');
	ELSE
		UPDATE lodge.duty_page x SET state = 'closed', closed_by = new.outgoing, closed_at = who.at, accepted_by = new.staff, log_no = new.log_no, log_digest = new.log_digest,
			version = x.version + 1 WHERE x.id = p.id RETURNING * INTO p;
		PERFORM lodge.beside(who, 'duty_page', p.id, p.version, p.state, NULL, 'close', '{}');
		INSERT INTO lodge.duty_page (state, code, shift, owner, opened_by, opened_at, follows, log_from)
			SELECT 'open', s.code, s.id, new.staff, new.staff, who.at, p.id, new.log_no FROM lodge.shift s WHERE s.id = next RETURNING * INTO p;
		PERFORM lodge.beside(who, 'duty_page', p.id, p.version, p.state, NULL, 'open', '{}');
	END IF;
	new.next_page := p.id;
	RETURN new;
END $$;

-- What was on the list stands on the page that goes on.
CREATE OR REPLACE FUNCTION lodge.effect_handover_in(new lodge.handover, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	UPDATE lodge.handover_item i SET page = new.next_page WHERE i.handover = new.id;
	UPDATE lodge.duty_page p SET carried = new.items WHERE p.id = new.next_page AND p.id <> new.page;
END $$;

-- Settled for the lists that it stood on before, too.
CREATE OR REPLACE FUNCTION lodge.derive_handover_settled(new lodge.handover_item, who lodge.actor) RETURNS lodge.handover_item LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	new.settled_by := (who).staff;
	new.settled_at := (who).at;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_handover_settled(new lodge.handover_item, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	i lodge.handover_item;
BEGIN
	FOR i IN UPDATE lodge.handover_item x SET state = 'settled', note = new.note, settled_by = new.settled_by, settled_at = new.settled_at, version = x.version + 1
		WHERE x.state = 'missing' AND x.id <> new.id AND (x.book, x.record) = (new.book, new.record) RETURNING x.* LOOP
		PERFORM lodge.beside(who, 'handover_item', i.id, i.version, i.state, NULL, 'settle', '{}');
	END LOOP;
END $$;
