# write.sh - W1: loan.hand_out beside the same compiled function with an ordinary sequence and no lock,
# called by pgbench. Sourced by bench.sh. Every run hands out loans of files made for it.
WRITER=custodian

# The same operation with an ordinary sequence and no lock, made from the compiled text itself.
direct_hand_out() {
	sql >/dev/null <<-'END'
		SET client_min_messages = warning;
		DROP SCHEMA IF EXISTS bench CASCADE;
		CREATE SCHEMA bench;
		CREATE SEQUENCE bench.seq;
		CREATE SEQUENCE bench.card;
		DO $$
		DECLARE
			written text := pg_get_functiondef('lodge.write_event'::regproc);
			done text := pg_get_functiondef('lodge.done'::regproc);
			derived text := pg_get_functiondef('lodge.derive_loan_handed_out'::regproc);
			handed text := pg_get_functiondef('op.loan_hand_out'::regproc);
		BEGIN
			derived := replace(replace(derived, 'FUNCTION lodge.derive', 'FUNCTION bench.derive'),
				'(SELECT coalesce(max(l.card), 0) + 1 FROM loan l)', 'nextval(''bench.card'')');
			written := replace(replace(written, 'FUNCTION lodge.write_event', 'FUNCTION bench.write_event'),
				'coalesce((SELECT max(seq) FROM event), 0) + 1', 'nextval(''bench.seq'')');
			done := replace(replace(done, 'FUNCTION lodge.done', 'FUNCTION bench.done'), 'write_event(', 'bench.write_event(');
			done := replace(done, 'FUNCTION bench.bench.', 'FUNCTION bench.');
			handed := replace(replace(handed, 'FUNCTION op.loan_hand_out', 'FUNCTION bench.loan_hand_out'),
				'PERFORM pg_advisory_xact_lock(7120301);', '');
			handed := replace(replace(handed, 'RETURN done(', 'RETURN bench.done('), 'derive_loan_handed_out(', 'bench.derive_loan_handed_out(');
			EXECUTE derived; EXECUTE written; EXECUTE done; EXECUTE handed;
			IF position('nextval' IN written) = 0 OR position('nextval' IN derived) = 0 OR position('advisory' IN handed) > 0 OR position('bench.done' IN handed) = 0 THEN
				RAISE EXCEPTION 'the skeleton has changed; see direct_hand_out in write.sh';
			END IF;
		END $$;
		INSERT INTO lodge.session (staff, role, terminal, interactive) SELECT id, 'ACU', 'bench', false FROM lodge.staff WHERE login = 'custodian';
		INSERT INTO lodge.session_token SELECT sha256('bench'), max(id) FROM lodge.session ON CONFLICT (token_hash) DO UPDATE SET session = excluded.session;
		GRANT USAGE ON SCHEMA bench TO lodge_writer;
		GRANT EXECUTE ON FUNCTION bench.loan_hand_out TO lodge_writer;
		ALTER ROLE lodge_writer CONNECTION LIMIT -1;
	END
	file=$(sql -c "SELECT f.code FROM lodge.file f WHERE f.class = 'household' AND f.status = 'active' AND NOT EXISTS (SELECT FROM lodge.loan l
		WHERE l.file = f.id AND l.state IN ('requested', 'endorsed', 'approved', 'issued')) ORDER BY f.id LIMIT 1")
	echo "loan.request {\"op_id\":\"\$op_id\",\"file\":\"$file\",\"act\":\"consult\",\"purpose\":\"measuring\",\"requester\":\"$WRITER\"}" >"$WORK/model"
	load "$SOCKET" $WRITER 1 0 "$WORK/model" >/dev/null
	MODEL=$(sed -n 's/.*"result":{.*"id":\([0-9]*\),.*/\1/p' "$WORK/model.out")
}

# approved N: makes N files with an approved loan each, like MODEL, for all who work in its department; the
# first loan's id. Their ids follow each other. What earlier runs handed out has come back by then: a person
# who holds thousands of files is no measure.
approved() {
	sql <<-END
		ALTER TABLE lodge.loan DISABLE TRIGGER loan_logged;
		UPDATE lodge.loan SET version = version + 1, state = 'returned', condition = 'ok', returned_at = clock_timestamp(), received_by = issued_by
			WHERE state = 'issued' AND no > 1000000;
		ALTER TABLE lodge.loan ENABLE ALWAYS TRIGGER loan_logged;
		CREATE TEMP TABLE borrower AS SELECT row_number() OVER () - 1 AS n, count(*) OVER () AS all, s.id
			FROM lodge.staff s JOIN lodge.loan l ON l.department = s.department WHERE l.id = $MODEL AND s.status <> 'left';
		CREATE TEMP TABLE made AS SELECT nextval(pg_get_serial_sequence('lodge.loan', 'id')) AS id,
			nextval(pg_get_serial_sequence('lodge.file', 'id')) AS file FROM generate_series(1, $1);
		INSERT INTO lodge.file SELECT (jsonb_populate_record(f, jsonb_build_object('id', m.file, 'code', 'bench/' || m.file))).*
			FROM made m, lodge.file f JOIN lodge.loan l ON l.file = f.id WHERE l.id = $MODEL;
		INSERT INTO lodge.loan SELECT (jsonb_populate_record(l, jsonb_build_object('id', m.id, 'no', 1000000 + m.id, 'file', m.file,
			'requester', b.id, 'requested_by', b.id))).* FROM lodge.loan l, made m JOIN borrower b ON b.n = m.id % b.all WHERE l.id = $MODEL;
		VACUUM ANALYZE lodge.loan, lodge.file;
		SELECT min(id) FROM made;
	END
}

handed_out() { sql -c "SELECT count(*) FROM lodge.loan WHERE state = 'issued' AND id >= $1 AND id < $1 + $2"; }

# write_run CLIENTS N
write_run() {
	version=$(sql -c "SELECT version FROM lodge.loan WHERE id = $MODEL")
	first=$(approved "$2")
	seq "$first" $((first + $2 - 1)) | sed "s/.*/loan.hand_out {\"op_id\":\"\$op_id\",\"id\":&,\"version\":$version}/" >"$WORK/write"
	got=$(load "$SOCKET" $WRITER "$1" 0 "$WORK/write")
	note "handout.$1" "$got"
	first=$(approved "$2")
	each=$(($2 / $1))
	sql -c "SELECT setval('bench.seq', (SELECT max(seq) + 1 FROM lodge.event)), setval('bench.card', (SELECT max(card) + 1 FROM lodge.loan))" >/dev/null
	# A client's variables last from one transaction to the next.
	cat >"$WORK/write.sql" <<-END
		\\set i :i + 1
		\\set id $first + :client_id * $each + :i
		SELECT * FROM bench.loan_hand_out('bench', gen_random_uuid(), 'd', '{}', :id, $version, NULL, NULL);
	END
	got=$(KEEP=1000 direct lodge_writer "$1" "$WORK/write.sql" -t "$each" -D i=-1)
	note "written.$1" "$got"
	[ "$(handed_out "$first" $((each * $1)))" = $((each * $1)) ] || { say "the direct hand-outs of $1 clients failed"; exit 1; }
}

bench_handout() {
	direct_hand_out
	for run in $(seq "$RUNS"); do
		for clients in $COUNTS; do
			n=3000
			[ "$clients" -gt 1 ] || n=1000
			write_run "$clients" "$n"
		done
	done
	for clients in $COUNTS; do
		row "W1/s, $clients clients, direct" "$(figure handout."$clients" 1)" "$(figure written."$clients" 1)" -
	done
	case " $COUNTS " in *' 32 '*) row 'W1/s, 32 clients, direct at its best' "$(figure handout.32 1)" "$(best written)" '>=1.1' ;; esac
	row 'W1 faults' "$(faults handout)" - '<0'
}
