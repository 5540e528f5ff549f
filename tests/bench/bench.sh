#!/bin/sh
# bench.sh [lookup|handout] - Lodge against direct pgbench, on the same database, in the same run.
#
# Called by `run bench`, with the environment of `run env` and LODGE_AS, the words that make a
# command run as the system user. Prints a table and the ratio; a miss is seen, not hidden.
# Not for: absolute figures, which are the machine's. Trap: the peer of a hand-out is the least
# that could be called one (lock, change, log, receipt, commit), without any rule of the house.
set -eu
HERE=$(dirname "$(readlink -f "$0")")
CLIENTS=${CLIENTS:-16}
SECONDS_=${SECONDS_:-5}
PGBENCH=$(ls -d /usr/lib/postgresql/*/bin | sort -t/ -k5 -n | tail -n 1)/pgbench
SOCKET=${LODGE_SERVER#unix:}
WORK=$(mktemp -d /tmp/lodge-bench.XXXXXX)
trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"

sql() { psql -X -q -At -v ON_ERROR_STOP=1 -U postgres "$@"; }

# load STAFF FILE: answers to FILE.out, figures to FILE.figures.
load() { $LODGE_AS perl "$HERE/load.pl" "$SOCKET" "$1" "$CLIENTS" "$2" >"$2.out" 2>"$2.figures" ||
	{ cat "$2.figures" >&2; exit 1; }; }

# peer USER FILE: transactions a second.
peer() {
	"$PGBENCH" -n -M prepared -c "$CLIENTS" -j 2 -T "$SECONDS_" -U "$1" -f "$2" 2>/dev/null |
		sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# row NAME LODGE-FIGURES PEER-TPS
row() {
	awk -v name="$1" -v peer="$3" '{ printf "%-10s %10.0f %10.0f %8.2f %9.2f %9.2f %7d\n",
		name, $1, peer, $1 / peer, $2, $3, $4 }' "$2"
}

lookup() {
	awk 'BEGIN { for (i = 0; i < 20000; i++)
		printf "household.list {\"where\":{\"unit\":\"%d-%02d%02d\"}}\n", i % 8 + 1, i % 9 + 1, i % 3 + 1 }' \
		>"$WORK/lookup"
	load desk "$WORK/lookup"
	cat >"$WORK/lookup.sql" <<-'END'
		\set building random(1, 8)
		\set floor random(1, 9)
		\set room random(1, 3)
		SELECT h.id, h.version, u.code, h.kind, h.display_name, h.opened, h.closed
		FROM lodge.household h JOIN lodge.unit u ON u.id = h.unit
		WHERE u.code = :building || '-' || lpad(:floor::text, 2, '0') || lpad(:room::text, 2, '0')
		AND h.area = ANY('{1,2}') ORDER BY h.id LIMIT 51;
	END
	row lookup "$WORK/lookup.figures" "$(peer lodge_contact "$WORK/lookup.sql")"
}

# Members of every receipt of FILE: id and version, as the parameters of the next operation.
receipts() {
	sed -n 's/.*"id":\([0-9]*\),.*"version":\([0-9]*\).*/\1 \2/p' "$1" | while read -r id version; do
		printf '%s {"op_id":"$op_id","id":%s,"version":%s%s}\n' "$2" "$id" "$version" "$3"
	done
}

handout() {
	# Files that are in and that nobody waits for; not those of the stories.
	sql -c "SELECT 'loan.request {\"op_id\":\"\$op_id\",\"file\":\"' || f.code || '\",\"act\":\"consult\",'
		|| '\"purpose\":\"measuring\",\"requester\":\"custodian\"}'
		FROM lodge.file f WHERE f.code LIKE '1_-%/1' AND NOT EXISTS (SELECT FROM lodge.loan l
		WHERE l.file = f.id AND l.state IN ('requested', 'endorsed', 'approved', 'issued'))
		ORDER BY f.id LIMIT 1500" >"$WORK/request"
	load custodian "$WORK/request"
	sed 's/^{[^{]*"result":{/{/' "$WORK/request.out" >"$WORK/request.got"
	receipts "$WORK/request.got" loan.hand_out '' >"$WORK/handout"
	load custodian "$WORK/handout"
	sed 's/^{[^{]*"result":{/{/' "$WORK/handout.out" >"$WORK/handout.got"
	receipts "$WORK/handout.got" loan.take_back ',"condition":"ok"' >"$WORK/back"
	load custodian "$WORK/back"
	sql -d lodge >/dev/null <<-'END'
		DROP SCHEMA IF EXISTS bench CASCADE;
		CREATE SCHEMA bench;
		CREATE TABLE bench.loan AS SELECT n AS id, 1 AS version, 'approved' AS state,
			now() AS issued_at, repeat('x', 200) AS rest FROM generate_series(1, 100000) n;
		ALTER TABLE bench.loan ADD PRIMARY KEY (id);
		CREATE TABLE bench.event (seq bigserial PRIMARY KEY, at timestamptz, record bigint, op text);
		CREATE TABLE bench.receipt (op_id uuid PRIMARY KEY, body text);
	END
	cat >"$WORK/handout.sql" <<-'END'
		\set id random(1, 100000)
		BEGIN;
		SELECT state FROM bench.loan WHERE id = :id FOR UPDATE;
		UPDATE bench.loan SET state = 'issued', version = version + 1, issued_at = now() WHERE id = :id;
		INSERT INTO bench.event (at, record, op) VALUES (now(), :id, 'hand_out');
		INSERT INTO bench.receipt VALUES (gen_random_uuid(), 'receipt');
		COMMIT;
	END
	row handout "$WORK/handout.figures" "$(peer postgres "$WORK/handout.sql")"
	sql -c 'DROP SCHEMA bench CASCADE' 2>/dev/null
}

printf '%-10s %10s %10s %8s %9s %9s %7s\n' bench lodge/s pgbench/s ratio 'p50 ms' 'p99 ms' faults
for name in ${*:-lookup handout}; do
	case $name in
	lookup | handout) "$name" ;;
	*) echo "bench.sh: lookup, handout" >&2; exit 2 ;;
	esac
done
