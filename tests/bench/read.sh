# read.sh - R1: household.get beside pgbench -M prepared with the SELECTs that the server sends for it,
# with the server's own login rights, all in one pipeline. Sourced by bench.sh.
# Trap: the SELECTs are taken from PostgreSQL's log, so nothing here needs to know them.
READER=operator FIRST=201 LAST=400

# log_on USER: PostgreSQL logs each statement of this login role; log_off USER. Both let its lanes connect anew.
log_on() {
	sql -c "ALTER ROLE $1 CONNECTION LIMIT -1" -c "ALTER SYSTEM SET log_parameter_max_length = -1" \
		-c "ALTER SYSTEM SET log_error_verbosity = 'default'" -c "ALTER ROLE $1 SET log_statement = 'all'" -c 'SELECT pg_reload_conf()' \
		-c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '$1'" >/dev/null
	sleep 2
}
log_off() {
	sql -c "ALTER ROLE $1 RESET log_statement" -c 'ALTER SYSTEM RESET ALL' -c 'ALTER SYSTEM SET max_connections = 400' -c 'SELECT pg_reload_conf()' \
		-c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '$1'" >/dev/null
	sleep 2
}

# logged USER SOCKET STAFF FILE ID NAME: the script of the peer for the questions of FILE, $WORK/NAME.sql: the statements that the
# server sends for them, its parameters as variables in NAME.vars. ID becomes one of FIRST to LAST by chance; - none.
logged() {
	log=$LODGE_STATE/db/postgres.log
	before=$(wc -l <"$log")
	: >"$WORK/$6.vars"
	load "$2" "$3" 1 0 "$4" >/dev/null
	sleep 0.2
	tail -n +"$((before + 1))" "$log" | awk -v user="$1" -v id="$5" -v vars="$WORK/$6.vars" '
		$0 ~ user ".*LOG:  execute" { sub(/.*execute [^:]*: /, ""); text[++n] = $0 }
		$0 ~ user ".*DETAIL:  parameters: " { sub(/.*parameters: /, ""); given[n] = $0 }
		END {
			if (id != "-") print "\\set id random('$FIRST', '$LAST')"
			if (n > 1) print "\\startpipeline"
			for (i = 1; i <= n; i++) {
				gsub(/HH24:MI:SS/, "HH24\047||chr(58)||\047MI\047||chr(58)||\047SS", text[i]) # pgbench takes :MI for a variable
				k = split(given[i], p, ", \\$")
				for (j = k; j >= 1; j--) {
					value = p[j]; sub(/^\$?[0-9]+ = /, "", value); gsub(/\047/, "", value)
					name = value == id ? ":id" : ":v" i "_" j
					if (name != ":id") print "v" i "_" j "=" value > vars
					gsub("\\$" j, name, text[i])
				}
				print text[i] ";"
			}
			if (n > 1) print "\\endpipeline"
		}' >"$WORK/$6.sql"
	[ "$(grep -c SELECT "$WORK/$6.sql")" -ge 1 ] || { say "the SELECTs of $4 are not in the log"; exit 1; }
}

# Writes the script of the peer: the statements of one household.get.
read_script() {
	echo "household.get {\"id\":$FIRST}" >"$WORK/one"
	log_on lodge_contact
	logged lodge_contact "$SOCKET" $READER "$WORK/one" $FIRST read
	log_off lodge_contact
	seq "$FIRST" "$LAST" | sed 's/.*/household.get {"id":&}/' >"$WORK/read"
}

read_direct() {
	set -- "$1" $(sed 's/^/-D /' "$WORK/read.vars")
	clients=$1
	shift
	direct lodge_contact "$clients" "$WORK/read.sql" -T $((WARM + TIME)) "$@"
}

bench_lookup() {
	read_script
	load "$SOCKET" $READER 32 1 "$WORK/read" >/dev/null
	for run in $(seq "$RUNS"); do
		for clients in $COUNTS; do
			got=$(load "$SOCKET" $READER "$clients" "$TIME" "$WORK/read")
			note "lookup.$clients" "$got"
			got=$(read_direct "$clients")
			note "read.$clients" "$got"
		done
		got=$(load "$SOCKET" $READER 512 "$TIME" "$WORK/read")
		note lookup.512 "$got"
	done
	for clients in $COUNTS; do
		goal=-
		case $clients in 8) goal='>=0.5' ;; 128) goal='>=2.0' ;; esac
		row "R1/s, $clients clients, direct" "$(figure lookup."$clients" 1)" "$(figure read."$clients" 1)" "$goal"
	done
	case " $COUNTS " in *' 128 '*)
		row 'R1/s, 128 clients, direct at its best' "$(figure lookup.128 1)" "$(best read)" '>=0.9'
		row 'R1/s, 512 clients, ours at 128' "$(figure lookup.512 1)" "$(figure lookup.128 1)" '>=0.9'
		row 'R1 p99 ms, 128 clients, direct' "$(figure lookup.128 3)" "$(figure read.128 3)" '<=0.4' ;;
	esac
	case " $COUNTS " in *' 1 '*) row 'R1 p50 ms, 1 client, direct' "$(figure lookup.1 2)" "$(figure read.1 2)" '+0.050' ;; esac
	row 'R1 faults' "$(faults lookup)" - '<0'
}
