/*
 * message.c - reads request lines and writes answer lines of JSON-RPC 2.0.
 *
 * Not for: deciding what to do after a bad line; peer.c does. Trap: every error code has exactly
 * one general sentence, here; a fault brings its own when it knows better.
 */
#include "server/message.h"

#include <string.h>

#include "common/i18n.h"

enum { ID_MAX = 128, METHOD_MAX = 128, SENTENCE_MAX = 1024 };

/* What is said when nothing better is known: what happened, and what to do. */
static const char *const sentences[ERR_END] = {
	[OK] = N_("Done."),
	[ERR_INVALID] = N_("The request is not filled in correctly."),
	[ERR_FORBIDDEN] = N_("Your role may not do this."),
	[ERR_NOT_FOUND] = N_("There is no such record."),
	[ERR_CONFLICT] = N_("Somebody changed this record; look at it again."),
	[ERR_REFUSED] = N_("The house rules do not allow this now."),
	[ERR_BUSY] = N_("The server is busy; try again in a moment."),
	[ERR_LOCKED] = N_("Locked: enter your password."),
	[ERR_TOO_BIG] = N_("Too much at once; ask for less."),
	[ERR_DEGRADED] = N_("The server can only be read at the moment; tell the administrator."),
	[ERR_INDETERMINATE] = N_("No answer in time: it may or may not have been done; ask again."),
	[ERR_NOMEM] = N_("The server is short of memory; try again in a moment."),
	[ERR_PARSE] = N_("This line is no JSON in UTF-8."),
	[ERR_METHOD] = N_("There is no such method."),
};

/* The id as JSON text; NULL when it cannot be one. */
static const char *id_text(struct arena *arena, const struct node *id)
{
	if (id == NULL || (id->type != NODE_INT && id->type != NODE_STRING))
		return NULL;
	if (id->type == NODE_STRING && id->len > ID_MAX)
		return NULL;
	struct buf buf;
	buf_init(&buf, 6 * ID_MAX + 3);
	node_write(&buf, id);
	const char *text = buf.failed ? NULL : arena_strndup(arena, buf.data, buf.len);
	buf_done(&buf);
	return text;
}

/* Takes the members of a request object one by one. */
static enum err message_read(struct arena *arena, const struct node *root, struct message *out)
{
	const struct node *version = node_get(root, "jsonrpc");
	const struct node *params = node_get(root, "params");
	const struct node *automatic = node_get(root, "auto");
	const char *id = id_text(arena, node_get(root, "id"));
	if (id == NULL)
		return ERR_INVALID;
	out->id = id;
	out->method = node_str(node_get(root, "method"));
	if (out->method == NULL || out->method[0] == '\0' || strlen(out->method) > METHOD_MAX)
		return ERR_INVALID;
	if (version != NULL && (node_str(version) == NULL || strcmp(node_str(version), "2.0") != 0))
		return ERR_INVALID;
	if (params != NULL && params->type != NODE_OBJECT)
		return ERR_INVALID;
	if (automatic != NULL && automatic->type != NODE_BOOL)
		return ERR_INVALID;
	out->automatic = automatic != NULL && automatic->b;
	if (params != NULL)
		out->params = params;
	return OK;
}

enum err message_parse(struct arena *arena, const char *line, size_t len, int nesting,
	struct message *out)
{
	*out = (struct message){ .id = "null" };
	struct node *empty = arena_alloc(arena, sizeof(*empty));
	if (empty == NULL)
		return ERR_NOMEM;
	empty->type = NODE_OBJECT;
	out->params = empty;
	struct node *root = NULL;
	enum err err = node_parse(arena, line, len, nesting, &root);
	if (err != OK)
		return err;
	return root->type == NODE_OBJECT ? message_read(arena, root, out) : ERR_INVALID;
}

void message_result(struct buf *out, const char *id, const char *json, size_t len)
{
	buf_puts(out, "{\"jsonrpc\":\"2.0\",\"id\":");
	buf_puts(out, id);
	buf_puts(out, ",\"result\":");
	buf_put(out, json, len);
	buf_puts(out, "}\n");
}

static int rpc_code(enum err err)
{
	if (err == ERR_PARSE)
		return RPC_PARSE;
	return err == ERR_METHOD ? RPC_METHOD : RPC_LODGE;
}

static void member(struct buf *out, const char *name, const char *text)
{
	if (text != NULL)
		buf_json_member(out, name, text);
}

static void write_issues(struct buf *out, const char *lang, const struct issue *issues)
{
	buf_puts(out, ",\"fields\":[");
	for (const struct issue *i = issues; i->field != NULL; i++) {
		buf_puts(out, i == issues ? "{\"field\":" : ",{\"field\":");
		buf_json_str(out, i->field);
		member(out, "message", tr_in(lang, i->message));
		member(out, "rule", i->rule);
		buf_puts(out, "}");
	}
	buf_puts(out, "]");
}

void message_roles(struct buf *out, uint64_t roles)
{
	const char *comma = "[";
	for (enum role role = ROLE_UNSET + 1; role < ROLE_END; role++)
		if ((roles & BIT(role)) != 0) {
			buf_printf(out, "%s\"%s\"", comma, role_word(role));
			comma = ",";
		}
	buf_puts(out, roles != 0 ? "]" : "[]");
}

/* One sentence: the fault's own, else the first bad field and what is wrong with it, else the code's. */
static void write_sentence(struct buf *out, const char *lang, const struct fault *fault, enum err code, const struct issue *first)
{
	struct buf text;

	if (fault->message != NULL || first == NULL || first->message == NULL) {
		buf_json_str(out, tr_in(lang, fault->message != NULL ? fault->message : sentences[code]));
		return;
	}
	buf_init(&text, SENTENCE_MAX);
	buf_printf(&text, "%s: %s", first->field, tr_in(lang, first->message));
	buf_json_str(out, text.failed ? tr_in(lang, sentences[code]) : text.data);
	buf_done(&text);
}

void message_fault(struct buf *out, const char *id, const char *lang, const struct fault *fault, int rpc)
{
	enum err code = fault->code > OK && fault->code < ERR_END ? fault->code : ERR_INDETERMINATE;
	const struct issue *first = fault->issues != NULL && fault->issues->field != NULL ? fault->issues : NULL;
	const char *field = fault->field != NULL || first == NULL ? fault->field : first->field;
	buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":", id,
		rpc != 0 ? rpc : rpc_code(code));
	write_sentence(out, lang, fault, code, first);
	buf_puts(out, ",\"data\":{\"code\":");
	buf_json_str(out, err_word(code));
	member(out, "rule", fault->rule);
	member(out, "guard", fault->guard);
	member(out, "field", field);
	if (fault->issues != NULL)
		write_issues(out, lang, fault->issues);
	if (fault->may != 0) {
		buf_puts(out, ",\"may\":");
		message_roles(out, fault->may);
	}
	if (fault->recorded != NULL)
		buf_printf(out, ",\"recorded\":%s", fault->recorded);
	if (fault->retry_after > 0)
		buf_printf(out, ",\"retry_after\":%d", fault->retry_after);
	if (fault->step_up)
		buf_puts(out, ",\"step_up\":true");
	buf_puts(out, "}}}\n");
}
