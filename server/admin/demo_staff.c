/*
 * demo_staff.c - departments, terminals and the 120 employees of the demo estate.
 *
 * The people of the first table sign in (password lodge-demo, each with a salt of his own); the
 * others are there to be borrowers, guards and technicians and have no key at all.
 * Not for: a real house (`lodged staff`). Trap: the place in the table is the work number.
 */
#include "server/admin/demo.h"

#include <stdio.h>
#include <string.h>

#include "server/auth.h"

#define PASSWORD "lodge-demo"

enum department { CENTRE = 1, MANAGEMENT, SECURITY, ENGINEERING, CLEANING, PURCHASING, FINANCE, ADMINISTRATION, QUALITY };

static const struct { const char *name, *kind; } departments[DEMO_DEPARTMENTS + 1] = {
	[CENTRE] = { "centre", "centre" }, [MANAGEMENT] = { "management", "estate" }, [SECURITY] = { "security", "security" },
	[ENGINEERING] = { "engineering", "engineering" }, [CLEANING] = { "cleaning", "cleaning" },
	[PURCHASING] = { "purchasing", "purchasing" }, [FINANCE] = { "finance", "finance" },
	[ADMINISTRATION] = { "administration", "admin" }, [QUALITY] = { "quality", "quality" },
};

/* Areas are PostgreSQL arrays; NULL = all, the estate office included. */
static const struct {
	const char *login, *name, *role, *areas;
	enum department department;
	bool head, female;
} people[] = {
	{ .login = "desk", .name = "林小雨", .role = "FD", .areas = "{1,2}", .department = CENTRE, .female = true },
	{ .login = "desk2", .name = "Đặng Thu Hà", .role = "FD", .areas = "{3}", .department = CENTRE, .female = true },
	{ .login = "operator", .name = "何佩珊", .role = "OP", .areas = "{1,2,3}", .department = CENTRE, .female = true },
	{ .login = "custodian", .name = "周文彬", .role = "ACU", .department = CENTRE },
	{ .login = "css", .name = "黃淑芬", .role = "CSS", .department = CENTRE, .female = true },
	{ .login = "manager", .name = "郑志强", .role = "CM", .department = CENTRE, .head = true },
	{ .login = "deputy", .name = "Võ Quốc Bảo", .role = "DEM", .department = MANAGEMENT },
	{ .login = "estate", .name = "梁永康", .role = "EM", .department = MANAGEMENT, .head = true },
	{ .login = "general", .name = "Helen Murray", .role = "GM", .department = MANAGEMENT, .female = true },
	{ .login = "night", .name = "邓海波", .role = "NM", .department = CENTRE },
	{ .login = "guard", .name = "Bùi Văn Long", .role = "SG", .areas = "{1,2}", .department = SECURITY },
	{ .login = "guardlead", .name = "马国栋", .role = "SL", .department = SECURITY },
	{ .login = "guardchief", .name = "謝振輝", .role = "SS", .department = SECURITY, .head = true },
	{ .login = "engineer", .name = "Phan Đức Anh", .role = "ET", .department = ENGINEERING },
	{ .login = "englead", .name = "宋学文", .role = "EL", .department = ENGINEERING },
	{ .login = "engchief", .name = "廖建宏", .role = "ES", .department = ENGINEERING, .head = true },
	{ .login = "cleanlead", .name = "Hồ Thị Đào", .role = "CLL", .department = CLEANING, .female = true },
	{ .login = "cleanchief", .name = "唐玉兰", .role = "CLS", .department = CLEANING, .head = true, .female = true },
	{ .login = "tenants", .name = "许佳琪", .role = "TSO", .department = CENTRE, .female = true },
	{ .login = "assistant", .name = "Ngô Khánh Linh", .role = "CSA", .department = CENTRE, .female = true },
	{ .login = "firechief", .name = "韩勇", .role = "FS", .department = SECURITY },
	{ .login = "purchasing", .name = "賴俊傑", .role = "PUR", .areas = "{}", .department = PURCHASING, .head = true },
	{ .login = "finance", .name = "冯丽", .role = "FIN", .areas = "{}", .department = FINANCE, .head = true, .female = true },
	{ .login = "store", .name = "Lý Gia Huy", .role = "SK", .areas = "{}", .department = ADMINISTRATION },
	{ .login = "quality", .name = "Peter Walker", .role = "QC", .areas = "{}", .department = QUALITY, .head = true },
	{ .login = "hr", .name = "蔡雅婷", .role = "HR", .areas = "{0}", .department = ADMINISTRATION, .head = true, .female = true },
	{ .login = "admin", .name = "Đỗ Minh Tuấn", .role = "SYS", .areas = "{}", .department = ADMINISTRATION },
	{ .login = "lw", .name = "李伟", .role = "ET", .department = ENGINEERING },
	{ .login = "cjg", .name = "陈建国", .role = "ET", .department = ENGINEERING },
	{ .login = "ly", .name = "刘洋", .role = "SG", .areas = "{1,2,3}", .department = SECURITY },
};

/* The rest, up to DEMO_STAFF: how many in a row, in which department, with which role. */
static const struct { int n; enum department department; const char *role, *areas; } others[] = {
	{ 32, SECURITY, "SG", "{1,2,3}" }, { 18, ENGINEERING, "ET", "{1,2,3}" }, { 22, CLEANING, NULL, NULL },
	{ 6, CENTRE, "FD", "{1,2}" }, { 4, FINANCE, "FIN", "{}" }, { 4, ADMINISTRATION, NULL, NULL }, { 4, QUALITY, NULL, NULL },
};

static void departments_write(struct demo *demo)
{
	for (int i = 1; i <= DEMO_DEPARTMENTS; i++) {
		sheet_int(demo, SHEET_DEPARTMENT, sheet_next_id(demo, SHEET_DEPARTMENT));
		sheet_text(demo, SHEET_DEPARTMENT, departments[i].name);
		sheet_text(demo, SHEET_DEPARTMENT, departments[i].kind);
		sheet_end(demo, SHEET_DEPARTMENT);
	}
}

static void terminals_write(struct demo *demo)
{
	static const struct { const char *name, *kind, *place; } terminals[] = {
		{ "reception-1", "reception", "Lobby of building 1" }, { "reception-2", "reception", "Lobby of building 17" },
		{ "night-1", "night_console", "Duty office" }, { "gate-1", "gate", "Main gate" },
	};
	for (size_t i = 0; i < NITEMS(terminals); i++) {
		sheet_int(demo, SHEET_TERMINAL, sheet_next_id(demo, SHEET_TERMINAL));
		sheet_text(demo, SHEET_TERMINAL, terminals[i].name);
		sheet_text(demo, SHEET_TERMINAL, terminals[i].kind);
		sheet_text(demo, SHEET_TERMINAL, terminals[i].place);
		sheet_end(demo, SHEET_TERMINAL);
	}
}

/* Returns his id. */
static int employee_write(struct demo *demo, const char *login, const char *name, bool female, enum department department,
	bool gone)
{
	char work_no[8], phone[24];
	int id = (int)sheet_next_id(demo, SHEET_STAFF);
	snprintf(work_no, sizeof(work_no), "w%03d", id);
	demo_mobile(demo, TONGUE_VIET, phone);
	sheet_int(demo, SHEET_STAFF, id);
	sheet_text(demo, SHEET_STAFF, work_no);
	sheet_text(demo, SHEET_STAFF, login);
	sheet_text(demo, SHEET_STAFF, name);
	sheet_text(demo, SHEET_STAFF, female ? "f" : "m");
	sheet_int(demo, SHEET_STAFF, department);
	sheet_text(demo, SHEET_STAFF, phone);
	sheet_date(demo, SHEET_STAFF, demo->today - 1500 - chance_below(demo, 1500));
	if (gone)
		sheet_date(demo, SHEET_STAFF, demo->today - 60);
	else
		sheet_text(demo, SHEET_STAFF, NULL);
	sheet_text(demo, SHEET_STAFF, gone ? "left" : "confirmed");
	sheet_end(demo, SHEET_STAFF);
	demo->staff[id] = (struct demo_staff){ .department = (int)department, .centre = department == CENTRE, .gone = gone };
	return id;
}

static void role_write(struct demo *demo, int id, const char *role, const char *areas)
{
	sheet_int(demo, SHEET_STAFF_ROLE, id);
	sheet_text(demo, SHEET_STAFF_ROLE, role);
	sheet_text(demo, SHEET_STAFF_ROLE, areas);
	sheet_date(demo, SHEET_STAFF_ROLE, demo->today - 1200);
	sheet_end(demo, SHEET_STAFF_ROLE);
}

static void account_write(struct demo *demo, int id)
{
	const char *salt = NULL, *params = NULL, *verifier = NULL;
	demo_fail(demo, auth_new_password(demo->scratch, PASSWORD, &salt, &params, &verifier));
	sheet_int(demo, SHEET_STAFF_ACCOUNT, id);
	sheet_text(demo, SHEET_STAFF_ACCOUNT, salt);
	sheet_text(demo, SHEET_STAFF_ACCOUNT, params);
	sheet_text(demo, SHEET_STAFF_ACCOUNT, verifier);
	sheet_end(demo, SHEET_STAFF_ACCOUNT);
}

static void named_write(struct demo *demo)
{
	for (size_t i = 0; i < NITEMS(people) && demo->err == OK; i++) {
		int id = employee_write(demo, people[i].login, people[i].name, people[i].female, people[i].department, false);
		role_write(demo, id, people[i].role, people[i].areas);
		account_write(demo, id);
		if (people[i].head)
			demo->heads[people[i].department] = id;
	}
}

/* The last two have left. */
static void others_write(struct demo *demo)
{
	for (size_t group = 0; group < NITEMS(others); group++)
		for (int i = 0; i < others[group].n; i++) {
			struct demo_name name;
			bool female = chance_percent(demo, 40);
			bool gone = group == NITEMS(others) - 1 && i >= others[group].n - 2;
			demo_name_make(demo, demo_tongue(demo), female, -1, &name);
			int id = employee_write(demo, NULL, name.text, female, others[group].department, gone);
			if (others[group].role != NULL)
				role_write(demo, id, others[group].role, others[group].areas);
		}
}

void demo_make_staff(struct demo *demo)
{
	departments_write(demo);
	terminals_write(demo);
	named_write(demo);
	others_write(demo);
}
