/*
 * decode.h - bytes of a terminal to key events, one at a time, without a clock of its own.
 *
 * Knows every encoding of the named keys that terminals send whatever TERM says, bracketed paste,
 * and strict UTF-8; unknown escape sequences are swallowed whole, so that a split or foreign one
 * never turns into letters. Not for: reading (tty.c) or meaning (keys.c).
 * Trap: input is decoded only when asked for, so that keys typed ahead stay queued; and a paste
 * ends at the *last* end mark before a pause, because its text may hold a forged one.
 */
#ifndef LODGE_DECODE_H
#define LODGE_DECODE_H

#include "client/key.h"

enum {
	DECODE_MAX = 1 << 20,    /* bytes held; more waits in the terminal's own buffers */
	DECODE_BURST = 20,       /* characters in one read that no fingers type */
	DECODE_LEARNED = 48,
};

struct decode {
	uint16_t *ring;          /* queued bytes, bit 8 = part of a burst */
	size_t start, len, cap;  /* queued: ring[start], len of them */
	char *paste;             /* text of the last K_PASTE */
	int64_t fed;             /* when the last byte came, ms */
	int delay_ms;            /* how long an escape may be the start of something longer */
	bool in_paste;
	bool after_cr;           /* the byte before was CR */
	struct { char bytes[16]; size_t len; enum key_kind kind; } learned[DECODE_LEARNED];
	size_t nlearned;
};

void decode_init(struct decode *, int delay_ms);
void decode_done(struct decode *); /* wipes */

/* A further encoding, from the terminal's own description. */
void decode_learn(struct decode *, const char *bytes, enum key_kind);

/* Queues what one read gave. Bytes over DECODE_MAX are dropped: ask decode_room() first. */
void decode_feed(struct decode *, const char *bytes, size_t n, int64_t now_ms);
size_t decode_room(const struct decode *);

/* Takes the next event; false when there is none, or not yet. */
bool decode_next(struct decode *, int64_t now_ms, struct key *out);

/* Milliseconds until decode_next() may say more without further bytes; -1 = never. */
int decode_wait(const struct decode *, int64_t now_ms);

/* Takes an answer of the terminal out of what is queued: "CSI first final" or "CSI first ; second final".
 * False when there is none. Ask only while one is awaited: some keys look alike. */
bool decode_take_answer(struct decode *, int first, char final, int *second);

/* True when the last thing typed is a lone escape. */
bool decode_ends_with_escape(const struct decode *, int64_t now_ms);

#endif
