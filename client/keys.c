/*
 * keys.c - the table of keys. Dispatch, footer, help and palette all read it.
 *
 * To add a key: one row; a row with DESK works on the first screen of the consoles that name it (client/consoles).
 * The first row of an action in a context is the one the footer shows, rows without a label are twins (F-keys have a
 * letter, because some keyboards and terminals lose them). Not for: what an action does.
 * Trap: Ctrl-S, Ctrl-Q and Ctrl-Z are never bound (flow control and suspension of other terminals),
 * nor are digits, which belong to boxes and choices.
 */
#include "client/keys_table.h"

#include "common/i18n.h"

const struct binding keys_table[] = {
	/* The verbs of the front desk. */
	{ .contexts = DESK, .key = "b", .action = ACTION_VERB, .book = "loan", .op = "request",
		.label = N_("borrow"), .help = N_("Enter a request for a file."), .priority = 70 },
	{ .contexts = DESK, .key = "r", .action = ACTION_BOX, .book = "loan", .op = "take_back",
		.label = N_("return"), .help = N_("Take a file back."), .priority = 69 },
	{ .contexts = DESK, .key = "n", .action = ACTION_VERB, .book = "room_entry", .op = "enter",
		.label = N_("room entry"), .help = N_("Enter somebody into the archive room."), .priority = 40 },
	{ .contexts = DESK, .key = "s", .action = ACTION_REPORTS,
		.label = N_("reports"), .help = N_("The figures of the house: units, residents, loans."), .priority = 35 },
	{ .contexts = DESK, .key = "v", .action = ACTION_VERB, .book = "visitor", .op = "arrive",
		.label = N_("visitor in"), .help = N_("Write down a visitor; the last digits of his paper bring back who was here before."), .priority = 68 },
	{ .contexts = DESK, .key = "o", .action = ACTION_BOX, .book = "visitor", .op = "leave",
		.label = N_("visitor out"), .help = N_("See a visitor out by the number of his card."), .priority = 67 },
	{ .contexts = DESK, .key = "p", .action = ACTION_VERB, .book = "entry_pass", .op = "issue",
		.label = N_("pass"), .help = N_("Issue a temporary entry pass."), .priority = 39 },
	{ .contexts = DESK, .key = "g", .action = ACTION_BOX, .book = "release_slip", .op = "clear",
		.label = N_("goods"), .help = N_("Release goods by the number of their slip."), .priority = 66 },
	/* The verbs of the visitor book. */
	{ .contexts = IN(RECORD) | IN(LIST), .key = "k", .action = ACTION_VERB, .book = "visitor", .op = "ask_host",
		.label = N_("ask host"), .help = N_("Reception telephones the host."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "a", .action = ACTION_VERB, .book = "visitor", .op = "answer",
		.label = N_("answer"), .help = N_("What the host said, and who said it."), .priority = 67 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "c", .action = ACTION_VERB, .book = "visitor", .op = "escort",
		.label = N_("escort"), .help = N_("Who takes the visitor to his host."), .priority = 68 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "e", .action = ACTION_VERB, .book = "visitor", .op = "enter",
		.label = N_("let in"), .help = N_("The visitor goes in, agreed and accompanied."), .priority = 69 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "o", .action = ACTION_VERB, .book = "visitor", .op = "leave",
		.label = N_("out"), .help = N_("The visitor was seen leaving."), .priority = 65 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "d", .action = ACTION_VERB, .book = "message", .op = "deliver",
		.label = N_("delivered"), .help = N_("The person has got the message."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "g", .action = ACTION_VERB, .book = "release_slip", .op = "clear",
		.label = N_("release"), .help = N_("The goods leave the estate."), .priority = 66 },
	/* The gate: one key an action, on what the line or a row below names. */
	{ .contexts = DESK, .key = "x", .action = ACTION_VERB, .book = "visitor", .op = "pass_through",
		.label = N_("service"), .help = N_("Ambulance, fire engine, police, courier, taxi: in at once, written down after."), .priority = 64 },
	{ .contexts = DESK, .key = "k", .action = ACTION_VERB, .book = "visitor", .op = "ask_host",
		.label = N_("ask host"), .help = N_("Reception telephones the host."), .priority = 70 },
	{ .contexts = DESK, .key = "a", .action = ACTION_VERB, .book = "visitor", .op = "answer",
		.label = N_("answer"), .help = N_("What the host said, and who said it."), .priority = 71 },
	{ .contexts = DESK, .key = "c", .action = ACTION_VERB, .book = "visitor", .op = "escort",
		.label = N_("escort"), .help = N_("Who takes the visitor to his host."), .priority = 72 },
	{ .contexts = DESK, .key = "e", .action = ACTION_VERB, .book = "visitor", .op = "enter",
		.label = N_("let in"), .help = N_("The visitor goes in, agreed and accompanied."), .priority = 73 },
	{ .contexts = DESK | IN(RECORD) | IN(LIST), .key = "!", .action = ACTION_VERB, .book = "visitor", .op = "alert",
		.label = N_("contraband"), .help = N_("Weapons, ammunition, flammables or other contraband: stopped and reported at once."), .priority = 63 },
	{ .contexts = DESK, .key = "i", .action = ACTION_VIEW, .book = "visitor", .op = "inside",
		.label = N_("inside"), .help = N_("Who is inside, the oldest first: at the end of the shift each is asked for, first himself, then his host."), .priority = 62 },
	{ .contexts = DESK, .key = "r", .action = ACTION_ROLL_CALL,
		.label = N_("roll call"), .help = N_("Everybody who is inside, by building and floor, on paper."), .priority = 61 },
	{ .contexts = DESK, .key = "d", .action = ACTION_VERB, .book = "parking", .op = "drive_in",
		.label = N_("car in"), .help = N_("A temporary car drives in."), .priority = 38 },
	{ .contexts = DESK, .key = "n", .action = ACTION_VERB, .book = "goods_log", .op = "note",
		.label = N_("large items"), .help = N_("What was seen carried in or out."), .priority = 37 },
	{ .contexts = DESK, .key = "t", .action = ACTION_VERB, .book = "staff_gate", .op = "book",
		.label = N_("employee"), .help = N_("An employee comes late, leaves on business or carries goods."), .priority = 36 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "l", .action = ACTION_VERB, .book = "visitor", .op = "presume_left",
		.label = N_("presume"), .help = N_("Nobody saw him leave: after asking him and his host it is presumed."), .priority = 62 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "m", .action = ACTION_VERB, .book = "visitor", .op = "miss",
		.label = N_("not found"), .help = N_("He was looked for and not found; he stays on the list."), .priority = 61 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "u", .action = ACTION_VERB, .book = "visitor", .op = "acknowledge",
		.label = N_("seen"), .help = N_("Take notice of the alert."), .priority = 64 },
	/* The verbs of a loan, on its page and in its lists. */
	{ .contexts = IN(RECORD) | IN(LIST), .key = "e", .action = ACTION_VERB, .book = "loan", .op = "endorse",
		.label = N_("endorse"), .help = N_("Stand for the request as head of the using department."), .priority = 68 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "a", .action = ACTION_VERB, .book = "loan", .op = "approve",
		.label = N_("approve"), .help = N_("Approve the loan in writing."), .priority = 67 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "x", .action = ACTION_VERB, .book = "loan", .op = "reject",
		.label = N_("reject"), .help = N_("Refuse the request, with a reason."), .priority = 60 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "o", .action = ACTION_VERB, .book = "loan", .op = "hand_out",
		.label = N_("hand out"), .help = N_("Hand the file to the borrower."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "r", .action = ACTION_VERB, .book = "loan", .op = "take_back",
		.label = N_("take back"), .help = N_("Check the file and take it back."), .priority = 65 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "u", .action = ACTION_VERB, .book = "loan", .op = "extend",
		.label = N_("extend"), .help = N_("Give a later due time."), .priority = 50 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "R", .action = ACTION_VERB, .book = "loan", .op = "remind",
		.label = N_("remind"), .help = N_("Note that the borrower was reminded: in a list at once, on the page with a remark."), .priority = 62 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "p", .action = ACTION_VERB, .book = "loan", .op = "pass_on",
		.label = N_("pass on"), .help = N_("Let the file go to its next holder without coming back."), .priority = 9 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "m", .action = ACTION_VERB, .book = "loan", .op = "correct",
		.label = N_("correct"), .help = N_("Write a new row for a mistyped one."), .priority = 8 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "l", .action = ACTION_VERB, .book = "loan", .op = "lift_block",
		.label = N_("lift block"), .help = N_("Let the borrower borrow although this file is overdue."), .priority = 49 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "t", .action = ACTION_VERB, .book = "loan", .op = "reserve",
		.label = N_("reserve"), .help = N_("Wait for a file that is out."), .priority = 7 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "v", .action = ACTION_VERB, .book = "loan", .op = "review",
		.label = N_("review"), .help = N_("Decide whether the copy or excerpt may leave."), .priority = 64 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "c", .action = ACTION_VERB, .book = "loan", .op = "carry_out",
		.label = N_("carry out"), .help = N_("The copy or excerpt leaves the room."), .priority = 63 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "w", .action = ACTION_VERB, .book = "loan", .op = "withdraw",
		.label = N_("withdraw"), .help = N_("The file is no longer needed."), .priority = 45 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "l", .action = ACTION_VERB, .book = "room_entry", .op = "leave",
		.label = N_("leave"), .help = N_("The visitor leaves the archive room."), .priority = 62 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "k", .action = ACTION_VERB, .book = "room_entry", .op = "escort_leave",
		.label = N_("escort out"), .help = N_("The escort leaves the archive room."), .priority = 61 },
	/* The verbs of the archive's care. */
	{ .contexts = IN(RECORD) | IN(LIST), .key = "j", .action = ACTION_VERB, .book = "inspection_item", .op = "judge",
		.label = N_("judge"), .help = N_("Write down what was found in the drawn file."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "g", .action = ACTION_VERB, .book = "file", .op = "sign_off",
		.label = N_("sign"), .help = N_("Sign the event file as centre manager."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "c", .action = ACTION_VERB, .book = "vip_profile", .op = "confirm",
		.label = N_("up to date"), .help = N_("The profile needs no change this month."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "c", .action = ACTION_VERB, .book = "resident_note", .op = "work_in",
		.label = N_("worked in"), .help = N_("The household's files hold what the note says."), .priority = 66 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "r", .action = ACTION_VERB, .book = "room_key", .op = "give_back",
		.label = N_("key is back"), .help = N_("The archive room's key lies at the desk again."), .priority = 65 },
	/* Moving and opening. */
	{ .contexts = LISTS | IN(PICK), .key = "Enter", .action = ACTION_OPEN,
		.label = N_("open"), .help = N_("Open what is selected."), .priority = 80 },
	{ .contexts = IN(BOX), .key = "Enter", .action = ACTION_OPEN,
		.label = N_("open"), .help = N_("Look up what is typed."), .priority = 80 },
	{ .contexts = IN(LOGIN), .key = "Enter", .action = ACTION_COMMIT,
		.label = N_("sign in"), .help = N_("Sign in with number and password."), .priority = 80 },
	{ .contexts = IN(LOCK), .key = "Enter", .action = ACTION_COMMIT,
		.label = N_("unlock"), .help = N_("Unlock with the password of the same person."), .priority = 80 },
	{ .contexts = IN(FORM), .key = "Enter", .action = ACTION_NEXT,
		.label = N_("next"), .help = N_("Go to the next empty field; the last one saves."), .priority = 80 },
	{ .contexts = IN(DIALOG), .key = "Enter", .action = ACTION_OPEN,
		.label = N_("press"), .help = N_("Press the highlighted button."), .priority = 80 },
	{ .contexts = IN(FORM), .key = "F2", .action = ACTION_COMMIT,
		.label = N_("save"), .help = N_("Check everything and save."), .priority = 79 },
	{ .contexts = IN(FORM), .key = "Alt-s", .action = ACTION_COMMIT },
	{ .contexts = IN(FORM), .key = "F3", .action = ACTION_DRAFT,
		.label = N_("draft"), .help = N_("Go on with what was typed here and left."), .priority = 81 },
	{ .contexts = IN(FORM), .key = "Alt-d", .action = ACTION_DRAFT },
	{ .contexts = IN(HOME) | IN(LOGIN) | IN(DIALOG), .key = "Tab", .action = ACTION_QUEUE,
		.label = N_("next part"), .help = N_("Go to the next part of the screen."), .priority = 55 },
	{ .contexts = IN(REPORT), .key = "Tab", .action = ACTION_NEXT,
		.label = N_("next number"), .help = N_("Draw the bars of the next number."), .priority = 76 },
	{ .contexts = IN(REPORT), .key = "Shift-Tab", .action = ACTION_PREVIOUS,
		.help = N_("Draw the bars of the number before.") },
	{ .contexts = IN(REPORT), .key = "k", .action = ACTION_KEEP, .book = "report_copy", .op = "keep",
		.label = N_("keep"), .help = N_("Keep these figures in the archive of reports."), .priority = 60 },
	{ .contexts = IN(FORM), .key = "Tab", .action = ACTION_NEXT,
		.label = N_("next field"), .help = N_("Go to the next field."), .priority = 55 },
	{ .contexts = IN(FORM) | IN(HOME) | IN(LOGIN) | IN(DIALOG), .key = "Shift-Tab", .action = ACTION_PREVIOUS,
		.help = N_("Go to the field or part before.") },
	{ .contexts = SIGNED_IN | IN(DIALOG) | IN(PICK) | IN(REVEAL), .key = "Esc", .action = ACTION_BACK,
		.label = N_("back"), .help = N_("One step back; what is typed is kept."), .priority = 78 },
	{ .contexts = LISTS | IN(PICK), .key = "Up", .action = ACTION_UP, .help = N_("One row up.") },
	{ .contexts = LISTS | IN(PICK), .key = "Down", .action = ACTION_DOWN, .help = N_("One row down.") },
	{ .contexts = LISTS | IN(PICK), .key = "PgUp", .action = ACTION_PAGE_UP, .help = N_("One page up.") },
	{ .contexts = LISTS | IN(PICK), .key = "PgDn", .action = ACTION_PAGE_DOWN, .help = N_("One page down.") },
	{ .contexts = LISTS, .key = "Home", .action = ACTION_FIRST, .help = N_("To the first row.") },
	{ .contexts = LISTS, .key = "End", .action = ACTION_LAST, .help = N_("To the last row.") },
	/* Looking. */
	{ .contexts = IN(HOME) | IN(GATE) | IN(RECORD), .key = "/", .action = ACTION_SEARCH,
		.label = N_("find"), .help = N_("Find a person, a unit, a file or a telephone."), .priority = 75 },
	{ .contexts = IN(LIST), .key = "/", .action = ACTION_FILTER,
		.label = N_("filter"), .help = N_("Show only rows that hold what is typed."), .priority = 75 },
	{ .contexts = LISTS, .key = "F5", .action = ACTION_REFRESH,
		.label = N_("refresh"), .help = N_("Ask the server again."), .priority = 30 },
	{ .contexts = LISTS, .key = "Ctrl-R", .action = ACTION_REFRESH },
	{ .contexts = IN(RECORD), .key = "F7", .action = ACTION_REVEAL,
		.label = N_("see locked"), .help = N_("Ask to see the locked fields; a reason is needed and logged."), .priority = 74 },
	{ .contexts = IN(RECORD), .key = "s", .action = ACTION_REVEAL },
	{ .contexts = IN(RECORD), .key = "h", .action = ACTION_HISTORY,
		.label = N_("history"), .help = N_("Who did what with this record, and why."), .priority = 52 },
	{ .contexts = IN(RECORD), .key = "y", .action = ACTION_WHY,
		.label = N_("why locked"), .help = N_("Why a field is locked or an act refused, and who may."), .priority = 20 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "F3", .action = ACTION_PRINT,
		.label = N_("print"), .help = N_("Print its card, label, list or sheet."), .priority = 57 },
	{ .contexts = IN(RECORD) | IN(LIST), .key = "P", .action = ACTION_PRINT },
	{ .contexts = LISTS, .key = "F4", .action = ACTION_PRINT_DONE,
		.label = N_("print card"), .help = N_("Print what goes with the operation just done, such as the out-card."), .priority = 82 },
	{ .contexts = LISTS, .key = "Alt-p", .action = ACTION_PRINT_DONE },
	/* Everywhere. */
	{ .contexts = LETTERS, .key = ":", .action = ACTION_PALETTE,
		.label = N_("commands"), .help = N_("Every command by its name."), .priority = 58 },
	{ .contexts = SIGNED_IN, .key = "Ctrl-P", .action = ACTION_PALETTE },
	{ .contexts = LISTS, .key = "F8", .action = ACTION_ROLE,
		.label = N_("role"), .help = N_("Act in another of your roles."), .priority = 10 },
	{ .contexts = LISTS, .key = "Alt-r", .action = ACTION_ROLE },
	{ .contexts = EVERYWHERE, .key = "F9", .action = ACTION_LANGUAGE,
		.label = N_("language"), .help = N_("The next language."), .priority = 15 },
	{ .contexts = LETTERS, .key = "L", .action = ACTION_LANGUAGE },
	{ .contexts = SIGNED_IN | IN(DIALOG) | IN(PICK) | IN(REVEAL), .key = "F12", .action = ACTION_LOCK,
		.label = N_("lock"), .help = N_("Lock the screen; what is typed is kept."), .priority = 12 },
	{ .contexts = SIGNED_IN | IN(DIALOG) | IN(PICK) | IN(REVEAL), .key = "Alt-l", .action = ACTION_LOCK },
	{ .contexts = EVERYWHERE, .key = "Ctrl-L", .action = ACTION_REDRAW, .help = N_("Paint the screen afresh.") },
	{ .contexts = IN(HOME), .key = "Q", .action = ACTION_SIGN_OUT,
		.label = N_("sign out"), .help = N_("Sign out; the next person signs in."), .priority = 14 },
	{ .contexts = IN(LOCK), .key = "F4", .action = ACTION_COLLEAGUE,
		.label = N_("colleague"), .help = N_("Let somebody else sign in; what was typed is kept for you."), .priority = 70 },
	{ .contexts = IN(LOCK), .key = "Alt-c", .action = ACTION_COLLEAGUE },
	{ .contexts = LISTS | IN(LOGIN) | IN(LOCK), .key = "Ctrl-C", .action = ACTION_QUIT,
		.label = N_("quit"), .help = N_("Leave Lodge."), .priority = 13 },
	{ .contexts = LETTERS, .key = "?", .action = ACTION_HELP,
		.label = N_("keys"), .help = N_("The keys that work here.") },
	{ .contexts = EVERYWHERE, .key = "F1", .action = ACTION_HELP },
};

const size_t keys_n = NITEMS(keys_table);

_Static_assert(NITEMS(keys_table) <= KEYS_MOST, "more rows than are listed");

static const char *const context_words[CONTEXT_END] = {
#define X(id, word) [CONTEXT_##id] = word,
	CONTEXT_WORDS(X)
#undef X
};

static const char *const action_words[ACTION_END] = {
#define X(id, word) [ACTION_##id] = word,
	ACTION_WORDS(X)
#undef X
};

const char *context_word(enum context c)
{
	return c > CONTEXT_UNSET && c < CONTEXT_END ? context_words[c] : "?";
}

const char *action_word(enum action a)
{
	return a > ACTION_UNSET && a < ACTION_END ? action_words[a] : "?";
}
