-- care.sql - the care of the files: what is missing, waived, signed, handed over. ARC-05, 08, 14..16, 22, 26.
-- Not for: documents and custody as such (archive.sql), inspections (inspection.sql).
-- Trap: a bag is begun by its file (file.bag) or by its first document; from then on all its mandatory papers count.

-- Mandatory papers of begun bags that do not lie in these files. A household's own active volumes only.
CREATE OR REPLACE FUNCTION lodge.files_gaps(a_files bigint[]) RETURNS TABLE (file bigint, bag text, item text) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT f.id, k.bag, k.item FROM lodge.file f JOIN lodge.unit u ON u.id = f.unit JOIN lodge.checklist k ON k."use" = u."use" AND k.mandatory
		WHERE f.id = ANY (a_files) AND f.class = 'household' AND f.status = 'active'
		AND (k.bag = f.bag OR EXISTS (SELECT 1 FROM lodge.document d WHERE d.file = f.id AND d.state = 'filed' AND d.type = k.bag))
		AND NOT EXISTS (SELECT 1 FROM lodge.document d WHERE d.file = f.id AND d.state = 'filed' AND d.type = k.bag AND (d.original OR NOT k.original)
			AND (d.item IN (k.item, k.instead) OR (d.item IS NULL AND lower(d.title) = lower(k.title))));
END $$;

-- Reading roles ask this for single records: a definer, because it reads tables whole.
CREATE OR REPLACE FUNCTION lodge.file_missing(a_file bigint) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	RETURN (SELECT coalesce(array_agg(DISTINCT g.item ORDER BY g.item), '{}') FROM lodge.files_gaps(ARRAY[a_file]) g);
END $$;

-- Brings care, gaps and since of these files (NULL = all) into step with their documents and the checklists.
CREATE OR REPLACE FUNCTION lodge.files_weigh(a_files bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	these bigint[] := coalesce(a_files, ARRAY(SELECT x.id FROM lodge.file x));
BEGIN
	UPDATE lodge.file f SET gaps = w.gaps, care = CASE WHEN w.gaps > 0 THEN 'gaps' ELSE 'complete' END,
		since = CASE WHEN (w.gaps > 0) = (f.gaps > 0) THEN f.since -- when the last paper came, or the first one went or was missed
			WHEN w.gaps = 0 THEN (SELECT coalesce(max(d.received_at), f.since) FROM lodge.document d WHERE d.file = f.id)
			ELSE (SELECT coalesce(max(d.removed_at), min(d.received_at), f.since) FROM lodge.document d WHERE d.file = f.id) END
		FROM (SELECT x.id, count(g.item)::integer AS gaps FROM lodge.file x LEFT JOIN lodge.files_gaps(these) g ON g.file = x.id
			WHERE x.id = ANY (these) GROUP BY x.id) w
		WHERE w.id = f.id AND w.gaps <> f.gaps;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_file_completed(new lodge.file, who lodge.actor) RETURNS lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.completed_at := who.at;
	RETURN new;
END $$;

-- ARC-14: what misses is waived, and the day until which it is chased has not passed.
CREATE OR REPLACE FUNCTION lodge.guard_file_papers_complete(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.files_gaps(ARRAY[(new).id]) g WHERE NOT EXISTS (SELECT 1 FROM lodge.document d
		WHERE d.file = g.file AND d.state = 'waived' AND d.type = g.bag AND d.item = g.item AND d.chase_due >= (who).at));
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_file_waits_for_signature(new lodge.file, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).id AND f.status = 'proposed');
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_file_signed(new lodge.file, who lodge.actor) RETURNS lodge.file LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF new.status = 'proposed' THEN
		new.status := 'active';
		new.signed_by := who.staff;
		new.signed_at := who.at;
	END IF;
	RETURN new;
END $$;

-- What the checklist of the file's unit says of a paper in a bag.
CREATE OR REPLACE FUNCTION lodge.checklist_of(a_file bigint, a_bag text, a_item text) RETURNS lodge.checklist LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT k FROM lodge.file f JOIN lodge.unit u ON u.id = f.unit JOIN lodge.checklist k ON k."use" = u."use"
		WHERE f.id = a_file AND k.bag = a_bag AND k.item = a_item);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_named(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).title IS NOT NULL;
END $$;

-- ARC-08: a paper under a heading where no checklist looks for it would be missed for ever.
CREATE OR REPLACE FUNCTION lodge.guard_document_item_of_bag(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).item IS NULL OR (lodge.checklist_of((new).file, (new).type, (new).item)).item IS NOT NULL
	OR NOT EXISTS (SELECT 1 FROM lodge.file f JOIN lodge.unit u ON u.id = f.unit JOIN lodge.checklist k ON k."use" = u."use" WHERE f.id = (new).file);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_loan_of_file(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).loan IS NULL OR EXISTS (SELECT 1 FROM lodge.loan l WHERE l.id = (new).loan AND l.file = (new).file);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_file_signed(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).file AND f.status = 'proposed');
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_loan_file_signed(new lodge.loan, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN NOT EXISTS (SELECT 1 FROM lodge.file f WHERE f.id = (new).file AND f.status = 'proposed');
END $$;

-- A waiver ends when the paper has come or another waiver has taken its place.
CREATE OR REPLACE FUNCTION lodge.document_settle(new lodge.document, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	settled bigint;
BEGIN
	FOR settled IN UPDATE document d SET state = 'settled', version = d.version + 1
		WHERE d.file = new.file AND d.type = new.type AND d.item = new.item AND d.state = 'waived' AND d.id <> new.id RETURNING d.id LOOP
		PERFORM deadline_close('document', settled, 'document_chase', who.at);
		PERFORM write_event(who, 'document', settled, new.area, 'settle', 'ok', NULL, NULL, NULL, NULL, NULL, jsonb_build_object('document', new.id));
	END LOOP;
END $$;

-- A copy where the original is asked for does not end the chase.
CREATE OR REPLACE FUNCTION lodge.effect_document_placed(new lodge.document, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF new.item IS NOT NULL AND NOT EXISTS (SELECT 1 FROM files_gaps(ARRAY[new.file]) g WHERE g.bag = new.type AND g.item = new.item) THEN
		PERFORM document_settle(new, who);
	END IF;
END $$;

-- The bag is the one in which the paper misses; the title is the checklist's.
CREATE OR REPLACE FUNCTION lodge.derive_document_waived(new lodge.document, who lodge.actor) RETURNS lodge.document LANGUAGE plpgsql STABLE AS $$
DECLARE
	k checklist;
BEGIN
	SELECT f.area INTO new.area FROM file f WHERE f.id = new.file;
	IF new.type IS NULL THEN
		SELECT g.bag INTO new.type FROM files_gaps(ARRAY[new.file]) g WHERE g.item = new.item ORDER BY g.bag LIMIT 1;
	END IF;
	k := checklist_of(new.file, new.type, new.item);
	new.title := k.title;
	new.original := coalesce(k.original, false);
	new.copies := 0;
	new.waived_at := who.at;
	new.waived_by := who.staff;
	new.chase_due := estate_moment(new.chase_until + policy_value('working.ends', '17:30')::time);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_document_waived(new lodge.document, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM document_settle(new, who);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_is_missing(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.files_gaps(ARRAY[(new).file]) g WHERE g.bag = (new).type AND g.item = (new).item);
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_document_chase_ahead(new lodge.document, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).chase_due > (who).at AND (new).chase_due <= (who).at + interval '1 year';
END $$;

-- ARC-16: so long papers may lie with who collected them.
CREATE OR REPLACE FUNCTION lodge.derive_papers_collected(new lodge.paper_handover, who lodge.actor) RETURNS lodge.paper_handover LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.collected_by := who.staff;
	new.collected_at := who.at;
	new.due := estate_moment(estate_time(who.at)::date + policy_value('archive.papers_days', '7')::integer + policy_value('working.ends', '17:30')::time);
	RETURN new;
END $$;

-- Handed over at once when nobody has noted the collection.
CREATE OR REPLACE FUNCTION lodge.guard_papers_own(new lodge.paper_handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).collected_by = (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_papers_handed(new lodge.paper_handover, who lodge.actor) RETURNS lodge.paper_handover LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.handed_by := who.staff;
	new.handed_at := who.at;
	new.collected_by := coalesce(new.collected_by, who.staff);
	new.collected_at := coalesce(new.collected_at, who.at);
	new.due := coalesce(new.due, who.at);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_papers_taken(new lodge.paper_handover, who lodge.actor) RETURNS lodge.paper_handover LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.taken_by := who.staff;
	new.taken_at := who.at;
	new.taken_pieces := coalesce(new.taken_pieces, new.pieces);
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_papers_two_persons(new lodge.paper_handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).handed_by <> (who).staff;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_papers_difference_told(new lodge.paper_handover, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (new).taken_pieces = (new).pieces OR (new).remark IS NOT NULL;
END $$;
