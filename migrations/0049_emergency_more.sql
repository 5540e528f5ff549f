-- 0049_emergency_more.sql - plans as the rules have them, organisers of events, reviews in time, who needs help on paper.
-- EMG-06..09, EMG-12, VUL-07. Not for: emergencies themselves (0035). Trap: a plan's lines are never removed; they take new places.

UPDATE lodge.emergency_plan SET place = place + 100 WHERE kind IN ('water', 'power', 'explosion');
INSERT INTO lodge.emergency_plan (kind, place, step)
	SELECT p.kind, s.place, s.step FROM (VALUES
		('water', 'stay_calm call_engineering call_managers call_security isolate_valves call_cleaning stay_rooms ask_help note_progress keep_contact evacuate keep_managers write_books write_incident'),
		('power', 'stay_calm call_control call_engineering call_managers apologise switch_room ask_torches call_security guard_exits free_trapped apologise_trapped tell_events keep_contact keep_managers write_books write_switch_books write_incident'),
		('explosion', 'stay_calm do_not_move call_security cordon call_managers call_police call_engineering ask_help evacuate note_progress keep_contact brief_police keep_managers write_incident')) p (kind, words)
		CROSS JOIN LATERAL regexp_split_to_table(p.words, ' ') WITH ORDINALITY s (step, place)
	ON CONFLICT (kind, step) DO UPDATE SET place = excluded.place;

ALTER TABLE lodge.emergency_step DROP CONSTRAINT emergency_step_state_check;
UPDATE lodge.emergency_step SET state = 'waiting' WHERE state = 'todo';
ALTER TABLE lodge.emergency_step ADD CONSTRAINT emergency_step_state_check CHECK (state IN ('waiting', 'done'));

ALTER TABLE lodge.emergency_call ADD COLUMN party text CHECK (party IN ('management', 'security', 'engineering', 'control', 'cleaning', 'police', 'fire', 'ambulance',
	'utility', 'organiser', 'resident', 'other')), ADD COLUMN event text;
ALTER TABLE lodge.emergency_call ADD CONSTRAINT "EMG-09 event" CHECK ((party IS NOT DISTINCT FROM 'organiser') = (event IS NOT NULL));

ALTER TABLE lodge.break_glass ADD COLUMN review_due timestamptz;
UPDATE lodge.break_glass SET review_due = read_at + interval '24 hours';
ALTER TABLE lodge.break_glass ALTER COLUMN review_due SET NOT NULL;
CREATE INDEX break_glass_due ON lodge.break_glass (review_due, id);

-- The list of who needs help, without names, leaves the house as the full compilation does: approved by the estate manager.
ALTER TABLE lodge.copy DROP CONSTRAINT copy_tier_check, DROP CONSTRAINT "CNF-02 approval";
ALTER TABLE lodge.copy ADD CONSTRAINT copy_tier_check CHECK (tier IN ('estate', 'cs', 'full', 'vip', 'help')),
	ADD CONSTRAINT "CNF-02 approval" CHECK (tier NOT IN ('full', 'vip', 'help') OR state IN ('requested', 'rejected', 'withdrawn') OR approved_by IS NOT NULL);
