/*
 * test_app_print.c - slips from the command line and on the screen, with and without a printer, and the out-card
 * from handing out to return.
 *
 * Not for: layout (tests/unit/test_slip.c) or the rules of the number (tests/flow/out_card.flow). Trap: the printer
 * is a script of the test that keeps what it is given.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { TEXT_MAX = 1 << 18 };

static char folder[] = "/tmp/lodge_print_XXXXXX", text[TEXT_MAX];

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, mode_t mode, const char *content)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
}

static const char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f != NULL)
		fclose(f);
	text[n] = '\0';
	return text;
}

/* A printer that keeps what it gets with the name of its queue, or one that fails. */
static void set_printer(bool works)
{
	char script[512], conf[256];

	snprintf(script, sizeof(script), works ? "#!/bin/sh\necho \"$@\" >%s/queue\ncat >%s/paper\n" : "#!/bin/sh\n# %s %s\nexit 1\n", folder, folder);
	write_file("lpr", 0755, script);
	snprintf(conf, sizeof(conf), "print: { lpr = \"%s\"; printer = \"archive\"; };\n", in_folder("lpr"));
	write_file("lodge.conf", 0644, conf);
}

static int set_up(void **state)
{
	(void)state;
	desk_need_stack();
	return mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"lpr", "lodge.conf", "queue", "paper", "slip", "out", "blank.pdf"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(in_folder(names[i]));
	rmdir(folder);
	estate_close();
	return 0;
}

/* Runs lodge as the custodian; its exit code, its output in text. printer: with the lodge.conf of the folder. */
static int lodge(bool printer, const char *const *words)
{
	char path[512], *argv[16] = {path};
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	for (int i = 0; words[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	pid = fork();
	if (pid == 0) {
		int out = open(in_folder("out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		setenv("LODGE_STAFF", "custodian", 1);
		setenv("LODGE_PASSWORD", "lodge-demo", 1);
		setenv("LODGE_LANG", "en", 1);
		if (printer)
			setenv("LODGE_CONF", folder, 1);
		dup2(out, STDOUT_FILENO);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
		execv(path, argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	read_file(in_folder("out"));
	return WEXITSTATUS(status);
}

#define LODGE(printer, ...) lodge(printer, (const char *const[]){__VA_ARGS__, NULL})

static void a_slip_goes_to_standard_output(void **state)
{
	(void)state;
	assert_int_equal(LODGE(false, "file", "catalogue_card", "--code", "7-1203/1"), 0);
	assert_memory_equal(text, "7-1203/1 ", 9);
	assert_non_null(strstr(text, "Catalogue card\n====="));
	assert_non_null(strstr(text, "张小明"));
	assert_int_equal(text[strlen(text) - 1], '\f');
	assert_int_equal(LODGE(false, "file", "bag_label", "--code", "99-9999/1"), 1);
	assert_non_null(strstr(text, "not_found"));
	assert_int_equal(LODGE(false, "file", "bag_label"), 2);
	assert_int_equal(LODGE(false, "file", "bag_label", "--id", "x"), 2);
	assert_int_equal(LODGE(false, "loan", "out_card", "--id", "1"), 1);
}

static void a_slip_goes_to_a_new_file_of_its_owner(void **state)
{
	char path[128];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s", in_folder("slip"));
	assert_int_equal(LODGE(false, "file", "content_list", "--code", "7-1203/1", "--to", path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_non_null(strstr(read_file(path), "Move-in notice"));
	assert_int_equal(LODGE(false, "file", "content_list", "--code", "7-1203/1", "--to", path), 2);
}

static void a_slip_goes_to_the_printer_of_lodge_conf(void **state)
{
	(void)state;
	assert_int_equal(LODGE(false, "file", "drawer_label", "--code", "7-1203/1", "--print"), 2);
	set_printer(true);
	assert_int_equal(LODGE(true, "file", "drawer_label", "--code", "7-1203/1", "--print"), 0);
	assert_string_equal(text, "");
	assert_string_equal(read_file(in_folder("queue")), "-P archive\n");
	read_file(in_folder("paper"));
	assert_non_null(strstr(text, "Drawer label\n"));
	assert_non_null(strstr(text, "\n7-1203/1  "));
	assert_int_equal(text[strlen(text) - 1], '\f');
	set_printer(false);
	assert_int_equal(LODGE(true, "file", "drawer_label", "--code", "7-1203/1", "--print"), 1);
}

static void INC_06_a_file_called_pdf_is_one(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s", in_folder("blank.pdf"));
	assert_int_equal(LODGE(false, "incident", "report", "--blank", "--to", path), 0);
	assert_memory_equal(read_file(path), "%PDF-", 5);
	assert_int_equal(LODGE(false, "incident", "report", "--blank", "--to", path), 2);
	assert_int_equal(LODGE(false, "incident", "report", "--blank"), 0);
	assert_non_null(strstr(text, "Incident Report\n====="));
	assert_int_equal(LODGE(false, "file", "bag_label", "--blank"), 2);
}

/* ---- the screen ---- */

static void open_file(struct vt *vt)
{
	desk_see(vt, "QUEUES");
	desk_type(vt, "</>7-1203/1<Enter>");
	desk_see(vt, "Files > 7-1203/1");
}

static void without_a_printer_the_slip_is_shown(void **state)
{
	struct vt *vt = desk_open("custodian", "en", NULL);

	(void)state;
	open_file(vt);
	desk_type(vt, "<F3>");
	desk_see(vt, "Drawer label");
	desk_type(vt, "4");
	desk_see(vt, "Files > Content list");
	desk_see(vt, "Documents (");
	desk_type(vt, "<End>");
	desk_see(vt, "Checked by");
	desk_type(vt, "<Esc><:>print<Enter>");
	desk_see(vt, "Bag label");
	desk_type(vt, "1");
	desk_see(vt, "Households (1)");
	desk_type(vt, "<Esc>");
	desk_see(vt, "Files > 7-1203/1");
	desk_close(vt);
}

static void with_a_printer_the_slip_is_sent(void **state)
{
	char conf[64];
	struct vt *vt;

	(void)state;
	set_printer(true);
	unlink(in_folder("paper"));
	snprintf(conf, sizeof(conf), "LODGE_CONF=%s", folder);
	desk_set(conf);
	vt = desk_open("custodian", "zh_CN", NULL);
	desk_set(NULL);
	desk_see(vt, "w004");
	desk_type(vt, "</>7-1203/1<Enter>");
	desk_see(vt, "B7");
	desk_type(vt, "<F3>1");
	desk_see(vt, "已送打印机");
	assert_non_null(strstr(read_file(in_folder("paper")), "档案目录卡片\n"));
	set_printer(false);
	desk_type(vt, "<P>2");
	desk_see(vt, "打印机没有接收");
	desk_close(vt);
}

/* The newest report, and the register, into a folder of the terminal. */
static void INC_04_a_report_is_a_pdf_in_one_key(void **state)
{
	char conf[64], said[48], path[160];
	struct vt *vt;
	struct stat st;
	int64_t no;

	(void)state;
	no = desk_number(desk_ask("night", "incident.open", "{\"kind\":\"other\",\"place\":\"lobby\",\"details\":\"张小明 · Nguyễn\"}"), "id");
	no = estate_number("SELECT no FROM incident WHERE id = %lld", (long long)no);
	snprintf(conf, sizeof(conf), "LODGE_PAPERS=%s", folder);
	desk_set(conf);
	vt = desk_open("hr", "en", NULL);
	desk_set(NULL);
	desk_see(vt, "QUEUES");
	desk_type(vt, "<:>incident register<Enter>");
	desk_see(vt, "lobby");
	desk_type(vt, "<D>");
	desk_see(vt, "Empty, to be filled in by hand.");
	desk_type(vt, "1");
	snprintf(said, sizeof(said), "report-%lld.pdf", (long long)no);
	desk_see(vt, said);
	snprintf(path, sizeof(path), "%s", in_folder(said));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_memory_equal(read_file(path), "%PDF-", 5);
	unlink(path);
	desk_type(vt, "<D>2");
	desk_see(vt, "register.pdf");
	assert_memory_equal(read_file(in_folder("register.pdf")), "%PDF-", 5);
	unlink(in_folder("register.pdf"));
	desk_close(vt);
}

static void ask_fine(const char *who, const char *method, const char *params)
{
	assert_non_null(node_get(desk_ask(who, method, params), "version"));
}

/* An approved loan of a free file. */
static int64_t approved(const char *file)
{
	char params[256];
	int64_t id;

	snprintf(params, sizeof(params), "{\"file\":\"%s\",\"act\":\"borrow\",\"purpose\":\"out-card\",\"requester\":\"tenants\"}", file);
	id = desk_number(desk_ask("tenants", "loan.request", params), "id");
	snprintf(params, sizeof(params), "{\"id\":%lld,\"version\":1}", (long long)id);
	ask_fine("manager", "loan.approve", params);
	return id;
}

static void LOAN_10_the_card_goes_round_from_hand_out_to_return(void **state)
{
	char file[64], script[200], said[64];
	struct vt *vt;
	int64_t id, card;

	(void)state;
	snprintf(file, sizeof(file), "%s", estate_free_file());
	id = approved(file);
	vt = desk_open("custodian", "en", NULL);
	desk_see(vt, "QUEUES");
	desk_type(vt, "<:>loan to_hand_out<Enter>");
	desk_see(vt, "Files to hand out");
	snprintf(script, sizeof(script), "</>%s<Enter>", file);
	desk_type(vt, script);
	desk_see(vt, "1 / ");
	desk_type(vt, "<o><Enter>");
	desk_see(vt, "Out-card no. ");
	card = estate_number("SELECT card FROM loan WHERE id = %lld AND state = 'issued'", (long long)id);
	snprintf(said, sizeof(said), "Out-card no. %lld", (long long)card);
	desk_see(vt, said);
	desk_type(vt, "<F4>");
	desk_see(vt, "File Loan Register > Out-card");
	snprintf(said, sizeof(said), "Out-card no.            %lld", (long long)card);
	desk_see(vt, said);
	for (int i = 0; i < 8 && !desk_shows(vt, "QUEUES"); i++)
		desk_type(vt, "<Esc>");
	snprintf(script, sizeof(script), "<r>%s<Enter>1<Tab>%lld<Enter>", file, (long long)card + 1);
	desk_type(vt, script);
	desk_see(vt, "This is not the number");
	assert_int_equal(estate_number("SELECT count(*) FROM loan WHERE id = %lld AND state = 'issued'", (long long)id), 1);
	for (int i = 0; i < 8 && !desk_shows(vt, "QUEUES"); i++)
		desk_type(vt, "<Esc>");
	snprintf(script, sizeof(script), "<r>%lld<Enter>", (long long)card);
	desk_type(vt, script);
	desk_see(vt, file);
	desk_type(vt, "1<Enter>");
	desk_see(vt, " saved 20");
	assert_int_equal(estate_number("SELECT count(*) FROM loan WHERE id = %lld AND state = 'returned'", (long long)id), 1);
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_goes_to_standard_output),
		cmocka_unit_test(a_slip_goes_to_a_new_file_of_its_owner),
		cmocka_unit_test(a_slip_goes_to_the_printer_of_lodge_conf),
		cmocka_unit_test(INC_06_a_file_called_pdf_is_one),
		cmocka_unit_test(INC_04_a_report_is_a_pdf_in_one_key),
		cmocka_unit_test(without_a_printer_the_slip_is_shown),
		cmocka_unit_test(with_a_printer_the_slip_is_sent),
		cmocka_unit_test(LOAN_10_the_card_goes_round_from_hand_out_to_return),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
