-- report_copy.sql - figures kept as they were counted, and shown again (RES-06).
-- Not for: counting (server/reports). Trap: the figures come from the server, which counted them for this session
-- before the pen was asked, as a setting of the transaction; nothing means that the role does not see the report.

CREATE OR REPLACE FUNCTION lodge.counted_figures() RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT nullif(current_setting('lodge.figures', true), '')::jsonb
$$;

CREATE OR REPLACE FUNCTION lodge.guard_report_counted(new lodge.report_copy, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(lodge.counted_figures() ->> 'report' = (new).report, false);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_report_kept(new lodge.report_copy, who lodge.actor) RETURNS lodge.report_copy LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.sort := coalesce(counted_figures() ->> 'sort', new.sort);
	new.role := who.role;
	new.kept_at := who.at;
	new.kept_by := who.staff;
	new.digest := coalesce(encode(sha256(convert_to(counted_figures()::text, 'UTF8')), 'hex'), '');
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.effect_report_kept(new lodge.report_copy, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO report_figures (id, figures) VALUES (new.id, counted_figures());
END $$;

-- To the keeper in the role in which he kept them, and to the estate manager; a row, or none.
CREATE OR REPLACE FUNCTION op.report_kept(a_token bytea, a_id bigint) RETURNS TABLE (figures text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
DECLARE
	who lodge.actor := actor_of(a_token);
BEGIN
	RETURN QUERY SELECT f.figures::text FROM report_figures f JOIN report_copy c ON c.id = f.id
		WHERE c.id = a_id AND (who.role = 'EM' OR (c.kept_by = who.staff AND c.role = who.role));
END $$;
