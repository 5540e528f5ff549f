/*
 * demo_planted.c - the planted households, written out.
 * Not for: logic. Trap: 7-1302's son is told of in the sealed note only; she has no emergency
 * contact, which is what the welfare check is about.
 */
#include "server/admin/demo_planted.h"

const struct planted_home planted_homes[] = {
	{ .unit = "7-1203", .kind = "owner", .display_name = "张小明",
		.contact_name = "张大伟", .contact_phone = "13798120336", .contact_relation = "brother",
		.persons = {
			{ .name = "张小明", .relation = "owner", .mobile = "13917203001", .home_phone = "075582301203",
				.tongue = TONGUE_HANS, .year = 1981, .month = 5, .day = 12 },
			{ .name = "Nguyễn Thị Ánh", .relation = "spouse", .mobile = "0903172032", .home_phone = "075582301203",
				.tongue = TONGUE_VIET, .year = 1984, .month = 11, .day = 3, .female = true },
			{ .name = "陳美玲", .relation = "parent", .mobile = "13617203003", .home_phone = "075582301203",
				.tongue = TONGUE_HANT, .year = 1948, .month = 2, .day = 27, .female = true, .needs_help = true },
			{ .name = "张语桐", .relation = "child", .tongue = TONGUE_HANS, .year = 2014, .month = 8, .day = 19, .female = true },
		} },
	{ .unit = "7-1204", .kind = "owner", .display_name = "欧阳静", .important = true, .vip = true,
		.persons = { { .name = "欧阳静", .relation = "owner", .mobile = "18612040888", .home_phone = "075582301204",
			.tongue = TONGUE_HANS, .year = 1975, .month = 9, .day = 9, .female = true } } },
	{ .unit = "7-1301", .kind = "owner", .display_name = "Trần Văn Minh",
		.persons = { { .name = "Trần Văn Minh", .relation = "owner", .mobile = "0912130155",
			.tongue = TONGUE_VIET, .year = 1969, .month = 4, .day = 30 } } },
	{ .unit = "7-1301", .kind = "tenant_person", .display_name = "Phạm Quỳnh Hương",
		.persons = { { .name = "Phạm Quỳnh Hương", .relation = "tenant", .mobile = "0986130172", .home_phone = "02838130100",
			.tongue = TONGUE_VIET, .year = 1992, .month = 12, .day = 1, .female = true } } },
	{ .unit = "7-1302", .kind = "owner", .display_name = "王秀英",
		.facts = "V2: lives alone at 81; her son lives out of town and comes at New Year.",
		.persons = { { .name = "王秀英", .relation = "owner", .home_phone = "075582301302",
			.tongue = TONGUE_HANS, .age = 81, .female = true, .needs_help = true } } },
	{ .unit = "7-1303", .kind = "owner", .display_name = "李雪", .due_days = 20,
		.facts = "V1: pregnant, due on %s. Told by herself at the desk.",
		.persons = { { .name = "李雪", .relation = "owner", .mobile = "15913030217", .home_phone = "075582301303",
			.tongue = TONGUE_HANS, .year = 1995, .month = 3, .day = 21, .female = true } } },
	{ .unit = "7-1304", .kind = "owner", .display_name = "赵强",
		.facts = "B1: source: yearly liaison with the police station. Convicted of theft, served his term. "
			"Watch: unusual goods movements at night.",
		.persons = { { .name = "赵强", .relation = "owner", .mobile = "13413040661", .home_phone = "075582301304",
			.tongue = TONGUE_HANS, .year = 1978, .month = 7, .day = 7 } } },
	{ .unit = "9-0501", .kind = "tenant_org", .display_name = "华信科技有限公司",
		.contact_name = "林志诚", .contact_phone = "13805010912", .contact_relation = "duty officer",
		.persons = { { .name = "林志远", .relation = "contact", .mobile = "13905010911", .home_phone = "075582090501",
			.tongue = TONGUE_HANS, .year = 1986, .month = 1, .day = 16 } } },
	{ .unit = "12-0801", .kind = "owner", .display_name = "周建平",
		.persons = { { .name = "周建平", .relation = "owner", .mobile = "13812080112", .home_phone = "075582120801",
			.tongue = TONGUE_HANS, .year = 1972, .month = 10, .day = 25 } } },
	{ .unit = "18-0502", .kind = "owner", .display_name = "Lê Hữu Phước",
		.persons = { { .name = "Lê Hữu Phước", .relation = "owner", .mobile = "0918050230", .home_phone = "02838180502",
			.tongue = TONGUE_VIET, .year = 1980, .month = 6, .day = 15 } } },
	{ .unit = "18-0503", .kind = "owner", .display_name = "张晓明",
		.persons = { { .name = "张晓明", .relation = "owner", .mobile = "13618050319", .home_phone = "075582180503",
			.tongue = TONGUE_HANS, .year = 1990, .month = 2, .day = 2, .female = true } } },
};
const size_t nplanted_homes = NITEMS(planted_homes);

const struct planted_vip planted_vip = {
	.year = 1975, .month = 9, .day = 9,
	.character = "Reserved; likes to be addressed by her full name and never in the lobby.",
	.preferences = "Green tea, no flowers. Parcels are brought up after six.",
	.skills = "Concert pianist; played at the estate's spring festival.",
	.requirements = "Drivers wait in the basement; no visitor without a call to her assistant.",
	.opinions = "Complained of lift noise; the motor was exchanged and she thanked the engineers.",
};
