"""The list from which an inspector opened a booking: her place in it, the next one, and its filters on every page."""

import datetime
import re

import pytest

from bookings.statuses import Status
from tests.support.factories import BookingFactory, ClaimFactory, OfficerFactory, scheduled_booking
from tests.support.form_data import schedule_data
from tests.support.page_text import page_text
from tests.support.query_counts import count_queries
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

MINE = "?state=mine&time=evening"
DECLINED = {"reason": "no_officers", "alternatives": ["other_time"], "version": 1}
PAGES = (
    "triage:booking",
    "scheduling:schedule",
    "scheduling:offer_times",
    "scheduling:offer_place",
    "scheduling:offer_recurring_walk",
    "triage:hand_over",
    "triage:decline",
    "triage:add_note",
    "triage:mark_safeguarding",
)


@pytest.fixture
def hers(southwark, inspector):
    """Three bookings of the inspector, in the order of the queue, and one at midday."""
    bookings = [_claimed(southwark, inspector, days=days) for days in (10, 11, 12)]
    _claimed(southwark, inspector, days=9, start=datetime.time(12))
    return bookings


def _claimed(borough, inspector, *, days, start=datetime.time(18, 30)):
    needed_at = london.to_instant(london.today() + datetime.timedelta(days=days), start)
    booking = BookingFactory(borough=borough, walk_needed_at=needed_at, answer_due_at=needed_at)
    booking.preferred_times.update(date=london.local(needed_at).date(), start=start)
    ClaimFactory(booking=booking, officer=inspector)
    return booking


def test_booking_page_says_its_place_and_leads_to_its_neighbours(as_inspector, hers):
    response = as_inspector.get(staff_address("triage:booking", hers[1]) + MINE)

    position = response.context["position"]
    assert (position.label, position.number) == ("Mine", "2 of 3")
    assert (position.previous, position.next) == (hers[0].pk, hers[2].pk)
    assert f'rel="next" data-key="j" href="{staff_address("triage:booking", hers[2])}?state=mine&amp;time=evening"' in (
        re.sub(r"\s+", " ", response.text)
    )


def test_position_without_filters_counts_the_whole_tab(as_inspector, hers):
    position = as_inspector.get(staff_address("triage:booking", hers[1]) + "?state=mine").context["position"]

    assert position.number == "3 of 4"


@pytest.mark.parametrize("needs", ["step_free", "any"])
def test_position_in_a_list_by_needs(needs, as_inspector, hers):
    address = staff_address("triage:booking", hers[2])

    position = as_inspector.get(f"{address}{MINE}&needs={needs}").context["position"]

    assert (position.number, position.previous, position.next) == ("3 of 3", hers[1].pk, None)


def test_booking_outside_the_list_has_no_place_but_neighbours(as_inspector, southwark, inspector, hers):
    other = BookingFactory(borough=southwark, status=Status.DECLINED, walk_needed_at=hers[0].walk_needed_at)
    ClaimFactory(booking=other, officer=inspector)

    position = as_inspector.get(staff_address("triage:booking", other) + "?state=mine").context["position"]

    assert position.number == ""


@pytest.mark.parametrize("query", ["", "?time=evening", "?state=<script>", "?state=mine%26x=1"])
def test_address_without_a_list_has_no_position(query, as_inspector, hers):
    response = as_inspector.get(staff_address("triage:booking", hers[0]) + query)

    assert response.context["position"] is None
    assert "and next" not in response.text


def test_position_never_leads_to_a_booking_of_another_bcu(as_inspector, hers, camden):
    for days in (8, 13):
        needed_at = hers[0].walk_needed_at + datetime.timedelta(days=days - 10)
        BookingFactory(borough=camden, walk_needed_at=needed_at, answer_due_at=needed_at)

    position = as_inspector.get(staff_address("triage:booking", hers[2]) + "?state=open").context["position"]

    assert (position.number, position.next) == ("4 of 4", None)


def test_position_takes_one_query(as_inspector, hers):
    address = staff_address("triage:decline", hers[1])

    with_list = count_queries(as_inspector, address, {"state": "mine"})

    assert with_list == count_queries(as_inspector, address) + 1 <= 15


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_form_about_the_booking_keeps_the_filters(page, as_inspector, hers):
    text = as_inspector.get(staff_address(page, hers[1]) + MINE).text

    page_itself = text[text.index("</header>") :]
    kept = re.findall(r'(?:href|action)="(/staff/bookings/[^"]*)"', page_itself)
    assert kept
    assert [link for link in kept if "?state=mine&amp;time=evening" not in link] == []


def test_queue_rows_carry_the_filters(as_inspector, hers):
    text = as_inspector.get(f"/staff/bookings/{MINE}").text

    links = re.findall(rf'href="(/staff/bookings/{hers[0].pk}/[^"]*)"', text)
    assert set(links) == {
        f"/staff/bookings/{hers[0].pk}/?state=mine&amp;time=evening",
        f"/staff/bookings/{hers[0].pk}/schedule/?state=mine&amp;time=evening",
    }


def test_claim_and_reason_lead_back_with_the_filters(as_inspector, southwark):
    booking, query = BookingFactory(borough=southwark), "?state=unassigned"
    as_inspector.gives_reasons = False
    page = as_inspector.get(staff_address("triage:decline", booking) + query)

    reason = as_inspector.post(
        staff_address("triage:give_reason", booking) + query, {"why": "cover", "page": "triage:decline"}
    )
    claimed = as_inspector.post(staff_address("triage:claim", booking) + query, {"claimed_by_id": ""})

    assert f"{staff_address('triage:claim', booking)}{query}" in page.text
    assert reason.url == staff_address("triage:decline", booking) + query
    assert claimed.url == staff_address("triage:booking", booking) + query


def test_decline_and_next_opens_the_next_booking_at_the_same_decision(as_inspector, hers):
    response = as_inspector.post(staff_address("triage:decline", hers[0]) + MINE, {**DECLINED, "then": "next"})

    hers[0].refresh_from_db()
    assert hers[0].status == Status.DECLINED
    assert response.url == staff_address("triage:decline", hers[1]) + MINE


def test_schedule_and_next_goes_through_the_list_and_ends_in_it(as_inspector, bcu, hers):
    pages = []
    for booking, days in zip(hers, (10, 11, 12), strict=True):
        team = OfficerFactory.create_batch(2, bcu=bcu)
        data = schedule_data(team, days=days, time="1", then="next")
        pages.append(as_inspector.post(staff_address("scheduling:schedule", booking) + MINE, data).url)
    queue = as_inspector.get(pages[-1])

    assert pages == [
        staff_address("scheduling:schedule", hers[1]) + MINE,
        staff_address("scheduling:schedule", hers[2]) + MINE,
        f"/staff/bookings/{MINE}",
    ]
    assert "That was the last booking in “Mine”." in page_text(queue.text)


def test_second_button_saves_and_stays(as_inspector, hers):
    response = as_inspector.post(staff_address("triage:decline", hers[0]) + MINE, DECLINED)

    assert response.url == staff_address("triage:booking", hers[0]) + MINE


def test_next_opens_the_bookings_own_page_if_the_decision_is_not_possible_there(as_inspector, inspector, hers):
    hers[1].confirmed_at = None
    hers[1].save(update_fields=["confirmed_at"])
    data = schedule_data(OfficerFactory.create_batch(2, bcu=hers[0].bcu), days=10, time="1", then="next")

    response = as_inspector.post(staff_address("scheduling:schedule", hers[0]) + MINE, data)

    assert response.url == staff_address("triage:booking", hers[1]) + MINE


def test_hand_over_and_next_opens_the_next_booking(as_inspector, hers, camden):
    data = {"to": camden.bcu.pk, "note": "She walks there.", "version": 1, "then": "next"}

    response = as_inspector.post(staff_address("triage:hand_over", hers[0]) + MINE, data)

    assert response.url == staff_address("triage:hand_over", hers[1]) + MINE


def test_refused_decision_stays_with_its_filters(as_inspector, hers):
    response = as_inspector.post(staff_address("triage:decline", hers[0]) + MINE, {"version": 1, "then": "next"})

    assert response.status_code == 422
    assert "Decline and next" in page_text(response.text)


def test_closed_page_leads_back_with_the_filters(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    response = as_inspector.get(staff_address("triage:decline", booking) + "?state=scheduled")

    assert response.url == staff_address("triage:booking", booking) + "?state=scheduled"
