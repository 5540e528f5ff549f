/*
 * options.c - see options.h: one row per key of lodge.conf, then the environment over it.
 *
 * Not for: key bindings' meaning (keys.c judges them). Trap: a missing lodge.conf is fine, a wrong
 * one stops the start, so that a typing error in it is never a silent default.
 */
#include "client/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/consoles/console.h"
#include "client/keys.h"
#include "common/conf.h"

static const char *const languages[] = {"auto", "en", "zh_CN", "zh_TW", "vi", NULL};
static const char *const colours[] = {"auto", "always", "never", NULL};
static const char *const themes[] = {"default", "high-contrast", "mono", NULL};

static struct {
	char *language, *colour, *theme, *console, *server, *tls_ca, *tls_certificate, *tls_key, *lpr, *printer, *papers, *journal;
	bool lean, reader;
	int64_t escape_delay, lock_minutes, page_rows, message_seconds, reveal_seconds, retry_first, retry_most;
} conf;

static const struct conf_key options_keys[] = {
	{.path = "ui.language", .type = CONF_WORD, .choices = languages, .def = "auto",
	 .out = &conf.language, .help = "language before sign-in; auto: LANG of the environment"},
	{.path = "ui.colour", .type = CONF_WORD, .choices = colours, .def = "auto",
	 .out = &conf.colour, .help = "auto listens to NO_COLOR and to the terminal"},
	{.path = "ui.theme", .type = CONF_WORD, .choices = themes, .def = "default",
	 .out = &conf.theme, .help = "the table of styles"},
	{.path = "ui.console", .type = CONF_WORD, .choices = console_words, .def = "auto",
	 .out = &conf.console, .help = "the desk of this terminal; auto: the role's own"},
	{.path = "ui.lean", .type = CONF_BOOL, .def = "false", .out = &conf.lean,
	 .help = "a marker in place of the bar: for slow lines"},
	{.path = "ui.reader", .type = CONF_BOOL, .def = "false", .out = &conf.reader,
	 .help = "for screen readers and braille: the cursor visits each message, nothing counts seconds"},
	{.path = "ui.escape_delay", .type = CONF_INT, .min = 5, .max = 1000, .def = "50", .unit = "ms",
	 .out = &conf.escape_delay, .help = "how long a lone Esc waits for the rest of a key"},
	{.path = "ui.lock_minutes", .type = CONF_INT, .min = 1, .max = 60, .def = "5", .unit = "min",
	 .out = &conf.lock_minutes, .help = "without a key until the screen asks for the password"},
	{.path = "ui.page_rows", .type = CONF_INT, .min = 10, .max = 200, .def = "50", .unit = "rows",
	 .out = &conf.page_rows, .help = "rows fetched at a time"},
	{.path = "ui.message_seconds", .type = CONF_INT, .min = 1, .max = 60, .def = "8", .unit = "s",
	 .out = &conf.message_seconds, .help = "how long a message stays on its row"},
	{.path = "ui.reveal_seconds", .type = CONF_INT, .min = 2, .max = 120, .def = "30", .unit = "s",
	 .out = &conf.reveal_seconds, .help = "how long an opened value stays on the screen"},
	{.path = "link.server", .type = CONF_STRING, .def = "", .out = &conf.server,
	 .help = "unix:PATH or tls:HOST:PORT; empty: LODGE_SERVER"},
	{.path = "link.tls_certificate", .type = CONF_STRING, .def = "", .out = &conf.tls_certificate,
	 .help = "this terminal's certificate"},
	{.path = "link.tls_key", .type = CONF_STRING, .def = "", .out = &conf.tls_key,
	 .help = "its private key; in the same file when empty"},
	{.path = "link.tls_ca", .type = CONF_STRING, .def = "", .out = &conf.tls_ca,
	 .help = "who may have signed the server's certificate; the system's list when empty"},
	{.path = "link.retry_first", .type = CONF_INT, .min = 50, .max = 60000, .def = "100",
	 .unit = "ms", .out = &conf.retry_first, .help = "before the second attempt to reconnect"},
	{.path = "link.retry_most", .type = CONF_INT, .min = 50, .max = 60000, .def = "5000",
	 .unit = "ms", .out = &conf.retry_most, .help = "between later attempts"},
	{.path = "link.journal", .type = CONF_STRING, .def = "", .out = &conf.journal,
	 .help = "folder for what is recorded while the server is away; empty: LODGE_JOURNAL, or nothing is recorded"},
	{.path = "print.lpr", .type = CONF_STRING, .def = "", .out = &conf.lpr,
	 .help = "the program that takes a text for the printer; empty: slips are shown"},
	{.path = "print.printer", .type = CONF_STRING, .def = "", .out = &conf.printer,
	 .help = "its queue (-P); empty: its default"},
	{.path = "print.papers", .type = CONF_STRING, .def = "", .out = &conf.papers,
	 .help = "folder for PDFs made on the screen; empty: LODGE_PAPERS, or none are made there"},
};

/* What keys: of the file says, to be judged when all of it was read. */
static struct { char file[4096], context[16], action[32]; int line; } rebound[64];
static size_t nrebound;

/* Sentences of keys.c, each with its place. */
static void complain_all(const struct conf_place *place, const struct buf *said)
{
	for (const char *at = said->data; at != NULL && *at != '\0';) {
		size_t n = strcspn(at, "\n");

		conf_complain(place, "%.*s", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

static enum err bind_row(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	struct buf said;
	enum err err;

	(void)ctx;
	buf_init(&said, 4096);
	err = keys_bind(cells[0].text, cells[1].text, cells[2].text, &said);
	if (err == OK && nrebound < sizeof rebound / sizeof rebound[0]) {
		snprintf(rebound[nrebound].file, sizeof rebound[0].file, "%s", place->file);
		snprintf(rebound[nrebound].context, sizeof rebound[0].context, "%s", cells[0].text);
		snprintf(rebound[nrebound].action, sizeof rebound[0].action, "%s", cells[1].text);
		rebound[nrebound++].line = place->line;
	} else if (err == OK) {
		buf_puts(&said, "keys: too many");
		err = ERR_INVALID;
	}
	complain_all(place, &said);
	buf_done(&said);
	return err;
}

static const struct conf_table options_tables[] = {
	{.path = "keys", .optional = true, .named = true, .row = bind_row},
};

/* Every key that now means two things. */
static enum err find_conflicts(struct buf *errors)
{
	enum err err = OK;

	for (size_t i = 0; i < nrebound; i++) {
		const struct conf_place place = {.file = rebound[i].file, .line = rebound[i].line, .errors = errors};
		struct buf said;

		buf_init(&said, 4096);
		if (keys_conflict(rebound[i].context, rebound[i].action, &said) != OK)
			err = ERR_INVALID;
		complain_all(&place, &said);
		buf_done(&said);
	}
	return err;
}

static const char *given(const char *value)
{
	return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *first_of(const char *variable, const char *value)
{
	const char *env = given(getenv(variable));

	return env != NULL ? env : given(value);
}

/* Without a file the defaults of the table hold. */
static void take_defaults(void)
{
	for (size_t i = 0; i < sizeof options_keys / sizeof options_keys[0]; i++) {
		const struct conf_key *k = &options_keys[i];

		if (k->type == CONF_INT)
			*(int64_t *)k->out = strtoll(k->def, NULL, 10);
		else if (k->type == CONF_BOOL)
			*(bool *)k->out = strcmp(k->def, "true") == 0;
		else
			*(char **)k->out = strdup(k->def);
	}
}

static bool read_file(void)
{
	const char *folder = given(getenv("LODGE_CONF"));
	char path[4096];
	struct buf errors;
	enum err err = OK;

	snprintf(path, sizeof path, "%s/lodge.conf", folder != NULL ? folder : "conf");
	buf_init(&errors, 64 * 1024);
	if (access(path, R_OK) == 0)
		err = conf_rows(path, options_keys, sizeof options_keys / sizeof options_keys[0], options_tables,
		                sizeof options_tables / sizeof options_tables[0], &errors);
	else
		take_defaults();
	if (err == OK)
		err = find_conflicts(&errors);
	if (err != OK)
		fprintf(stderr, "%s", errors.data);
	buf_done(&errors);
	return err == OK;
}

static const char *host_name(void)
{
	static char name[65];

	if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')
		return "terminal";
	return name;
}

/* The password leaves the environment: a copy of ours stays, no child and no /proc reader has it. */
static const char *take_password(void)
{
	static char password[257];
	char *env = getenv("LODGE_PASSWORD");

	if (given(env) == NULL)
		return NULL;
	snprintf(password, sizeof password, "%s", env);
	explicit_bzero(env, strlen(env));
	unsetenv("LODGE_PASSWORD");
	return password;
}

/* Takes a word that is among these. */
static bool take_word(const char **to, const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0) {
			*to = *words;
			return true;
		}
	return false;
}

bool options_colour(struct options *s, const char *word)
{
	return take_word(&s->colour, colours, word);
}

bool options_console(struct options *s, const char *word)
{
	return take_word(&s->console, console_words, word);
}

bool options_read(struct options *s)
{
	if (!read_file())
		return false;
	s->server = first_of("LODGE_SERVER", conf.server);
	s->terminal = first_of("LODGE_TERMINAL", NULL);
	if (s->terminal == NULL)
		s->terminal = host_name();
	s->staff = given(getenv("LODGE_STAFF"));
	s->password = take_password();
	s->tls_ca = given(conf.tls_ca);
	s->tls_cert = given(conf.tls_certificate);
	s->tls_key = given(conf.tls_key);
	s->language = strcmp(conf.language, "auto") == 0 ? NULL : given(conf.language);
	s->colour = conf.colour;
	s->theme = conf.theme;
	s->console = conf.console;
	s->lean = conf.lean || conf.reader;
	s->reader = conf.reader;
	s->escape_delay = conf.escape_delay;
	s->lock_minutes = conf.lock_minutes;
	s->page_rows = conf.page_rows;
	s->message_seconds = conf.message_seconds;
	s->reveal_seconds = conf.reveal_seconds;
	s->lpr = given(conf.lpr);
	s->printer = given(conf.printer);
	s->papers = first_of("LODGE_PAPERS", conf.papers);
	s->journal = first_of("LODGE_JOURNAL", conf.journal);
	s->retry_first = conf.retry_first;
	s->retry_most = conf.retry_most;
	return true;
}
