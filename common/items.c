/*
 * items.c - see items.h.
 *
 * Typed, the items are divided by semicolons or lines, and the number follows an x: "sofa x2; bed".
 * Not for: units of measure. Trap: a name may end in a number of its own ("shelf 2"), so only an x, × or *
 * with a blank before it makes a number of what follows.
 */
#include "common/items.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/i18n.h"
#include "common/text.h"

static enum err put_item(struct arena *a, struct buf *out, const char *name, size_t len, int64_t quantity, const char **why)
{
	const char *clean = NULL;
	enum err err;

	while (len > 0 && name[len - 1] == ' ')
		len--;
	err = text_clean(a, name, len, false, &clean, why);
	if (err != OK)
		return err;
	if (len == 0 || text_chars(clean) > ITEM_NAME_LONGEST) {
		*why = N_("Each item has a name of at most 160 characters.");
		return ERR_INVALID;
	}
	if (quantity < 1 || quantity > ITEM_MOST) {
		*why = N_("The number of an item is from 1 to 99999.");
		return ERR_INVALID;
	}
	buf_puts(out, out->len > 1 ? ",{\"name\":" : "{\"name\":");
	buf_json_str(out, clean);
	buf_printf(out, ",\"quantity\":%lld}", (long long)quantity);
	return OK;
}

static enum err put_given(struct arena *a, struct buf *out, const struct node *n, const char **why)
{
	const struct node *name = node_get(n, "name"), *quantity = node_get(n, "quantity");

	if (n->type == NODE_STRING)
		return put_item(a, out, n->s, n->len, 1, why);
	if (n->type != NODE_OBJECT || name == NULL || name->type != NODE_STRING || n->count != (quantity != NULL ? 2U : 1U) ||
	    (quantity != NULL && quantity->type != NODE_INT)) {
		*why = N_("Items are a list of name and quantity.");
		return ERR_INVALID;
	}
	return put_item(a, out, name->s, name->len, quantity != NULL ? quantity->i : 1, why);
}

/* The bytes of the sign before a number (" x", " ×", " *") at s, or 0. */
static size_t times_sign(const char *s)
{
	if (s[0] != ' ')
		return 0;
	if (s[1] == 'x' || s[1] == 'X' || s[1] == '*')
		return 2;
	return strncmp(s + 1, "×", strlen("×")) == 0 ? 1 + strlen("×") : 0;
}

/* The number that a typed item of len bytes ends in, and where its name ends; -1 when it ends in none. */
static long number_at(const char *s, size_t len, size_t *name_end)
{
	for (size_t i = 0; i < len; i++) {
		size_t sign = times_sign(s + i), digits = 0;
		const char *number = s + i + sign;

		if (sign == 0)
			continue;
		if (*number == ' ')
			number++;
		digits = strspn(number, "0123456789");
		if (digits > 0 && digits < 7 && number + digits + strspn(number + digits, " ") >= s + len) {
			*name_end = i;
			return strtol(number, NULL, 10);
		}
	}
	return -1;
}

/* One typed item of len bytes. */
static enum err put_typed(struct arena *a, struct buf *out, const char *s, size_t len, const char **why)
{
	size_t name_end = len;
	long number = number_at(s, len, &name_end);

	return put_item(a, out, s, name_end, number >= 0 ? number : 1, why);
}

static enum err put_text(struct arena *a, struct buf *out, const struct node *n, size_t most, const char **why)
{
	const char *s = n->s;
	enum err err = OK;

	for (size_t count = 0; err == OK && *s != '\0';) {
		size_t len;

		s += strspn(s, " ;\n");
		len = strcspn(s, ";\n");
		if (len > 0 && ++count > most) {
			*why = N_("These are too many items for one list.");
			return ERR_INVALID;
		}
		if (len > 0)
			err = put_typed(a, out, s, len, why);
		s += len;
	}
	return err;
}

static enum err put_all(struct arena *a, struct buf *out, const struct node *n, size_t most, const char **why)
{
	enum err err = OK;

	if (n->type == NODE_STRING)
		return put_text(a, out, n, most, why);
	if (n->type != NODE_ARRAY || n->count > most) {
		*why = n->type == NODE_ARRAY ? N_("These are too many items for one list.") : N_("Items are a list of name and quantity.");
		return ERR_INVALID;
	}
	for (const struct node *item = n->first; err == OK && item != NULL; item = item->next)
		err = put_given(a, out, item, why);
	return err;
}

enum err items_read(struct arena *a, const struct node *n, size_t most, const char **text, const char **why)
{
	struct buf out;
	enum err err;

	buf_init(&out, 64 * 1024);
	buf_puts(&out, "[");
	err = put_all(a, &out, n, most, why);
	*text = NULL;
	if (err == OK && out.len > 1) {
		buf_puts(&out, "]");
		*text = out.failed ? NULL : arena_strdup(a, out.data);
		if (*text == NULL)
			err = ERR_NOMEM;
	}
	buf_done(&out);
	return err;
}

void items_show(struct buf *to, const struct node *list)
{
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		const struct node *quantity = node_get(n, "quantity");
		const char *name = node_str(node_get(n, "name"));
		size_t end;

		buf_printf(to, "%s%s", n != list->first ? "; " : "", name != NULL ? name : "");
		if (quantity != NULL && quantity->type == NODE_INT && (quantity->i > 1 || (name != NULL && number_at(name, strlen(name), &end) >= 0)))
			buf_printf(to, " x%lld", (long long)quantity->i);
	}
}
