/*
 * form_own.h - what a form is made of, for its own files.
 *
 * Not for: anybody else; form.h has the doors. Trap: a form that is put away still holds pointers into the descriptors, so
 * nothing here may outlive the program's tables.
 */
#ifndef LODGE_FORM_OWN_H
#define LODGE_FORM_OWN_H

#include "client/form.h"
#include "client/form_line.h"
#include "client/opid.h"

enum { FORM_LINES_MAX = 64, FORM_OWNER = 64 };

struct form {
	const struct book *book;
	const struct op *op;
	struct form_line lines[FORM_LINES_MAX];
	size_t n, at, top;
	int64_t record, version;
	char heading[160], message[LINE_FAULT], op_id[OPID_SIZE];
	const struct field *left;
	char owner[FORM_OWNER]; /* of a parked form */
	bool ask_ready, ready, touched, sent, message_is_error, asks_paste, kept;
	struct arena *arena;
};

#endif
