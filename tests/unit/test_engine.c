/*
 * test_engine.c - requests through the engine, the lanes and the real schema, and their answers.
 *
 * The network side is played here: request_* collect the answers, session_* hand out the sessions
 * of the test. Not for: the rules of the books (flows). Trap: because these functions are defined
 * here, nothing that belongs to a connection may be linked into this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/i18n.h"
#include "server/array.h"
#include "server/crypt.h"
#include "server/db.h"
#include "server/engine.h"
#include "server/feed.h"
#include "server/lane.h"
#include "server/session.h"
#include "server/signin.h"
#include "server/settings.h"
#include "tests/unit/defaults.h"
#include "tests/unit/cluster.h"
#include "tests/unit/schema.h"

/* --- the network side -------------------------------------------------------------------- */

static struct {
	bool answered;
	char json[64 * 1024]; /* the result, or the fault as "code rule guard field may" */
} answer;

void request_result(struct request *rq, const char *json, size_t len)
{
	(void)rq;
	assert_false(answer.answered);
	answer.answered = true;
	snprintf(answer.json, sizeof(answer.json), "%.*s", (int)len, json);
}

void request_fault(struct request *rq, const struct fault *fault)
{
	const struct issue *issue = fault->issues;

	(void)rq;
	assert_false(answer.answered);
	answer.answered = true;
	snprintf(answer.json, sizeof(answer.json), "%s rule=%s guard=%s field=%s may=%llx%s: %s",
		err_word(fault->code), fault->rule ? fault->rule : "-", fault->guard ? fault->guard : "-",
		issue && issue->field ? issue->field : fault->field ? fault->field : "-",
		(unsigned long long)fault->may, fault->step_up ? " step_up" : "",
		fault->message ? fault->message : issue && issue->message ? issue->message : "-");
}

void request_refuse(struct request *rq, enum err code, const char *message)
{
	request_fault(rq, &(struct fault){.code = code, .message = message});
}

/* Nothing here gives a password; flows do. */
void signin_derive(struct signin *in, const char *staff, const char *password, void (*then)(struct signin *))
{
	(void)in, (void)staff, (void)password, (void)then;
	fail();
}

/* Staff 1 to 4 are signed in as sessions 1 to 4: desk of area 1, desk of area 2, supervisor of
 * both, deputy (names only). */
static struct session sessions[] = {
	{.id = 1, .staff = 1, .work_no = "w1", .name = "Desk", .role = ROLE_FD, .areas = "{1}", .heads = "{}",
		.level = LEVEL_CONTACT, .interactive = true, .token_hex = "\\x01", .next = &sessions[1]},
	{.id = 2, .staff = 2, .work_no = "w2", .name = "Desk two", .role = ROLE_FD, .areas = "{2}", .heads = "{}",
		.level = LEVEL_CONTACT, .interactive = true, .token_hex = "\\x02", .next = &sessions[2]},
	{.id = 3, .staff = 3, .work_no = "w3", .name = "Supervisor", .role = ROLE_CSS, .areas = "{1,2}", .heads = "{}",
		.level = LEVEL_CONTACT, .interactive = true, .token_hex = "\\x03", .next = &sessions[3]},
	{.id = 4, .staff = 4, .work_no = "w4", .name = "Deputy", .role = ROLE_DEM, .areas = "{1,2}", .heads = "{}",
		.level = LEVEL_NAME, .interactive = true, .token_hex = "\\x04"},
};
enum { DESK, DESK_TWO, SUPERVISOR, DEPUTY };
static int nchanged;

enum level session_level(const struct session *session)
{
	return session->level;
}

const struct session *session_next(const struct session *after)
{
	return after ? after->next : sessions;
}

bool session_has(const char *array, int64_t number)
{
	char word[24];

	while (array_next(&array, word, sizeof(word)))
		if (strtoll(word, NULL, 10) == number)
			return true;
	return false;
}

void session_end(int64_t id, const char *reason)
{
	(void)id, (void)reason;
}

void session_lock(int64_t id)
{
	(void)id;
}

void session_set_night(bool night)
{
	(void)night;
}

void session_recheck(void)
{
}

bool session_refresh(void)
{
	return true;
}

void session_changed(int64_t area, const char *book, int64_t id, int64_t version,
	const int64_t *parties, size_t nparties)
{
	(void)area, (void)id, (void)version, (void)parties, (void)nparties;
	nchanged += strcmp(book, "household") == 0;
}

/* --- the stack --------------------------------------------------------------------------- */

static struct event_base *base;
static char key_file[] = "/tmp/lodge-unit-key-XXXXXX";

static void turn_until(bool (*is_done)(void), double seconds)
{
	struct timeval tick = {0, 5000};
	double until = db_clock() + seconds;

	while (!is_done() && db_clock() < until) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	assert_true(is_done());
}

static bool is_answered(void)
{
	return answer.answered;
}

/* Sends a request and returns its answer. */
static const char *ask(int who, const char *method, const char *params)
{
	struct arena *arena = arena_new(8 << 20);
	struct node *node = NULL;
	struct request rq = {.session = &sessions[who], .arena = arena, .method = method};

	assert_non_null(arena);
	assert_int_equal(node_parse(arena, params, strlen(params), 8, &node), OK);
	rq.params = node;
	answer.answered = false;
	assert_true(engine_dispatch(&rq));
	turn_until(is_answered, 8);
	arena_free(arena);
	return answer.json;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nis not in\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("%s\nis in\n%s", part, text);
}

static const char estate_sql[] =
	"INSERT INTO lodge.area (number, name) VALUES (1, 'one'), (2, 'two');"
	"INSERT INTO lodge.building (area, number, arrival_class) VALUES (1, '7', 'a'), (2, '9', 'a');"
	"INSERT INTO lodge.unit (area, code, building, floor, room, use, status) VALUES"
	" (1, '7-1203', 1, 12, '03', 'residential', 'occupied'), (1, '7-1204', 1, 12, '04', 'residential', 'occupied'),"
	" (2, '9-0501', 2, 5, '01', 'office', 'occupied');"
	"INSERT INTO lodge.department (name, kind) VALUES ('centre', 'centre');"
	"INSERT INTO lodge.staff (work_no, login, name, department, status) VALUES ('w1', 'desk', 'Desk', 1, 'confirmed'),"
	" ('w2', 'desk2', 'Desk two', 1, 'confirmed'), ('w3', 'css', 'Supervisor', 1, 'confirmed'), ('w4', 'deputy', 'Deputy', 1, 'confirmed');"
	"INSERT INTO lodge.staff_account (staff, salt, params, key_hash)"
	" SELECT id, substring(sha256('x') FROM 1 FOR 16), 't=2,m=19456', sha256('x') FROM lodge.staff;"
	"INSERT INTO lodge.staff_role (staff, role, areas, since) VALUES (1, 'FD', '{1}', '2020-01-01'), (2, 'FD', '{2}', '2020-01-01'),"
	" (3, 'CSS', '{1,2}', '2020-01-01'), (4, 'DEM', '{1,2}', '2020-01-01');"
	"INSERT INTO lodge.session (staff, role, terminal, interactive) SELECT p.id, r.role, 't', true"
	" FROM lodge.staff p JOIN lodge.staff_role r ON r.staff = p.id ORDER BY p.id;"
	"INSERT INTO lodge.session_token (token_hash, session) SELECT sha256(decode('0' || s.staff, 'hex')), s.id FROM lodge.session s;"
	"INSERT INTO lodge.clearance VALUES ('FD', 'contact', 'contact', 'open'), ('CSS', 'contact', 'contact', 'sealed'), ('DEM', 'name', 'name', 'open');"
	"INSERT INTO lodge.file (area, code, class, unit, title, status) VALUES (1, '7-1203/1', 'household', 1, 'Household', 'active')";

static int group_start(void **state)
{
	int fd = mkstemp(key_file);

	(void)state;
	if (fd < 0 || !cluster_start()) {
		cluster_stop();
		exit(77);
	}
	close(fd);
	unlink(key_file);
	schema_load();
	cluster_sql(estate_sql);
	base = event_base_new();
	i18n_use("en");
	settings_defaults();
	if (!base || crypt_load(key_file) != OK || lanes_open(base, cluster_conninfo()) != OK ||
		engine_start(base) != OK)
		return -1;
	turn_until(feed_is_alive, 5);
	return 0;
}

static int group_stop(void **state)
{
	(void)state;
	engine_finish();
	lanes_close();
	engine_stop();
	event_base_free(base);
	crypt_unload();
	unlink(key_file);
	cluster_stop();
	return 0;
}

/* --- tests, in the order of a household's life ------------------------------------------- */

#define ID(n) "\"op_id\":\"00000000-0000-4000-8000-0000000000" n "\""
static const char register_one[] = "{" ID("01") ",\"unit\":\"7-1203\",\"kind\":\"owner\",\"display_name\":\"张小明\"}";
static const char add_one[] = "{" ID("02") ",\"household\":1,\"name\":\"Nguyễn Thị Ánh\",\"relation\":\"spouse\","
	"\"mobile\":\"0903 123 456\",\"id_no\":\"079-190 001234\",\"birth\":\"1990-01-31\"}";

static void an_operation_answers_its_receipt_and_again_when_retried(void **state)
{
	char first[512];

	(void)state;
	snprintf(first, sizeof(first), "%s", ask(DESK, "household.register", register_one));
	assert_has(first, "{\"op_id\":\"00000000-0000-4000-8000-000000000001\",\"id\":1,\"version\":1,\"state\":null,\"seq\":");
	assert_string_equal(ask(DESK, "household.register", register_one), first);
	assert_has(ask(DESK, "household.register", "{" ID("01") ",\"unit\":\"7-1204\",\"kind\":\"owner\",\"display_name\":\"x\"}"),
		"invalid rule=- guard=op_id_used field=op_id");
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.household"), "1");
}

static void a_bad_shape_names_its_field_and_leaves_no_event(void **state)
{
	char before[32];

	(void)state;
	snprintf(before, sizeof(before), "%s", cluster_sql("SELECT max(seq) FROM lodge.event"));
	assert_has(ask(DESK, "household.register", "{" ID("03") ",\"unit\":\"7-1203\",\"kind\":\"king\",\"display_name\":\"x\"}"),
		"invalid rule=- guard=- field=kind");
	assert_has(ask(DESK, "household.register", "{\"unit\":\"7-1203\",\"kind\":\"owner\",\"display_name\":\"x\"}"), "field=op_id");
	assert_string_equal(cluster_sql("SELECT max(seq) FROM lodge.event"), before);
}

static void what_is_out_of_reach_is_refused_like_what_is_not_there(void **state)
{
	char there[256];

	(void)state;
	snprintf(there, sizeof(there), "%s", ask(DESK_TWO, "household.get", "{\"id\":1}"));
	assert_has(there, "not_found");
	assert_string_equal(ask(DESK_TWO, "household.get", "{\"id\":999}"), there);
	assert_has(ask(DESK_TWO, "household.list", "{}"), "{\"rows\":[],\"next\":null}");
	assert_has(ask(DESK_TWO, "unit.get", "{\"code\":\"7-1203\"}"), "not_found");
	assert_has(ask(DESK_TWO, "household.register", "{" ID("04") ",\"unit\":\"7-1203\",\"kind\":\"owner\",\"display_name\":\"x\"}"), "not_found");
}

static void a_role_that_may_not_is_told_who_may(void **state)
{
	char may[64];

	(void)state;
	snprintf(may, sizeof(may), "forbidden rule=- guard=role field=- may=%llx", (unsigned long long)BIT(ROLE_ACU));
	assert_has(ask(DESK, "household.amend", "{" ID("05") ",\"id\":1,\"version\":1,\"display_name\":\"x\"}"), may);
	assert_has(ask(DESK, "emergency_contact.list", "{}"), "forbidden");
}

static bool lookup_is_logged(void)
{
	return strcmp(cluster_sql("SELECT count(*) FROM lodge.event WHERE op = 'lookup'"), "0") != 0;
}

static void a_person_is_shown_by_level_and_the_look_up_is_logged(void **state)
{
	const char *json;

	(void)state;
	assert_has(ask(DESK, "person.add", add_one), "\"id\":1,\"version\":1");
	json = ask(DEPUTY, "person.list", "{\"where\":{\"unit\":\"7-1203\"}}");
	assert_has(json, "\"name\":\"Nguyễn Thị Ánh\"");
	assert_lacks(json, "0903");
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.event WHERE op = 'lookup'"), "0");
	json = ask(DESK, "household.get", "{\"id\":1}");
	assert_has(json, "\"unit\":{\"id\":1,\"code\":\"7-1203\"}");
	assert_has(json, "\"persons\":[{\"id\":1,\"version\":1,\"household\":{\"id\":1,\"name\":\"张小明\"},");
	assert_has(json, "\"mobile\":\"0903 123 456\"");
	assert_has(json, "\"files\":[{\"id\":1,\"version\":1,\"state\":\"in\",\"code\":\"7-1203/1\"");
	assert_has(json, "\"masked\":[\"facts\",\"emergency_contacts\",\"vip_profile\",\"notes\",\"sealed_persons\"]}");
	assert_lacks(json, "1990");
	turn_until(lookup_is_logged, 5);
	assert_string_equal(cluster_sql("SELECT e.session || ' ' || d.detail::text FROM lodge.event e "
		"JOIN lodge.event_detail d USING (seq) WHERE e.op = 'lookup'"), "1 {\"households\": [1]}");
}

static void a_masked_field_can_be_named_in_no_question(void **state)
{
	(void)state;
	assert_has(ask(DEPUTY, "person.list", "{\"where\":{\"mobile\":\"0903 123 456\"}}"), "invalid");
	assert_has(ask(DEPUTY, "person.list", "{\"sort\":[\"mobile\"]}"), "invalid");
	assert_string_equal(ask(DEPUTY, "find", "{\"text\":\"0903123456\"}"), "{\"rows\":[]}");
}

static void an_opening_shows_the_plain_value_to_those_cleared(void **state)
{
	(void)state;
	assert_has(ask(SUPERVISOR, "person.open", "{\"id\":1,\"fields\":[\"id_no\",\"birth\"],\"purpose\":\"police enquiry\"}"),
		"{\"rows\":[{\"id\":1,\"id_no\":\"079-190 001234\",\"birth\":\"1990-01-31\"}],\"events\":[");
	assert_has(ask(DESK, "person.open", "{\"id\":1,\"fields\":[\"id_no\"],\"purpose\":\"police enquiry\"}"),
		"forbidden rule=CNF-02 guard=level");
	assert_has(ask(SUPERVISOR, "person.open", "{\"id\":1,\"fields\":[\"id_no\"],\"purpose\":\"why\"}"), "invalid rule=- guard=- field=purpose");
	assert_has(ask(SUPERVISOR, "person.open", "{\"id\":1,\"fields\":[\"name\"],\"purpose\":\"police enquiry\"}"), "field=fields");
	assert_has(ask(SUPERVISOR, "person.open", "{\"id\":9,\"fields\":[\"id_no\"],\"purpose\":\"police enquiry\"}"), "not_found");
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.person WHERE position('001234'::bytea IN id_no) > 0"), "0");
}

static void a_sealed_value_asks_for_the_password_again(void **state)
{
	(void)state;
	assert_has(ask(SUPERVISOR, "household.note_facts", "{" ID("06") ",\"id\":1,\"version\":1,\"facts\":\"needs quiet\"}"), "\"version\":2");
	assert_has(ask(SUPERVISOR, "household.open", "{\"id\":1,\"fields\":[\"facts\"],\"purpose\":\"welfare check\"}"), "\"facts\":\"needs quiet\"");
	cluster_sql("UPDATE lodge.session SET password_at = password_at - interval '6 minutes'");
	assert_has(ask(SUPERVISOR, "household.open", "{\"id\":1,\"fields\":[\"facts\"],\"purpose\":\"welfare check\"}"),
		"locked rule=CNF-05 guard=step_up field=- may=0 step_up");
}

static void a_name_is_found_by_sound_initials_and_marks(void **state)
{
	(void)state;
	assert_has(ask(DESK, "find", "{\"text\":\"zhang xiao\"}"),
		"{\"book\":\"household\",\"id\":1,\"title\":\"张小明, 7-1203\",\"why\":\"prefix\"}");
	assert_has(ask(DESK, "find", "{\"text\":\"zxm\"}"), "\"why\":\"initials\"");
	assert_has(ask(DESK, "find", "{\"text\":\"张小明\"}"), "\"why\":\"mark\"");
	assert_has(ask(DESK, "find", "{\"text\":\"ánh\"}"), "\"title\":\"Nguyễn Thị Ánh, 7-1203\",\"why\":\"mark\"");
	assert_has(ask(DESK, "find", "{\"text\":\"anh\"}"), "\"title\":\"Nguyễn Thị Ánh, 7-1203\",\"why\":\"prefix\"");
	assert_has(ask(DESK, "find", "{\"text\":\"0903 123\"}"), "\"book\":\"person\",\"id\":1,\"title\":\"Nguyễn Thị Ánh, 7-1203\",\"why\":\"phone\"");
	assert_has(ask(DESK, "find", "{\"text\":\"7-1203\"}"), "{\"rows\":[{\"book\":\"unit\",\"id\":1,\"code\":\"7-1203\",\"title\":\"7-1203\",\"why\":\"code\"},"
		"{\"book\":\"file\",\"id\":1,\"code\":\"7-1203/1\"");
	assert_string_equal(ask(DESK_TWO, "find", "{\"text\":\"zhang\"}"), "{\"rows\":[]}");
	assert_has(ask(DESK, "find", "{\"text\":\"\"}"), "invalid");
}

struct found {
	const char *typed, *expected;
};

/* A text is read by a function of the database: its answer as one text. */
static void assert_reads(const char *format, const struct found *cases, size_t n)
{
	char sql[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(sql, sizeof(sql), format, cases[i].typed);
		if (strcmp(cluster_sql(sql), cases[i].expected) != 0)
			fail_msg("%s: %s and not %s", cases[i].typed, cluster_sql(sql), cases[i].expected);
	}
}

static void four_digits_are_an_end_and_six_a_beginning(void **state)
{
	static const struct found cases[] = {
		{"3001", "<1003"}, {"203001", "203001 <100302"}, {"300", ""}, {"", ""}, {"139 1720 3001", "13917203001 <100302719"},
		{"7-1203", ""}, {"7-1203/1", ""}, {"3001 ext", ""}, {"12 34", ""},
	};

	(void)state;
	assert_reads("SELECT string_agg(low, ' ' ORDER BY low COLLATE \"C\") FROM lodge.find_phones('%s')", cases, NITEMS(cases));
}

static void a_code_is_read_in_any_spelling(void **state)
{
	static const struct found cases[] = {
		{"7-1203", "t"}, {"7 1203", "t"}, {"7–1203", "t"}, {"7.1203", "t"}, {"7栋1203室", "t"}, {"7号楼12层03室", "t"}, {"7-12-03", "t"},
		{"07-1203", "t"}, {"unit 7-1203", "t"}, {"tòa 7 căn 1203", "t"}, {"71203", "t"}, {"7/1203", "t"}, {"#7-1203", "t"},
		{"7 1203 2", "f"}, {"zhang 1203", "f"}, {"7 12 03 4 5", "f"}, {"7 0001203", "f"}, {"", "f"},
	};
	static const struct found files[] = {
		{"7-1203/2", "t"}, {"7 1203 2", "t"}, {"712032", "t"}, {"7 12 03 02", "t"}, {"7 1203", "f"},
	};

	(void)state;
	assert_reads("SELECT coalesce(bool_or(low = '7-1203'), false) FROM lodge.find_codes('%s')", cases, NITEMS(cases));
	assert_reads("SELECT coalesce(bool_or(low = '7-1203/2'), false) FROM lodge.find_codes('%s')", files, NITEMS(files));
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.find_codes('7 501') WHERE low = '7-0501'"), "1");
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.find_codes('hr-01/1') WHERE low = 'HR-01/1'"), "1");
}

static void only_bare_digits_are_a_guess(void **state)
{
	static const struct found cases[] = {{"71203", "t"}, {"7 1203", "f"}, {"123456789", "t"}, {"1234567890123", "f"}, {"7123", "f"}};

	(void)state;
	assert_reads("SELECT bool_and(is_guess) FROM lodge.find_codes('%s')", cases, NITEMS(cases));
}

static void a_number_is_found_with_or_without_its_country_code(void **state)
{
	static const struct { const char *typed, *stored, *fits; } cases[] = {
		{"8613917203001", "13917203001", "t"}, {"13917203001", "8613917203001", "t"}, {"84903172032", "0903172032", "t"},
		{"0903172032", "0903172032", "t"}, {"13817203001", "13917203001", "f"}, {"1903172032", "0903172032", "f"},
	};
	char sql[200];

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		snprintf(sql, sizeof(sql), "SELECT lodge.phone_fits('<' || reverse('%s'), '%s')", cases[i].stored, cases[i].typed);
		assert_string_equal(cluster_sql(sql), cases[i].fits);
	}
}

static void a_history_names_fields_and_no_values(void **state)
{
	const char *json = ask(SUPERVISOR, "household.history", "{\"id\":1}");

	(void)state;
	assert_has(json, "\"by\":{\"id\":3,\"code\":\"w3\",\"name\":\"Supervisor\"},\"op\":\"note_facts\",\"result\":\"ok\",\"fields\":[\"facts\"]}");
	assert_has(json, "\"op\":\"open\",\"result\":\"ok\",\"fields\":[\"facts\"],\"purpose\":\"welfare check\"}");
	assert_lacks(json, "quiet");
	assert_has(ask(DESK, "household.history", "{\"id\":1}"), "forbidden");
	assert_has(ask(SUPERVISOR, "household.history", "{\"id\":99}"), "not_found");
}

static void why_says_who_may_and_who_is_here(void **state)
{
	(void)state;
	assert_string_equal(ask(DESK, "why", "{\"book\":\"person\",\"id\":1,\"field\":\"id_no\"}"),
		"{\"allowed\":false,\"level\":\"full\",\"rule\":\"CNF-02\",\"may\":[\"CSS\"],\"on_duty\":[\"Supervisor\"],"
		"\"request\":{\"book\":\"loan\",\"op\":\"request\",\"field\":\"file\",\"value\":\"7-1203/1\"}}");
	assert_has(ask(DESK, "why", "{\"book\":\"person\",\"field\":\"mobile\"}"), "{\"allowed\":true,\"level\":\"contact\",\"rule\":\"CNF-03\"");
	assert_has(ask(DESK, "why", "{\"book\":\"household\",\"op\":\"amend\"}"), "{\"allowed\":false,\"may\":[\"ACU\"],\"on_duty\":[]}");
	assert_has(ask(DESK_TWO, "why", "{\"book\":\"person\",\"id\":1,\"field\":\"id_no\"}"), "not_found");
	assert_has(ask(DESK, "why", "{\"book\":\"nothing\",\"op\":\"amend\"}"), "field=book");
}

static void without_the_log_nothing_is_done_and_nothing_revealed(void **state)
{
	const char *json;

	(void)state;
	cluster_sql("ALTER TABLE lodge.event ADD CONSTRAINT closed CHECK (false) NOT VALID");
	json = ask(SUPERVISOR, "person.open", "{\"id\":1,\"fields\":[\"birth\"],\"purpose\":\"police enquiry\"}");
	assert_lacks(json, "1990");
	assert_has(json, "refused");
	assert_has(ask(DESK, "household.register", "{" ID("07") ",\"unit\":\"7-1204\",\"kind\":\"owner\",\"display_name\":\"x\"}"), "refused");
	cluster_sql("ALTER TABLE lodge.event DROP CONSTRAINT closed");
	assert_string_equal(cluster_sql("SELECT count(*) FROM lodge.household"), "1");
}

static bool change_is_told(void)
{
	return nchanged >= 2;
}

static void changes_reach_the_screens(void **state)
{
	(void)state;
	turn_until(change_is_told, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_answers_its_receipt_and_again_when_retried),
		cmocka_unit_test(a_bad_shape_names_its_field_and_leaves_no_event),
		cmocka_unit_test(what_is_out_of_reach_is_refused_like_what_is_not_there),
		cmocka_unit_test(a_role_that_may_not_is_told_who_may),
		cmocka_unit_test(a_person_is_shown_by_level_and_the_look_up_is_logged),
		cmocka_unit_test(a_masked_field_can_be_named_in_no_question),
		cmocka_unit_test(an_opening_shows_the_plain_value_to_those_cleared),
		cmocka_unit_test(a_sealed_value_asks_for_the_password_again),
		cmocka_unit_test(a_name_is_found_by_sound_initials_and_marks),
		cmocka_unit_test(four_digits_are_an_end_and_six_a_beginning),
		cmocka_unit_test(a_code_is_read_in_any_spelling),
		cmocka_unit_test(only_bare_digits_are_a_guess),
		cmocka_unit_test(a_number_is_found_with_or_without_its_country_code),
		cmocka_unit_test(a_history_names_fields_and_no_values),
		cmocka_unit_test(why_says_who_may_and_who_is_here),
		cmocka_unit_test(without_the_log_nothing_is_done_and_nothing_revealed),
		cmocka_unit_test(changes_reach_the_screens),
	};

	return cmocka_run_group_tests(tests, group_start, group_stop);
}
