/*
 * loop.c - `lodged serve`: starts the parts in order, turns the loop, stops them in reverse.
 *
 * Everything timed by the network side hangs on one tick, four times a second. Not for: work.
 * Trap: only start-up may refuse with exit 1; once `ready` is said, nothing from outside ends the
 * process but SIGTERM and SIGINT, and then answers under way still leave.
 */
#include "server/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <event2/event.h>

#include "common/i18n.h"
#include "common/log.h"
#include "server/auth.h"
#include "server/commands.h"
#include "server/crypt.h"
#include "server/dispatch.h"
#include "server/engine.h"
#include "server/lane.h"
#include "server/listen.h"
#include "server/peer.h"
#include "server/session.h"
#include "server/settings.h"

enum { TICK_MS = 250, STOP_S = 3, ADDRESSES_MAX = 8 };

static struct event_base *base;
static struct event *tick, *signals[2];
static double stop_at; /* 0: nobody asked to stop */
static bool is_finished; /* the engine wrote what was left; a tick later it has gone out */

static void tick_cb(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what, (void)ctx;
	double now = loop_now();
	peer_sweep(now);
	session_sweep(now);
	listen_sweep();
	if (stop_at == 0 || (peer_count() > 0 && now < stop_at))
		return;
	if (is_finished)
		event_base_loopbreak(base);
	else
		engine_finish();
	is_finished = true;
}

static void signal_cb(evutil_socket_t fd, short what, void *ctx)
{
	(void)what, (void)ctx;
	if (stop_at > 0)
		return;
	log_info("stopping on signal %d", (int)fd);
	stop_at = loop_now() + STOP_S;
	listen_close();
	peer_finish_all();
}

/* No core files with residents' data, no dead peers as signals, all the descriptors we may have. */
static void process_harden(void)
{
	struct rlimit limit = { .rlim_cur = 0, .rlim_max = 0 };
	signal(SIGPIPE, SIG_IGN);
	umask(0077);
	setrlimit(RLIMIT_CORE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
#ifndef __SANITIZE_ADDRESS__ /* its leak check attaches to the process */
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		log_warn("memory can be dumped: %s", strerror(errno));
#endif
}

static enum err serve_settings(void)
{
	struct buf text;
	buf_init(&text, 64 * 1024);
	enum err err = settings_load(command_conf(), &text);
	if (err != OK)
		fputs(text.data, stderr);
	buf_done(&text);
	if (err != OK)
		return err;
	i18n_open(settings.locale_dir != NULL && settings.locale_dir[0] != '\0' ? settings.locale_dir : NULL);
	err = settings_key_file(&text);
	if (err == OK)
		err = crypt_load(text.data);
	else
		log_error("neither key_file nor LODGE_STATE says where the key file is");
	buf_done(&text);
	return err;
}

static enum err serve_database(void)
{
	enum err err = settings_database();
	if (err == OK)
		err = lanes_open(base, "");
	return err == OK ? engine_start(base) : err;
}

/* Addresses of the command line, else of the configuration, else of the environment. */
static enum err serve_listen(const char *const *given, size_t n)
{
	enum err err = OK;
	for (size_t i = 0; i < n && err == OK; i++)
		err = listen_add(base, given[i]);
	if (n > 0)
		return err;
	const char *text = settings.listen != NULL && settings.listen[0] != '\0' ? settings.listen :
		getenv("LODGE_SERVER");
	char address[256];
	while (text != NULL && err == OK && text[strspn(text, " ")] != '\0') {
		text += strspn(text, " ");
		size_t len = strcspn(text, " ");
		snprintf(address, sizeof(address), "%.*s", (int)len, text);
		err = listen_add(base, address);
		text += len;
		n++;
	}
	if (n == 0)
		log_error("no address to listen on: server.listen, LODGE_SERVER or --listen");
	return n == 0 ? ERR_INVALID : err;
}

static enum err serve_timers(void)
{
	static const int numbers[NITEMS(signals)] = { SIGTERM, SIGINT };
	const struct timeval period = { .tv_usec = TICK_MS * 1000 };
	bool is_good = true;
	for (size_t i = 0; i < NITEMS(signals); i++) {
		signals[i] = evsignal_new(base, numbers[i], signal_cb, NULL);
		is_good = is_good && signals[i] != NULL && event_add(signals[i], NULL) == 0;
	}
	tick = event_new(base, -1, EV_PERSIST, tick_cb, NULL);
	is_good = is_good && tick != NULL && event_add(tick, &period) == 0;
	return is_good ? OK : ERR_NOMEM;
}

static void serve_stop(void)
{
	listen_close();
	lanes_close();
	engine_stop();
	auth_close();
	peer_close_all();
	session_free_all();
	crypt_unload();
	for (size_t i = 0; i < NITEMS(signals); i++)
		if (signals[i] != NULL)
			event_free(signals[i]);
	if (tick != NULL)
		event_free(tick);
	if (base != NULL) {
		event_base_loop(base, EVLOOP_NONBLOCK); /* it frees what was closed in a later turn */
		event_base_free(base);
	}
	conf_free(settings_keys, settings_nkeys);
	libevent_global_shutdown();
}

static enum err serve(const char *const *addresses, size_t n)
{
	enum err err = serve_settings();
	if (err != OK)
		return err;
	base = event_base_new();
	if (base == NULL)
		return ERR_NOMEM;
	err = serve_database();
	if (err == OK)
		err = auth_open(base);
	peer_set_handler(&dispatch_handler);
	if (err == OK)
		err = serve_timers();
	if (err == OK)
		err = serve_listen(addresses, n);
	if (err == OK) {
		puts("ready");
		fflush(stdout);
		event_base_dispatch(base);
	}
	return err;
}

int cmd_serve(int argc, char **argv)
{
	const char *addresses[ADDRESSES_MAX];
	size_t n = 0;
	for (int i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--listen") != 0 || i + 1 >= argc || n >= NITEMS(addresses)) {
			fputs("usage: lodged serve [--conf DIR] [--listen unix:PATH | tls:ADDRESS:PORT] …\n", stderr);
			return 2;
		}
		addresses[n++] = argv[i + 1];
	}
	process_harden();
	enum err err = serve(addresses, n);
	serve_stop();
	return err == OK ? 0 : 1;
}
