"""The read log: a line for whatever a response shows to staff (docs/rules.md#read-log)."""

import json
from contextlib import contextmanager

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from bookings.manage.who_looked import who_looked
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.read_log import ReadLog
from bookings.statuses import ReadReason
from tests.support.empty_database import superuser_connection
from tests.support.factories import BookingFactory, ClaimFactory
from tests.support.requester_pages import create_page_link
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.reading import track_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(southwark, inspector):
    """A booking that is assigned to the inspector."""
    booking = BookingFactory(borough=southwark, contact__name="Maya Example", contact__pin_hmac="")
    ClaimFactory(booking=booking, officer=inspector)
    return booking


def lines_about(booking):
    return [(line.officer, line.reason) for line in ReadLog.objects.filter(booking=booking)]


def test_refused_form_is_logged_like_the_page(as_inspector, inspector, booking):
    refused = as_inspector.post(staff_address("triage:decline", booking), {})

    assert (refused.status_code, "Maya Example" in refused.text) == (422, True)
    assert lines_about(booking) == [(inspector, ReadReason.DECIDE)]


def test_action_that_shows_nothing_is_not_logged(as_inspector, booking):
    done = as_inspector.post(staff_address("triage:release_claim", booking))

    assert done.status_code == 302
    assert lines_about(booking) == []


def test_list_is_logged_and_she_is_not_told_of_it(as_inspector, inspector, booking):
    page = as_inspector.get("/staff/bookings/")

    assert "Maya Example" in page.text
    assert lines_about(booking) == [(inspector, ReadReason.LIST)]
    assert who_looked(booking) == []


def test_her_own_page_is_not_logged_unless_staff_open_it(as_inspector, inspector, booking):
    link = create_page_link(booking)
    Client().get(link)
    by_her = lines_about(booking)

    as_inspector.get(link)

    assert by_her == []
    assert lines_about(booking) == [(inspector, ReadReason.LIST)]


def test_lines_of_one_response_share_its_id(as_inspector, inspector, southwark, booking):
    ClaimFactory(booking=BookingFactory(borough=southwark), officer=inspector)

    as_inspector.get("/staff/bookings/")

    lines = ReadLog.objects.all()
    assert len(lines) == 2
    assert len({line.request_id for line in lines}) == 1


def test_each_line_leaves_as_json_with_ids_only(as_inspector, inspector, booking, caplog):
    as_inspector.get(staff_address("triage:booking", booking))

    (record,) = [record for record in caplog.records if record.name == "walkandtalk.read_log"]
    left = json.loads(record.getMessage())
    line = ReadLog.objects.get()
    assert (left["person"], left["booking"], left["reason"]) == (inspector.pk, str(booking.pk), ReadReason.DECIDE)
    assert (left["request"], left["kinds"]) == (str(line.request_id), line.kinds)
    assert set(left) == {"event", "person", "booking", "walk", "concern", "kinds", "reason", "at", "request"}


@contextmanager
def locked_log():
    """Let nobody add to the read log in this block."""
    superuser = superuser_connection(connection.settings_dict["NAME"])
    with superuser, superuser.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {ReadLog._meta.db_table} IN SHARE MODE")
        yield


def test_nothing_is_shown_if_the_line_cannot_be_written(inspector, booking):
    client = Client(raise_request_exception=False)
    client.force_login(inspector)
    connection.cursor().execute("SET LOCAL lock_timeout = '20ms'")

    with locked_log():
        response = client.get(staff_address("triage:booking", booking))

    assert response.status_code == 503
    assert "Maya" not in response.text


# --- A page that fails in the middle ----------------------------------------------------------------------------------


def fail_after_reading(request):
    contact = Booking.objects.get().contact
    return HttpResponse(contact.name + undefined)  # noqa: F821


urlpatterns = [path("staff/broken/", fail_after_reading)]
handler500 = lambda request: HttpResponse("Sorry", status=500)  # noqa: E731


def test_page_that_fails_in_the_middle_is_logged(inspector, booking, settings):
    client = Client(raise_request_exception=False)
    client.force_login(inspector)
    settings.ROOT_URLCONF = __name__

    client.get("/staff/broken/")

    assert lines_about(booking) == [(inspector, ReadReason.LIST)]


# --- What a list may say without a look -------------------------------------------------------------------------------


def test_initial_is_no_look_but_the_name_after_it_is(booking):
    contact = BookingContact.objects.get(pk=booking.pk)

    with track_reading() as reading:
        initial = contact.initial
        opened = set(reading.opened)
        name = contact.name

    assert (initial, name, opened) == ("M.", "Maya Example", set())
    assert reading.opened == {contact.details_opened}


def test_filter_by_needs_is_no_look(as_inspector, southwark):
    booking = BookingFactory(borough=southwark)

    page = as_inspector.get("/staff/bookings/", {"needs": "any"})

    assert "Access needs" in page.text
    assert lines_about(booking) == []
