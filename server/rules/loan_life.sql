-- loan_life.sql - a loan after its first day: corrections, reminders, reservations, passing on, the block.
-- LOAN-11, 17 and what LOAN-04, 07, 08 ask of them. Not for: the road from request to return (loan.sql).
-- Trap: in `correct` and `pass_on` who.prior is the row that the operation started from, and `new` the row
-- that takes its place.

-- The row and those it corrects, back to the first.
CREATE OR REPLACE FUNCTION lodge.loan_lineage(a_loan bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY WITH RECURSIVE line AS (SELECT l.id, l.corrects FROM lodge.loan l WHERE l.id = a_loan
		UNION ALL SELECT l.id, l.corrects FROM lodge.loan l JOIN line ON l.id = line.corrects) SELECT line.id FROM line;
END $$;

CREATE OR REPLACE FUNCTION lodge.loan_parties(a lodge.loan) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN array_remove(ARRAY[(a).requester, (a).requested_by, (SELECT d.head FROM lodge.department d WHERE d.id = (a).department)]::bigint[], NULL);
END $$;

-- Corrections (LOAN-17).

-- Who is named anew takes the place of whom the row named. What is not handed out yet is judged afresh, as
-- the request of whoever made it; what has been handed out keeps file, stamps and due time.
CREATE OR REPLACE FUNCTION lodge.derive_loan_corrected(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.loan := jsonb_populate_record(NULL::lodge.loan, (who).prior);
	afresh lodge.loan;
BEGIN
	IF new.requester IS NOT NULL AND prior.requester IS NULL AND NOT (who).given && ARRAY['outsider_name','outsider_body','proof_kind','proof_no'] THEN
		new.outsider_name := NULL; new.outsider_body := NULL; new.proof_kind := NULL; new.proof_no := NULL; new.proof_no_op := NULL;
	ELSIF new.outsider_name IS NOT NULL AND prior.outsider_name IS NULL AND NOT 'requester' = ANY ((who).given) THEN
		new.requester := NULL;
	END IF;
	new.corrects := prior.id;
	new.corrector := (who).staff;
	afresh := lodge.derive_loan_requested(new, who);
	IF prior.issued_at IS NULL THEN
		afresh.requested_by := prior.requested_by;
		afresh.requested_at := prior.requested_at;
		RETURN afresh;
	END IF;
	IF ROW(new.act, new.requester) IS DISTINCT FROM ROW(prior.act, prior.requester) THEN
		new.requester_class := afresh.requester_class; new.department := afresh.department;
		new.needs_escort := afresh.needs_escort;
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.succeed_loan_corrected(old lodge.loan, new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	old.state := 'corrected';
	old.corrected_by := new.id;
	RETURN old;
END $$;

-- The time limit of a file that is out goes over to the row that stands for it now.
CREATE OR REPLACE FUNCTION lodge.effect_loan_corrected(new lodge.loan, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF new.state = 'issued' THEN
		PERFORM lodge.deadline_close('loan', new.corrects, 'loan_due', who.at);
		PERFORM lodge.deadline_open(new.area, 'loan', new.id, 'loan_due', new.due);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION lodge.loan_is_out_or_over(who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).prior ->> 'issued_at' IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_may_correct(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (who).role = lodge.custodian_of(((who).prior ->> 'file')::bigint) OR (NOT lodge.loan_is_out_or_over(who)
		AND (who).staff IN (((who).prior ->> 'requested_by')::bigint, ((who).prior ->> 'requester')::bigint));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_says_otherwise(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.loan := jsonb_populate_record(NULL::lodge.loan, (who).prior);
BEGIN
	RETURN ROW(new.file, new.requester, new.act, new.purpose, new.outsider_name, new.outsider_body, new.proof_kind, new.proof_no, new.due, new.escort)
		IS DISTINCT FROM ROW(prior.file, prior.requester, prior.act, prior.purpose, prior.outsider_name, prior.outsider_body, prior.proof_kind, prior.proof_no,
			prior.due, prior.escort);
END $$;

-- What the row said before is not asked again; what is new is judged as in a request.
CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_for(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).requester IS NOT DISTINCT FROM ((who).prior ->> 'requester')::bigint) OR lodge.guard_loan_may_request_for(new, who)
		OR (who).role = lodge.custodian_of((new).file);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_active(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).requester IS NOT DISTINCT FROM ((who).prior ->> 'requester')::bigint) OR lodge.guard_loan_borrower_active(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_same_file(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.loan_is_out_or_over(who) OR (new).file = ((who).prior ->> 'file')::bigint;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_file(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.loan_is_out_or_over(who) OR lodge.guard_loan_file_active(new, who);
END $$;

-- LOAN-07: an approval names file, act and, for us, the borrower. Where nobody had to approve, neither before nor
-- now, both may have been mistyped.
CREATE OR REPLACE FUNCTION lodge.guard_loan_as_approved(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	prior lodge.loan := jsonb_populate_record(NULL::lodge.loan, (who).prior);
BEGIN
	RETURN NOT lodge.loan_is_out_or_over(who) OR ROW(new.act, new.requester) IS NOT DISTINCT FROM ROW(prior.act, prior.requester)
		OR (prior.approvers = '' AND NOT prior.needs_endorsement AND NOT prior.needs_review AND EXISTS (SELECT 1 FROM lodge.loan_policy p
			WHERE p.act = new.act AND p.class = new.requester_class AND p.refused_rule IS NULL AND p.approvers = '{}' AND p.endorser IS NULL
			AND p.reviewer IS NULL));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_act(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN lodge.loan_is_out_or_over(who) OR lodge.guard_loan_act_allowed(new, who);
END $$;

-- After handing out the due time moves by extending alone.
CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_due(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).due IS NOT DISTINCT FROM ((who).prior ->> 'due')::timestamptz)
		OR (NOT lodge.loan_is_out_or_over(who) AND lodge.guard_loan_due_allowed(new, who));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_escort_named(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT lodge.loan_is_out_or_over(who) OR lodge.guard_loan_escort_named(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_correct_escort(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT (new).escort IS NOT DISTINCT FROM ((who).prior ->> 'escort')::bigint AND (new).escort IS DISTINCT FROM (new).requester)
		OR lodge.guard_loan_escort_centre(new, who);
END $$;

-- Overdue files (LOAN-11).

CREATE OR REPLACE FUNCTION lodge.derive_loan_reminded(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.reminders := coalesce(new.reminders, 0) + 1;
	new.reminded_at := (who).at;
	RETURN new;
END $$;

-- A borrower with an overdue file gets no other one, unless an approver lifted the block since that file fell due.
-- Replacing or correcting a request of the same borrower is no new one.
CREATE OR REPLACE FUNCTION lodge.guard_loan_borrower_clear(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).requester IS NULL OR ((who).prior ->> 'requester')::bigint IS NOT DISTINCT FROM (new).requester
		OR NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.requester = (new).requester AND l.state = 'issued' AND l.due < (who).at
			AND (l.lifted_at IS NULL OR l.lifted_at < l.due))
		OR lodge.policy_value('loan.block_overdue', 'false') = 'false';
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_is_overdue(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).due < (who).at;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_loan_block_lifted(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.lifted_by := (who).staff;
	new.lifted_at := (who).at;
	RETURN new;
END $$;

-- Reservations (LOAN-08): an open request with a place in the file's queue.

CREATE OR REPLACE FUNCTION lodge.derive_loan_reserved(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	new := lodge.derive_loan_requested(new, who);
	new.reserved_at := (who).at;
	RETURN new;
END $$;

-- Told that the file is back, a reservation holds for some days; then those behind it need not wait.
CREATE OR REPLACE FUNCTION lodge.loan_keeps_place(a lodge.loan, a_at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (a).reserved_at IS NOT NULL AND (a).state IN ('requested','endorsed','approved') AND ((a).told_at IS NULL
		OR (a).told_at + make_interval(days => lodge.policy_value('loan.reservation_days', '3')::integer) >= a_at);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_file_awaited(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = (new).file AND (l.state = 'issued' OR (l.reserved_at IS NOT NULL
		AND l.state IN ('requested','endorsed','approved') AND lodge.loan_keeps_place(l, (who).at))));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_reserved_once(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = (new).file AND l.requester IS NOT DISTINCT FROM (new).requester
		AND l.outsider_name IS NOT DISTINCT FROM (new).outsider_name AND l.outsider_body IS NOT DISTINCT FROM (new).outsider_body
		AND (l.state = 'issued' OR (l.reserved_at IS NOT NULL AND l.state IN ('requested','endorsed','approved'))));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_in_turn(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ('turn_reason' = ANY ((who).given) AND (new).turn_reason IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM lodge.loan l
		WHERE l.file = (new).file AND l.reserved_at IS NOT NULL AND l.state IN ('requested','endorsed','approved') AND l.id <> (new).id
		AND ((new).reserved_at IS NULL OR (l.reserved_at, l.id) < ((new).reserved_at, (new).id)) AND lodge.loan_keeps_place(l, (who).at));
END $$;

-- The file is in: whoever is first in its queue is told, once, by the stamp and by `changed`. Where nobody
-- had to approve, the days for fetching it begin now.
CREATE OR REPLACE FUNCTION lodge.loan_tell_next(a_file bigint, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	coming lodge.loan;
BEGIN
	IF EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = a_file AND l.state = 'issued') THEN
		RETURN;
	END IF;
	SELECT * INTO coming FROM lodge.loan l WHERE l.file = a_file AND l.reserved_at IS NOT NULL AND l.state IN ('requested','endorsed','approved')
		AND lodge.loan_keeps_place(l, (who).at) ORDER BY l.reserved_at, l.id LIMIT 1;
	IF coming.id IS NULL OR coming.told_at IS NOT NULL THEN
		RETURN;
	END IF;
	UPDATE lodge.loan l SET version = l.version + 1, told_at = (who).at, valid_until = CASE WHEN l.state = 'approved' AND l.approvers = ''
			THEN (who).at + make_interval(days => lodge.policy_value('loan.approval_days', '3')::integer) ELSE l.valid_until END
		WHERE l.id = coming.id;
	PERFORM lodge.beside(who, 'loan', coming.id, coming.version + 1, coming.state, coming.area, 'told', lodge.loan_parties(coming));
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_loan_left_queue(new lodge.loan, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF (new).reserved_at IS NOT NULL THEN
		PERFORM lodge.loan_tell_next((new).file, who);
	END IF;
END $$;

-- Passing on: the file goes to the next holder's own approved loan. Where the policy asks for nobody's approval,
-- the row is written here, for the same act and purpose.

CREATE OR REPLACE FUNCTION lodge.derive_loan_passed_on(new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
DECLARE
	coming lodge.loan;
BEGIN
	SELECT * INTO coming FROM lodge.loan l WHERE l.file = new.file AND l.requester = new.requester AND l.state IN ('requested','endorsed','approved')
		ORDER BY (l.state = 'approved') DESC, coalesce(l.valid_until >= (who).at, false) DESC, l.id LIMIT 1;
	IF coming.id IS NULL THEN
		coming.id := new.id;
		coming.file := new.file; coming.act := new.act; coming.purpose := new.purpose; coming.requester := new.requester;
		coming := lodge.derive_loan_requested(coming, who);
	END IF;
	IF 'escort' = ANY ((who).given) THEN
		coming.escort := new.escort;
	END IF;
	coming.turn_reason := new.turn_reason;
	coming.passed_from := new.id;
	coming := lodge.derive_loan_handed_out(coming, who);
	coming.state := 'issued';
	RETURN coming;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_other_holder(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).requester IS DISTINCT FROM ((who).prior ->> 'requester')::bigint;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_next_approved(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).approvers = '' OR (new).approved_by IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION lodge.succeed_loan_passed_on(old lodge.loan, new lodge.loan, who lodge.actor) RETURNS lodge.loan LANGUAGE plpgsql STABLE AS $$
BEGIN
	old.state := 'passed_on';
	old.passed_to := new.id;
	old.returned_at := (who).at;
	RETURN old;
END $$;
