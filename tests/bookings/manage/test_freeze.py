"""“This wasn’t me”: what a freeze stops, what goes on, and who lifts it (docs/rules.md#this-wasnt-me)."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.manage.freeze.actions import Unfreeze, freeze_booking, lift_freeze
from bookings.manage.pins.actions import reset_pin
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.models.read_log import ReadLog
from bookings.on_the_day.actions import set_off
from bookings.permissions import available_actions, requester_actions
from bookings.read_log import reveal_phone
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.booking_history import event_kinds, messages_to_requester
from tests.support.decisions import cancel_now
from tests.support.factories import BCUFactory, InspectorFactory, WalkFactory, in_days, scheduled_booking
from tests.support.requester_pages import PIN, create_page_link
from tests.support.spoken_with import BY_PHONE, IN_PERSON, agree, ring
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

LOCKED = "We’ve locked this page"


@pytest.fixture
def booking(southwark, officer, second_officer):
    return scheduled_booking([officer, second_officer], borough=southwark)


@pytest.fixture
def reviewer(booking):
    """The inspector of another BCU who looks into a freeze."""
    reviewer = InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))
    booking.bcu.nominated_inspector = reviewer
    booking.bcu.save()
    return reviewer


def freeze_link(booking):
    token = Link.objects.create_token(booking, Link.Purpose.FREEZE, expires_at=in_days(30))
    return reverse("manage:freeze", args=[token])


def test_get_freezes_nothing_and_the_button_does(client, booking):
    link = freeze_link(booking)

    asked = client.get(link)
    booking.refresh_from_db()
    was_frozen = booking.frozen_at
    pressed = client.post(link)

    booking.refresh_from_db()
    assert (asked.status_code, was_frozen) == (200, None)
    assert LOCKED in pressed.text
    assert booking.frozen_at is not None
    assert event_kinds(booking).count(EventKind.FROZEN) == 1


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
def test_freeze_stops_every_link_and_pin(client, booking, channel):
    booking.channel = channel
    booking.save()
    page, report = create_page_link(booking), freeze_link(booking)
    freeze_booking(booking)

    with_link = client.get(page)
    with_pin = client.post(page, {"pin": PIN})
    with_reference = client.post("/my-walk/", {"reference": booking.reference, "pin": PIN}, follow=True)
    again = client.post(report)

    for response in (with_link, with_pin, with_reference, again):
        assert LOCKED in response.text
        assert "Maya" not in response.text
        assert booking.walk.meeting_place not in response.text
        assert "tel:999" in response.text


def test_freeze_needs_no_pin_because_hers_may_be_dead(client, booking):
    """The person who reset her PIN and chose another must not be able to keep her from saying that it was not her."""
    booking.channel = Channel.DISCREET
    booking.save()
    link = freeze_link(booking)

    asked = client.get(link)
    pressed = client.post(link)

    booking.refresh_from_db()
    assert "Was it someone else?" in asked.text
    assert LOCKED in pressed.text
    assert booking.frozen_at is not None


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_link_sent_to_an_address_that_nobody_has_confirmed_freezes_nothing(is_confirmed, client, booking):
    booking.contact.address_unconfirmed_since = None if is_confirmed else timezone.now()
    booking.contact.save()
    email = booking.contact.email
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30), email=email)

    response = client.post(reverse("manage:freeze", args=[token]))

    booking.refresh_from_db()
    assert (booking.frozen_at is not None) == is_confirmed
    assert response.status_code == (200 if is_confirmed else 302)


def test_freeze_link_opens_nothing_but_the_freeze(client, booking):
    token = freeze_link(booking).split("/")[2]

    pages = [client.get(reverse(f"manage:{name}", args=[token])) for name in ("page", "cancel", "change_address")]

    assert [page.status_code for page in pages] == [404, 404, 404]


def test_freeze_cancels_nothing_and_restores_nothing(booking, officer, reviewer):
    before = (booking.status, booking.contact.email, booking.contact.pin_hmac, booking.walk.officers_phrase)

    freeze_booking(booking)

    booking.refresh_from_db()
    booking.walk.refresh_from_db()
    assert (booking.status, booking.contact.email, booking.contact.pin_hmac, booking.walk.officers_phrase) == before
    assert officer in booking.walk.live_officers()


def test_officers_keep_the_walk_and_its_buttons_but_not_her_number(
    client, officer, second_officer, southwark, reviewer
):
    walk = WalkFactory(
        bcu=southwark.bcu, officers=[officer, second_officer], start_at=timezone.now() + datetime.timedelta(minutes=20)
    )
    booking = scheduled_booking([officer, second_officer], borough=southwark, walk=walk)
    freeze_booking(booking)
    client.force_login(officer)

    page = client.get(f"/staff/walks/{walk.pk}/").text
    briefing = client.get(f"/staff/walks/{walk.pk}/briefing/").text
    set_off(walk, by=officer)

    walk.refresh_from_db()
    assert "Under review" in page
    assert not {word for word in ("Maya", "I use a stick.") if word in page + briefing}
    assert not ReadLog.objects.filter(officer=officer, booking=booking).exists()
    assert walk.meeting_place in page
    assert walk.officers_phrase in page
    assert walk.set_off_at is not None
    with pytest.raises(PermissionDenied):
        reveal_phone(booking, by=officer)


def test_officers_record_a_no_show_of_a_woman_under_review_beside_another(
    client, officer, second_officer, southwark, reviewer
):
    started = timezone.now() - datetime.timedelta(minutes=12)
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer, second_officer], start_at=started)
    hers, other = (scheduled_booking([officer, second_officer], borough=southwark, walk=walk) for _ in range(2))
    other.contact.name = "Nadia"
    other.contact.save()
    freeze_booking(hers)
    client.force_login(officer)

    page = client.get(f"/staff/walks/{walk.pk}/").text
    asked = client.get(f"/staff/walks/{walk.pk}/stop/").text
    client.post(
        reverse("on_the_day:record_no_show", args=[walk.pk, hers.pk]),
        {"waited_minutes": "10", "call_outcome": "no_answer"},
    )
    absent = client.get(f"/staff/walks/{walk.pk}/").text

    assert "Not here: the woman under review" in page
    assert "Nadia" in page
    assert "Under review" in asked
    assert "Maya" not in page + asked + absent
    assert "She came late" in absent


def test_team_sees_no_more_than_that_it_is_under_review(client, booking, inspector, reviewer):
    freeze_booking(booking)
    client.force_login(inspector)

    page = client.get(f"/staff/bookings/{booking.pk}/")
    queue = client.get("/staff/today/").text
    walk = client.get(f"/staff/walks/{booking.walk.pk}/").text

    assert page.status_code == 404
    assert "Under review" in queue
    assert "Under review" in walk
    assert booking.spoken_reference in queue
    for text in (queue, walk):
        assert "Maya" not in text
        assert "07700" not in text


def test_freeze_gives_the_booking_to_the_nominated_inspector_of_another_bcu(client, booking, reviewer):
    freeze_booking(booking)
    client.force_login(reviewer)

    queue = client.get("/staff/today/").text

    booking.refresh_from_db()
    assert booking.nominated_inspector == reviewer
    assert "“This wasn’t me.”" in queue
    assert f"/staff/bookings/{booking.pk}/" in queue


def test_freeze_takes_a_restricted_booking_from_the_inspector_who_had_it(booking, reviewer):
    third = InspectorFactory(bcu=BCUFactory(code="NW", name="North West"))
    booking.nominated_inspector = reviewer
    booking.save()

    freeze_booking(booking)

    booking.refresh_from_db()
    assert booking.nominated_inspector == third
    assert not Booking.objects.visible_to(reviewer).filter(pk=booking.pk).exists()


@pytest.mark.parametrize(("hours", "is_urgent"), [(23, True), (25, False)])
def test_freeze_alerts_the_reviewer_and_the_auditor(settings, team, southwark, hours, is_urgent):
    reviewer = InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))
    walk = WalkFactory(
        bcu=southwark.bcu, officers=team, minutes=30, start_at=timezone.now() + datetime.timedelta(hours=hours)
    )
    booking = scheduled_booking(team, borough=southwark, walk=walk)

    freeze_booking(booking)

    to_reviewer = Message.objects.get(kind="team_booking_frozen")
    to_auditor = Message.objects.get(kind="auditor_booking_frozen")
    assert (to_reviewer.recipient, to_auditor.recipient) == (reviewer.email, settings.AUDITOR_EMAIL)
    assert to_reviewer.subject.startswith("Ring her now" if is_urgent else "Under review")
    assert booking.spoken_reference in to_auditor.subject
    for message in (to_reviewer, to_auditor):
        words = message.subject + message.text + message.html
        assert [word for word in ("Maya", "07700", "Peckham") if word in words] == []


def test_nothing_is_written_to_her_while_it_is_frozen(booking, inspector, reviewer):
    freeze_booking(booking)
    unsent = messages_to_requester(booking).filter(state=State.PENDING, superseded_at=None)
    before = unsent.count()

    booking.refresh_from_db()

    assert (before, booking.can_be_emailed) == (0, False)
    assert requester_actions(booking, timezone.now()) == frozenset()
    assert {str(action) for action in available_actions(booking, reviewer, timezone.now())} == {
        "lift_freeze",
        "note",
        "safeguarding",
    }


def test_team_cannot_cancel_a_frozen_booking(booking, inspector, reviewer):
    freeze_booking(booking)

    with pytest.raises(PermissionDenied):
        cancel_now(booking, inspector, reason="illness")


def test_lifting_needs_the_number_and_makes_every_earlier_way_useless(client, booking, reviewer):
    page = create_page_link(booking)
    freeze_booking(booking)
    unfreeze = Unfreeze(spoken=BY_PHONE, email="", returns_to_team=True)
    booking.contact.phone_rules = ["call"]
    booking.contact.save()

    with pytest.raises(ActionError, match="Show her number first"):
        lift_freeze(booking, unfreeze, by=reviewer)
    ring(booking, reviewer)
    pin = lift_freeze(booking, unfreeze, by=reviewer)

    booking.refresh_from_db()
    old_pin = client.post("/my-walk/", {"reference": booking.reference, "pin": PIN})
    new_pin = client.post("/my-walk/", {"reference": booking.reference, "pin": pin}, follow=True)
    assert (booking.frozen_at, booking.nominated_inspector) == (None, None)
    assert client.get(page).status_code == 404
    assert old_pin.status_code == 422
    assert "Choose" in new_pin.text


def test_only_the_reviewer_lifts_a_freeze(booking, inspector, reviewer):
    freeze_booking(booking)
    ring(booking, reviewer)

    for nobody in (inspector, InspectorFactory(bcu=reviewer.bcu)):
        with pytest.raises(PermissionDenied):
            lift_freeze(booking, Unfreeze(spoken=BY_PHONE, email="", returns_to_team=True), by=nobody)


def test_page_lifts_the_freeze_after_the_call(client, booking, reviewer):
    booking.contact.phone_rules = ["call"]
    booking.contact.save()
    freeze_booking(booking)
    client.force_login(reviewer)
    page = f"/staff/bookings/{booking.pk}/lift-freeze/"
    answers = {"contact_method": "phone", "email": "amaya@example.com", "returns_to_team": "no"}

    first = client.get(page)
    unlooked = client.post(page, answers)
    shown = client.post(page, {"show": "yes"})
    second = InspectorFactory(bcu=reviewer.bcu)
    agree(booking, EventKind.UNFROZEN, BY_PHONE, by=reviewer, second=second, email="amaya@example.com")
    lifted = client.post(page, answers)

    booking.refresh_from_db()
    assert [response.status_code for response in (first, unlooked, shown, lifted)] == [200, 409, 200, 200]
    assert re.search(r'phrase__words">\d{3} \d{3}<', lifted.text)
    assert booking.nominated_inspector == reviewer
    assert booking.contact.email == "amaya@example.com"
    assert booking.contact.address_unconfirmed_since is not None


def test_lifting_in_person_needs_a_second_inspector(booking, reviewer):
    freeze_booking(booking)
    unfreeze = Unfreeze(spoken=IN_PERSON, email="", returns_to_team=True)

    with pytest.raises(ActionError, match="second inspector"):
        lift_freeze(booking, unfreeze, by=reviewer)
    second = InspectorFactory(bcu=reviewer.bcu)
    agree(booking, EventKind.UNFROZEN, IN_PERSON, by=reviewer, second=second)
    lift_freeze(booking, unfreeze, by=reviewer)

    lifted = booking.events.get(kind=EventKind.UNFROZEN)
    assert (lifted.by, lifted.approved_by, lifted.note) == (reviewer, second, "Peckham police station")


def test_lifting_with_a_new_address_needs_a_second_inspector(booking, reviewer):
    """No notice goes to her earlier address, so a reviewer alone could give her request to anyone."""
    freeze_booking(booking)
    ring(booking, reviewer)
    unfreeze = Unfreeze(spoken=BY_PHONE, email="reviewer@example.com", returns_to_team=True)

    with pytest.raises(ActionError, match="second inspector"):
        lift_freeze(booking, unfreeze, by=reviewer)
    booking.refresh_from_db()

    assert booking.frozen_at is not None
    assert booking.contact.email == "maya@example.com"


def test_lifting_with_the_address_on_file_needs_no_second_inspector(booking, reviewer):
    freeze_booking(booking)
    ring(booking, reviewer)

    lift_freeze(booking, Unfreeze(spoken=BY_PHONE, email="maya@example.com", returns_to_team=True), by=reviewer)

    booking.refresh_from_db()
    assert booking.frozen_at is None


def test_second_freeze_goes_to_another_inspector_than_the_one_who_lifted_the_first(booking, reviewer):
    other = InspectorFactory(bcu=BCUFactory(code="WA", name="West Area"))
    freeze_booking(booking)
    ring(booking, reviewer)
    lift_freeze(booking, Unfreeze(spoken=BY_PHONE, email="", returns_to_team=True), by=reviewer)

    freeze_booking(booking)

    booking.refresh_from_db()
    assert booking.nominated_inspector == other


def test_freeze_link_outlives_a_second_act_of_the_team(client, booking, inspector):
    """An insider who acts twice must not stop her from saying that it was not her."""
    booking.channel = Channel.DISCREET
    booking.save()
    spoken = ring(booking, inspector)
    reset_pin(booking, spoken, by=inspector)
    notice = Message.objects.get(kind="details_changed")
    link = re.search(r"https?://[^/\s]+(/\S+/wasnt-me/)", notice.text).group(1)
    ring(booking, inspector)
    reset_pin(booking, spoken, by=inspector)

    assert client.get(link.replace("/r/", "/my-walk/")).status_code == 200
    assert booking.status == Status.SCHEDULED
