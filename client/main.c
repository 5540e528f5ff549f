/*
 * main.c - the program lodge: which of its faces is wanted, and what all of them need first.
 *
 * Not for: doing anything itself. Trap: widths come from wcwidth, so a UTF-8 LC_CTYPE is forced
 * when the environment has none; a POSIX locale would make every Chinese name a row of marks.
 */
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "client/app.h"
#include "client/cli.h"
#include "client/options.h"
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

int main(int argc, char **argv)
{
	struct options options;

	prepare();
	if (!options_read(&options))
		return CLI_USAGE;
	if (options.language != NULL)
		i18n_use(options.language);
	if (argc >= 2 && strcmp(argv[1], "call") == 0)
		return cli_call(&options, argc - 2, argv + 2);
	if (argc >= 2 && strcmp(argv[1], "--plain") == 0)
		return cli_plain(&options, argc - 2, argv + 2);
	if (argc >= 2)
		return cli_book(&options, argc - 1, argv + 1);
	return app_run(&options);
}
