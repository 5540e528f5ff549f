/*
 * signins.h - who may sign in at this terminal while the server is away: FOLDER/TERMINAL.signins.
 *
 * One line a person: salt, and a box that only his password opens. In the box lie the key of the terminal's journal and
 * who he is; so the box is the verifier, and the key survives a restart without ever lying open on the disk. Not for: how long
 * that holds (keep_file.h), or asking (alone.h). Trap: the file itself is anybody's who can write here. A box that was
 * put in from elsewhere holds another key, with which neither lists nor journal open.
 */
#ifndef LODGE_SIGNINS_H
#define LODGE_SIGNINS_H

#include <stdint.h>

#include "client/journal.h"
#include "client/sealed.h"

enum { SIGNINS_NAME_MAX = 64, SIGNINS_MOST = 64, SIGNINS_BYTES_MAX = 256 * 1024, SIGNINS_BOX_MAX = 1024 };

struct signin {
	unsigned char key[JOURNAL_KEY_BYTES];  /* of the terminal's journal */
	char code[SIGNINS_NAME_MAX], name[256], role[16], lang[16], zone[64];
};

/* One line of the file. */
struct signins_line {
	char code[SIGNINS_NAME_MAX], typed[SIGNINS_NAME_MAX]; /* his work number; what he signs in with */
	unsigned char salt[SEALED_SALT_BYTES], box[SIGNINS_BOX_MAX];
	size_t nbox;
};

struct signins {
	int64_t tries;                         /* wrong passwords in a row, by anybody */
	struct signins_line line[SIGNINS_MOST];
	size_t n;
};

/* Takes the text apart; ERR_INVALID: it is none, and nothing of it counts. */
enum err signins_parse(struct signins *, const char *text, size_t len) MUST_CHECK;
/* ERR_NOT_FOUND: there is no file. */
enum err signins_read(struct signins *, const char *path) MUST_CHECK;
enum err signins_write(const struct signins *, const char *path) MUST_CHECK;

/* His line from now on; the stretched password closes it. ERR_REFUSED: a name that does not fit a line. */
enum err signins_put(struct signins *, const struct signin *, const char *typed, const unsigned char salt[SEALED_SALT_BYTES],
                     const unsigned char stretched[SEALED_KEY_BYTES]) MUST_CHECK;
void signins_drop(struct signins *, const char *code);
/* Opens the line of a name or work number. ERR_FORBIDDEN: nobody is called so here, or the password is wrong; it takes as long. */
enum err signins_open(const struct signins *, const char *typed, const char *password, struct signin *out) MUST_CHECK;
/* Seconds to wait after so many wrong tries: 1, 2, 4 … 60. */
int64_t signins_pause(int64_t tries);

#endif
