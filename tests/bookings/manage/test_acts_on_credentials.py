"""The routes that hear of each act on a requester's credentials and contact details.

docs/rules.md#acts-on-her-credentials
"""

import ast

import pytest
from django.conf import settings
from django.utils import timezone

from bookings.delivery_problems.actions import AddressCorrection, correct_address
from bookings.manage.contact.actions import (
    UnsafeInbox,
    change_email_address,
    report_unsafe_inbox,
    resume_messages,
    stop_messages,
)
from bookings.manage.freeze.actions import Unfreeze, freeze_booking, lift_freeze
from bookings.manage.pins.actions import choose_pin, issue_first_pin, reset_pin
from bookings.manage.security_history import security_history
from bookings.notices.threads import security_thread
from bookings.statuses import Channel, ContactMethod, EventKind
from bookings.triage.handover.actions import Handover, hand_over_booking
from bookings.triage.reassignment import reassign_booking
from outbox.models import Message
from tests.support.factories import BCUFactory, BookingFactory, InspectorFactory
from tests.support.requester_pages import create_page_link
from tests.support.spoken_with import BY_PHONE, IN_PERSON, agree, ring
from walkandtalk.lib import tokens

pytestmark = pytest.mark.django_db

OLD, NEW = "maya@example.com", "amaya@example.com"


def call(booking, act, spoken, *, by, email=""):
    """Make the act possible: ring the requester if she can be rung, and let a second inspector agree."""
    if spoken.method == ContactMethod.PHONE:
        ring(booking, by)
    agree(booking, act, spoken, by=by, second=InspectorFactory(bcu=by.bcu), email=email)


def do_reset_pin(booking, spoken, by):
    call(booking, EventKind.PIN_RESET, spoken, by=by)
    reset_pin(booking, spoken, by=by)


def do_correct_address(booking, spoken, by):
    call(booking, EventKind.ADDRESS_CORRECTED, spoken, by=by, email=NEW)
    correct_address(booking, AddressCorrection(email=NEW, spoken=spoken), by=by)


def do_issue_first_pin(booking, spoken, by):
    booking.events.create(kind=EventKind.REQUESTED, by=by)
    booking.contact.pin_hmac = ""
    booking.contact.save()
    issue_first_pin(booking, by=by)


def do_hand_over(booking, spoken, by):
    other = InspectorFactory(bcu=BCUFactory(code="A9", name="Another")).bcu
    hand_over_booking(booking, Handover(to=other, note=""), by=by, version=booking.version)


def do_reassign(booking, spoken, by):
    booking.nominated_inspector = InspectorFactory(is_active=False)
    booking.save()
    InspectorFactory(bcu=BCUFactory(code="A9", name="Another"))
    reassign_booking(booking)


def do_resume(booking, spoken, by):
    booking.contact.messages_stopped_at = booking.contact.messages_stopped_at or timezone.now()
    booking.contact.save()
    resume_messages(booking)


def do_lift_freeze(booking, spoken, by):
    reviewer = InspectorFactory(bcu=BCUFactory(code="A9", name="Another"))
    freeze_booking(booking)
    call(booking, EventKind.UNFROZEN, spoken, by=reviewer, email=NEW)
    lift_freeze(booking, Unfreeze(spoken=spoken, email=NEW, returns_to_team=True), by=reviewer)


OLD_ONLY, NEW_ONLY, BOTH, PAGE_ONLY = {OLD}, {NEW}, {OLD, NEW}, set()
ACTS = {
    # Acts of the team are announced where we could write before and after.
    "reset_pin": (do_reset_pin, OLD_ONLY),
    "issue_first_pin": (do_issue_first_pin, OLD_ONLY),
    "correct_address": (do_correct_address, BOTH),
    "hand_over_booking": (do_hand_over, OLD_ONLY),
    "reassign_booking": (do_reassign, OLD_ONLY),
    "lift_freeze": (do_lift_freeze, NEW_ONLY),
    # Her own acts never reach the address from before: someone else may read it.
    "choose_pin": (lambda booking, spoken, by: choose_pin(booking, pin="830295"), PAGE_ONLY),
    "change_email_address": (
        lambda booking, spoken, by: change_email_address(booking, email=NEW, is_verified=True),
        NEW_ONLY,
    ),
    "change_email_address without a PIN": (
        lambda booking, spoken, by: change_email_address(booking, email=NEW, is_verified=False),
        PAGE_ONLY,  # the message there asks whether it was her
    ),
    "report_unsafe_inbox": (
        lambda booking, spoken, by: report_unsafe_inbox(booking, UnsafeInbox(channel=Channel.DISCREET, new_pin="")),
        PAGE_ONLY,
    ),
    "stop_messages": (lambda booking, spoken, by: stop_messages(booking), PAGE_ONLY),
    "resume_messages": (do_resume, OLD_ONLY),
    "freeze_booking": (lambda booking, spoken, by: freeze_booking(booking), PAGE_ONLY),
}


WITHOUT_MESSAGES = ("reset_pin", "hand_over_booking", "reassign_booking", "choose_pin", "report_unsafe_inbox")
"""Acts that are possible where we may not write to her."""


def recipients_of_notices(booking):
    notices = Message.objects.in_thread(security_thread(booking))
    return {message.recipient for message in notices if message.kind == "details_changed"}


def waiting_booking(bcu, **fields):
    return BookingFactory(borough__bcu=bcu, **fields)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
@pytest.mark.parametrize("spoken", [BY_PHONE, IN_PERSON], ids=["by phone", "in person"])
def test_act_is_announced_to_these_routes_in_the_words_of_the_channel(act, channel, spoken, bcu, inspector):
    if act == "issue_first_pin" and channel == Channel.FULL:
        pytest.skip("A page without a PIN gets no first PIN.")
    booking = waiting_booking(bcu, channel=channel)
    do, expected = ACTS[act]

    do(booking, spoken, inspector)

    assert recipients_of_notices(booking) == expected
    for notice in Message.objects.in_thread(security_thread(booking)):
        words = f"{notice.subject} {notice.text} {notice.html}"
        assert ("/wasnt-me/" in notice.text) == (notice.recipient == OLD)  # nobody has confirmed the new address
        assert "Inspector" not in words
        assert (notice.sender == settings.DISCREET_FROM_EMAIL) == (channel == Channel.DISCREET)
        assert channel == Channel.FULL or "Maya" not in words


@pytest.mark.parametrize("act", WITHOUT_MESSAGES)
@pytest.mark.parametrize(
    "reached",
    [
        {"channel": Channel.NONE, "contact__email": "", "contact__email_hmac": ""},
        {"contact__messages_stopped_at": timezone.now()},
        {"channel": Channel.DISCREET, "contact__unsafe_email_hmac": tokens.index_hmac(OLD)},
    ],
    ids=["no email", "stopped", "unsafe inbox"],
)
def test_only_her_page_tells_of_it_where_we_may_not_write(act, reached, bcu, inspector):
    booking = waiting_booking(bcu, **reached)
    do, expected = ACTS[act]
    before = booking.events.count()

    do(booking, IN_PERSON, inspector)

    is_unsafe = bool(booking.contact.unsafe_email_hmac)
    assert recipients_of_notices(booking) == (expected - {OLD} if is_unsafe else set())
    assert booking.events.count() > before


@pytest.mark.parametrize("act", ACTS)
def test_her_page_shows_every_act(act, bcu, inspector):
    booking = waiting_booking(bcu, channel=Channel.DISCREET)

    ACTS[act][0](booking, BY_PHONE, inspector)

    assert security_history(booking)


def test_page_lists_the_acts_and_leads_to_the_freeze(bcu, inspector, client):
    booking = waiting_booking(bcu)
    do_reset_pin(booking, BY_PHONE, inspector)

    page = client.get(create_page_link(booking)).text

    assert "The team made a new PIN to read out to you" in page
    assert "/wasnt-me/" in page
    assert inspector.name not in page


def test_every_function_that_changes_credentials_has_a_row():
    fields = {"pin_hmac", "one_time_pin_hmac", "email", "channel", "phone", "phone_rules", "messages_stopped_at"}
    fields |= {"inbox_unsafe_at", "nominated_inspector", "bcu", "frozen_at", "unsafe_email_hmac"}
    helpers = {"set_one_time_pin", "_set_email_address", "replace_email_address", "reassign_walks"}

    found = set()
    for path in (settings.BASE_DIR / "bookings").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and (
                _saved_fields(function) & fields or _calls(function) & helpers
            ):
                found.add(function.name)

    assert found - helpers == {act.partition(" ")[0] for act in ACTS}


def _calls(function):
    """Return the names of the functions that this one calls."""
    return {getattr(node.func, "id", "") for node in ast.walk(function) if isinstance(node, ast.Call)}


def _saved_fields(function):
    """Return the names of the fields that `save_changes` sets in this function."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    saving = [call for call in calls if getattr(call.func, "id", "") == "save_changes"]
    return {keyword.arg for call in saving for keyword in call.keywords}
