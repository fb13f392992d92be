"""Everything that staff and the clock do with a database, once, in production's settings. Prints what failed as JSON.

`tests.operate.pgbouncer` runs it in a process of its own.
"""

import json
import time

import django

PAGES = {
    "inspector": [
        "/staff/today/",
        "/staff/bookings/",
        "/staff/walks/",
        "/staff/calendar/",
        "/staff/map/",
        "/staff/concerns/",
        "/staff/figures/",
        "/staff/figures.csv",
    ],
    "lead": ["/staff/figures/", "/staff/figures.csv", "/staff/today/london/"],
    "auditor": ["/staff/audit/", "/staff/audit/security/", "/staff/audit/reports/"],
    "administrator": ["/admin/", "/admin/boroughs/officer/", "/admin/boroughs/borough/"],
}


def main():
    django.setup()
    from django.conf import settings

    settings.REQUIRE_SECOND_FACTOR = False  # it has its own tests
    people = make_people()
    tries = [*journey(people), *pages(people), *iterators(people["inspector"]), *jobs()]
    errors = [f"{what}: {error}" for what, error in ((what, attempt(act)) for what, act in tries) if error]
    print(json.dumps({"tried": len(tries), "errors": errors}))


def attempt(act):
    try:
        act()
    except Exception as error:  # noqa: BLE001  # whatever fails is a figure of this run
        return repr(error)
    return ""


def make_people():
    from boroughs.models.bcus import BoroughCommandUnit
    from tests.support import people
    from tests.support.factories import InspectorFactory, OfficerFactory

    bcu = BoroughCommandUnit.objects.get(code="AS")
    return {
        "inspector": InspectorFactory(bcu=bcu, password=None),
        "officers": [OfficerFactory(bcu=bcu, password="!") for _each in range(2)],
        "lead": people.make_lead(),
        "auditor": people.make_auditor(),
        "administrator": people.make_administrator(),
    }


def journey(people):
    """Confirm a request, claim it, schedule it through the page, and wait until both have been told."""
    from bookings.models.bookings import Booking
    from bookings.request_form.confirmation import confirm_booking
    from bookings.triage.claims.actions import claim_booking
    from outbox.models import Message
    from tests.support.factories import BookingFactory
    from tests.support.form_data import schedule_data

    inspector = people["inspector"]
    booking = BookingFactory(bcu=inspector.bcu, borough=inspector.bcu.boroughs.first())

    def schedule():
        booking.refresh_from_db()
        plan = schedule_data(people["officers"], version=booking.version)
        answer = client(inspector).post(f"/staff/bookings/{booking.pk}/schedule/", plan)
        assert answer.status_code == 302, answer.status_code
        booking.refresh_from_db()
        assert booking.status == "scheduled"

    def wait_for_mail():
        deadline = time.monotonic() + 60
        about = Message.objects.filter(thread__endswith=booking.walk_id)
        while about.exclude(state="sent").exists() or not about.exists():
            assert time.monotonic() < deadline, list(about.values_list("kind", "state"))
            time.sleep(0.1)

    return [
        ("confirm", lambda: confirm_booking(Booking.objects.get(pk=booking.pk))),
        ("claim", lambda: claim_booking(booking, by=inspector, claimed_by_id=None)),
        ("schedule", schedule),
        ("mail of a walk", wait_for_mail),
    ]


def pages(people):
    def visit(role, path):
        answer = client(people[role]).get(path)
        assert answer.status_code == 200, answer.status_code
        b"".join(answer.streaming_content) if answer.streaming else answer.content

    return [(path, lambda role=role, path=path: visit(role, path)) for role, paths in PAGES.items() for path in paths]


def client(officer):
    from tests.support.production import HOST
    from tests.support.staff_client import StaffClient

    session = StaffClient(SERVER_NAME=HOST, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_FOR="198.51.100.7")
    session.force_login(officer)
    return session


def iterators(inspector):
    """Read in chunks outside of a transaction, which a cursor of the server would not survive."""
    from audit.listings import RowsListing
    from bookings.models.events import Event
    from bookings.triage.search.hits import find

    rows = Event.objects.order_by("-at")
    return [
        ("iterator", lambda: list(Event.objects.iterator(chunk_size=1))),
        ("download of the auditor", lambda: list(RowsListing(rows, ("-at",), list).lines(most=1000))),
        ("search", lambda: find("Maya Peckham", by=inspector)),
    ]


def jobs():
    from django.conf import settings
    from django.utils import timezone
    from django.utils.module_loading import import_string

    return [(job, lambda job=job: import_string(job)(timezone.now())) for job in settings.JOBS]


if __name__ == "__main__":
    main()
