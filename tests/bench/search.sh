# search.sh - find in an estate of ten times the people, and look-ups beside slow searches there.
# Sourced by bench.sh. The big estate is a second database of the cluster with a lodged of its own, so
# that small and big alternate in one run. Trap: the copies have the names of the originals, as the
# families of a town do: an index range holds ten times the keys.
BIG=$WORK/big.sock
MARGIN=9

grow() {
	psql -X -q -At -v ON_ERROR_STOP=1 -U postgres -d lodge_big >/dev/null <<-END
		INSERT INTO lodge.unit SELECT (jsonb_populate_record(t, jsonb_build_object('id', t.id + k * 1000000, 'code', t.code || '.' || k,
			'floor', t.floor + k * 100))).* FROM lodge.unit t, generate_series(1, $MARGIN) k;
		INSERT INTO lodge.household SELECT (jsonb_populate_record(t, jsonb_build_object('id', t.id + k * 1000000, 'unit', t.unit + k * 1000000))).*
			FROM lodge.household t, generate_series(1, $MARGIN) k;
		INSERT INTO lodge.person SELECT (jsonb_populate_record(t, jsonb_build_object('id', t.id + k * 1000000, 'unit', t.unit + k * 1000000,
			'household', t.household + k * 1000000))).* FROM lodge.person t, generate_series(1, $MARGIN) k;
		INSERT INTO lodge.search_name SELECT t.area, t.key, t.book, t.record + k * 1000000, t.title FROM lodge.search_name t, generate_series(1, $MARGIN) k;
		INSERT INTO lodge.search_contact SELECT t.area, t.key, t.book, t.record + k * 1000000, t.title FROM lodge.search_contact t, generate_series(1, $MARGIN) k;
		VACUUM ANALYZE;
	END
}

# The estate once more as lodge_big, ten times the people, and its server.
big_estate() {
	[ -S "$BIG" ] && return
	say 'making an estate of ten times the people'
	copy_estate lodge_big
	grow
	serve_estate lodge_big "$BIG"
}

# Names as people type them: whole, half, and their first letters.
search_texts() {
	sql -c "SELECT 'find {\"text\":' || to_json(CASE p.id % 3 WHEN 0 THEN p.name WHEN 1 THEN left(p.name, greatest(1, length(p.name) / 2))
			ELSE (SELECT string_agg(left(w, 1), '') FROM unnest(string_to_array(lower(p.name), ' ')) w) END) || '}'
		FROM lodge.person p WHERE p.area IN (1, 2, 3) AND p.left_on IS NULL ORDER BY md5(p.id::text) LIMIT 300" >"$WORK/find"
}

bench_search() {
	big_estate
	search_texts
	for socket in "$SOCKET" "$BIG"; do load "$socket" $READER 1 1 "$WORK/find" >/dev/null; done
	for run in $(seq "$RUNS"); do
		got=$(load "$SOCKET" $READER 1 "$TIME" "$WORK/find")
		note find.1 "$got"
		got=$(load "$BIG" $READER 1 "$TIME" "$WORK/find")
		note find.10 "$got"
	done
	row 'find p99 ms, 10 times the people, ours' "$(figure find.10 3)" "$(figure find.1 3)" '<=1.5'
	row 'find faults' "$(faults find)" - '<0'
	beside_slow
}

# 28 clients look up while four search mistyped names without end; the peer is ourselves without these.
beside_slow() {
	seq "$FIRST" "$LAST" | sed 's/.*/household.get {"id":&}/' >"$WORK/read"
	awk 'BEGIN { split("ngueyn tih anh;tarn van mihn;zahng xiaomign;lee thi hnog;wnag jianuo;phma duc tnah", t, ";")
		for (i = 1; i <= 6; i++) printf "find {\"text\":\"%s\",\"typo\":true}\n", t[i] }' >"$WORK/slow"
	load "$BIG" $READER 28 1 "$WORK/read" >/dev/null
	for run in $(seq "$RUNS"); do
		got=$(load "$BIG" $READER 28 "$TIME" "$WORK/read")
		note alone "$got"
		$LODGE_AS "$LODGE_LOAD" "$BIG" css 4 $((TIME + 2)) "$WORK/slow" >"$WORK/slow.out" 2>"$WORK/slow.figures" &
		slow=$!
		sleep 1
		got=$(load "$BIG" $READER 28 "$TIME" "$WORK/read")
		note beside "$got"
		wait $slow || { cat "$WORK/slow.figures" >&2; exit 1; }
	done
	say "four slow searches beside look-ups: $(cat "$WORK/slow.figures") (a second, p50, p99, worst ms, faults)"
	row 'R1/s beside four slow searches, ours alone' "$(figure beside 1)" "$(figure alone 1)" '>=0.6'
	row 'R1 worst ms beside four slow searches' "$(figure beside 4)" "$(figure alone 4)" -
}
