-- 0002_search.sql - the search: found by the last digits of a number, and in spite of a typing mistake.
-- Names get the new form of their keys from `lodged migrate` itself, which knows ICU. Forward only.

-- pg_trgm serves the second answer of find alone (lodge.find_typo).
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

-- One range of one book in one area, in the order of the answer.
DROP INDEX lodge.search_name_key;
CREATE INDEX search_name_find ON lodge.search_name (area, book, key, record);
DROP INDEX lodge.search_contact_key;
CREATE INDEX search_contact_find ON lodge.search_contact (area, book, key, record);

-- Whole names in letters ("=zhangxiaoming"), one or two a record. Without a list of pending entries,
-- which every search would have to read through.
CREATE INDEX search_name_typo ON lodge.search_name USING gin (key public.gin_trgm_ops) WITH (fastupdate = off)
	WHERE key >= '=' AND key < '>';

-- Numbers are kept backwards too: an index finds beginnings.
INSERT INTO lodge.search_contact (area, key, book, record, title)
	SELECT area, '<' || reverse(key), book, record, title FROM lodge.search_contact;

-- The form of the keys that stand in search_name (server/search_key.h).
CREATE TABLE lodge.search_form (form integer NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
