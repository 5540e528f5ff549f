/*
 * tty.c - the terminal: modes, signals, events in, pictures out.
 *
 * The only file with curses in it, and curses only paints: input is read and decoded here, because
 * its own blocking read loses a resize that lands just before it and waits inside an escape.
 * Not for: layout or meaning. Trap: nothing else may write to standard output or standard error
 * while the terminal is open.
 */
#include "client/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "client/ambiguous.h"
#include "client/decode.h"
#include "client/pace.h"
#include "common/i18n.h"
#include "common/text.h"

/* Last: these two define lower-case macros that would break other headers. */
#include <curses.h>
#include <term.h>

enum { MIN_ROWS = 24, MIN_COLS = 80, MAX_SIDE = 1000, FDS_MAX = 16 };

static struct {
	bool open, gone, lean, held;
	bool tell_gone, tell_resize; /* events not given yet */
	bool probed, probing;        /* is asked, or was, how wide ambiguous characters are */
	bool wide;                   /* two cells: they are not painted */
	int64_t probed_at;
	struct pace pace;
	uint64_t picture, shown;     /* what is painted now, and what the terminal was sent, as one number */
	bool all;                    /* the next picture is sent whatever it is */
	SCREEN *screen;
	struct decode decode;
	sigset_t outside;            /* the mask that lets our signals in */
	struct termios before;
	int cursor_row, cursor_col;
	attr_t attrs[STYLE_END];
	short pairs[STYLE_END];
} tty;

static volatile sig_atomic_t got_winch, got_hangup;

static int64_t now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void on_signal(int number)
{
	if (number == SIGWINCH)
		got_winch = 1;
	else
		got_hangup = 1;
}

/* A bug must not leave the shell in raw mode. Only async-signal-safe calls. */
static void on_crash(int number)
{
	static const char reset[] = "\033[0m\033[?2004l\033[?1049l\033[?25h\r\n";

	if (write(STDOUT_FILENO, reset, sizeof(reset) - 1) < 0)
		_exit(128 + number);
	tcsetattr(STDIN_FILENO, TCSANOW, &tty.before);
	raise(number); /* SA_RESETHAND: ends as it would have */
}

static void catch_signals(void)
{
	static const int ends[] = {SIGHUP, SIGTERM, SIGINT, SIGWINCH};
	static const int ignored[] = {SIGTSTP, SIGQUIT, SIGPIPE, SIGTTOU};
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	struct sigaction act = { .sa_handler = on_signal };
	sigset_t inside;

	sigemptyset(&inside);
	for (size_t i = 0; i < NITEMS(ends); i++) {
		sigaddset(&inside, ends[i]);
		sigaction(ends[i], &act, NULL);
	}
	act.sa_handler = SIG_IGN;
	for (size_t i = 0; i < NITEMS(ignored); i++)
		sigaction(ignored[i], &act, NULL);
	act.sa_handler = on_crash;
	act.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
	for (size_t i = 0; i < NITEMS(crashes); i++)
		sigaction(crashes[i], &act, NULL);
	sigprocmask(SIG_BLOCK, &inside, &tty.outside);
	for (size_t i = 0; i < NITEMS(ends); i++)
		sigdelset(&tty.outside, ends[i]);
}

/* What the terminal's description says beyond the encodings that decode.c knows. */
static void learn_keys(void)
{
	static const struct { const char *capability; enum key_kind kind; } keys[] = {
		{"kcuu1", K_UP}, {"kcud1", K_DOWN}, {"kcub1", K_LEFT}, {"kcuf1", K_RIGHT},
		{"khome", K_HOME}, {"kend", K_END}, {"kpp", K_PGUP}, {"knp", K_PGDN},
		{"kdch1", K_DELETE}, {"kich1", K_INSERT}, {"kcbt", K_BACKTAB}, {"kent", K_ENTER},
		{"kf1", K_F1}, {"kf2", K_F2}, {"kf3", K_F3}, {"kf4", K_F4}, {"kf5", K_F5},
		{"kf6", K_F6}, {"kf7", K_F7}, {"kf8", K_F8}, {"kf9", K_F9}, {"kf10", K_F10},
		{"kf11", K_F11}, {"kf12", K_F12}, {"kLFT5", K_WORD_LEFT}, {"kRIT5", K_WORD_RIGHT},
	};

	for (size_t i = 0; i < NITEMS(keys); i++) {
		const char *bytes = tigetstr(keys[i].capability);

		if (bytes != NULL && bytes != (const char *)-1 && bytes[0] == '\033')
			decode_learn(&tty.decode, bytes, keys[i].kind);
	}
}

struct look {
	attr_t attrs;
	short colour; /* -1 = the terminal's own */
};

/* Meaning is never in the colour alone, so mono only loses decoration. Colour 8 (dark grey) and
 * any background are not used: both vanish on somebody's theme. */
static const struct look looks[STYLE_END] = {
	[STYLE_TEXT] = {A_NORMAL, -1},
	[STYLE_TITLE] = {A_REVERSE, -1},
	[STYLE_FOOTER] = {A_NORMAL, -1},
	[STYLE_KEY] = {A_BOLD, -1},
	[STYLE_SELECT] = {A_REVERSE, -1},
	[STYLE_ERROR] = {A_BOLD, COLOR_RED},
	[STYLE_LATE] = {A_BOLD, COLOR_MAGENTA},
	[STYLE_LOCKED] = {A_NORMAL, COLOR_CYAN},
	[STYLE_FIELD] = {A_NORMAL, -1},
	[STYLE_STOP] = {A_REVERSE, COLOR_RED},
};

static bool wants_colour(const struct tty_options *options)
{
	const char *no = getenv("NO_COLOR");
	const char *when = options->colour != NULL ? options->colour : "auto";

	if (options->theme != NULL && strcmp(options->theme, "mono") == 0)
		return false;
	if (strcmp(when, "never") == 0)
		return false;
	return has_colors() && (strcmp(when, "always") == 0 || no == NULL || no[0] == '\0');
}

static void set_looks(const struct tty_options *options)
{
	bool strong = options->theme != NULL && strcmp(options->theme, "high-contrast") == 0;
	bool colour = wants_colour(options);

	if (colour) {
		start_color();
		use_default_colors();
	}
	for (int i = 0; i < STYLE_END; i++) {
		tty.attrs[i] = looks[i].attrs;
		tty.pairs[i] = 0;
		if (strong && i != STYLE_FIELD && i != STYLE_TEXT)
			tty.attrs[i] |= A_BOLD;
		if (!colour || looks[i].colour < 0 || (strong && i == STYLE_LOCKED))
			continue;
		init_pair((short)(i + 1), looks[i].colour, -1);
		tty.pairs[i] = (short)(i + 1);
	}
}

/* Our layout counts cells with wcwidth, so the codeset must be UTF-8 whatever the host says. */
static bool set_codeset(void)
{
	if (setlocale(LC_CTYPE, "") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return true;
	return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

/* Refuses what cannot hold a screen before curses gets to end the process. */
static const char *find_fault(void)
{
	static const char *const traps[] = {"TERMINFO", "TERMINFO_DIRS", "TERMCAP", "LINES",
		"COLUMNS", "ESCDELAY"};
	const char *term = getenv("TERM");
	int found = 0;
	bool able;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return N_("Lodge needs a terminal; for scripts there is lodge call.");
	if (!set_codeset())
		return N_("This host has no UTF-8 locale.");
	for (size_t i = 0; i < NITEMS(traps); i++)
		unsetenv(traps[i]);
	setenv("NCURSES_NO_PADDING", "1", 1);
	if (term == NULL || term[0] == '\0' || strchr(term, '/') != NULL || strlen(term) > 64)
		return N_("TERM names no terminal; try TERM=vt100.");
	if (setupterm(term, STDOUT_FILENO, &found) != OK || found != 1)
		return N_("TERM names a terminal that this host does not know; try TERM=vt100.");
	able = cursor_address != NULL && clr_eol != NULL;
	del_curterm(cur_term); /* newterm reads it again */
	return able ? NULL : N_("This terminal cannot place its cursor; try TERM=vt100, or --plain.");
}

static void send_raw(const char *bytes)
{
	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0)
		tty.gone = true;
}

static void fit_screen(void)
{
	struct winsize size = { .ws_row = MIN_ROWS, .ws_col = MIN_COLS };
	int rows, cols;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	rows = size.ws_row > 0 ? size.ws_row : MIN_ROWS;
	cols = size.ws_col > 0 ? size.ws_col : MIN_COLS;
	resize_term(rows < MAX_SIDE ? rows : MAX_SIDE, cols < MAX_SIDE ? cols : MAX_SIDE);
	tty_redraw();
}

enum err tty_open(const struct tty_options *options, const char **why)
{
	static const struct tty_options plain;

	if (options == NULL)
		options = &plain;
	*why = find_fault();
	if (*why != NULL)
		return ERR_INVALID;
	memset(&tty, 0, sizeof(tty));
	tcgetattr(STDIN_FILENO, &tty.before);
	catch_signals(); /* before curses, which takes the signals that nobody handles */
	decode_init(&tty.decode, options->esc_delay_ms > 0 ? options->esc_delay_ms : 50);
	tty.screen = newterm(NULL, stdout, stdin);
	if (tty.screen == NULL) {
		*why = N_("This terminal cannot be opened; try TERM=vt100.");
		return ERR_INVALID;
	}
	learn_keys();
	raw();
	noecho();
	nonl();
	typeahead(-1);
	scrollok(stdscr, FALSE);
	set_looks(options);
	fit_screen();
	send_raw("\033[?2004h");
	tty.lean = options->lean;
	tty.open = true;
	return OK;
}

void tty_close(void)
{
	if (!tty.open)
		return;
	tty.open = false;
	werase(stdscr);
	clearok(curscr, TRUE);
	wrefresh(stdscr); /* terminals without a second screen must not keep names either */
	send_raw("\033[?2004l");
	endwin();
	delscreen(tty.screen);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &tty.before);
	decode_done(&tty.decode);
}

/* Prints an ambiguous character on a blank screen and asks where the cursor is then. */
static void probe(void)
{
	WINDOW *blank = newwin(0, 0, 0, 0);

	tty.probed = true;
	if (blank == NULL)
		return;
	wrefresh(blank);
	delwin(blank);
	touchwin(stdscr);
	send_raw("\0337\033[2;1H\342\224\200\033[6n\033[2;1H  \0338");
	tty.probing = true;
	tty.probed_at = now_ms();
}

/* What the terminal answers is no key. */
static void take_answers(void)
{
	int column;

	if (tty.probing && decode_take_answer(&tty.decode, 2, 'R', &column)) {
		tty.probing = false;
		tty.wide = column > 2;
		tty.pace.latency = now_ms() - tty.probed_at;
		if (tty.wide)
			tty_redraw();
	}
	while (tty.pace.under_way > 0 && decode_take_answer(&tty.decode, 0, 'n', &column))
		pace_answered(&tty.pace, now_ms());
}

static void read_keys(void)
{
	char bytes[4096];

	for (;;) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
		size_t room = decode_room(&tty.decode);
		ssize_t n;

		if (room == 0 || poll(&fd, 1, 0) <= 0)
			return;
		n = read(STDIN_FILENO, bytes, room < sizeof(bytes) ? room : sizeof(bytes));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return;
		if (n <= 0) { /* end of file or EIO: the link is cut */
			tty.gone = tty.tell_gone = true;
			return;
		}
		decode_feed(&tty.decode, bytes, (size_t)n, now_ms());
		explicit_bzero(bytes, (size_t)n);
		take_answers();
	}
}

static void note_signals(void)
{
	if (got_hangup) {
		got_hangup = 0;
		tty.gone = tty.tell_gone = true;
	}
	if (got_winch) {
		got_winch = 0;
		fit_screen();
		tty.tell_resize = true;
	}
}

int tty_wait(struct pollfd *fds, size_t nfds, int timeout_ms)
{
	struct pollfd all[FDS_MAX + 1];
	struct timespec limit;
	int pending = decode_wait(&tty.decode, now_ms()), ready;

	if (nfds > FDS_MAX)
		nfds = FDS_MAX;
	/* Keys that are held back do not wake anybody. */
	if (pending >= 0 && !tty.held && (timeout_ms < 0 || pending < timeout_ms))
		timeout_ms = pending;
	if (pace_deadline(&tty.pace) >= 0) {
		int64_t left = pace_deadline(&tty.pace) - now_ms();

		left = left > 0 ? left : 0;
		if (timeout_ms < 0 || left < timeout_ms)
			timeout_ms = (int)left;
	}
	if (tty.tell_gone || tty.tell_resize)
		timeout_ms = 0;
	all[0] = (struct pollfd){ .fd = tty.gone || decode_room(&tty.decode) == 0 ? -1 : STDIN_FILENO,
		.events = POLLIN };
	for (size_t i = 0; i < nfds; i++)
		all[i + 1] = fds[i];
	limit = (struct timespec){ .tv_sec = timeout_ms / 1000,
		.tv_nsec = (long)(timeout_ms % 1000) * 1000000 };
	ready = ppoll(all, nfds + 1, timeout_ms < 0 ? NULL : &limit, &tty.outside);
	for (size_t i = 0; i < nfds; i++)
		fds[i].revents = ready > 0 ? all[i + 1].revents : 0;
	note_signals();
	if (ready > 0 && all[0].revents != 0) {
		ready--;
		read_keys();
	}
	return ready > 0 ? ready : 0;
}

bool tty_next(struct key *out, bool hold)
{
	*out = (struct key){ .kind = K_UNSET };
	tty.held = hold;
	if (tty.tell_gone) {
		tty.tell_gone = false;
		out->kind = K_EOF;
		return true;
	}
	if (tty.tell_resize) {
		tty.tell_resize = false;
		out->kind = K_RESIZE;
		return true;
	}
	return !hold && decode_next(&tty.decode, now_ms(), out);
}

void tty_hold(bool hold)
{
	tty.held = hold;
}

bool tty_escape_waits(void)
{
	return decode_ends_with_escape(&tty.decode, now_ms());
}

void tty_size(int *rows, int *cols)
{
	getmaxyx(stdscr, *rows, *cols);
}

bool tty_begin(void)
{
	char sentence[256];
	int rows, cols;

	werase(stdscr);
	tty.picture = UINT64_C(14695981039346656037);
	tty_cursor(0, 0);
	tty_size(&rows, &cols);
	if (rows >= MIN_ROWS && cols >= MIN_COLS)
		return true;
	snprintf(sentence, sizeof(sentence), tr(N_("Need %dx%d, have %dx%d")), MIN_COLS, MIN_ROWS,
		cols, rows);
	tty_put(0, 0, cols, sentence, STYLE_TEXT);
	return false;
}

/* Paints clean text (from text_fit) cell by cell; returns the column behind it. */
static int paint(int row, int col, const char *s, enum style style)
{
	wchar_t chars[CCHARW_MAX + 1];
	size_t n = strlen(s), i = 0;

	while (i < n) {
		size_t count = 0;
		int width = 1;
		cchar_t cell;

		while (i < n && count < CCHARW_MAX) {
			uint32_t cp = ' ';
			size_t used = text_decode(s + i, n - i, &cp);

			if (count > 0 && wcwidth((wchar_t)cp) > 0)
				break;
			if (count == 0 && wcwidth((wchar_t)cp) > 0)
				width = wcwidth((wchar_t)cp);
			chars[count++] = (wchar_t)cp;
			i += used > 0 ? used : 1;
		}
		if (tty.wide)
			chars[0] = (wchar_t)ambiguous_narrow((uint32_t)chars[0]);
		chars[count] = L'\0';
		setcchar(&cell, chars, tty.attrs[style], tty.pairs[style], NULL);
		mvwadd_wchnstr(stdscr, row, col, &cell, 1);
		col += width;
	}
	return col;
}

static void mix(const void *bytes, size_t n)
{
	for (const unsigned char *p = bytes; n > 0; n--)
		tty.picture = (tty.picture ^ *p++) * UINT64_C(1099511628211);
}

static int put(int row, int col, int width, const char *text, enum style style)
{
	char fitted[16 * MAX_SIDE + 1];
	int rows, cols;

	tty_size(&rows, &cols);
	if (row < 0 || row >= rows || col < 0 || col >= cols || width <= 0)
		return col;
	if (width > cols - col)
		width = cols - col;
	text_fit(fitted, sizeof(fitted), text != NULL ? text : "", width);
	mix((int[]){row, col, width, (int)style}, 4 * sizeof(int));
	mix(fitted, strlen(fitted));
	return paint(row, col, fitted, style);
}

void tty_put(int row, int col, int width, const char *text, enum style style)
{
	put(row, col, width, text, style);
}

int tty_say(int row, int col, int width, const char *text, enum style style)
{
	int wanted = text != NULL ? text_width(text) : 0;

	return put(row, col, wanted < width ? wanted : width, text, style);
}

void tty_rule(int row, int col, int width)
{
	char dashes[MAX_SIDE + 1];
	size_t n = width < 0 ? 0 : width < MAX_SIDE ? (size_t)width : MAX_SIDE;

	memset(dashes, '-', n);
	dashes[n] = '\0';
	put(row, col, width, dashes, STYLE_TEXT);
}

void tty_cursor(int row, int col)
{
	tty.cursor_row = row;
	tty.cursor_col = col;
}

void tty_end(void)
{
	int rows, cols;

	tty_size(&rows, &cols);
	mix((int[]){rows, cols, tty.cursor_row, tty.cursor_col}, 4 * sizeof(int));
	if (tty.picture == tty.shown && !tty.all)
		return;
	/* A picture that is not sent is made anew when the terminal has taken the last one. */
	if (tty.gone || !pace_may_draw(&tty.pace, now_ms()))
		return;
	if (!tty.probed)
		probe();
	wmove(stdscr, tty.cursor_row < rows ? tty.cursor_row : rows - 1,
		tty.cursor_col < cols ? tty.cursor_col : cols - 1);
	wrefresh(stdscr);
	tty.shown = tty.picture;
	tty.all = false;
	if (pace_asks(&tty.pace, now_ms()))
		send_raw("\033[5n");
}

void tty_redraw(void)
{
	clearok(curscr, TRUE);
	tty.all = true;
}

void tty_wipe(void)
{
	werase(stdscr);
	tty_redraw();
	wrefresh(stdscr);
}

void tty_bell(void)
{
	beep();
}

bool tty_is_lean(void)
{
	return tty.lean;
}
