-- 0020_search_suspicion.sql - a search has its suspicion when it is committed, not line by line (STF-08): the sealed row is
-- made empty and filled in the same operation, so a plain NOT NULL refused every search.
ALTER TABLE lodge.search_record_sealed ALTER suspicion DROP NOT NULL;
-- It is judged when the writer commits, who may read nothing: hence a definer.
CREATE FUNCTION lodge.search_is_suspected() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM lodge.search_record_sealed z WHERE z.id = new.id AND z.suspicion IS NOT NULL) THEN
		RAISE EXCEPTION 'STF-08: a search needs a concrete suspicion' USING ERRCODE = '23514';
	END IF;
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER search_suspected AFTER INSERT ON lodge.search_record DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION lodge.search_is_suspected();
ALTER TABLE lodge.search_record ENABLE ALWAYS TRIGGER search_suspected;
CREATE CONSTRAINT TRIGGER search_suspected AFTER INSERT OR UPDATE ON lodge.search_record_sealed DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION lodge.search_is_suspected();
ALTER TABLE lodge.search_record_sealed ENABLE ALWAYS TRIGGER search_suspected;
