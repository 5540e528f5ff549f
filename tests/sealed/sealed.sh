#!/bin/sh
# sealed.sh PROGRAMS: two houses, one with sealed persons and one without, that no low role can tell apart.
#
# One stack of its own; its database is copied, the original gets sealed persons, and both answer the same
# 10,000 random reads and refused operations of low roles, then the next page of every list. Struck out are
# seq, times, op_id and cursors; the rest must be the same byte for byte (CNF-06, CNF-14).
# Trap: answers to a role that may know must differ, or nothing was compared.
set -eu
state=$(mktemp -d "${TMPDIR:-/tmp}/lodge-sealed.XXXXXX")
here=tests/sealed
sockets=
chmod 755 "$state"
export LODGE_STATE="$state" LODGE_PROGRAMS="$1" LODGE_PASSWORD=lodge-demo
finish() {
	status=$?
	trap - EXIT
	./run down 2>/dev/null || :
	rm -rf "$state" $sockets
	exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

./run up
eval "$(./run env)"
sockets="$PGHOST $(dirname "${LODGE_SERVER#unix:}")"
super() { psql -X -q -A -t -v ON_ERROR_STOP=1 -U postgres "$@"; }
# alone SQL…: while nobody is connected to the house
alone() {
	super -d postgres -c 'ALTER DATABASE lodge ALLOW_CONNECTIONS false' \
		-c "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'lodge'" >/dev/null
	for sql; do super -d postgres -c "$sql"; done
}
# as PERSON FILE: asks the METHOD JSON lines of FILE, one answer a line
as() { LODGE_STAFF=$1 "$LODGE_BIN/lodge" call - <"$2"; }

# What may differ between two houses that are one: numbers of the log, times, op_ids, cursors.
struck() {
	sed -E 's/"seq":[0-9]+/"seq":0/g; s/"events":\[[0-9,]*\]/"events":[]/g; s/"next":"[^"]*"/"next":"-"/g
		s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/-/g; s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/-/g' "$@"
}

# An answer that tells of the server's haste, and of nothing else.
hasty='"code":"(busy|degraded)"|"more":true,"rows":\[\]'

# answers PERSON QUESTIONS FILE: asks; what came hastily is asked again.
answers() {
	as "$1" "$2" >"$3"
	for round in 1 2 3 4 5; do
		grep -Eq "$hasty" "$3" || break
		sleep $round
		awk -v hasty="$hasty" 'NR == FNR { asked[FNR] = $0; next } $0 ~ hasty { print asked[FNR] }' "$2" "$3" >"$state/again"
		as "$1" "$state/again" >"$state/better"
		awk -v hasty="$hasty" -v better="$state/better" '$0 ~ hasty { getline <better } { print }' "$3" >"$3.new"
		mv "$3.new" "$3"
	done
	[ "$(wc -l <"$3")" = "$(wc -l <"$2")" ]
}

# Asks everything there is to ask; the answers go to $state/HOUSE.PERSON.
ask_all() {
	for who in $people manager; do
		answers "$who" "$state/ask.$who" "$state/$1.$who"
		# The same list again, from its own cursor on.
		paste -d '\t' "$state/ask.$who" "$state/$1.$who" | awk -F '\t' '
			match($2, /"next":"[^"]*"/) {
				after = substr($2, RSTART + 7, RLENGTH - 7)
				sub(/}$/, ",\"after\":" after "}", $1)
				print $1
			}' >"$state/more"
		answers "$who" "$state/more" "$state/page"
		cat "$state/page" >>"$state/$1.$who"
		struck "$state/$1.$who" >"$state/$1.$who.struck"
	done
}

people='desk custodian guard finance'
homes=$(super -d lodge -c "SELECT string_agg(h.id || ' ' || u.code, ' ' ORDER BY u.code) FROM lodge.household h
	JOIN lodge.unit u ON u.id = h.unit WHERE u.code IN ('7-1203', '7-1204', '2-0301', '5-0402', '8-1003')")
most=$(super -d lodge -c 'SELECT max(id) FROM lodge.person')
for who in $people; do
	awk -v who="$who" -v homes="$homes" -v most="$most" -v n=2500 -f $here/ask.awk >"$state/ask.$who"
done
echo 'household.get {"id":'"${homes%% *}"'}' >"$state/ask.manager"

alone 'CREATE DATABASE lodge_without TEMPLATE lodge OWNER lodge_owner' 'ALTER DATABASE lodge ALLOW_CONNECTIONS true'
set -- $homes
while [ $# -gt 1 ]; do
	echo 'sealed_person.add {"household":'"$1"',"name":"Ngô Thanh Kín","relation":"cousin","mobile":"0988007001","id_no":"079188007001","birth":"1990-04-30","facts":"hidden"}'
	shift 2
done >"$state/add"
sleep 2 # the server finds its database again
as css "$state/add" >"$state/added"
[ "$(grep -c '"version":1' "$state/added")" = "$(wc -l <"$state/add")" ]
ask_all with
alone 'ALTER DATABASE lodge RENAME TO lodge_with' 'ALTER DATABASE lodge_without RENAME TO lodge'
./run down
./run up
ask_all without

status=0
for who in $people; do
	paste -d '\n' "$state/with.$who.struck" "$state/without.$who.struck" | awk -v who="$who" -v hasty="$hasty" '
		NR % 2 { one = $0; next }
		one == $0 { next }
		one ~ hasty || $0 ~ hasty { hurried++; next }
		differ++ < 3 { print who " can tell the two houses apart, line " NR / 2 ":\n  " substr(one, 1, 500) "\n  " substr($0, 1, 500) }
		END { if (hurried) print who ": " hurried " answers came too late to be compared"; exit differ > 0 || hurried > 100 }' || status=1
	[ "$(wc -l <"$state/with.$who")" = "$(wc -l <"$state/without.$who")" ] || status=1
done
if cmp -s "$state/with.manager.struck" "$state/without.manager.struck"; then
	status=1
	echo 'the manager sees no sealed person: nothing was compared'
fi
cat "$state"/with.desk "$state"/with.custodian "$state"/with.guard "$state"/with.finance | awk '
	/^{"error"/ { match($0, /"code":"[a-z_]*"/); refused[substr($0, RSTART + 8, RLENGTH - 9)]++; next } { fine++ }
	END { printf "answered %d", fine; for (code in refused) printf ", %s %d", code, refused[code]; print "" }'
exit $status
