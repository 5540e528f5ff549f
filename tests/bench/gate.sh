# gate.sh - how long a guard waits for the big word: from Enter to the word on his screen, with the demo estate's 25,000 past
# visits, with 2.5 million, and without a server, from the lists kept since sign-in. Sourced by bench.sh. The peer is
# pgbench -M prepared, one client, with the SELECTs that the server sends for the decision, on the same database: what
# keyboard, wire, judging and drawing add is in ours only. Trap: what several rows fit is a list, not a word, so
# each text here names one thing.
GUARD=guard DECISIONS=${DECISIONS:-200} TIMES_VISITS=100
SMALL_GATE=$WORK/gate.sock BIG_GATE=$WORK/gate_big.sock
DECIDED='number plate pass name unknown'

# As many visits as before TIMES_VISITS times, none of them still here: the same persons with other last digits, on other days.
more_visits() {
	psql -X -q -At -v ON_ERROR_STOP=1 -U postgres -d "$1" <<-END >/dev/null
		SET session_replication_role = replica;
		SELECT format('INSERT INTO lodge.visitor (%s) SELECT %s FROM lodge.visitor t, generate_series(1, %s) k WHERE t.state = ''left''', string_agg(quote_ident(attname), ', '),
			string_agg(CASE WHEN attname IN ('id', 'no') THEN format('t.%I + k * 1000000', attname)
				WHEN attname = 'doc_tail' THEN 'CASE WHEN t.doc_tail IS NOT NULL THEN lpad(((t.id * 7919 + k * 104729) % 10000)::text, 4, ''0'') END'
				WHEN attname IN ('arrived_at', 'answered_at', 'in_at', 'out_at') THEN format('t.%I - k * interval ''90 days''', attname)
				ELSE 't.' || quote_ident(attname) END, ', '), $((TIMES_VISITS - 1)))
			FROM pg_attribute WHERE attrelid = 'lodge.visitor'::regclass AND attnum > 0 AND NOT attisdropped \gexec
		VACUUM ANALYZE lodge.visitor;
	END
}

# Visitors' cards of the demo estate bear the numbers of passes and slips too; those of the copies do not.
own_badges() {
	psql -X -q -U postgres -d "$1" -c 'SET session_replication_role = replica' -c 'UPDATE lodge.visitor SET badge = badge + 70000'
}

# What guards type, one kind a file, and what the client asks the server for it: NAME and NAME.asked.
gate_texts() {
	psql -X -q -v ON_ERROR_STOP=1 -U postgres -d lodge_gate <<-'END'
		CREATE VIEW public.typed AS
			SELECT 'number' AS kind, badge::text AS text, 'visitor' AS book, id, area FROM lodge.visitor WHERE state <> 'left' AND badge IS NOT NULL
			UNION ALL SELECT 'name', name, 'visitor', id, area FROM lodge.visitor WHERE state IN ('waiting', 'asked', 'agreed', 'inside')
			UNION ALL SELECT 'pass', no::text, 'entry_pass', id, area FROM lodge.entry_pass WHERE state <> 'returned'
			UNION ALL SELECT 'name', person_name, 'entry_pass', id, area FROM lodge.entry_pass WHERE state <> 'returned'
			UNION ALL SELECT 'slip', no::text, 'release_slip', id, area FROM lodge.release_slip WHERE state = 'issued'
			UNION ALL SELECT 'name', person, 'release_slip', id, area FROM lodge.release_slip WHERE state = 'issued'
			UNION ALL SELECT 'card', no, 'card', id, area FROM lodge.card
			UNION ALL SELECT 'holder', holder, 'card', id, area FROM lodge.card WHERE holder IS NOT NULL
			UNION ALL SELECT 'plate', plate, 'parking', id, area FROM lodge.parking WHERE state = 'permitted'
			UNION ALL SELECT 'expected', name, 'gate_list', id, area FROM lodge.gate_list
			UNION ALL SELECT 'listed', name, 'supplier_person', id, NULL FROM lodge.supplier_person
			UNION ALL SELECT 'tail', doc_tail, 'visitor', id, area FROM lodge.visitor WHERE state <> 'left'
			UNION ALL SELECT 'tail', doc_tail, 'entry_pass', id, area FROM lodge.entry_pass
			UNION ALL SELECT 'tail', doc_tail, 'supplier_person', id, NULL FROM lodge.supplier_person;
	END
	for kind in $DECIDED; do
		psql -X -q -At -F ' ' -U postgres -d lodge_gate -c "SELECT book, id, text FROM public.typed t WHERE kind = '$kind' AND area IN (SELECT unnest(r.areas) FROM lodge.staff_role r JOIN lodge.staff s ON s.id = r.staff WHERE s.login = '$GUARD')
			AND NOT EXISTS (SELECT FROM public.typed o WHERE lodge.plain_name(o.text) = lodge.plain_name(t.text) AND (o.book, o.id) <> (t.book, t.id)) ORDER BY md5(text) LIMIT 200" >"$WORK/$kind.rows"
		cut -d' ' -f3- "$WORK/$kind.rows" >"$WORK/$kind"
		sed -n '1s/^\([^ ]*\) \([^ ]*\) .*/\1.get {"id":\2}/p' "$WORK/$kind.rows" >"$WORK/$kind.asked"
	done
	psql -X -q -U postgres -d lodge_gate -c 'DROP VIEW public.typed'
	seq 98001 98200 >"$WORK/unknown" # no list knows them: every book with numbers is asked
	cat >"$WORK/unknown.asked" <<-'END'
		visitor.list {"where":{"badge":98001,"state":["waiting","asked","agreed","inside"]},"sort":["-id"],"limit":2}
		release_slip.list {"where":{"no":"98001"},"sort":["-id"],"limit":2}
		entry_pass.list {"where":{"no":"98001"},"sort":["-id"],"limit":2}
		card.list {"where":{"no":"98001"},"sort":["-id"],"limit":2}
	END
	chmod 644 "$WORK"/*
}

gate_direct() {
	for kind in $DECIDED; do
		DATABASE=$1 direct lodge_name 1 "$WORK/asked_$kind.sql" -T $((WARM + TIME)) $(sed 's/^/-D /' "$WORK/asked_$kind.vars") >"$WORK/direct_figures"
		note "direct_$kind.$1" "$(cat "$WORK/direct_figures")"
	done
}

# What the gate asks beside decisions: who came with these last digits (20 rows at most; of 25,000 visits two or three bear the
# same), and at sign-in who is here.
gate_wire() {
	awk 'BEGIN { for (i = 0; i < 200; i++) printf "visitor.list {\"where\":{\"doc_tail\":\"%04d\"},\"sort\":[\"-id\"],\"limit\":20}\n", i * 49 }' >"$WORK/digits"
	echo 'visitor.list {"where":{"state":["waiting","asked","agreed","inside"]},"sort":["id"],"limit":200}' >"$WORK/here"
	for asked in digits here; do
		got=$(load "$2" $GUARD 1 "$TIME" "$WORK/$asked")
		note "$asked.$1" "$got"
	done
}

# gate_screen NAME SOCKET STEPS: notes what the guard's screen on that server told, as runs of NAME.24x80.KIND.
gate_screen() {
	steps=
	for kind in $DECIDED; do steps="$steps,$kind=ask:$WORK/$kind*$DECISIONS"; done
	record "$1" 24 80 "$3${steps#,}" env LODGE_SERVER="unix:$2" LODGE_STAFF=$GUARD LODGE_PASSWORD=lodge-demo "$LODGE_BIN/lodge"
}

bench_gate() {
	say 'making an estate of 25,000 past visits and one of 2.5 million'
	for name in lodge_gate lodge_gate_big; do
		copy_estate $name
		own_badges $name
	done
	more_visits lodge_gate_big
	serve_estate lodge_gate "$SMALL_GATE"
	serve_estate lodge_gate_big "$BIG_GATE"
	gate_texts
	log_on lodge_name
	for kind in $DECIDED; do logged lodge_name "$SMALL_GATE" $GUARD "$WORK/$kind.asked" - "asked_$kind"; done
	log_off lodge_name
	for run in $(seq "$RUNS"); do
		gate_screen gate "$SMALL_GATE" ''
		gate_screen gate_big "$BIG_GATE" ''
		gate_wire gate "$SMALL_GATE"
		gate_wire gate_big "$BIG_GATE"
		gate_direct lodge_gate
		gate_direct lodge_gate_big
	done
	serve_estate lodge_gate "$WORK/gate_lost.sock"
	gate_screen gate_lost "$WORK/gate_lost.sock" "-=stop:${STARTED##* },-=idle*2,"
	for kind in $DECIDED; do
		row "gate p99 ms, $kind, 25,000 visits, direct" "$(figure gate.24x80.$kind 3)" "$(figure direct_$kind.lodge_gate 3)" -
		row "gate p99 ms, $kind, 2.5 million, direct" "$(figure gate_big.24x80.$kind 3)" "$(figure direct_$kind.lodge_gate_big 3)" -
		row "gate p99 ms, $kind, 2.5 million, 25,000" "$(figure gate_big.24x80.$kind 3)" "$(figure gate.24x80.$kind 3)" '<=1.5'
		row "gate p99 ms, $kind, offline, 25,000" "$(figure gate_lost.24x80.$kind 3)" "$(figure gate.24x80.$kind 3)" '<=1.0'
	done
	row 'gate p99 ms, last digits, 2.5 million, 25,000' "$(figure digits.gate_big 3)" "$(figure digits.gate 3)" -
	row 'gate p99 ms, who is here, 2.5 million, 25,000' "$(figure here.gate_big 3)" "$(figure here.gate 3)" '<=1.5'
	row 'gate without a word' "$(cat "$WORK"/runs.gate*.24x80.* | awk 'NF == 5 { n += $5 } END { print n + 0 }')" - '<0'
}
