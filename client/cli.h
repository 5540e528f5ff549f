/*
 * cli.h - Lodge for scripts: `lodge call …` and `lodge BOOK VERB …`, answers on standard output.
 *
 * Exit codes are the contract: 0 answered, 1 the server's error object was printed, 2 no
 * connection, wrong password or bad usage, with a sentence on standard error. Not for: the screen.
 * Trap: the session is a script's; it ends with its connection, so after a break cli signs in again.
 */
#ifndef LODGE_CLI_H
#define LODGE_CLI_H

#include "client/options.h"
#include "common/arena.h"
#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

enum { CLI_DONE = 0, CLI_ERROR = 1, CLI_USAGE = 2 };
enum { CLI_MANY = 8 };

struct cli;

/* Connects and signs in from the options. NULL after a sentence on standard error. Without a
 * LODGE_STAFF it stays a stranger, whom the server answers hello and sign_in only. */
struct cli *cli_open(const struct options *);
void cli_close(struct cli *);
enum role cli_role(const struct cli *); /* the role acted in; ROLE_UNSET for a stranger */

struct cli_answer {
	const struct node *result, *error; /* one of them; they live until the next question */
};

/* Writes params, the text of a JSON object, as they go out: with an op_id in front when the method
 * is a write and has none, and without line feeds. False: no JSON object. */
bool cli_complete(struct buf *out, const char *method, const char *params);
/* Asks and waits, through a break of the connection if it must be; params come from cli_complete,
 * so that a second try says the same. False after a sentence on standard error: no connection. */
bool cli_ask(struct cli *, const char *method, const char *params, struct cli_answer *out);
/* The same for n questions at once, at most CLI_MANY: as many as the server lets one connection wait with. */
bool cli_ask_many(struct cli *, const char *method, const char *const *params, size_t n, struct cli_answer *out);

/* `lodge call METHOD [JSON]` and `lodge call -`; arguments behind "call". Returns the exit code. */
int cli_call(const struct options *, int argc, char **argv);
/* `lodge BOOK VERB [--field value …] [--json|--csv]`. */
int cli_book(const struct options *, int argc, char **argv);
/* `lodge BOOK SLIP --id N | --code CODE | --blank [--to FILE | --print]`; arguments behind the slip's name. */
int cli_slip(const struct options *, const struct book *, const struct slip *, int argc, char **argv);
/* `lodge import FILE [--dry-run] [--skip-bad] [--encoding NAME]`. */
int cli_import(const struct options *, int argc, char **argv);
/* `lodge report [NAME [--sort NUMBER] [--limit N]] [--json]`. */
int cli_report(const struct options *, int argc, char **argv);
/* `lodge export`: says how household data leave the house. */
int cli_export(void);
/* `lodge --plain [find TEXT | list BOOK | get BOOK ID]`: one command, or lines of standard input. */
int cli_plain(const struct options *, int argc, char **argv);

#endif
