# peers.sh - what lodged takes in memory, and PostGraphile with the same read. Sourced by bench.sh.

# MiB that lodged holds while so many signed-in connections do nothing.
bench_memory() {
	: >"$WORK/nothing"
	: >"$WORK/nothing.out"
	$LODGE_AS "$LODGE_LOAD" "$SOCKET" $READER 512 6 "$WORK/nothing" >"$WORK/nothing.out" 2>&1 &
	holder=$!
	tries=0
	until grep -q '^idle' "$WORK/nothing.out"; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { cat "$WORK/nothing.out" >&2; exit 1; }
		sleep 0.2
	done
	sleep 1
	mib=$(awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$(cat "$LODGE_STATE/lodged.pid")/status")
	wait $holder || { cat "$WORK/nothing.out" >&2; exit 1; }
	row 'lodged MiB, 512 idle connections' "$mib" - '<24'
}

# PostGraphile 4 with its defaults on a loopback port, as the login role of our own reads.
postgraphile_up() {
	say 'installing PostGraphile into a throw-away folder'
	mkdir "$WORK/postgraphile"
	(cd "$WORK/postgraphile" && HOME=$WORK npm install --silent --no-audit --no-fund --no-save postgraphile@4 >"$WORK/npm.log" 2>&1) ||
		{ tail -n 5 "$WORK/npm.log" >&2; exit 1; }
	chmod -R go+rX "$WORK/postgraphile"
	PORT=$((20000 + $$ % 20000))
	sql -c 'ALTER ROLE lodge_contact CONNECTION LIMIT -1' -c 'ALTER ROLE lodge_contact SET statement_timeout = 0' -c 'GRANT TEMPORARY ON DATABASE lodge TO lodge_contact'
	# Names that its schema would give twice.
	for column in corrects corrected_by passed_from passed_to; do
		sql -c "COMMENT ON CONSTRAINT loan_${column}_fkey ON lodge.loan IS '@omit'"
	done
	NODE_ENV=production $LODGE_AS env HOME="$WORK" PGUSER=lodge_contact node "$WORK/postgraphile/node_modules/postgraphile/cli.js" \
		-c "socket:$PGHOST?db=lodge&user=lodge_contact" -s lodge -n 127.0.0.1 -p "$PORT" --disable-graphiql --disable-query-log \
		>"$WORK/postgraphile.log" 2>&1 &
	STARTED="$STARTED $!"
	tries=0
	until grep -q 'GraphQL API' "$WORK/postgraphile.log"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { tail -n 5 "$WORK/postgraphile.log" >&2; exit 1; }
		sleep 0.1
	done
}

# The same household with its persons, files and open loans, as GraphQL.
postgraphile_script() {
	cat >"$WORK/wrk.lua" <<-END
		wrk.method = "POST"
		wrk.headers["Content-Type"] = "application/json"
		local query = [[query h(\$id: BigInt!) { householdById(id: \$id) { id version kind displayName important opened closed unitByUnit { id code
			filesByUnit { nodes { id version code class title room cabinet drawer status } }
			loansByUnit(orderBy: ID_DESC) { nodes { id version no state act purpose due issuedAt requestedAt
				fileByFile { id code } staffByRequester { id workNo name } staffByRequestedBy { id workNo name }
				staffByApprovedBy { id workNo name } staffByIssuedBy { id workNo name } } } }
			peopleByHouseholdAndMobileWithheld { nodes { id version name relation mobile mobileWithheld homePhone leftOn } } } }]]
		query = query:gsub("%s+", " ")
		function request()
			return wrk.format(nil, "/graphql", nil, '{"query":"' .. query .. '","variables":{"id":"' .. math.random($FIRST, $LAST) .. '"}}')
		end
		local bad = 0
		function response(status, headers, body)
			if status ~= 200 or body:find('"errors"', 1, true) then
				bad = bad + 1
				if bad == 1 then io.stderr:write(body:sub(1, 600), "\n") end
			end
		end
	END
}

# Requests a second of 32 clients.
graphql() {
	wrk -t 1 -c 32 --timeout 10s -d "$TIME" -s "$WORK/wrk.lua" "http://127.0.0.1:$PORT" >"$WORK/wrk.out" 2>&1 &&
		! grep -q '"errors"' "$WORK/wrk.out" || { head -n 3 "$WORK/wrk.out" >&2; tail -n 12 "$WORK/postgraphile.log" >&2; exit 1; }
	sed -n 's/^Requests.sec: *//p' "$WORK/wrk.out"
}

bench_postgraphile() {
	: >"$WORK/postgraphile.log"
	postgraphile_up
	postgraphile_script
	seq "$FIRST" "$LAST" | sed 's/.*/household.get {"id":&}/' >"$WORK/read"
	graphql >/dev/null
	for run in $(seq "$RUNS"); do
		got=$(load "$SOCKET" $READER 32 "$TIME" "$WORK/read")
		note graph.ours "$got"
		got=$(graphql)
		note graph.peer "$got"
	done
	row 'R1/s, 32 clients, PostGraphile 4' "$(figure graph.ours 1)" "$(figure graph.peer 1)" '>=15'
}
