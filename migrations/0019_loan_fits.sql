-- 0019_loan_fits.sql - the checks of the register as one function, asked by one constraint.
-- Twenty-two constraints were parsed again at every change of a row: three fifths of what the change cost. Each
-- keeps its name in the error. Trap: CREATE OR REPLACE does not look at the rows that are there; a migration
-- that changes a rule drops the constraint and adds it again.

CREATE FUNCTION lodge.loan_fits(l lodge.loan) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	broken text := CASE
		WHEN (((l.lifted_by IS NULL) = (l.lifted_at IS NULL)) AND ((l.lifted_by IS NULL) OR (l.lifted_by IS DISTINCT FROM l.requester))) IS FALSE THEN 'lifted block'
		WHEN (((l.approved_at IS NULL) OR (l.issued_at >= l.approved_at) OR (l.issued_at IS NULL)) AND ((l.returned_at IS NULL) OR (l.returned_at >= l.issued_at))) IS FALSE THEN 'loan order'
		WHEN (l.act IN ('consult','borrow','take_out','photocopy','print','e_copy','excerpt')) IS FALSE THEN 'loan_act_check'
		WHEN (l.card > 0) IS FALSE THEN 'loan_card_check'
		WHEN (l.condition IN ('ok','damaged','incomplete')) IS FALSE THEN 'loan_condition_check'
		WHEN (l.reminders > 0) IS FALSE THEN 'loan_reminders_check'
		WHEN (l.requester_class IN ('centre_staff','other_department','outsider')) IS FALSE THEN 'loan_requester_class_check'
		WHEN (l.state IN ('requested','endorsed','approved','issued','returned','damaged','rejected','withdrawn','passed_on','corrected')) IS FALSE THEN 'loan_state_check'
		WHEN (l.verdict IN ('cleared','refused')) IS FALSE THEN 'loan_verdict_check'
		WHEN ((l.state = 'passed_on') <= ((l.passed_to IS NOT NULL) AND (l.returned_at IS NOT NULL))) IS FALSE THEN 'passing on'
		WHEN (((l.requester IS NULL) = (l.requester_class = 'outsider')) AND ((l.requester IS NULL) <> (l.outsider_name IS NULL))) IS FALSE THEN 'LOAN-01 borrower'
		WHEN ((l.state NOT IN ('issued','returned','damaged','passed_on')) OR (NOT l.needs_escort) OR (l.escort IS NOT NULL)) IS FALSE THEN 'LOAN-02 escort'
		WHEN ((l.approved_by IS NULL) OR (NOT l.needs_endorsement) OR (l.endorsed_by IS NOT NULL)) IS FALSE THEN 'LOAN-03 endorsement'
		WHEN ((l.state NOT IN ('issued','returned','damaged','passed_on')) OR (l.approvers = '') OR (l.approved_by IS NOT NULL)) IS FALSE THEN 'LOAN-04 approval'
		WHEN ((l.requester_class <> 'outsider') OR ((l.outsider_body IS NOT NULL) AND (l.proof_kind IS NOT NULL) AND (l.proof_no IS NOT NULL))) IS FALSE THEN 'LOAN-05 proof'
		WHEN ((l.requester_class <> 'outsider') OR (l.act NOT IN ('borrow','take_out'))) IS FALSE THEN 'LOAN-06 outsider'
		WHEN ((l.approved_by IS NULL) OR ((l.approved_by IS DISTINCT FROM l.requester) AND (l.approved_by <> l.requested_by) AND (l.approved_by IS DISTINCT FROM l.endorsed_by))) IS FALSE THEN 'LOAN-07 approver'
		WHEN ((l.card IS NULL) OR (l.issued_at IS NOT NULL)) IS FALSE THEN 'LOAN-10 card'
		WHEN ((l.state NOT IN ('returned','damaged')) OR ((l.returned_at IS NOT NULL) AND (l.condition IS NOT NULL) AND ((l.condition = 'ok') = (l.state = 'returned')))) IS FALSE THEN 'LOAN-10 condition'
		WHEN ((l.escort IS NULL) OR (l.requester IS NULL) OR (l.escort <> l.requester)) IS FALSE THEN 'LOAN-13 escort'
		WHEN (((l.state = 'corrected') = (l.corrected_by IS NOT NULL)) AND ((l.corrects IS NULL) = (l.corrector IS NULL))) IS FALSE THEN 'LOAN-17 correction'
		WHEN ((l.carried_out_at IS NULL) OR (NOT l.needs_review) OR (l.verdict = 'cleared')) IS FALSE THEN 'LOAN-18 review'
		END;
BEGIN
	IF broken IS NOT NULL THEN
		RAISE EXCEPTION 'a row of the register breaks "%"', broken USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'loan', SCHEMA = 'lodge';
	END IF;
	RETURN true;
END $$;
ALTER TABLE lodge.loan
	DROP CONSTRAINT "lifted block",
	DROP CONSTRAINT "loan order",
	DROP CONSTRAINT loan_act_check,
	DROP CONSTRAINT loan_card_check,
	DROP CONSTRAINT loan_condition_check,
	DROP CONSTRAINT loan_reminders_check,
	DROP CONSTRAINT loan_requester_class_check,
	DROP CONSTRAINT loan_state_check,
	DROP CONSTRAINT loan_verdict_check,
	DROP CONSTRAINT "passing on",
	DROP CONSTRAINT "LOAN-01 borrower",
	DROP CONSTRAINT "LOAN-02 escort",
	DROP CONSTRAINT "LOAN-03 endorsement",
	DROP CONSTRAINT "LOAN-04 approval",
	DROP CONSTRAINT "LOAN-05 proof",
	DROP CONSTRAINT "LOAN-06 outsider",
	DROP CONSTRAINT "LOAN-07 approver",
	DROP CONSTRAINT "LOAN-10 card",
	DROP CONSTRAINT "LOAN-10 condition",
	DROP CONSTRAINT "LOAN-13 escort",
	DROP CONSTRAINT "LOAN-17 correction",
	DROP CONSTRAINT "LOAN-18 review",
	ADD CONSTRAINT loan_fits CHECK (lodge.loan_fits(loan));
