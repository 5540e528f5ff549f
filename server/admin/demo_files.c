/*
 * demo_files.c - archive files, their content lists, and the loans of the last three years.
 *
 * UNIT/1 is the household's volume, UNIT/2 the fit-out bag; company files lie in area 0. Which
 * loans exist is decided in demo_loans.c. Not for: writing loans.
 * Trap: what is out stays out; a planted file must not be drawn for a generated loan of today.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/admin/demo.h"
#include "server/admin/demo_loans.h"
#include "server/admin/policy.h"

enum { FILES = 5000, DOCUMENTS = 30000, COMPANY_FILES = 5, REGISTERED = 1100, ONE_GAP_IN = 200 };

/* Content lists that are told of by name: how long they are, and how many papers of the checklist's
 * beginning, where the mandatory ones stand, were never brought. */
static const struct told { const char *code; int documents, missing; } told[] = {
	{ "7-1203/1", 10, 0 }, { "12-0801/1", 7, 3 },
};

/* What a document of the list is: a paper of the policy's checklist, or none. */
struct paper {
	const char *type, *item, *title;
	bool original;
};

static void document_write(struct demo *demo, const struct demo_file *file, int64_t file_id, const struct paper *paper, int day)
{
	int64_t id = sheet_next_id(demo, SHEET_DOCUMENT);
	sheet_int(demo, SHEET_DOCUMENT, id);
	sheet_int(demo, SHEET_DOCUMENT, file->area);
	sheet_text(demo, SHEET_DOCUMENT, "filed");
	sheet_int(demo, SHEET_DOCUMENT, file_id);
	sheet_text(demo, SHEET_DOCUMENT, paper->type);
	sheet_text(demo, SHEET_DOCUMENT, paper->item);
	sheet_text(demo, SHEET_DOCUMENT, paper->title);
	sheet_bool(demo, SHEET_DOCUMENT, paper->original);
	sheet_int(demo, SHEET_DOCUMENT, chance_percent(demo, 90) ? 1 : 2);
	sheet_time(demo, SHEET_DOCUMENT, day, 14 * 60);
	sheet_int(demo, SHEET_DOCUMENT, WORK_CUSTODIAN);
	sheet_text(demo, SHEET_DOCUMENT, NULL);
	sheet_end(demo, SHEET_DOCUMENT);
	demo_event(demo, &(struct demo_act){ .book = "document", .op = "place", .role = "ACU", .record = id,
		.staff = WORK_CUSTODIAN, .area = file->area, .day = day, .minute = 14 * 60 });
}

/* The next paper of the checklist for this use and bag, from the row given; NULL when there is none. */
static const struct policy_row *checklist_next(const struct policy_row *row, const char *use, const char *bag)
{
	while (row != NULL && (strcmp(row->cells[0], use) != 0 || strcmp(row->cells[1], bag) != 0))
		row = row->next;
	return row;
}

/* The content list of a file: so many documents, in the order of its checklist, then letters. */
static void contents_write(struct demo *demo, const struct demo_file *file, int64_t id, int n, int missing)
{
	const char *use = file->unit > 0 && demo->units[file->unit - 1].office ? "office" : "residential";
	const char *bag = file->company ? "correspondence" : strstr(file->code, "/2") != NULL ? "fit_out" : "move_in";
	const struct policy_row *row = demo->policy->first[POLICY_CHECKLIST];
	int day = demo->today - 200 - chance_below(demo, 900);
	for (int i = -missing; i < n; i++) {
		char title[64];
		snprintf(title, sizeof(title), "Correspondence %d", i + 1);
		struct paper paper = { "correspondence", NULL, title, true };
		row = checklist_next(row, use, bag);
		if (row != NULL) {
			paper = (struct paper){ bag, row->cells[2], row->cells[3], strcmp(row->cells[4], "true") == 0 };
			row = row->next;
		}
		if (i >= 0)
			document_write(demo, file, id, &paper, day);
	}
}

static struct demo_file *file_write(struct demo *demo, struct demo_files *files, const char *code, const char *title,
	int area, int64_t unit)
{
	char cabinet[16], drawer[16];
	int64_t id = sheet_next_id(demo, SHEET_FILE);
	struct demo_file *file = &files->list[files->n++];
	*file = (struct demo_file){ .area = area, .unit = unit, .company = unit == 0 };
	snprintf(file->code, sizeof(file->code), "%s", code);
	snprintf(cabinet, sizeof(cabinet), "%c%d", 'A' + area, (int)(id / 200 % 50) + 1);
	snprintf(drawer, sizeof(drawer), "%d", (int)(id / 20 % 10) + 1);
	sheet_int(demo, SHEET_FILE, id);
	sheet_int(demo, SHEET_FILE, area);
	sheet_text(demo, SHEET_FILE, code);
	sheet_text(demo, SHEET_FILE, file->company ? "company" : "household");
	if (unit > 0)
		sheet_int(demo, SHEET_FILE, unit);
	else
		sheet_text(demo, SHEET_FILE, NULL);
	sheet_text(demo, SHEET_FILE, title);
	sheet_text(demo, SHEET_FILE, file->company ? "HR office" : "Archive room");
	sheet_text(demo, SHEET_FILE, cabinet);
	sheet_text(demo, SHEET_FILE, drawer);
	sheet_text(demo, SHEET_FILE, "active");
	sheet_text(demo, SHEET_FILE, file->company ? NULL : strstr(code, "/2") != NULL ? "fit_out" : "move_in");
	sheet_time(demo, SHEET_FILE, demo->today - REGISTERED, 9 * 60);
	sheet_end(demo, SHEET_FILE);
	demo_event(demo, &(struct demo_act){ .book = "file", .op = "register", .role = file->company ? "HR" : "ACU",
		.record = id, .staff = WORK_CUSTODIAN, .area = area, .day = demo->today - REGISTERED, .minute = 9 * 60 });
	return file;
}

/* A household volume for every unit that is lived in, then fit-out bags until there are enough. */
static void files_write(struct demo *demo, struct demo_files *files, size_t total)
{
	char code[40];
	size_t without = 0;
	for (size_t i = 0; i < demo->nunits; i++)
		if (demo->units[i].occupied) {
			snprintf(code, sizeof(code), "%s/1", demo->units[i].code);
			file_write(demo, files, code, "Household file", demo->units[i].area, (int64_t)i + 1);
			without++;
		}
	int wanted = (int)(total - files->n) - COMPANY_FILES;
	for (size_t i = 0; i < demo->nunits; i++) {
		const struct demo_unit *unit = &demo->units[i];
		if (!unit->occupied)
			continue;
		bool told_of = strcmp(unit->code, "7-1203") == 0;
		if (told_of || chance_below(demo, (int)without) < wanted) {
			snprintf(code, sizeof(code), "%s/2", unit->code);
			file_write(demo, files, code, "Fit-out bag", unit->area, (int64_t)i + 1);
			wanted--;
		}
		without--;
	}
	for (int i = 1; files->n < total && i <= COMPANY_FILES; i++) {
		static const char *const titles[COMPANY_FILES] = { "Articles and licences", "Staff contracts", "Insurance",
			"Correspondence with the owners' committee", "Meeting minutes" };
		snprintf(code, sizeof(code), "HR-%02d/1", i);
		file_write(demo, files, code, titles[i - 1], 0, 0);
	}
}

static const struct told *told_find(const char *code)
{
	for (size_t i = 0; i < NITEMS(told); i++)
		if (strcmp(told[i].code, code) == 0)
			return &told[i];
	return NULL;
}

/* A few households besides the one told of still owe a paper. */
static void all_contents_write(struct demo *demo, const struct demo_files *files, int total)
{
	for (size_t i = 0; i < files->n && demo->err == OK; i++) {
		const struct demo_file *file = &files->list[i];
		const struct told *known = told_find(file->code);
		bool planted = file->company || demo->units[file->unit - 1].planted;
		int n = known != NULL ? known->documents : total / (int)(files->n - i);
		int missing = known != NULL ? known->missing : !planted && chance_below(demo, ONE_GAP_IN) == 0;
		contents_write(demo, file, (int64_t)i + 1, n, missing);
		total -= n;
		demo_flush(demo, false);
	}
}

void demo_make_files(struct demo *demo)
{
	size_t total = (size_t)(FILES * demo->scale);
	struct demo_files files = { .list = calloc(total + 1, sizeof(*files.list)) };
	if (files.list == NULL) {
		demo_fail(demo, ERR_NOMEM);
		return;
	}
	files_write(demo, &files, total);
	all_contents_write(demo, &files, DOCUMENTS * demo->scale);
	demo_make_loans(demo, &files);
	free(files.list);
}
