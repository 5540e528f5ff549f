/*
 * lists.c - see lists.h.
 * Not for: fetching. Trap: ages are counted by the monotonic clock, which nobody can set back.
 */
#include "client/lists.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/link.h"

enum { LISTS_MOST = 16, NAME_MOST = 64, TEXT_MOST = 4 * 1024 * 1024 };

static struct list {
	char name[NAME_MOST];
	char *text;
	int64_t at; /* link_now() */
} lists[LISTS_MOST];

static void drop(struct list *list)
{
	if (list->text != NULL)
		explicit_bzero(list->text, strlen(list->text));
	free(list->text);
	*list = (struct list){ .text = NULL };
}

static struct list *find(const char *name)
{
	for (size_t i = 0; i < LISTS_MOST; i++)
		if (lists[i].text != NULL && strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

void lists_keep(const char *name, const char *json)
{
	struct list *list = find(name);

	if (strlen(name) >= NAME_MOST || strlen(json) > TEXT_MOST)
		return;
	for (size_t i = 0; i < LISTS_MOST && list == NULL; i++)
		if (lists[i].text == NULL)
			list = &lists[i];
	if (list == NULL)
		return;
	drop(list);
	snprintf(list->name, sizeof list->name, "%s", name);
	list->text = strdup(json);
	list->at = link_now();
}

const char *lists_load(const char *name, int64_t most, int64_t *age)
{
	struct list *list = find(name);

	if (list == NULL)
		return NULL;
	*age = (link_now() - list->at) / 1000;
	if (*age > most)
		drop(list);
	return list->text;
}

void lists_forget(void)
{
	for (size_t i = 0; i < LISTS_MOST; i++)
		drop(&lists[i]);
}
