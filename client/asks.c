/*
 * asks.c - see asks.h.
 *
 * Not for: the connection. Trap: callbacks may add requests and forget callbacks, so whoever
 * answers several starts anew from the head after each.
 */
#include "client/asks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

/* The line of a request: JSON-RPC 2.0 with our running number. */
static char *line_of(uint64_t id, const char *method, const char *params, size_t *len)
{
	struct buf line;
	char *copy = NULL;

	buf_init(&line, ASKS_REQUEST_MAX);
	buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":", id);
	buf_json_str(&line, method);
	buf_puts(&line, ",\"params\":");
	buf_puts(&line, params != NULL ? params : "{}");
	buf_puts(&line, "}\n");
	if (!line.failed)
		copy = malloc(line.len);
	if (copy != NULL) {
		memcpy(copy, line.data, line.len);
		*len = line.len;
	}
	buf_done(&line);
	return copy;
}

struct ask *asks_add(struct asks *all, const char *method, const char *params)
{
	struct ask *a = calloc(1, sizeof *a), **at = &all->first;

	if (a == NULL)
		return NULL;
	a->line = line_of(all->last_id + 1, method, params, &a->len);
	if (a->line == NULL) {
		free(a);
		return NULL;
	}
	a->id = ++all->last_id;
	while (*at != NULL)
		at = &(*at)->next;
	*at = a;
	return a;
}

void asks_remove(struct asks *all, struct ask *gone)
{
	struct ask **at = &all->first;

	while (*at != NULL && *at != gone)
		at = &(*at)->next;
	if (*at != NULL)
		*at = gone->next;
	explicit_bzero(gone->line, gone->len);
	free(gone->line);
	free(gone);
}

struct ask *asks_find(const struct asks *all, uint64_t id)
{
	struct ask *a = all->first;

	while (a != NULL && a->id != id)
		a = a->next;
	return a;
}

void asks_answer(struct asks *all, struct ask *a, const struct answer *answer)
{
	a->is_running = true;
	if (a->done != NULL)
		a->done(a->ctx, answer);
	asks_remove(all, a);
}

static struct ask *first_that(const struct asks *all, bool (*is)(const struct ask *, uint64_t),
                              uint64_t arg)
{
	struct ask *a = all->first;

	while (a != NULL && (a->is_running || !is(a, arg)))
		a = a->next;
	return a;
}

void asks_fail(struct asks *all, bool (*is)(const struct ask *, uint64_t), uint64_t arg,
               enum err code, const char *message)
{
	const struct answer answer = {.code = code, .message = message};
	struct ask *a;

	while ((a = first_that(all, is, arg)) != NULL)
		asks_answer(all, a, &answer);
}

void asks_clear(struct asks *all)
{
	while (all->first != NULL)
		asks_remove(all, all->first);
}
