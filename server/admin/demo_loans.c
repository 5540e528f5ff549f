/*
 * demo_loans.c - 20,000 past loans and the four that are out today.
 *
 * Each follows the policy that is in force: endorsed, approved, accompanied, reviewed as its row
 * says. Not for: the rules themselves; the tables' constraints judge what is written here.
 * Trap: loans of one file must not overlap, so a file is drawn only when it is back.
 */
#include "server/admin/demo_loans.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/admin/policy.h"

enum { LOANS = 20000, SPAN_DAYS = 1090, LAST_DAYS = 12, CLOSING = 17 * 60 + 30 };

enum borrower { CENTRE_STAFF, OTHER_DEPARTMENT, OUTSIDER };
static const char *const class_words[] = { [CENTRE_STAFF] = "centre_staff", [OTHER_DEPARTMENT] = "other_department",
	[OUTSIDER] = "outsider" };
static const char *const acts[] = { "consult", "borrow", "photocopy", "take_out", "excerpt", "print", "e_copy" };
static const char *const purposes[] = { "Resident's request", "Repair or inspection", "Fit-out works", "Payment or arrears",
	"Complaint handling", "Archive upkeep" };

enum ending { ENDING_RETURNED, ENDING_DAMAGED, ENDING_REJECTED, ENDING_WITHDRAWN, ENDING_OUT };
static const struct { const char *state, *op; } endings[] = {
	[ENDING_RETURNED] = { "returned", "take_back" }, [ENDING_DAMAGED] = { "damaged", "take_back" },
	[ENDING_REJECTED] = { "rejected", "reject" }, [ENDING_WITHDRAWN] = { "withdrawn", "withdraw" },
	[ENDING_OUT] = { "issued", NULL },
};

/* One loan: what is decided first, then what follows from it. Moments are minutes of a day. */
struct loan {
	int64_t id, file;
	struct demo_file *where;
	enum borrower class;
	enum ending ending;
	const char *act, *purpose;
	int requester, requested_by, endorsed_by, approved_by, escort, custodian;
	int day, minute;        /* of the request; the hand-out is on the same day */
	int back_day, due_day;
	bool endorsed, escorted, reviewed;
	char approvers[40];
	int days;
	int card;               /* of a file that is out; 0 = none */
};

/* {"CM","EM"} becomes CM EM. */
static void approvers_fill(struct loan *loan, const char *array)
{
	size_t len = 0;
	for (; *array != '\0' && len + 1 < sizeof(loan->approvers); array++)
		if (strchr("{}\"", *array) == NULL)
			loan->approvers[len++] = (char)(*array == ',' ? ' ' : *array);
	loan->approvers[len] = '\0';
}

static bool policy_fill(struct demo *demo, struct loan *loan)
{
	for (const struct policy_row *row = demo->policy->first[POLICY_LOAN]; row != NULL; row = row->next) {
		if (strcmp(row->cells[0], loan->act) != 0 || strcmp(row->cells[1], class_words[loan->class]) != 0)
			continue;
		loan->endorsed = row->cells[2] != NULL;
		approvers_fill(loan, row->cells[3]);
		loan->reviewed = row->cells[4] != NULL;
		loan->escorted = strcmp(row->cells[5], "true") == 0;
		loan->days = (int)strtol(row->cells[7], NULL, 10);
		return row->cells[8] == NULL;
	}
	return false;
}

/* Somebody employed, of the centre or not. */
static int draw_staff(struct demo *demo, bool centre)
{
	int id;
	do
		id = 1 + chance_below(demo, DEMO_STAFF);
	while (demo->staff[id].gone || demo->staff[id].centre != centre);
	return id;
}

/* Who endorses, approves and stays with the reader, none of them the borrower himself. */
static void people_fill(struct demo *demo, struct loan *loan)
{
	/* A party sees its loan whatever its areas: what is of area 3 never passes the other desk. */
	int desk = loan->where->area == 3 ? WORK_DESK2 : WORK_DESK;

	if (loan->requester == WORK_DESK)
		loan->requester = desk;
	if (loan->requested_by == 0)
		loan->requested_by = loan->requester != 0 ? loan->requester : desk;
	if (loan->endorsed)
		loan->endorsed_by = demo->heads[demo->staff[loan->requester].department];
	if (strcmp(loan->approvers, "GM") == 0)
		loan->approved_by = WORK_GENERAL;
	else if (loan->approvers[0] != '\0')
		loan->approved_by = loan->requester == WORK_MANAGER || loan->requested_by == WORK_MANAGER ? WORK_ESTATE : WORK_MANAGER;
	if (loan->escorted)
		loan->escort = WORK_ASSISTANT;
	loan->custodian = WORK_CUSTODIAN;
}

/* A number, or nothing for none. */
static void number_put(struct demo *demo, int id)
{
	if (id > 0)
		sheet_int(demo, SHEET_LOAN, id);
	else
		sheet_text(demo, SHEET_LOAN, NULL);
}

static void moment_put(struct demo *demo, bool given, int day, int minute)
{
	if (given)
		sheet_time(demo, SHEET_LOAN, day, minute);
	else
		sheet_text(demo, SHEET_LOAN, NULL);
}

static void outsider_put(struct demo *demo, const struct loan *loan)
{
	static const char *const bodies[] = { "District court", "Water company", "Fire brigade", "Bank", "Công an phường" };
	struct demo_name name;
	char number[24];
	if (loan->class != OUTSIDER) {
		for (int i = 0; i < 5; i++)
			sheet_text(demo, SHEET_LOAN, NULL);
		return;
	}
	demo_name_make(demo, demo_tongue(demo), false, -1, &name);
	snprintf(number, sizeof(number), "LT-%05d", chance_below(demo, 100000));
	sheet_text(demo, SHEET_LOAN, name.text);
	sheet_text(demo, SHEET_LOAN, bodies[chance_below(demo, (int)NITEMS(bodies))]);
	sheet_text(demo, SHEET_LOAN, "letter");
	demo_sealed(demo, SHEET_LOAN, "loan", "proof_no", number, false);
}

static bool was_issued(const struct loan *loan)
{
	return loan->ending == ENDING_RETURNED || loan->ending == ENDING_DAMAGED || loan->ending == ENDING_OUT;
}

static bool is_back(const struct loan *loan)
{
	return loan->ending == ENDING_RETURNED || loan->ending == ENDING_DAMAGED;
}

/* The loan's steps on its day, minutes after the request. */
enum { AFTER_ENDORSED = 20, AFTER_APPROVED = 50, AFTER_ISSUED = 80, AFTER_REVIEWED = 110, AFTER_CARRIED = 125, AFTER_BACK = 150 };

/* Minute of the return: on another day in the morning. */
static int back_minute(const struct loan *loan)
{
	return loan->back_day == loan->day ? loan->minute + AFTER_BACK : 9 * 60 + (int)(loan->id % 90);
}

static void stamps_put(struct demo *demo, const struct loan *loan)
{
	bool issued = was_issued(loan), back = is_back(loan);
	bool approved = issued && loan->approved_by != 0;
	bool valid = approved || loan->approvers[0] == '\0';
	number_put(demo, loan->endorsed_by);
	moment_put(demo, loan->endorsed_by != 0, loan->day, loan->minute + AFTER_ENDORSED);
	number_put(demo, approved ? loan->approved_by : 0);
	moment_put(demo, approved, loan->day, loan->minute + AFTER_APPROVED);
	moment_put(demo, valid, loan->day + 3, loan->minute + AFTER_APPROVED);
	number_put(demo, issued ? loan->escort : 0);
	number_put(demo, issued ? loan->custodian : 0);
	moment_put(demo, issued, loan->day, loan->minute + AFTER_ISSUED);
	moment_put(demo, issued, loan->due_day, CLOSING);
	number_put(demo, back ? loan->custodian : 0);
	moment_put(demo, back, loan->back_day, back_minute(loan));
	sheet_text(demo, SHEET_LOAN, !back ? NULL : loan->ending == ENDING_DAMAGED ? "damaged" : "ok");
	sheet_text(demo, SHEET_LOAN, back && loan->reviewed ? "cleared" : NULL);
	number_put(demo, back && loan->reviewed ? WORK_GENERAL : 0);
	moment_put(demo, back && loan->reviewed, loan->day, loan->minute + AFTER_REVIEWED);
	moment_put(demo, back && loan->reviewed, loan->day, loan->minute + AFTER_CARRIED);
	sheet_text(demo, SHEET_LOAN, loan->ending == ENDING_REJECTED ? "The list of documents is enough" :
		loan->ending == ENDING_WITHDRAWN ? "No longer needed" : NULL);
	sheet_text(demo, SHEET_LOAN, loan->ending == ENDING_DAMAGED ? "The jacket is torn at the spine." : NULL);
	moment_put(demo, true, loan->day, loan->minute);
}

static void row_put(struct demo *demo, const struct loan *loan)
{
	const enum sheet_name sheet = SHEET_LOAN;
	sheet_int(demo, sheet, loan->id);
	sheet_int(demo, sheet, loan->where->area);
	sheet_text(demo, sheet, endings[loan->ending].state);
	sheet_int(demo, sheet, loan->id);
	sheet_int(demo, sheet, loan->file);
	if (loan->where->unit > 0)
		sheet_int(demo, sheet, loan->where->unit);
	else
		sheet_text(demo, sheet, NULL);
	number_put(demo, loan->requester);
	sheet_text(demo, sheet, loan->act);
	sheet_text(demo, sheet, loan->purpose);
	outsider_put(demo, loan);
	sheet_int(demo, sheet, loan->requested_by);
	sheet_text(demo, sheet, class_words[loan->class]);
	number_put(demo, loan->requester != 0 ? demo->staff[loan->requester].department : 0);
	stamps_put(demo, loan);
	sheet_bool(demo, sheet, loan->endorsed);
	sheet_text(demo, sheet, loan->approvers);
	sheet_bool(demo, sheet, loan->escorted);
	sheet_bool(demo, sheet, loan->reviewed);
	number_put(demo, loan->card);
	sheet_end(demo, sheet);
}

static void step(struct demo *demo, const struct loan *loan, bool done, const char *op, int staff, const char *role, int day,
	int minute)
{
	if (done)
		demo_event(demo, &(struct demo_act){ .book = "loan", .op = op, .role = role, .record = loan->id, .staff = staff,
			.area = loan->where->area, .day = day, .minute = minute,
			.purpose = strcmp(op, "request") == 0 ? loan->purpose : NULL });
}

static void steps_put(struct demo *demo, const struct loan *loan)
{
	const char *approver = loan->approved_by == WORK_GENERAL ? "GM" : loan->approved_by == WORK_ESTATE ? "EM" : "CM";
	bool issued = was_issued(loan), back = is_back(loan);
	int day = loan->day, minute = loan->minute;
	step(demo, loan, true, "request", loan->requested_by, NULL, day, minute);
	step(demo, loan, loan->endorsed_by != 0 && loan->endorsed_by != loan->requester, "endorse", loan->endorsed_by, NULL, day,
		minute + AFTER_ENDORSED);
	step(demo, loan, issued && loan->approved_by != 0, "approve", loan->approved_by, approver, day, minute + AFTER_APPROVED);
	step(demo, loan, issued, "hand_out", loan->custodian, "ACU", day, minute + AFTER_ISSUED);
	step(demo, loan, back && loan->reviewed, "review", WORK_GENERAL, "GM", day, minute + AFTER_REVIEWED);
	step(demo, loan, back && loan->reviewed, "carry_out", loan->custodian, "ACU", day, minute + AFTER_CARRIED);
	step(demo, loan, back, "take_back", loan->custodian, "ACU", loan->back_day, back_minute(loan));
	step(demo, loan, loan->ending == ENDING_REJECTED, "reject", loan->approved_by, approver, day, minute + AFTER_APPROVED);
	step(demo, loan, loan->ending == ENDING_WITHDRAWN, "withdraw", loan->requested_by, NULL, day, minute + AFTER_APPROVED);
}

static void deadline_put(struct demo *demo, const struct loan *loan)
{
	if (!was_issued(loan))
		return;
	sheet_int(demo, SHEET_DEADLINE, loan->where->area);
	sheet_text(demo, SHEET_DEADLINE, "loan");
	sheet_int(demo, SHEET_DEADLINE, loan->id);
	sheet_text(demo, SHEET_DEADLINE, "loan_due");
	sheet_time(demo, SHEET_DEADLINE, loan->due_day, CLOSING);
	if (is_back(loan))
		sheet_time(demo, SHEET_DEADLINE, loan->back_day, back_minute(loan));
	else
		sheet_text(demo, SHEET_DEADLINE, NULL);
	sheet_end(demo, SHEET_DEADLINE);
}

static void damage_put(struct demo *demo, const struct loan *loan)
{
	if (loan->ending != ENDING_DAMAGED)
		return;
	sheet_int(demo, SHEET_DAMAGE, sheet_next_id(demo, SHEET_DAMAGE));
	sheet_int(demo, SHEET_DAMAGE, loan->where->area);
	sheet_text(demo, SHEET_DAMAGE, "seen");
	sheet_int(demo, SHEET_DAMAGE, loan->id);
	sheet_int(demo, SHEET_DAMAGE, loan->file);
	sheet_text(demo, SHEET_DAMAGE, "The jacket is torn at the spine.");
	sheet_int(demo, SHEET_DAMAGE, loan->custodian);
	sheet_int(demo, SHEET_DAMAGE, WORK_CSS);
	sheet_time(demo, SHEET_DAMAGE, loan->back_day, back_minute(loan));
	sheet_int(demo, SHEET_DAMAGE, WORK_CSS);
	sheet_time(demo, SHEET_DAMAGE, loan->back_day, back_minute(loan) + 30);
	sheet_end(demo, SHEET_DAMAGE);
}

static void loan_write(struct demo *demo, struct loan *loan)
{
	loan->id = sheet_next_id(demo, SHEET_LOAN);
	people_fill(demo, loan);
	row_put(demo, loan);
	steps_put(demo, loan);
	deadline_put(demo, loan);
	damage_put(demo, loan);
}

static void past_loan_write(struct demo *demo, struct demo_files *files, int day)
{
	struct loan loan = { .day = day, .minute = 8 * 60 + 10 + chance_below(demo, 380),
		.purpose = purposes[chance_below(demo, (int)NITEMS(purposes))] };
	int dice = chance_below(demo, 100);
	do {
		size_t at = (size_t)chance_below(demo, (int)files->n);
		loan.where = &files->list[at];
		loan.file = (int64_t)at + 1;
	} while (loan.where->company || loan.where->busy_until >= day);
	loan.class = dice < 60 ? CENTRE_STAFF : dice < 92 ? OTHER_DEPARTMENT : OUTSIDER;
	do
		loan.act = acts[chance_below(demo, (int)NITEMS(acts))];
	while (!policy_fill(demo, &loan));
	loan.requester = loan.class == OUTSIDER ? 0 : draw_staff(demo, loan.class == CENTRE_STAFF);
	dice = chance_below(demo, 200);
	loan.ending = dice < 2 ? ENDING_DAMAGED : dice < 5 && loan.approvers[0] != '\0' ? ENDING_REJECTED :
		dice < 8 ? ENDING_WITHDRAWN : ENDING_RETURNED;
	loan.due_day = day + loan.days;
	loan.back_day = loan.days == 0 ? day : day + 1 + chance_below(demo, loan.days + (chance_percent(demo, 10) ? 3 : 0));
	loan.where->busy_until = is_back(&loan) ? loan.back_day : day;
	loan_write(demo, &loan);
	demo_flush(demo, false);
}

/* The files that are out on the first day; all for seven days but the one that is late. */
static void planted_loan_write(struct demo *demo, struct demo_files *files, const char *code, int requester, const char *act,
	int days_ago, int card)
{
	struct loan loan = { .act = act, .purpose = "Payment or arrears", .requester = requester, .ending = ENDING_OUT,
		.class = demo->staff[requester].centre ? CENTRE_STAFF : OTHER_DEPARTMENT, .day = demo->today - days_ago, .minute = 9 * 60, .card = card };
	for (size_t i = 0; i < files->n && loan.where == NULL; i++)
		if (strcmp(files->list[i].code, code) == 0) {
			loan.where = &files->list[i];
			loan.file = (int64_t)i + 1;
		}
	if (loan.where == NULL || !policy_fill(demo, &loan)) {
		demo_fail(demo, ERR_NOT_FOUND);
		return;
	}
	loan.due_day = loan.day + loan.days;
	loan_write(demo, &loan);
}

void demo_make_loans(struct demo *demo, struct demo_files *files)
{
	int total = LOANS * demo->scale;
	for (int i = 0; i < total && demo->err == OK; i++)
		past_loan_write(demo, files, demo->today - SPAN_DAYS + (int)((int64_t)i * (SPAN_DAYS - LAST_DAYS) / total));
	planted_loan_write(demo, files, "7-1301/1", WORK_FINANCE, "borrow", 4, 1);
	planted_loan_write(demo, files, "20-0201/1", WORK_FINANCE, "take_out", 2, 2);
	planted_loan_write(demo, files, "3-0402/1", WORK_ENGINEER, "take_out", 1, 3);
	planted_loan_write(demo, files, "5-0101/1", WORK_CSS, "take_out", 1, 4);
}
