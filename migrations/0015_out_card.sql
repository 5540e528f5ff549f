-- 0015_out_card.sql - the number of the card that stands in a file's place while it is out.
-- Not for: the rules (server/rules/loan.sql). Trap: a correction is another row with the same card.

ALTER TABLE lodge.loan ADD COLUMN card integer CHECK (card > 0),
	ADD CONSTRAINT "LOAN-10 card" CHECK (card IS NULL OR issued_at IS NOT NULL);
CREATE INDEX loan_card ON lodge.loan (card) WHERE card IS NOT NULL;
CREATE UNIQUE INDEX "LOAN-10 one card a file" ON lodge.loan (card) WHERE state = 'issued' AND card IS NOT NULL;

-- As before; the card is written with the hand-out and never again.
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
		kept.passed_from := old.passed_from; kept.card := old.card;
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
