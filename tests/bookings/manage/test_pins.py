"""PINs: the pause after five wrong tries, errors that reveal nothing, and a forgotten PIN."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RateCount
from bookings.manage.pins.actions import choose_pin, reset_pin
from bookings.models.contacts import BookingContact
from bookings.models.links import LinkRequest
from bookings.models.read_log import ReadLog
from bookings.statuses import Channel, EventKind
from tests.support.booking_history import event_kinds
from tests.support.factories import BookingFactory, scheduled_booking
from tests.support.markup import Markup
from tests.support.requester_pages import PIN, create_page_link
from tests.support.spoken_with import BY_PHONE, show_number
from walkandtalk.lib import tokens

pytestmark = pytest.mark.django_db

FIND = "/my-walk/"
NEW = "830295"
VALUES = re.compile(r"'[^']*'|\b\d+\b")


@pytest.fixture
def booked(southwark, officer, second_officer):
    """A booking that allows calls, and whose page asks for the PIN."""
    contact = {"contact__phone_rules": ["call"]}
    return scheduled_booking([officer, second_officer], borough=southwark, channel=Channel.DISCREET, **contact)


@pytest.fixture
def read_out(booked, inspector):
    show_number(booked, by=inspector)
    return reset_pin(booked, BY_PHONE, by=inspector)


def later(**time):
    """Make every counted try that much older."""
    RateCount.objects.update(window=F("window") - datetime.timedelta(**time))


def work_of(data):
    """Return the response and every SQL statement it took, without values."""
    with CaptureQueriesContext(connection) as queries:
        response = Client().post(FIND, data)
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    return response, [VALUES.sub("?", sql) for sql in asked]


# --- Five tries -------------------------------------------------------------------------------------------------------


def test_right_pin_works_again_after_the_pause(client, booked):
    page = create_page_link(booked)
    for _ in range(5):
        client.post(page, {"pin": "111111"})

    run_concurrently = client.post(page, {"pin": PIN})
    later(minutes=14, seconds=59)
    a_minute_early = client.post(page, {"pin": PIN})
    later(minutes=1, seconds=2)
    afterwards = client.post(page, {"pin": PIN})

    assert [response.status_code for response in (run_concurrently, a_minute_early, afterwards)] == [422, 422, 302]


def test_five_tries_count_across_clock_boundaries(client, booked):
    page = create_page_link(booked)
    for _ in range(4):
        client.post(page, {"pin": "111111"})
    later(minutes=7)
    client.post(page, {"pin": "111111"})

    assert "Wait 15 minutes" in client.post(page, {"pin": PIN}).text


def test_tries_on_both_pages_count_together(client, booked):
    page = create_page_link(booked)
    for _ in range(3):
        client.post(page, {"pin": "111111"})
    for _ in range(2):
        client.post(FIND, {"reference": booked.reference, "pin": "111111"})

    assert "Wait 15 minutes" in client.post(page, {"pin": PIN}).text


# --- The session ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["her own", "one-time"])
@pytest.mark.parametrize("way", ["her page", "reference"])
def test_accepted_pin_gives_the_session_a_new_key(kind, way, client, booked, inspector):
    """Someone who planted a session key before she entered her PIN must not be inside with her."""
    pin = PIN
    if kind == "one-time":
        show_number(booked, by=inspector)
        pin = reset_pin(booked, BY_PHONE, by=inspector)
    planted = Client()
    session = planted.session
    session["marker"] = "planted"
    session.save()
    client.cookies = planted.cookies.copy()
    page = create_page_link(booked)

    if way == "her page":
        client.post(page, {"pin": pin})
    else:
        page = client.post(FIND, {"reference": booked.reference, "pin": pin})["Location"]

    asked = "Choose a new PIN" if kind == "one-time" else "flower stall"
    assert asked in client.get(page).text
    assert asked not in planted.get(page).text
    assert client.session.session_key != session.session_key


# --- Errors that reveal nothing ---------------------------------------------------------------------------------------


def test_wrong_pin_and_wrong_reference_take_the_same_queries(booked):
    known, work = work_of({"reference": booked.reference, "pin": "111111"})
    unknown, other = work_of({"reference": "0123456789ABC", "pin": "111111"})

    assert work == other
    assert len(work) > 3
    assert known.context["error_summary"] == unknown.context["error_summary"]


def test_reference_alone_takes_the_same_queries_and_returns_the_same_bytes(booked):
    known, work = work_of({"reference": booked.reference})
    unknown, other = work_of({"reference": "0123456789ABC"})
    none, another = work_of({"reference": "nonsense"})

    assert work == other == another
    assert known.content == unknown.content == none.content
    assert len(known.content) > 100
    assert LinkRequest.objects.count() == 3


# --- A forgotten PIN --------------------------------------------------------------------------------------------------


def test_reset_pin_page_shows_the_number_before_the_pin(client, inspector, booked):
    client.force_login(inspector)
    page = f"/staff/bookings/{booked.pk}/new-pin/"

    first = client.get(page)
    unlooked = client.post(page, {"contact_method": "phone"})
    shown = client.post(page, {"show": "yes"})
    unticked = client.post(page, {})
    read_out = client.post(page, {"contact_method": "phone"})
    again = client.get(page)

    pin = "".join(re.search(r'phrase__words">(\d{3}) (\d{3})<', read_out.text).groups())
    assert [each.status_code for each in (first, unlooked, shown, unticked, read_out)] == [200, 409, 200, 422, 200]
    assert "You may call her" in first.text
    assert "07700 900123" not in first.text
    assert "Show her number first" in unlooked.text
    assert "07700 900123" in shown.text
    assert "Select how you spoke with her" in unticked.text
    assert pin not in again.text
    assert "no-store" in read_out["Cache-Control"]
    assert ReadLog.objects.filter(officer=inspector, booking=booked, kinds__contains=["phone"]).count() == 1
    assert event_kinds(booked) == [EventKind.PIN_RESET]


@pytest.mark.parametrize("fields", [{"erased_at": timezone.now()}, {"contact__pin_hmac": "", "channel": Channel.FULL}])
def test_reset_pin_refused_without_a_page_that_asks_for_one(fields, client, inspector, southwark):
    booking = BookingFactory(borough=southwark, **{"contact__phone_rules": ["call"], **fields})
    client.force_login(inspector)

    response = client.get(f"/staff/bookings/{booking.pk}/new-pin/")
    page = client.get(f"/staff/bookings/{booking.pk}/").text

    assert response.status_code == 403
    assert "She has forgotten her PIN" not in page
    with pytest.raises(PermissionDenied):
        reset_pin(booking, BY_PHONE, by=inspector)


@pytest.mark.parametrize("fields", [{"phone_rules": ["text"]}, {"phone": ""}])
def test_reset_pin_offers_a_call_only_on_a_number_for_calls(fields, client, inspector, southwark):
    contact = {f"contact__{name}": value for name, value in {"phone_rules": ["call"], **fields}.items()}
    booking = BookingFactory(borough=southwark, channel=Channel.DISCREET, **contact)
    client.force_login(inspector)

    page = client.get(f"/staff/bookings/{booking.pk}/new-pin/").text

    assert "By phone, on the number she gave us" not in page
    assert "In person" in page


@pytest.mark.parametrize("way", ["her page", "reference"])
def test_one_time_pin_opens_nothing_before_a_new_pin_is_chosen(way, client, booked, read_out):
    page = create_page_link(booked)
    if way == "her page":
        client.post(page, {"pin": read_out})
    else:
        page = client.post(FIND, {"reference": booked.reference, "pin": read_out})["Location"]

    asked = client.get(page)
    cancelled = client.post(page + "cancel/", {"yes": "yes"})
    easy = client.post(page, {"new_pin": "123456"})
    chosen = client.post(page, {"new_pin": NEW})
    opened = client.get(page)

    booked.refresh_from_db()
    assert "Choose a new PIN" in asked.text
    assert "flower stall" not in asked.text
    assert booked.is_open
    assert "Choose a new PIN" in cancelled.text
    assert [easy.status_code, chosen.status_code] == [422, 302]
    assert "flower stall" in opened.text
    assert tokens.pin_matches(booked.pk, NEW, booked.contact.pin_hmac)
    assert event_kinds(booked)[-1] == EventKind.PIN_CHOSEN
    assert Client().post(create_page_link(booked), {"pin": PIN}).status_code == 422


def test_one_time_pin_carries_typed_answers_along(client, booked, read_out):
    page = create_page_link(booked) + "change/"

    asked = client.post(page, {"first_start": "half past"})
    chooses = client.post(page, {"kept": value_of("kept", asked), "pin": read_out})
    easy = client.post(page, {"kept": value_of("kept", chooses), "new_pin": "123456"})
    back = client.post(page, {"kept": value_of("kept", easy), "new_pin": NEW})

    assert "Choose a new PIN" in chooses.text
    assert "half past" not in asked.text + chooses.text + easy.text
    assert back.context["form"]["first_start"].value() == "half past"


def test_new_pin_that_comes_too_late_is_not_carried_along(client, booked):
    asked = client.post(create_page_link(booked), {"new_pin": NEW})

    assert Markup(asked.text).fields == ["pin"]


def value_of(name, response):
    (field,) = [tag for tag in Markup(response.text).all("input") if tag.attrs.get("name") == name]
    return field.attrs["value"]


def test_one_time_pin_works_once(booked, read_out):
    answers = [Client().post(create_page_link(booked), {"pin": read_out}).status_code for _ in range(2)]

    assert answers == [302, 422]


def test_one_time_pin_expires_after_half_an_hour(booked, read_out):
    BookingContact.objects.update(one_time_pin_expires_at=timezone.now())

    assert Client().post(create_page_link(booked), {"pin": read_out}).status_code == 422


def test_one_time_pin_leaves_the_old_pin_valid_until_a_new_one_is_chosen(booked, read_out):
    assert Client().post(create_page_link(booked), {"pin": PIN}).status_code == 302


def test_one_time_pin_is_refused_by_other_forms(client, booked, read_out):
    """Forms that ask for the PIN again accept only the requester's own."""
    booked.channel = Channel.FULL
    booked.save()

    response = client.post(create_page_link(booked) + "inbox/", {"channel": "none", "pin": read_out})

    assert response.status_code == 422


def test_one_time_pin_is_stored_only_as_an_hmac(booked, read_out):
    booked.contact.refresh_from_db()

    assert booked.contact.one_time_pin_hmac == tokens.pin_hmac(booked.pk, read_out)
    assert all(read_out not in event.note + event.code for event in booked.events.all())


@pytest.mark.parametrize("page", ["", "copy/read/", "copy/appointment.json"])
def test_a_new_pin_ends_what_the_earlier_one_opened(client, booked, page):
    """He may know the earlier PIN, and that may be why she chose another."""
    his, link = Client(), create_page_link(booked)
    his.post(f"{link}copy/", {"pin": PIN})
    his.post(f"{link}copy/", {"pin": PIN})
    before = his.get(f"{link}{page}")

    choose_pin(booked, pin=NEW)
    after = his.get(f"{link}{page}", follow=True)

    assert booked.spoken_reference in before.text
    assert booked.spoken_reference not in after.text
    assert "What is your PIN?" in after.text


def test_the_session_that_chose_the_pin_goes_on(client, booked, read_out):
    client.post(FIND, {"reference": booked.reference, "pin": read_out})
    link = create_page_link(booked)

    client.post(link, {"new_pin": NEW})

    assert booked.spoken_reference in client.get(link).text
