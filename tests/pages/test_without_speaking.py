"""No page for a requester gives a number to call alone: text relay and the team's text number stand beside it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.on_the_day.actions import report_nobody_came
from bookings.statuses import DeclineReason, Status
from boroughs.models.bcus import BoroughCommandUnit
from tests.support.access_table import names_of_staff_pages
from tests.support.addresses import every_name
from tests.support.factories import BookingFactory, WalkFactory, scheduled_booking
from tests.support.page_responses import PageResponse
from tests.support.page_text import page_text
from tests.support.special_pages import special_pages
from tests.support.world import token_for

DUTY_NUMBER = "020 7946 0101"
RELAY = f"18001 {DUTY_NUMBER} in the Relay UK app"
TEXT_NUMBER = 'href="sms:07700900456">07700 900 456</a>'


@pytest.fixture
def pages(world):
    """Every page for the public, with the name of its address or what it shows."""
    BoroughCommandUnit.objects.update(text_number="07700 900 456")
    special = special_pages(world)
    del special["decided too late"]  # an inspector reads it
    officers = [world.people["on_it"]]
    walk = WalkFactory(bcu=officers[0].bcu, start_at=timezone.now() - datetime.timedelta(hours=3))
    alone = scheduled_booking(officers, walk=walk)
    report_nobody_came(alone)
    declined = BookingFactory(status=Status.DECLINED, outcome_code=DeclineReason.NO_OFFICERS)
    waiting = BookingFactory()
    client = world.enter("signed_out")
    shown = {name: world.ask(client, name) for name in {*every_name()} - names_of_staff_pages()}
    shown = {name: page for name, page in shown.items() if not name.startswith("partner_answers:")}  # read at a council
    shown |= {
        what: client.get(reverse("manage:page", args=[token_for(booking)]))
        for what, booking in {"nobody came": alone, "declined": declined, "waiting": waiting}.items()
    }
    return special | {what: PageResponse.of(response).html for what, response in shown.items()}


@pytest.mark.django_db
def test_no_page_gives_a_number_to_call_alone(pages):
    texts = {what: page_text(html) for what, html in pages.items()}
    giving = {what for what, text in texts.items() if DUTY_NUMBER in text.replace(RELAY, "")}

    named = {"nobody came", "declined", "waiting", "closed", "/request/sent/", "boroughs:area", "manage:message_team"}
    assert named <= giving
    assert {what for what in giving if RELAY not in texts[what]} == set()
    assert {what for what in giving if TEXT_NUMBER not in " ".join(pages[what].split())} == set()
