/*
 * demo_homes.c - households and persons of the demo estate: the planted ones, and thousands around.
 *
 * Numbers come out exactly: what is left of persons is shared among what is left of households.
 * Not for: their paper (demo_files.c). Trap: an important household's mobile goes into the sealed
 * sheet only, and into no search key.
 */
#include <stdio.h>
#include <string.h>

#include "server/admin/demo.h"
#include "server/admin/demo_planted.h"

enum { HOUSEHOLDS = 4600, PERSONS = 13000, YEAR = 365 };

/* What is written of one household or person, planted or generated. */
struct home {
	int64_t id, unit;
	const char *kind, *name, *facts;
	int area, opened;
	bool important;
};

struct resident {
	const char *name, *relation, *mobile, *home_phone, *email;
	enum tongue tongue;
	int birth;
	bool female, needs_help;
};

static void home_write(struct demo *demo, struct home *home)
{
	home->id = sheet_next_id(demo, SHEET_HOUSEHOLD);
	sheet_int(demo, SHEET_HOUSEHOLD, home->id);
	sheet_int(demo, SHEET_HOUSEHOLD, home->area);
	sheet_int(demo, SHEET_HOUSEHOLD, home->unit);
	sheet_text(demo, SHEET_HOUSEHOLD, home->kind);
	sheet_text(demo, SHEET_HOUSEHOLD, home->name);
	sheet_bool(demo, SHEET_HOUSEHOLD, home->important);
	sheet_date(demo, SHEET_HOUSEHOLD, home->opened);
	sheet_end(demo, SHEET_HOUSEHOLD);
	if (home->facts != NULL) {
		sheet_int(demo, SHEET_HOUSEHOLD_SEALED, home->id);
		demo_sealed(demo, SHEET_HOUSEHOLD_SEALED, "household", "facts", home->facts, false);
		sheet_end(demo, SHEET_HOUSEHOLD_SEALED);
	}
	demo_search_name(demo, home->area, "household", home->id, home->name);
	demo_event(demo, &(struct demo_act){ .book = "household", .op = "register", .role = "ACU", .record = home->id,
		.staff = WORK_CUSTODIAN, .area = home->area, .day = home->opened, .minute = 10 * 60 });
}

static void mobile_write(struct demo *demo, const struct home *home, int64_t id, const struct resident *who)
{
	if (who->mobile == NULL)
		return;
	if (!home->important) {
		demo_search_phone(demo, home->area, "person", id, who->name, who->mobile);
		return;
	}
	sheet_int(demo, SHEET_PERSON_SEALED, id);
	sheet_text(demo, SHEET_PERSON_SEALED, who->mobile);
	sheet_end(demo, SHEET_PERSON_SEALED);
}

static void resident_write(struct demo *demo, const struct home *home, const struct resident *who)
{
	const enum sheet_name sheet = SHEET_PERSON;
	int64_t id = sheet_next_id(demo, sheet);
	char id_no[24];
	demo_id_number(demo, who->tongue, who->female, who->birth, id_no);
	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, home->area);
	sheet_int(demo, sheet, home->id);
	sheet_int(demo, sheet, home->unit);
	sheet_text(demo, sheet, who->name);
	sheet_text(demo, sheet, who->relation);
	sheet_text(demo, sheet, home->important ? NULL : who->mobile);
	sheet_bool(demo, sheet, home->important);
	sheet_text(demo, sheet, who->home_phone);
	sheet_text(demo, sheet, who->female ? "f" : "m");
	demo_sealed(demo, sheet, "person", "id_no", id_no, true);
	sheet_date(demo, sheet, who->birth);
	sheet_text(demo, sheet, demo_place(demo, who->tongue));
	sheet_text(demo, sheet, demo_place(demo, who->tongue));
	sheet_text(demo, sheet, who->email);
	sheet_bool(demo, sheet, who->needs_help);
	sheet_end(demo, sheet);
	mobile_write(demo, home, id, who);
	if (who->home_phone != NULL)
		demo_search_phone(demo, home->area, "person", id, who->name, who->home_phone);
	demo_search_name(demo, home->area, "person", id, who->name);
	demo_event(demo, &(struct demo_act){ .book = "person", .op = "add", .role = "ACU", .record = id,
		.staff = WORK_CUSTODIAN, .area = home->area, .day = home->opened, .minute = 10 * 60 + 5 });
}

static void contact_write(struct demo *demo, const struct home *home, const char *name, const char *phone, const char *relation)
{
	int64_t id = sheet_next_id(demo, SHEET_CONTACT);
	sheet_int(demo, SHEET_CONTACT, id);
	sheet_int(demo, SHEET_CONTACT, home->area);
	sheet_int(demo, SHEET_CONTACT, home->id);
	sheet_int(demo, SHEET_CONTACT, home->unit);
	sheet_text(demo, SHEET_CONTACT, name);
	sheet_text(demo, SHEET_CONTACT, phone);
	sheet_text(demo, SHEET_CONTACT, relation);
	sheet_end(demo, SHEET_CONTACT);
	demo_event(demo, &(struct demo_act){ .book = "emergency_contact", .op = "add", .role = "ACU", .record = id,
		.staff = WORK_CUSTODIAN, .area = home->area, .day = home->opened, .minute = 10 * 60 + 9 });
}

static void vip_write(struct demo *demo, const struct home *home)
{
	int64_t id = sheet_next_id(demo, SHEET_VIP);
	sheet_int(demo, SHEET_VIP, id);
	sheet_int(demo, SHEET_VIP, home->area);
	sheet_int(demo, SHEET_VIP, home->id);
	sheet_int(demo, SHEET_VIP, home->unit);
	sheet_time(demo, SHEET_VIP, demo->today - 27, 11 * 60);
	sheet_time(demo, SHEET_VIP, demo->today + 3, 17 * 60 + 30);
	sheet_end(demo, SHEET_VIP);
	sheet_int(demo, SHEET_DEADLINE, home->area);
	sheet_text(demo, SHEET_DEADLINE, "vip_profile");
	sheet_int(demo, SHEET_DEADLINE, id);
	sheet_text(demo, SHEET_DEADLINE, "vip_update");
	sheet_time(demo, SHEET_DEADLINE, demo->today + 3, 17 * 60 + 30);
	sheet_text(demo, SHEET_DEADLINE, NULL);
	sheet_end(demo, SHEET_DEADLINE);
	sheet_int(demo, SHEET_VIP_SEALED, id);
	sheet_date(demo, SHEET_VIP_SEALED, date_day(planted_vip.year, planted_vip.month, planted_vip.day));
	demo_sealed(demo, SHEET_VIP_SEALED, "vip_profile", "character", planted_vip.character, false);
	demo_sealed(demo, SHEET_VIP_SEALED, "vip_profile", "preferences", planted_vip.preferences, false);
	demo_sealed(demo, SHEET_VIP_SEALED, "vip_profile", "skills", planted_vip.skills, false);
	demo_sealed(demo, SHEET_VIP_SEALED, "vip_profile", "requirements", planted_vip.requirements, false);
	demo_sealed(demo, SHEET_VIP_SEALED, "vip_profile", "opinions", planted_vip.opinions, false);
	sheet_end(demo, SHEET_VIP_SEALED);
	demo_event(demo, &(struct demo_act){ .book = "vip_profile", .op = "write", .role = "ACU", .record = id,
		.staff = WORK_CUSTODIAN, .area = home->area, .day = home->opened, .minute = 11 * 60 });
}

/* Returns how many persons it has. */
static int planted_write(struct demo *demo, const struct planted_home *planted)
{
	char facts[256], due[16];
	struct home home = { .kind = planted->kind, .name = planted->display_name, .important = planted->important,
		.opened = demo->today - 700 };
	const struct demo_unit *unit = demo_unit_find(demo, planted->unit, &home.unit);
	int n = 0;
	if (unit == NULL)
		return 0;
	home.area = unit->area;
	if (planted->facts != NULL) {
		const char *date = strstr(planted->facts, "%s");
		int before = date != NULL ? (int)(date - planted->facts) : (int)strlen(planted->facts);
		date_text(demo->today + planted->due_days, due);
		snprintf(facts, sizeof(facts), "%.*s%s%s", before, planted->facts, date != NULL ? due : "", date != NULL ? date + 2 : "");
		home.facts = facts;
	}
	home_write(demo, &home);
	for (; n < PLANTED_PERSONS && planted->persons[n].name != NULL; n++) {
		const struct planted_person *person = &planted->persons[n];
		int birth = person->year > 0 ? date_day(person->year, person->month, person->day)
			: date_day(date_year(demo->today) - person->age, 1, 2);
		resident_write(demo, &home, &(struct resident){ .name = person->name, .relation = person->relation,
			.mobile = person->mobile, .home_phone = person->home_phone, .tongue = person->tongue, .birth = birth,
			.female = person->female, .needs_help = person->needs_help });
	}
	if (planted->contact_name != NULL)
		contact_write(demo, &home, planted->contact_name, planted->contact_phone, planted->contact_relation);
	if (planted->vip)
		vip_write(demo, &home);
	return n;
}

/* Age in days of the n-th member of a family, and what he is in it. */
static int member_age(struct demo *demo, int n, const char **relation)
{
	if (n == 0) {
		return (28 + chance_below(demo, 45)) * YEAR;
	}
	if (n == 1) {
		*relation = "spouse";
		return (26 + chance_below(demo, 45)) * YEAR;
	}
	if (n == 2 && chance_percent(demo, 25)) {
		*relation = "parent";
		return (60 + chance_below(demo, 30)) * YEAR;
	}
	*relation = n > 4 ? "relative" : "child";
	return (n > 4 ? 20 + chance_below(demo, 40) : 1 + chance_below(demo, 24)) * YEAR;
}

static void member_write(struct demo *demo, const struct home *home, const struct demo_name *head, bool head_female, int n,
	const char *home_phone)
{
	struct demo_name name = *head;
	struct resident who = { .relation = strcmp(home->kind, "owner") == 0 ? "owner" : strcmp(home->kind, "tenant_org") == 0
		? "contact" : "tenant", .home_phone = home_phone, .tongue = head->tongue };
	char mobile[24], email[48];
	int age = member_age(demo, n, &who.relation);
	who.female = n == 0 ? head_female : n == 1 ? !head_female : chance_percent(demo, 50);
	if (n > 0)
		demo_name_make(demo, head->tongue, who.female, n == 1 ? -1 : head->family, &name);
	who.name = name.text;
	who.birth = demo->today - age - chance_below(demo, YEAR);
	if (age > 11 * YEAR) {
		demo_mobile(demo, head->tongue, mobile);
		who.mobile = mobile;
	}
	if (age > 18 * YEAR && chance_percent(demo, 30)) {
		snprintf(email, sizeof(email), "r%d@example.org", 100000 + chance_below(demo, 900000));
		who.email = email;
	}
	who.needs_help = age > 75 * YEAR && chance_percent(demo, 60);
	resident_write(demo, home, &who);
}

static void family_write(struct demo *demo, size_t index, int members)
{
	const struct demo_unit *unit = &demo->units[index];
	struct demo_name head;
	char phone[24], mobile[24], company[128];
	bool female = chance_percent(demo, 45);
	struct home home = { .unit = (int64_t)index + 1, .area = unit->area, .opened = demo->today - 30 - chance_below(demo, 1800),
		.kind = unit->office ? "tenant_org" : chance_percent(demo, 12) ? "tenant_person" : "owner",
		.important = chance_below(demo, 200) == 0 };
	demo_name_make(demo, demo_tongue(demo), female, -1, &head);
	home.name = unit->office ? demo_company(demo, company) : head.text;
	demo_home_phone(demo, head.tongue, phone);
	home_write(demo, &home);
	for (int n = 0; n < members; n++)
		member_write(demo, &home, &head, female, n, chance_percent(demo, 70) ? phone : NULL);
	if (chance_percent(demo, 35)) {
		struct demo_name contact;
		demo_name_make(demo, head.tongue, !female, -1, &contact);
		demo_mobile(demo, head.tongue, mobile);
		contact_write(demo, &home, contact.text, mobile, "relative");
	}
}

/* How many of the persons left live in the next of the homes left: about the mean, at least one,
 * and never so many that a later home would be empty. */
static int share(struct demo *demo, int persons, int homes)
{
	int size = persons / homes + chance_below(demo, 4) - 1;
	if (size > persons - (homes - 1))
		size = persons - (homes - 1);
	return homes == 1 ? persons : size < 1 ? 1 : size;
}

void demo_make_homes(struct demo *demo)
{
	int homes = HOUSEHOLDS * demo->scale, persons = PERSONS * demo->scale;
	for (size_t i = 0; i < nplanted_homes; i++, homes--)
		persons -= planted_write(demo, &planted_homes[i]);
	for (size_t i = 0; i < demo->nunits && demo->err == OK; i++) {
		bool named = false;
		for (size_t p = 0; p < nplanted_homes; p++)
			named = named || strcmp(planted_homes[p].unit, demo->units[i].code) == 0;
		if (!demo->units[i].occupied || named)
			continue;
		int members = share(demo, persons, homes--);
		persons -= members;
		family_write(demo, i, members);
		demo_flush(demo, false);
	}
}
