/*
 * members.c - checks the params of a session method against its short list of members.
 *
 * Not for: methods of books. Trap: a type that is not asked for must not reach node_str unseen;
 * every check names the member, never its value, which may be a password.
 */
#include "server/members.h"

#include <string.h>

static struct issue *issue_add(struct issue *issue, const char *field, const char *message)
{
	issue->field = field;
	issue->message = message;
	return issue + 1;
}

static const struct member *member_find(const struct member *members, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

static const char *member_wrong(const struct member *member, const struct node *value)
{
	if (value == NULL || value->type == NODE_NULL)
		return member->needed ? N_("This must be filled in.") : NULL;
	if (value->type != member->type)
		return N_("This is of another type.");
	if (value->type != NODE_STRING)
		return NULL;
	if (node_str(value) == NULL || value->len > member->max || (member->needed && value->len == 0))
		return N_("This text is too short, too long, or holds what it may not.");
	return NULL;
}

bool members_check(struct request *rq, const struct member *members, size_t n)
{
	struct issue *issues = arena_alloc(rq->arena, (n + rq->params->count + 1) * sizeof(*issues));
	struct issue *end = issues;
	if (issues == NULL) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return false;
	}
	for (const struct node *p = rq->params->first; p != NULL; p = p->next)
		if (member_find(members, n, p->key) == NULL)
			end = issue_add(end, p->key, N_("There is no such member."));
	for (size_t i = 0; i < n; i++) {
		const char *why = member_wrong(&members[i], node_get(rq->params, members[i].name));
		if (why != NULL)
			end = issue_add(end, members[i].name, why);
	}
	if (end != issues)
		request_fault(rq, &(struct fault){ .code = ERR_INVALID, .issues = issues });
	return end == issues;
}

void members_refuse(struct request *rq, const char *name, const char *message)
{
	const struct issue issues[2] = { { .field = name, .message = message } };
	request_fault(rq, &(struct fault){ .code = ERR_INVALID, .issues = issues });
}
