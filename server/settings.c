/*
 * settings.c - the table of the server's settings and how the environment completes it.
 *
 * Adding a setting: one row here, one member in settings.h, one line in conf/lodged.conf.
 * Not for: policy. Trap: limits here are ceilings of shape; limits of people are policy rows.
 */
#include "server/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings settings;

#define INT(p, member, low, high, d, u, h) \
	{ .path = (p), .type = CONF_INT, .min = (low), .max = (high), .def = (d), .unit = (u), \
	  .help = (h), .out = &settings.member }
#define STRING(p, member, d, h) \
	{ .path = (p), .type = CONF_STRING, .min = 0, .max = 1000, .def = (d), .help = (h), \
	  .out = &settings.member }

const struct conf_key settings_keys[] = {
	STRING("server.listen", listen, "", N_("Addresses to listen on: unix:PATH or tls:ADDRESS:PORT.")),
	STRING("server.tls_certificate", tls_certificate, "", N_("PEM file of the server's certificate.")),
	STRING("server.tls_key", tls_key, "", N_("PEM file of the server's private key.")),
	STRING("server.tls_ca", tls_ca, "", N_("PEM file of the authority that signs terminals.")),
	STRING("database.host", db_host, "", N_("Folder of the database socket, or host names.")),
	INT("database.port", db_port, 1, 65535, "5432", "", N_("Port of the database.")),
	STRING("database.name", db_name, "lodge", N_("Name of the database.")),
	INT("database.connect_timeout", db_connect_s, 1, 60, "2", "s", N_("Time to connect to a host.")),
	STRING("key_file", key_file, "", N_("File of the encryption key.")),
	STRING("locale_dir", locale_dir, "", N_("Folder of the compiled catalogues.")),
	INT("limits.frame_bytes", frame_bytes, 1024, 65536, "65536", "bytes", N_("One request line.")),
	INT("limits.frame_bytes_before_sign_in", frame_bytes_stranger, 1024, 4096, "4096", "bytes",
		N_("One request line before sign-in.")),
	INT("limits.answer_bytes", answer_bytes, 65536, 1048576, "1048576", "bytes", N_("One answer.")),
	INT("limits.nesting", nesting, 2, 16, "6", "", N_("Nesting of a request.")),
	INT("limits.connections", connections, 1, 4096, "600", "", N_("Connections in all.")),
	INT("limits.connections_before_sign_in", connections_stranger, 1, 4096, "64", "",
		N_("Connections that are not signed in.")),
	INT("limits.connections_a_terminal", connections_terminal, 1, 4096, "64", "",
		N_("Connections with the certificate of one terminal.")),
	INT("limits.requests_waiting", requests_waiting, 1, 64, "8", "",
		N_("Requests of one connection waiting for their answer.")),
	INT("limits.output_bytes", output_bytes, 65536, 4194304, "1048576", "bytes",
		N_("Answers waiting for a slow client before it is read no more.")),
	INT("limits.lane_queue", lane_queue, 16, 65536, "1024", "", N_("Calls waiting in one lane.")),
	INT("timeouts.sign_in", sign_in_s, 1, 120, "10", "s", N_("From connecting to being signed in.")),
	INT("timeouts.frame", frame_s, 1, 60, "5", "s", N_("From the first byte of a request to its end.")),
	INT("timeouts.output", output_s, 1, 120, "10", "s", N_("A client that takes no byte for so long is cut.")),
	INT("timeouts.keep_alive", keep_alive_s, 1, 600, "90", "s", N_("Silence that ends a connection.")),
	INT("timeouts.request", request_s, 1, 60, "5", "s", N_("After so long the answer is indeterminate.")),
	INT("timeouts.lock_interactive", lock_interactive_s, 0, 86400, "120", "s",
		N_("Idle time that locks a console; 0 = never.")),
	INT("timeouts.lock_script", lock_script_s, 0, 86400, "0", "s",
		N_("Idle time that locks a script session; 0 = never.")),
};
const size_t settings_nkeys = NITEMS(settings_keys);

enum err settings_load(const char *dir, struct buf *errors)
{
	struct buf path;
	buf_init(&path, 4096);
	buf_printf(&path, "%s/lodged.conf", dir);
	enum err err = path.failed ? ERR_TOO_BIG :
		conf_load(path.data, settings_keys, settings_nkeys, errors);
	buf_done(&path);
	return err;
}

static enum err put_variable(const char *name, const char *value)
{
	return setenv(name, value, 1) == 0 ? OK : ERR_NOMEM;
}

enum err settings_database(void)
{
	const char *port = getenv("PGPORT"), *database = settings.db_name != NULL ? settings.db_name : "lodge";
	bool has_host = settings.db_host != NULL && settings.db_host[0] != '\0';
	char number[24];
	enum err err = has_host ? put_variable("PGHOST", settings.db_host) : OK;
	/* The port belongs to the host: a host of the environment comes with the port of PGPORT. */
	snprintf(number, sizeof(number), "%" PRId64, settings.db_port);
	if (err == OK && (has_host || port == NULL || port[0] == '\0'))
		err = put_variable("PGPORT", number);
	return err == OK ? put_variable("PGDATABASE", database) : err;
}

enum err settings_key_file(struct buf *out)
{
	if (settings.key_file != NULL && settings.key_file[0] != '\0') {
		buf_puts(out, settings.key_file);
	} else {
		const char *state = getenv("LODGE_STATE");
		if (state == NULL || state[0] == '\0')
			return ERR_REFUSED;
		buf_printf(out, "%s/keys/lodge.key", state);
	}
	return out->failed ? ERR_TOO_BIG : OK;
}
