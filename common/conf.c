/*
 * conf.c - libconfig's tree walked against the schema.
 *
 * Every setting of the file must be named by a row of a table, every row without a default by the
 * file. Values are kept aside until the whole file was right, so a bad file changes nothing. Not
 * for: raw text (conf_scan.c), ranges and choices (conf_value.c). Trap: config_error_text may be
 * NULL, and libconfig's getters leave the value untouched on a wrong type: types are asked first.
 */
#include "common/conf.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf_scan.h"
#include "common/conf_value.h"
#include "common/text.h"

enum { PATH_LARGEST = 256, COMPLAINT_LARGEST = 2000 };

struct load {
	const char *file;
	const struct conf_key *keys;
	const struct conf_table *tables;
	size_t nkeys, ntables;
	struct buf *errors;
	struct conf_value *values; /* one for each key */
	bool *seen;                /* one for each table */
};

void conf_complain(const struct conf_place *p, const char *fmt, ...)
{
	struct buf text;
	va_list args;
	char line[COMPLAINT_LARGEST];
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	buf_init(&text, 6 * sizeof(line));
	text_safe(&text, line);
	buf_printf(p->errors, "%s:%d: %s\n", p->file, p->line, text.data);
	buf_done(&text);
}

static struct conf_place place_of(const struct load *l, const config_setting_t *s)
{
	return (struct conf_place){
		.file = l->file, .line = (int)config_setting_source_line(s), .errors = l->errors,
	};
}

static struct conf_rule key_rule(const struct conf_key *k)
{
	return (struct conf_rule){ .name = k->path, .type = k->type, .min = k->min, .max = k->max,
		.choices = k->choices, .unit = k->unit, .judge = k->judge };
}

static struct conf_rule column_rule(const struct conf_column *c)
{
	return (struct conf_rule){ .name = c->name, .type = c->type, .min = c->min, .max = c->max,
		.choices = c->choices };
}

static bool is_int(const config_setting_t *s)
{
	int type = config_setting_type(s);
	return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
}

static bool is_string(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_STRING;
}

/* Takes a list of strings over; NULL, or what is wrong. */
static const char *take_words(struct conf_value *v, const config_setting_t *s)
{
	int n = config_setting_length(s);
	if (!config_setting_is_array(s) && !config_setting_is_list(s))
		return "must be a list of strings";
	if (n > CONF_WORDS_MAX)
		return "has too many entries";
	for (int i = 0; i < n; i++) {
		const config_setting_t *word = config_setting_get_elem(s, (unsigned)i);
		if (!is_string(word))
			return "must be a list of strings";
		if (!conf_value_add_word(v, config_setting_get_string(word)))
			return "does not fit into memory";
	}
	return NULL;
}

/* Takes the setting over as the type of the schema; NULL, or what is wrong. */
static const char *take(struct conf_value *v, enum conf_type type, const config_setting_t *s)
{
	v->given = true;
	switch (type) {
	case CONF_INT:
		v->number = is_int(s) ? config_setting_get_int64(s) : 0;
		return is_int(s) ? NULL : "must be a whole number";
	case CONF_BOOL:
		v->number = config_setting_get_bool(s);
		return config_setting_type(s) == CONFIG_TYPE_BOOL ? NULL : "must be true or false";
	case CONF_STRING:
	case CONF_WORD:
		if (!is_string(s))
			return "must be a text between quotes";
		v->text = strdup(config_setting_get_string(s));
		return v->text ? NULL : "does not fit into memory";
	case CONF_WORDS:
		return take_words(v, s);
	case CONF_UNSET:
	case CONF_END:
		break;
	}
	return "has no type in the schema";
}

static bool read_value(const struct load *l, struct conf_value *v, const struct conf_rule *r,
	const config_setting_t *s)
{
	struct conf_place p = place_of(l, s);
	const char *why = take(v, r->type, s);
	if (why) {
		conf_complain(&p, "%s %s", r->name, why);
		return false;
	}
	return conf_value_check(v, r, &p);
}

/* The default of a row, or a complaint that the setting is missing. */
static bool read_default(struct conf_value *v, const struct conf_rule *r, const char *def,
	const struct conf_place *p)
{
	if (!def)
		conf_complain(p, "%s is missing", r->name);
	else if (!conf_value_from_default(v, r, def))
		conf_complain(p, "%s has a broken default in the schema", r->name);
	else
		return conf_value_check(v, r, p);
	return false;
}

static int column_index(const struct conf_table *t, const char *name)
{
	for (size_t i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool row_names_are_known(const struct load *l, const struct conf_table *t,
	const config_setting_t *row)
{
	bool is_sound = true;
	for (int i = 0; i < config_setting_length(row); i++) {
		const config_setting_t *s = config_setting_get_elem(row, (unsigned)i);
		struct conf_place p = place_of(l, s);
		if (column_index(t, config_setting_name(s)) >= 0)
			continue;
		conf_complain(&p, "unknown setting %s in a row of %s", config_setting_name(s), t->path);
		is_sound = false;
	}
	return is_sound;
}

static bool read_cell(const struct load *l, struct conf_value *v, const struct conf_column *c,
	const config_setting_t *row)
{
	struct conf_rule r = column_rule(c);
	struct conf_place p = place_of(l, row);
	const config_setting_t *s = config_setting_get_member(row, c->name);
	if (!s && c->def && !*c->def)
		return true; /* may be left out */
	return (s ? read_value(l, v, &r, s) : read_default(v, &r, c->def, &p)) &&
		conf_value_to_sql(v, &r);
}

static bool hand_out_row(const struct load *l, const struct conf_table *t,
	const struct conf_value *values, const config_setting_t *row)
{
	struct conf_place p = place_of(l, row);
	struct conf_cell *cells = calloc(t->ncolumns + 1, sizeof(*cells));
	if (!cells)
		return false;
	for (size_t i = 0; i < t->ncolumns; i++)
		cells[i] = (struct conf_cell){ .given = values[i].given, .number = values[i].number,
			.text = values[i].text,
			.words = t->columns[i].type == CONF_WORDS ? &values[i].words : NULL };
	enum err err = t->row ? t->row(t->ctx, &p, cells) : OK;
	free(cells);
	return err == OK;
}

static bool read_row(const struct load *l, const struct conf_table *t, const config_setting_t *row)
{
	struct conf_place p = place_of(l, row);
	if (!config_setting_is_group(row)) {
		conf_complain(&p, "a row of %s must be a group: { name = value; … }", t->path);
		return false;
	}
	bool is_sound = row_names_are_known(l, t, row);
	struct conf_value *values = calloc(t->ncolumns + 1, sizeof(*values));
	if (!values)
		return false;
	for (size_t i = 0; i < t->ncolumns; i++)
		is_sound = read_cell(l, &values[i], &t->columns[i], row) && is_sound;
	is_sound = is_sound && hand_out_row(l, t, values, row);
	for (size_t i = 0; i < t->ncolumns; i++)
		conf_value_done(&values[i]);
	free(values);
	return is_sound;
}

/* One name = "text" of a group of a named table, or name = ["text", …]: a row for each. */
static bool read_named_row(const struct load *l, const struct conf_table *t, const config_setting_t *group,
	const config_setting_t *s)
{
	struct conf_place p = place_of(l, s);
	struct conf_cell cells[3] = { { .given = true, .text = config_setting_name(group) },
		{ .given = true, .text = config_setting_name(s) }, { .given = true } };
	int n = config_setting_is_array(s) ? config_setting_length(s) : 1;
	bool is_sound = n > 0;
	for (int i = 0; i < n && is_sound; i++) {
		const config_setting_t *text = config_setting_is_array(s) ? config_setting_get_elem(s, (unsigned)i) : s;
		is_sound = is_string(text);
		cells[2].text = is_sound ? config_setting_get_string(text) : NULL;
		if (is_sound && t->row(t->ctx, &p, cells) != OK)
			return false;
	}
	if (!is_sound)
		conf_complain(&p, "%s.%s.%s must be a text between quotes, or a list of them: [\"…\", \"…\"]", t->path,
			cells[0].text, cells[1].text);
	return is_sound;
}

static bool read_named(const struct load *l, const struct conf_table *t, const config_setting_t *s)
{
	bool is_sound = config_setting_is_group(s);
	struct conf_place p = place_of(l, s);
	if (!is_sound)
		conf_complain(&p, "%s must be a group of groups: { name: { name = \"text\"; }; }", t->path);
	for (int i = 0; is_sound && i < config_setting_length(s); i++) {
		const config_setting_t *group = config_setting_get_elem(s, (unsigned)i);
		p = place_of(l, group);
		if (!config_setting_is_group(group)) {
			conf_complain(&p, "%s.%s must be a group: { name = \"text\"; … }", t->path, config_setting_name(group));
			return false;
		}
		for (int k = 0; k < config_setting_length(group); k++)
			is_sound = read_named_row(l, t, group, config_setting_get_elem(group, (unsigned)k)) && is_sound;
	}
	return is_sound;
}

static bool read_table(struct load *l, size_t table, const config_setting_t *s)
{
	const struct conf_table *t = &l->tables[table];
	struct conf_place p = place_of(l, s);
	bool is_sound = true;
	l->seen[table] = true;
	if (t->named)
		return read_named(l, t, s);
	if (!config_setting_is_list(s)) {
		conf_complain(&p, "%s must be a list of rows: ( { … }, { … } )", t->path);
		return false;
	}
	for (int i = 0; i < config_setting_length(s); i++)
		is_sound = read_row(l, t, config_setting_get_elem(s, (unsigned)i)) && is_sound;
	return is_sound;
}

/* True when path names a group of the schema. */
static bool is_prefix(const struct load *l, const char *path)
{
	size_t n = strlen(path);
	for (size_t i = 0; i < l->nkeys; i++)
		if (strncmp(l->keys[i].path, path, n) == 0 && l->keys[i].path[n] == '.')
			return true;
	for (size_t i = 0; i < l->ntables; i++)
		if (strncmp(l->tables[i].path, path, n) == 0 && l->tables[i].path[n] == '.')
			return true;
	return false;
}

static bool read_group(struct load *l, const config_setting_t *group, const char *above);

static bool read_setting(struct load *l, const config_setting_t *s, const char *path)
{
	struct conf_place p = place_of(l, s);
	for (size_t i = 0; i < l->nkeys; i++)
		if (strcmp(l->keys[i].path, path) == 0) {
			struct conf_rule r = key_rule(&l->keys[i]);
			return read_value(l, &l->values[i], &r, s);
		}
	for (size_t i = 0; i < l->ntables; i++)
		if (strcmp(l->tables[i].path, path) == 0)
			return read_table(l, i, s);
	if (!is_prefix(l, path))
		conf_complain(&p, "unknown setting %s", path);
	else if (!config_setting_is_group(s))
		conf_complain(&p, "%s must be a group: { name = value; … }", path);
	else
		return read_group(l, s, path);
	return false;
}

/* Recursion is bounded by conf_scan's limit on nesting. */
static bool read_group(struct load *l, const config_setting_t *group, const char *above)
{
	bool is_sound = true;
	for (int i = 0; i < config_setting_length(group); i++) {
		char path[PATH_LARGEST];
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		int n = snprintf(path, sizeof(path), "%s%s%s", above, *above ? "." : "",
			config_setting_name(s));
		if (n < 0 || (size_t)n >= sizeof(path)) {
			struct conf_place p = place_of(l, s);
			conf_complain(&p, "unknown setting with a very long name in %s", above);
			is_sound = false;
		} else {
			is_sound = read_setting(l, s, path) && is_sound;
		}
	}
	return is_sound;
}

static bool fill_in(struct load *l)
{
	struct conf_place p = { .file = l->file, .line = 1, .errors = l->errors };
	bool is_sound = true;
	for (size_t i = 0; i < l->nkeys; i++) {
		struct conf_rule r = key_rule(&l->keys[i]);
		if (!l->values[i].given && !read_default(&l->values[i], &r, l->keys[i].def, &p))
			is_sound = false;
	}
	for (size_t i = 0; i < l->ntables; i++)
		if (!l->seen[i] && !l->tables[i].optional) {
			conf_complain(&p, "%s is missing", l->tables[i].path);
			is_sound = false;
		}
	return is_sound;
}

static bool parse_and_walk(struct load *l, const char *text)
{
	bool is_sound = false;
	config_t config;
	config_init(&config);
	if (config_read_string(&config, text) == CONFIG_TRUE) {
		is_sound = read_group(l, config_root_setting(&config), "");
		is_sound = fill_in(l) && is_sound;
	} else {
		const char *why = config_error_text(&config);
		struct conf_place p = { .file = l->file, .line = config_error_line(&config),
			.errors = l->errors };
		conf_complain(&p, "%s", why ? why : "the file cannot be read");
	}
	config_destroy(&config);
	return is_sound;
}

static void free_out(const struct conf_key *k)
{
	struct conf_words *words = k->out;
	if (!k->out)
		return;
	if (k->type == CONF_STRING || k->type == CONF_WORD) {
		free(*(char **)k->out);
		*(char **)k->out = NULL;
	} else if (k->type == CONF_WORDS) {
		for (size_t i = 0; i < words->n; i++)
			free(words->word[i]);
		*words = (struct conf_words){ .n = 0 };
	}
}

/* Moves a value into its variable; what it held is freed. */
static void set_out(const struct conf_key *k, struct conf_value *v)
{
	free_out(k);
	if (!k->out)
		return;
	if (k->type == CONF_INT) {
		*(int64_t *)k->out = v->number;
	} else if (k->type == CONF_BOOL) {
		*(bool *)k->out = v->number != 0;
	} else if (k->type == CONF_WORDS) {
		*(struct conf_words *)k->out = v->words;
		v->words.n = 0;
	} else {
		*(char **)k->out = v->text;
		v->text = NULL;
	}
}

enum err conf_rows(const char *file, const struct conf_key *keys, size_t nkeys,
	const struct conf_table *tables, size_t ntables, struct buf *errors)
{
	struct buf text;
	struct load l = { .file = file, .keys = keys, .nkeys = nkeys, .tables = tables,
		.ntables = ntables, .errors = errors };
	l.values = calloc(nkeys + 1, sizeof(*l.values));
	l.seen = calloc(ntables + 1, sizeof(*l.seen));
	buf_init(&text, CONF_FILE_MAX);
	bool is_sound = l.values && l.seen && conf_read_file(file, &text, errors) &&
		conf_scan(file, &text, errors) && parse_and_walk(&l, text.data);
	for (size_t i = 0; is_sound && i < nkeys; i++)
		set_out(&keys[i], &l.values[i]);
	for (size_t i = 0; l.values && i < nkeys; i++)
		conf_value_done(&l.values[i]);
	free(l.values);
	free(l.seen);
	buf_done(&text);
	return is_sound ? OK : ERR_INVALID;
}

enum err conf_load(const char *file, const struct conf_key *keys, size_t nkeys, struct buf *errors)
{
	return conf_rows(file, keys, nkeys, NULL, 0, errors);
}

void conf_free(const struct conf_key *keys, size_t nkeys)
{
	for (size_t i = 0; i < nkeys; i++)
		free_out(&keys[i]);
}
