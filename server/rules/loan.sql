-- loan.sql - the rules of the File Loan Register, LOAN-01..18.
-- Each guard answers one question of its row in common/books/loan.c, true = may go on. derive_ fills in
-- what the house computes before the guards; effect_ writes other books after the change.
-- Trap: guards run in the descriptor's order and may rely on the earlier ones only.

CREATE OR REPLACE FUNCTION lodge.loan_policy_of(new lodge.loan) RETURNS lodge.loan_policy LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT p FROM lodge.loan_policy p WHERE p.act = (new).act AND p.class = (new).requester_class);
END $$;

-- Fills in class, department and what the policy asks for; decides where the request lands.
CREATE OR REPLACE FUNCTION lodge.derive_loan_requested(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
DECLARE
	p loan_policy;
	f file;
BEGIN
	SELECT * INTO f FROM file WHERE id = new.file;
	new.area := f.area;
	new.unit := f.unit;
	new.requested_by := who.staff;
	new.requested_at := who.at;
	IF new.requester IS NULL AND coalesce(new.outsider_name, new.outsider_body, new.proof_kind) IS NULL AND new.proof_no IS NULL THEN
		new.requester := who.staff; -- nobody named: for oneself
	END IF;
	IF new.requester IS NULL THEN
		new.requester_class := 'outsider';
		new.department := NULL;
	ELSE
		SELECT s.department, CASE WHEN d.kind = 'centre' THEN 'centre_staff' ELSE 'other_department' END INTO new.department, new.requester_class
			FROM staff s JOIN department d ON d.id = s.department WHERE s.id = new.requester;
	END IF;
	p := loan_policy_of(new);
	new.needs_endorsement := p.endorser IS NOT NULL;
	new.approvers := coalesce(array_to_string(p.approvers, ' '), '');
	new.needs_escort := coalesce(p.escort, false);
	new.needs_review := p.reviewer IS NOT NULL;
	IF (who).prior ->> 'file' IS DISTINCT FROM new.file::text THEN
		new.reserved_at := NULL; new.told_at := NULL; -- a place in the queue of another file
	END IF;
	new.endorsed_by := NULL; new.endorsed_at := NULL; new.approved_by := NULL; new.approved_at := NULL; new.valid_until := NULL;
	IF new.approvers = '' THEN
		new.state := 'approved';
		new.valid_until := who.at + make_interval(days => policy_value('loan.approval_days', '3')::integer);
	ELSIF new.needs_endorsement AND EXISTS (SELECT 1 FROM department d WHERE d.id = new.department AND d.head = new.requester) THEN
		new.state := 'endorsed';
		new.endorsed_by := new.requester;
		new.endorsed_at := who.at;
	ELSE
		new.state := 'requested';
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_borrower_given(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ((new).requester IS NULL) <> ((new).outsider_name IS NULL)
	AND ((new).requester IS NULL OR ((new).outsider_body IS NULL AND (new).proof_kind IS NULL AND (new).proof_no IS NULL));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_own_request(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).prior IS NULL OR (who).staff IN (((who).prior ->> 'requested_by')::bigint, ((who).prior ->> 'requester')::bigint);
END $$;

-- LOAN-03: for oneself; a head for his department; centre staff for anybody (outsiders included).
CREATE OR REPLACE FUNCTION lodge.guard_loan_may_request_for(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (who).centre OR (new).requester IS NOT DISTINCT FROM (who).staff OR coalesce((new).department = ANY ((who).heads), false));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_borrower_active(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).requester IS NULL OR EXISTS (SELECT 1 FROM lodge.staff s WHERE s.id = (new).requester AND s.status <> 'left');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_file_active(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).file AND f.status = 'active');
END $$;

-- A missing policy row allows nothing.
CREATE OR REPLACE FUNCTION lodge.guard_loan_act_allowed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT p.refused_rule IS NULL FROM lodge.loan_policy p WHERE p.act = (new).act AND p.class = (new).requester_class), false);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_proof_shown(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).requester IS NOT NULL OR ((new).outsider_body IS NOT NULL AND (new).proof_kind IS NOT NULL AND (new).proof_no IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION lodge.loan_due_limit(new lodge.loan, a_at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT lodge.due_after(a_at, p.days) FROM lodge.loan_policy p WHERE p.act = (new).act AND p.class = (new).requester_class);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_due_allowed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).due IS NULL OR ((new).due > (who).at AND (new).due <= lodge.loan_due_limit(new, (who).at));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_needs_endorsement(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).needs_endorsement;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_borrowers_head(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((new).department = ANY ((who).heads), false);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_endorsed(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.endorsed_by := who.staff;
	new.endorsed_at := who.at;
	RETURN new;
END $$;

-- LOAN-07: the approving role is held at this moment (who.role), and is one the policy named.
CREATE OR REPLACE FUNCTION lodge.guard_loan_approver_role(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = ANY (CASE WHEN (new).approvers = '' THEN ARRAY['CM','EM'] ELSE string_to_array((new).approvers, ' ') END);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_is_endorsed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT (new).needs_endorsement OR (new).endorsed_by IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_not_own(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).requested_by IS DISTINCT FROM (who).staff AND (new).requester IS DISTINCT FROM (who).staff AND (new).endorsed_by IS DISTINCT FROM (who).staff)
		AND ((new).corrects IS NULL OR NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.id IN (SELECT lodge.loan_lineage((new).id)) AND l.corrector = (who).staff));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_approved(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.approved_by := who.staff;
	new.approved_at := who.at;
	new.valid_until := who.at + make_interval(days => policy_value('loan.approval_days', '3')::integer);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_own_party(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).staff IN ((new).requested_by, (new).requester) OR coalesce((new).department = ANY ((who).heads), false);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_custodian(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = lodge.custodian_of((new).file);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_file_is_here(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = (new).file AND l.state = 'issued');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_in_force(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).valid_until >= (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_escort_named(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT (new).needs_escort OR (new).escort IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_escort_centre(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).escort IS NULL OR ((new).escort IS DISTINCT FROM (new).requester AND lodge.is_centre_staff((new).escort));
END $$;

-- The due time runs from handing out; one asked for earlier holds when it is sooner and still ahead. The out-card
-- that takes the file's place is numbered; there is one pen, so no two cards get the same number.
CREATE OR REPLACE FUNCTION lodge.derive_loan_handed_out(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
DECLARE
	latest timestamptz := loan_due_limit(new, who.at);
BEGIN
	new.issued_by := who.staff;
	new.issued_at := who.at;
	new.card := (SELECT coalesce(max(l.card), 0) + 1 FROM loan l);
	new.due := CASE WHEN new.due IS NULL OR new.due <= who.at THEN latest ELSE least(new.due, latest) END;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_note_given(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).condition = 'ok' OR 'note' = ANY ((who).given) AND (new).note IS NOT NULL;
END $$;

-- The estate decides whether a return may do without the number; what was handed out before cards had none.
CREATE OR REPLACE FUNCTION lodge.guard_loan_card_given(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).card IS NULL OR 'card' = ANY ((who).given) OR lodge.policy_value('loan.ask_card', 'false') = 'false';
END $$;

-- `new` says what was typed, the table still what was numbered at handing out.
CREATE OR REPLACE FUNCTION lodge.guard_loan_card_matches(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT 'card' = ANY ((who).given) OR (new).card IS NOT DISTINCT FROM (SELECT l.card FROM lodge.loan l WHERE l.id = (new).id);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_missing_in_file(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).args ->> 'missing' IS NULL OR ((new).condition <> 'ok' AND NOT EXISTS (SELECT 1 FROM unnest(((who).args ->> 'missing')::bigint[]) m
	WHERE NOT EXISTS (SELECT 1 FROM lodge.document d WHERE d.id = m AND d.file = (new).file AND d.state = 'filed')));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_room_left(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.room_entry e WHERE e.loan = (new).id AND e.state <> 'closed')
		AND ((new).corrects IS NULL AND (new).passed_from IS NULL OR NOT EXISTS (SELECT 1 FROM lodge.room_entry e WHERE e.state <> 'closed'
			AND (e.loan IN (SELECT lodge.loan_lineage((new).id)) OR e.loan IN (SELECT lodge.loan_lineage((new).passed_from)))));
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_taken_back(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.received_by := who.staff;
	new.returned_at := who.at;
	new.state := CASE WHEN new.condition = 'ok' THEN 'returned' ELSE 'damaged' END;
	RETURN new;
END $$;

-- LOAN-10: the report to the custodian's superior, in the same transaction; missing documents leave the content list.
CREATE OR REPLACE FUNCTION lodge.effect_loan_taken_back(new lodge.loan, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM lodge.loan_tell_next(new.file, who);
	IF new.condition = 'ok' THEN
		RETURN;
	END IF;
	INSERT INTO damage_report (area, state, loan, file, text, reported_by, reported_to, at)
		SELECT new.area, 'reported', new.id, new.file, new.note, who.staff,
			(SELECT r.staff FROM staff_role r JOIN staff s ON s.id = r.staff AND s.status <> 'left'
				WHERE r.role = CASE WHEN who.role = 'HR' THEN 'EM' ELSE 'CSS' END AND r.since <= estate_time(who.at)::date AND (r.until IS NULL OR r.until >= estate_time(who.at)::date)
				ORDER BY r.rank, r.staff LIMIT 1), who.at;
	UPDATE document SET state = 'withdrawn', version = version + 1, removed_at = who.at, removed_by = who.staff, reason = 'Missing at return of loan ' || new.no
		WHERE id = ANY ((who.args ->> 'missing')::bigint[]) AND file = new.file AND state = 'filed';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_extension_allowed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).due > (who).at AND (new).due <= lodge.loan_due_limit(new, (who).at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_needs_review(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).needs_review;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_not_reviewed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).reviewed_at IS NULL OR (new).reviewed_at = (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_reviewed(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.reviewed_at IS NULL THEN
		new.reviewed_by := who.staff;
		new.reviewed_at := who.at;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_is_copy(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).act IN ('photocopy','print','e_copy','excerpt');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_excerpt_cleared(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).act <> 'excerpt' OR NOT (new).needs_review OR (new).verdict IS NOT DISTINCT FROM 'cleared');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_copy_cleared(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).act = 'excerpt' OR NOT (new).needs_review OR (new).verdict IS NOT DISTINCT FROM 'cleared');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_not_carried(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).carried_out_at IS NULL OR (new).carried_out_at = (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_carried_out(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.carried_out_at IS NULL THEN
		new.carried_out_at := who.at;
	END IF;
	RETURN new;
END $$;
