#!/bin/sh
# bench.sh [lookup|handout] - Lodge against direct pgbench, on the same database, in the same run.
#
# Called by `run bench` on a throw-away stack, with the environment of `run env`, LODGE_AS (the words
# that make a command run as the system user) and LODGE_LOAD (the load program). Three alternating
# runs a row; medians and their ratio are printed; a miss is seen, not hidden.
# Not for: absolute figures, which are the machine's. Trap: the peer of a hand-out is our own compiled
# function with an ordinary sequence and no lock, so it leaves gaps in the log: never on a real house.
set -eu
COUNTS=${COUNTS:-1 8 32 128}
SECONDS_=${SECONDS_:-3}
PGBENCH=$(ls -d /usr/lib/postgresql/*/bin | sort -t/ -k5 -n | tail -n 1)/pgbench
SOCKET=${LODGE_SERVER#unix:}
READERS=desk,operator,css,custodian,manager,tenants,assistant,estate
WORK=$(mktemp -d /tmp/lodge-bench.XXXXXX)
trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"

sql() { psql -X -q -At -v ON_ERROR_STOP=1 -U postgres -d lodge "$@"; }

# load STAFF CLIENTS SECONDS FILE: answers to FILE.out, figures to FILE.figures.
load() {
	$LODGE_AS "$LODGE_LOAD" "$SOCKET" "$1" "$2" "$3" "$4" >"$4.out" 2>"$4.figures" || { cat "$4.figures" >&2; exit 1; }
}

# peer USER CLIENTS FILE: transactions a second.
peer() {
	"$PGBENCH" -n -M prepared -c "$2" -j 2 -T "$SECONDS_" -U "$1" -f "$3" 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# row NAME CLIENTS: from WORK/ours (rate p50 p99 faults, a line a run) and WORK/peers (rate a line).
row() {
	awk -v name="$1" -v clients="$2" -v ours="$(cut -d' ' -f1 "$WORK/ours" | median)" -v p50="$(cut -d' ' -f2 "$WORK/ours" | median)" \
		-v p99="$(cut -d' ' -f3 "$WORK/ours" | median)" -v faults="$(cut -d' ' -f4 "$WORK/ours" | sort -n | tail -n 1)" \
		-v peer="$(median <"$WORK/peers")" 'BEGIN { printf "%-8s %7d %10.0f %10.0f %7.2f %9.2f %9.2f %7d\n",
			name, clients, ours, peer, ours / peer, p50, p99, faults }'
	awk -v ours="$(cut -d' ' -f1 "$WORK/ours" | median)" -v peer="$(median <"$WORK/peers")" -v clients="$2" \
		'BEGIN { print ours, peer, clients }' >>"$WORK/$1.all"
}

# The best of each side at any number of clients.
best() {
	awk -v name="$1" '$1 > a { a = $1; ac = $3 } $2 > b { b = $2; bc = $3 }
		END { printf "%-8s    best %10.0f %10.0f %7.2f   (ours at %d, pgbench at %d clients)\n", name, a, b, a / b, ac, bc }' "$WORK/$1.all"
}

lookup() {
	awk 'BEGIN { for (i = 0; i < 20000; i++)
		printf "household.list {\"where\":{\"unit\":\"%d-%02d%02d\"}}\n", i % 8 + 1, i % 9 + 1, i % 3 + 1 }' >"$WORK/lookup"
	cat >"$WORK/lookup.sql" <<-'END'
		\set building random(1, 8)
		\set floor random(1, 9)
		\set room random(1, 3)
		SELECT h.id, h.version, u.code, h.kind, h.display_name, h.important, h.opened, h.closed
		FROM lodge.household h JOIN lodge.unit u ON u.id = h.unit
		WHERE u.code = :building || '-' || lpad(:floor::text, 2, '0') || lpad(:room::text, 2, '0')
		AND h.area = ANY('{1,2}') ORDER BY h.id LIMIT 51;
	END
	for clients in $COUNTS; do
		: >"$WORK/ours"; : >"$WORK/peers"
		for run in 1 2 3; do
			load "$READERS" "$clients" "$SECONDS_" "$WORK/lookup"
			cat "$WORK/lookup.figures" >>"$WORK/ours"
			peer postgres "$clients" "$WORK/lookup.sql" >>"$WORK/peers"
		done
		row lookup "$clients"
	done
	best lookup
}

# The same operation with an ordinary sequence and no lock, made from the compiled text itself.
direct_hand_out() {
	sql >/dev/null <<-'END'
		CREATE SCHEMA bench;
		CREATE SEQUENCE bench.seq START 1000000000;
		DO $$
		DECLARE
			written text := pg_get_functiondef('lodge.write_event'::regproc);
			done text := pg_get_functiondef('lodge.done'::regproc);
			handed text := pg_get_functiondef('op.loan_hand_out'::regproc);
		BEGIN
			written := replace(replace(written, 'FUNCTION lodge.write_event', 'FUNCTION bench.write_event'),
				'coalesce((SELECT max(seq) FROM event), 0) + 1', 'nextval(''bench.seq'')');
			done := replace(replace(done, 'FUNCTION lodge.done', 'FUNCTION bench.done'), 'write_event(', 'bench.write_event(');
			done := replace(done, 'FUNCTION bench.bench.', 'FUNCTION bench.');
			handed := replace(replace(handed, 'FUNCTION op.loan_hand_out', 'FUNCTION bench.loan_hand_out'),
				'PERFORM pg_advisory_xact_lock(7120301);', '');
			handed := replace(handed, 'RETURN done(', 'RETURN bench.done(');
			EXECUTE written; EXECUTE done; EXECUTE handed;
			IF position('nextval' IN written) = 0 OR position('advisory' IN handed) > 0 OR position('bench.done' IN handed) = 0 THEN
				RAISE EXCEPTION 'the skeleton has changed; see direct_hand_out in bench.sh';
			END IF;
		END $$;
		INSERT INTO lodge.session (staff, role, terminal, interactive) SELECT id, 'ACU', 'bench', false FROM lodge.staff WHERE login = 'custodian';
		INSERT INTO lodge.session_token SELECT sha256('bench'), max(id) FROM lodge.session;
		CREATE SEQUENCE bench.turn;
	END
}

# approved N: so many approved loans of files that are in; their ids, a line each, with the version.
approved() {
	sql -c "SELECT 'loan.request {\"op_id\":\"\$op_id\",\"file\":\"' || f.code || '\",\"act\":\"consult\",'
		|| '\"purpose\":\"measuring\",\"requester\":\"custodian\"}'
		FROM lodge.file f WHERE f.class = 'household' AND f.status = 'active' AND NOT EXISTS (SELECT FROM lodge.loan l
		WHERE l.file = f.id AND l.state IN ('requested', 'endorsed', 'approved', 'issued')) ORDER BY f.id LIMIT $1" >"$WORK/request"
	load custodian 16 0 "$WORK/request"
	sed -n 's/.*"result":{.*"id":\([0-9]*\),.*"version":\([0-9]*\).*/\1 \2/p' "$WORK/request.out"
}

handout() {
	direct_hand_out
	: >"$WORK/ours"; : >"$WORK/peers"
	for run in 1 2 3; do
		approved 600 | while read -r id version; do
			printf 'loan.hand_out {"op_id":"$op_id","id":%s,"version":%s}\n' "$id" "$version"
		done >"$WORK/handout"
		load custodian 16 0 "$WORK/handout" || exit 1
		cat "$WORK/handout.figures" >>"$WORK/ours"
		approved 600 >"$WORK/direct"
		sql -c 'TRUNCATE bench.queue' 2>/dev/null || sql -c 'CREATE TABLE bench.queue (n bigint PRIMARY KEY, id bigint, version integer)'
		awk '{ print NR "\t" $1 "\t" $2 }' "$WORK/direct" | sql -c '\copy bench.queue FROM STDIN'
		sql -c "SELECT setval('bench.turn', 1, false)" >/dev/null
		cat >"$WORK/direct.sql" <<-'END'
			SELECT (bench.loan_hand_out('bench', gen_random_uuid(), 'd', '{}', q.id, q.version, NULL)).result
			FROM bench.queue q WHERE q.n = nextval('bench.turn');
		END
		"$PGBENCH" -n -M prepared -c 16 -j 2 -t 37 -U postgres -f "$WORK/direct.sql" lodge 2>/dev/null |
			sed -n 's/^tps = \([0-9.]*\).*/\1/p' >>"$WORK/peers"
	done
	row handout 16
	sql -c 'DROP SCHEMA bench CASCADE' 2>/dev/null
}

printf '%-8s %7s %10s %10s %7s %9s %9s %7s\n' bench clients lodge/s pgbench/s ratio 'p50 ms' 'p99 ms' faults
for name in ${*:-lookup handout}; do
	case $name in
	lookup | handout) "$name" ;;
	*) echo "bench.sh: lookup, handout" >&2; exit 2 ;;
	esac
done
