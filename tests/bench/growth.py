"""How the database grows with `SIZE` bookings: bytes of each table a booking, and the time of each job and page.

The bookings spread over years, 10,000 in three weeks. Each has as many messages, events and readings as one that ended
with a walk. Messages are emptied already, as they are 90 days after the walk. docs/scale.md has the figures.
"""

import datetime
import logging
import os
import time

from tests.bench.figures import least_seconds
from tests.bench.measuring import inspector, measure, quieten, run_as_superuser, sign_in
from tests.bench.staff_pages import MANY, OPEN, add_bookings, add_closed_bookings, add_officers, addresses
from tests.support.journey import InProcess
from tests.support.stack import Stack

FEW = max(MANY // 100, 1_000)
MESSAGES, MORE_EVENTS, READS = 8, 1, 2  # of one booking
MESSAGES_SINCE = 435  # days, of which a job deletes those of the last 35
SLOW = 0.3
# The data are not precious, and whatever else is saved only makes filling slower.
QUICK_TO_FILL = (
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET max_wal_size = '8GB'",
    "ALTER SYSTEM SET checkpoint_timeout = '1h'",
    "SELECT pg_reload_conf()",
)
TABLES = """
SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC LIMIT 16
"""
COPY_MESSAGE = f"""
INSERT INTO outbox_message ({{columns}}, id, dedupe_key, message_id, thread, state, created_at, next_at, sent_at)
SELECT {{originals}}, gen_random_uuid(), 'copy-' || copy || '-' || uuid, gen_random_uuid() || '@example.com',
    'requester:' || uuid, 'sent', booking.asked_at + copy * interval '1 day', booking.asked_at, booking.asked_at
FROM bookings_booking AS booking, generate_series(1, {MESSAGES}) AS copy,
    (SELECT * FROM outbox_message WHERE dedupe_key = 'original') AS original
WHERE booking.asked_at > now() - interval '{MESSAGES_SINCE} days' AND booking.status = 'completed'
ORDER BY booking.asked_at, copy
"""
FILL = (
    """INSERT INTO outbox_attempt (message_id, number, step, at)
    SELECT id, 1, step, created_at FROM outbox_message, unnest(ARRAY['started', 'accepted']) AS step
    WHERE dedupe_key LIKE 'copy-%' ORDER BY outbox_message.number""",
    f"""INSERT INTO bookings_event (uuid, booking_id, kind, at, from_status, to_status, code)
    SELECT gen_random_uuid(), uuid, 'changed', asked_at + copy * interval '1 day', '', '', ''
    FROM bookings_booking, generate_series(1, {MORE_EVENTS}) AS copy WHERE status = 'completed' ORDER BY asked_at""",
    f"""INSERT INTO bookings_readlog (officer_id, booking_id, kinds, reason, at, request_id)
    SELECT (SELECT min(id) FROM boroughs_officer) + copy * 50 + floor(random() * 50)::int, uuid, ARRAY['page'],
        'review', asked_at + copy * interval '1 day', gen_random_uuid()
    FROM bookings_booking, generate_series(1, {READS}) AS copy WHERE status = 'completed' ORDER BY asked_at""",
    """INSERT INTO accounts_securityevent (kind, officer_id, at, change, route, reason)
    SELECT 'signed_in', (SELECT min(id) FROM boroughs_officer), asked_at, '', '', ''
    FROM bookings_booking WHERE status = 'completed' ORDER BY asked_at""",
    """INSERT INTO django_session SELECT md5(copy::text), 'x', now() - interval '1 hour'
    FROM generate_series(1, 200000) AS copy""",
    """INSERT INTO shared_cache SELECT copy::text, 'x', now() - interval '1 hour'
    FROM generate_series(1, 100000) AS copy""",
)
# As the copies are made, because changing a million rows afterwards would leave as many dead ones.
ERASE_OLD = """
CREATE FUNCTION erase_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_TABLE_NAME = 'walks_walk' THEN
        IF NEW.start_at < now() - interval '108 days' THEN NEW.erased_at := now(); END IF;
    ELSIF TG_TABLE_NAME = 'bookings_booking' THEN
        IF NEW.asked_at < now() - interval '120 days' THEN NEW.erased_at := now(); END IF;
    ELSIF NOT EXISTS (SELECT FROM bookings_booking WHERE uuid = NEW.booking_id AND erased_at IS NULL) THEN
        NEW.name := ''; NEW.email := ''; NEW.email_hmac := ''; NEW.name_keys := '{}'; NEW.place_keys := '{}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erase_old BEFORE INSERT ON walks_walk FOR EACH ROW EXECUTE FUNCTION erase_old();
CREATE TRIGGER erase_old BEFORE INSERT ON bookings_booking FOR EACH ROW EXECUTE FUNCTION erase_old();
CREATE TRIGGER erase_old BEFORE INSERT ON bookings_bookingcontact FOR EACH ROW EXECUTE FUNCTION erase_old();
"""


def main():
    with Stack() as stack:
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        from walkandtalk.wsgi import application

        logging.disable(logging.INFO)
        quieten(stack)
        run_as_superuser(stack, *QUICK_TO_FILL)
        send = InProcess(application, stack.url.removeprefix("http://"))
        teams = add_officers()
        add_bookings(teams, range(OPEN), is_open=True)
        add_bookings(teams, range(OPEN, FEW), is_open=False)
        pages = addresses()
        run_as_superuser(stack, ERASE_OLD)
        add_closed_bookings(teams, without={"Assignment"})
        fill(stack)
        show_tables()
        show_pages(stack, send, pages)
        show_jobs()
        show_tables()


def fill(stack):
    from django.db import connection

    from outbox.actions import NO_CONTENT
    from outbox.models import Message

    Message.objects.create(dedupe_key="original", kind="requester_scheduled", **NO_CONTENT)
    own = {"id", "number", "dedupe_key", "message_id", "thread", "state", "created_at", "next_at", "sent_at"}
    columns = [field.column for field in Message._meta.concrete_fields if field.column not in own]
    originals = ", ".join(f"original.{column}" for column in columns)
    connection.close()
    copy_messages = COPY_MESSAGE.format(columns=", ".join(columns), originals=originals)
    for statement in (copy_messages, *FILL, "VACUUM ANALYZE", "CHECKPOINT"):
        began = time.perf_counter()
        run_as_superuser(stack, statement)
        print(f"{time.perf_counter() - began:>8.0f} s  {' '.join(statement.split())[:60]}", flush=True)


def show_tables():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(TABLES)
        print(f"{'table':>30}{'rows':>12}{'rows MB':>10}{'indexes MB':>12}{'bytes a row':>13}")
        for name, rows, table, indexes in cursor.fetchall():
            each = (table + indexes) / max(rows, 1)
            print(f"{name:>30}{rows:>12,}{table / 1e6:>10.0f}{indexes / 1e6:>12.0f}{each:>13.0f}", flush=True)


def show_pages(stack, send, pages):
    from boroughs.models.officers import Officer

    who = {"inspector": sign_in(inspector()), "auditor": sign_in(Officer.objects.get(role=Officer.Role.AUDITOR))}
    measured = {name: (path, who["inspector"]) for name, path in pages.items()}
    measured |= {
        "read log": ("/staff/audit/", who["auditor"]),
        "unusual reading": ("/staff/audit/reports/", who["auditor"]),
        "security log": ("/staff/audit/security/", who["auditor"]),
        "home": ("/", ""),
    }
    for name, (queries, seconds) in measure(stack, send, measured).items():
        print(f"{name:>30}{queries:>5} queries{1000 * seconds:>8.0f} ms", flush=True)
    from bookings.triage.search.hits import find

    for words in ("Maya", "Maya Brixton", "zzzz"):
        seconds = least_seconds(lambda words=words: find(words, by=inspector()))
        print(f"{'search ' + words:>30}{1000 * seconds:>20.0f} ms", flush=True)


def show_jobs():
    """Run every job once, at 8am, when the digest is due, and print those that took long."""
    from django.conf import settings
    from django.db import Error, connection
    from django.utils.module_loading import import_string

    from walkandtalk.lib import london
    from walkandtalk.lib.database import deadlines

    now = london.first_instant(london.today(), datetime.time(8))
    deadlines.limits.statement = deadlines.JOB_STATEMENT_SECONDS  # not web's
    connection.close()
    for job in sorted(settings.JOBS):
        began, failed = time.perf_counter(), ""
        try:
            import_string(job)(now)
        except Error as error:
            failed = f"FAILED: {error}".split("\n")[0]
            connection.close()
        seconds = time.perf_counter() - began
        if failed or seconds > SLOW:
            print(f"{seconds:>8.1f} s  {job} {failed}", flush=True)


if __name__ == "__main__":
    main()
