#!/bin/sh
# conf.sh LODGED LODGE: a broken configuration stops every program that reads it, with FILE:LINE.
#
# Each case breaks one line of a copy of conf/ and runs the real programs on it; no stack is
# needed, because files are judged before anything is connected.
# Not for: the reader's corners (tests/unit/test_conf.c). Trap: a case whose edit changes nothing
# would pass for nothing, so the line it is about must come out different.
set -eu
lodged=$1 lodge=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/lodge-conf.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset LODGE_STAFF LODGE_PASSWORD LODGE_STATE
export PGHOST="$work" LODGE_SERVER="unix:$work/none.sock"
failed=0

complain() {
	printf '%s: %s\n' "$case" "$1"
	sed 's/^/    /' "$work/said"
	failed=1
}

# The program ends with 1 (lodge: 2), and a line says FILE:LINE: … TEXT.
refuses() {
	wanted=$1
	shift
	status=0
	timeout 20 "$@" >"$work/said" 2>&1 </dev/null || status=$?
	[ "$status" = "$wanted" ] || complain "${1##*/} $2 ended with $status, not $wanted"
	grep -E "^([^ ]*/)?$file:$line: .*$text" "$work/said" >/dev/null ||
		complain "${1##*/} $2 does not say $file:$line: … $text"
}

# broken FILE 'SED' TEXT: breaks a fresh copy. The line is the first that differs, unless given.
broken() {
	file=$1 text=$3 case="$1 $2"
	rm -rf "$work/conf"
	cp -R conf "$work/conf"
	sed "$2" "conf/$file" >"$work/conf/$file"
	line=${4:-$(diff "conf/$file" "$work/conf/$file" | sed -n '1s/[^0-9].*//p')}
	added=$(diff "conf/$file" "$work/conf/$file" | sed -n '1s/^[0-9]*a\([0-9]*\).*/\1/p')
	line=${4:-${added:-$line}}
	[ -n "$line" ] || { : >"$work/said"; complain 'the edit changes nothing'; return; }
	case $file in
	lodged.conf)
		refuses 1 "$lodged" serve --conf "$work/conf"
		refuses 1 "$lodged" check --conf "$work/conf"
		;;
	policy.conf)
		refuses 1 "$lodged" policy apply --conf "$work/conf"
		refuses 1 "$lodged" check --conf "$work/conf"
		refuses 1 "$lodged" roles FD --conf "$work/conf"
		;;
	lodge.conf)
		LODGE_CONF="$work/conf" refuses 2 "$lodge" call hello
		LODGE_CONF="$work/conf" refuses 2 "$lodge" --plain
		;;
	esac
}

broken lodged.conf 's/^  nesting = 6/  nestling = 6/' 'nestling'
broken lodged.conf 's/^  port = 5432/  port = "5432"/' 'port'
broken lodged.conf 's/^  port = 5432/  port = true/' 'port'
broken lodged.conf 's/^  port = 5432/  port = 65536/' '65535'
broken lodged.conf 's/^  port = 5432/  port = -1/' 'port'
broken lodged.conf 's/^  port = 5432/  port = 4294967297/' 'too large'
broken lodged.conf 's/^  port = 5432/  port = 4294972728/' 'too large'
broken lodged.conf 's/^  port = 5432/  port = 18446744073709557048/' 'too large'
broken lodged.conf 's/^  port = 5432/  port = 5432.5/' 'port'
broken lodged.conf 's/^  port = 5432;/  port = 5432; port = 5432;/' ''
broken lodged.conf 's/^  port = 5432;/  port = ;/' ''
broken lodged.conf 's/^key_file = ""/key_file = 5/' 'key_file'

broken policy.conf 's/^  approval_days = 3/  approval_days = 31/' 'approval_days'
broken policy.conf 's/^  approval_days = 3/  approval_days = 4294967297/' 'too large'
broken policy.conf 's/^  approval_days = 3/  approval_days = "3"/' 'approval_days'
broken policy.conf 's/^  approval_days = 3/  approval_hours = 3/' 'approval_hours'
broken policy.conf 's/days = 1; }/days = 4294967297; }/' 'too large'
broken policy.conf 's/role = "FD";/role = "FDX";/' 'FDX'
broken policy.conf 's/approvers = \[ "GM" \]; escort = true; leaves = "no"/approvers = [ "GMX" ]; escort = true; leaves = "no"/' 'GMX'
broken policy.conf 's/reviewer = "GM"/reviewer = "XX"/' 'XX'
broken policy.conf 's/{ role = "OP";  lists = "contact"; }/{ role = "FD";  lists = "contact"; }/' 'FD'
broken policy.conf 's/class = "outsider"; refused = "LOAN-06"/class = "centre_staff"; refused = "LOAN-06"/' 'centre_staff'
broken policy.conf '/role = "OP"/d' 'OP' '[0-9]*'
broken policy.conf '/"excerpt".*"centre_staff"/d' 'excerpt.*centre_staff' '[0-9]*'
broken policy.conf 's/lists = "open"; }/lists = "sealed"; }/' 'sealed'
broken policy.conf 's/role = "FD";  lists/role = "FD"; lists_day = "name"; lists/' 'lists_day'
broken policy.conf 's/"2026-01-01"/"2026-02-30"/' '2026-02-30'
broken policy.conf 's/"08:00"/"25:00"/' 'day_starts'
broken policy.conf 's/"mon"/"moon"/' 'moon'
broken policy.conf 's|Asia/Ho_Chi_Minh|Asia/Nowhere|' 'Nowhere'

broken lodge.conf 's/^  page_rows = 50/  page_row = 50/' 'page_row'
broken lodge.conf 's/^  page_rows = 50/  page_rows = "50"/' 'page_rows'
broken lodge.conf 's/^  page_rows = 50/  page_rows = 201/' '200'
broken lodge.conf 's/^  page_rows = 50/  page_rows = 4294967346/' 'too large'
broken lodge.conf 's/^  lean = false/  lean = 1/' 'lean'
broken lodge.conf 's/^  theme = "default"/  theme = "pink"/' 'pink'
broken lodge.conf 's/^  language = "auto"/  language = "xx"/' 'xx'
broken lodge.conf '$a keys: { list: { approve = "e"; }; };' 'key e of list: both approve and endorse'
broken lodge.conf '$a keys: { list: { refresh = "o"; }; };' 'key o of list: both refresh and hand_out'
broken lodge.conf '$a keys: { lists: { approve = "g"; }; };' 'lists'
broken lodge.conf '$a keys: { list: { aprove = "g"; }; };' 'aprove'
broken lodge.conf '$a keys: { list: { approve = "Ctrl-S"; }; };' 'Ctrl-S'
broken lodge.conf '$a keys: { list: { approve = "7"; }; };' '7 is no key'
broken lodge.conf '$a keys: { form: { commit = "s"; }; };' 's is no key that can be bound in form'
broken lodge.conf '$a keys: { form: { back = "F10"; }; };' 'cannot be changed'
broken lodge.conf '$a keys: { list: { approve = 5; }; };' 'between quotes'
broken lodge.conf '$a keys: { list: { approve = [ "g", "e" ]; }; };' 'key e of list: both approve and endorse'
broken lodge.conf '$a keys: { list: { approve = []; }; };' 'between quotes'
broken lodge.conf '$a keys: { list: { approve = [ 5 ]; }; };' 'between quotes'
broken lodge.conf '$a keys: { list: "e"; };' 'must be a group'
broken lodge.conf '$a keys = ();' 'must be a group'

exit $failed
