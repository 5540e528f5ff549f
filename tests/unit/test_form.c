/*
 * test_form.c - forms of real operations, key by key, without a terminal or a server.
 *
 * The keystrokes of the frequent tasks, what goes on the wire, faults, drafts. Not for: painting.
 * Trap: the order of fields comes from the descriptors; a changed order breaks the desk's scripts,
 * and these tests are there to say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/form.h"
#include "client/keys.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

static struct form *form;

static void open_form(const char *op)
{
	const struct book *loan = book_find("loan");

	setlocale(LC_CTYPE, "C.UTF-8");
	assert_non_null(loan);
	form = form_new(loan, book_op(loan, op), NULL);
	assert_non_null(form);
}

static int tear_down(void **state)
{
	(void)state;
	form_free(form);
	form = NULL;
	form_forget_all();
	return 0;
}

/* Types a script: text, and keys in angle brackets. Returns the last result. */
static unsigned play(const char *script)
{
	unsigned result = 0;

	while (*script != '\0') {
		size_t n = strlen(script), used;
		struct key key = { .kind = K_TEXT };
		char name[16];

		used = text_decode(script, n, &key.cp);
		if (key.cp == '<' && strchr(script, '>') != NULL) {
			used = (size_t)(strchr(script, '>') - script) + 1;
			snprintf(name, sizeof(name), "%.*s", (int)used - 2, script + 1);
			assert_int_equal(key_of_name(name, &key), OK);
		}
		result = form_handle(form, &key);
		script += used;
	}
	return result;
}

/* What form_params() writes behind the op_id. */
static const char *params(void)
{
	static char text[4096];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	assert_int_equal(form_params(form, &out), OK);
	snprintf(text, sizeof(text), "%s", out.data + strlen("{\"op_id\":\"\"") + 36);
	buf_done(&out);
	return text;
}

static void assert_asks_name(const char *field)
{
	const struct field *f = form_ask_name(form);

	if (field == NULL)
		assert_null(f);
	else
		assert_string_equal(f != NULL ? f->name : "nothing", field);
}

/* The word beside a code: none is lost when the next field is left before it came, and none stays beside another code. */
static void each_code_is_named_as_it_is_in_the_end(void **state)
{
	(void)state;
	open_form("request");
	play("7-1203/1<Tab>w017<Tab>");
	assert_asks_name("file");
	assert_asks_name("requester");
	assert_asks_name(NULL);
	form_name(form, "file", "In");
	play("<Shift-Tab><Backspace>8");
	form_name(form, "requester", "Lan"); /* of w017 */
	assert_string_equal(form_named(form, "file"), "In");
	assert_string_equal(form_named(form, "requester"), "");
	play("<Tab>");
	form_name(form, "requester", "Lan"); /* w018 is not asked for yet */
	assert_string_equal(form_named(form, "requester"), "");
	assert_asks_name("requester");
	form_name(form, "requester", "Minh");
	assert_string_equal(form_named(form, "requester"), "Minh");
	form_set(form, "requester", "w019");
	assert_string_equal(form_named(form, "requester"), "");
}

static void what_was_put_away_unnamed_is_asked_for_again(void **state)
{
	(void)state;
	open_form("request");
	play("7-1203/1<Tab>");
	assert_asks_name("file");
	form_park(form);
	form = form_resume(book_find("loan"), book_op(book_find("loan"), "request"), 0);
	assert_non_null(form);
	form_name(form, "file", "In"); /* to nobody */
	assert_string_equal(form_named(form, "file"), "");
	assert_asks_name("file");
}

static void lending_a_file_takes_the_keys_of_the_task_list(void **state)
{
	(void)state;
	open_form("request");
	assert_false(play("7-1203/2<Tab>w017<Tab>2") & FORM_COMMIT);
	assert_false(play("<Enter>") & FORM_COMMIT);
	assert_true(form_is_ready(form));
	assert_true(play("<Enter>") & FORM_COMMIT);
	assert_string_equal(params(), ",\"file\":\"7-1203/2\",\"requester\":\"w017\",\"act\":\"borrow\","
		"\"purpose\":\"Resident's request\"}");
}

static void taking_it_back_takes_y_and_enter(void **state)
{
	(void)state;
	open_form("take_back");
	form_about(form, 17, 3, "7-1203/2");
	assert_true(play("y<Enter>") & FORM_COMMIT);
	assert_string_equal(params(), ",\"id\":17,\"version\":3,\"condition\":\"ok\"}");
}

static void enter_goes_to_the_next_needed_empty_field(void **state)
{
	(void)state;
	open_form("request");
	play("7-1203/2<Enter>");
	assert_string_equal(form_message(form), "What is done with the file.");
	play("take<Enter>");
	assert_true(form_is_ready(form));
	play("<Shift-Tab>");
	assert_false(form_is_ready(form));
	assert_string_equal(form_text(form, "act"), "take_out");
}

static void an_act_without_fields_waits_for_one_enter(void **state)
{
	(void)state;
	open_form("approve");
	form_about(form, 17, 3, "7-1203/2");
	assert_true(form_is_ready(form));
	assert_true(play("<Enter>") & FORM_COMMIT);
	assert_string_equal(params(), ",\"id\":17,\"version\":3}");
}

static void f2_finds_what_is_missing(void **state)
{
	unsigned result;

	(void)state;
	open_form("request");
	result = play("<Tab><Tab>1<F2>");
	assert_false(result & FORM_COMMIT);
	assert_true(result & FORM_BELL);
	assert_true(form_message_is_error(form));
	play("7-1203/1");
	assert_string_equal(form_text(form, "file"), "7-1203/1");
	assert_true(play("<F2>") & FORM_COMMIT);
}

static void a_bad_value_is_said_on_leaving_and_stays(void **state)
{
	(void)state;
	open_form("extend");
	play("tomorrowish<Tab>");
	assert_true(form_message_is_error(form));
	assert_string_equal(form_text(form, "due"), "tomorrowish");
	assert_false(play("<Enter>") & FORM_COMMIT);
	play("<Ctrl-U>17:30");
	assert_false(form_message_is_error(form));
	assert_true(play("<Enter>") & FORM_COMMIT);
}

static void leaving_a_reference_is_reported_once(void **state)
{
	(void)state;
	open_form("request");
	assert_true(play("7-1203/2<Tab>") & FORM_LEFT);
	assert_string_equal(form_left(form)->name, "file");
	assert_false(play("<Shift-Tab><Tab>") & FORM_LEFT);
}

static void escape_keeps_the_text_as_a_draft(void **state)
{
	const struct book *loan = book_find("loan");

	(void)state;
	open_form("request");
	assert_true(play("7-1203/2<Esc>") & FORM_CANCEL);
	form_park(form);
	form = NULL;
	assert_int_equal(form_parked(), 1);
	assert_null(form_resume(loan, book_op(loan, "approve"), 0));
	assert_null(form_resume(loan, book_op(loan, "request"), 5));
	form = form_resume(loan, book_op(loan, "request"), 0);
	assert_non_null(form);
	assert_string_equal(form_text(form, "file"), "7-1203/2");
	form_park(form);
	form = NULL;
	form_forget_all();
	assert_int_equal(form_parked(), 0);
}

static void a_draft_goes_out_and_comes_back(void **state)
{
	struct arena *arena = arena_new(1 << 16);
	struct node *body = NULL;
	struct buf out;

	(void)state;
	open_form("request");
	play("7-1203/2<Tab>w017<Tab>2<Tab>Nguy\xe1\xbb\x85n asks");
	buf_init(&out, 4096);
	form_draft_write(form, &out);
	form_free(form);
	open_form("request");
	assert_int_equal(node_parse(arena, out.data, out.len, 4, &body), OK);
	form_draft_read(form, body);
	assert_string_equal(params(), ",\"file\":\"7-1203/2\",\"requester\":\"w017\",\"act\":\"borrow\","
		"\"purpose\":\"Nguy\xe1\xbb\x85n asks\"}");
	buf_done(&out);
	arena_free(arena);
}

static void a_changed_form_is_another_intention(void **state)
{
	char first[64];

	(void)state;
	open_form("request");
	play("7-1203/2<Tab><Tab>2");
	params();
	snprintf(first, sizeof(first), "%s", form_op_id(form));
	params();
	assert_string_equal(first, form_op_id(form));
	play("1");
	assert_string_not_equal(first, form_op_id(form));
}

static void the_servers_word_marks_its_field(void **state)
{
	(void)state;
	open_form("request");
	play("7-1203/2<Tab>w017<Tab>2");
	form_fault(form, "file", "The file is out already.");
	assert_true(form_message_is_error(form));
	assert_string_equal(form_message(form), "The file is out already.");
	play("x");
	assert_string_equal(form_text(form, "file"), "7-1203/2x");
	assert_false(form_message_is_error(form));
}

static void a_letter_that_fits_no_choice_beeps(void **state)
{
	(void)state;
	open_form("request");
	assert_true(play("<Tab><Tab>q") & FORM_BELL);
	assert_string_equal(form_text(form, "act"), "");
	play("pr");
	assert_string_equal(form_text(form, "act"), "print");
	play("<Backspace>");
	assert_string_equal(form_text(form, "act"), "");
	play("<Right><Right><Left>");
	assert_string_equal(form_text(form, "act"), "consult");
}

static void two_letters_choose_where_there_are_short_keys(void **state)
{
	const struct book *incident = book_find("incident");

	(void)state;
	assert_non_null(incident);
	form = form_new(incident, book_op(incident, "open"), NULL);
	assert_non_null(form);
	play("wl");
	assert_string_equal(form_text(form, "kind"), "water");
	play("<Backspace>WL");
	assert_string_equal(form_text(form, "kind"), "water");
	play("<Backspace>fight");
	assert_string_equal(form_text(form, "kind"), "fight");
	play("<Backspace>2<Tab>7-b1<Tab>pump room pipe burst<Enter>");
	assert_true(play("<Enter>") & FORM_COMMIT);
	assert_string_equal(params(), ",\"kind\":\"fire\",\"place\":\"7-b1\",\"details\":\"pump room pipe burst\"}");
}

static void no_two_actions_share_a_key(void **state)
{
	struct buf errors;

	(void)state;
	buf_init(&errors, 4096);
	if (keys_check(&errors) != OK)
		fail_msg("%s", errors.data);
	assert_int_equal(keys_bind("list", "approve", "e", &errors), OK);
	assert_int_equal(keys_conflict("list", "approve", &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "both approve and endorse"));
	assert_int_equal(keys_bind("list", "endorse", "a", &errors), OK); /* swapped */
	assert_int_equal(keys_conflict("list", "endorse", &errors), OK);
	keys_unbind_all();
	buf_reset(&errors);
	assert_int_equal(keys_bind("form", "commit", "s", &errors), ERR_INVALID);
	assert_int_equal(keys_bind("form", "back", "F10", &errors), ERR_INVALID);
	assert_int_equal(keys_bind("list", "approve", "Ctrl-S", &errors), ERR_INVALID);
	assert_int_equal(keys_bind("list", "no_such", "a", &errors), ERR_INVALID);
	assert_int_equal(keys_bind("list", "approve", "g", &errors), OK);
	keys_unbind_all();
	buf_done(&errors);
}

static enum action acts(const char *name, enum context c)
{
	const struct binding *b;
	struct key key;

	assert_int_equal(key_of_name(name, &key), OK);
	b = keys_find(c, &key, NULL, NULL);
	return b != NULL ? b->action : ACTION_UNSET;
}

/* R13: the first key of a list stands in the footer, each of them works, help names them all. */
static void r13_an_action_takes_a_list_of_keys(void **state)
{
	const struct binding *list[128];
	struct buf text;
	bool named = false;

	(void)state;
	buf_init(&text, 4096);
	assert_int_equal(acts("F12", CONTEXT_HOME), ACTION_LOCK);
	assert_int_equal(keys_bind("home", "lock", "F11", &text), OK);
	assert_int_equal(keys_bind("home", "lock", "z", &text), OK);
	assert_int_equal(keys_conflict("home", "lock", &text), OK);
	assert_int_equal(acts("F11", CONTEXT_HOME), ACTION_LOCK);
	assert_int_equal(acts("z", CONTEXT_HOME), ACTION_LOCK);
	assert_int_equal(acts("F12", CONTEXT_HOME), ACTION_UNSET);
	assert_int_equal(acts("F12", CONTEXT_LIST), ACTION_LOCK);
	for (size_t i = 0, n = keys_list(CONTEXT_HOME, NULL, NULL, list, NITEMS(list)); i < n; i++) {
		if (list[i]->action != ACTION_LOCK)
			continue;
		assert_string_equal(keys_name(list[i], CONTEXT_HOME), "F11");
		keys_names(&text, list[i], CONTEXT_HOME);
		assert_string_equal(text.data, "F11 z Alt-l");
		named = true;
	}
	assert_true(named);
	assert_int_equal(keys_bind("home", "language", "z", &text), OK);
	assert_int_equal(keys_conflict("home", "language", &text), ERR_INVALID);
	assert_non_null(strstr(text.data, "both language and lock"));
	keys_unbind_all();
	/* A verb of the desk has its key from its console. */
	assert_int_equal(keys_bind("home", "request", "z", &text), OK);
	assert_int_equal(acts("z", CONTEXT_HOME), ACTION_VERB);
	assert_int_equal(acts("z", CONTEXT_GATE), ACTION_UNSET);
	assert_int_equal(keys_bind("home", "lock", "z", &text), OK);
	assert_int_equal(keys_conflict("home", "lock", &text), ERR_INVALID);
	assert_non_null(strstr(text.data, "both lock and request"));
	assert_int_equal(keys_bind("gate", "request", "z", &text), ERR_INVALID); /* no verb of that desk */
	keys_unbind_all();
	buf_done(&text);
}

/* The footer keeps the help key however narrow it gets, and drops the least important first. */
static void the_footer_never_loses_the_help_key(void **state)
{
	(void)state;
	for (int c = CONTEXT_UNSET + 1; c < CONTEXT_END; c++)
		for (int cells = 20; cells < 200; cells++) {
			struct buf out;

			buf_init(&out, 4096);
			keys_footer(&out, (enum context)c, NULL, NULL, cells);
			assert_true(text_width(out.data) < cells);
			assert_non_null(strstr(out.data, "? keys"));
			assert_string_equal(strstr(out.data, "? keys"), "? keys");
			buf_done(&out);
		}
}

/* The budget of labels is what the footer was laid out for. */
static void labels_keep_to_twelve_cells_in_every_language(void **state)
{
	const struct binding *list[128];

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	i18n_open(NULL);
	for (size_t l = 0; i18n_langs[l] != NULL; l++) {
		i18n_use(i18n_langs[l]);
		for (int c = CONTEXT_UNSET + 1; c < CONTEXT_END; c++) {
			size_t n = keys_list((enum context)c, NULL, NULL, list, NITEMS(list));

			for (size_t i = 0; i < n; i++)
				if (list[i]->label != NULL && text_width(tr(list[i]->label)) > 12)
					fail_msg("%s: \"%s\" is too wide", i18n_langs[l], tr(list[i]->label));
		}
	}
	i18n_use("en");
}

#define T(f) cmocka_unit_test_teardown(f, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(lending_a_file_takes_the_keys_of_the_task_list),
		T(taking_it_back_takes_y_and_enter),
		T(enter_goes_to_the_next_needed_empty_field),
		T(an_act_without_fields_waits_for_one_enter),
		T(f2_finds_what_is_missing),
		T(a_bad_value_is_said_on_leaving_and_stays),
		T(leaving_a_reference_is_reported_once),
		T(each_code_is_named_as_it_is_in_the_end),
		T(what_was_put_away_unnamed_is_asked_for_again),
		T(escape_keeps_the_text_as_a_draft),
		T(a_draft_goes_out_and_comes_back),
		T(a_changed_form_is_another_intention),
		T(the_servers_word_marks_its_field),
		T(a_letter_that_fits_no_choice_beeps),
		T(two_letters_choose_where_there_are_short_keys),
		T(no_two_actions_share_a_key),
		T(r13_an_action_takes_a_list_of_keys),
		T(the_footer_never_loses_the_help_key),
		T(labels_keep_to_twelve_cells_in_every_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
