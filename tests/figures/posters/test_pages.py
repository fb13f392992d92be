"""The posters of a team: inspectors make them, print them, and read how many requests each brought."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from bookings.statuses import Status
from boroughs.models.posters import PosterPlace
from boroughs.posters.actions import make_poster_place
from tests.support.factories import BookingFactory
from tests.support.pdf_pages import PdfPage
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

LIST = "/staff/posters/"
ROW = re.compile(r'<th scope="row"[^>]*>(.*?)</th>\s*<td[^>]*data-label="Requests"[^>]*>(.*?)</td>', re.DOTALL)


@pytest.fixture
def library(southwark, inspector):
    return make_poster_place(southwark, "Peckham Library", by=inspector)


def get_numbers(client):
    """Return what the list says of each poster, by the first words of its row."""
    rows = ROW.findall(client.get(LIST).text)
    return {re.split(r"<br>", head)[0].strip(): number.strip() for head, number in rows}


def make_requests(count, **fields):
    return [BookingFactory(**fields) for _ in range(count)]


def test_number_is_shown_from_five_requests_up(as_inspector, library, southwark):
    none = get_numbers(as_inspector)
    make_requests(4, borough=southwark, source=library.code)
    few = get_numbers(as_inspector)
    make_requests(1, borough=southwark, source=library.code)

    assert none == few == dict.fromkeys(["Peckham Library", "Central South", "Southwark"], "fewer than 5")
    assert get_numbers(as_inspector) == few | {"Peckham Library": "5"}


def test_only_confirmed_requests_to_the_team_count(as_inspector, library, southwark, camden, stranger):
    make_requests(5, borough=southwark, source=library.code)
    make_requests(2, borough=southwark, source=library.code, confirmed_at=None)
    make_requests(2, borough=southwark, source=library.code, status=Status.NOT_MINE)
    make_requests(2, borough=southwark, source=library.code, nominated_inspector=stranger)
    make_requests(2, borough=camden, source=library.code)
    make_requests(6, borough=southwark, source="southwark")
    make_requests(7, borough=southwark)

    assert get_numbers(as_inspector) == {
        "Peckham Library": "5",
        "Central South": "fewer than 5",
        "Southwark": "6",
    }


def test_restricted_booking_of_a_colleague_elsewhere_is_in_no_number(as_inspector, library, camden, inspector):
    make_requests(6, borough=camden, source=library.code, nominated_inspector=inspector)

    assert get_numbers(as_inspector)["Peckham Library"] == "fewer than 5"


def test_hidden_number_can_not_be_worked_out_from_the_page(as_inspector, library, southwark, inspector):
    station = make_poster_place(southwark, "Nunhead station", by=inspector)
    make_requests(3, borough=southwark, source=library.code)
    make_requests(8, borough=southwark, source=station.code)
    main = as_inspector.get(LIST).text.partition("<main")[2].partition("</main>")[0]

    numbers = re.findall(r">\s*(\d+)\s*<", main)

    assert numbers == ["8"]  # and no 11, or 3


def test_list_takes_no_more_queries_for_more_places(as_inspector, southwark, inspector):
    make_poster_place(southwark, "Place 0", by=inspector)
    one = count_queries(as_inspector, LIST)
    for number in range(1, 5):
        make_poster_place(southwark, f"Place {number}", by=inspector)

    assert count_queries(as_inspector, LIST) == one <= 12


def test_inspector_makes_a_poster_and_prints_it(as_inspector, southwark):
    form = as_inspector.get("/staff/posters/new/").text

    response = as_inspector.post("/staff/posters/new/", {"borough": southwark.pk, "name": "  Peckham   Library "})

    page = as_inspector.get(response["Location"]).text
    printed = {name: PdfPage(as_inspector.get(address).content) for address, name in links_to_pdf(page)}
    address = f"{settings.PUBLIC_URL}/areas/southwark/?from={PosterPlace.objects.get().code}"
    assert '<option value="Peckham Library">' in form
    assert "The poster for Peckham Library is ready to print." in page
    assert {name: (poster.scan(), "Peckham" in poster.words) for name, poster in printed.items()} == {
        "A4": ([address], False),
        "A5": ([address], False),
    }


def test_mistakes_are_named(as_inspector, southwark, camden):
    empty = as_inspector.post("/staff/posters/new/", {})
    wrong = as_inspector.post("/staff/posters/new/", {"borough": camden.pk, "name": "x" * 61})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "Select the borough" in empty.text
    assert "Enter where it will hang" in empty.text
    assert "Where it will hang must be 60 characters or fewer" in wrong.text


def test_poster_taken_down_is_listed_apart_and_still_counts(as_inspector, library, southwark, inspector):
    as_inspector.post(f"{LIST}{library.pk}/take-down/")
    make_requests(5, borough=southwark, source=library.code)

    page = as_inspector.get(LIST).text

    apart = " ".join(page.partition("Taken down</h2>")[2].split())
    assert "Peckham Library" not in get_numbers(as_inspector)
    assert "Peckham Library, Southwark" in apart
    assert ": 5 requests" in apart


@pytest.mark.parametrize("name", ["poster.pdf", "poster-a5.pdf", "take-down/"])
def test_poster_of_another_bcu_does_not_exist(name, client, library, stranger):
    client.force_login(stranger)
    ask = client.post if name == "take-down/" else client.get

    response = ask(f"{LIST}{library.pk}/{name}")

    library.refresh_from_db()
    assert response.status_code == 404
    assert library.taken_down_at is None
    assert "Peckham Library" not in client.get(LIST).text


def test_poster_of_a_place_is_not_public(client, library):
    responses = [client.get(address) for address in (f"{LIST}{library.pk}/poster.pdf", f"/areas/{library.code}/")]

    assert [response.status_code for response in responses] == [302, 404]


def test_figures_lead_to_the_posters(as_inspector):
    assert f'href="{LIST}"' in as_inspector.get(reverse("figures:figures")).text


def links_to_pdf(page):
    hanging = page.partition("Places</h2>")[2].partition("Whole areas</h2>")[0]
    return re.findall(r'href="([^"]+\.pdf)" type="application/pdf">(A\d)<', hanging)
