/*
 * gate_decide.c - see gate_decide.h.
 *
 * One row of gate_rules for each book; to teach the gate another book is one more row. Not for: names of books
 * anywhere else. Trap: cases are tried in order, so what stops comes before what lets in.
 */
#include "client/gate_decide.h"

#include <stddef.h>
#include <string.h>

#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { KEY_MAX = 4096 };

/* ---- visitors ---- */

static const struct gate_key visitor_keys[] = {{"badge", GATE_CODE, GATE_ASK_KEPT}, {"name", GATE_NAME, GATE_ASK_NOBODY}, {"unit", GATE_CODE, GATE_ASK_NOBODY},
	{"vehicle", GATE_PLATE, GATE_ASK_NOBODY}, {"doc_tail", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case visitor_cases[] = {
	{.field = "contraband", .word = GATE_STOP, .rule = "VIS-11", .fact = N_("Contraband was found on this visitor.")},
	{.state = "refused", .word = GATE_STOP, .rule = "VIS-06",
		.fact = N_("Tell the visitor: we are sorry, you cannot be received now; we gladly arrange another appointment.")},
	{.state = "agreed", .field = "escort", .word = GATE_ENTER, .rule = "VIS-07", .op = "enter", .fact = N_("The host agreed, and the escort is named.")},
	{.state = "agreed", .word = GATE_ASK, .rule = "VIS-07", .op = "escort", .fact = N_("The host agreed; the escort is still to be named.")},
	{.state = "asked", .field = "answer", .value = "no_answer", .word = GATE_ASK, .rule = "VIS-06",
		.fact = N_("Tell the visitor: we have not reached your host yet; we gladly take a message.")},
	{.state = "asked", .word = GATE_ASK, .rule = "VIS-07", .fact = N_("The host was asked and has not answered yet.")},
	{.state = "waiting", .field = "class", .value = "casual_worker", .word = GATE_ENTER, .rule = "PASS-03", .op = "enter", .fact = N_("A casual worker; look at the paper.")},
	{.state = "waiting", .word = GATE_ASK, .rule = "VIS-07", .fact = N_("The visitor waits; the host has not been asked yet.")},
	{.state = "inside", .word = GATE_LEAVE, .op = "leave", .fact = N_("This visitor is inside.")},
	{.state = "left", .word = GATE_ASK, .fact = N_("This visitor has left.")},
	{.word = GATE_UNSET},
};
static const struct keep_outcome visitor_outcomes[] = {
	{.op = "arrive", .field = "class", .value = "guest", .state = "inside", .stamp = "arrived_at"},
	{.op = "arrive", .field = "class", .value = "business", .state = "waiting"},
	{.op = "arrive", .field = "class", .value = "applicant", .state = "waiting"},
	{.op = "arrive", .field = "class", .value = "supplier", .state = "waiting"},
	{.op = "arrive", .field = "class", .value = "casual_worker", .state = "waiting"},
	{.op = "arrive", .field = "entry_pass", .value = "", .state = "inside"},
	{.op = "arrive", .state = "waiting"},
	{.op = "pass_through", .stamp = "arrived_at"},
	{.op = "answer", .field = "answer", .value = "agreed", .state = "agreed"},
	{.op = "answer", .field = "answer", .value = "refused", .state = "refused"},
	{.op = "enter", .stamp = "in_at"},
	{.op = "override", .stamp = "in_at"},
	{.op = "leave", .stamp = "out_at"},
	{.op = "presume_left", .stamp = "out_at"},
	{.op = NULL},
};
static const char *const visitor_facts[] = {"badge", "name", "unit", "host", "party", "escort", "in_at", NULL};

/* ---- passes, cards, cars ---- */

static const char *const by_pass[] = {"class", "\"casual_worker\"", "name", "person_name", "unit", "unit", "doc_tail", "doc_tail", "entry_pass", "id", NULL};
static const struct gate_write enter_by_pass = {.book = "visitor", .op = "arrive", .fills = by_pass, .then = "enter"};

static const struct gate_key pass_keys[] = {{"no", GATE_CODE, GATE_ASK_ALL}, {"person_name", GATE_NAME, GATE_ASK_NOBODY}, {"unit", GATE_CODE, GATE_ASK_NOBODY},
	{"doc_tail", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case pass_cases[] = {
	{.state = "suspended", .word = GATE_ASK, .rule = "PASS-03", .fact = N_("The pass is suspended.")},
	{.state = "returned", .word = GATE_STOP, .rule = "PASS-03", .fact = N_("The pass was handed back.")},
	{.state = "expired", .word = GATE_ASK, .rule = "PASS-03", .fact = N_("The pass has expired.")},
	{.state = "active", .day = GATE_OVER, .word = GATE_ASK, .rule = "PASS-03", .fact = N_("The pass has expired.")},
	{.state = "active", .day = GATE_EARLY, .word = GATE_ASK, .rule = "PASS-03", .fact = N_("The pass is not valid yet.")},
	{.state = "active", .field = "bearer", .word = GATE_ASK, .rule = "PASS-03",
		.fact = N_("The bearer of this pass is inside already; the card that he carries lets him out.")},
	{.state = "active", .word = GATE_ENTER, .rule = "PASS-03", .write = &enter_by_pass, .fact = N_("The pass is valid.")},
	{.word = GATE_UNSET},
};
static const char *const pass_facts[] = {"no", "person_name", "kind", "unit", "valid_until", "bearer", NULL};

static const struct gate_key card_keys[] = {{"no", GATE_CODE, GATE_ASK_ALL}, {"holder", GATE_NAME, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case card_cases[] = {
	{.state = "active", .word = GATE_ENTER, .rule = "CARD-06", .fact = N_("The card is active.")},
	{.state = "issued", .word = GATE_ASK, .rule = "CARD-04", .fact = N_("The card has not been activated yet.")},
	{.state = "lost", .word = GATE_STOP, .rule = "CARD-06", .fact = N_("The card was reported lost.")},
	{.state = "suspended", .word = GATE_STOP, .rule = "CARD-06", .fact = N_("The card is suspended.")},
	{.state = "cancelled", .word = GATE_STOP, .rule = "CARD-06", .fact = N_("The card is cancelled.")},
	{.state = "returned", .word = GATE_STOP, .rule = "CARD-06", .fact = N_("The card was handed back.")},
	{.word = GATE_ASK, .rule = "CARD-06", .fact = N_("The card was never handed over.")},
	{.word = GATE_UNSET},
};
static const char *const card_facts[] = {"no", "holder", "unit", "kind", NULL};

static const struct gate_key parking_keys[] = {{"plate", GATE_PLATE, GATE_ASK_NOBODY}, {"unit", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case parking_cases[] = {
	{.state = "lapsed", .word = GATE_ASK, .rule = "PARK-01", .fact = N_("The parking permit has lapsed.")},
	{.state = "permitted", .day = GATE_OVER, .word = GATE_ASK, .rule = "PARK-01", .fact = N_("The parking permit has lapsed.")},
	{.state = "permitted", .word = GATE_ENTER, .rule = "PARK-01", .op = "pass", .fact = N_("The car has a permit.")},
	{.state = "inside", .word = GATE_LEAVE, .rule = "PARK-02", .op = "drive_out", .fact = N_("A temporary car; its fee is entered when it leaves.")},
	{.word = GATE_ASK, .rule = "PARK-01", .fact = N_("The car has no permit.")},
	{.word = GATE_UNSET},
};
static const char *const parking_facts[] = {"plate", "unit", "kind", "space", "valid_until", NULL};

/* ---- who is known beforehand ---- */

static const char *const by_expectation[] = {"class", "\"guest\"", "name", "name", "unit", "unit", "vehicle", "vehicle", NULL};
static const struct gate_write enter_expected = {.book = "visitor", .op = "arrive", .fills = by_expectation};

static const struct gate_key gate_list_keys[] = {{"name", GATE_NAME, GATE_ASK_NOBODY}, {"vehicle", GATE_PLATE, GATE_ASK_NOBODY}, {"unit", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case gate_list_cases[] = {
	{.state = "withdrawn", .word = GATE_ASK, .rule = "VIS-10", .fact = N_("This line was taken off the list.")},
	{.state = "expired", .word = GATE_ASK, .rule = "VIS-10", .fact = N_("This line of the list is over.")},
	{.day = GATE_OVER, .word = GATE_ASK, .rule = "VIS-10", .fact = N_("This line of the list is over.")},
	{.state = "future", .word = GATE_ASK, .rule = "VIS-10", .fact = N_("This line of the list begins later.")},
	{.day = GATE_EARLY, .word = GATE_ASK, .rule = "VIS-10", .fact = N_("This line of the list begins later.")},
	{.field = "kind", .value = "barred", .word = GATE_STOP, .rule = "VIS-10", .fact = N_("The do-not-admit list names this person or car.")},
	{.field = "unit", .word = GATE_ENTER, .rule = "VIS-10", .write = &enter_expected, .fact = N_("Expected.")},
	{.word = GATE_ASK, .rule = "VIS-10", .fact = N_("Expected, but nobody wrote down by whom.")},
	{.word = GATE_UNSET},
};
static const char *const gate_list_facts[] = {"name", "unit", "vehicle", "until_day", "instruction", NULL};

static const char *const by_suppliers_list[] = {"class", "\"supplier\"", "name", "name", "body", "contractor", "doc_tail", "doc_tail", NULL};
static const struct gate_write announce_supplier = {.book = "visitor", .op = "arrive", .fills = by_suppliers_list, .is_form = true};

static const struct gate_key supplier_keys[] = {{"name", GATE_NAME, GATE_ASK_NOBODY}, {"doc_tail", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case supplier_cases[] = {
	{.state = "withdrawn", .word = GATE_STOP, .rule = "SUP-04", .fact = N_("The name was withdrawn from the suppliers' list.")},
	{.day = GATE_OVER, .word = GATE_STOP, .rule = "SUP-03", .fact = N_("The suppliers' list has expired.")},
	{.field = "valid", .value = "true", .word = GATE_ASK, .rule = "SUP-03", .write = &announce_supplier,
		.fact = N_("Named on the suppliers' list in force; the host must still agree (VIS-07).")},
	{.word = GATE_STOP, .rule = "SUP-03", .fact = N_("The suppliers' list that names this person is not in force.")},
	{.word = GATE_UNSET},
};
static const char *const supplier_facts[] = {"name", "contractor", "list_version", "valid_until", "doc_tail", NULL};

/* ---- goods ---- */

static const struct gate_key slip_keys[] = {{"no", GATE_CODE, GATE_ASK_ALL}, {"person", GATE_NAME, GATE_ASK_NOBODY}, {"vehicle", GATE_PLATE, GATE_ASK_NOBODY},
	{"unit", GATE_CODE, GATE_ASK_NOBODY}, {.field = NULL}};
static const struct gate_case slip_cases[] = {
	{.state = "used", .word = GATE_STOP, .rule = "GRS-01", .fact = N_("The slip has been used.")},
	{.state = "cancelled", .word = GATE_STOP, .rule = "GRS-01", .fact = N_("The slip is cancelled.")},
	{.state = "expired", .word = GATE_STOP, .rule = "GRS-01", .fact = N_("The slip is for another day.")},
	{.day = GATE_OVER, .word = GATE_STOP, .rule = "GRS-01", .fact = N_("The slip is for another day.")},
	{.day = GATE_EARLY, .word = GATE_STOP, .rule = "GRS-01", .fact = N_("The slip is for another day.")},
	{.state = "issued", .word = GATE_LEAVE, .rule = "GRS-01", .op = "clear", .fact = N_("Compare the goods with the slip.")},
	{.word = GATE_UNSET},
};
static const struct keep_spend slip_spends = {.op = "clear", .taken = "items", .left = "remaining", .then = "used", .guard = "slip_covers_items"};
static const char *const slip_facts[] = {"no", "remaining", "person", "unit", "valid_on", "rented", NULL};

#define KEPT(b, w, ...) .kept = {.book = b, .where = w, .keys = put_keys, __VA_ARGS__}
static void put_keys(const struct keep_book *, const struct node *row, struct buf *keys);

const struct gate_rule gate_rules[] = {
	{KEPT("gate_list", "{\"state\":[\"in_force\",\"future\"]}", .also = NULL), .keys = gate_list_keys, .cases = gate_list_cases,
		.from = "from_day", .until = "until_day", .facts = gate_list_facts, .bars = true},
	{KEPT("visitor", "{\"state\":[\"waiting\",\"asked\",\"agreed\",\"inside\"]}", .outcomes = visitor_outcomes), .keys = visitor_keys, .cases = visitor_cases,
		.facts = visitor_facts, .warn = "watch"},
	{KEPT("release_slip", "{\"state\":\"issued\"}", .spends = &slip_spends), .keys = slip_keys, .cases = slip_cases, .from = "valid_on", .until = "valid_on",
		.facts = slip_facts, .warn = "watch"},
	{KEPT("entry_pass", "{\"state\":[\"active\",\"expired\",\"suspended\"]}", .also = NULL), .keys = pass_keys, .cases = pass_cases,
		.from = "valid_from", .until = "valid_until", .facts = pass_facts},
	{KEPT("card", "{\"state\":[\"issued\",\"active\",\"suspended\",\"lost\"]}", .also = NULL), .keys = card_keys, .cases = card_cases, .facts = card_facts},
	{KEPT("parking", "{\"state\":[\"permitted\",\"lapsed\",\"inside\"]}", .also = NULL), .keys = parking_keys, .cases = parking_cases, .until = "valid_until",
		.facts = parking_facts},
	{KEPT("supplier_person", "{}", .also = "supplier_list"), .keys = supplier_keys, .cases = supplier_cases, .until = "valid_until", .facts = supplier_facts},
};
const size_t gate_nrules = NITEMS(gate_rules);

const struct keep_book *gate_keeps(size_t n)
{
	return n < gate_nrules ? &gate_rules[n].kept : NULL;
}

/* ---- comparing ---- */

/* What nobody types at a barrier. */
static void put_plain(struct buf *out, const char *s)
{
	struct buf folded;

	buf_init(&folded, KEY_MAX);
	text_fold(&folded, s);
	for (const char *c = folded.data; c != NULL && *c != '\0'; c++)
		if (strchr(" .,-'\n", *c) == NULL)
			buf_put(out, c, 1);
	buf_done(&folded);
}

void gate_text_init(struct gate_text *t, const char *typed)
{
	buf_init(&t->code, KEY_MAX);
	buf_init(&t->name, KEY_MAX);
	text_fold(&t->code, typed);
	put_plain(&t->name, typed);
}

void gate_text_done(struct gate_text *t)
{
	buf_done(&t->code);
	buf_done(&t->name);
}

static const struct node *value_of(const struct node *row, const char *field)
{
	const struct node *v = node_get(row, field);

	return node_get(v, "code") != NULL ? node_get(v, "code") : v;
}

void gate_row_keys(const struct gate_rule *rule, const struct node *row, struct buf *keys)
{
	struct buf word;

	buf_init(&word, KEY_MAX);
	for (const struct gate_key *k = rule->keys; k->field != NULL; k++) {
		const struct node *v = value_of(row, k->field);

		buf_reset(&word);
		if (v != NULL && v->type != NODE_NULL)
			value_word(&word, v);
		if (word.len > 0 && k->compare == GATE_CODE)
			text_fold(keys, word.data);
		else if (word.len > 0)
			put_plain(keys, word.data);
		buf_puts(keys, "\n");
	}
	buf_done(&word);
}

_Static_assert(offsetof(struct gate_rule, kept) == 0, "what is kept leads to its rule");

static void put_keys(const struct keep_book *kept, const struct node *row, struct buf *keys)
{
	gate_row_keys((const struct gate_rule *)(const void *)kept, row, keys);
}

/* Fewer letters than this are part of every second name. */
enum { PART_LEAST = 3 };

static enum gate_fit key_fits(const struct gate_key *k, const char *key, size_t len, const struct gate_text *t)
{
	const struct buf *typed = k->compare == GATE_CODE ? &t->code : &t->name;

	if (len == 0 || typed->len == 0)
		return GATE_NO_FIT;
	if (len == typed->len && memcmp(key, typed->data, len) == 0)
		return GATE_WHOLLY;
	if (k->compare == GATE_NAME && typed->len >= PART_LEAST && memmem(key, len, typed->data, typed->len) != NULL)
		return GATE_PARTLY;
	return GATE_NO_FIT;
}

enum gate_fit gate_fits(const struct gate_rule *rule, const char *keys, const char *field, const struct gate_text *t)
{
	enum gate_fit best = GATE_NO_FIT;

	for (const struct gate_key *k = rule->keys; k->field != NULL && best != GATE_WHOLLY; k++) {
		const char *end = strchr(keys, '\n');
		enum gate_fit fit = GATE_NO_FIT;

		if (end == NULL)
			break;
		if (field == NULL || strcmp(field, k->field) == 0)
			fit = key_fits(k, keys, (size_t)(end - keys), t);
		best = fit > best ? fit : best;
		keys = end + 1;
	}
	return best;
}

/* ---- judging ---- */

static bool day_fits(const struct gate_rule *rule, enum gate_day day, const struct node *row, const char *today)
{
	const char *from = rule->from != NULL ? node_str(node_get(row, rule->from)) : NULL;
	const char *until = rule->until != NULL ? node_str(node_get(row, rule->until)) : NULL;

	if (day == GATE_EARLY)
		return from != NULL && strcmp(from, today) > 0;
	if (day == GATE_OVER)
		return until != NULL && strcmp(until, today) < 0;
	return true;
}

static bool field_fits(const struct gate_case *c, const struct node *row)
{
	const struct node *v = c->field != NULL ? node_get(row, c->field) : NULL;
	struct buf word;
	bool same;

	if (c->field == NULL)
		return true;
	if (v == NULL || v->type == NODE_NULL)
		return false;
	if (c->value == NULL)
		return true;
	buf_init(&word, KEY_MAX);
	value_word(&word, v);
	same = word.len > 0 && strcmp(word.data, c->value) == 0;
	buf_done(&word);
	return same;
}

struct gate_verdict gate_judge(const struct gate_rule *rule, const struct node *row, const char *today)
{
	const char *state = node_str(node_get(row, "state"));

	for (const struct gate_case *c = row != NULL ? rule->cases : NULL; c != NULL && c->word != GATE_UNSET; c++)
		if ((c->state == NULL || (state != NULL && strcmp(c->state, state) == 0)) && field_fits(c, row) && day_fits(rule, c->day, row, today))
			return (struct gate_verdict){.word = c->word, .rule = rule, .why = c};
	return (struct gate_verdict){.word = GATE_ASK, .rule = row != NULL ? rule : NULL};
}

const char *gate_word_label(enum gate_word word)
{
	switch (word) {
	case GATE_ENTER: return N_("ENTER");
	case GATE_STOP: return N_("STOP");
	case GATE_LEAVE: return N_("MAY LEAVE");
	case GATE_ASK: case GATE_UNSET: break;
	}
	return N_("ASK RECEPTION");
}

const char *gate_word_mark(enum gate_word word)
{
	switch (word) {
	case GATE_ENTER: return ">>>";
	case GATE_STOP: return "!!!";
	case GATE_LEAVE: return "<<<";
	case GATE_ASK: case GATE_UNSET: break;
	}
	return "???";
}

const char *gate_fact(const struct gate_verdict *v)
{
	return v->why != NULL ? v->why->fact : N_("Nobody and nothing that the gate knows is called this.");
}

/* ---- checking ---- */

static void check_field(const struct book *book, const char *field, struct buf *errors)
{
	if (field != NULL && book_field(book, field) == NULL)
		buf_printf(errors, "no field %s.%s\n", book->name, field);
}

const struct part *gate_part(const struct book *book, const char *name)
{
	size_t i = 0;

	while (i < book->nparts && strcmp(book->parts[i].name, name) != 0)
		i++;
	return i < book->nparts ? &book->parts[i] : NULL;
}

static void check_write(const struct gate_write *w, const struct book *from, struct buf *errors)
{
	const struct book *book = book_find(w->book);

	if (book == NULL || book_op(book, w->op) == NULL || (w->then != NULL && book_op(book, w->then) == NULL)) {
		buf_printf(errors, "no operation %s.%s\n", w->book, w->op);
		return;
	}
	for (const char *const *f = w->fills; *f != NULL; f += 2) {
		check_field(book, f[0], errors);
		if (f[1][0] != '"' && strcmp(f[1], "id") != 0)
			check_field(from, f[1], errors);
	}
}

static void check_case(const struct gate_case *c, const struct book *book, struct buf *errors)
{
	if (c->state != NULL && book_state(book, c->state) < 0)
		buf_printf(errors, "no state %s.%s\n", book->name, c->state);
	check_field(book, c->field, errors);
	if (c->op != NULL && book_op(book, c->op) == NULL)
		buf_printf(errors, "no operation %s.%s\n", book->name, c->op);
	if (c->write != NULL)
		check_write(c->write, book, errors);
}

enum err gate_check(struct buf *errors)
{
	for (size_t i = 0; i < gate_nrules; i++) {
		const struct gate_rule *rule = &gate_rules[i];
		const struct book *book = book_find(rule->kept.book);

		keep_check(&rule->kept, errors);
		if (book == NULL)
			continue;
		for (const struct gate_key *k = rule->keys; k->field != NULL; k++)
			check_field(book, k->field, errors);
		for (const char *const *f = rule->facts; *f != NULL; f++)
			check_field(book, *f, errors);
		for (const struct gate_case *c = rule->cases; c->word != GATE_UNSET; c++)
			check_case(c, book, errors);
		if (rule->warn != NULL && gate_part(book, rule->warn) == NULL)
			buf_printf(errors, "no part %s.%s\n", book->name, rule->warn);
		check_field(book, rule->from, errors);
		check_field(book, rule->until, errors);
	}
	return errors->len > 0 ? ERR_INVALID : OK;
}
