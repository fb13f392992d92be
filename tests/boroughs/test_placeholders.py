"""In production a BCU takes no requests while its inbox or its duty number is an example."""

import pytest
from django.core.management import call_command
from django.test import Client

from bookings.models.bookings import Booking
from bookings.request_form.actions import request_booking
from bookings.request_form.questions import booking_request
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.placeholders import is_example_number, is_reachable
from boroughs.upkeep import with_example_contacts
from tests.support.drafts_and_messages import make_complete_draft
from tests.support.form_data import phone_booking_data
from tests.support.page_text import page_text
from tests.support.request_form import answer_question
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

CLOSED = "Closed until its inbox and duty number are set"
NOT_OPEN = "aren’t open yet"
REAL = {"inbox": "central.south@met.police.uk", "duty_number": "020 7230 1212"}
AREA = "/areas/southwark/"


@pytest.fixture
def in_production(settings):
    settings.PLACEHOLDERS_CLOSE_BCUS = True


@pytest.fixture
def closed_bcu(in_production, southwark):
    return southwark.bcu


def set_contacts(bcu, **contacts):
    BoroughCommandUnit.objects.filter(pk=bcu.pk).update(**contacts)
    bcu.refresh_from_db()


@pytest.mark.parametrize(
    ("contacts", "is_closed"),
    [
        ({}, False),
        ({"inbox": "as.walkandtalk@example.com"}, True),
        ({"inbox": "team@Walks.Example"}, True),
        ({"duty_number": "020 7946 0101"}, True),
        ({"duty_number": "0044 113 496 0001"}, True),
        ({"duty_number": ""}, True),
    ],
)
def test_both_the_inbox_and_the_number_have_to_be_real(contacts, is_closed, closed_bcu):
    set_contacts(closed_bcu, **REAL | contacts)

    assert closed_bcu.awaits_contacts is is_closed
    assert with_example_contacts(BoroughCommandUnit.objects.all()).filter(pk=closed_bcu.pk).exists() is is_closed


@pytest.mark.parametrize("number", ["0113 496 0999", "0121 496 0000", "0191 498 0123", "028 9649 6000", "03069 990123"])
def test_numbers_that_ofcom_keeps_for_drama_reach_nobody(number):
    assert is_example_number(number)
    assert not is_reachable(inbox=REAL["inbox"], duty_number=number)


def test_public_pages_say_that_walks_are_not_open_yet(client, closed_bcu):
    page = client.get(AREA).text

    assert NOT_OPEN in page
    assert 'href="tel:101"' in page
    assert "/request/" not in page.partition("<main")[2].partition("</main>")[0]
    assert closed_bcu.duty_number not in page


def test_form_ends_as_soon_as_the_area_is_known(client, closed_bcu):
    answer_question(client, "start", {"danger": "no"})

    answer = answer_question(client, "area", {"place": "Southwark"})
    page = client.get(answer.url)

    assert answer.url == "/request/closed/"
    assert NOT_OPEN in page.text
    assert closed_bcu.duty_number not in page.text
    assert client.get("/request/when/").url != "/request/sent/"


def test_no_request_is_taken(closed_bcu):
    draft, _cookie = make_complete_draft()

    with pytest.raises(ActionError, match=NOT_OPEN):
        request_booking(draft, request=booking_request(draft.answers))

    assert not Booking.objects.exists()


def test_inspector_reads_why_she_cannot_take_a_phone_booking(client, closed_bcu, inspector, southwark):
    client.force_login(inspector)
    first_page, _second_page = phone_booking_data(southwark)

    refused = client.post("/staff/bookings/new/", first_page)
    set_contacts(closed_bcu, **REAL)
    taken = client.post("/staff/bookings/new/", first_page)

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "is closed until its inbox and duty number are set" in refused.text


def test_administrators_see_what_closes_it(client, closed_bcu, administrator):
    client.force_login(administrator)
    pages = ["/staff/staffing/", f"/admin/boroughs/boroughcommandunit/{closed_bcu.pk}/change/"]

    while_closed = [CLOSED in page_text(client.get(page).text) for page in pages]
    BoroughCommandUnit.objects.update(**REAL)
    while_open = [CLOSED in page_text(client.get(page).text) for page in pages]

    assert (while_closed, while_open) == ([True, True], [False, False])


def test_setting_both_opens_it(closed_bcu):
    set_contacts(closed_bcu, **REAL)
    draft, _cookie = make_complete_draft()

    request_booking(draft, request=booking_request(draft.answers))

    assert Booking.objects.count() == 1
    assert NOT_OPEN not in Client().get(AREA).text


def test_development_and_its_demo_are_open_with_placeholders(client, southwark):
    assert not is_reachable(inbox=southwark.bcu.inbox, duty_number=southwark.bcu.duty_number)

    assert not southwark.bcu.awaits_contacts
    assert "/request/" in client.get(AREA).text


def test_load_reference_data_names_the_closed_bcus(capsys, in_production):
    call_command("load_reference_data")

    assert "Closed until their inbox and duty number are set: AS, AW, " in capsys.readouterr().err
