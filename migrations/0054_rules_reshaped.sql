-- 0054_rules_reshaped.sql - functions of the rules whose result has other columns than before (LOG-04, NGT-08).
-- Not for: what they do; server/rules and server/reports make them anew at once. Trap: CREATE OR REPLACE cannot change a result's shape.

DROP FUNCTION IF EXISTS lodge.log_prompts();
DROP FUNCTION IF EXISTS lodge.report_night_posts(lodge.actor);
