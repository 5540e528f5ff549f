/*
 * slip_screen.c - printing what is selected: which slip, its questions, then the printer or the screen.
 *
 * Without a printer in lodge.conf the slip is shown as it would be printed; D puts it into the terminal's folder instead. Not for: layout (slip.c).
 * Trap: what was printed last is remembered for its person only; a colleague must not print it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/printer.h"
#include "client/screens.h"
#include "client/slip_job.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"

enum { OFFERS_MAX = 9, QUESTION_MAX = 16 * 1024, PDF_MAX = 16 * 1024 * 1024, NAMES_MAX = 99, PATH_BYTES = 4096 };

struct slip_screen {
	struct screen screen;
	const struct book *book;
	const struct slip *slip;
	struct slip_job *job; /* while it is asked for */
	bool pdf;
	const char *title;    /* of a text that came ready; NULL: the slip's */
	struct buf text;
	int top, height, lines;
};

/* ---- showing ---- */

static enum context slip_context(const struct screen *s)
{
	const struct slip_screen *p = (const struct slip_screen *)s;

	return p->job != NULL && s->below != NULL ? s->below->kind->context(s->below) : CONTEXT_LIST;
}

static const char *title_of(const struct slip_screen *p)
{
	return tr(p->title != NULL ? p->title : p->slip->title);
}

static void slip_place(const struct screen *s, struct buf *place)
{
	const struct slip_screen *p = (const struct slip_screen *)s;

	if (p->job != NULL && s->below != NULL && s->below->kind->place != NULL)
		s->below->kind->place(s->below, place);
	else
		buf_printf(place, "%s%s%s", p->book != NULL ? tr(p->book->title) : "", p->book != NULL ? " > " : "", title_of(p));
}

static void slip_draw(struct screen *s, int row, int rows)
{
	struct slip_screen *p = (struct slip_screen *)s;
	const char *at = p->text.data, *end;
	char line[SLIP_CELLS * 16];
	int lines, cols;

	if (p->job != NULL) {
		app_draw_below(s, row, rows);
		return;
	}
	tty_size(&lines, &cols);
	p->height = rows;
	for (int i = 0; i < p->top + rows && (end = strchr(at, '\n')) != NULL; i++, at = end + 1) {
		snprintf(line, sizeof line, "%.*s", (int)(end - at), at);
		if (i >= p->top)
			tty_put(row + i - p->top, 0, cols, line, STYLE_TEXT);
	}
	tty_cursor(row, 0);
}

static void scroll_to(struct slip_screen *p, int top)
{
	int most = p->lines > p->height ? p->lines - p->height : 0;

	p->top = top < 0 ? 0 : top < most ? top : most;
}

static void slip_act(struct screen *s, const struct binding *b)
{
	struct slip_screen *p = (struct slip_screen *)s;
	int page = p->height > 1 ? p->height - 1 : 1;

	if (b->action == ACTION_UP)
		scroll_to(p, p->top - 1);
	else if (b->action == ACTION_DOWN)
		scroll_to(p, p->top + 1);
	else if (b->action == ACTION_PAGE_UP)
		scroll_to(p, p->top - page);
	else if (b->action == ACTION_PAGE_DOWN)
		scroll_to(p, p->top + page);
	else if (b->action == ACTION_FIRST)
		scroll_to(p, 0);
	else if (b->action == ACTION_LAST)
		scroll_to(p, p->lines);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static bool slip_allow(const struct screen *s, const struct binding *b)
{
	(void)s;
	return b->action == ACTION_BACK || b->action == ACTION_UP || b->action == ACTION_DOWN || b->action == ACTION_PAGE_UP ||
	       b->action == ACTION_PAGE_DOWN || b->action == ACTION_FIRST || b->action == ACTION_LAST;
}

static void slip_closed(struct screen *s)
{
	struct slip_screen *p = (struct slip_screen *)s;

	slip_job_free(p->job);
	p->job = NULL;
	buf_done(&p->text);
}

static const struct screen_kind slip_kind = {
	.context = slip_context, .place = slip_place, .draw = slip_draw, .act = slip_act, .allow = slip_allow, .only_read = true, .closed = slip_closed,
};

/* ---- asking ---- */

static void print_or_show(struct slip_screen *p)
{
	struct app *app = p->screen.app;

	for (const char *c = p->text.data; *c != '\0'; c++)
		p->lines += *c == '\n';
	if (!printer_is_there(app->options))
		return;
	if (printer_send(app->options, &p->text))
		app_say(app, STYLE_TEXT, tr("%s: sent to the printer."), title_of(p));
	else
		app_say(app, STYLE_ERROR, "%s", tr("The printer did not take it."));
	app_close(&p->screen);
}

/* A name that is still free in the folder: report-17.pdf, report-17-2.pdf; for its owner alone. */
static int new_file(const struct slip_screen *p, char path[PATH_BYTES])
{
	char name[128];
	int fd = -1;

	slip_job_name(p->job, name, sizeof name);
	for (int i = 1; i <= NAMES_MAX && fd < 0; i++) {
		char again[16] = "";

		if (i > 1)
			snprintf(again, sizeof again, "-%d", i);
		snprintf(path, PATH_BYTES, "%s/%s%s.pdf", p->screen.app->options->papers, name, again);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

static bool put_pdf(struct slip_screen *p, const struct buf *pdf, char path[PATH_BYTES])
{
	int fd = new_file(p, path);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool fine = out != NULL && fwrite(pdf->data, 1, pdf->len, out) == pdf->len;

	if (out == NULL)
		return false;
	fine = fclose(out) == 0 && fine;
	if (!fine)
		unlink(path);
	return fine;
}

static void make_pdf(struct slip_screen *p, const char *by)
{
	struct app *app = p->screen.app;
	char path[PATH_BYTES] = "";
	struct buf pdf;

	buf_init(&pdf, PDF_MAX);
	mkdir(app->options->papers, 0700); /* where it is there already, it stays as it is */
	if (!slip_job_pdf(p->job, &pdf, by))
		app_say(app, STYLE_ERROR, "%s", tr("lodge-print, the program that draws PDFs, is not there or failed."));
	else if (!put_pdf(p, &pdf, path))
		app_say(app, STYLE_ERROR, "%s %s", tr("This file cannot be made:"), path);
	else
		app_say(app, STYLE_TEXT, "%s: %s", tr(slip_job_slip(p->job)->title), path);
	buf_done(&pdf);
	app_close(&p->screen);
}

static void finish(struct slip_screen *p)
{
	struct app *app = p->screen.app;
	char by[sizeof app->who.code + sizeof app->who.name + 2];

	snprintf(by, sizeof by, "%s %s", app->who.code, app->who.name);
	p->slip = slip_job_slip(p->job);
	if (p->pdf) {
		make_pdf(p, by);
		return;
	}
	slip_job_write(p->job, &p->text, by);
	slip_job_free(p->job);
	p->job = NULL;
	print_or_show(p);
}

void slip_show(struct app *app, const char *title, struct buf *text)
{
	struct slip_screen *p = screen_new(app, &slip_kind, sizeof *p);

	p->title = title;
	p->text = *text;
	app_push(&p->screen);
	print_or_show(p);
}

static void came(struct screen *s, const struct answer *a);

static void ask_next(struct slip_screen *p)
{
	struct buf method, params;

	buf_init(&method, 128);
	buf_init(&params, QUESTION_MAX);
	if (slip_job_next(p->job, &method, &params))
		app_ask(&p->screen, ASK_READ, method.data, params.data, came);
	else
		finish(p);
	buf_done(&method);
	buf_done(&params);
}

static void came(struct screen *s, const struct answer *a)
{
	struct slip_screen *p = (struct slip_screen *)s;

	if (slip_job_take(p->job, a->result)) {
		ask_next(p);
		return;
	}
	app_close(s);
	if (a->code != OK)
		app_refuse(s->app, a);
	else
		app_say(s->app, STYLE_ERROR, "%s", tr("This record has no such slip now."));
}

/* Something that can be printed here. */
struct printable {
	const struct slip *slip;
	int64_t id; /* 0: of the whole book, or an empty one */
	bool blank;
};

static void slip_open(struct app *app, const struct book *book, const struct printable *what, bool pdf)
{
	struct slip_screen *p = screen_new(app, &slip_kind, sizeof *p);

	p->book = book;
	p->slip = what->slip;
	p->pdf = pdf;
	buf_init(&p->text, SLIP_TEXT_MAX);
	p->job = slip_job_new(book, what->slip, what->id, NULL, app->who.role);
	if (p->job == NULL) {
		free(p);
		return;
	}
	if (what->blank)
		slip_job_blank(p->job);
	app_push(&p->screen);
	ask_next(p);
}

/* ---- which ---- */

/* What there is to print here: the slips of the record in focus, those of its book, and empty forms. */
static size_t printables(const struct screen *s, const struct book **book, struct printable out[OFFERS_MAX])
{
	const struct node *row;
	size_t n = 0;

	*book = NULL;
	row = s->kind->row != NULL ? s->kind->row(s, book) : NULL;
	for (int turn = 0; turn < 3 && row != NULL && *book != NULL; turn++)
		for (size_t i = 0; i < (*book)->nslips && n < OFFERS_MAX; i++) {
			const struct slip *slip = &(*book)->slips[i];

			if (turn == 0 ? slip_fits(*book, slip, row) : turn == 1 ? slip->whole : slip->blank != NULL)
				out[n++] = (struct printable){.slip = slip, .id = turn == 0 ? row_number(row, "id") : 0, .blank = turn == 2};
		}
	return n;
}

bool slip_allows(const struct app *app)
{
	struct printable what[OFFERS_MAX];
	const struct book *book;

	return printables(app->top, &book, what) > 0;
}

static void chosen(struct screen *from, size_t at, bool pdf)
{
	struct printable what[OFFERS_MAX];
	const struct book *book;

	if (at < printables(from, &book, what))
		slip_open(from->app, book, &what[at], pdf);
}

static void chosen_print(struct screen *from, size_t at, const char *typed)
{
	(void)typed;
	chosen(from, at, false);
}

static void chosen_pdf(struct screen *from, size_t at, const char *typed)
{
	(void)typed;
	chosen(from, at, true);
}

static void choose_printable(struct app *app, choose_cb *then)
{
	static const char digits[OFFERS_MAX][2] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct choice_line lines[OFFERS_MAX];
	struct printable what[OFFERS_MAX];
	const struct book *book;
	size_t n = printables(app->top, &book, what);

	for (size_t i = 0; i < n; i++)
		lines[i] = (struct choice_line){.key = digits[i], .name = tr(what[i].slip->title), .help = what[i].blank ? tr("Empty, to be filled in by hand.") : NULL};
	if (n == 1)
		then(app->top, 0, NULL);
	else if (n > 1)
		choose_push(app->top, then == chosen_pdf ? tr("PDF") : tr("Print"), lines, n, then);
	else
		app_say(app, STYLE_ERROR, "%s", tr("Nothing of this is printed."));
}

void slip_start(struct app *app)
{
	choose_printable(app, chosen_print);
}

void slip_start_pdf(struct app *app)
{
	choose_printable(app, chosen_pdf);
}

/* ---- what was just done ---- */

/* The number on it is said before the receipt, which may be too long for the row, while that is still there. */
static void number_came(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const struct slip *slip = app->done.slip;
	const struct field *f = slip != NULL && slip->wants != NULL ? book_field(app->done.book, slip->wants) : NULL;
	struct buf value;

	if (f == NULL || row_number(a->result, "id") != app->done.id || strcmp(app->status.message, app->done.said) != 0)
		return;
	buf_init(&value, 256);
	value_show(&value, f, node_get(a->result, f->name));
	if (value.len > 0)
		app_say(app, STYLE_TEXT, "%s %s  %s", tr(f->label), value.data, app->done.said);
	buf_done(&value);
}

static void ask_number(struct app *app)
{
	char method[96], params[64];

	snprintf(app->done.said, sizeof app->done.said, "%s", app->status.message);
	snprintf(method, sizeof method, "%s.get", app->done.book->name);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)app->done.id);
	link_ask(app->link, method, params, 0, number_came, app);
}

void slip_remember(struct app *app, const struct book *book, const char *op, int64_t id)
{
	app->done.book = book;
	app->done.slip = NULL;
	app->done.id = id;
	for (size_t i = 0; i < book->nslips; i++)
		for (const char *const *after = book->slips[i].after; after != NULL && *after != NULL; after++)
			if (strcmp(*after, op) == 0)
				app->done.slip = &book->slips[i];
	if (app->done.slip != NULL)
		ask_number(app);
}

void slip_of_done(struct app *app)
{
	if (app->done.slip != NULL)
		slip_open(app, app->done.book, &(struct printable){.slip = app->done.slip, .id = app->done.id}, false);
}
