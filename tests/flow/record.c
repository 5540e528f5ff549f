/*
 * record.c - the directive `record`: what a terminal writes into its journal while the server is away.
 *
 * Not for: files; the record goes into a value of the script, ready for journal.replay. Trap: it uses and moves on the
 * values key, counter and tag, which the script takes from journal.key.
 */
#include "tests/flow/play.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/flow/script.h"

enum { KEY_BYTES = 32 };

static const char *text_of(const char *name)
{
	static char text[3][128];
	static unsigned turn;
	const char *json = value_get(name);
	char *out = text[turn++ % 3];

	snprintf(out, sizeof text[0], "%s", json != NULL ? json + (json[0] == '"') : "");
	if (out[0] != '\0' && out[strlen(out) - 1] == '"')
		out[strlen(out) - 1] = '\0';
	return out;
}

static char *sign(const char *text, const char *before, long long counter)
{
	unsigned char key[KEY_BYTES], mac[EVP_MAX_MD_SIZE];
	unsigned int n = 0, byte = 0;
	char *all = NULL, *hex = calloc(1, 2 * EVP_MAX_MD_SIZE + 1);
	const char *digits = text_of("key");

	for (size_t i = 0; i < KEY_BYTES && sscanf(digits + 2 * i, "%2x", &byte) == 1; i++)
		key[i] = (unsigned char)byte;
	if (hex == NULL || asprintf(&all, "%s %lld %s", before, counter, text) < 0)
		abort();
	HMAC(EVP_sha256(), key, sizeof key, (unsigned char *)all, strlen(all), mac, &n);
	for (unsigned int i = 0; i < n; i++)
		snprintf(hex + (size_t)2 * i, 3, "%02x", mac[i]);
	free(all);
	return hex;
}

/* 5h, 3m: that long ago by the real clock; otherwise a time as it stands. */
static void moment(const char *word, char at[32])
{
	char *unit = NULL;
	long ago = strtol(word, &unit, 10);
	time_t then = time(NULL) - ago * (strcmp(unit, "h") == 0 ? 3600 : 60);
	struct tm utc;

	if (strcmp(unit, "h") != 0 && strcmp(unit, "m") != 0) {
		snprintf(at, 32, "%s", word);
		return;
	}
	gmtime_r(&then, &utc);
	strftime(at, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void keep_text(const char *name, const char *text)
{
	json_t *v = json_string(text);
	char *json = json_dumps(v, JSON_ENCODE_ANY);

	value_set(name, json);
	free(json);
	json_decref(v);
}

/* What the terminal writes: {"at","by","method","params"}; or, after "raw", whatever the script says. NULL: no JSON. */
static char *record_text(char *ago, char *rest)
{
	char *by, *method, *text, at[32];
	json_t *params, *record;

	if (strcmp(ago, "raw") == 0)
		return strdup(rest);
	by = script_word(&rest);
	method = script_word(&rest);
	params = json_loads(rest, 0, NULL);
	if (params == NULL)
		return NULL;
	moment(ago, at);
	keep_text("at", at);
	record = json_pack("{s:s,s:s,s:s,s:o}", "at", at, "by", by, "method", method, "params", params);
	text = json_dumps(record, JSON_COMPACT);
	json_decref(record);
	return text;
}

/* record NAME AGO BY METHOD JSON, record NAME raw TEXT */
bool step_record(char *rest)
{
	char *name = script_word(&rest), *ago = script_word(&rest), *text = record_text(ago, rest), *tag, *out, number[32];
	long long counter = strtoll(text_of("counter"), NULL, 10) + 1;
	const char *before = text_of("tag");
	json_t *record;

	if (text == NULL || strlen(before) != 64)
		return play_fail("write: record NAME AGO BY METHOD JSON, after journal.key");
	tag = sign(text, before, counter);
	record = json_pack("{s:I,s:s,s:s,s:s}", "counter", (json_int_t)counter, "before", before, "tag", tag, "text", text);
	out = json_dumps(record, JSON_COMPACT);
	value_set(name, out);
	snprintf(number, sizeof number, "%lld", counter);
	value_set("counter", number);
	keep_text("tag", tag);
	json_decref(record);
	free(out);
	free(tag);
	free(text);
	return true;
}
