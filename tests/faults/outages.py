"""Requesters and an inspector use the pages while Redis or PostgreSQL is down."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.faults.kills import delivered_within
from tests.faults.results import Result, clear, counted, exactly
from tests.support.journey import HIDDEN, Visitor, over_http

ALL = 100


def world():
    """Load the reference data, and return an inspector and two officers."""
    from django.core.management import call_command

    from boroughs.models.bcus import BoroughCommandUnit
    from tests.support.factories import InspectorFactory, OfficerFactory

    call_command("load_reference_data", verbosity=0)
    bcu = BoroughCommandUnit.objects.get(code="AS")
    return InspectorFactory(bcu=bcu, password=None), [OfficerFactory(bcu=bcu, password="!") for _each in range(2)]


def redis_down(rig, *, submissions, schedulings, comes_back):
    """Run without Redis, or start it half way through."""
    name = (
        f"Redis {'started half way' if comes_back else 'never started'}, {submissions} asked, {schedulings} scheduled"
    )
    from bookings.models.bookings import Booking
    from outbox.models import Message

    clear(rig.mail)
    inspector, officers = world()
    earlier_messages = set(Message.objects.values_list("pk", flat=True))
    accepted_requests = 0
    for number in range(submissions):
        if comes_back and number == submissions // 2:
            rig.start_redis()
        accepted_requests += ask(rig)
    bookings = list(Booking.objects.filter(status="waiting").order_by("pk")[:schedulings])
    # One a day from the day after tomorrow, so that the last is within the eight weeks that the BCU allows.
    scheduled = sum(schedule(rig, inspector, officers, booking, days) for days, booking in enumerate(bookings, 2))
    written = list(Message.objects.exclude(pk__in=earlier_messages).values_list("pk", flat=True))
    delivered_within(written, 60)
    counts = counted(rig.mail, Message.objects.filter(pk__in=written).exclude(state="superseded"))
    accepted = ALL * (accepted_requests + scheduled) / (submissions + schedulings)
    return [
        exactly(name, "accepted", accepted, ALL, unit=" %"),
        exactly(name, "not sent", counts["lost"], 0),
        exactly(name, "sent twice", counts["twice"], 0),
        Result(name, "the last message sent after", counts["slowest"], most=60, unit=" s"),
    ]


def ask(rig):
    try:
        Visitor(over_http(f"localhost:{rig.port}")).ask_for_a_walk()
    except (AssertionError, OSError):
        return 0
    return 1


def schedule(rig, inspector, officers, booking, days):
    """Schedule a booking through the page, in the inspector's session. Return 1 if it succeeds, or else 0."""
    from bookings.request_form.confirmation import confirm_booking
    from bookings.triage.claims.actions import claim_booking
    from tests.support.form_data import plan_data

    confirm_booking(booking)
    claim_booking(booking, by=inspector, claimed_by_id=None)  # or the page asks why she opens it
    visitor = signed_in(rig, inspector)
    path = f"/staff/bookings/{booking.pk}/schedule/"
    try:
        plan = visitor.get(path) | plan_data(officers, days=days)
        status = visitor._request("POST", path, encoded(plan))[0]
    except (AssertionError, OSError):
        return 0
    return int(status == 302)


def signed_in(rig, officer):
    """Return a visitor with a session of this officer."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(officer)
    visitor = Visitor(over_http(f"localhost:{rig.port}"))
    visitor.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return visitor


def encoded(form):
    from urllib.parse import urlencode

    return urlencode(form, doseq=True)


def postgres_crashes(rig, *, submissions, crashes):
    """Crash the database repeatedly while requesters send their requests."""
    name = f"PostgreSQL crashed {crashes} times in {submissions}"
    from django.db import connection

    from bookings.models.bookings import Booking
    from outbox.models import Message

    clear(rig.mail)
    world()
    cookies = [draft() for _each in range(submissions)]
    accepted, back = [], 0.0
    with ThreadPoolExecutor(4) as pool:
        sent = []
        for number, (pk, cookie) in enumerate(cookies):
            sent.append(pool.submit(send, rig, pk, cookie))
            if number % (submissions // crashes) == submissions // crashes // 2:
                time.sleep(0.2)
                back = max(back, crash(rig))
        accepted = [pk for result in sent if (pk := result.result())]
    connection.close()
    bookings = Booking.objects.filter(draft_uuid__in=[pk for pk, _cookie in cookies])
    created = list(bookings.values_list("draft_uuid", flat=True))
    half = bookings.filter(contact=None) | bookings.filter(preferred_times=None) | bookings.filter(events=None)
    written = [Message.objects.filter(thread=f"requester:{pk}").count() for pk in bookings.values_list("pk", flat=True)]
    messages = Message.objects.filter(thread__in=[f"requester:{pk}" for pk in bookings.values_list("pk", flat=True)])
    delivered_within(list(messages.values_list("pk", flat=True)), 150)
    counts = counted(rig.mail, messages)
    return [
        Result(name, "accepted at the first attempt", len(accepted), least=submissions / 3),
        exactly(name, "accepted and lost", len(set(accepted) - set(created)), 0),
        exactly(name, "incomplete bookings", half.distinct().count() + sum(count != 1 for count in written), 0),
        exactly(name, "bookings made twice", len(created) - len(set(created)), 0),
        exactly(name, "messages lost", counts["lost"], 0),
        exactly(name, "messages sent twice", counts["twice"], 0),
        Result(name, "web answers again after", back, most=5, unit=" s"),
    ]


def draft():
    from bookings.models.drafts import Draft
    from tests.support.factories import in_days

    draft, cookie = Draft.objects.start()
    draft.answers = {
        "start": {"danger": "no"},
        "age": {"adult": "yes"},
        "area": {"borough": "E09000028", "ward": ""},
        "meeting-place": {"how": "place", "place": "Peckham Rye station"},
        "when": {"preferred_times": [[in_days(10).date().isoformat(), "18:30:00"]], "also": []},
        "name": {"name": "Maya"},
        "contact": {
            "channel": "full",
            "email": f"{draft.pk}@example.com",
            "phone": "",
            "phone_rules": [],
            "phone_times": "",
        },
        "needs": {"needs": [], "needs_details": ""},
    }
    draft.expires_at += datetime.timedelta(hours=1)
    draft.save()
    return draft.pk, cookie


def send(rig, pk, cookie):
    """Send a draft. Return its id if the requester was told that we have it, or else None."""
    from django.conf import settings

    visitor = Visitor(over_http(f"localhost:{rig.port}"))
    visitor.cookies[settings.ANSWERS_COOKIE_NAME] = cookie
    with suppress(OSError):
        status, page = visitor._request("GET", "/request/check/")
        if status == 200:
            status, _page = visitor._request("POST", "/request/check/", encoded(dict(HIDDEN.findall(page))))
            return pk if status == 302 else None
    return None


def crash(rig):
    """Crash PostgreSQL and start it again. Return the seconds until a page that needs it answers."""
    import signal

    rig.kill("postgres", signal.SIGQUIT)
    rig.start_postgres()
    began = time.monotonic()
    rig.wait(lambda: answers(rig), 30)
    return time.monotonic() - began


def answers(rig):
    with suppress(OSError):
        return over_http(f"localhost:{rig.port}")("GET", "/readyz")[0] == 200
    return False
