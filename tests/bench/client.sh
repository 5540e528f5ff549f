# client.sh - bytes that the console writes per key, page and redraw, beside tig, newsboat and mc in the
# same recorder (screen.c) at 80x24 and 200x60; what it holds in memory; whether it sleeps when idle.
# Sourced by bench.sh. Trap: a terminal in application mode sends \eOB for the arrow down.
LISTS='list=\eOB*20,page=\e[6~*5,redraw=\l*3'

# record PROGRAM ROWS COLS STEPS COMMAND…: keeps the lines of the recorder as runs of PROGRAM.SIZE.STEP.
record() {
	program=$1 rows=$2 cols=$3 steps=$4
	shift 4
	$LODGE_AS env HOME="$WORK/home" LC_ALL=C.UTF-8 "$LODGE_SCREEN" "$rows" "$cols" "$steps" "$@" >"$WORK/record" 2>"$WORK/record.log" ||
		{ cat "$WORK/record.log" "$WORK/record" >&2; exit 1; }
	cat "$WORK/record.log" >&2
	while read -r step figures; do note "$program.${rows}x$cols.$step" "$figures"; done <"$WORK/record"
}

# What the peers show: mixed names, as ours.
peer_data() {
	mkdir -p "$WORK/home/files" "$WORK/home/repository"
	i=0
	for _ in $(seq 40); do
		for word in 张小明 Nguyễn-Thị-Ánh 'lift-repair' 陳美玲 Trần-Văn-Minh invoice; do
			i=$((i + 1))
			: >"$WORK/home/files/$word-$i"
			echo "$word $i" >>"$WORK/home/titles"
		done
	done
	git -C "$WORK/home/repository" init -q -b main
	awk '{ m = "entry " NR; printf "commit refs/heads/main\ncommitter %s <a@example.org> %d +0000\ndata %d\n%s\n", $1, 1700000000 + NR * 3600, length(m), m }' \
		"$WORK/home/titles" | git -C "$WORK/home/repository" fast-import --quiet
	{
		echo '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>desk</title><link>http://localhost/</link><description>d</description>'
		awk '{ printf "<item><title>%s</title><link>http://localhost/%d</link><guid>g%d</guid><description>x</description></item>", $0, NR, NR }' "$WORK/home/titles"
		echo '</channel></rss>'
	} >"$WORK/home/feed.xml"
	echo "file://$WORK/home/feed.xml" >"$WORK/home/urls"
	mkdir -p "$WORK/home/.newsboat" "$WORK/home/.config" "$WORK/home/.cache" "$WORK/home/.local/share"
	chmod -R a+rwX "$WORK/home"
	$LODGE_AS env HOME="$WORK/home" git config --global safe.directory '*'
	$LODGE_AS env HOME="$WORK/home" LC_ALL=C.UTF-8 newsboat -u "$WORK/home/urls" -c "$WORK/home/news.db" -x reload >/dev/null 2>&1
}

bench_client() {
	peer_data
	for run in $(seq "$RUNS"); do
		for size in '24 80' '60 200'; do
			record lodge $size "-=:person\\r,$LISTS,-=\\e,-=/,typed=a*5,wide=张*5,back=\\b*5,-=\\e\\e,idle=idle*8,rss=rss" \
				env LODGE_STAFF=custodian LODGE_PASSWORD=lodge-demo "$LODGE_BIN/lodge"
			record tig $size "$LISTS,-=/,typed=a*5,wide=张*5,back=\\b*5,-=\\e,idle=idle*8,rss=rss" \
				env GIT_DIR="$WORK/home/repository/.git" GIT_WORK_TREE="$WORK/home/repository" tig
			record newsboat $size "-=\\r,$LISTS,-=/,typed=a*5,wide=张*5,back=\\b*5,-=\\e,idle=idle*8,rss=rss" \
				newsboat -q -u "$WORK/home/urls" -c "$WORK/home/news.db"
			record mc $size "$LISTS,typed=a*5,wide=张*5,back=\\b*5,idle=idle*8,rss=rss" mc -u "$WORK/home/files" "$WORK/home/files"
		done
	done
	for size in 24x80 60x200; do
		for step in list page redraw typed wide back; do client_row $size $step; done
		row "client MiB, $size, least of the three" "$(figure lodge.$size.rss 1)" "$(least $size rss)" -
	done
	row 'client MiB, 60x200' "$(figure lodge.60x200.rss 1)" - '<8'
	row 'client wake-ups in 8 s idle, least of the three' "$(figure lodge.24x80.idle 1)" "$(least 24x80 idle)" '+0'
}

# The least of the three peers is the one to be beside.
least() { for program in tig newsboat mc; do figure "$program.$1.$2" 1; done | sort -n | head -n 1; }

# The goals of ui.md B: what one key may cost.
client_row() {
	case $1.$2 in
	24x80.list) goal='<175' ;; 24x80.page) goal='<1000' ;; 60x200.page) goal='<4000' ;;
	24x80.redraw) goal='<1850' ;; 60x200.redraw) goal='<4600' ;;
	*.typed) goal='<8' ;; *.wide) goal='<10' ;; *.back) goal='<12' ;; *) goal=- ;;
	esac
	for program in tig newsboat mc; do
		row "bytes a $2, $1, $program" "$(figure lodge."$1"."$2" 1)" "$(figure "$program.$1.$2" 1)" $goal
	done
}
