/*
 * conf_scan.c - the raw text of a configuration file, token by token.
 *
 * libconfig 1.5 reads 4294967297 as 1 and 9223372036854775808L as 0, stops at a NUL, and follows
 * @include anywhere; after parsing, none of it can be seen any more. So it is looked for before.
 * Not for: checking settings (conf.c). Trap: what a number is must agree with libconfig's scanner:
 * names may hold digits, strings and comments may hold anything.
 */
#include "common/conf_scan.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"

enum { NESTING_LARGEST = 8 };

struct scan {
	struct conf_place place;
	const char *at; /* NUL-terminated */
	int depth;
	bool is_sound;
};

static bool refuse_file(const char *file, struct buf *errors, const char *why)
{
	conf_complain(&(struct conf_place){ .file = file, .line = 1, .errors = errors }, "%s", why);
	return false;
}

static const char *refuse_stat(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "the file is not a regular file";
	if (st.st_mode & S_IWOTH)
		return "the file may be written by anybody: chmod o-w";
	if (st.st_size > CONF_FILE_MAX)
		return "the file is larger than 256 KiB";
	return NULL;
}

bool conf_read_file(const char *file, struct buf *text, struct buf *errors)
{
	char block[4096];
	ssize_t n = 0;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return refuse_file(file, errors, errno == ELOOP ? "the file is a symbolic link" :
			strerror(errno));
	const char *why = refuse_stat(fd);
	while (!why && (n = read(fd, block, sizeof(block))) > 0)
		buf_put(text, block, (size_t)n);
	if (!why && n < 0)
		why = strerror(errno);
	else if (!why && text->failed)
		why = "the file is larger than 256 KiB";
	close(fd);
	return why ? refuse_file(file, errors, why) : true;
}

/* Bytes first: everything after this may trust UTF-8 and NUL termination. */
static bool bytes_are_clean(const char *file, const struct buf *text, struct buf *errors)
{
	struct conf_place place = { .file = file, .line = 1, .errors = errors };
	uint32_t cp = 0;
	size_t step;
	for (size_t i = 0; i < text->len; i += step) {
		step = text_decode(text->data + i, text->len - i, &cp);
		const char *why = !step ? "the text is not valid UTF-8" :
			cp == '\t' || cp == '\r' ? NULL : text_refuses(cp, true);
		if (why) {
			conf_complain(&place, "%s", why);
			return false;
		}
		place.line += cp == '\n';
	}
	return true;
}

static void complain(struct scan *s, const char *why, size_t n)
{
	conf_complain(&s->place, "%.*s %s", n < 80 ? (int)n : 80, s->at, why);
	s->is_sound = false;
}

/* Moves over n bytes and counts the lines in them. */
static void skip(struct scan *s, size_t n)
{
	for (; n && *s->at; n--)
		s->place.line += *s->at++ == '\n';
}

static void skip_string(struct scan *s)
{
	size_t n = 1;
	while (s->at[n] && s->at[n] != '"')
		n += s->at[n] == '\\' && s->at[n + 1] ? 2 : 1;
	skip(s, n + 1);
}

static void skip_block_comment(struct scan *s)
{
	const char *end = strstr(s->at + 2, "*/");
	skip(s, end ? (size_t)(end - s->at) + 2 : strlen(s->at));
}

/* Length of the number at s->at, sign included, as far as letters, digits and dots go. */
static size_t number_length(const char *at)
{
	size_t n = *at == '-' || *at == '+';
	while (isalnum((unsigned char)at[n]) || at[n] == '.' || ((at[n] == '-' || at[n] == '+') &&
		n > 1 && (at[n - 1] == 'e' || at[n - 1] == 'E')))
		n++;
	return n;
}

static void check_number(struct scan *s, size_t n)
{
	char digits[32];
	size_t sign = *s->at == '-' || *s->at == '+', body = n - sign;
	const char *number = s->at + sign;
	bool is_hex = body > 2 && number[0] == '0' && (number[1] == 'x' || number[1] == 'X');
	bool is_long = body > 1 && number[body - 1] == 'L';
	while (body > 1 && number[body - 1] == 'L')
		body--;
	size_t start = is_hex ? 2 : 0;
	for (size_t i = start; i < body; i++)
		if (is_hex ? !isxdigit((unsigned char)number[i]) : !isdigit((unsigned char)number[i]))
			return; /* a float or nonsense: libconfig and the schema judge it */
	if (!is_hex && body > 1 && number[0] == '0') {
		complain(s, "starts with a zero, which may be read in two ways", n);
		return;
	}
	if (body < sizeof(digits)) {
		memcpy(digits, number, body);
		digits[body] = '\0';
		errno = 0;
		long long value = strtoll(digits, NULL, is_hex ? 16 : 10);
		if (errno == 0 && (is_long || value <= INT32_MAX))
			return;
	}
	complain(s, "is too large a number", n);
}

static void scan_bracket(struct scan *s)
{
	if (!strchr("([{", *s->at))
		s->depth--;
	else if (++s->depth == NESTING_LARGEST + 1)
		complain(s, "is nested too deeply", 1);
	skip(s, 1);
}

static void scan_token(struct scan *s)
{
	const char *at = s->at;
	bool is_signed = (*at == '-' || *at == '+') && isdigit((unsigned char)at[1]);
	if (*at == '"') {
		skip_string(s);
	} else if (*at == '#' || strncmp(at, "//", 2) == 0) {
		skip(s, strcspn(at, "\n"));
	} else if (strncmp(at, "/*", 2) == 0) {
		skip_block_comment(s);
	} else if (isalpha((unsigned char)*at) || *at == '*') {
		size_t n = 1;
		while (isalnum((unsigned char)at[n]) || (at[n] && strchr("-_*", at[n])))
			n++;
		skip(s, n);
	} else if (isdigit((unsigned char)*at) || is_signed) {
		size_t n = number_length(at);
		check_number(s, n);
		skip(s, n);
	} else if (strchr("()[]{}", *at)) {
		scan_bracket(s);
	} else {
		if (*at == '@')
			complain(s, "is not allowed: one file, no includes", strcspn(at, " \t\n"));
		skip(s, 1);
	}
}

bool conf_scan(const char *file, const struct buf *text, struct buf *errors)
{
	struct scan s = {
		.place = { .file = file, .line = 1, .errors = errors }, .at = text->data, .is_sound = true,
	};
	if (!bytes_are_clean(file, text, errors))
		return false;
	while (*s.at)
		scan_token(&s);
	return s.is_sound;
}
