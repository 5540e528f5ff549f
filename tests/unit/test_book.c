/*
 * test_book.c - the house's own descriptors are whole, and book_check sees what is not.
 * Not for: what the books mean; the flow tests play that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/book_check.h"

static void every_book_of_the_house_is_whole(void **state)
{
	struct buf faults;

	(void)state;
	buf_init(&faults, 65536);
	if (!books_check(&faults))
		fail_msg("%s", faults.data);
	buf_done(&faults);
}

static struct field fields[2];
static struct state states[2];
static struct op ops[2];
static struct book book;

static void make_whole(void)
{
	fields[0] = (struct field){ .name = "title", .label = "Title", .help = "h", .type = FT_TEXT, .level = LEVEL_OPEN, .max = 10 };
	fields[1] = (struct field){ .name = "at", .label = "At", .help = "h", .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO };
	states[0] = (struct state){ .name = "open", .label = "Open" };
	states[1] = (struct state){ .name = "shut", .label = "Shut" };
	ops[0] = (struct op){ .name = "start", .label = "l", .help = "h", .roles = BIT(ROLE_FD), .to = 0, .flags = OP_CREATE, .asks = 1, .needs = 1 };
	ops[1] = (struct op){ .name = "shut", .label = "l", .help = "h", .roles = BIT(ROLE_FD), .from = 1, .to = 1, .state_rule = "X-01" };
	book = (struct book){ .name = "toy", .title = "Toy", .why = "w", .readers = BIT(ROLE_FD), .fields = fields, .nfields = 2,
		.states = states, .nstates = 2, .ops = ops, .nops = 2 };
}

static void expect_fault(const char *text)
{
	struct buf faults;

	buf_init(&faults, 65536);
	assert_false(book_check(&book, &faults));
	if (!strstr(faults.data, text))
		fail_msg("wanted \"%s\", got: %s", text, faults.data);
	buf_done(&faults);
	make_whole();
	buf_init(&faults, 65536);
	assert_true(book_check(&book, &faults));
	buf_done(&faults);
}

static void a_hole_in_the_descriptors_is_named(void **state)
{
	(void)state;
	make_whole();
	fields[0].level = LEVEL_UNSET;
	expect_fault("title has no level");
	fields[0].type = FT_UNSET;
	expect_fault("title has no type");
	fields[1] = (struct field){ 0 };
	expect_fault("number 1 has no proper name");
	fields[1].name = "title";
	expect_fault("stands twice");
	fields[0].name = "Robert'); DROP TABLE";
	expect_fault("has no proper name");
	fields[0].max = 0;
	expect_fault("no maximum length");
	fields[0].type = FT_REF;
	expect_fault("refers to no book");
	fields[0].flags = F_AUTO;
	expect_fault("which the house writes itself");
}

static void two_words_never_have_the_same_short_key(void **state)
{
	static const struct choice words[] = { { "water", "Water" }, { "wind", "Wind" }, { NULL, NULL } };
	struct choice keys[] = { { "wl", "water" }, { "wi", "wind" }, { NULL, NULL } };

	(void)state;
	make_whole();
	fields[0] = (struct field){ .name = "title", .label = "Title", .help = "Title.", .type = FT_CHOICE, .level = LEVEL_OPEN, .choices = words, .keys = keys };
	keys[1].word = "wl";
	expect_fault("has the short key wl twice");
	fields[0] = (struct field){ .name = "title", .label = "Title", .help = "Title.", .type = FT_CHOICE, .level = LEVEL_OPEN, .choices = words, .keys = keys };
	keys[0].word = "w";
	expect_fault("has the short key w twice");
	fields[0] = (struct field){ .name = "title", .label = "Title", .help = "Title.", .type = FT_CHOICE, .level = LEVEL_OPEN, .choices = words, .keys = keys };
	keys[1].word = NULL;
	expect_fault("has no short key for wind");
}

static void a_broken_operation_is_named(void **state)
{
	(void)state;
	make_whole();
	ops[1].roles = 0;
	expect_fault("may be done by nobody");
	ops[1].from = 0;
	expect_fault("starts from no state");
	ops[1].to = 0;
	expect_fault("shut is reached by no operation");
	ops[1].to = 7;
	expect_fault("ends in a state that does not exist");
	ops[1].needs = 2;
	expect_fault("needs a field that it does not ask for");
	ops[1].name = "start";
	expect_fault("stands twice");
	ops[1].state_rule = NULL;
	expect_fault("which rule orders its states");
}

static void a_slip_names_only_what_is_there(void **state)
{
	static const char *const good[] = {"title", "state", NULL}, *const bad[] = {"tittle", NULL}, *const far[] = {"title.floor", NULL};
	static const struct slip_rows rows = { .book = "person", .by = "name", .columns = good };
	struct slip slip = { .name = "label", .title = "Label", .head = "title", .fields = bad };

	(void)state;
	make_whole();
	book.slips = &slip;
	book.nslips = 1;
	expect_fault("has the unknown field tittle");
	slip.fields = far;
	book.slips = &slip;
	book.nslips = 1;
	expect_fault("has the unknown field title.floor");
	slip.fields = good;
	slip.name = "shut";
	book.slips = &slip;
	book.nslips = 1;
	expect_fault("stands twice");
	slip.name = "label";
	slip.rows = &rows;
	book.slips = &slip;
	book.nslips = 1;
	expect_fault("is joined by no reference");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_book_of_the_house_is_whole),
		cmocka_unit_test(a_hole_in_the_descriptors_is_named),
		cmocka_unit_test(two_words_never_have_the_same_short_key),
		cmocka_unit_test(a_broken_operation_is_named),
		cmocka_unit_test(a_slip_names_only_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
