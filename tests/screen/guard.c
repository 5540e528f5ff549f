/*
 * guard.c - see guard.h.
 *
 * Not for: tests. Trap: what is entered here stays in the estate, so names and plates bear digits that nothing there has.
 */
#include "tests/screen/guard.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

struct vt *guard_open(const char *lang, const char *server)
{
	struct vt *vt = desk_open_at("guard", lang, server, "xterm-256color", 24, 80);

	desk_see(vt, "w011");
	vt_settle(vt, 150, SOON);
	return vt;
}

const char *guard_barred(void)
{
	const char *digits = estate_digits();
	char json[300];

	snprintf(json, sizeof(json), "{\"kind\":\"barred\",\"name\":\"Kẻ Gian %s\",\"vehicle\":\"51F-%s\",\"instruction\":\"call the supervisor\"}", digits, digits);
	assert_true(desk_number(desk_ask("guardchief", "gate_list.enter", json), "id") > 0);
	return digits;
}

int64_t guard_expected(const char *digits)
{
	char json[300];

	snprintf(json, sizeof(json), "{\"kind\":\"expected\",\"name\":\"Trương Tam Phong %s\",\"unit\":\"7-1203\",\"vehicle\":\"30A-%s\"}", digits, digits);
	return desk_number(desk_ask("desk", "gate_list.enter", json), "id");
}

int64_t guard_visitor(const char *name, const char *more)
{
	char json[400];
	int64_t id;

	snprintf(json, sizeof(json), "{\"name\":\"%s\"%s}", name, more);
	id = desk_number(desk_ask("desk", "visitor.arrive", json), "id");
	assert_true(id > 0);
	return id;
}
