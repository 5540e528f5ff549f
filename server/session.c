/*
 * session.c - the table of live sessions of this server, and what ends, locks and refreshes them.
 *
 * Not for: signing in (signin.c) or rights to a record (SQL and read.c). Trap: records are freed
 * in session_sweep only, when no request and no connection borrows them.
 */
#include "server/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/book.h"
#include "common/buf.h"
#include "common/i18n.h"
#include "common/log.h"
#include "server/array.h"
#include "server/ask.h"
#include "server/loop.h"
#include "server/peer.h"
#include "server/settings.h"

enum {
	TOUCH_S = 30, /* activity is written at most so often */
	/* A poll of the feed that was under way during an unlock still says locked. */
	UNLOCK_GRACE_S = 2,
};

/* Columns of op.opened. */
enum {
	OPENED_RESULT, OPENED_RETRY, OPENED_SESSION, OPENED_STAFF, OPENED_WORK_NO, OPENED_LOGIN,
	OPENED_NAME, OPENED_ROLE, OPENED_ROLES, OPENED_AREAS, OPENED_HEADS, OPENED_LEVEL, OPENED_NIGHT,
	OPENED_TIMEZONE, OPENED_ACTS,
};

static struct session *sessions;
static bool is_night;

enum level session_level(const struct session *session)
{
	return is_night ? session->level_night : session->level;
}

void session_set_night(bool night)
{
	is_night = night;
}

struct session *session_find(int64_t id)
{
	for (struct session *s = sessions; s != NULL; s = s->next)
		if (s->id == id && !s->ended)
			return s;
	return NULL;
}

const struct session *session_next(const struct session *after)
{
	return after != NULL ? after->next : sessions;
}

bool session_has(const char *array, int64_t number)
{
	char word[24];
	while (array_next(&array, word, sizeof(word)))
		if (strtoll(word, NULL, 10) == number)
			return true;
	return false;
}

/* --- filling a record --- */

/* False when the text does not fit: a cut-off list of areas would be another list. */
static bool copy(char *dst, size_t cap, const char *text)
{
	int n = snprintf(dst, cap, "%s", text != NULL ? text : "");
	return n >= 0 && (size_t)n < cap;
}

static const char *cell(const struct rows *rows, size_t column)
{
	const char *text = rows_get(rows, 0, column);
	return text != NULL ? text : "";
}

static bool session_fill(struct session *s, const struct rows *rows)
{
	const char *areas = cell(rows, OPENED_AREAS), *heads = cell(rows, OPENED_HEADS);
	s->staff = strtoll(cell(rows, OPENED_STAFF), NULL, 10);
	s->role = role_of_word(cell(rows, OPENED_ROLE));
	s->roles = array_roles(cell(rows, OPENED_ROLES));
	s->acts_night = role_of_word(cell(rows, OPENED_ACTS));
	s->level = level_of_word(cell(rows, OPENED_LEVEL));
	s->level_night = level_of_word(cell(rows, OPENED_NIGHT));
	if (s->level == LEVEL_UNSET)
		s->level = LEVEL_OPEN;
	if (s->level_night == LEVEL_UNSET)
		s->level_night = s->level;
	if (areas[0] == '\0')
		areas = "{}";
	if (heads[0] == '\0')
		heads = "{}";
	return s->staff > 0 && s->role != ROLE_UNSET && areas[0] == '{' && heads[0] == '{' &&
		copy(s->work_no, sizeof(s->work_no), cell(rows, OPENED_WORK_NO)) &&
		copy(s->login, sizeof(s->login), cell(rows, OPENED_LOGIN)) &&
		copy(s->name, sizeof(s->name), cell(rows, OPENED_NAME)) &&
		copy(s->timezone, sizeof(s->timezone), cell(rows, OPENED_TIMEZONE)) &&
		copy(s->areas, sizeof(s->areas), areas) && copy(s->heads, sizeof(s->heads), heads);
}

struct session *session_take(const struct rows *rows)
{
	int64_t id = strtoll(cell(rows, OPENED_SESSION), NULL, 10);
	if (rows_count(rows) != 1 || id <= 0)
		return NULL;
	struct session *s = session_find(id);
	bool is_new = s == NULL;
	if (is_new && (s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	if (!session_fill(s, rows)) {
		log_error("session %" PRId64 ": its row cannot be used", id);
		if (is_new)
			free(s);
		return NULL;
	}
	if (is_new) {
		s->id = id;
		s->active = s->touched = loop_now();
		s->next = sessions;
		sessions = s;
		copy(s->lang, sizeof(s->lang), i18n_langs[0]);
	}
	return s;
}

/* --- ending and locking --- */

void session_over(struct session *s, struct peer *keep, const char *reason)
{
	char json[128];
	s->ended = true;
	snprintf(json, sizeof(json),
		"{\"jsonrpc\":\"2.0\",\"method\":\"signed_out\",\"params\":{\"reason\":\"%s\"}}", reason);
	peer_detach_others(s, keep, json);
	if (keep != NULL)
		peer_attach(keep, NULL);
}

void session_end(int64_t id, const char *reason)
{
	struct session *s = session_find(id);
	if (s != NULL)
		session_over(s, NULL, reason);
}

void session_end_others(const struct session *mine)
{
	for (struct session *s = sessions; s != NULL; s = s->next)
		if (s != mine && s->staff == mine->staff && s->interactive && !s->ended)
			session_over(s, NULL, "elsewhere");
}

void session_lock(int64_t id)
{
	struct session *s = session_find(id);
	if (s != NULL && loop_now() - s->unlocked >= UNLOCK_GRACE_S)
		session_lock_now(s);
}

void session_lock_now(struct session *s)
{
	if (s->locked)
		return;
	s->locked = true;
	peer_notify_session(s, "{\"jsonrpc\":\"2.0\",\"method\":\"locked\",\"params\":{}}");
}

void session_detach(struct session *s)
{
	if (s->interactive || s->ended)
		return;
	s->ended = true;
	s->close_wanted = true;
}

void session_active(struct session *s, double now)
{
	if (!s->locked)
		s->active = now;
}

/* --- once a tick --- */

/* One statement about the session; nobody waits for its answer. */
static enum err session_tell(const struct session *s, const char *sql)
{
	return ask(LANE_PEN, sql, 1, &(const char *){ s->token_hex }, NULL, NULL);
}

static void session_lock_idle(struct session *s, double now)
{
	int64_t limit = s->interactive ? settings.lock_interactive_s : settings.lock_script_s;
	if (limit == 0 || s->locked || now - s->active < (double)limit)
		return;
	/* Here first: the lock holds even when the pen is busy and the database hears of it later. */
	session_lock(s->id);
	if (session_tell(s, "SELECT op.session_idle($1)") != OK)
		log_warn("session %" PRId64 ": the database does not know yet that it is locked", s->id);
}

/* One statement for everybody who did something since the last one. */
static void session_touch_all(double now)
{
	struct buf tokens;
	buf_init(&tokens, 1024 * 1024);
	for (struct session *s = sessions; s != NULL; s = s->next) {
		if (s->ended || s->active <= s->touched || now - s->touched < TOUCH_S)
			continue;
		s->touched = now;
		buf_printf(&tokens, "%c\"\\%s\"", tokens.len == 0 ? '{' : ',', s->token_hex);
	}
	if (tokens.len > 0) {
		buf_puts(&tokens, "}");
		if (tokens.failed || ask(LANE_PEN, "SELECT op.session_touch($1)", 1, &(const char *){ tokens.data }, NULL, NULL) != OK)
			log_warn("session: activity could not be written");
	}
	buf_done(&tokens);
}

static bool session_is_free(const struct session *s)
{
	return s->ended && !s->close_wanted && s->peers == 0 && s->uses == 0;
}

static void session_free(struct session **link)
{
	struct session *s = *link;
	*link = s->next;
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void session_sweep(double now)
{
	struct session **link = &sessions;
	session_touch_all(now);
	while (*link != NULL) {
		struct session *s = *link;
		if (!s->ended)
			session_lock_idle(s, now);
		if (s->close_wanted && session_tell(s, "SELECT op.session_close($1)") == OK)
			s->close_wanted = false;
		if (session_is_free(s))
			session_free(link);
		else
			link = &s->next;
	}
}

void session_free_all(void)
{
	while (sessions != NULL)
		session_free(&sessions);
}

/* --- asking anew --- */

static void rechecked(void *ctx, const struct rows *rows, enum err err)
{
	struct session *s = ctx;
	const char *result = err == OK ? cell(rows, OPENED_RESULT) : "";
	bool is_locked = strcmp(result, "session_locked") == 0;
	s->uses--;
	if (s->ended)
		return;
	/* No answer is no proof that the session lives: better one sign-in too many. */
	if ((strcmp(result, "ok") != 0 && !is_locked) || session_take(rows) == NULL)
		session_over(s, NULL, "ended");
	else if (is_locked)
		session_lock(s->id);
}

static enum err recheck_one(struct session *s)
{
	const char *const params[] = { s->token_hex, s->terminal, s->interactive ? "t" : "f" };
	enum err err = ask(LANE_PEN, "SELECT * FROM op.session_resume($1,$2,$3)", NITEMS(params), params, rechecked, s);
	s->uses += err == OK;
	return err;
}

bool session_refresh(void)
{
	bool all = true;
	for (struct session *s = sessions; s != NULL; s = s->next)
		all = (s->ended || recheck_one(s) == OK) && all;
	return all;
}

void session_recheck(void)
{
	for (struct session *s = sessions; s != NULL; s = s->next)
		if (!s->ended && recheck_one(s) != OK)
			session_over(s, NULL, "ended");
}

/* --- refresh of screens --- */

struct change {
	const struct book *book;
	int64_t area;
	const int64_t *parties;
	size_t nparties;
};

static bool change_is_seen(const struct session *s, const void *ctx)
{
	const struct change *change = ctx;
	/* Roles of .parties see a record only as a party to it. */
	if (((change->book->readers | change->book->parties) & BIT(s->role)) == 0)
		return false;
	if ((change->book->readers & BIT(s->role)) != 0 &&
		((change->book->flags & B_AREA) == 0 || (change->book->estate_wide & BIT(s->role)) != 0 || session_has(s->areas, change->area)))
		return true;
	for (size_t i = 0; i < change->nparties; i++)
		if (change->parties[i] == s->staff)
			return true;
	return false;
}

void session_changed(int64_t area, const char *book, int64_t id, int64_t version,
	const int64_t *parties, size_t nparties)
{
	struct change change = { .area = area, .parties = parties, .nparties = nparties };
	for (size_t i = 0; i < nbooks && i < 64 * PEER_WATCH_WORDS; i++) {
		if (strcmp(books[i]->name, book) != 0)
			continue;
		char json[256];
		change.book = books[i];
		snprintf(json, sizeof(json), "{\"jsonrpc\":\"2.0\",\"method\":\"changed\",\"params\":"
			"{\"book\":\"%s\",\"id\":%" PRId64 ",\"version\":%" PRId64 "}}", book, id, version);
		peer_notify_watchers(i, change_is_seen, &change, json);
		return;
	}
}
