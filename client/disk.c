/*
 * disk.c - see disk.h.
 *
 * Not for: what the bytes mean. Trap: a link in place of the file is refused, or somebody else's file would be read.
 */
#include "client/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err disk_sync_folder(const char *path)
{
	char *folder = strdup(path), *slash = folder != NULL ? strrchr(folder, '/') : NULL;
	enum err err = ERR_DEGRADED;
	int fd;

	if (slash != NULL)
		slash[slash == folder ? 1 : 0] = '\0';
	fd = folder != NULL ? open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd >= 0 && fsync(fd) == 0)
		err = OK;
	if (fd >= 0)
		close(fd);
	free(folder);
	return err;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

enum err disk_replace(const char *path, const void *bytes, size_t n)
{
	size_t cap = strlen(path) + sizeof ".new";
	char *fresh = malloc(cap);
	enum err err = ERR_DEGRADED;
	int fd;

	if (fresh == NULL)
		return ERR_NOMEM;
	snprintf(fresh, cap, "%s.new", path);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && fchmod(fd, 0600) == 0 && write_all(fd, bytes, n) && fsync(fd) == 0 && rename(fresh, path) == 0)
		err = disk_sync_folder(path);
	if (fd >= 0)
		close(fd);
	if (err != OK)
		unlink(fresh);
	free(fresh);
	return err;
}

static enum err read_all(int fd, char *bytes, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = read(fd, bytes + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_DEGRADED;
		have += (size_t)got;
	}
	bytes[n] = '\0';
	return OK;
}

enum err disk_read(const char *path, size_t most, char **bytes, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err err = ERR_DEGRADED;
	struct stat st;
	char *all = NULL;

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_DEGRADED;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		err = (size_t)st.st_size > most ? ERR_TOO_BIG : OK;
	if (err == OK)
		all = malloc((size_t)st.st_size + 1);
	if (err == OK)
		err = all != NULL ? read_all(fd, all, (size_t)st.st_size) : ERR_NOMEM;
	close(fd);
	if (err != OK) {
		free(all);
		return err;
	}
	*bytes = all;
	*n = (size_t)st.st_size;
	return OK;
}
