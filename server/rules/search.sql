-- search.sql - the second answer of find: names that were mistyped.
-- Not for: what is found as it was typed (engine_find.c). Trap: it runs as the owner, on the lane of
-- the reports; role, level and areas are therefore judged here, from the session's token, and what
-- comes out is still read through the reader's own lane before it is shown.

-- The rank of a hit: why (find.h), and whether all of it was typed. Simplified characters stand for both
-- scripts (7, 8); what the name has as typed (8) ranks with the marks. A whole name in the other Chinese
-- script is the same name: it comes before longer ones in the script that was typed.
CREATE OR REPLACE FUNCTION lodge.found_rank(a_why integer, a_title text, a_low text, a_whole boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a_why < 7 THEN 3 * a_why + CASE WHEN a_whole THEN 0 ELSE 2 END
		WHEN a_why = 8 AND strpos(regexp_replace(normalize(a_title, NFKC), '[^[:alnum:]]', '', 'g'), a_low) > 0 THEN CASE WHEN a_whole THEN 6 ELSE 8 END
		WHEN a_whole THEN 7 ELSE 11 END
$$;

-- Is this key really meant? The tail of a long number ("<", then the digits backwards) is compared by its
-- last digits first. +86 139… and 139…, +84 917… and 0917… are one number: the shorter one without its zero.
CREATE OR REPLACE FUNCTION lodge.phone_fits(a_key text, a_digits text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT NOT starts_with(a_key, '<') OR CASE WHEN length(a_key) > length(a_digits) THEN starts_with(substr(a_key, 2), reverse(a_digits))
		ELSE starts_with(reverse(a_digits), left(substr(a_key, 2), greatest(length(rtrim(substr(a_key, 2), '0')), least(9, length(a_key) - 1)))) END
$$;

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
