-- beside.sql - rows that an operation changes beside the one it is about.
-- Each has a line of its own in the log, and a receipt that nobody asked for: it carries version and
-- parties to the feed, so that whoever looks at that row is told. Not for: rules of a book.
-- Trap: the receipt's op_id is made here; it can never be replayed.

CREATE OR REPLACE FUNCTION lodge.beside(who lodge.actor, a_book text, a_record bigint, a_version integer, a_state text, a_area integer, a_op text,
	a_parties bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	n bigint := lodge.write_event(who, a_book, a_record, a_area, a_op, 'ok', NULL, NULL, NULL, NULL, NULL, NULL);
BEGIN
	INSERT INTO lodge.op_receipt (op_id, staff, op, digest, record, version, state, seq, at, parties)
		VALUES (gen_random_uuid(), (who).staff, a_book || '.' || a_op, '', a_record, a_version, a_state, n, (who).at, a_parties);
END $$;
