/*
 * words.h - the closed word lists of the house: levels, roles, field types, error codes.
 *
 * One X-macro list per vocabulary, one word per row. Enumerators, wire words, SQL words and
 * documentation are all made from these rows. Not for: anything with more than two columns;
 * richer things are const tables (see book.h).
 * Trap: zero is never a valid member. What somebody forgot to set must be loud.
 */
#ifndef LODGE_WORDS_H
#define LODGE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define BIT(n) (UINT64_C(1) << (n))
#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(n, m) __attribute__((format(printf, n, m)))
#define N_(s) s /* marks a text for the catalogues; translated where it is shown */

/* Confidentiality levels, least secret first (C0..C4 of the house rules). */
#define LEVEL_WORDS(X) \
	X(OPEN, "open")        /* everyone signed in */ \
	X(NAME, N_("name"))        /* name and unit: estate tier, own areas (CNF-04) */ \
	X(CONTACT, N_("contact"))  /* telephones: centre tier, own areas (CNF-03) */ \
	X(FULL, N_("full"))        /* a single file, opened with a purpose (CNF-02) */ \
	X(SEALED, N_("sealed"))    /* special facts: purpose and password again (CNF-05, CNF-14) */

enum level {
	LEVEL_UNSET = 0,
#define X(id, word) LEVEL_##id,
	LEVEL_WORDS(X)
#undef X
	LEVEL_END
};

/* Roles. A session acts in exactly one of them. */
#define ROLE_WORDS(X) \
	X(FD, N_("Front desk")) \
	X(OP, N_("Call operator")) \
	X(CSA, N_("Customer-service assistant")) \
	X(ACU, N_("Archive custodian")) \
	X(TSO, N_("Tenant-affairs officer")) \
	X(CSS, N_("Customer-service supervisor")) \
	X(CM, N_("Centre manager")) \
	X(DEM, N_("Deputy estate manager")) \
	X(EM, N_("Estate manager")) \
	X(GM, N_("General manager")) \
	X(NM, N_("Night manager")) \
	X(SG, N_("Guard")) \
	X(SL, N_("Security squad leader")) \
	X(SS, N_("Security supervisor")) \
	X(ET, N_("Technician")) \
	X(EL, N_("Repair squad leader")) \
	X(ES, N_("Engineering supervisor")) \
	X(CLL, N_("Cleaning squad leader")) \
	X(CLS, N_("Cleaning supervisor")) \
	X(FS, N_("Fire-safety supervisor")) \
	X(HR, N_("Admin and HR supervisor")) \
	X(QC, N_("Quality and training officer")) \
	X(SK, N_("Storekeeper")) \
	X(FIN, N_("Finance")) \
	X(PUR, N_("Purchasing")) \
	X(SYS, N_("System administrator"))

enum role {
	ROLE_UNSET = 0,
#define X(id, label) ROLE_##id,
	ROLE_WORDS(X)
#undef X
	ROLE_END
};
_Static_assert(ROLE_END < 64, "roles are held in 64-bit sets");

/* Field types: what a value looks like on the wire, in SQL and in a form. */
#define TYPE_WORDS(X) \
	X(TEXT, "text")     /* one line, NFC; min and max count characters */ \
	X(NOTE, "note")     /* several lines */ \
	X(INT, "int")       /* min and max bound the value */ \
	X(BOOL, "bool") \
	X(DATE, "date")     /* YYYY-MM-DD in the estate's time zone */ \
	X(TIME, "time")     /* RFC 3339 UTC */ \
	X(CHOICE, "choice") /* one word of .choices */ \
	X(REF, "ref")       /* a record of book .ref, by id or code */ \
	X(AREA, "area")     /* number of an area */ \
	X(AREAS, "areas")   /* set of area numbers */ \
	X(IDS, "ids")       /* list of record ids; operation arguments only */ \
	X(WORDS, "words")   /* list of words; computed only */ \
	X(ITEMS, "items")   /* list of {"name","quantity"}; typed "sofa x2; bed" */

enum ftype {
	FT_UNSET = 0,
#define X(id, word) FT_##id,
	TYPE_WORDS(X)
#undef X
	FT_END
};

/* Error codes: data.code of an error answer, and the result column of a receipt. What histories
 * show to people is marked. */
#define ERR_WORDS(X) \
	X(INVALID, "invalid") \
	X(FORBIDDEN, N_("forbidden")) \
	X(NOT_FOUND, "not_found") \
	X(CONFLICT, N_("conflict")) \
	X(REFUSED, N_("refused")) \
	X(BUSY, "busy") \
	X(LOCKED, "locked") \
	X(TOO_BIG, "too_big") \
	X(DEGRADED, "degraded") \
	X(INDETERMINATE, "indeterminate") \
	X(NOMEM, "busy")          /* out of memory for this request */ \
	X(PARSE, "invalid")       /* the line is no JSON: JSON-RPC -32700 */ \
	X(METHOD, "invalid")      /* unknown method: JSON-RPC -32601 */

/* 0 = fine; the only enum whose zero is a valid answer, because it is a return code. */
enum err {
	OK = 0,
#define X(id, word) ERR_##id,
	ERR_WORDS(X)
#undef X
	ERR_END
};

const char *level_word(enum level level);    /* "contact"; never NULL */
enum level level_of_word(const char *word);  /* LEVEL_UNSET when unknown */
const char *role_word(enum role role);       /* "FD" */
const char *role_label(enum role role);      /* English msgid */
enum role role_of_word(const char *word);    /* ROLE_UNSET when unknown */
const char *type_word(enum ftype type);
const char *err_word(enum err err);          /* contract word; "ok" for OK */
enum err err_of_word(const char *word);      /* OK for "ok"; ERR_INDETERMINATE when unknown */

#endif
