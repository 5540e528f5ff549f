/*
 * feed.c - polls lodge.feed and passes on what it says.
 *
 * One poll at a time; the first one only finds out where the log ends. Not for: NOTIFY, which
 * would serialise commits. Trap: sessions are told by the time of their change,
 * within the last ten seconds; after a longer silence every session is asked anew.
 */
#include "server/feed.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "server/array.h"
#include "server/ask.h"
#include "server/db.h"
#include "server/lookup.h"
#include "server/session.h"

enum { POLL_MS = 500, EVENTS_AT_ONCE = 500, PARTIES_MAX = 16 };
static const double dead_after_s = 2, recheck_after_s = 8;

/* Columns of the statement below. */
enum { KIND, SEQ, BOOK, RECORD, VERSION, AREA, STAFF, SESSION, STATE };
static const char poll_sql[] = "SELECT kind, seq, book, record, version, area, staff, session, state "
	"FROM lodge.feed($1)";

static struct {
	struct event *timer;
	int64_t after; /* last seq passed on; INT64_MAX before the first poll */
	double heard;  /* when the last poll came back; 0 = never */
	bool is_asking, is_silent, is_administered;
} feed;

static int64_t number(const struct rows *rows, size_t row, size_t column)
{
	const char *text = rows_get(rows, row, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

static void take_event(const struct rows *rows, size_t row)
{
	int64_t parties[PARTIES_MAX];
	const char *cursor = rows_get(rows, row, STAFF), *book = rows_get(rows, row, BOOK);
	char word[24];
	size_t n = 0;

	while (cursor && n < PARTIES_MAX && array_next(&cursor, word, sizeof(word)))
		parties[n++] = strtoll(word, NULL, 10);
	if (book && rows_get(rows, row, RECORD))
		session_changed(number(rows, row, AREA), book, number(rows, row, RECORD),
			number(rows, row, VERSION), parties, n);
}

static void take_session(const struct rows *rows, size_t row)
{
	const char *state = rows_get(rows, row, STATE);
	int64_t id = number(rows, row, SESSION);

	if (state && strcmp(state, "ended") == 0) {
		lookup_flush(id);
		session_end(id, "ended");
	} else if (state && strcmp(state, "locked") == 0) {
		session_lock(id);
	}
}

static void take_rows(const struct rows *rows)
{
	int64_t head = feed.after, last = feed.after;
	size_t events = 0;

	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *kind = rows_get(rows, row, KIND), *state = rows_get(rows, row, STATE);

		if (!kind)
			continue;
		if (strcmp(kind, "event") == 0) {
			take_event(rows, row);
			/* Nobody's session: administration, perhaps of somebody's role, areas or clearance. */
			feed.is_administered = feed.is_administered || !rows_get(rows, row, SESSION);
			last = number(rows, row, SEQ);
			events++;
		} else if (strcmp(kind, "session") == 0) {
			take_session(rows, row);
		} else if (strcmp(kind, "clock") == 0) {
			head = number(rows, row, SEQ);
			session_set_night(state && strcmp(state, "night") == 0);
		}
	}
	feed.after = events < EVENTS_AT_ONCE ? head : last;
	if (feed.is_administered)
		feed.is_administered = !session_refresh();
}

static void poll_done(void *ctx, const struct rows *rows, enum err err)
{
	double now = db_clock();

	(void)ctx;
	feed.is_asking = false;
	if (err != OK && !feed.is_silent)
		log_warn("feed: %s", err_word(err));
	feed.is_silent = err != OK;
	if (err != OK)
		return;
	if (feed.heard > 0 && now - feed.heard > recheck_after_s)
		session_recheck();
	feed.heard = now;
	take_rows(rows);
}

static void poll_cb(evutil_socket_t fd, short what, void *ctx)
{
	char after[24];

	(void)fd, (void)what, (void)ctx;
	snprintf(after, sizeof(after), "%" PRId64, feed.after);
	if (!feed.is_asking)
		feed.is_asking = ask(LANE_FEED, poll_sql, 1, &(const char *){after}, poll_done, NULL) == OK;
}

enum err feed_start(struct event_base *base)
{
	const struct timeval every = {0, POLL_MS * 1000};

	memset(&feed, 0, sizeof(feed));
	feed.after = INT64_MAX;
	feed.timer = event_new(base, -1, EV_PERSIST, poll_cb, NULL);
	if (!feed.timer || event_add(feed.timer, &every) != 0)
		return ERR_NOMEM;
	poll_cb(-1, 0, NULL);
	return OK;
}

void feed_stop(void)
{
	if (feed.timer)
		event_free(feed.timer);
	feed.timer = NULL;
}

bool feed_is_alive(void)
{
	return feed.heard > 0 && db_clock() - feed.heard < dead_after_s;
}
