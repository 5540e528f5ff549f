/*
 * toolkit_demo.c - a client without a server: one form, one list, one dialog, help and palette.
 *
 * Shows how a program is made of the toolkit: wait, take events, hand them to the widget in focus,
 * draw once. Not for: users. Trap: events are all taken before the one drawing, so a burst of
 * keys costs one picture.
 */
#include "tests/screen/toolkit_demo.h"

#include <stdio.h>
#include <string.h>

#include "client/dialog.h"
#include "client/form.h"
#include "client/help.h"
#include "client/palette.h"
#include "client/status.h"
#include "client/tty.h"
#include "common/i18n.h"

static const struct choice colours[] = {
	{ "red", N_("Red") }, { "green", N_("Green") }, { "blue", N_("Blue") }, { NULL, NULL },
};
static const struct choice reasons[] = {
	{ "Routine", N_("Routine") }, { "By request", N_("By request") }, { NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "who", .label = N_("Name"), .type = FT_TEXT, .level = LEVEL_OPEN, .max = 40,
		.help = N_("Full name.") },
	{ .name = "place", .label = N_("Place"), .type = FT_REF, .level = LEVEL_OPEN, .ref = "unit",
		.help = N_("A unit, as 7-1203.") },
	{ .name = "colour", .label = N_("Colour"), .type = FT_CHOICE, .level = LEVEL_OPEN,
		.choices = colours, .help = N_("One of the list.") },
	{ .name = "reason", .label = N_("Reason"), .type = FT_TEXT, .level = LEVEL_OPEN, .min = 5,
		.max = 100, .choices = reasons, .flags = F_SUGGEST, .help = N_("Why.") },
	{ .name = "day", .label = N_("Day"), .type = FT_DATE, .level = LEVEL_OPEN, .help = N_("A date.") },
	{ .name = "size", .label = N_("Size"), .type = FT_INT, .level = LEVEL_OPEN, .min = 1, .max = 99,
		.help = N_("1 to 99.") },
	{ .name = "agreed", .label = N_("Agreed"), .type = FT_BOOL, .level = LEVEL_OPEN,
		.help = N_("Yes or no.") },
	{ .name = "note", .label = N_("Note"), .type = FT_NOTE, .level = LEVEL_OPEN, .max = 12000,
		.help = N_("Several lines; Ctrl-O begins a new one.") },
};

static const struct op ops[] = {
	{ .name = "add", .label = N_("Add"), .roles = ROLES_ALL, .flags = OP_CREATE,
		.asks = BIT(NITEMS(fields)) - 1, .needs = BIT(0) | BIT(2) | BIT(3) },
	{ .name = "paint", .label = N_("Paint"), .roles = ROLES_ALL, .asks = BIT(2), .needs = BIT(2) },
};

static const struct book toy = {
	.name = "toy", .title = N_("Toy"), .fields = fields, .nfields = NITEMS(fields),
	.ops = ops, .nops = NITEMS(ops),
};

enum focus { FOCUS_LIST, FOCUS_FORM, FOCUS_DIALOG, FOCUS_HELP, FOCUS_PALETTE, FOCUS_PAINT };

static struct {
	enum focus focus;
	struct status status;
	struct form *form;
	struct dialog dialog;
	struct help help;
	struct palette palette;
	char committed[16384], taken[128];
	int at;
	bool ends;
} demo;

static const enum context contexts[] = {
	[FOCUS_LIST] = CONTEXT_LIST, [FOCUS_FORM] = CONTEXT_FORM, [FOCUS_DIALOG] = CONTEXT_DIALOG,
	[FOCUS_HELP] = CONTEXT_PICK, [FOCUS_PALETTE] = CONTEXT_PICK, [FOCUS_PAINT] = CONTEXT_LIST,
};

/* Only keys without a book: the demo has no house. */
static bool allow(const struct binding *b, void *arg)
{
	(void)arg;
	return b->book == NULL;
}

static void open_form(const char *op)
{
	demo.form = form_resume(&toy, book_op(&toy, op), 0);
	if (demo.form == NULL)
		demo.form = form_new(&toy, book_op(&toy, op), NULL);
	form_about(demo.form, 0, 0, op);
	demo.focus = FOCUS_FORM;
}

static void in_form(const struct key *key)
{
	unsigned result = form_handle(demo.form, key);
	struct buf params;

	if (result & FORM_BELL)
		tty_bell();
	for (const struct field *f; (f = form_ask_name(demo.form)) != NULL;)
		form_name(demo.form, f->name, "Nguyễn Thị Ánh");
	if (result & FORM_CANCEL) {
		form_park(demo.form);
		demo.form = NULL;
		demo.focus = FOCUS_LIST;
		return;
	}
	if (!(result & FORM_COMMIT))
		return;
	buf_init(&params, sizeof(demo.committed) - 1);
	if (form_params(demo.form, &params) == OK)
		/* behind the op_id, which is another one each time */
		snprintf(demo.committed, sizeof(demo.committed), "%s", strchr(params.data, ',') != NULL ?
			strchr(params.data, ',') + 1 : params.data);
	buf_done(&params);
	form_free(demo.form);
	demo.form = NULL;
	demo.focus = FOCUS_LIST;
}

static void run_action(const struct binding *b, const struct key *key)
{
	if (b->action == ACTION_DOWN || b->action == ACTION_UP)
		demo.at = (demo.at + (b->action == ACTION_DOWN ? 1 : 19)) % 20;
	else if (b->action == ACTION_PAGE_DOWN)
		demo.at = 19;
	else if (b->action == ACTION_QUIT)
		demo.ends = true;
	else if (b->action == ACTION_REDRAW)
		tty_redraw();
	else if (b->action == ACTION_LOCK) {
		dialog_init(&demo.dialog, "Lock?", "This desk", "Everybody has to sign in again.", "Lock", key);
		demo.focus = FOCUS_DIALOG;
	} else if (b->action == ACTION_HELP) {
		help_open(&demo.help, contexts[demo.focus], allow, NULL);
		demo.focus = FOCUS_HELP;
	} else if (b->action == ACTION_PALETTE && palette_open(&demo.palette, ROLE_FD, BIT(ROLE_FD)) == OK) {
		demo.focus = FOCUS_PALETTE;
	}
	snprintf(demo.taken, sizeof(demo.taken), "%s", action_word(b->action));
}

static void in_list(const struct key *key)
{
	const struct binding *b = keys_find(CONTEXT_LIST, key, allow, NULL);

	if (b != NULL)
		run_action(b, key);
	else if (key->kind == K_TEXT && !key->burst && (key->cp == 'f' || key->cp == 'p'))
		open_form(key->cp == 'f' ? "add" : "paint");
	else if (key->kind == K_PASTE || key->burst)
		snprintf(demo.taken, sizeof(demo.taken), "paste left out");
}

static void in_dialog(const struct key *key)
{
	unsigned result = dialog_handle(&demo.dialog, key);

	if (!(result & (DIALOG_YES | DIALOG_NO)))
		return;
	snprintf(demo.taken, sizeof(demo.taken), "dialog %s", result & DIALOG_YES ? "yes" : "no");
	demo.focus = FOCUS_LIST;
}

static void in_pick(const struct key *key)
{
	bool is_help = demo.focus == FOCUS_HELP;
	unsigned result = is_help ? help_handle(&demo.help, key) : palette_handle(&demo.palette, key);
	const struct binding *b = is_help ? help_taken(&demo.help) : NULL;
	const struct command *c = is_help ? NULL : palette_taken(&demo.palette);
	char name[96] = "";

	if (!(result & (PICK_TAKEN | PICK_CANCEL)))
		return;
	if (c != NULL)
		snprintf(name, sizeof(name), "%s", c->name);
	if (is_help)
		help_close(&demo.help);
	else
		palette_close(&demo.palette);
	demo.focus = FOCUS_LIST;
	if ((result & PICK_TAKEN) && b != NULL)
		run_action(b, key);
	else
		snprintf(demo.taken, sizeof(demo.taken), "%s", result & PICK_TAKEN ? name : "cancel");
}

static void in_paint(const struct key *key)
{
	(void)key;
	demo.at++;
}

static void handle(const struct key *key)
{
	static void (*const handlers[])(const struct key *) = {
		[FOCUS_LIST] = in_list, [FOCUS_FORM] = in_form, [FOCUS_DIALOG] = in_dialog,
		[FOCUS_HELP] = in_pick, [FOCUS_PALETTE] = in_pick, [FOCUS_PAINT] = in_paint,
	};

	if (key->kind == K_EOF)
		demo.ends = true;
	else if (key->kind != K_RESIZE)
		handlers[demo.focus](key);
}

static void draw_list(int rows, int cols)
{
	static const char *const names[] = { "张三丰", "Nguyễn Thị Ánh", "Zhang, Sandra", "王小明", "Trần Văn Đức" };
	char text[128];

	for (int i = 0; i < 20 && i < rows - 4; i++) {
		bool chosen = i == demo.at;
		enum style style = chosen && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT;

		snprintf(text, sizeof(text), "%c7-12%02d  %s", chosen ? '>' : ' ', i, names[(size_t)i % NITEMS(names)]);
		tty_put(1 + i, 0, cols, text, style);
	}
	if (demo.committed[0] != '\0')
		tty_put(rows - 3, 0, cols, demo.committed, STYLE_TEXT);
	tty_cursor(1 + demo.at, 0);
	status_say(&demo.status, STYLE_TEXT, "%s", demo.taken);
}

/* Rows of random text, each as wide as its column of '|' says; the last row counts the screens. */
static void draw_paint(int rows, int cols)
{
	static const char *const bits[] = { "a", "张", "Nguyễn", "A\xcc\x81", "x\xcc\x81\xcc\xa3", "，", "👨", " ",
		"\x1b[31m", "\xff", "\xe2\x80\xae", "\t", "đ", "〇", "ﾊ", "\x07", "\xc2\x9b", "~", "é" };
	unsigned seed = (unsigned)demo.at * 7919u + 1u;
	char count[32];

	for (int row = 0; row < rows - 1; row++) {
		int width = (row + demo.at * (rows - 1)) % (cols - 2) + 1;
		struct buf text;

		buf_init(&text, 4096);
		for (int i = 0; i < (int)(seed >> 16) % 60; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_puts(&text, bits[(seed >> 16) % NITEMS(bits)]);
		}
		tty_put(row, width, 1, "|", STYLE_TEXT);
		tty_put(row, 0, width, text.data, STYLE_TEXT);
		seed += 77777u;
		buf_done(&text);
	}
	snprintf(count, sizeof(count), "screen %d ? keys", demo.at);
	tty_put(rows - 1, 0, cols - 1, count, STYLE_TEXT);
	tty_end();
}

static void draw(void)
{
	int rows, cols;

	if (!tty_begin()) {
		tty_end();
		return;
	}
	tty_size(&rows, &cols);
	if (demo.focus == FOCUS_PAINT) {
		draw_paint(rows, cols);
		return;
	}
	if (demo.focus == FOCUS_FORM) {
		form_draw(demo.form, 2, rows - 4);
		status_say(&demo.status, form_message_is_error(demo.form) ? STYLE_ERROR : STYLE_TEXT, "%s",
			form_message(demo.form));
	} else if (demo.focus == FOCUS_HELP) {
		help_draw(&demo.help, 2, rows - 5);
	} else if (demo.focus == FOCUS_PALETTE) {
		palette_draw(&demo.palette, 2, rows - 5);
	} else {
		draw_list(rows, cols);
	}
	status_draw(&demo.status);
	if (demo.focus == FOCUS_DIALOG)
		dialog_draw(&demo.dialog);
	status_draw_footer(contexts[demo.focus], allow, NULL);
	tty_end();
}

int toolkit_demo(int argc, char **argv)
{
	struct tty_options options = { .lean = argc > 1 && strcmp(argv[1], "lean") == 0 };
	const char *why;
	struct key key;

	i18n_open(NULL);
	if (tty_open(&options, &why) != OK) {
		fprintf(stderr, "%s\n", tr(why));
		return 3;
	}
	status_place(&demo.status, "Demo");
	if (argc > 0 && strcmp(argv[0], "form") == 0)
		open_form("add");
	else if (argc > 0 && strcmp(argv[0], "paint") == 0)
		demo.focus = FOCUS_PAINT;
	draw();
	while (!demo.ends) {
		bool any = false;

		tty_wait(NULL, 0, -1);
		while (!demo.ends && tty_next(&key, false)) {
			handle(&key);
			any = true;
		}
		if (any)
			draw();
	}
	form_free(demo.form);
	form_forget_all();
	tty_close();
	return 0;
}

int toolkit_demo_main(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], "--demo") != 0)
		return -1;
	return toolkit_demo(argc - 2, argv + 2);
}
