/*
 * signins.c - see signins.h.
 *
 * First line `lodge-signins 1 TRIES`, then `CODE TYPED SALT BOX` a person, both in hexadecimal digits. Not for: the clock.
 * Trap: the count of wrong tries slows down who stands at the keyboard; whoever carries the disk away is held up by argon2id only.
 */
#include "client/signins.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/disk.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"

enum { TRIES_MOST = 1000000, PAUSE_MOST = 60, LINE_CHARS = 2 * SIGNINS_NAME_MAX + 2 * SEALED_SALT_BYTES + 2 * SIGNINS_BOX_MAX + 8, ARENA_MAX = 64 * 1024 };

static const char magic[] = "lodge-signins 1 ";

/* ---- the text ---- */

/* Letters of a name that stands in a line: no blank, nothing that a terminal would act on. */
static bool is_name(const char *s)
{
	size_t n = strlen(s);

	for (const char *c = s; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	return n > 0 && n < SIGNINS_NAME_MAX;
}

/* The next word of a line; NULL: there is none. The line is cut up. */
static char *next_word(char **at)
{
	char *word = *at, *end = strchr(word, ' ');

	if (end != NULL)
		*end = '\0';
	*at = end != NULL ? end + 1 : word + strlen(word);
	return word[0] != '\0' ? word : NULL;
}

static bool take_line(struct signins *all, char *line)
{
	struct signins_line *to = &all->line[all->n];
	char *at = line, *code = next_word(&at), *typed = next_word(&at), *salt = next_word(&at), *box = next_word(&at);
	size_t digits = box != NULL ? strlen(box) : 0;

	/* Two blanks make an empty word in the middle. */
	if (code == NULL || typed == NULL || salt == NULL || box == NULL || *at != '\0' || all->n == SIGNINS_MOST || !is_name(code) || !is_name(typed) || digits % 2 != 0 || digits / 2 > SIGNINS_BOX_MAX ||
	    digits / 2 <= SEALED_MORE_BYTES || !sealed_unhex(to->salt, SEALED_SALT_BYTES, salt) || !sealed_unhex(to->box, digits / 2, box))
		return false;
	snprintf(to->code, sizeof to->code, "%s", code);
	snprintf(to->typed, sizeof to->typed, "%s", typed);
	to->nbox = digits / 2;
	all->n++;
	return true;
}

static bool take_head(struct signins *all, const char *line)
{
	const char *digits = line + strlen(magic);
	char *end;

	if (strncmp(line, magic, strlen(magic)) != 0 || digits[0] < '0' || digits[0] > '9' || strlen(digits) > 7)
		return false;
	all->tries = strtol(digits, &end, 10);
	return *end == '\0' && all->tries <= TRIES_MOST;
}

enum err signins_parse(struct signins *all, const char *text, size_t len)
{
	char line[LINE_CHARS + 1];
	bool sound = len > 0, is_head = true;

	memset(all, 0, sizeof *all);
	for (const char *at = text, *end; sound && at < text + len; at = end + 1, is_head = false) {
		end = memchr(at, '\n', (size_t)(text + len - at));
		sound = end != NULL && (size_t)(end - at) < sizeof line && memchr(at, '\0', (size_t)(end - at)) == NULL;
		if (!sound)
			break;
		memcpy(line, at, (size_t)(end - at));
		line[end - at] = '\0';
		sound = is_head ? take_head(all, line) : take_line(all, line);
	}
	if (!sound)
		memset(all, 0, sizeof *all);
	return sound ? OK : ERR_INVALID;
}

enum err signins_read(struct signins *all, const char *path)
{
	char *text = NULL;
	size_t len = 0;
	enum err err = disk_read(path, SIGNINS_BYTES_MAX, &text, &len);

	memset(all, 0, sizeof *all);
	if (err == OK)
		err = signins_parse(all, text, len);
	free(text);
	return err;
}

enum err signins_write(const struct signins *all, const char *path)
{
	char salt[2 * SEALED_SALT_BYTES + 1], box[2 * SIGNINS_BOX_MAX + 1];
	struct buf text;
	enum err err;

	buf_init(&text, SIGNINS_BYTES_MAX);
	buf_printf(&text, "%s%" PRId64 "\n", magic, all->tries);
	for (size_t i = 0; i < all->n; i++) {
		sealed_hex(salt, all->line[i].salt, SEALED_SALT_BYTES);
		sealed_hex(box, all->line[i].box, all->line[i].nbox);
		buf_printf(&text, "%s %s %s %s\n", all->line[i].code, all->line[i].typed, salt, box);
	}
	err = text.failed ? ERR_NOMEM : disk_replace(path, text.data, text.len);
	buf_done(&text);
	return err;
}

/* ---- the boxes ---- */

static void put_box(struct buf *out, const struct signin *person)
{
	char key[2 * JOURNAL_KEY_BYTES + 1];

	sealed_hex(key, person->key, JOURNAL_KEY_BYTES);
	buf_printf(out, "{\"key\":\"%s\"", key);
	buf_json_member(out, "code", person->code);
	buf_json_member(out, "name", person->name);
	buf_json_member(out, "role", person->role);
	buf_json_member(out, "lang", person->lang);
	buf_json_member(out, "zone", person->zone);
	buf_puts(out, "}");
	explicit_bzero(key, sizeof key);
}

void signins_drop(struct signins *all, const char *code)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->line[i].code, code) != 0)
			all->line[kept++] = all->line[i];
	all->n = kept;
}

enum err signins_put(struct signins *all, const struct signin *person, const char *typed, const unsigned char salt[SEALED_SALT_BYTES],
                     const unsigned char stretched[SEALED_KEY_BYTES])
{
	struct signins_line *line;
	struct buf text;
	enum err err = OK;

	if (!is_name(person->code) || !is_name(typed))
		return ERR_REFUSED;
	signins_drop(all, person->code);
	if (all->n == SIGNINS_MOST) /* the oldest goes */
		signins_drop(all, all->line[0].code);
	line = &all->line[all->n];
	memset(line, 0, sizeof *line);
	buf_init(&text, SIGNINS_BOX_MAX - SEALED_MORE_BYTES);
	put_box(&text, person);
	if (text.failed)
		err = ERR_TOO_BIG;
	if (err == OK) {
		snprintf(line->code, sizeof line->code, "%s", person->code);
		snprintf(line->typed, sizeof line->typed, "%s", typed);
		memcpy(line->salt, salt, SEALED_SALT_BYTES);
		line->nbox = text.len + SEALED_MORE_BYTES;
		sealed_close(line->box, stretched, line->code, text.data, text.len);
		all->n++;
	}
	buf_done(&text);
	return err;
}

static bool copy_word(char *to, size_t cap, const struct node *box, const char *member)
{
	const char *text = node_str(node_get(box, member));

	snprintf(to, cap, "%s", text != NULL ? text : "");
	return text != NULL && strlen(text) < cap;
}

static bool take_box(struct signin *out, const char *text, size_t len)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct node *box = NULL;
	const char *key;
	bool sound = arena != NULL && node_parse(arena, text, len, 1, &box) == OK;

	key = sound ? node_str(node_get(box, "key")) : NULL;
	sound = key != NULL && sealed_unhex(out->key, JOURNAL_KEY_BYTES, key) && copy_word(out->code, sizeof out->code, box, "code") &&
		copy_word(out->name, sizeof out->name, box, "name") && copy_word(out->role, sizeof out->role, box, "role") &&
		copy_word(out->lang, sizeof out->lang, box, "lang") && copy_word(out->zone, sizeof out->zone, box, "zone");
	arena_free(arena);
	return sound;
}

/* Anybody's line, so that an unknown name takes as long as a wrong password. */
static const struct signins_line *line_of(const struct signins *all, const char *typed)
{
	static const struct signins_line nobody = {.nbox = SEALED_MORE_BYTES};

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->line[i].typed, typed) == 0 || strcmp(all->line[i].code, typed) == 0)
			return &all->line[i];
	return &nobody;
}

enum err signins_open(const struct signins *all, const char *typed, const char *password, struct signin *out)
{
	const struct signins_line *line = line_of(all, typed);
	unsigned char stretched[SEALED_KEY_BYTES], text[SIGNINS_BOX_MAX];
	bool opened;

	memset(out, 0, sizeof *out);
	if (!sealed_stretch(stretched, password, line->salt))
		return ERR_NOMEM;
	opened = sealed_open(text, stretched, line->code, line->box, line->nbox) && take_box(out, (char *)text, line->nbox - SEALED_MORE_BYTES) &&
		strcmp(out->code, line->code) == 0;
	explicit_bzero(stretched, sizeof stretched);
	explicit_bzero(text, sizeof text);
	if (!opened)
		explicit_bzero(out, sizeof *out);
	return opened ? OK : ERR_FORBIDDEN;
}

int64_t signins_pause(int64_t tries)
{
	if (tries <= 0)
		return 0;
	return tries > 6 ? PAUSE_MOST : (int64_t)1 << (tries - 1);
}
