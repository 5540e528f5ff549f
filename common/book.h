/*
 * book.h - the contract of the descriptors: what a book is, and what every member promises.
 *
 * A book is one log book of the house: typed fields, states, operations, views. It is described
 * once, as constant data in common/books/NAME.c, and everything else is derived from it: wire
 * shapes, SQL, masking, lists, forms, command line, help, documentation and the role audit.
 * Not for: behaviour. Descriptors hold no function pointers; rules of a book that cannot be said
 * as data are SQL functions in server/rules/NAME.sql, named here.
 * Trap: members left out are zero, and zero is never a valid type, level or role set, so that
 * forgetting is loud (book_check.c). Every name here becomes an SQL identifier: [a-z_]+ only.
 */
#ifndef LODGE_BOOK_H
#define LODGE_BOOK_H

#include <stdbool.h>

#include "common/words.h"

/* One word of a closed choice, with the English text shown for it. Lists end with {NULL}. */
struct choice {
	const char *word, *label;
};

enum field_flag {
	F_LIST = 1 << 0,      /* a column of lists */
	F_SORT = 1 << 1,      /* may be sorted by: the column is NOT NULL and indexed */
	F_AUTO = 1 << 2,      /* written by the house only, never asked for */
	F_ARG = 1 << 3,       /* argument of an operation: no column, reaches SQL as who.args */
	F_CRYPT = 1 << 4,     /* encrypted by the engine: columns NAME bytea, NAME_op uuid */
	F_HASHED = 1 << 5,    /* with F_CRYPT: NAME_key bytea, keyed hash for equality */
	F_SEARCH = 1 << 6,    /* a name: its keys go to search_name */
	F_PHONE = 1 << 7,     /* a telephone: its digits go to search_contact */
	F_PARTY = 1 << 8,     /* REF to staff, or to a department (then its head): that person sees
	                         the row and may act on it whatever his areas */
	F_ANYWHERE = 1 << 9,  /* REF that may name a record outside the actor's areas */
	F_SUBJECT = 1 << 10,  /* REF to the household the row is about: look-ups are logged by it */
	F_NUMBER = 1 << 11,   /* form number: bigint column, max+1 at creation, a string on the wire */
	F_WITHHELD = 1 << 12, /* has a SEALED twin in BOOK_sealed; NAME_withheld says that it counts */
	F_SUGGEST = 1 << 13,  /* TEXT whose .choices are proposals (the first is the default) */
	F_NARROW = 1 << 14,   /* a short column: never given extra room in lists */
	F_ROLES = 1 << 15,    /* TEXT of role words: people are shown the roles' names */
	F_REHEARSE = 1 << 16, /* BOOL argument of operations with .known: true = only say what would be done */
	F_BOOK_NAME = 1 << 17, /* TEXT naming a book: people are shown its title */
	F_BOOK_WORD = 1 << 18, /* TEXT naming an operation or time limit, WORDS naming fields, of the book
	                          that the row's F_BOOK_NAME names: people are shown their labels */
	F_TICK = 1 << 19,     /* BOOL ticked with its neighbours: in a form the n-th digit ticks the n-th of them */
	F_REPORT = 1 << 20,    /* TEXT naming a report: people are shown its title, and Enter the figures kept */
	F_PASSWORD = 1 << 21,  /* SEALED TEXT argument, one an operation: a password. Nobody keeps it; SQL gets the key
	                          that is made of it (argon2id, as for signing in), see lodge.password_holds() */
	F_PIN = 1 << 22,       /* SEALED TEXT argument: a person's short number. Nobody keeps it; SQL gets its keyed hash, so that
	                          the database alone cannot try them all, see lodge.pin_holds() */
	F_WORDS = 1 << 23,     /* TEXT that the house made of words of its books, parted by " · " or blanks: people are shown their
	                          labels. Words of .choices, of the book that the row's F_BOOK_NAME names, else of its own */
	F_FIRST_KEY = 1 << 24, /* TIME asked for: the form of a new row begins with the moment of the key that opened it */
	F_NAMES = F_BOOK_NAME | F_BOOK_WORD | F_REPORT | F_WORDS, /* shown by what its row says, see named_show() */
};

/* One column, one form line, one command-line flag, one wire member: .name is all of them. */
struct field {
	const char *name;
	const char *label;            /* English msgid */
	const char *help;             /* one sentence, English msgid; also the documentation */
	enum ftype type;
	enum level level;             /* least clearance that may read it */
	unsigned flags;               /* enum field_flag */
	int32_t min, max;             /* characters of a text, value of an int */
	const struct choice *choices; /* FT_CHOICE, F_SUGGEST; another TEXT: words that it may be or hold, shown by their labels */
	const struct choice *keys;    /* FT_CHOICE: short keys to type, { key, the word it stands for }; one a word, or NULL */
	const char *ref;              /* FT_REF: name of a book */
	const char *computed;         /* SQL over the row alias t: no column, read only */
	const char *instead;          /* field whose value lists show where this one's is empty */
	const char *whose;            /* F_PASSWORD: the REF to staff whose it is; the actor's where that is not asked */
};

/* One state. computed != NULL: never stored; the SQL condition (over alias t, with .of as the
 * stored state) under which a row is shown and filtered as this state. */
struct state {
	const char *name, *label;
	uint8_t of;             /* computed only: the stored state that it refines */
	const char *computed;
	bool open;              /* something is still to be done */
	bool born;              /* rows start here by an operation of another book */
};

/* A condition that an operation must satisfy: SQL function lodge.guard_NAME(row, who). */
struct guard {
	const char *name;
	const char *rule;     /* ID such as LOAN-08 */
	const char *sentence; /* English msgid for the person refused: what, and what to do */
	const char *field;    /* the field it is about, or NULL */
	enum err code;        /* 0 = ERR_REFUSED; ERR_FORBIDDEN and ERR_INVALID are the others */
};

enum op_flag {
	OP_CREATE = 1 << 0,   /* makes a row */
	OP_REPLACE = 1 << 1,  /* with OP_CREATE: given id and version it replaces that row's content */
	OP_ANYWHERE = 1 << 2, /* creation is not bound to the actor's areas */
	OP_CONFIRM = 1 << 3,  /* irreversible and outside the fast scripts: the screen asks again */
	OP_SCRIPT = 1 << 4,   /* for programs: no palette offers it */
	OP_RESUME = 1 << 5,   /* with OP_CREATE: given id and version it takes that row on; needs hold
	                         for a new row only */
	OP_AT_ONCE = 1 << 6,  /* needs nothing: in a list its key acts at once, without its form */
	OP_EXPORT = 1 << 7,   /* after it the same session fetches the paper: BOOK.export; it becomes a
	                         file, so no screen offers it */
	OP_LAWFUL = 1 << 8,   /* the lawful way to what one may not see: why offers it with the record at hand */
	OP_OFFLINE = 1 << 9,  /* a terminal may record it while the server cannot be reached: it is judged when
	                         its journal is replayed, at the moment it was recorded, whatever the version */
	OP_FIGURES = 1 << 10, /* keeps what the report that its field `report` names (and `sort`) answers to this
	                         session: the engine counts first; SQL finds it as lodge.counted_figures() */
};

enum { STATE_SAME = 0xfe, STATE_DERIVED = 0xff }; /* op.to: unchanged; set by .derive */

/* One verb: menu entry, wire method BOOK.NAME, command-line verb, SQL function op.BOOK_NAME. */
struct op {
	const char *name, *label, *help;
	uint64_t roles;       /* BIT(ROLE_x): who may; ROLES_ALL for everybody but SYS */
	uint64_t from;        /* BIT(state): stored states it starts from; 0 with OP_CREATE, or when
	                         the book stores no state */
	uint8_t to;
	uint64_t asks;        /* BIT(field): members it takes */
	uint64_t needs;       /* subset of asks that must be given */
	unsigned flags;
	const char *state_rule, *state_sentence; /* why other states are refused */
	/* With OP_CREATE: SQL lodge.known_NAME(row, who) RETURNS bigint, the row that this one already is,
	 * or NULL. A known row takes the members given and keeps the others; who.prior is how it was.
	 * When nothing differs nothing is written, neither version nor event nor receipt, and the answer
	 * has "seq":null. A rehearsal writes nothing of the book either (a look at a known row is logged
	 * as `rehearse`); it answers the version that the row would get, null = nothing differs, and "id":null
	 * for a new row. Free encrypted text cannot be compared and always differs. */
	const char *known;
	const char *derive;   /* SQL lodge.derive_NAME(row, who) RETURNS row: fills in what the house
	                         computes, before the guards */
	const struct guard *guards; /* in order of judgement; ends with {NULL} */
	/* SQL lodge.prepare_NAME(row, who) RETURNS row: other books' rows that must be there before this
	 * one is; after the guards, and only when something is written. who.args then holds NAME_keys of
	 * the names asked for (F_SEARCH) too. */
	const char *prepare;
	const char *succeed;  /* SQL lodge.succeed_NAME(old, new, who) RETURNS row: another row takes the
	                         place of this one, which becomes what is returned; .derive gives the
	                         other row: with this one's id it is written anew, else it waited */
	const char *effect;   /* SQL lodge.effect_NAME(row, who): other books' rows, after the change */
	uint64_t opens, closes; /* BIT(deadline) */
	const char *duty;     /* English msgid: what whoever gets something here has to be told; over the form, or NULL */
	const char *duty_short; /* the same in 30 cells, behind the receipt; with .duty */
	const char *duty_field; /* a field of the record that stands below .duty: what the house has set, such as a number to call; or NULL */
	const char *default_of; /* client: a note or word on the fast path, or NULL */
};

/* A time limit: a row in lodge.deadline while it runs. */
struct deadline {
	const char *name, *label;
	uint8_t field; /* the FT_TIME field that holds the moment */
};

/* A named question: queue on the home screen, menu entry, documentation. */
struct view {
	const char *name, *label;
	const char *where;    /* JSON of list's "where"; the word "$me" is the reader's own staff code */
	const char *sort;     /* "due", "-id", … */
	uint64_t roles;       /* whose home screen shows it; 0 = nobody's */
	bool late;            /* what it holds is late: shown first */
};

/* Rows of another book shown with a record, each masked by its own book. */
struct part {
	const char *name, *label;
	const char *book;
	const char *by;       /* the REF field in that book … */
	const char *of;       /* … equals this REF field here; NULL = this record's id */
	const char *where;    /* further JSON conditions, or NULL */
	const char *sort;
};

/* Roles that see only some rows of a book: SQL condition over the alias t. */
struct narrowing {
	uint64_t roles;
	const char *sql;
};

/* A table of another book's rows that may leave the house on paper. */
struct paper_sheet {
	const char *name;            /* the word of the paper's .by that asks for it */
	const char *title;           /* English msgid */
	const char *book;
	const char *const *columns;  /* its fields, whatever their level; ends with NULL */
	const char *where, *sort;    /* SQL over the alias t; where may be NULL */
};

/* What a record of a book is on paper: BOOK.export answers it as a PDF, to the session that has just
 * done the OP_EXPORT operation and to nobody else. The sheet holds the rows of the record's area. */
struct paper {
	const char *by;              /* FT_CHOICE field that names the sheet */
	const char *stamp;           /* English msgid, on every page */
	const char *rule;            /* ID for those who are refused */
	const char *const *foot;     /* fields on every page's foot; ends with NULL */
	const struct paper_sheet *sheets;  size_t nsheets;
};

/* The rows of another book below a slip: those that refer to this record, and agree with it. */
struct slip_rows {
	const char *book;
	const char *by, *of;         /* as in struct part; by NULL: no reference ties them */
	const char *const *same;     /* fields that both books have and that are equal; NULL-ended, or NULL */
	const char *where, *sort;    /* as in struct part */
	const char *const *columns;  /* its fields, or "state"; ends with NULL */
	bool if_any;                 /* left out where there are none */
};

/* A plain text that hangs or stands with the paper, or is signed: any printer takes it. The client makes it of
 * what the reader may see; what is masked is [#]. */
struct slip {
	const char *name, *title;    /* a verb of the command line; English msgid */
	const char *head;            /* the field in its top left corner; NULL with .whole */
	const char *const *fields;   /* one a line; "unit.floor" is that field of what .unit refers to; ends with NULL */
	const struct slip_rows *rows;
	const char *wants;           /* only where this field is filled, or NULL */
	const char *only, *word;     /* only where this FT_CHOICE field holds that word, or NULL */
	bool whole;                  /* of the book and not of a record: its rows only */
	const char *const *blank;    /* the fields of an empty one, which a hand fills in; NULL = there is none */
	uint64_t states;             /* BIT(stored state); 0 = in every one */
	const char *text;            /* English msgid: what its holder has to know, or NULL */
	const char *const *signs;    /* English msgids: who signs; ends with NULL, or NULL */
	const char *const *after;    /* operations after which it is wanted; ends with NULL, or NULL */
};

enum book_flag {
	B_AREA = 1 << 0,     /* has column area: rows outside the reader's areas do not exist; a field
	                        "area" shows it */
	B_SUBJECT = 1 << 1,  /* the row is a household: reading it is a look-up */
	B_NO_VERSION = 1 << 2, /* insert-only: no version column */
	B_COMPILE = 1 << 3,  /* household data: no CSV; exported only as a controlled copy (CNF-09) */
};

struct book {
	const char *name, *title, *why;
	const char *key;      /* primary key column; NULL = "id" */
	uint64_t readers;     /* roles that may list and get the rows of their areas */
	uint64_t parties;     /* further roles, who see only rows that they are a party to (F_PARTY) */
	uint64_t estate_wide; /* of the readers: roles without areas, who see the rows of every area (CARD-04: finance) */
	const struct narrowing *narrowed; /* ends with {0}; or NULL */
	uint64_t historians;  /* roles that may read a record's history */
	unsigned flags;
	const char *code;     /* field that names a record for people (unit 7-1203), or NULL */
	const char *alias;    /* second unique field accepted in references (staff login), or NULL */
	const char *caption;  /* field shown beside the code in references (staff name), or NULL */
	const char *speaker;  /* REF to staff that speaks for a record (a department's head), or NULL */
	const struct choice *acts; /* what the house logs of it beside its operations; ends with {NULL}; or NULL */
	const char *row_level; /* FT_CHOICE field holding the level of the row itself, or NULL */
	const struct field *fields;       size_t nfields;
	const struct state *states;       size_t nstates;
	const struct op *ops;             size_t nops;
	const struct deadline *deadlines; size_t ndeadlines;
	const struct view *views;         size_t nviews;
	const struct part *parts;         size_t nparts;
	const struct slip *slips;         size_t nslips;
	const struct paper *paper; /* NULL: nothing of it leaves on paper */
	bool states_computed; /* no state column: every state has a condition, the first that holds */
};

#define ROLES_ALL (BIT(ROLE_END) - 2 - BIT(ROLE_SYS))
#define ROLES_EVERYBODY (BIT(ROLE_END) - 2)
/* Centre staff in customer service: the CS tier of CNF-03 and the roles above it. */
#define ROLES_CENTRE (BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_CSA) | BIT(ROLE_ACU) | BIT(ROLE_TSO) | \
	BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_NM))

/* The house's books in a fixed order; books/table.c says how to add one. */
extern const struct book *const books[];
extern const size_t nbooks;

/* True when a creation may name a row of its own book instead (OP_REPLACE, OP_RESUME). */
bool op_takes_row(const struct op *);
const struct book *book_find(const char *name);                 /* NULL when there is none */
const struct field *book_field(const struct book *, const char *name);
const struct op *book_op(const struct book *, const char *name);
const struct view *book_view(const struct book *, const char *name);
const struct slip *book_slip(const struct book *, const char *name);
int book_state(const struct book *, const char *name);          /* index, or -1 */
size_t field_index(const struct book *, const struct field *);
/* Hash over every descriptor, those of the reports too, hexadecimal; client and server compare it in hello. */
const char *books_hash(void);
/* Cells of a row of op.export_BOOK after the first, which names the sheet; the book has a paper. */
size_t paper_cells(const struct book *);
/* True when the field is a column of the book's own table (not computed, not F_ARG, not SEALED). */
bool field_is_column(const struct field *);
/* True when the field is a column of BOOK_sealed: SEALED, or the twin of an F_WITHHELD field. */
bool field_is_sealed_column(const struct field *);
/* True when the field can be asked for with BOOK.open: a stored field above NAME. */
bool field_is_revealable(const struct field *);
bool book_has_sealed(const struct book *);
/* BIT(field): what no row of the book is without, because every operation that makes one needs it. */
uint64_t book_never_without(const struct book *);

#endif
