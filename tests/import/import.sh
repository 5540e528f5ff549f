#!/bin/sh
# import.sh LODGE: residents' lists, good and bad, in three encodings, into the stack of the environment.
#
# Each run makes people of its own in units far from those that other tests look at. Not for: cells
# and headers (tests/unit/test_import_*.c), what the server knows again (tests/flow/take_over.flow).
# Trap: without a stack it ends with 77, which counts as skipped.
set -eu
[ -n "${LODGE_SERVER:-}" ] || exit 77
lodge=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/lodge-import.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LODGE_PASSWORD=lodge-demo LODGE_LANG=en
tag=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
failed=0 case=

sql() { psql -X -q -At -v ON_ERROR_STOP=1 -U postgres -c "$1"; }
set -- $(sql "SELECT code FROM lodge.unit WHERE area = 3 ORDER BY id DESC OFFSET 2 LIMIT 4")
u1=$1 u2=$2 u3=$3 u4=$4

complain() {
	printf '%s: %s\n' "$case" "$1"
	sed 's/^/    /' "$work/out" "$work/err"
	failed=1
}

# takes STATUS PERSON ARGUMENT…: runs the import; its words are in out and err.
takes() {
	wanted=$1 person=$2 status=0
	shift 2
	LODGE_STAFF=$person timeout 120 "$lodge" import "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ "$status" = "$wanted" ] || complain "ended with $status, not $wanted"
}

says() { grep -qF -- "$1" "$work/out" || complain "does not say: $1"; }
silent() { [ ! -s "$work/err" ] || complain 'has something on standard error'; }
# faults LINE:COLUMN…: exactly these, in any order.
faults() {
	printf '%s\n' "$@" | sort >"$work/wanted"
	sed -n 's/^\([0-9]*:[a-z_0-9]*\): ..*/\1/p' "$work/err" | sort | diff - "$work/wanted" >"$work/diff" ||
		complain "faults differ: $(cat "$work/diff")"
	[ "$(wc -l <"$work/err")" = $# ] || complain 'says more than the faults'
}
is() { got=$(sql "$1"); [ "$got" = "$2" ] || complain "$1: $got, not $2"; }
written() { is "SELECT count(*) FROM lodge.person WHERE name LIKE '%$tag'" "$1"; }

case='a Vietnamese list with BOM, CRLF and semicolons'
printf '\357\273\277Căn hộ;Hộ;Họ tên;Quan hệ;Di động;Số giấy tờ;Ngày sinh;Quan trọng\r\n' >"$work/vi.csv"
printf '%s;"Hộ ""Một"" %s";Nguyễn Ánh %s;Chủ hộ;0901%s;%s-1;30/4/1990;\r\n' "$u1" "$tag" "$tag" "$tag" "$tag" >>"$work/vi.csv"
printf '%s;"Hộ ""Một"" %s";Trần Bình %s;Con;;;01/02/2010;không\r\n' "$u1" "$tag" "$tag" >>"$work/vi.csv"
takes 0 custodian "$work/vi.csv" --dry-run
silent
says 'would be new: 2, changed: 0, the same: 0. Bad lines: 0.'
written 0
takes 0 custodian "$work/vi.csv"
silent
says 'Persons new: 2, changed: 0, the same: 0. Bad lines: 0.'
written 2
is "SELECT DISTINCT h.display_name FROM lodge.household h JOIN lodge.person p ON p.household = h.id WHERE p.name LIKE '%$tag'" "Hộ \"Một\" $tag"
is "SELECT birth FROM lodge.person WHERE name = 'Nguyễn Ánh $tag'" 1990-04-30

case='RES-02 a second run changes nothing and says so'
before=$(sql "SELECT max(seq) FROM lodge.event WHERE book IN ('household', 'person')")
takes 0 estate "$work/vi.csv"
says 'Persons new: 0, changed: 0, the same: 2.'
says 'Nothing has changed.'
is "SELECT max(seq) FROM lodge.event WHERE book IN ('household', 'person')" "$before"

case='what differs is changed, by number or by name and birth'
sed "s/Ánh/An/; s/;0901/;0902/; s/Con/Vợ/" "$work/vi.csv" >"$work/new.csv"
takes 0 custodian "$work/new.csv" --dry-run
says 'would be new: 0, changed: 2, the same: 0.'
takes 0 custodian "$work/new.csv"
says 'Persons new: 0, changed: 2, the same: 0.'
written 2
is "SELECT mobile FROM lodge.person WHERE name = 'Nguyễn An $tag'" "0902$tag"

case='GB18030'
printf '单元,住户,姓名,关系,性别,重要\n%s,张家%s,张晓明%s,业主,男,是\n' "$u2" "$tag" "$tag" | iconv -t GB18030 >"$work/gb.csv"
takes 0 custodian "$work/gb.csv" --encoding GB18030
written 3
is "SELECT h.important FROM lodge.household h WHERE h.display_name = '张家$tag'" t
case='Big5'
printf '單元\t住戶\t姓名\t關係\t出生日期\n%s\t陳家%s\t陳美玲%s\t配偶\t1980/1/2\n' "$u3" "$tag" "$tag" | iconv -t BIG5 >"$work/b5.csv"
takes 0 custodian --encoding Big5 "$work/b5.csv"
is "SELECT relation || birth FROM lodge.person WHERE name = '陳美玲$tag'" spouse1980-01-02
case='the wrong encoding'
takes 1 custodian "$work/gb.csv"
faults 1:1

case='bad lines are all named and nothing is written'
{
	echo 'unit,household,name,relation,mobile,birth,id_no'
	echo "$u4,H $tag,Good $tag,owner,,,$tag-7"
	echo "$u4,H $tag,,captain,12,1990-13-01,"
	echo "99-9999,H $tag,Nowhere $tag,owner,,,"
	echo "$u4,H $tag,\"Open $tag,owner,,,"
	echo "$u4,H $tag,Twice $tag,owner,,,$tag 7"
	printf '%s,H %s,Esc\033[2J %s,owner,,,\n' "$u4" "$tag" "$tag"
} >"$work/bad.csv"
takes 1 custodian "$work/bad.csv"
faults 3:name 3:relation 3:mobile 3:birth 4:unit 5:name 6:id_no 7:name
says 'Nothing was written: 5 bad lines.'
written 4
takes 1 custodian "$work/bad.csv" --dry-run
says 'would be new: 1, changed: 0, the same: 0. Bad lines: 5.'
written 4
case='--skip-bad leaves them out'
takes 1 custodian "$work/bad.csv" --skip-bad
faults 3:name 3:relation 3:mobile 3:birth 4:unit 5:name 6:id_no 7:name
says 'Persons new: 1, changed: 0, the same: 0. Bad lines: 5.'
written 5
if grep -q "$tag" "$work/err"; then complain 'a report shows what a cell holds'; fi

case='usage, roles, export'
takes 2 custodian
takes 2 custodian "$work/vi.csv" --force
takes 2 custodian "$work/none.csv"
takes 2 custodian "$work/vi.csv" --encoding UTF-9000
takes 2 desk "$work/vi.csv"
: >"$work/empty.csv"
takes 1 custodian "$work/empty.csv"
faults 1:unit
LODGE_STAFF=custodian "$lodge" export >"$work/out" 2>"$work/err" && complain 'export ended well'
[ "$(wc -l <"$work/err")" = 1 ] || complain 'export does not answer with one sentence'

case='two lists at once and the desk beside them: everybody once, and nobody waits'
{
	echo 'unit,household,name,relation,mobile'
	for n in $(seq 400); do
		echo "$u4,Race $tag,Runner $n $tag,other,09$n$tag"
	done
} >"$work/race.csv"
LODGE_STAFF=custodian "$lodge" import "$work/race.csv" >"$work/one" 2>&1 &
one=$!
LODGE_STAFF=estate "$lodge" import "$work/race.csv" >"$work/two" 2>&1 &
two=$!
for n in $(seq 5); do
	echo 'household.list {"where":{"unit":"7-1203"}}'
done >"$work/desk"
LODGE_STAFF=desk timeout 10 "$lodge" call - <"$work/desk" >"$work/out" 2>"$work/err" || complain 'the desk waits'
[ "$(grep -c '"result"' "$work/out")" = 5 ] || complain 'the desk is refused'
wait $one || complain 'the first list failed'
wait $two || complain 'the second list failed'
is "SELECT count(*) || '|' || count(DISTINCT name) || '|' || count(DISTINCT household) FROM lodge.person WHERE name LIKE 'Runner %$tag'" '400|400|1'

[ "$failed" = 0 ] && echo 'import: all as it should be'
exit "$failed"
