"""The search in the bar of staff pages: by reference, first name, place, ward, borough and officer."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.search_keys import name_keys, place_keys
from bookings.statuses import Status
from bookings.triage.search.kept_words import KEPT_FOR
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    WardFactory,
    scheduled_booking,
)
from tests.support.page_faults import html_faults, tag_faults
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db

SEARCH = reverse("triage:find_booking")


def search(client, words):
    return client.post(SEARCH, {"words": words}, follow=True)


def found(client, words):
    """Return what each list of the results is called, and whom it shows."""
    lists = search(client, words).context["lists"]
    return {each.hits.how: [row.booking.contact.name for row in each.rows] for each in lists}


@pytest.fixture
def amina(southwark):
    ward = WardFactory(borough=southwark, name="Rye Lane")
    place = "Peckham Rye station, by the flower stall"
    return BookingFactory(borough=southwark, ward=ward, contact__name="Amina Kovač", contact__meeting_place=place)


# --- By reference -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["{0}", " {1} ", "{2}", "{3}"])
def test_whole_reference_in_any_spelling_opens_the_booking(template, as_inspector, booking):
    reference = booking.reference
    typed = template.format(reference, booking.spoken_reference, reference.lower(), " ".join(reference))

    response = as_inspector.post(SEARCH, {"words": typed})

    assert response.status_code == 302
    assert response["Location"] == staff_address("triage:booking", booking)


@pytest.mark.parametrize("typed", ["K7QX", "k7qx-m2", "M2PD", "PD-9T", "trwe"])
def test_four_characters_of_a_reference_find_an_open_booking(typed, as_inspector, southwark):
    BookingFactory(borough=southwark, reference="K7QXM2PD9TRWE", contact__name="Hers")
    BookingFactory(borough=southwark, reference="ZZZZZZZZZZZZZ")

    (names,) = found(as_inspector, typed).values()

    assert names == ["Hers"]


def test_three_characters_of_a_reference_find_nothing(as_inspector, southwark):
    BookingFactory(borough=southwark, reference="K7QXM2PD9TRWE")

    assert found(as_inspector, "K7Q") == {}


@pytest.mark.parametrize(("typed", "is_found"), [("K7QX", True), ("M2PD", False)])
def test_beginning_of_a_reference_finds_a_booking_that_ended(typed, is_found, as_inspector, southwark):
    BookingFactory(borough=southwark, reference="K7QXM2PD9TRWE", status=Status.DECLINED)

    assert bool(found(as_inspector, typed)) is is_found


# --- By name, place, area and officer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Amina", "amina", "ÁMINA", "Mrs Amina", "Amina Peckham", "amina rye lane southwark"])
def test_first_name_finds_her_however_it_is_typed(typed, as_inspector, amina):
    assert found(as_inspector, typed)["First name"] == ["Amina Kovač"]


@pytest.mark.parametrize("typed", ["Kovač", "Amin", "Amina Kovac", "Amina Camberwell", "Mrs"])
def test_surname_part_of_a_name_and_another_place_find_nobody(typed, as_inspector, amina):
    assert found(as_inspector, typed) == {}


@pytest.mark.parametrize("typed", ["Peckham Rye", "the flower stall", "station PECKHAM"])
def test_words_of_the_place_find_her_in_any_order(typed, as_inspector, amina):
    assert found(as_inspector, typed)["Meeting place"] == ["Amina Kovač"]


@pytest.mark.parametrize("typed", ["Peck", "Peckham library", "at the"])
def test_parts_of_words_and_other_places_find_nobody(typed, as_inspector, amina):
    assert "Meeting place" not in found(as_inspector, typed)


def test_route_is_not_searched(as_inspector, southwark):
    BookingFactory(borough=southwark, contact__route="Past the Blue Anchor")

    assert found(as_inspector, "Blue Anchor") == {}


@pytest.mark.parametrize(
    ("typed", "how", "queue"),
    [
        ("rye l", "Open in Rye Lane", "state=open&ward=E05011107"),
        ("southw", "Open in Southwark", "state=open&borough=E09000028"),
    ],
)
def test_ward_and_borough_find_open_bookings(typed, how, queue, as_inspector, amina):
    BookingFactory(borough=amina.borough, ward=amina.ward, status=Status.DECLINED)

    (shown,) = search(as_inspector, typed).context["lists"]

    assert (shown.hits.how, shown.hits.queue) == (how, queue)
    assert [row.booking for row in shown.rows] == [amina]


@pytest.mark.parametrize("typed", ["olive", "Officer Olive", "123as", "123AS"])
def test_officer_finds_the_bookings_on_her_walks(typed, as_inspector, southwark, second_officer):
    olive = OfficerFactory(bcu=southwark.bcu, name="Olive Officer", shoulder_number="123AS")
    booking = scheduled_booking([olive, second_officer], borough=southwark, contact__name="Walks")
    booking.walk.assignments.filter(officer=second_officer).update(is_live=False)

    assert found(as_inspector, typed) == {"On a walk with this officer": ["Walks"]}
    assert found(as_inspector, second_officer.name) == {}


def test_booking_is_in_the_first_list_that_it_fits(as_inspector, southwark):
    BookingFactory(borough=southwark, contact__name="Rye", contact__meeting_place="Rye Lane")

    assert found(as_inspector, "Rye") == {"First name": ["Rye"]}


def test_open_bookings_come_first(as_inspector, southwark):
    for status in (Status.DECLINED, Status.WAITING):
        BookingFactory(borough=southwark, status=status, contact__name=f"Amina {status}")

    assert found(as_inspector, "Amina")["First name"] == ["Amina waiting", "Amina declined"]


def test_twenty_are_shown_and_the_page_says_how_to_find_the_others(as_inspector, southwark):
    for _each in range(21):
        BookingFactory(borough=southwark, contact__name="Amina")

    page = search(as_inspector, "Amina")

    assert len(page.context["lists"][0].rows) == 20
    assert "These are the first 20. Add a word of the place or the ward after the name." in " ".join(page.text.split())


def test_other_words_with_the_same_key_are_not_found(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, contact__name="Other", contact__meeting_place="Elsewhere")
    keys = {"name_keys": name_keys("Amina"), "place_keys": place_keys("Peckham")}
    BookingContact.objects.filter(pk=booking.pk).update(**keys)

    assert found(as_inspector, "Amina") == found(as_inspector, "Peckham") == {}


def test_keys_of_a_name_and_a_place_are_found_by_their_index(southwark):
    contacts = BookingContact.objects.filter
    queries = [contacts(name_keys__contains=name_keys("Amina")), contacts(place_keys__contains=place_keys("Rye Lane"))]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plans = [query.explain() for query in queries]

    assert ["contacts_by_name_and_place" in plan for plan in plans] == [True, True]


# --- What she may see -------------------------------------------------------------------------------------------------


def test_colleagues_booking_shows_the_row_alone(as_inspector, inspector, bcu, amina):
    ClaimFactory(booking=amina, officer=InspectorFactory(bcu=bcu))

    text = search(as_inspector, "Amina Peckham").text.replace('value="Amina Peckham"', "")

    assert "A." in text
    assert "Rye Lane" in text
    assert "Amina" not in text
    assert "flower stall" not in text


def test_her_own_booking_is_named(as_inspector, inspector, amina):
    ClaimFactory(booking=amina, officer=inspector)

    assert "Amina Kovač" in search(as_inspector, "Peckham").text


@pytest.mark.parametrize("hidden", ["restricted", "frozen", "another BCU", "being deleted"])
@pytest.mark.parametrize("typed", ["reference", "Amina", "flower", "rye lane"])
def test_search_finds_nothing_that_she_may_not_see(hidden, typed, client, inspector, stranger, amina):
    if hidden == "restricted":
        Booking.objects.update(nominated_inspector=stranger)
    elif hidden == "frozen":
        freeze_booking(amina)
    elif hidden == "being deleted":
        Booking.objects.update(erasure_due_at=timezone.now())
    client.force_login(InspectorFactory(bcu=stranger.bcu) if hidden == "another BCU" else inspector)

    assert found(client, amina.reference if typed == "reference" else typed) == {}
    assert SecurityEvent.objects.get().count == 0


def test_nominated_inspector_finds_a_restricted_booking(client, stranger, amina):
    Booking.objects.update(nominated_inspector=stranger)
    client.force_login(stranger)

    assert "First name" in found(client, "Amina")


@pytest.mark.parametrize("person", ["officer", "lead", "administrator", "auditor"])
def test_search_is_for_inspectors(person, client, request, amina):
    client.force_login(request.getfixturevalue(person))

    assert client.post(SEARCH, {"words": "Amina"}).status_code == 403
    assert client.get(SEARCH).status_code == 403


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter a reference, a first name, a place or an officer"),
        ("?", "Enter at least 2 letters of a name or place, or 4 characters of a reference"),
        ("a" * 81, "Enter at most 80 characters"),
    ],
)
def test_mistakes_are_explained(typed, error, as_inspector):
    response = as_inspector.post(SEARCH, {"words": typed})

    assert response.status_code == 422
    assert error in response.text


@pytest.mark.parametrize("typed", ["Amina", "Zebedee"])
def test_results_are_valid_html(typed, as_inspector, amina):
    text = search(as_inspector, typed).text

    assert html_faults(text) + tag_faults(text) == []


def test_page_says_what_to_try_if_nothing_is_found(as_inspector):
    page = search(as_inspector, "Zebedee")

    assert "Nothing found." in page.text
    assert "the first name alone" in page.text


def test_results_can_be_read_again_and_the_words_are_in_no_address(as_inspector, amina):
    first = as_inspector.post(SEARCH, {"words": "Amina"})
    as_inspector.get(staff_address("triage:booking", amina))

    again = as_inspector.get(SEARCH)

    assert first["Location"] == SEARCH
    assert [row.booking for row in again.context["lists"][0].rows] == [amina]
    assert "Amina" not in str(dict(as_inspector.session))


def test_words_are_forgotten_after_a_quarter_of_an_hour(as_inspector, amina):
    as_inspector.post(SEARCH, {"words": "Amina"})
    now = timezone.now()

    with time_machine.travel(now + KEPT_FOR * 0.6):
        before = as_inspector.get(SEARCH).context["words"]
    with time_machine.travel(now + KEPT_FOR * 1.1):
        page = as_inspector.get(SEARCH)

    assert before == "Amina"
    assert (page.context["words"], page.context["lists"]) == ("", [])


def test_results_make_as_many_queries_for_ten_as_for_one(as_inspector, southwark, team):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert as_inspector.get(SEARCH).status_code == 200
        return len(queries)

    def add():
        walk = WalkFactory(bcu=southwark.bcu, officers=team)
        scheduled_booking(team, borough=southwark, walk=walk, contact__name="Amina", contact__meeting_place="Amina Rd")

    add()
    search(as_inspector, "Amina")
    one = count()
    for _each in range(9):
        BookingFactory(borough=southwark, contact__name="Amina")

    assert count() == one <= 15
