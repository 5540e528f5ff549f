-- 0003_loan_life.sql - a loan after its first day: corrected, reminded, waited for, passed on.
-- Not for: the rules (server/rules/loan_life.sql). Trap: a row that succeeds another is written after
-- the other has left its state, so that a file never has two open loans, not even for a moment.

ALTER TABLE lodge.loan
	ADD COLUMN corrects bigint UNIQUE REFERENCES lodge.loan ON DELETE RESTRICT,
	ADD COLUMN corrected_by bigint UNIQUE REFERENCES lodge.loan ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN corrector bigint REFERENCES lodge.staff ON DELETE RESTRICT,
	ADD COLUMN passed_from bigint REFERENCES lodge.loan ON DELETE RESTRICT,
	ADD COLUMN passed_to bigint REFERENCES lodge.loan ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN reminders integer CHECK (reminders > 0),
	ADD COLUMN reminded_at timestamptz,
	ADD COLUMN reserved_at timestamptz,
	ADD COLUMN told_at timestamptz,
	ADD COLUMN turn_reason text,
	ADD COLUMN lifted_by bigint REFERENCES lodge.staff ON DELETE RESTRICT,
	ADD COLUMN lifted_at timestamptz;

ALTER TABLE lodge.loan DROP CONSTRAINT loan_state_check, DROP CONSTRAINT "LOAN-04 approval", DROP CONSTRAINT "LOAN-02 escort",
	DROP CONSTRAINT "LOAN-08 no overlap";
ALTER TABLE lodge.loan
	ADD CONSTRAINT loan_state_check CHECK (state IN ('requested','endorsed','approved','issued','returned','damaged','rejected','withdrawn',
		'passed_on','corrected')),
	ADD CONSTRAINT "LOAN-04 approval" CHECK (state NOT IN ('issued','returned','damaged','passed_on') OR approvers = '' OR approved_by IS NOT NULL),
	ADD CONSTRAINT "LOAN-02 escort" CHECK (state NOT IN ('issued','returned','damaged','passed_on') OR NOT needs_escort OR escort IS NOT NULL),
	ADD CONSTRAINT "LOAN-17 correction" CHECK ((state = 'corrected') = (corrected_by IS NOT NULL) AND (corrects IS NULL) = (corrector IS NULL)),
	ADD CONSTRAINT "passing on" CHECK ((state = 'passed_on') <= (passed_to IS NOT NULL AND returned_at IS NOT NULL)),
	ADD CONSTRAINT "lifted block" CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL OR lifted_by IS DISTINCT FROM requester)),
	ADD CONSTRAINT "LOAN-08 no overlap" EXCLUDE USING gist (file WITH =, tstzrange(issued_at, returned_at) WITH &&)
		WHERE (issued_at IS NOT NULL AND state <> 'corrected');
CREATE INDEX loan_waiting ON lodge.loan (file, reserved_at) WHERE reserved_at IS NOT NULL AND state IN ('requested','endorsed','approved');
CREATE INDEX loan_held ON lodge.loan (requester, due) WHERE state = 'issued';
CREATE INDEX loan_department ON lodge.loan (department);

-- LOAN-17: a row of the register moves one version at a time along its states; what it says changes by
-- `request` before it is handed out, and afterwards not at all; what is over is only marked as corrected.
-- What may move is put back before the rows are compared, so that a column added later is frozen by itself.
CREATE OR REPLACE FUNCTION lodge.loan_row_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	kept lodge.loan := new;
	fine boolean := new.version = old.version + 1;
BEGIN
	IF fine AND old.state IN ('requested','endorsed','approved') AND new.state IN ('requested','endorsed','approved')
		AND new.id = old.id AND new.no = old.no AND current_setting('lodge.replacing', true) = old.id::text THEN
		RETURN new;
	END IF;
	kept.version := old.version; kept.state := old.state;
	IF new.state = 'corrected' THEN
		kept.corrected_by := old.corrected_by;
		fine := fine AND old.state NOT IN ('rejected','withdrawn','corrected');
	ELSIF old.state IN ('requested','endorsed','approved') THEN
		fine := fine AND (new.state = old.state OR old.state || '>' || new.state IN ('requested>endorsed','requested>approved','endorsed>approved',
			'requested>rejected','endorsed>rejected','requested>withdrawn','endorsed>withdrawn','approved>withdrawn','approved>issued'));
		kept.endorsed_by := old.endorsed_by; kept.endorsed_at := old.endorsed_at; kept.approved_by := old.approved_by; kept.approved_at := old.approved_at;
		kept.valid_until := old.valid_until; kept.escort := old.escort; kept.issued_by := old.issued_by; kept.issued_at := old.issued_at;
		kept.due := old.due; kept.reason := old.reason; kept.told_at := old.told_at; kept.turn_reason := old.turn_reason;
		kept.passed_from := old.passed_from;
	ELSIF old.state = 'issued' THEN
		fine := fine AND new.state IN ('issued','returned','damaged','passed_on');
		kept.due := old.due; kept.received_by := old.received_by; kept.returned_at := old.returned_at; kept.condition := old.condition;
		kept.verdict := old.verdict; kept.reviewed_by := old.reviewed_by; kept.reviewed_at := old.reviewed_at; kept.carried_out_at := old.carried_out_at;
		kept.reason := old.reason; kept.note := old.note; kept.reminders := old.reminders; kept.reminded_at := old.reminded_at;
		kept.lifted_by := old.lifted_by; kept.lifted_at := old.lifted_at; kept.passed_to := old.passed_to;
	ELSE
		fine := false;
	END IF;
	IF NOT fine OR kept IS DISTINCT FROM old THEN
		RAISE EXCEPTION 'LOAN-17: a row of the register changes only in its state, stamps and due time' USING ERRCODE = 'P0001';
	END IF;
	RETURN new;
END $$;

-- LOAN-10: the report stays with the row that it was written for; a correction keeps it.
CREATE OR REPLACE FUNCTION lodge.damage_needs_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM lodge.damage_report d WHERE d.loan IN (SELECT lodge.loan_lineage(new.id))) THEN
		RAISE EXCEPTION 'LOAN-10: a damaged return needs a damage report' USING ERRCODE = '23514';
	END IF;
	RETURN NULL;
END $$;
