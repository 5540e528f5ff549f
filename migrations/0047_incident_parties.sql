-- 0047_incident_parties.sql - only a record that three parties sign counts signatures (VUL-06).
-- Trap: a check that compares with nothing holds; therefore a record never has none to compare.

ALTER TABLE lodge.incident ALTER signatures DROP NOT NULL, ALTER signatures DROP DEFAULT;
UPDATE lodge.incident SET signatures = NULL WHERE form_kind <> 'emergency_record';
ALTER TABLE lodge.incident ADD CONSTRAINT "VUL-06 a record counts" CHECK ((form_kind = 'emergency_record') = (signatures IS NOT NULL));
