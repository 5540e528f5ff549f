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

-- A text read as the code of a unit or a file: "7 1203", "7栋1203室", "7.12.03", "71203"; a code begins with
-- one of these. Bare digits are a guess, which may mean several codes and must be exactly one of them.
CREATE OR REPLACE FUNCTION lodge.find_codes(a_text text) RETURNS TABLE (low text, high text, is_guess boolean)
LANGUAGE plpgsql IMMUTABLE ROWS 4 AS $$
DECLARE
	t text := translate(a_text, '‐‑‒–—―−﹣ー', '---------');
	-- Words that stand beside the numbers of an address; they say nothing that the order does not.
	between CONSTANT text := '(?:[- /.,#_:()]|栋|幢|座|号|楼|单元|室|房|层|户|棟|號|樓|單元|層|戶|unit|flat|apt|room|block|building|tower'
		'|căn|hộ|can|ho|tòa|toà|toa|nhà|nha|phòng|phong|tầng|tang|lầu|lau|no|file|hồ|sơ|档案|檔案)+';
	g text[] := regexp_split_to_array(btrim(regexp_replace(t, between, ' ', 'g')), ' ');
	a text := coalesce(nullif(ltrim(g[1], '0'), ''), '0');
	number text := lpad(g[2], greatest(4, length(g[2])), '0'); -- a number has four digits, its parts two
	parts text := lpad(g[2], greatest(2, length(g[2])), '0') || lpad(g[3], greatest(2, length(g[3])), '0');
BEGIN
	IF t ~ '^[0-9]{5,9}$' THEN -- a stroke anywhere, and a slash anywhere behind it
		RETURN QUERY SELECT c, c || chr(1), true FROM generate_series(1, length(t) - 1) i, generate_series(i + 1, length(t)) k,
			LATERAL (SELECT left(t, i) || '-' || substr(t, i + 1, k - i) || CASE WHEN k < length(t) THEN '/' || substr(t, k + 1) ELSE '' END) AS f(c);
		RETURN;
	END IF;
	RETURN QUERY SELECT c, c || chr(1114111), false FROM (VALUES (t), (upper(t))) AS f(c);
	IF EXISTS (SELECT 1 FROM unnest(g) d WHERE d !~ '^[0-9]{1,6}$') THEN
		RETURN;
	END IF;
	FOR i IN 2 .. 4 LOOP -- building, number, file; or building, floor, room, file
		RETURN QUERY SELECT c, c || chr(1114111), false FROM (VALUES (2, a || '-' || number),
			(3, a || '-' || number || '/' || coalesce(nullif(ltrim(g[3], '0'), ''), '0')), (3, a || '-' || parts),
			(4, a || '-' || parts || '/' || coalesce(nullif(ltrim(g[4], '0'), ''), '0'))) AS f(n, c) WHERE f.n = i AND i = cardinality(g);
	END LOOP;
END $$;

-- A text that can be (the end of) a telephone number, four digits at least, in any writing: keys begin
-- with one of these. A number in parts is a whole one, or 7-1203 would be one; few digits are too many
-- people's beginning; of a number with a country code only the last nine digits are compared here.
CREATE OR REPLACE FUNCTION lodge.find_phones(a_text text) RETURNS TABLE (low text, digits text) LANGUAGE sql IMMUTABLE ROWS 2 AS $$
	SELECT f.low, d.digits FROM (SELECT regexp_replace(a_text, '[^0-9]', '', 'g') AS digits) d,
		LATERAL (VALUES ('<' || reverse(right(d.digits, 9)), 4), (d.digits, 6)) AS f(low, least)
	WHERE a_text !~ '[^0-9 +./()-]' AND length(d.digits) >= greatest(f.least, CASE WHEN d.digits = a_text THEN 4 ELSE 7 END)
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
