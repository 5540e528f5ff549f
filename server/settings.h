/*
 * settings.h - lodged.conf: the schema of every setting of the server, and its values.
 *
 * One table (settings_keys) holds type, range, default, unit and help of each setting; loading,
 * `lodged check` and the documentation read it. Not for: house policy (policy.conf).
 * Trap: the environment fills in only what the file leaves empty (LODGE_SERVER, PGHOST, …).
 */
#ifndef LODGE_SETTINGS_H
#define LODGE_SETTINGS_H

#include "common/buf.h"
#include "common/conf.h"

struct settings {
	char *listen;                   /* one or more addresses with blanks between */
	char *tls_certificate, *tls_key, *tls_ca;
	char *db_host, *db_name;
	char *key_file, *locale_dir;
	int64_t db_port, db_connect_s;
	int64_t frame_bytes, frame_bytes_stranger, answer_bytes, nesting;
	int64_t connections, connections_stranger, connections_terminal;
	int64_t requests_waiting, output_bytes, lane_queue;
	int64_t sign_in_s, frame_s, output_s, keep_alive_s, request_s;
	int64_t lock_interactive_s, lock_script_s; /* 0 = never */
};

extern struct settings settings;
extern const struct conf_key settings_keys[];
extern const size_t settings_nkeys;

/* Loads DIR/lodged.conf; findings as "FILE:LINE: text" lines in errors. */
enum err settings_load(const char *dir, struct buf *errors) MUST_CHECK;
/* Puts the settings of the database where libpq looks for what it is not told: PGHOST, PGPORT, PGDATABASE. */
enum err settings_database(void) MUST_CHECK;
/* Path of the key file: key_file, else LODGE_STATE/keys/lodge.key. ERR_REFUSED when neither says. */
enum err settings_key_file(struct buf *) MUST_CHECK;

#endif
