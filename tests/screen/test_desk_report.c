/*
 * test_desk_report.c - the figures of the house on the screen: chosen from home or the palette, drawn
 * without colour, another number at a key, the rows behind a bar at Enter.
 *
 * Not for: whether the figures are right (tests/flow/report.flow). Trap: figures move with what other
 * tests do; only what the planted estate holds still is named.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"
#include "tests/screen/golden.h"

static void reports_are_a_key_away_and_enter_lists_the_rows_behind_a_bar(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);
	char text[64];

	(void)state;
	desk_type(vt, "s");
	desk_see(vt, "Units in use");
	desk_type(vt, "<Enter>");
	snprintf(text, sizeof(text), "%lld", (long long)estate_number("SELECT count(*) FROM unit WHERE status = 'occupied' AND use = 'residential' AND area IN (1, 2)"));
	desk_see(vt, "[In use]");
	desk_see(vt, text);
	desk_see(vt, "####");
	desk_type(vt, "<Down><Enter>");
	desk_see(vt, "Office");
	desk_see(vt, "Occupied");
	desk_see_gone(vt, "Residential");
	desk_type(vt, "<Esc>");
	desk_see(vt, "[In use]");
	desk_type(vt, "<Tab>");
	desk_see(vt, "[Vacant]");
	desk_type(vt, "<Enter>");
	desk_see(vt, "Vacant");
	desk_see_gone(vt, "Occupied");
	desk_type(vt, "<Esc><Esc>");
	desk_see(vt, "QUEUES");
	desk_close(vt);
}

/* The units of the estate stand still: the whole screen, in each language. */
static void it_reads_well_in_every_language(void **state)
{
	static const char *const langs[] = {"en", "zh_CN", "zh_TW", "vi"};
	char name[80];

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		struct vt *vt = desk_open("desk", langs[i], NULL);

		desk_type(vt, "s<Enter>");
		desk_see(vt, "####");
		snprintf(name, sizeof(name), "report.%s", langs[i]);
		golden_see(vt, name, NULL);
		desk_close(vt);
	}
}

static void all_the_way_down_to_a_person_in_any_script(void **state)
{
	struct vt *vt = desk_open("estate", "zh_CN", NULL);

	(void)state;
	desk_type(vt, "<:>");
	desk_type_at_once(vt, "report living_form");
	desk_type(vt, "<Enter>");
	desk_see(vt, "四人");
	desk_see(vt, "[业户]");
	desk_type(vt, "<Enter>");
	desk_see(vt, "业主");
	desk_type(vt, "<Enter>");
	desk_see(vt, "人员 (1)");
	desk_close(vt);
}

static void a_closed_bar_says_so_and_who_may(void **state)
{
	static const struct { const char *lang, *closed, *may; } texts[] = {
		{"en", "date of birth is opened", "Archive custodian"},
		{"zh_CN", "出生日期须逐条", "客户服务管理员"},
		{"zh_TW", "出生日期須逐條", "客戶服務管理員"},
		{"vi", "ngày sinh phải mở", "Nhân viên quản lý hồ sơ"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vt *vt = desk_open("deputy", texts[i].lang, NULL);

		desk_type(vt, "<:>");
		desk_type_at_once(vt, "report age_bands");
		desk_type(vt, "<Enter>");
		desk_see(vt, "###");
		desk_type(vt, "<Enter>");
		desk_see(vt, texts[i].closed);
		desk_see(vt, texts[i].may);
		desk_type(vt, "<Esc>");
		desk_see(vt, "###");
		desk_close(vt);
	}
}

static void only_the_reports_of_the_role_are_offered(void **state)
{
	struct vt *vt = desk_open("finance", "en", NULL);

	(void)state;
	desk_type(vt, "s");
	desk_see(vt, "Units in use");
	desk_see_gone(vt, "Loans by file");
	desk_type(vt, "<Esc>");
	desk_close(vt);
}

static void a_report_is_drawn_without_colour_and_on_a_lean_line(void **state)
{
	struct vt *vt;

	(void)state;
	desk_set("NO_COLOR=1");
	vt = desk_open_at("estate", "vi", NULL, "vt100", 24, 80);
	desk_type(vt, "<:>");
	desk_type_at_once(vt, "report loans_by_month");
	desk_type(vt, "<Enter>");
	desk_see(vt, "Tháng");
	desk_see(vt, "[Đang mở]");
	desk_type(vt, "<Tab><Tab><Tab>");
	desk_see(vt, "[Đã đề nghị]");
	desk_see(vt, "####");
	desk_close(vt);
	desk_set(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_a_key_away_and_enter_lists_the_rows_behind_a_bar),
		cmocka_unit_test(it_reads_well_in_every_language),
		cmocka_unit_test(all_the_way_down_to_a_person_in_any_script),
		cmocka_unit_test(a_closed_bar_says_so_and_who_may),
		cmocka_unit_test(only_the_reports_of_the_role_are_offered),
		cmocka_unit_test(a_report_is_drawn_without_colour_and_on_a_lean_line),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
