"""Posters on A4 and A5: what they say, in which order, and that the code on them can be scanned."""

from io import StringIO
from itertools import combinations

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command

from boroughs.public_pages.areas import all_boroughs, all_units
from tests.support.pdf_pages import PdfPage
from walkandtalk.lib import pdf
from walkandtalk.lib.organisation import read_organisation

pytestmark = pytest.mark.django_db

SIZES = {"poster.pdf": [210, 297], "poster-a5.pdf": [148, 210]}
STEPS = [
    "Say where you feel unsafe, when you could walk and a safe way to contact you.",
    "We’ll answer in a few days. If we can arrange it, we’ll tell you the time, the place and who you’ll meet.",
    "Walk together. Say what should change, and we’ll tell you what came of it.",
]


@pytest.fixture(params=SIZES)
def name(request):
    return request.param


@pytest.fixture
def london():
    call_command("load_reference_data", stdout=StringIO())


def get_poster(client, slug, name):
    return PdfPage(client.get(f"/areas/{slug}/{name}").content)


def test_poster_is_read_in_order_as_tags(name, client, southwark, settings):
    settings.PUBLIC_URL = "https://walk.example.com"

    poster = get_poster(client, "southwark", name)

    assert poster.size_in_mm == SIZES[name]
    assert [tag for tag in poster.tags() if tag[1] or tag[2]] == [
        ("P", "Walk and Talk", ""),
        ("P", "Run by the Metropolitan Police Service", ""),
        ("H1", "Is there a place in Southwark where you feel unsafe?", ""),
        ("P", "Walk through it with local women police officers. They’ll listen to what worries you.", ""),
        ("H2", "How it works", ""),
        *(part for number in (1, 2, 3) for part in (("Lbl", str(number), ""), ("LBody", STEPS[number - 1], ""))),
        ("Span", "Free, for women aged 18 or over who live or work in London. No account needed.", ""),
        ("H2", "Scan to ask for a walk", ""),
        ("Figure", "", "QR code for the address https://walk.example.com/areas/southwark/?from=southwark"),
        ("Link", "walk.example.com/areas/southwark", ""),
        ("H2", "Or call 020 7946 0100", ""),
        ("P", "We answer every day, 7am to 11pm.", ""),
        ("P", "By text: 18001 020 7946 0100 in the Relay UK app.", ""),
        ("P", "In danger now? Call 999.", ""),
        ("P", "Can’t speak? Call 999 from a mobile, then press 55.", ""),
    ]  # fmt: skip


def test_poster_says_what_it_is_to_a_screen_reader(name, client, southwark):
    poster = get_poster(client, "southwark", name)

    about = poster.document.get_metadata_dict()

    assert about["Title"] == "Walk and Talk in Southwark"
    assert about["Author"] == "Walk and Talk"
    assert about["Subject"] == "How to ask for a walk with local women police officers in Southwark"
    for part in (b"/Lang(en-GB)", b"/DisplayDocTitle true", b"/Marked true", b"<pdfuaid:part>1</pdfuaid:part>"):
        assert part in poster.content


@pytest.mark.parametrize("slug", ["lambeth", "kensington-and-chelsea", "south-west"])
def test_code_can_be_scanned_in_colour_and_grey(slug, name, client, london):
    poster = get_poster(client, slug, name)

    address = f"{project_settings.PUBLIC_URL}/areas/{slug}/?from={slug}"
    assert (poster.scan(), poster.scan(grey=True)) == ([address], [address])


@pytest.mark.parametrize("host", ["walk.example.com", "walk-and-talk-with-women-officers.police.example.com"])
def test_texts_of_every_area_fit_beside_each_other(host, name, client, london, settings):
    settings.PUBLIC_URL = f"https://{host}"
    long = "the Metropolitan Police Service and the Mayor’s Office for Policing and Crime in London"
    names = (
        "name",
        "address",
        "data_controller",
        "legal_basis",
        "data_protection",
        "complaints",
        "phone",
        "phone_hours",
    )
    texts = dict.fromkeys(names, "x | Lead | 2026-11-28") | {
        "name": f"{long} | Lead | 2026-11-28",
        "phone": "+44 20 7946 0100 | Lead | 2026-11-28",
        "phone_hours": "Monday to Friday, 7am to 11pm, and on Saturdays and Sundays, 9am to 5pm | Lead | 2026-11-28",
    }
    settings.ORGANISATION = read_organisation(**texts)

    for area in (*all_units(), *all_boroughs()):
        if area.slug == "city-of-london":
            continue
        poster = get_poster(client, area.slug, name)
        width, height = poster.page.get_size()
        boxes = poster.boxes()
        outside = [box for box in boxes if box[0] < 20 or box[1] < 5 or box[2] > width - 20 or box[3] > height - 12]
        assert (area.slug, outside) == (area.slug, [])
        assert (area.slug, [pair for pair in combinations(boxes, 2) if overlap(*pair)]) == (area.slug, [])


def overlap(one, other):
    """Return whether two boxes share more than a hair. A descender may reach into the line below."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 2


def test_same_poster_has_the_same_bytes(name, client, southwark):
    first = client.get(f"/areas/southwark/{name}").content
    pdf.compile_document.cache_clear()

    assert client.get(f"/areas/southwark/{name}").content == first


def test_names_are_never_read_as_markup(name, client, southwark):
    southwark.name = "*South* #wark $x$ <b>"
    southwark.save()

    poster = get_poster(client, "southwark", name)

    assert "Is there a place in *South* #wark $x$ <b> where you feel unsafe?" in poster.words


def test_poster_names_the_boroughs_of_a_bcu(name, client, london):
    assert "Is there a place in Lambeth and Southwark where" in get_poster(client, "central-south", name).words
