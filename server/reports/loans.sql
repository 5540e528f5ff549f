-- loans.sql - open, overdue and refused loans by file, borrower, department and month (LOAN-15).
-- Not for: who may see which report; the compiled door op.report_NAME judges that. Trap: overdue is
-- never stored; it is counted at the moment of the reader (who.at), as the lists do it.

CREATE OR REPLACE FUNCTION lodge.loan_is_open(l lodge.loan) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (l).state IN ('requested', 'endorsed', 'approved', 'issued') $$;

-- The loans of the reader's areas; a corrected row is counted by the one that stands for it (LOAN-17).
CREATE OR REPLACE FUNCTION lodge.counted_loans(who lodge.actor) RETURNS TABLE (file bigint, borrower bigint, department bigint, requested_at timestamptz,
	is_open boolean, is_overdue boolean, is_refused boolean) LANGUAGE sql STABLE AS $$
	SELECT l.file, l.requester, l.department, l.requested_at, lodge.loan_is_open(l), l.state = 'issued' AND l.due < (who).at, l.state = 'rejected'
		FROM lodge.loan l WHERE l.area = ANY ((who).areas) AND l.state <> 'corrected'
$$;

CREATE OR REPLACE FUNCTION lodge.report_loans_by_file(who lodge.actor)
RETURNS TABLE (file bigint, open bigint, overdue bigint, refused bigint) LANGUAGE sql STABLE AS $$
	SELECT l.file, count(*) FILTER (WHERE l.is_open), count(*) FILTER (WHERE l.is_overdue), count(*) FILTER (WHERE l.is_refused)
		FROM lodge.counted_loans(who) l GROUP BY l.file
$$;

CREATE OR REPLACE FUNCTION lodge.report_loans_by_borrower(who lodge.actor)
RETURNS TABLE (borrower bigint, open bigint, overdue bigint, refused bigint) LANGUAGE sql STABLE AS $$
	SELECT l.borrower, count(*) FILTER (WHERE l.is_open), count(*) FILTER (WHERE l.is_overdue), count(*) FILTER (WHERE l.is_refused)
		FROM lodge.counted_loans(who) l GROUP BY l.borrower
$$;

CREATE OR REPLACE FUNCTION lodge.report_loans_by_department(who lodge.actor)
RETURNS TABLE (department bigint, open bigint, overdue bigint, refused bigint) LANGUAGE sql STABLE AS $$
	SELECT l.department, count(*) FILTER (WHERE l.is_open), count(*) FILTER (WHERE l.is_overdue), count(*) FILTER (WHERE l.is_refused)
		FROM lodge.counted_loans(who) l GROUP BY l.department
$$;

-- A month begins and ends in the estate's time.
CREATE OR REPLACE FUNCTION lodge.report_loans_by_month(who lodge.actor)
RETURNS TABLE (month text, open bigint, overdue bigint, refused bigint, requested bigint, since timestamptz, before timestamptz) LANGUAGE sql STABLE AS $$
	SELECT to_char(m.begins, 'YYYY-MM'), m.open, m.overdue, m.refused, m.requested, lodge.estate_moment(m.begins), lodge.estate_moment(m.begins + interval '1 month')
		FROM (SELECT date_trunc('month', l.requested_at AT TIME ZONE (SELECT lodge.policy_value('estate.timezone', 'Asia/Ho_Chi_Minh'))) AS begins, count(*) FILTER (WHERE l.is_open) AS open,
			count(*) FILTER (WHERE l.is_overdue) AS overdue, count(*) FILTER (WHERE l.is_refused) AS refused, count(*) AS requested
			FROM lodge.counted_loans(who) l GROUP BY 1) m
		ORDER BY m.begins DESC
$$;

-- Refused by a rule or for want of the right; a refused request leaves no loan, only this line of the log.
CREATE OR REPLACE FUNCTION lodge.report_loan_refusals(who lodge.actor)
RETURNS TABLE (rule text, refusals bigint) LANGUAGE sql STABLE AS $$
	SELECT e.guard, count(*) FROM lodge.event e WHERE e.book = 'loan' AND e.result IN ('refused', 'forbidden') GROUP BY e.guard
$$;
