"""Delivery times of messages when nothing is wrong, and the time until an inspector sees a delivery problem.

docs/rules.md#messages and docs/rules.md#undelivered-messages
"""

import time

from tests.faults.outages import ask, schedule, signed_in, world
from tests.faults.results import Result, SentMessages, clear, exactly

SEEN_WITHIN = 120


def run(rig, *, submissions, scheduled, refused):
    """Send requests one after another; then schedule walks, some for requesters whose mail server refuses messages."""
    clear(rig.mail)
    inspector, officers = world()
    return [
        *_waits(rig, submissions),
        *_holds(rig, inspector, officers, scheduled),
        *_delivery_problem_lists(rig, inspector, officers, refused),
    ]


def _waits(rig, submissions):
    from outbox.models import Message
    from tests.faults.kills import delivered_within

    name = f"nothing broken, {submissions} asked"
    accepted = sum(ask(rig) for _each in range(submissions))
    requester_message = Message.objects.filter(thread__startswith="requester:")
    delivered_within(list(requester_message.values_list("pk", flat=True)), 60)
    handed = SentMessages(rig.mail)
    waits = [
        (at[0] - message.created_at).total_seconds() for message in requester_message if (at := handed.of(message))
    ]
    soon = sum(wait <= 10 for wait in waits)
    return [
        exactly(name, "accepted", accepted, submissions),
        Result(name, "sent within 10 s", 100 * soon / max(requester_message.count(), 1), least=95, unit=" %"),
        Result(name, "the longest wait", max(waits, default=0), least=0, unit=" s"),
    ]


def _holds(rig, inspector, officers, scheduled):
    """Schedule walks, of which nobody may hear before the hold is over, and everyone soon afterwards."""
    from outbox.models import Message
    from tests.faults.kills import delivered_within
    from tests.support.factories import BookingFactory

    name = f"{scheduled} walks scheduled, with a hold"
    fields = {"bcu": inspector.bcu, "borough": inspector.bcu.boroughs.order_by("pk").first(), "confirmed_at": None}
    for number in range(scheduled):
        booking = BookingFactory(**fields, contact__needs=[], contact__needs_details="")
        assert schedule(rig, inspector, officers, booking, days=28 + number)
    held = list(Message.objects.filter(is_held=True))
    delivered_within([message.pk for message in held], 60)
    handed = SentMessages(rig.mail)
    waits = [(at[0] - message.send_after).total_seconds() for message in held if (at := handed.of(message))]
    soon = sum(0 <= wait <= 10 for wait in waits)
    return [
        exactly(name, "held messages to requesters and officers", len(held), 3 * scheduled),
        exactly(name, "sent before their release", sum(wait < 0 for wait in waits), 0),
        Result(name, "sent within 10 s of their release", 100 * soon / max(len(held), 1), least=95, unit=" %"),
        Result(name, "the longest wait after it", max(waits, default=0), least=0, unit=" s"),
    ]


def _delivery_problem_lists(rig, inspector, officers, refused):
    """The server refuses half of the addresses before the content and half after it. Walks are a week or more away."""
    name = f"{refused} requesters whose mail server refuses"
    visitor = signed_in(rig, inspector)
    began, waits = {}, {}
    for number in range(refused):
        booking = _booking_with_refused_address(inspector.bcu, number)
        assert schedule(rig, inspector, officers, booking, days=8 + number)
        began[f"/staff/bookings/{booking.pk}/"] = time.monotonic()
    end = time.monotonic() + SEEN_WITHIN
    while len(waits) < refused and time.monotonic() < end:
        page = visitor._request("GET", "/staff/messages/?show=women")[1]
        waits |= {
            address: time.monotonic() - at for address, at in began.items() if address not in waits and address in page
        }
        time.sleep(0.5)
    return [
        exactly(name, "shown as a delivery problem", len(waits), refused),
        Result(name, "after at most", max(waits.values(), default=SEEN_WITHIN), most=SEEN_WITHIN, unit=" s"),
    ]


def _booking_with_refused_address(bcu, number):
    from tests.support.factories import BookingFactory

    how = "at550" if number % 2 else "550"
    return BookingFactory(
        bcu=bcu,
        borough=bcu.boroughs.order_by("pk").first(),
        confirmed_at=None,
        contact__email=f"woman.{number}+{how}@example.com",
        contact__needs=[],
        contact__needs_details="",
    )
