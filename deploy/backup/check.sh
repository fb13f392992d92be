#!/bin/sh
# Fail, with a sentence, if a restore would lose more than it may. For a monitor that runs it as postgres every five minutes.
set -eu

oldest_backup=${OLDEST_BACKUP:-93600} # seconds: a backup each day, and two hours to make it
oldest_wal=${OLDEST_WAL:-300}         # seconds of data that may be lost

fail() {
    echo "Backup: $*" >&2
    exit 1
}

info=$(pgbackrest --stanza=walkandtalk --output=json info)
last=$(printf %s "$info" | grep -o '"stop":[0-9]*' | cut -d: -f2 | sort -n | tail -n 1)
[ -n "$last" ] || fail "there is none. See docs/backup.md#setting-it-up."
age=$(($(date +%s) - last))
[ "$age" -le "$oldest_backup" ] || fail "the newest is $((age / 3600)) hours old."

# WAL that waited for too long was dropped, and PostgreSQL believes that it was archived. A backup since then mends it.
began=$(printf %s "$info" | grep -o '"start":[0-9][0-9]*' | cut -d: -f2 | sort -n | tail -n 1)
dropped=$(cat "${PGBACKREST_LOG_PATH:-/var/log/pgbackrest}"/walkandtalk-archive-push*.log 2>/dev/null |
    awk -v since="$(date -d "@$began" '+%Y-%m-%d %H:%M:%S')" '/dropped WAL file/ && $1 " " $2 > since' | wc -l)
[ "$dropped" -eq 0 ] || fail "WAL was dropped. Make a full backup: docs/backup.md#if-the-repository-was-away-for-long."

# Without a change there is no WAL, so ask for a segment and see whether it arrives.
pgbackrest --stanza=walkandtalk check || fail "WAL doesn't reach the repository."
behind=$(psql --dbname=postgres --tuples-only --no-align --command \
    "SELECT coalesce(extract(epoch FROM now() - last_archived_time)::int, 0) FROM pg_stat_archiver")
[ "$behind" -le "$oldest_wal" ] || fail "no WAL has left for $behind seconds."
echo "Backup: the newest is $((age / 60)) minutes old, and WAL left $behind seconds ago."
