#!/bin/sh
# Restore the newest backup beside the running server, see what it holds, and remove it. For postgres, once a month.
# DRILL_FOLDER needs as much free space as the database has.
set -eu

began=$(date +%s)
folder=$(mktemp -d "${DRILL_FOLDER:-/var/tmp}/drill.XXXXXX")
for bin in /usr/lib/postgresql/*/bin; do :; done # the last is the newest
finish() {
    "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT

mkdir -m 700 "$folder/data"
# This copy must never write to the repository of the real one.
pgbackrest --stanza=walkandtalk --pg1-path="$folder/data" --archive-mode=off restore
# Debian keeps these files elsewhere, so they aren't in the backup.
echo "local all all peer" >"$folder/data/pg_hba.conf"
touch "$folder/data/pg_ident.conf"
echo "listen_addresses = ''" >"$folder/data/postgresql.conf"
"$bin/pg_ctl" --pgdata="$folder/data" --wait --timeout=3600 --log="$folder/log" \
    --options="-k $folder -c shared_buffers=128MB" start >/dev/null
until psql --host="$folder" --dbname=walkandtalk --tuples-only --no-align --command "SELECT pg_is_in_recovery()" | grep -q f; do
    sleep 1
done
psql --host="$folder" --dbname=walkandtalk --tuples-only --no-align --command \
    "SELECT 'Bookings: ' || (SELECT count(*) FROM bookings_booking) || '. The loop was last alive at ' || max(at) FROM outbox_heartbeat"
echo "Restored in $(($(date +%s) - began)) seconds."
