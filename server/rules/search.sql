-- search.sql - the second answer of find: names that were mistyped.
-- Not for: what is found as it was typed (engine_find.c). Trap: it runs as the owner, on the lane of
-- the reports; role, level and areas are therefore judged here, from the session's token, and what
-- comes out is still read through the reader's own lane before it is shown.

-- Whole names that share letters with the text, the most similar first, without those that the first
-- answer finds (a_plain); how near they really are is counted by the server (find_typo.c). At 0.35 a slip
-- in the middle of a short name is still found, and the index of whole names is still quick.
DROP FUNCTION IF EXISTS lodge.find_typo(bytea, text, text); -- its columns may be others than before
CREATE FUNCTION lodge.find_typo(a_token bytea, a_plain text, a_latin text) RETURNS TABLE (book text, record bigint, title text, key text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	who lodge.actor := actor_of(a_token);
	lists text;
BEGIN
	IF who.staff IS NULL THEN
		RETURN;
	END IF;
	SELECT CASE WHEN shift_kind(who.at) = 'night' THEN coalesce(c.lists_night, c.lists) ELSE c.lists END INTO lists
		FROM clearance c WHERE c.role = who.role;
	PERFORM set_config('pg_trgm.similarity_threshold', '0.35', true);
	RETURN QUERY SELECT n.book, n.record, n.title, n.key FROM searched() b JOIN search_name n ON n.book = b.book
		WHERE who.role = ANY (b.roles) AND level_rank(b.level) <= level_rank(lists) AND n.area = ANY (who.areas)
		AND n.key >= '=' AND n.key < '>' AND n.key OPERATOR(public.%) a_latin
		AND NOT EXISTS (SELECT 1 FROM search_name f WHERE f.book = n.book AND f.record = n.record AND starts_with(f.key, a_plain))
		ORDER BY public.similarity(n.key, a_latin) DESC, n.book DESC, n.record LIMIT 200;
END $$;
