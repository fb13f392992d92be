"""The Easy Read pages say what is true here, and are linked from where women look."""

import re

import pytest

from boroughs.easy_read.pages import PAGES
from boroughs.models.texts import HelpContact, Statement
from tests.support.markup import Markup
from walkandtalk.lib.local_cache import local_cache

pytestmark = pytest.mark.django_db

FILM = "https://films.example.com/walks"


def text_of(client, address):
    """Return what a page says, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get(address).text))


@pytest.mark.parametrize("slug", PAGES)
def test_page_shows_each_line_beside_its_picture(slug, client):
    tags = Markup(client.get(f"/easy-read/{slug}/").text).tags
    page = text_of(client, f"/easy-read/{slug}/")

    lines = [line for section in PAGES[slug].sections for line in section.lines]
    pictures = [tag.attrs for tag in tags if tag.name == "img" and tag.attrs.get("width") == "120"]
    assert [(picture["src"], picture["alt"]) for picture in pictures] == [
        (f"/static/easy-read/{line.picture}.svg", "") for line in lines
    ]
    assert [line.text for line in lines if line.text.replace("**", "") not in page] == []


@pytest.mark.parametrize("slug", PAGES)
def test_page_takes_few_queries(slug, client, southwark, django_assert_max_num_queries):
    local_cache.clear()

    with django_assert_max_num_queries(3):
        client.get(f"/easy-read/{slug}/")


def test_danger_comes_first(client, settings):
    settings.BSL_FILMS = dict.fromkeys(PAGES, FILM)

    page = client.get("/easy-read/staying-safe/").text.partition("<main")[2]

    assert page.index('href="tel:999"') < page.index(FILM) < page.index("Exit this page")


def test_numbers_are_those_of_the_service(client, settings, southwark):
    southwark.bcu.answer_working_days = 4
    southwark.bcu.save()
    settings.KEEP_ENDED_DAYS, settings.KEEP_CONCERNS_YEARS = 31, 1
    HelpContact.objects.create(name="Complaints", number="0800 000 111", purpose=HelpContact.Purpose.COMPLAIN)

    how, what = (text_of(client, f"/easy-read/{slug}/") for slug in ("how-it-works", "what-you-say"))

    assert "We’ll answer within 4 working days." in how
    assert "Or call us: 020 7946 0100." in how
    assert "until 31 days after your request ends" in what
    assert "We keep what worried you for 1 year." in what
    assert "To complain about an officer, call 0800 000 111." in what


def test_changed_statement_is_shown_in_its_own_words_and_an_empty_one_not_at_all(client):
    easy = text_of(client, "/easy-read/what-you-say/")
    Statement.objects.create(code="cameras", text="Cameras are off. Ask to see.")
    Statement.objects.create(code="children", text="")
    local_cache.clear()

    changed = text_of(client, "/easy-read/what-you-say/")

    assert "The officers’ cameras may be on" in easy
    assert "If a child isn’t safe" in easy
    assert "Cameras are off." in changed
    assert "Ask to see." in changed
    assert "cameras may be on" not in changed
    assert "child" not in changed
    assert "child.svg" not in client.get("/easy-read/what-you-say/").text


@pytest.mark.parametrize(
    ("address", "slug"), [("/", "how-it-works"), ("/safety/", "staying-safe"), ("/privacy/", "what-you-say")]
)
def test_page_of_the_same_subject_links_it(address, slug, client):
    page = client.get(address).text

    assert f'href="/easy-read/{slug}/"' in page[page.index("<main") : page.index("</main")]
    assert 'href="/easy-read/"' in page[page.index("<footer") :]


@pytest.mark.parametrize("slug", PAGES)
def test_index_links_each_page_and_each_page_its_document(slug, client):
    assert f'href="/easy-read/{slug}/"' in client.get("/easy-read/").text
    assert f'href="/easy-read/{slug}/easy-read.pdf"' in client.get(f"/easy-read/{slug}/").text


@pytest.mark.parametrize(
    "address", ["/easy-read/", "/easy-read/staying-safe/", "/easy-read/staying-safe/easy-read.pdf"]
)
def test_neutral_host_has_none_of_it(address, client, settings):
    assert client.get(address).status_code == 200
    assert client.get(address, headers={"host": settings.DISCREET_HOST}).status_code == 404


# --- Films ------------------------------------------------------------------------------------------------------------

WITH_FILMS = ["/", "/safety/", "/privacy/", *(f"/easy-read/{slug}/" for slug in PAGES)]


@pytest.mark.parametrize("address", WITH_FILMS)
def test_no_film_is_mentioned_until_there_is_one(address, client, settings):
    before = client.get(address).text
    settings.BSL_FILMS = dict.fromkeys(PAGES, FILM)

    after = client.get(address).text

    assert "Watch this" not in before
    assert f'<a class="govuk-link" href="{FILM}" rel="noreferrer">Watch this in British Sign Language</a>' in after
    assert "films.example.com" in re.sub(r"<[^>]+>", "", after)


def test_film_is_on_the_pages_of_its_subject_alone(client, settings):
    settings.BSL_FILMS = dict.fromkeys(PAGES, "") | {"staying-safe": FILM}

    shown = [address for address in WITH_FILMS if FILM in client.get(address).text]

    assert shown == ["/safety/", "/easy-read/staying-safe/"]


def test_accessibility_page_says_that_there_is_no_film_until_there_is_one(client, settings):
    before = client.get("/accessibility/").text
    settings.BSL_FILMS = dict.fromkeys(PAGES, FILM)

    assert "no film in British Sign Language" in before
    assert "no film in British Sign Language" not in client.get("/accessibility/").text
