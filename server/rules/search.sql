-- search.sql - the second answer of find: names that were mistyped.
-- Not for: what is found as it was typed (engine_find.c). Trap: it runs as the owner, on the lane of
-- the reports; role, level and areas are therefore judged here, from the session's token, and what
-- comes out is still read through the reader's own lane before it is shown.

-- Similar names, the most similar first (distance in thousandths), without those that the first answer finds (a_plain). Below
-- 0.6 nearly everything is similar; only when nothing else is, a short name may differ by more.
DROP FUNCTION IF EXISTS lodge.find_typo(bytea, text, text); -- its columns may be others than before
CREATE FUNCTION lodge.find_typo(a_token bytea, a_plain text, a_latin text) RETURNS TABLE (book text, record bigint, title text, distance integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	who lodge.actor := actor_of(a_token);
	lists text;
	threshold text;
BEGIN
	IF who.staff IS NULL THEN
		RETURN;
	END IF;
	SELECT CASE WHEN shift_kind(who.at) = 'night' THEN coalesce(c.lists_night, c.lists) ELSE c.lists END INTO lists
		FROM clearance c WHERE c.role = who.role;
	FOREACH threshold IN ARRAY ARRAY['0.6', '0.4'] LOOP
		PERFORM set_config('pg_trgm.similarity_threshold', threshold, true);
		RETURN QUERY SELECT n.book, n.record, min(n.title), min((1000 * (1 - public.similarity(n.key, a_latin)))::integer) AS far FROM searched() b JOIN search_name n ON n.book = b.book
			WHERE who.role = ANY (b.roles) AND level_rank(b.level) <= level_rank(lists) AND n.area = ANY (who.areas)
			AND n.key >= '=' AND n.key < '>' AND n.key OPERATOR(public.%) a_latin
			AND NOT EXISTS (SELECT 1 FROM search_name f WHERE f.book = n.book AND f.record = n.record AND starts_with(f.key, a_plain))
			GROUP BY n.book, n.record ORDER BY far, n.book, n.record LIMIT 60;
		EXIT WHEN FOUND;
	END LOOP;
END $$;
