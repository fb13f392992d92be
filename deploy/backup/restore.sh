#!/bin/sh
# Restore the database to a moment, or to the last that reached the repository. For postgres, while the server is
# stopped. What is in the data folder is replaced. More options go to pgBackRest.
#
#     restore.sh latest
#     restore.sh "2026-11-30 10:05:00+00"
set -eu

target=${1:?"say latest, or a time with its offset, like 2026-11-30 10:05:00+00"}
shift
case $target in
latest) ;;
*:*[+-][0-9][0-9] | *:*[+-][0-9][0-9]:[0-9][0-9]) set -- --type=time --target="$target" --target-action=promote "$@" ;;
*)
    echo "Give the time with its offset from UTC, like 2026-11-30 10:05:00+00." >&2
    exit 2
    ;;
esac
exec pgbackrest --stanza=walkandtalk --delta "$@" restore
