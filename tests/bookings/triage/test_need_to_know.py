"""Need to know: a reason before an inspector opens what is not hers (docs/rules.md#need-to-know)."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.manage.who_looked import who_looked
from bookings.models.read_log import ReadLog
from bookings.need_to_know import SHIFT
from bookings.read_log import record_reason
from bookings.statuses import ReadReason
from bookings.triage.claims.actions import claim_booking, release_claim
from bookings.triage.reasons.forms import ANSWERS
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    WalkFactory,
    WardFactory,
    scheduled_booking,
)
from tests.support.staff_addresses import staff_address
from tests.support.staff_client import StaffClient, answer_reason, asks_for_reason

pytestmark = pytest.mark.django_db
NAME = "Zora Zimmermann"


@pytest.fixture
def as_inspector(inspector):
    """A client of an inspector that answers no question by itself."""
    client = StaffClient(gives_reasons=False)
    client.force_login(inspector)
    return client


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark, ward=WardFactory(borough=southwark), contact__name=NAME)


def page_of(booking):
    return staff_address("triage:booking", booking)


def lines_about(booking):
    return [(line.officer, line.reason, line.kinds) for line in ReadLog.objects.filter(booking=booking).order_by("pk")]


# --- The question -----------------------------------------------------------------------------------------------------


def test_question_shows_no_detail_and_writes_no_line(as_inspector, booking):
    asked = as_inspector.get(page_of(booking))

    assert asks_for_reason(asked)
    assert "Z., Nunhead &amp; Queen&#x27;s Road" in asked.text
    assert booking.spoken_reference in asked.text
    assert not [word for word in [NAME, "07700", "Peckham", "stick"] if word in asked.text]
    assert ReadLog.objects.count() == 0
    booking.response_target.refresh_from_db()
    assert booking.response_target.first_read_at is None


@pytest.mark.parametrize("why", ANSWERS)
def test_one_press_opens_the_page_and_later_lines_say_why(why, as_inspector, inspector, booking):
    answered = answer_reason(as_inspector, as_inspector.get(staff_address("triage:decline", booking)), why)
    opened = as_inspector.get(answered["Location"])
    as_inspector.get(page_of(booking))

    assert answered["Location"] == staff_address("triage:decline", booking)
    assert NAME in opened.text
    assert [(person, reason) for person, reason, _kinds in lines_about(booking)] == [(inspector, why)] * 3
    assert [look.why for look in who_looked(booking)] == [why.label]


def test_buttons_name_the_colleague_who_has_it(as_inspector, booking):
    unassigned = as_inspector.get(page_of(booking))
    ClaimFactory(booking=booking, officer__name="Bea Boateng")
    assigned = as_inspector.get(page_of(booking))

    assert "I’m covering for a colleague" in unassigned.text
    assert "I’m covering for Inspector Bea Boateng" in assigned.text
    assert "Ask Inspector Bea Boateng first" in assigned.text


@pytest.mark.parametrize(
    "name",
    ["triage:booking", "triage:decline", "scheduling:schedule", "triage:add_note", "delivery_problems:correct_address"],
)
def test_claiming_asks_nothing(name, as_inspector, inspector, booking):
    as_inspector.post(staff_address("triage:claim", booking), {"claimed_by_id": ""})

    assert NAME in as_inspector.get(staff_address(name, booking)).text


def test_claim_that_a_colleague_was_quicker_with_shows_no_detail(as_inspector, booking):
    ClaimFactory(booking=booking, officer__name="Bea Boateng")

    refused = as_inspector.post(staff_address("triage:claim", booking), {"claimed_by_id": ""})

    assert refused.status_code == 409
    assert asks_for_reason(refused)
    assert "Inspector Bea Boateng has been assigned this since" in refused.text
    assert NAME not in refused.text
    assert ReadLog.objects.count() == 0


def test_inspector_who_is_on_the_walk_is_not_asked(as_inspector, inspector, southwark):
    walk = WalkFactory(bcu=southwark.bcu, officers=[inspector])
    booking = scheduled_booking([inspector], borough=southwark, walk=walk, contact__name=NAME)

    assert NAME in as_inspector.get(page_of(booking)).text


def test_nominated_inspector_is_not_asked(southwark, camden, stranger):
    client = StaffClient(gives_reasons=False)
    client.force_login(stranger)
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger, contact__name=NAME)

    assert NAME in client.get(page_of(booking)).text


# --- How long an answer holds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("later", "is_asked"), [(-1, False), (1, True)])
def test_answer_holds_for_a_shift_however_often_the_page_is_opened(later, is_asked, inspector, booking):
    now = timezone.now()
    record_reason([booking.pk], ReadReason.COVER, by=inspector)

    def opens_it():
        client = StaffClient(gives_reasons=False)
        client.force_login(inspector)
        return client.get(page_of(booking))

    with time_machine.travel(now + SHIFT / 2, tick=False):
        opens_it()

    with time_machine.travel(now + SHIFT + datetime.timedelta(minutes=later), tick=False):
        assert asks_for_reason(opens_it()) is is_asked


def test_question_comes_again_once_a_claim_is_released(as_inspector, inspector, booking):
    claim_booking(booking, by=inspector, claimed_by_id=None)
    release_claim(booking, by=inspector)

    assert asks_for_reason(as_inspector.get(page_of(booking)))


def test_answer_of_a_colleague_does_not_count(as_inspector, bcu, booking):
    record_reason([booking.pk], ReadReason.COVER, by=InspectorFactory(bcu=bcu))

    assert asks_for_reason(as_inspector.get(page_of(booking)))


# --- Forms ------------------------------------------------------------------------------------------------------------


def test_form_sent_after_the_answer_expired_does_nothing_and_keeps_what_was_typed(as_inspector, booking):
    address = staff_address("triage:add_note", booking)

    refused = as_inspector.post(address, {"note": "She asked for Thursday."})
    again = as_inspector.get(answer_reason(as_inspector, refused)["Location"])

    assert refused.status_code == 409
    assert "We’ve kept what you typed" in refused.text
    assert booking.events.count() == 0
    assert "She asked for Thursday." in again.text
    assert "Nothing was saved yet" in again.text


@pytest.mark.parametrize("page", ["https://evil.example.com", "//evil.example.com", "no:page", ""])
def test_answer_leads_to_a_page_of_ours(page, as_inspector, booking):
    answered = as_inspector.post(staff_address("triage:give_reason", booking), {"why": ReadReason.COVER, "page": page})

    assert answered["Location"] == page_of(booking)


def test_number_is_not_shown_or_logged_without_an_answer(as_inspector, booking):
    asked = as_inspector.post(staff_address("triage:reveal_phone", booking))

    assert asks_for_reason(asked)
    assert asked.context["page"] == ""
    assert ReadLog.objects.count() == 0


def test_unknown_answer_is_no_answer(as_inspector, booking):
    as_inspector.post(staff_address("triage:give_reason", booking), {"why": ReadReason.DECIDE})

    assert ReadLog.objects.count() == 0


def test_stranger_gives_no_reason(client, stranger, booking):
    client.force_login(stranger)

    response = client.post(staff_address("triage:give_reason", booking), {"why": ReadReason.COVER})

    assert (response.status_code, ReadLog.objects.count()) == (404, 0)


# --- Walks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared_walk(southwark, team):
    walk = WalkFactory(bcu=southwark.bcu, officers=team)
    for name in (NAME, "Yara Young"):
        scheduled_booking(team, borough=southwark, walk=walk, contact__name=name)
    return walk


@pytest.mark.parametrize("name", ["walk", "walk_map", "briefing"])
def test_pages_of_a_walk_ask_once_for_all_of_its_requesters(name, as_inspector, shared_walk):
    address = staff_address(f"on_the_day:{name}", shared_walk)

    asked = as_inspector.get(address)
    before = ReadLog.objects.count()
    answered = answer_reason(as_inspector, asked)

    assert asks_for_reason(asked)
    assert not [word for word in (NAME, "Yara", "flower stall", "green lantern") if word in asked.text]
    assert before == 0
    assert answered["Location"] == address
    assert as_inspector.get(address).status_code == 200
    reasons = ReadLog.objects.filter(kinds__contains=["page"]).values_list("reason", flat=True)
    assert {*reasons} == {ReadReason.CHECK_WORK}


def test_number_on_a_walk_is_not_shown_or_logged_without_an_answer(as_inspector, shared_walk):
    booking = shared_walk.bookings.first()

    asked = as_inspector.post(reverse("on_the_day:reveal_phone", args=[shared_walk.pk, booking.pk]))

    assert asks_for_reason(asked)
    assert ReadLog.objects.count() == 0


def test_officers_of_a_walk_are_not_asked(client, officer, tonight):
    client = StaffClient(gives_reasons=False)
    client.force_login(officer)

    assert "Maya Example" in client.get(staff_address("on_the_day:walk", tonight.walk)).text


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_lists_keep_the_initial_after_an_answer(as_inspector, inspector, booking):
    record_reason([booking.pk], ReadReason.COVER, by=inspector)

    assert NAME not in as_inspector.get(reverse("triage:queue")).text
