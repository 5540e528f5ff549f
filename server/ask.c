/*
 * ask.c - see ask.h: a call, its statement and copies of its texts in one piece of memory.
 *
 * Not for: what is asked. Trap: texts may be keys and tokens; no way out leaves them unwiped.
 */
#include "server/ask.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"

struct ask {
	struct call call;
	struct stmt stmt;
	const char *params[ASK_PARAMS_MAX];
	void (*answered)(void *ctx, const struct rows *rows, enum err);
	void *ctx;
	size_t size;
	char texts[];
};

static void ask_free(struct ask *ask)
{
	explicit_bzero(ask, ask->size);
	free(ask);
}

static void ask_done(struct call *call, const struct rows *const *rows, enum err err, const char *sqlstate)
{
	struct ask *ask = call->ctx;
	if (err == ERR_DEGRADED || (err != OK && ask->answered == NULL))
		log_warn("%s failed: %s %s", ask->stmt.sql, err_word(err), sqlstate);
	if (ask->answered != NULL)
		ask->answered(ask->ctx, err == OK ? rows[0] : NULL, err);
	ask_free(ask);
}

enum err ask(enum lane_kind lane, const char *sql, size_t n, const char *const *params,
	void (*answered)(void *ctx, const struct rows *rows, enum err), void *ctx)
{
	size_t size = sizeof(struct ask);
	for (size_t i = 0; i < n; i++)
		size += params[i] != NULL ? strlen(params[i]) + 1 : 0;
	struct ask *ask = calloc(1, size);
	if (ask == NULL)
		return ERR_NOMEM;
	char *to = ask->texts;
	for (size_t i = 0; i < n; i++)
		if (params[i] != NULL) {
			ask->params[i] = to;
			to = stpcpy(to, params[i]) + 1;
		}
	ask->answered = answered;
	ask->ctx = ctx;
	ask->size = size;
	ask->stmt = (struct stmt){ .sql = sql, .nparams = (int)n, .params = ask->params };
	ask->call = (struct call){ .stmts = &ask->stmt, .nstmts = 1, .done = ask_done, .ctx = ask };
	enum err err = lane_submit(lane, &ask->call);
	if (err != OK)
		ask_free(ask);
	return err;
}
