/*
 * test_gate.c - the word for a row: passes, cards, plates, barred and expected, suppliers' employees, visitors, slips.
 *
 * Not for: the screen (tests/screen/test_gate_word.c). Trap: rows are written as the wire has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "client/gate_decide.h"
#include "common/arena.h"

#define TODAY "2026-11-22"

static struct arena *arena;

static const struct gate_rule *rule_of(const char *book)
{
	for (size_t i = 0; i < gate_nrules; i++)
		if (strcmp(gate_rules[i].kept.book, book) == 0)
			return &gate_rules[i];
	fail_msg("no rule of %s", book);
	return NULL;
}

static const struct node *parsed(const char *text)
{
	struct node *n = NULL;

	assert_int_equal(node_parse(arena, text, strlen(text), 8, &n), OK);
	return n;
}

static void is_told(const char *book, const char *row, enum gate_word word, const char *id)
{
	struct gate_verdict v = gate_judge(rule_of(book), parsed(row), TODAY);

	if (v.word != word)
		fail_msg("%s %s: word %d, not %d", book, row, v.word, word);
	if (id != NULL)
		assert_string_equal(v.why != NULL && v.why->rule != NULL ? v.why->rule : "", id);
}

static void the_table_names_only_what_the_books_have(void **state)
{
	struct buf errors;

	(void)state;
	buf_init(&errors, 4096);
	if (gate_check(&errors) != OK)
		fail_msg("%s", errors.data);
	buf_done(&errors);
}

static void PASS_03_only_an_active_pass_on_its_days_lets_in(void **state)
{
	(void)state;
	is_told("entry_pass", "{\"state\":\"active\",\"valid_from\":\"2026-11-01\",\"valid_until\":\"" TODAY "\"}", GATE_ENTER, "PASS-03");
	is_told("entry_pass", "{\"state\":\"active\",\"valid_from\":\"2026-11-01\",\"valid_until\":\"2026-11-21\"}", GATE_ASK, "PASS-03");
	is_told("entry_pass", "{\"state\":\"active\",\"valid_from\":\"2026-11-23\",\"valid_until\":\"2026-12-21\"}", GATE_ASK, "PASS-03");
	is_told("entry_pass", "{\"state\":\"expired\",\"valid_until\":\"2026-11-21\"}", GATE_ASK, "PASS-03");
	is_told("entry_pass", "{\"state\":\"suspended\",\"valid_until\":\"2026-12-21\"}", GATE_ASK, "PASS-03");
	is_told("entry_pass", "{\"state\":\"returned\",\"valid_until\":\"2026-12-21\"}", GATE_STOP, "PASS-03");
}

static void CARD_06_a_lost_card_stops(void **state)
{
	(void)state;
	is_told("card", "{\"state\":\"active\"}", GATE_ENTER, "CARD-06");
	is_told("card", "{\"state\":\"issued\"}", GATE_ASK, "CARD-04");
	is_told("card", "{\"state\":\"lost\"}", GATE_STOP, "CARD-06");
	is_told("card", "{\"state\":\"suspended\"}", GATE_STOP, "CARD-06");
	is_told("card", "{\"state\":\"cancelled\"}", GATE_STOP, "CARD-06");
	is_told("card", "{\"state\":\"stock\"}", GATE_ASK, NULL);
}

static void PARK_01_only_a_permitted_plate_passes(void **state)
{
	(void)state;
	is_told("parking", "{\"state\":\"permitted\",\"valid_until\":null}", GATE_ENTER, "PARK-01");
	is_told("parking", "{\"state\":\"permitted\",\"valid_until\":\"2026-11-21\"}", GATE_ASK, "PARK-01");
	is_told("parking", "{\"state\":\"lapsed\"}", GATE_ASK, "PARK-01");
	is_told("parking", "{\"state\":\"ended\"}", GATE_ASK, "PARK-01");
	is_told("parking", "{\"state\":\"inside\"}", GATE_LEAVE, "PARK-02");
}

static void VIS_10_who_is_barred_stops_and_who_is_expected_enters(void **state)
{
	(void)state;
	is_told("gate_list", "{\"state\":\"in_force\",\"kind\":\"barred\",\"from_day\":\"2026-11-01\",\"until_day\":null}", GATE_STOP, "VIS-10");
	is_told("gate_list", "{\"state\":\"in_force\",\"kind\":\"barred\",\"from_day\":\"2026-11-01\",\"until_day\":\"2026-11-21\"}", GATE_ASK, "VIS-10");
	is_told("gate_list", "{\"state\":\"in_force\",\"kind\":\"expected\",\"unit\":{\"id\":1,\"code\":\"7-1203\"},\"from_day\":\"" TODAY "\",\"until_day\":\"" TODAY "\"}", GATE_ENTER, "VIS-10");
	is_told("gate_list", "{\"state\":\"in_force\",\"kind\":\"expected\",\"unit\":null,\"from_day\":\"" TODAY "\",\"until_day\":\"" TODAY "\"}", GATE_ASK, "VIS-10");
	is_told("gate_list", "{\"state\":\"future\",\"kind\":\"expected\",\"from_day\":\"2026-11-23\"}", GATE_ASK, "VIS-10");
	is_told("gate_list", "{\"state\":\"withdrawn\",\"kind\":\"barred\"}", GATE_ASK, "VIS-10");
}

static void SUP_03_a_suppliers_employee_is_asked_for_or_stopped(void **state)
{
	(void)state;
	is_told("supplier_person", "{\"state\":\"listed\",\"valid\":true,\"list_version\":3,\"valid_until\":\"" TODAY "\"}", GATE_ASK, "SUP-03");
	is_told("supplier_person", "{\"state\":\"listed\",\"valid\":false,\"valid_until\":\"2026-12-01\"}", GATE_STOP, "SUP-03");
	is_told("supplier_person", "{\"state\":\"listed\",\"valid\":true,\"valid_until\":\"2026-11-21\"}", GATE_STOP, "SUP-03");
	is_told("supplier_person", "{\"state\":\"withdrawn\",\"valid\":true,\"valid_until\":\"2026-12-01\"}", GATE_STOP, "SUP-04");
}

static void VIS_07_a_visitor_enters_agreed_and_accompanied(void **state)
{
	(void)state;
	is_told("visitor", "{\"state\":\"waiting\",\"class\":\"business\"}", GATE_ASK, "VIS-07");
	is_told("visitor", "{\"state\":\"asked\",\"class\":\"business\"}", GATE_ASK, "VIS-07");
	is_told("visitor", "{\"state\":\"asked\",\"class\":\"business\",\"answer\":\"no_answer\"}", GATE_ASK, "VIS-06");
	is_told("visitor", "{\"state\":\"agreed\",\"class\":\"business\",\"escort\":null}", GATE_ASK, "VIS-07");
	is_told("visitor", "{\"state\":\"agreed\",\"class\":\"business\",\"escort\":{\"id\":3,\"code\":\"w011\"}}", GATE_ENTER, "VIS-07");
	is_told("visitor", "{\"state\":\"refused\",\"class\":\"business\"}", GATE_STOP, "VIS-06");
	is_told("visitor", "{\"state\":\"inside\",\"class\":\"guest\"}", GATE_LEAVE, NULL);
	is_told("visitor", "{\"state\":\"inside\",\"class\":\"guest\",\"contraband\":\"weapon\"}", GATE_STOP, "VIS-11");
}

static void GRS_01_goods_leave_on_the_day_of_their_slip(void **state)
{
	(void)state;
	is_told("release_slip", "{\"state\":\"issued\",\"valid_on\":\"" TODAY "\"}", GATE_LEAVE, "GRS-01");
	is_told("release_slip", "{\"state\":\"issued\",\"valid_on\":\"2026-11-23\"}", GATE_STOP, "GRS-01");
	is_told("release_slip", "{\"state\":\"issued\",\"valid_on\":\"2026-11-21\"}", GATE_STOP, "GRS-01");
	is_told("release_slip", "{\"state\":\"expired\",\"valid_on\":\"2026-11-21\"}", GATE_STOP, "GRS-01");
	is_told("release_slip", "{\"state\":\"used\",\"valid_on\":\"" TODAY "\"}", GATE_STOP, "GRS-01");
	is_told("release_slip", "{\"state\":\"cancelled\",\"valid_on\":\"" TODAY "\"}", GATE_STOP, "GRS-01");
}

static void what_nobody_knows_is_asked_about(void **state)
{
	struct gate_verdict v = gate_judge(rule_of("visitor"), NULL, TODAY);

	(void)state;
	assert_int_equal(v.word, GATE_ASK);
	assert_null(v.rule);
}

static enum gate_fit fit_of(const char *book, const char *row, const char *typed)
{
	struct gate_text text;
	struct buf keys;
	enum gate_fit fit;

	buf_init(&keys, 4096);
	gate_row_keys(rule_of(book), parsed(row), &keys);
	gate_text_init(&text, typed);
	fit = gate_fits(rule_of(book), keys.data, NULL, &text);
	gate_text_done(&text);
	buf_done(&keys);
	return fit;
}

static void names_and_plates_are_compared_without_marks(void **state)
{
	static const char row[] = "{\"name\":\"Trương Tam Phong\",\"vehicle\":\"51F12345\",\"unit\":{\"id\":1,\"code\":\"7-1203\"}}";

	(void)state;
	assert_int_equal(fit_of("gate_list", row, "TRUONG TAM PHONG"), GATE_WHOLLY);
	assert_int_equal(fit_of("gate_list", row, "trương tam phong"), GATE_WHOLLY);
	assert_int_equal(fit_of("gate_list", row, "tam phong"), GATE_PARTLY);
	assert_int_equal(fit_of("gate_list", row, "ta"), GATE_NO_FIT);
	assert_int_equal(fit_of("gate_list", row, "51F-123.45"), GATE_WHOLLY);
	assert_int_equal(fit_of("gate_list", row, "51f 123 45"), GATE_WHOLLY);
	assert_int_equal(fit_of("gate_list", row, "51F-123"), GATE_NO_FIT);
	assert_int_equal(fit_of("gate_list", row, "7-1203"), GATE_WHOLLY);
	assert_int_equal(fit_of("gate_list", row, "71203"), GATE_NO_FIT);
	assert_int_equal(fit_of("gate_list", "{\"name\":\"张小明\"}", "张小明"), GATE_WHOLLY);
}

static void a_number_is_compared_whole_and_nothing_is_nobody(void **state)
{
	(void)state;
	assert_int_equal(fit_of("release_slip", "{\"no\":\"10482\",\"person\":\"A\"}", "10482"), GATE_WHOLLY);
	assert_int_equal(fit_of("release_slip", "{\"no\":\"10482\",\"person\":\"A\"}", "1048"), GATE_NO_FIT);
	assert_int_equal(fit_of("visitor", "{\"badge\":23,\"name\":\"B\"}", "23"), GATE_WHOLLY);
	assert_int_equal(fit_of("visitor", "{\"badge\":null,\"name\":null}", ""), GATE_NO_FIT);
	assert_int_equal(fit_of("visitor", "{\"badge\":null,\"name\":null}", "..."), GATE_NO_FIT);
}

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_names_only_what_the_books_have),
		cmocka_unit_test(PASS_03_only_an_active_pass_on_its_days_lets_in),
		cmocka_unit_test(CARD_06_a_lost_card_stops),
		cmocka_unit_test(PARK_01_only_a_permitted_plate_passes),
		cmocka_unit_test(VIS_10_who_is_barred_stops_and_who_is_expected_enters),
		cmocka_unit_test(SUP_03_a_suppliers_employee_is_asked_for_or_stopped),
		cmocka_unit_test(VIS_07_a_visitor_enters_agreed_and_accompanied),
		cmocka_unit_test(GRS_01_goods_leave_on_the_day_of_their_slip),
		cmocka_unit_test(what_nobody_knows_is_asked_about),
		cmocka_unit_test(names_and_plates_are_compared_without_marks),
		cmocka_unit_test(a_number_is_compared_whole_and_nothing_is_nobody),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
