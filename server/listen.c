/*
 * listen.c - opens listening sockets and turns accepted ones into peers.
 *
 * Not for: limits on connections (peer.c). Trap: out of file descriptors or of room, a listening
 * socket stays readable and would turn the loop for ever; it rests until there is room again, and
 * who comes meanwhile waits in the kernel's backlog: at the change of shift all come at once.
 */
#include "server/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "common/log.h"
#include "server/peer.h"
#include "server/settings.h"
#include "server/tls.h"

enum { LISTENERS_MAX = 8, BACKLOG = 512 };

static struct listener {
	struct evconnlistener *evl;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* empty: no socket file */
	dev_t device;
	ino_t inode;
	bool resting; /* takes nobody until there is room again */
} listeners[LISTENERS_MAX];
static size_t nlisteners;

static void listener_rest(struct listener *listener)
{
	listener->resting = true;
	evconnlistener_disable(listener->evl);
}

static void unix_cb(struct evconnlistener *evl, evutil_socket_t fd, struct sockaddr *from, int len, void *ctx)
{
	(void)from;
	(void)len;
	struct bufferevent *bev = bufferevent_socket_new(evconnlistener_get_base(evl), fd, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		close(fd);
	else
		peer_new(bev, NULL);
	if (peer_is_full())
		listener_rest(ctx);
}

/* Answers are small and wanted at once; a client whose machine died is noticed in 15 s. */
static void socket_tune(int fd)
{
	static const struct { int level, name, value; } options[] = {
		{ .level = IPPROTO_TCP, .name = TCP_NODELAY, .value = 1 },
		{ .level = SOL_SOCKET, .name = SO_KEEPALIVE, .value = 1 },
		{ .level = IPPROTO_TCP, .name = TCP_KEEPIDLE, .value = 15 },
		{ .level = IPPROTO_TCP, .name = TCP_KEEPINTVL, .value = 5 },
		{ .level = IPPROTO_TCP, .name = TCP_KEEPCNT, .value = 3 },
		{ .level = IPPROTO_TCP, .name = TCP_USER_TIMEOUT, .value = 15000 },
	};
	for (size_t i = 0; i < NITEMS(options); i++)
		if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int)) != 0)
			log_warn("a socket option cannot be set: %s", strerror(errno));
}

static void tls_cb(struct evconnlistener *evl, evutil_socket_t fd, struct sockaddr *from, int len, void *ctx)
{
	(void)from;
	(void)len;
	socket_tune(fd);
	tls_accept(evconnlistener_get_base(evl), fd, peer_new);
	if (peer_is_full())
		listener_rest(ctx);
}

static void error_cb(struct evconnlistener *evl, void *ctx)
{
	(void)evl;
	log_warn("a connection cannot be accepted: %s", strerror(errno));
	listener_rest(ctx);
}

void listen_sweep(void)
{
	for (size_t i = 0; i < nlisteners && !peer_is_full(); i++) {
		if (listeners[i].resting)
			evconnlistener_enable(listeners[i].evl);
		listeners[i].resting = false;
	}
}

static enum err listener_take(struct listener *listener, struct evconnlistener *evl, const char *address)
{
	if (evl == NULL) {
		log_error("%s cannot be listened on: %s", address, strerror(errno));
		return ERR_REFUSED;
	}
	listener->evl = evl;
	evconnlistener_set_error_cb(evl, error_cb);
	nlisteners++;
	log_info("listening on %s", address);
	return OK;
}

static bool somebody_listens(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	bool is_live = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno == EAGAIN;
	close(fd);
	return is_live;
}

static enum err listen_unix(struct event_base *base, struct listener *listener, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;
	if (path[0] == '\0' || strlen(path) >= sizeof(address.sun_path)) {
		log_error("unix:%s: the path of a socket has 1 to 107 bytes", path);
		return ERR_INVALID;
	}
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (somebody_listens(&address)) {
		log_error("unix:%s: another server listens there", path);
		return ERR_REFUSED;
	}
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	mode_t before = umask(0117); /* 0660 from the first moment */
	struct evconnlistener *evl = evconnlistener_new_bind(base, unix_cb, listener,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, (struct sockaddr *)&address,
		(int)sizeof(address));
	int saved = errno;
	umask(before);
	errno = saved;
	enum err err = listener_take(listener, evl, path);
	if (err == OK && lstat(path, &st) == 0) {
		snprintf(listener->path, sizeof(listener->path), "%s", path);
		listener->device = st.st_dev;
		listener->inode = st.st_ino;
	}
	return err;
}

static enum err listen_tls(struct event_base *base, struct listener *listener, const char *host)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	int len = (int)sizeof(address);
	if (evutil_parse_sockaddr_port(host, (struct sockaddr *)&address, &len) != 0 ||
			strchr(host, ':') == NULL) {
		log_error("tls:%s: a numeric address and a port are needed, such as tls:0.0.0.0:7443", host);
		return ERR_INVALID;
	}
	enum err err = tls_open(settings.tls_certificate, settings.tls_key, settings.tls_ca);
	if (err != OK)
		return err;
	return listener_take(listener, evconnlistener_new_bind(base, tls_cb, listener,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG,
		(struct sockaddr *)&address, len), host);
}

enum err listen_add(struct event_base *base, const char *address)
{
	if (nlisteners >= LISTENERS_MAX) {
		log_error("more than %d addresses to listen on", LISTENERS_MAX);
		return ERR_INVALID;
	}
	struct listener *listener = &listeners[nlisteners];
	*listener = (struct listener){ .evl = NULL };
	if (strncmp(address, "unix:", 5) == 0)
		return listen_unix(base, listener, address + 5);
	if (strncmp(address, "tls:", 4) == 0)
		return listen_tls(base, listener, address + 4);
	log_error("%s is no address: unix:PATH or tls:ADDRESS:PORT", address);
	return ERR_INVALID;
}

void listen_close(void)
{
	for (size_t i = 0; i < nlisteners; i++) {
		struct stat st;
		evconnlistener_free(listeners[i].evl);
		/* Only our own file: a newer server may have put its socket there. */
		if (listeners[i].path[0] != '\0' && lstat(listeners[i].path, &st) == 0 &&
				st.st_dev == listeners[i].device && st.st_ino == listeners[i].inode)
			unlink(listeners[i].path);
	}
	nlisteners = 0;
	tls_close();
}
