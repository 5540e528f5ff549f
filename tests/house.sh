#!/bin/sh
# house.sh RULE: greps that keep the rules of the house which no compiler knows.
# One rule a call, one ctest each; silent when kept, else FILE:LINE and exit 1.
# Not for: anything that a compiler warning or a unit test can say.
set -eu
cd "$(dirname "$0")/.."

broken=0
# Reads findings on standard input and counts them.
report() {
	while IFS= read -r line; do
		printf '%s: %s\n' "$line" "$1"
		broken=1
	done
	return $broken
}

# Prints FILE:LINE of PATTERN in the files given, comments taken out.
in_code() {
	pattern=$1
	shift
	[ $# -gt 0 ] || return 0
	awk -v pattern="$pattern" '
		FNR == 1 { inside = 0 }
		{
			line = $0; out = ""
			while (line != "") {
				if (inside) {
					at = index(line, "*/")
					if (!at) { line = ""; break }
					line = substr(line, at + 2); inside = 0
				} else {
					at = index(line, "/*")
					if (!at) { out = out line; break }
					out = out substr(line, 1, at - 1)
					line = substr(line, at + 2); inside = 1
				}
			}
			sub(/\/\/.*/, "", out)
			if (out ~ pattern) print FILENAME ":" FNR
		}' "$@"
}

ours() { find common server client -name "*.[ch]" 2>/dev/null | sort; }

# What is derived from the descriptors and knows none of them by name.
GENERIC='^(server/(engine|read|admin/compile|members|admin/docs|admin/roles|dispatch)|client/(list|form|record|columns|sheet|value|cli))'
GENERIC="$GENERIC"'[a-z_]*[.][ch]$'

case ${1:-} in
includes) # server -> common <- client
	in_code '^#[ \t]*include[ \t]*"(server|client)/' $(ours | grep "^common") |
		report 'common may not include server or client' || broken=1
	in_code '^#[ \t]*include[ \t]*"client/' $(ours | grep "^server") |
		report 'the server may not include the client' || broken=1
	in_code '^#[ \t]*include[ \t]*"server/' $(ours | grep "^client") |
		report 'the client may not include the server' || broken=1
	;;
libraries) # each foreign header has its one door
	while read -r header doors; do
		files=$(ours | grep -vxE "$doors" || true)
		in_code "^#[ \t]*include[ \t]*<$header" $files |
			report "<$header> is included outside $doors" || broken=1
	done <<-END
		libpq-fe[.]h server/(db|lane|admin/admin)[.]c
		(n?curses(w/[a-z]*)?|ncursesw/[a-z]*|term)[.]h client/tty[.]c
		jansson[.]h common/node[.]c
		libconfig[.]h common/conf[.]c
		sodium[.]h (server/(crypt|auth)|client/sealed)[.]c
		(cairo|pango)[-a-z/]*[.]h server/print[.]h
	END
	;;
banned) # functions that cut corners
	in_code '(^|[^a-z_>.])(sprintf|vsprintf|strcpy|strcat|strtok|strtok_r|atoi|atol|gets|system|popen|alloca|tmpnam|mktemp|PQfn|PQescape[A-Za-z]*|lo_[a-z]+)[ \t]*[(]' \
		$(ours) | report 'banned call' || broken=1
	;;
length) # a file fits a head: 600 lines, tables and tests excepted
	{ ours; find server -name '*.sql'; echo run; } |
		grep -v '^common/books/' | while read -r file; do
		lines=$(wc -l <"$file" 2>/dev/null || echo 0)
		[ "$lines" -le 600 ] || echo "$file:$lines"
	done | report 'more than 600 lines' || broken=1
	;;
books) # generic code names no book; areas, staff, log and clock are what the mechanism is made of, and errors have a message
	names=$(sed -n 's/^const struct book book_\([a-z_]*\) = .*/\1/p' common/books/*.c |
		grep -vxE 'area|staff|event|deadline|message')
	[ -n "$names" ] || { echo 'tests/house.sh: no book was found'; broken=1; }
	files=$(ours | grep -E "$GENERIC")
	for name in $names; do
		in_code "\"$name[\".]|lodge[.]${name}([^a-z_]|\$)|[^a-z_]book_${name}([^a-z_]|\$)" $files |
			report "generic code names the book $name" || broken=1
	done
	;;
headers) # every file says what it is for; every header guards itself
	awk 'FNR == 1 && !/^\/\*/ { print FILENAME ":1" }' $(ours) |
		report 'no first comment: what the file is for, what not, its trap' || broken=1
	awk '
		FNR == 1 {
			if (file != "" && !has) print file ":1"
			file = guard = FILENAME; has = 0
			sub(/.*\//, "", guard); sub(/\.h$/, "", guard); gsub(/-/, "_", guard)
		}
		$0 == "#ifndef LODGE_" toupper(guard) "_H" { has = 1 }
		END { if (file != "" && !has) print file ":1" }' $(ours | grep "\.h$") |
		report 'no include guard of its own name' || broken=1
	;;
catalogues) # every marked text is translated in every language, and nothing else is
	kept=$(mktemp -d)
	trap 'rm -rf "$kept"' EXIT
	ours | LC_ALL=C.UTF-8 xgettext --language=C --from-code=UTF-8 -kN_ -ktr -ktr_in:2 \
		--files-from=- --output="$kept/pot" 2>"$kept/log" || { cat "$kept/log" >&2; exit 1; }
	for lang in zh_CN zh_TW vi; do
		po=client/po/$lang.po
		msgfmt --check-format --check-domain --output-file=/dev/null "$po" 2>&1 | report 'msgfmt' || broken=1
		msgmerge --quiet --no-fuzzy-matching "$po" "$kept/pot" >"$kept/po"
		while read -r kind says; do
			LC_ALL=C.UTF-8 msgattrib "--$kind" --no-wrap "$kept/po" | awk -v po="$po" '
				{ sub(/^#~ /, "") }
				split_up { if (/^"/) print po ": " $0; split_up = 0 }
				/^msgid ""$/ { split_up = 1 }
				/^msgid "./ { if (!split_up) print po ": " substr($0, 7) }
			' | report "$says" || broken=1
		done <<-END
			untranslated is not translated
			only-fuzzy is marked fuzzy: look at it
			only-obsolete is in no source any more
		END
	done
	;;
serving) # the part that faces the wire stays small enough to be read whole
	most=8450
	lines=$(in_code '[^ \t]' $(find server -maxdepth 1 -name '*.[ch]' ! -name 'print*') | wc -l)
	[ "$lines" -le "$most" ] || echo "server:$lines" | report "more than $most lines of C without blanks and comments" || broken=1
	;;
*)
	echo 'usage: house.sh includes|libraries|banned|length|books|headers|catalogues|serving' >&2
	exit 2
	;;
esac
exit "$broken"
