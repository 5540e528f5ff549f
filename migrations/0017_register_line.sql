-- 0017_register_line.sql - no loan row changes without its line in the log (LOAN-17); what residents' and files'
-- records still lacked (RES-08, ARC-02). Trap: the line is written after the row, hence at COMMIT, when the
-- definer of the operation is no longer in charge; an operation writes its line outside of any sub-transaction.

CREATE FUNCTION lodge.loan_needs_its_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	IF (SELECT e.xmin = pg_current_xact_id()::xid FROM event e WHERE e.book = 'loan' AND e.record = new.id AND e.result = 'ok' ORDER BY e.seq DESC LIMIT 1)
		IS NOT TRUE THEN
		RAISE EXCEPTION 'LOAN-17: no row of the register changes without its line in the log' USING ERRCODE = 'P0001';
	END IF;
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER loan_logged AFTER UPDATE ON lodge.loan DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION lodge.loan_needs_its_line();
ALTER TABLE lodge.loan ENABLE ALWAYS TRIGGER loan_logged;

ALTER TABLE lodge.person ADD COLUMN photo text, ADD COLUMN id_copy text;
ALTER TABLE lodge.file ADD COLUMN binding text NOT NULL DEFAULT 'standard';
