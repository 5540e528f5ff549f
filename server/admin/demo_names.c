/*
 * demo_names.c - invented people: names in four languages, telephones, identity numbers.
 *
 * Valid in form and fictitious. Not for: the planted people, who are written out (demo_homes.c).
 * Trap: tails and names that tests type must never be generated, so they are drawn again.
 */
#include "server/admin/demo.h"

#include <stdio.h>
#include <string.h>

static const char *const hans_family[] = { "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡",
	"朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "程", "曹", "袁", "邓",
	"许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "余", "潘", "杜", "戴", "夏",
	"钟", "汪", "田", "任", "姜", "单", "解", "查", "欧阳", "上官", "司徒" };
static const char *const hant_family[] = { "陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡", "楊", "許", "鄭", "謝",
	"郭", "邱", "曾", "廖", "賴", "徐", "葉", "蘇", "莊", "呂", "蕭", "羅", "馮", "梁", "鄧", "區", "歐陽" };
static const char *const viet_family[] = { "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng",
	"Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh" };
static const char *const english_family[] = { "Smith", "Jones", "Taylor", "Brown", "Wilson", "Evans", "Thomas", "Roberts",
	"Walker", "Wright", "Hughes", "Green", "Clarke", "Baker", "Turner", "Morgan", "O'Neill", "Murray" };

static const char *const hans_male[] = { "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "超", "明", "刚", "平", "辉", "建国",
	"志强", "文博", "浩然", "子轩", "宇航", "俊杰", "国栋", "海波", "晓东", "永康", "振华", "学文" };
static const char *const hans_female[] = { "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "燕", "玲", "桂英", "秀兰", "雪梅",
	"欣怡", "诗涵", "梦洁", "雨萱", "佳琪", "晓燕", "美华", "淑珍", "丹丹", "海燕", "婷婷", "玉兰" };
static const char *const hant_male[] = { "志明", "家豪", "俊傑", "建宏", "冠宇", "承翰", "國華", "偉強", "文龍", "宗翰", "永樂", "振輝" };
static const char *const hant_female[] = { "淑芬", "美惠", "雅婷", "怡君", "佩珊", "麗華", "靜宜", "詩涵", "曉雯", "玉蘭", "鳳儀", "慧敏" };
static const char *const viet_male[] = { "Văn Hùng", "Đức Anh", "Quốc Bảo", "Hữu Nghĩa", "Minh Tuấn", "Văn Long", "Công Danh",
	"Thanh Tùng", "Xuân Trường", "Gia Huy", "Văn Đạt", "Đình Khôi", "Trọng Tín", "Bá Lộc" };
static const char *const viet_female[] = { "Thị Lan", "Thị Hoa", "Ngọc Mai", "Thu Hà", "Phương Thảo", "Thị Hồng", "Kim Ngân",
	"Bích Ngọc", "Thanh Trúc", "Mỹ Duyên", "Thị Đào", "Cẩm Tú", "Khánh Linh", "Thùy Dương" };
static const char *const english_male[] = { "James", "David", "Peter", "Daniel", "Mark", "Andrew", "Oliver", "George", "Henry" };
static const char *const english_female[] = { "Mary", "Sarah", "Emma", "Alice", "Grace", "Helen", "Lucy", "Ruth", "Jane" };

struct pool {
	const char *const *names;
	int n;
};
#define POOL(a) { .names = (a), .n = (int)NITEMS(a) }

static const struct {
	struct pool family, male, female;
	int percent; /* of the residents */
	bool family_last, blanks;
} tongues[TONGUE_END] = {
	[TONGUE_HANS] = { .family = POOL(hans_family), .male = POOL(hans_male), .female = POOL(hans_female), .percent = 55 },
	[TONGUE_VIET] = { .family = POOL(viet_family), .male = POOL(viet_male), .female = POOL(viet_female), .percent = 25, .blanks = true },
	[TONGUE_HANT] = { .family = POOL(hant_family), .male = POOL(hant_male), .female = POOL(hant_female), .percent = 15 },
	[TONGUE_ENGLISH] = { .family = POOL(english_family), .male = POOL(english_male), .female = POOL(english_female),
		.percent = 5, .family_last = true, .blanks = true },
};

/* People that tests look for: nobody else bears their names. */
static const char *const taken[] = { "张小明", "张晓明", "欧阳静", "王秀英", "李雪", "赵强", "林志远", "李伟", "陈建国", "刘洋",
	"Trần Văn Minh", "Phạm Quỳnh Hương", "Lê Hữu Phước", "Nguyễn Thị Ánh", "陳美玲", "张语桐" };
/* Tails of numbers that scripts type. */
static const char *const taken_tails[] = { "4417", "5521", "0482" };

enum tongue demo_tongue(struct demo *demo)
{
	int dice = chance_below(demo, 100);
	for (int tongue = 0; tongue < TONGUE_END; tongue++)
		if ((dice -= tongues[tongue].percent) < 0)
			return (enum tongue)tongue;
	return TONGUE_HANS;
}

static bool name_is_taken(const char *name)
{
	for (size_t i = 0; i < NITEMS(taken); i++)
		if (strcmp(taken[i], name) == 0)
			return true;
	return false;
}

void demo_name_make(struct demo *demo, enum tongue tongue, bool female, int family, struct demo_name *name)
{
	const struct pool *given = female ? &tongues[tongue].female : &tongues[tongue].male;
	name->tongue = tongue;
	do {
		name->family = family >= 0 ? family : chance_below(demo, tongues[tongue].family.n);
		const char *first = tongues[tongue].family.names[name->family];
		const char *last = given->names[chance_below(demo, given->n)];
		if (tongues[tongue].family_last)
			snprintf(name->text, sizeof(name->text), "%s %s", last, first);
		else
			snprintf(name->text, sizeof(name->text), "%s%s%s", first, tongues[tongue].blanks ? " " : "", last);
	} while (name_is_taken(name->text));
}

static void digits_add(struct demo *demo, char *text, size_t cap, int n)
{
	size_t len = strlen(text);
	for (int i = 0; i < n && len + 1 < cap; i++)
		text[len++] = (char)('0' + chance_below(demo, 10));
	text[len] = '\0';
}

static bool tail_is_taken(const char *text)
{
	size_t len = strlen(text);
	for (size_t i = 0; i < NITEMS(taken_tails); i++)
		if (len >= 4 && strcmp(text + len - 4, taken_tails[i]) == 0)
			return true;
	return false;
}

void demo_mobile(struct demo *demo, enum tongue tongue, char text[24])
{
	static const char *const chinese[] = { "134", "136", "138", "150", "159", "177", "186", "188", "199" };
	static const char *const vietnamese[] = { "032", "037", "070", "079", "083", "086", "090", "091", "098" };
	bool viet = tongue == TONGUE_VIET;
	do {
		snprintf(text, 24, "%s", viet ? vietnamese[chance_below(demo, (int)NITEMS(vietnamese))]
			: chinese[chance_below(demo, (int)NITEMS(chinese))]);
		digits_add(demo, text, 24, viet ? 7 : 8);
	} while (tail_is_taken(text));
}

void demo_home_phone(struct demo *demo, enum tongue tongue, char text[24])
{
	do {
		snprintf(text, 24, "%s", tongue == TONGUE_VIET ? "02838" : "07558");
		digits_add(demo, text, 24, tongue == TONGUE_VIET ? 6 : 7);
	} while (tail_is_taken(text));
}

/* GB 11643: the weighted sum of the first 17 digits, modulo 11, names the last character. */
static char check_digit(const char *digits)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	for (size_t i = 0; i < NITEMS(weights); i++)
		sum += (digits[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

void demo_id_number(struct demo *demo, enum tongue tongue, bool female, int birth, char text[24])
{
	static const char *const districts[] = { "110101", "310104", "330106", "350203", "420102", "440305", "440402", "510104" };
	static const char *const provinces[] = { "001", "031", "048", "056", "075", "079", "092" };
	int year = date_year(birth);
	char date[16];
	date_text(birth, date);
	if (tongue == TONGUE_VIET) {
		snprintf(text, 24, "%s%d%02d", provinces[chance_below(demo, (int)NITEMS(provinces))],
			(year >= 2000 ? 2 : 0) + (female ? 1 : 0), year % 100);
		digits_add(demo, text, 24, 6);
		return;
	}
	snprintf(text, 24, "%s%.4s%.2s%.2s%02d%d", districts[chance_below(demo, (int)NITEMS(districts))], date, date + 5,
		date + 8, chance_below(demo, 100), chance_below(demo, 5) * 2 + (female ? 0 : 1));
	text[17] = check_digit(text);
	text[18] = '\0';
}

const char *demo_place(struct demo *demo, enum tongue tongue)
{
	static const char *const chinese[] = { "广东深圳", "广东广州", "福建厦门", "浙江杭州", "上海", "湖北武汉", "四川成都", "北京" };
	static const char *const vietnamese[] = { "Hà Nội", "Hải Phòng", "Đà Nẵng", "Khánh Hòa", "TP. Hồ Chí Minh", "Cần Thơ" };
	static const char *const hongkong[] = { "香港", "臺北", "高雄", "澳門" };
	switch (tongue) {
	case TONGUE_VIET: return vietnamese[chance_below(demo, (int)NITEMS(vietnamese))];
	case TONGUE_HANT: return hongkong[chance_below(demo, (int)NITEMS(hongkong))];
	case TONGUE_HANS: case TONGUE_ENGLISH: case TONGUE_END: break;
	}
	return chinese[chance_below(demo, (int)NITEMS(chinese))];
}

const char *demo_company(struct demo *demo, char text[128])
{
	static const char *const first[] = { "恒达", "瑞丰", "中联", "远景", "天成", "Minh Phát", "An Bình", "Thái Sơn", "Northgate", "Harbour" };
	static const char *const second[] = { "贸易有限公司", "物流有限公司", "电子有限公司" };
	const char *name = first[chance_below(demo, (int)NITEMS(first))];
	if ((unsigned char)name[0] >= 0xe4)
		snprintf(text, 128, "%s%s", name, second[chance_below(demo, (int)NITEMS(second))]);
	else
		snprintf(text, 128, name[0] == 'N' || name[0] == 'H' ? "%s Ltd" : "Công ty %s", name);
	return text;
}
