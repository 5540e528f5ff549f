/*
 * lookup.c - collects look-ups and writes them to the log.
 *
 * One note a session, with a copy of its token, because the session may end first. Ids stay in the
 * note until the database has them; a second event with the same ids does no harm, a missing one
 * would. Not for: deciding what counts as a look-up (engine_read.c).
 * Trap: a note under way belongs to the pen until note_done(); it is never freed before.
 */
#include "server/lookup.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/log.h"
#include "server/ask.h"
#include "server/db.h"
#include "server/session.h"

enum { SEEN_MAX = 512, SEEN_TEXT = SEEN_MAX * 20 + 3 };
static const double minute_s = 60, overdue_s = 120, again_s = 5;

struct note {
	int64_t session;
	char token[sizeof(((struct session *)0)->token_hex)];
	int64_t seen[SEEN_MAX];
	size_t nseen, nsent; /* the first nsent are on their way */
	double since;        /* when the oldest unwritten one was seen; 0 = none */
	double written;      /* when the last event was written; 0 = never */
	bool is_sending, is_ending;
	struct note *next;
};

static struct note *notes;
static struct event *timer;

static struct note *note_find(int64_t session)
{
	for (struct note *note = notes; note; note = note->next)
		if (note->session == session)
			return note;
	return NULL;
}

static void note_free(struct note **link)
{
	struct note *note = *link;

	*link = note->next;
	explicit_bzero(note, sizeof(*note));
	free(note);
}

static void note_done(void *ctx, const struct rows *rows, enum err err)
{
	struct note *note = ctx;

	(void)rows;
	note->is_sending = false;
	if (err == OK) {
		note->nseen -= note->nsent;
		memmove(note->seen, note->seen + note->nsent, note->nseen * sizeof(note->seen[0]));
		note->since = note->nseen ? db_clock() : 0;
		note->written = db_clock();
	} else {
		log_error("look-ups of a session are not yet written: %s", err_word(err));
		note->written = db_clock() - minute_s + again_s;
	}
	note->nsent = 0;
}

static void note_send(struct note *note)
{
	struct buf ids;

	buf_init(&ids, SEEN_TEXT);
	for (size_t i = 0; i < note->nseen; i++)
		buf_printf(&ids, "%c%lld", i ? ',' : '{', (long long)note->seen[i]);
	buf_puts(&ids, "}");
	note->is_sending = !ids.failed && ask(LANE_PEN, "SELECT op.lookup($1, $2)", 2,
		(const char *const[]){note->token, ids.data}, note_done, note) == OK;
	note->nsent = note->is_sending ? note->nseen : 0;
	buf_done(&ids);
}

static void tick_cb(evutil_socket_t fd, short what, void *ctx)
{
	const double now = db_clock();
	struct note **link = &notes;

	(void)fd, (void)what, (void)ctx;
	while (*link) {
		struct note *note = *link;
		bool is_due = note->is_ending || now - note->written >= minute_s;

		if (!note->is_sending && note->nseen == 0 && is_due) {
			note_free(link);
			continue;
		}
		if (!note->is_sending && is_due)
			note_send(note);
		link = &note->next;
	}
}

enum err lookup_start(struct event_base *base)
{
	const struct timeval every = {1, 0};

	timer = event_new(base, -1, EV_PERSIST, tick_cb, NULL);
	return timer && event_add(timer, &every) == 0 ? OK : ERR_NOMEM;
}

void lookup_stop(void)
{
	if (timer)
		event_free(timer);
	timer = NULL;
	while (notes)
		note_free(&notes);
}

static struct note *note_new(const struct session *session)
{
	struct note *note = calloc(1, sizeof(*note));

	if (!note)
		return NULL;
	note->session = session->id;
	memcpy(note->token, session->token_hex, sizeof(note->token));
	note->written = db_clock() - minute_s;
	note->next = notes;
	notes = note;
	return note;
}

bool lookup_saw(const struct session *session, const char *household)
{
	struct note *note = household ? note_find(session->id) : NULL;
	int64_t id = household ? strtoll(household, NULL, 10) : 0;

	if (!household)
		return true;
	if (!note && !(note = note_new(session)))
		return false;
	for (size_t i = note->nsent; i < note->nseen; i++)
		if (note->seen[i] == id)
			return true;
	if (note->nseen == SEEN_MAX)
		return false; /* many readings were under way at once */
	note->seen[note->nseen++] = id;
	if (note->since <= 0)
		note->since = db_clock();
	if (note->nseen > SEEN_MAX / 2 && !note->is_sending)
		note_send(note);
	return true;
}

bool lookup_is_ready(const struct session *session)
{
	const struct note *note = note_find(session->id);

	return !note || (note->nseen <= SEEN_MAX - 256 &&
		(note->since <= 0 || db_clock() - note->since < overdue_s));
}

void lookup_flush(int64_t session)
{
	struct note *note = note_find(session);

	if (!note)
		return;
	note->is_ending = true;
	if (!note->is_sending && note->nseen > 0)
		note_send(note);
}

void lookup_flush_all(void)
{
	for (struct note *note = notes; note; note = note->next)
		lookup_flush(note->session);
}
