#!/bin/sh
# guard.sh PROGRAMS: what a guard never learns changes no byte of what a guard is told (CNF-14, CNF-12, VIS-06).
#
# One stack of its own; its database is copied, in the copy every telephone, every birth date, every fact and source of a watched
# household and every reason of a refused visit is another, and both answer the same questions. Struck out are seq, times, op_id and cursors; the rest
# must be the same byte for byte, for guard, shift leader and supervisor. Not for: who lives here at all (sealed.sh).
# Trap: what was changed must show to the manager, or nothing was compared.
set -eu
state=$(mktemp -d "${TMPDIR:-/tmp}/lodge-guard.XXXXXX")
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

# An answer that tells of the server's haste, and of nothing else.
hasty='"code":"(busy|degraded)"|"more":true,"rows":\[\]'

# ask PERSON ANSWERS: all the questions, one answer a line; what came hastily is asked again, and struck out when it stays so.
ask() {
	LODGE_STAFF=$1 "$LODGE_BIN/lodge" call - <"$state/ask" >"$state/raw"
	for round in 1 2 3 4 5; do
		grep -Eq "$hasty" "$state/raw" || break
		sleep "$round"
		awk -v hasty="$hasty" 'NR == FNR { asked[FNR] = $0; next } $0 ~ hasty { print asked[FNR] }' "$state/ask" "$state/raw" >"$state/again"
		LODGE_STAFF=$1 "$LODGE_BIN/lodge" call - <"$state/again" >"$state/better"
		awk -v hasty="$hasty" -v better="$state/better" '$0 ~ hasty { getline <better } { print }' "$state/raw" >"$state/raw.new"
		mv "$state/raw.new" "$state/raw"
	done
	[ "$(wc -l <"$state/raw")" = "$(wc -l <"$state/ask")" ]
	sed -E 's/"seq":[0-9]+/"seq":0/g; s/"(events|counter)":[^,}]*/"\1":0/g; s/"next":"[^"]*"/"next":"-"/g
		s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/-/g; s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/-/g' "$state/raw" >"$2"
}

# A visit and a message with numbers in them, and a refusal with its reason: the demo estate has none.
for line in '{"class":"guest","name":"Trần Khách","unit":"7-1304","contact":"0908555123","message":"please call back"}' \
	'{"class":"business","name":"Lê Khách","host":"engineer","contact":"0908555124"}'; do
	LODGE_STAFF=desk "$LODGE_BIN/lodge" call visitor.arrive "$line" >"$state/came"
done
id=$(sed -n 's/.*"id":\([0-9]*\).*/\1/p' "$state/came")
LODGE_STAFF=desk "$LODGE_BIN/lodge" call visitor.ask_host '{"id":'"$id"',"version":1}' >/dev/null
LODGE_STAFF=desk "$LODGE_BIN/lodge" call visitor.answer '{"id":'"$id"',"version":2,"answer":"refused","by":"himself","reason":"owes 5551234 to us"}' >/dev/null
homes=$(super -d lodge -c "SELECT string_agg(DISTINCT u.code, ' ') FROM lodge.unit u LEFT JOIN lodge.key_household k ON k.unit = u.id
	WHERE k.id IS NOT NULL OR u.code IN ('7-1203', '7-1204', '2-0301', '5-0402', '8-1003')")
# Numbers as they are and as they will be: neither may be found, filtered or sorted by.
swap="translate(%s, '0123456789', '1357902468')"
swapped() { printf "$swap" "$1"; }
numbers=$(super -d lodge -c "SELECT string_agg(m || ' ' || $(swapped m), ' ') FROM (SELECT mobile AS m FROM lodge.person WHERE mobile IS NOT NULL ORDER BY id LIMIT 20) x")

{
	for book in $("$LODGE_BIN/lodged" docs | sed -n 's/^## `\([a-z_]*\)`.*/\1/p'); do
		for sort in '' ',"sort":["-id"]' ',"sort":["mobile"]' ',"sort":["birth"]'; do
			echo "$book.list {\"limit\":200$sort}"
		done
		for n in 1 2 3 4 24 1000 "$id" $((id - 1)); do
			echo "$book.get {\"id\":$n}"
			echo "$book.history {\"id\":$n}"
		done
		for field in mobile home_phone birth phone facts source contact from_contact reason email; do
			echo "$book.list {\"where\":{\"$field\":\"0908555123\"}}"
			echo "$book.open {\"id\":1,\"fields\":[\"$field\"],\"purpose\":\"wants to know\"}"
			echo "why {\"book\":\"$book\",\"id\":1,\"field\":\"$field\"}"
		done
		for unit in $homes; do
			echo "$book.list {\"where\":{\"unit\":\"$unit\"},\"limit\":200}"
		done
		echo "$book.export {\"id\":1}"
		echo "watch {\"books\":[\"$book\"]}"
	done
	for text in $homes $numbers 0908555123 5551234 zhang nguyen tran le khach ntk zxm convicted son 1978 1978-07-07; do
		echo "find {\"text\":\"$text\"}"
	done
	echo 'report.list {}'
	LODGE_STAFF=manager "$LODGE_BIN/lodge" call report.list | grep -o '"name":"[a-z_]*"' | sed 's/"name":"\(.*\)"/report.\1 {}/'
	echo 'draft.list {}'
	echo 'event.list {"limit":200}'
	echo 'deadline.list {"limit":200}'
} >"$state/ask"

alone 'CREATE DATABASE lodge_other TEMPLATE lodge' 'ALTER DATABASE lodge ALLOW_CONNECTIONS true'
# The values alone change: no version, no event, no state.
super -d lodge_other -c "UPDATE lodge.person SET mobile = $(swapped mobile), home_phone = $(swapped home_phone), birth = birth + 401, email = 'x' || email;
	UPDATE lodge.person_sealed SET mobile = $(swapped mobile);
	UPDATE lodge.search_contact SET key = $(swapped key);
	UPDATE lodge.emergency_contact SET phone = $(swapped phone);
	UPDATE lodge.staff s SET phone = $(swapped phone) WHERE NOT EXISTS (SELECT 1 FROM lodge.phone_consent c WHERE c.employee = s.id AND c.state = 'given');
	UPDATE lodge.visitor SET contact = $(swapped contact), reason = 'because ' || reason WHERE contact IS NOT NULL OR reason IS NOT NULL;
	UPDATE lodge.message SET from_contact = $(swapped from_contact) WHERE from_contact IS NOT NULL;
	UPDATE lodge.household_sealed SET facts = facts || '\\x00';
	UPDATE lodge.key_household_sealed SET facts = facts || '\\x00', source = source || '\\x00'"
sleep 2 # the server finds its database again
people='guard guardlead guardchief'
for who in $people manager; do ask $who "$state/one.$who"; done
alone 'ALTER DATABASE lodge RENAME TO lodge_one' 'ALTER DATABASE lodge_other RENAME TO lodge'
./run down
./run up
for who in $people manager; do ask $who "$state/two.$who"; done

status=0
for who in $people; do
	paste -d '\n' "$state/ask" "$state/one.$who" "$state/two.$who" | awk -v who=$who -v hasty="$hasty" '
		NR % 3 == 1 { asked = $0; next }
		NR % 3 == 2 { one = $0; next }
		one == $0 { next }
		one ~ hasty || $0 ~ hasty { hurried++; next }
		differ++ < 3 { print who " can tell by " asked ":\n  " substr(one, 1, 400) "\n  " substr($0, 1, 400) }
		END { if (hurried) print who ": " hurried " answers came too late to be compared"; exit differ > 0 || hurried > 20 }' || status=1
done
if cmp -s "$state/one.manager" "$state/two.manager"; then
	status=1
	echo 'the manager sees no difference: nothing was compared'
fi
echo "$(wc -l <"$state/ask") questions, $(grep -c '^{"result"' "$state/one.guard") answered to the guard"
exit $status
