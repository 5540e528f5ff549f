#!/bin/sh
# bench.sh [NAME…] - Lodge beside its peers, in the same run: name, ours, peer, ratio, goal.
#
# Called by `run bench` on a throw-away stack, with the environment of `run env`, LODGE_AS (the words
# that make a command run as the system user), LODGE_LOAD and LODGE_SCREEN (load.c, screen.c). Every
# figure is the median of three runs that alternate with the peer's; a miss is seen, not hidden.
# Not for: absolute figures, which are the machine's. Trap: the peer of a hand-out is our own compiled
# function with an ordinary sequence and no lock, so it leaves gaps in the log: never on a real house.
set -eu
HERE=$(dirname "$(readlink -f "$0")")
NAMES='lookup handout search gate memory postgraphile client'
RUNS=${RUNS:-3}
TIME=${TIME:-3} # seconds of one run
WARM=${WARM:-4} # seconds before it that a peer gets for its plans and caches
COUNTS=${COUNTS:-1 8 32 128}
PGBENCH=$(ls -d /usr/lib/postgresql/*/bin | sort -t/ -k5 -n | tail -n 1)/pgbench
SOCKET=${LODGE_SERVER#unix:}
WORK=$(mktemp -d /tmp/lodge-bench.XXXXXX)
STARTED=
COPIES=
trap 'for pid in $STARTED; do kill "$pid" 2>/dev/null || :; done
	for name in $COPIES; do psql -X -q -U postgres -d postgres -c "DROP DATABASE $name WITH (FORCE)" || :; done; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP
chmod 777 "$WORK"

say() { printf 'bench: %s\n' "$*" >&2; }
sql() { psql -X -q -At -v ON_ERROR_STOP=1 -U postgres -d lodge "$@"; }

# copy_estate NAME: the whole database once more, dropped at the end.
copy_estate() {
	psql -X -q -U postgres -d postgres -c "CREATE DATABASE $1 OWNER lodge_owner TEMPLATE template0" -c "REVOKE ALL ON DATABASE $1 FROM PUBLIC" \
		-c "GRANT CONNECT ON DATABASE $1 TO lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed"
	COPIES="$COPIES $1"
	pg_dump -U postgres lodge | psql -X -q -v ON_ERROR_STOP=1 -U postgres -d "$1" >/dev/null
}

# serve_estate DATABASE SOCKET: a lodged for it, the last of STARTED. Its configuration names the database: PGDATABASE does not count.
serve_estate() {
	mkdir -p "$WORK/$1.conf"
	cp "$LODGE_CONF"/*.conf "$WORK/$1.conf/"
	sed -i "s/^\\( *name = \\)\"lodge\"/\\1\"$1\"/" "$WORK/$1.conf/lodged.conf"
	grep -q "\"$1\"" "$WORK/$1.conf/lodged.conf" || { say 'lodged.conf does not name the database'; exit 1; }
	chmod -R go+rX "$WORK/$1.conf"
	$LODGE_AS env LODGE_CONF="$WORK/$1.conf" "$LODGE_BIN/lodged" serve --listen "unix:$2" >"$2.log" 2>&1 &
	STARTED="$STARTED $!"
	tries=0
	until grep -qs '^ready' "$2.log"; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { cat "$2.log" >&2; exit 1; }
		sleep 0.1
	done
}

# load SOCKET STAFF CLIENTS SECONDS FILE: answers to FILE.out; prints "rate p50 p99 worst faults".
load() {
	$LODGE_AS "$LODGE_LOAD" "$1" "$2" "$3" "$4" "$5" 2>"$5.figures" >"$5.out" || { cat "$5.figures" >&2; exit 1; }
	cat "$5.figures"
}

# direct USER CLIENTS SCRIPT OPTION…: the same of pgbench, without its warming up, on $DATABASE.
direct() {
	user=$1 clients=$2 script=$3
	shift 3
	rm -f "$WORK"/log.*
	PGOPTIONS='-c statement_timeout=0 -c plan_cache_mode=force_generic_plan -c jit=off' "$PGBENCH" -n -M prepared -c "$clients" -j 2 -l \
		--log-prefix="$WORK/log" -U "$user" -f "$script" "$@" "${DATABASE:-lodge}" >"$WORK/pgbench.out" 2>&1 ||
		{ head -n 5 "$WORK/pgbench.out" >&2; exit 1; }
	cat "$WORK"/log.* | awk -v keep="${KEEP:-$TIME}" '{ end = $5 + $6 / 1e6; at[NR] = end; took[NR] = $3 / 1e3; if (end > last) last = end
			if (!first || end - took[NR] / 1e3 < first) first = end - took[NR] / 1e3 }
		END { from = last - keep > first ? last - keep : first
			for (i = 1; i <= NR; i++) if (at[i] > from) print took[i]; print "over", last - from }' >"$WORK/took"
	grep -v over "$WORK/took" | sort -n | awk -v over="$(sed -n 's/^over //p' "$WORK/took")" '{ v[NR] = $1 }
		END { printf "%.1f %.3f %.3f %.3f 0\n", NR / over, v[int((NR + 1) / 2)], v[int(NR * 0.99)], v[NR] }'
}

# note NAME FIGURES: keeps a run's figures; figure NAME COLUMN: their median.
note() { name=$1; shift; echo "$*" >>"$WORK/runs.$name"; }
figure() { cut -d' ' -f"$2" "$WORK/runs.$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# best PREFIX: the highest rate among runs.PREFIX.N.
best() { for file in "$WORK/runs.$1".*; do figure "${file##*/runs.}" 1; done | sort -n | tail -n 1; }
faults() { cat "$WORK/runs.$1".* | awk '{ n += $5 } END { print n + 0 }'; }

# row NAME OURS PEER GOAL: GOAL is ">=N" or "<=N" of the ratio, "+N" at most so much more than the peer,
# "<N" at most N of ours alone, "-" none.
row() {
	awk -v name="$1" -v ours="$2" -v peer="$3" -v goal="$4" 'BEGIN {
		bound = goal; sub(/^[<>=+]+/, "", bound); bound += 0
		ratio = peer + 0 ? ours / peer : 0
		shown = peer + 0 ? sprintf("%.2f", ratio) : "-"
		if (goal ~ /^\+/) { shown = sprintf("%+.3f", ours - peer); met = ours - peer <= bound }
		else if (goal ~ /^>=/) met = ratio >= bound
		else if (goal ~ /^<=/) met = ratio <= bound
		else if (goal ~ /^</) met = ours + 0 <= bound
		printf "%-46s %10s %10s %8s %8s %s\n", name, ours, peer, shown, goal, goal == "-" ? "" : met ? "ok" : "MISS" }'
}

for part in read write search gate peers client; do . "$HERE/$part.sh"; done

for name in ${*:-$NAMES}; do
	case " $NAMES " in *" $name "*) ;; *) echo "bench.sh: $NAMES" >&2; exit 2 ;; esac
done
printf '%-46s %10s %10s %8s %8s\n' name ours peer ratio goal
for name in ${*:-$NAMES}; do "bench_$name"; done
