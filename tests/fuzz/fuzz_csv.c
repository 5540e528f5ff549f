/*
 * fuzz_csv.c - any bytes as a residents' list, plain and through an encoding.
 * Exercises: client/import_csv.c, import_line.c, import_text.c. What must hold: no crash and an end;
 * lines grow; whoever is let in has a unit, a name and a relation, and his name holds no control
 * character; what is refused has a fault. Trap: the first byte chooses the encoding.
 */
#include <assert.h>
#include <locale.h>
#include <string.h>

#include "client/import_line.h"
#include "client/import_text.h"
#include "common/i18n.h"

enum { MEMORY_MAX = 64 * 1024 * 1024, TEXT_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t faults;

static void note(void *ctx, size_t line, const char *column, const char *why)
{
	(void)ctx;
	assert(line > 0 && column[0] != '\0' && why[0] != '\0');
	faults++;
}

static const struct import_report report = {.fault = note};

static void check_person(const struct import_person *p)
{
	assert(p->values[IMPORT_UNIT] != NULL && p->values[IMPORT_NAME] != NULL && p->values[IMPORT_RELATION] != NULL);
	for (const char *s = p->values[IMPORT_NAME]; *s != '\0'; s++)
		assert((unsigned char)*s >= 0x20 && *s != 0x7f);
}

static void read_list(struct arena *arena, const char *text, size_t size)
{
	struct import_header header;
	struct csv_row row;
	struct csv csv;
	size_t line = 0;

	csv_open(&csv, text, size);
	if (csv_next(&csv, arena, &row) != OK || !import_header(arena, &row, &header, &report))
		return;
	while (csv_next(&csv, arena, &row) == OK) {
		struct import_person person;
		enum err err = OK;
		size_t before = faults;

		assert(row.line > line && row.ncells <= CSV_CELLS_MAX);
		line = row.line;
		if (import_person(arena, &header, &row, &person, &report, &err))
			check_person(&person);
		else
			assert(faults > before || err != OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const encodings[] = {NULL, "GB18030", "BIG5", "UTF-16", NULL};
	struct arena *arena = arena_new(MEMORY_MAX);
	struct buf text;

	setlocale(LC_CTYPE, "C.UTF-8");
	buf_init(&text, TEXT_MAX);
	if (import_decode(&text, (const char *)data, size, size > 0 ? encodings[data[0] % NITEMS(encodings)] : NULL) == OK)
		read_list(arena, text.data, text.len);
	/* The same bytes as they are: most of the corpus is readable so. */
	read_list(arena, (const char *)data, size);
	buf_done(&text);
	arena_free(arena);
	return 0;
}
