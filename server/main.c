/*
 * main.c - the program lodged: finds the command, and the folder of the configuration.
 *
 * Adding a command: one prototype in commands.h, one row here. Not for: what commands do.
 * Trap: --conf may stand anywhere; it is taken out before the command sees its arguments.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/words.h"
#include "server/commands.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
} commands[] = {
	{ .name = "serve", .run = cmd_serve, .usage = "[--listen unix:PATH | tls:ADDRESS:PORT] …" },
	{ .name = "migrate", .run = cmd_migrate, .usage = "" },
	{ .name = "policy", .run = cmd_policy, .usage = "apply" },
	{ .name = "staff", .run = cmd_staff, .usage = "add | passwd | role | disable | enable …" },
	{ .name = "check", .run = cmd_check, .usage = "" },
	{ .name = "docs", .run = cmd_docs, .usage = "[BOOK | --ddl BOOK]" },
	{ .name = "roles", .run = cmd_roles, .usage = "ROLE" },
	{ .name = "demo", .run = cmd_demo, .usage = "[--scale 1..10] [--today YYYY-MM-DD]" },
};

static const char *conf_dir;

const char *command_conf(void)
{
	if (conf_dir != NULL)
		return conf_dir;
	const char *env = getenv("LODGE_CONF");
	return env != NULL && env[0] != '\0' ? env : "conf";
}

static int usage(FILE *out, int code)
{
	for (size_t i = 0; i < NITEMS(commands); i++)
		fprintf(out, "%s lodged %s%s%s [--conf DIR]\n", i == 0 ? "usage:" : "      ", commands[i].name,
			commands[i].usage[0] != '\0' ? " " : "", commands[i].usage);
	return code;
}

/* Takes --conf DIR out of the arguments; false when its folder is missing. */
static bool take_conf(int *argc, char **argv)
{
	int n = 0;
	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--conf") != 0) {
			argv[n++] = argv[i];
			continue;
		}
		if (i + 1 >= *argc)
			return false;
		conf_dir = argv[++i];
	}
	argv[n] = NULL;
	*argc = n;
	return true;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	log_open("lodged");
	if (!take_conf(&argc, argv) || argc < 2)
		return usage(stderr, 2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, 0);
	for (size_t i = 0; i < NITEMS(commands); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "lodged: there is no command %s\n", argv[1]);
	return usage(stderr, 2);
}
