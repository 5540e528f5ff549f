#!/bin/sh
# toy.sh PROGRAMS TOY TEST: a house of its own gets one book more, as any house would.
#
# The ordinary programs make the stack; the table comes from `lodged docs --ddl toy`; then the
# programs that know the book migrate the house and serve it, and TEST looks at it.
# Not for: the stack of the other tests. Trap: as root the system users must reach the folder.
set -eu
state=$(mktemp -d "${TMPDIR:-/tmp}/lodge-toy.XXXXXX")
sockets=
chmod 755 "$state"
export LODGE_STATE="$state"
done_with() {
	status=$?
	trap - EXIT
	LODGE_PROGRAMS=$2 ./run down 2>/dev/null || :
	rm -rf "$state" $sockets
	exit $status
}
trap 'done_with "$@"' EXIT
trap 'exit 130' INT TERM HUP

LODGE_PROGRAMS=$1 ./run up
eval "$(LODGE_PROGRAMS=$1 ./run env)"
sockets="$PGHOST $(dirname "${LODGE_SERVER#unix:}")"
{ echo 'SET ROLE lodge_owner;'; "$2/lodged" docs --ddl toy; } |
	psql -X -q -v ON_ERROR_STOP=1 -U postgres
LODGE_PROGRAMS=$2 ./run up
eval "$(LODGE_PROGRAMS=$2 ./run env)"
"$3"
