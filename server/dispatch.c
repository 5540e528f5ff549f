/*
 * dispatch.c - the one table of session methods; all others are the engine's.
 *
 * Adding a session method: one row here, one function in signin.c or a file of its own. Not for: methods of books,
 * which come from their descriptors (engine.c). Trap: refusal is the default in every state.
 */
#include "server/dispatch.h"

#include <string.h>

#include "common/i18n.h"
#include "server/draft.h"
#include "server/engine.h"
#include "server/recorded.h"
#include "server/loop.h"
#include "server/password.h"
#include "server/peer.h"
#include "server/session.h"
#include "server/signin.h"

enum method_flag {
	M_STRANGER = 1 << 0, /* before sign-in */
	M_PERSON = 1 << 1,   /* after it */
	M_LOCKED = 1 << 2,   /* while locked, too */
	M_ALONE = 1 << 3,    /* changes who is signed in */
	M_QUIET = 1 << 4,    /* a sign of life of the program, not of the person */
};

static const struct method {
	const char *name;
	void (*run)(struct request *);
	unsigned flags;
} methods[] = {
	{ .name = "hello", .run = signin_hello, .flags = M_STRANGER | M_PERSON | M_ALONE | M_QUIET },
	{ .name = "sign_in", .run = signin_sign_in, .flags = M_STRANGER | M_ALONE },
	{ .name = "sign_out", .run = signin_sign_out, .flags = M_PERSON | M_LOCKED | M_ALONE },
	{ .name = "unlock", .run = signin_unlock, .flags = M_PERSON | M_LOCKED | M_ALONE },
	{ .name = "switch_role", .run = signin_switch_role, .flags = M_PERSON | M_ALONE },
	{ .name = "set_language", .run = signin_set_language, .flags = M_PERSON },
	{ .name = "watch", .run = signin_watch, .flags = M_PERSON | M_QUIET },
	{ .name = "lock", .run = signin_lock, .flags = M_PERSON | M_LOCKED | M_ALONE | M_QUIET },
	{ .name = "password", .run = password_change, .flags = M_PERSON | M_ALONE },
	{ .name = "draft.keep", .run = draft_keep, .flags = M_PERSON },
	{ .name = "draft.list", .run = draft_list, .flags = M_PERSON | M_QUIET },
	{ .name = "draft.drop", .run = draft_drop, .flags = M_PERSON },
	{ .name = "journal.key", .run = journal_key, .flags = M_PERSON | M_QUIET },
	{ .name = "journal.replay", .run = journal_replay, .flags = M_PERSON | M_QUIET },
};

static const struct method *method_find(const char *name)
{
	for (size_t i = 0; i < NITEMS(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

static bool dispatch_is_alone(const char *name)
{
	const struct method *method = method_find(name);
	return method != NULL && (method->flags & M_ALONE) != 0;
}

static void dispatch_take(struct request *rq, bool automatic)
{
	const struct method *method = method_find(rq->method);
	struct session *session = rq->session;
	unsigned flags = method != NULL ? method->flags : M_PERSON;
	i18n_use(peer_lang(rq->peer)); /* sentences with figures are written while the shape is checked */
	if (session == NULL && (flags & M_STRANGER) == 0) {
		request_refuse(rq, ERR_FORBIDDEN, N_("Sign in first."));
		return;
	}
	if (session != NULL && session->locked && (flags & M_LOCKED) == 0) {
		request_refuse(rq, ERR_LOCKED, NULL);
		return;
	}
	if (session != NULL && (flags & M_PERSON) == 0) {
		request_refuse(rq, ERR_REFUSED, N_("Somebody is signed in here; sign out first."));
		return;
	}
	if (session != NULL && !automatic && (flags & M_QUIET) == 0)
		session_active(session, loop_now());
	if (method != NULL)
		method->run(rq);
	else if (!engine_dispatch(rq))
		request_refuse(rq, ERR_METHOD, NULL);
}

const struct peer_handler dispatch_handler = { .take = dispatch_take, .is_alone = dispatch_is_alone };
