/*
 * search.c - the directive "search": plays a table of what people type at the search box.
 *
 * Each row is asked as a client asks: find, and when the answer invites it, the similar names once
 * more, added below. Not for: knowing what is right (tests/expected/search.tsv says it). Trap: a
 * title is compared by its beginning, since the unit stands behind the name.
 */
#include "tests/flow/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/match.h"
#include "tests/flow/script.h"

enum { WHO, TYPED, WHY, FIRST, ALSO, COLUMNS, WRONG_MAX = 2000 };

struct outcome {
	int asked, wrong;
	char list[WRONG_MAX];
};

static json_t *find(const char *text, bool typo)
{
	json_t *params = typo ? json_pack("{s:s,s:b}", "text", text, "typo", 1) : json_pack("{s:s}", "text", text);
	char *line = json_dumps(params, 0);
	json_t *result = NULL;

	if (line != NULL && person_call(play.who, "find", line))
		result = json_incref(json_object_get(play.last, "result"));
	json_decref(params);
	free(line);
	return result;
}

/* Rows of both answers; NULL when there is none. */
static json_t *find_all(const char *text)
{
	json_t *result = find(text, false), *second, *rows = json_incref(json_object_get(result, "rows"));

	if (rows != NULL && json_is_true(json_object_get(result, "more"))) {
		second = find(text, true);
		json_array_extend(rows, json_object_get(second, "rows"));
		json_decref(second);
	}
	json_decref(result);
	return rows;
}

/* "person 张小明" is the row {"book":"person","title":"张小明, 7-1203"}. */
static bool row_is(const json_t *row, const char *wanted)
{
	const char *book = json_string_value(json_object_get(row, "book")), *title = json_string_value(json_object_get(row, "title"));
	size_t len = book != NULL ? strlen(book) : 0;

	return title != NULL && book != NULL && strncmp(wanted, book, len) == 0 && wanted[len] == ' ' &&
		strncmp(title, wanted + len + 1, strlen(wanted + len + 1)) == 0;
}

static bool rows_hold(const json_t *rows, const char *wanted)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		if (row_is(row, wanted))
			return true;
	return false;
}

/* What is wrong with the rows, or NULL. */
static const char *verdict(const json_t *rows, char **column)
{
	const json_t *first = json_array_get(rows, 0);
	char *next = column[ALSO], *title;

	if (rows == NULL)
		return "no answer";
	if (strcmp(column[FIRST], "-") == 0)
		return first == NULL ? NULL : "something is found";
	if (first == NULL)
		return "nothing is found";
	if (strcmp(column[FIRST], "*") != 0 && !row_is(first, column[FIRST]))
		return "another one comes first";
	if (strcmp(column[WHY], json_string_value(json_object_get(first, "why"))) != 0)
		return "the reason is another one";
	while ((title = strsep(&next, "|")) != NULL)
		if (*title != '\0' && !rows_hold(rows, title))
			return title;
	return NULL;
}

static bool case_play(char **column, struct outcome *out)
{
	json_t *rows;
	const char *wrong;

	play.who = person_as(column[WHO], NULL);
	if (play.who == NULL)
		return false;
	rows = find_all(column[TYPED]);
	wrong = verdict(rows, column);
	out->asked++;
	if (wrong != NULL) {
		size_t len = strlen(out->list);
		char *first = json_dumps(json_array_get(rows, 0), JSON_ENCODE_ANY);

		out->wrong++;
		snprintf(out->list + len, sizeof(out->list) - len, "%s types %s: %s; first %s\n", column[WHO], column[TYPED], wrong,
			first != NULL ? first : "-");
		free(first);
	}
	json_decref(rows);
	return true;
}

bool step_search(char *rest)
{
	char line[1024], *column[COLUMNS], *next;
	struct outcome out = { 0 };
	const char *file = script_word(&rest);
	FILE *f = fopen(file, "r");
	bool ok = true, head = true;

	if (f == NULL)
		return play_fail("cannot read %s", file);
	while (ok && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		next = line;
		for (int i = 0; i < COLUMNS; i++) {
			char *cell = strsep(&next, "\t");

			column[i] = cell != NULL ? cell : line + strlen(line);
		}
		ok = head || case_play(column, &out);
		head = false;
	}
	fclose(f);
	printf("# %s: %d asked, %d wrong\n", file, out.asked, out.wrong);
	return ok && (out.wrong == 0 || play_fail("%d of %d are wrong\n%s", out.wrong, out.asked, out.list));
}
