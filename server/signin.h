/*
 * signin.h - the methods of sessions: hello, sign_in, sign_out, unlock, switch_role,
 * set_language, watch, lock.
 *
 * Each answers its request exactly once, now or later. Not for: who may call them when
 * (dispatch.c) or the table of sessions (session.h).
 * Trap: a wrong name and a wrong password must answer alike, in words and in time.
 */
#ifndef LODGE_SIGNIN_H
#define LODGE_SIGNIN_H

#include "server/request.h"

void signin_hello(struct request *);
void signin_sign_in(struct request *);
void signin_sign_out(struct request *);
void signin_unlock(struct request *);
void signin_switch_role(struct request *);
void signin_set_language(struct request *);
void signin_watch(struct request *);
void signin_lock(struct request *);

#endif
