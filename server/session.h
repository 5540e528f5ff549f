/*
 * session.h - who is signed in, in which role, with which areas; a cached copy of what
 * PostgreSQL holds, kept fresh by the feed.
 *
 * lodged keeps no truth: the row in lodge.session judges every operation. The copy here only
 * chooses the read lane and the predicates of reads. Not for: deciding operations.
 * Trap: clearance follows the clock (the night manager's, OPS-03): always ask session_level().
 */
#ifndef LODGE_SESSION_H
#define LODGE_SESSION_H

#include <stdbool.h>

#include "common/words.h"

enum { TOKEN_BYTES = 32, SESSION_AREAS_MAX = 256 };

struct session {
	int64_t id, staff;
	char work_no[32], login[64], name[256];
	enum role role;
	uint64_t roles;              /* BIT(role): what switch_role may choose from */
	char areas[1024];            /* PostgreSQL array text such as {1,2}: every area he may see */
	char heads[256];             /* departments he heads, array text */
	char token_hex[2 * TOKEN_BYTES + 3]; /* \x… for operations; wiped when the session ends */
	enum level level, level_night; /* clearance for lists by day, and in the night shift */
	char lang[16];               /* en zh_CN zh_TW vi */
	bool interactive, locked, ended;
	struct peer *peer;
	struct session *next;
};

/* Clearance for lists at this moment (OPS-03: some roles hold more in the night shift). */
enum level session_level(const struct session *);

#endif
