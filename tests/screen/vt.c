/*
 * vt.c - a terminal in memory.
 *
 * One poll loop moves bytes both ways: what the program writes goes into libvterm, what the test
 * types goes to the program. Not for: assertions; tests make them.
 * Trap: a write to the program may block when it does not read, so input is sent in pieces while
 * its output is drained.
 */
#include "tests/screen/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vterm.h>

#include "client/key.h"
#include "common/text.h"

enum { OUTPUT_MAX = 4 << 20, PIECE = 1024, STEP_MS = 10 };

struct vt {
	VTerm *term;
	VTermScreen *screen;
	int fd, rows, cols;
	pid_t pid;
	bool ended, mouse, alternate, shown;
	VTermPos cursor;
	size_t bytes, bells, noutput, capacity, questions;
	bool claims_wide;
	char *output, title[128];
	int per_second;
	struct vt_beside beside;
};

static int64_t now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct vt *vt = user;

	(void)old;
	(void)visible;
	vt->cursor = pos;
	return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (property == VTERM_PROP_CURSORVISIBLE)
		vt->shown = value->boolean != 0;
	else if (property == VTERM_PROP_ALTSCREEN)
		vt->alternate = value->boolean != 0;
	else if (property == VTERM_PROP_MOUSE)
		vt->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	else if (property == VTERM_PROP_TITLE)
		snprintf(vt->title, sizeof(vt->title), "%s", value->string);
	return 1;
}

static int on_bell(void *user)
{
	struct vt *vt = user;

	vt->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.movecursor = on_cursor,
	.settermprop = on_property,
	.bell = on_bell,
};

static void keep(struct vt *vt, const char *bytes, size_t n)
{
	if (vt->noutput + n + 1 > vt->capacity && vt->capacity < OUTPUT_MAX) {
		size_t capacity = (vt->noutput + n + 1) * 2;
		char *output = realloc(vt->output, capacity);

		if (output != NULL) {
			vt->output = output;
			vt->capacity = capacity;
		}
	}
	if (vt->noutput + n + 1 <= vt->capacity) {
		memcpy(vt->output + vt->noutput, bytes, n);
		vt->noutput += n;
		vt->output[vt->noutput] = '\0';
	}
}

/* Takes what the program wrote, waiting at most ms; false at the end of its output. */
static bool drain(struct vt *vt, int ms)
{
	struct pollfd fd = { .fd = vt->fd, .events = POLLIN };
	size_t size = vt->per_second > 0 ? (size_t)vt->per_second / 100 + 1 : 65536;
	char bytes[65536];
	ssize_t n;

	if (vt->ended)
		return false;
	if (poll(&fd, 1, ms) <= 0)
		return true;
	n = read(vt->fd, bytes, size);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0) {
		vt->ended = true;
		return false;
	}
	vt->bytes += (size_t)n;
	keep(vt, bytes, (size_t)n);
	vterm_input_write(vt->term, bytes, (size_t)n);
	vterm_screen_flush_damage(vt->screen);
	if (vt->per_second > 0)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	return true;
}

void vt_send(struct vt *vt, const char *bytes, size_t n)
{
	while (n > 0 && !vt->ended) {
		struct pollfd fd = { .fd = vt->fd, .events = POLLOUT };
		ssize_t put = 0;

		if (poll(&fd, 1, 0) > 0 && (fd.revents & POLLOUT))
			put = write(vt->fd, bytes, n < PIECE ? n : PIECE);
		if (put > 0) {
			bytes += put;
			n -= (size_t)put;
		}
		if (n > 0)
			drain(vt, put > 0 ? 0 : STEP_MS);
	}
}

static void on_output(const char *bytes, size_t n, void *user)
{
	struct vt *vt = user;

	if (n == 4 && memcmp(bytes, "\033[0n", 4) == 0)
		vt->questions++;
	if (vt->claims_wide && n == 6 && memcmp(bytes, "\033[2;2R", 6) == 0)
		bytes = "\033[2;3R";
	vt_send(user, bytes, n);
}

static void start_child(const char *term, const char *lang, const char *const *extra, char *const argv[])
{
	static const char *const unset[] = {"NO_COLOR", "LANGUAGE", "LINES", "COLUMNS", "LC_ALL"};

	for (size_t i = 0; i < NITEMS(unset); i++)
		unsetenv(unset[i]);
	setenv("TERM", term, 1);
	setenv("LANG", "C.UTF-8", 1);
	setenv("LODGE_LANG", lang != NULL ? lang : "en", 1);
	for (; extra != NULL && *extra != NULL; extra++)
		putenv((char *)(uintptr_t)*extra);
	execv(argv[0], argv);
	_exit(127);
}

struct vt *vt_start(int rows, int cols, const char *term, const char *lang,
	const char *const *extra, char *const argv[])
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	struct vt *vt = calloc(1, sizeof(*vt));

	if (vt == NULL)
		return NULL;
	vt->pid = forkpty(&vt->fd, NULL, NULL, &size);
	if (vt->pid == 0)
		start_child(term, lang, extra, argv);
	if (vt->pid < 0) {
		free(vt);
		return NULL;
	}
	vt->rows = rows;
	vt->cols = cols;
	vt->shown = true;
	fcntl(vt->fd, F_SETFD, FD_CLOEXEC);
	vt->term = vterm_new(rows, cols);
	vterm_set_utf8(vt->term, 1);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
	vterm_output_set_callback(vt->term, on_output, vt);
	return vt;
}

void vt_puts(struct vt *vt, const char *text)
{
	vt_send(vt, text, strlen(text));
}

static VTermKey code_of(enum key_kind kind)
{
	static const struct { enum key_kind kind; VTermKey code; } codes[] = {
		{K_ENTER, VTERM_KEY_ENTER}, {K_TAB, VTERM_KEY_TAB}, {K_BACKTAB, VTERM_KEY_TAB},
		{K_ESC, VTERM_KEY_ESCAPE}, {K_BACKSPACE, VTERM_KEY_BACKSPACE}, {K_DELETE, VTERM_KEY_DEL},
		{K_INSERT, VTERM_KEY_INS}, {K_UP, VTERM_KEY_UP}, {K_DOWN, VTERM_KEY_DOWN},
		{K_LEFT, VTERM_KEY_LEFT}, {K_RIGHT, VTERM_KEY_RIGHT}, {K_WORD_LEFT, VTERM_KEY_LEFT},
		{K_WORD_RIGHT, VTERM_KEY_RIGHT}, {K_HOME, VTERM_KEY_HOME}, {K_END, VTERM_KEY_END},
		{K_PGUP, VTERM_KEY_PAGEUP}, {K_PGDN, VTERM_KEY_PAGEDOWN},
	};

	if (kind >= K_F1 && kind <= K_F12)
		return (VTermKey)(VTERM_KEY_FUNCTION_0 + 1 + (int)(kind - K_F1));
	for (size_t i = 0; i < NITEMS(codes); i++)
		if (codes[i].kind == kind)
			return codes[i].code;
	return VTERM_KEY_NONE;
}

bool vt_key(struct vt *vt, const char *name)
{
	VTermModifier with = VTERM_MOD_NONE;
	struct key key;

	if (key_of_name(name, &key) != OK)
		return false;
	if (key.kind == K_TEXT || key.kind == K_ALT) {
		vterm_keyboard_unichar(vt->term, key.cp, key.kind == K_ALT ? VTERM_MOD_ALT : with);
	} else if (key.kind == K_CTRL) {
		char byte = (char)(key.cp - 'a' + 1);

		vt_send(vt, &byte, 1);
	} else {
		if (key.kind == K_BACKTAB)
			with = VTERM_MOD_SHIFT;
		if (key.kind == K_WORD_LEFT || key.kind == K_WORD_RIGHT)
			with = VTERM_MOD_CTRL;
		vterm_keyboard_key(vt->term, code_of(key.kind), with);
	}
	return true;
}

void vt_paste(struct vt *vt, const char *text, size_t n)
{
	vterm_keyboard_start_paste(vt->term);
	vt_send(vt, text, n);
	vterm_keyboard_end_paste(vt->term);
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->term, rows, cols);
	ioctl(vt->fd, TIOCSWINSZ, &size);
}

void vt_throttle(struct vt *vt, int bytes_per_second)
{
	vt->per_second = bytes_per_second;
}

struct vt_cell vt_cell(const struct vt *vt, int row, int col)
{
	VTermPos pos = { .row = row, .col = col };
	struct vt_cell cell = { .width = 1 };
	VTermScreenCell raw;
	size_t n = 0;

	if (row < 0 || col < 0 || row >= vt->rows || col >= vt->cols ||
			!vterm_screen_get_cell(vt->screen, pos, &raw))
		return cell;
	if (raw.chars[0] == (uint32_t)-1) {
		cell.width = 0;
		return cell;
	}
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && raw.chars[i] != 0; i++)
		n += text_encode(raw.chars[i], cell.text + n);
	if (n == 0)
		cell.text[n++] = ' ';
	cell.text[n] = '\0';
	cell.width = raw.width;
	cell.bold = raw.attrs.bold;
	cell.underline = raw.attrs.underline != VTERM_UNDERLINE_OFF;
	cell.reverse = raw.attrs.reverse;
	cell.coloured = !VTERM_COLOR_IS_DEFAULT_FG(&raw.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&raw.bg);
	return cell;
}

/* Appends the text of one row from col on, without blanks at its end. */
static void append_row(const struct vt *vt, int row, int col, struct buf *out)
{
	for (; col < vt->cols; col++)
		buf_puts(out, vt_cell(vt, row, col).text);
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

const char *vt_row(const struct vt *vt, int row)
{
	static char rows[8][4096];
	static size_t turn;
	char *text = rows[turn++ % NITEMS(rows)];
	struct buf out;

	buf_init(&out, sizeof(rows[0]) - 1);
	append_row(vt, row, 0, &out);
	snprintf(text, sizeof(rows[0]), "%s", out.data);
	buf_done(&out);
	return text;
}

char *vt_screen_text(const struct vt *vt)
{
	struct buf out;
	char *text;

	buf_init(&out, 1 << 20);
	for (int row = 0; row < vt->rows; row++) {
		buf_puts(&out, vt_row(vt, row));
		buf_puts(&out, "\n");
	}
	text = strdup(out.data);
	buf_done(&out);
	return text;
}

static bool holds_text(const struct vt *vt, const char *text)
{
	bool found = false;

	for (int row = 0; row < vt->rows && !found; row++)
		found = strstr(vt_row(vt, row), text) != NULL;
	return found;
}

bool vt_wait_text(struct vt *vt, const char *text, int ms)
{
	int64_t end = now_ms() + ms;

	while (!holds_text(vt, text))
		if (now_ms() >= end || !drain(vt, STEP_MS))
			return holds_text(vt, text);
	return true;
}

bool vt_wait_gone(struct vt *vt, const char *text, int ms)
{
	int64_t end = now_ms() + ms;

	while (holds_text(vt, text))
		if (now_ms() >= end || !drain(vt, STEP_MS))
			return !holds_text(vt, text);
	return true;
}

static bool is_at(const struct vt *vt, int row, int col, const char *text)
{
	struct buf out;
	bool found;

	buf_init(&out, 1 << 16);
	append_row(vt, row, col, &out);
	found = strncmp(out.data, text, strlen(text)) == 0;
	buf_done(&out);
	return found;
}

bool vt_wait_at(struct vt *vt, int row, int col, const char *text, int ms)
{
	int64_t end = now_ms() + ms;

	while (!is_at(vt, row, col, text))
		if (now_ms() >= end || !drain(vt, STEP_MS))
			return is_at(vt, row, col, text);
	return true;
}

bool vt_wait_cursor(struct vt *vt, int row, int col, int ms)
{
	int64_t end = now_ms() + ms;

	while (vt->cursor.row != row || vt->cursor.col != col)
		if (now_ms() >= end || !drain(vt, STEP_MS))
			return vt->cursor.row == row && vt->cursor.col == col;
	return true;
}

bool vt_wait_end(struct vt *vt, int ms)
{
	int64_t end = now_ms() + ms;

	while (drain(vt, STEP_MS))
		if (now_ms() >= end)
			return false;
	return true;
}

void vt_set_beside(struct vt *vt, const struct vt_beside *beside)
{
	vt->beside = *beside;
}

/* True while the program runs or waits for its turn to: what was typed may not have reached it yet. */
static bool is_awake(const struct vt *vt)
{
	char path[40], line[512];
	const char *state;
	FILE *stat;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)vt->pid);
	stat = fopen(path, "r");
	n = stat != NULL ? fread(line, 1, sizeof(line) - 1, stat) : 0;
	if (stat != NULL)
		fclose(stat);
	line[n] = '\0';
	state = strrchr(line, ')'); /* of "PID (NAME) STATE" */
	return state != NULL && (state[2] == 'R' || state[2] == 'D');
}

void vt_settle(struct vt *vt, int quiet, int ms)
{
	int64_t end = now_ms() + ms, last = now_ms();
	size_t bytes = vt->bytes;

	while (now_ms() - last < quiet && now_ms() < end && drain(vt, STEP_MS))
		if (vt->bytes != bytes || is_awake(vt) || (vt->beside.is_busy != NULL && vt->beside.is_busy(vt->beside.ctx))) {
			bytes = vt->bytes;
			last = now_ms();
		}
}

void vt_cursor(const struct vt *vt, int *row, int *col)
{
	*row = vt->cursor.row;
	*col = vt->cursor.col;
}

bool vt_cursor_is_shown(const struct vt *vt)
{
	return vt->shown;
}

int vt_rows(const struct vt *vt)
{
	return vt->rows;
}

int vt_cols(const struct vt *vt)
{
	return vt->cols;
}

void vt_mark(struct vt *vt)
{
	vt->bytes = vt->bells = 0;
}

void vt_claim_wide(struct vt *vt)
{
	vt->claims_wide = true;
}

size_t vt_questions(const struct vt *vt)
{
	return vt->questions;
}

size_t vt_bytes(const struct vt *vt)
{
	return vt->bytes;
}

size_t vt_bells(const struct vt *vt)
{
	return vt->bells;
}

const char *vt_title(const struct vt *vt)
{
	return vt->title;
}

bool vt_is_alternate(const struct vt *vt)
{
	return vt->alternate;
}

bool vt_wants_mouse(const struct vt *vt)
{
	return vt->mouse;
}

const char *vt_output(const struct vt *vt, size_t *n)
{
	*n = vt->noutput;
	return vt->output != NULL ? vt->output : "";
}

pid_t vt_pid(const struct vt *vt)
{
	return vt->pid;
}

void vt_hang_up(struct vt *vt)
{
	close(vt->fd);
	vt->fd = -1;
	vt->ended = true;
}

int vt_stop(struct vt *vt, int number, int ms)
{
	int64_t end = now_ms() + ms;
	int status = -1;
	pid_t gone;

	if (number != 0)
		kill(vt->pid, number);
	while ((gone = waitpid(vt->pid, &status, WNOHANG)) == 0 && now_ms() < end) {
		if (!drain(vt, STEP_MS))
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	if (gone != vt->pid) {
		kill(vt->pid, SIGKILL);
		waitpid(vt->pid, &status, 0);
		status = -1;
	}
	if (vt->fd >= 0)
		close(vt->fd);
	if (vt->beside.stopped != NULL)
		vt->beside.stopped(vt->beside.ctx);
	vterm_free(vt->term);
	free(vt->output);
	free(vt);
	return status;
}
