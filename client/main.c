/*
 * main.c - the program lodge: which of its faces is wanted, and what all of them need first.
 *
 * Not for: doing anything itself. Trap: widths come from wcwidth, so a UTF-8 LC_CTYPE is forced
 * when the environment has none; a POSIX locale would make every Chinese name a row of marks.
 */
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client/app.h"
#include "client/cli.h"
#include "client/consoles/console.h"
#include "client/options.h"
#include "common/book.h"
#include "common/i18n.h"
#include "common/log.h"

static void prepare(void)
{
	setlocale(LC_ALL, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	signal(SIGPIPE, SIG_IGN);
	log_open("lodge");
	i18n_open(NULL);
}

static int print_usage(void)
{
	puts(tr("lodge [--color WORD]      the desk on this terminal; auto, always or never\n"
		"lodge [--console WORD]    another desk than your role's own, where it may: gate, reception\n"
		"lodge call METHOD [JSON]  one request; its result or error as one line of JSON\n"
		"lodge call -              METHOD JSON lines from standard input, one session\n"
		"lodge BOOK VERB …         the same with flags named as fields: --field value, --json, --csv\n"
		"lodge import FILE         a list of residents; --dry-run, --skip-bad, --encoding NAME\n"
		"lodge report [NAME]       the figures of the house as bars; --json, --sort NUMBER, --limit N\n"
		"lodge --plain …           find and list in plain lines\n"
		"LODGE_STAFF, LODGE_PASSWORD and LODGE_SERVER say who signs in, and where."));
	fputs(tr("Books:"), stdout);
	for (size_t i = 0; i < nbooks; i++)
		printf(" %s", books[i]->name);
	puts("");
	return CLI_DONE;
}

/* --color and --console before anything else; how many words they take, -1 when one is unknown. */
static int take_options(struct options *options, int argc, char **argv)
{
	int at = 1;

	for (; at + 1 < argc; at += 2) {
		if (strcmp(argv[at], "--color") == 0) {
			if (options_colour(options, argv[at + 1]))
				continue;
			fprintf(stderr, "lodge: %s\n", tr("--color is auto, always or never."));
			return -1;
		}
		if (strcmp(argv[at], "--console") != 0)
			break;
		if (options_console(options, argv[at + 1]))
			continue;
		fprintf(stderr, "lodge: %s", tr("--console is one of:"));
		for (size_t i = 0; console_words[i] != NULL; i++)
			fprintf(stderr, " %s", console_words[i]);
		fputs("\n", stderr);
		return -1;
	}
	return at - 1;
}

int main(int argc, char **argv)
{
	struct options options;
	int taken;

	prepare();
	if (!options_read(&options))
		return CLI_USAGE;
	if (options.language != NULL)
		i18n_use(options.language);
	taken = take_options(&options, argc, argv);
	if (taken < 0)
		return CLI_USAGE;
	argc -= taken;
	argv += taken;
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return print_usage();
	if (argc >= 2 && strcmp(argv[1], "call") == 0)
		return cli_call(&options, argc - 2, argv + 2);
	if (argc >= 2 && strcmp(argv[1], "import") == 0)
		return cli_import(&options, argc - 2, argv + 2);
	if (argc >= 2 && strcmp(argv[1], "report") == 0)
		return cli_report(&options, argc - 2, argv + 2);
	if (argc >= 2 && strcmp(argv[1], "export") == 0)
		return cli_export();
	if (argc >= 2 && strcmp(argv[1], "--plain") == 0)
		return cli_plain(&options, argc - 2, argv + 2);
	if (argc >= 2)
		return cli_book(&options, argc - 1, argv + 1);
	return app_run(&options);
}
