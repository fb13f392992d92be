"""A place where a poster hangs has a code of its own, which tells a requester's team and nobody else where it is."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from boroughs.models.posters import PosterPlace
from boroughs.posters.actions import LONGEST_CODE, make_poster_place, take_down_poster
from boroughs.posters.sources import is_source, source_name
from data_rights.copy.builder import build_copy
from tests.support.drafts_and_messages import post_send_form
from tests.support.factories import BookingFactory
from tests.support.query_counts import count_queries
from tests.support.request_form import START, answer_question, request_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(southwark, inspector):
    return make_poster_place(southwark, "Peckham Library", by=inspector)


def test_code_names_the_borough_and_nothing_of_the_place(library, southwark, inspector):
    station = make_poster_place(southwark, "Peckham Rye station", by=inspector)

    assert re.fullmatch(r"southwark-[b-df-hj-km-np-tv-xz2-9]{3}", library.code)
    assert station.code != library.code
    assert (library.bcu, library.made_by, library.taken_down_at) == (southwark.bcu, inspector, None)


def test_code_of_a_borough_with_a_long_address_fits(southwark, inspector):
    southwark.slug = "s" * 50
    southwark.save()

    place = make_poster_place(southwark, "Peckham Library", by=inspector)

    assert len(place.code) == LONGEST_CODE == Booking._meta.get_field("source").max_length
    assert (
        len(place.code) == PosterPlace._meta.get_field("code").max_length == Draft._meta.get_field("source").max_length
    )


def test_making_the_same_poster_twice_makes_one(library, southwark, inspector):
    again = make_poster_place(southwark, "Peckham Library", by=inspector)

    assert again == library
    with pytest.raises(IntegrityError, match="place_has_one_poster_at_a_time"), transaction.atomic():
        PosterPlace.objects.create(
            bcu=southwark.bcu, borough=southwark, name=library.name, code="southwark-zzz", made_by=inspector
        )


def test_place_gets_a_new_code_after_its_poster_was_taken_down(library, southwark, inspector):
    take_down_poster(library, by=inspector)

    again = make_poster_place(southwark, "Peckham Library", by=inspector)

    assert again.code != library.code
    assert source_name(library.code) == source_name(again.code) == "Peckham Library, Southwark"


def test_poster_is_taken_down_once(library, inspector):
    take_down_poster(library, by=inspector)
    library.refresh_from_db()
    first = library.taken_down_at

    take_down_poster(library, by=inspector)

    library.refresh_from_db()
    assert library.taken_down_at == first


@pytest.mark.parametrize("who", ["officer", "stranger", "lead", "administrator"])
def test_only_inspectors_of_the_bcu_make_and_take_down(who, request, library, southwark):
    person = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        make_poster_place(southwark, "Peckham Rye station", by=person)
    with pytest.raises(PermissionDenied):
        take_down_poster(library, by=person)


def test_borough_of_another_force_has_no_posters(southwark, inspector):
    southwark.bcu = None

    with pytest.raises(PermissionDenied):
        make_poster_place(southwark, "Barbican Library", by=inspector)


def test_names_of_codes_cost_one_query(library, southwark, django_assert_num_queries):
    names = {
        library.code: "Peckham Library, Southwark",
        "southwark": "Southwark",
        "central-south": "Central South",
        "south-walk": "south-walk",
        "": "",
    }

    with django_assert_num_queries(4):
        assert {code: source_name(code) for code in names} == names
    with django_assert_num_queries(3):
        assert [is_source(code) for code in (library.code, "southwark", "southwark-zzz")] == [True, True, False]


def test_code_goes_from_the_scan_to_the_booking_and_her_copy(client, library, southwark):
    page = client.get("/areas/southwark/", {"from": library.code}).text
    (start,) = re.findall(r'href="(/request/[^"]*)" role="button"', page)
    client.post(start, {"danger": "no"})
    for question, answers in list(request_answers().items())[1:]:
        answer_question(client, question, answers)
    post_send_form(client)

    booking = Booking.objects.get()
    assert start == f"{START}?from={library.code}"
    assert booking.source == library.code
    assert "Peckham" not in start
    assert build_copy(booking).request.poster == "Peckham Library, Southwark"


@pytest.mark.parametrize("code", ["southwark-zzz", "southwark-", "Peckham Library", "southwark-zzzz"])
def test_guessed_code_is_dropped(code, client, library):
    client.post(f"{START}?from={code}", {"danger": "no"})

    assert Draft.objects.get().source == ""


def test_scan_costs_one_query_more(client, library):
    client.get("/areas/southwark/")  # loads the statements, which are cached for a minute
    plain = count_queries(client, "/areas/southwark/")

    scanned = count_queries(client, f"/areas/southwark/?from={library.code}")

    assert scanned == plain + 1 <= 3


def test_inspector_reads_the_place_on_the_booking(as_inspector, library, southwark):
    booking = BookingFactory(borough=southwark, source=library.code)

    assert "On the poster for Peckham Library, Southwark" in as_inspector.get(f"/staff/bookings/{booking.pk}/").text
