/*
 * dispatch.h - from a method's name to who handles it.
 *
 * Not for: what methods do. Trap: whoever is not signed in meets two methods only, and whoever is
 * locked two others; everything else is refused here, before anything is looked at.
 */
#ifndef LODGE_DISPATCH_H
#define LODGE_DISPATCH_H

#include "server/peer.h"

extern const struct peer_handler dispatch_handler;

#endif
