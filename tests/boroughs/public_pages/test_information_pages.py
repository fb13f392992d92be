import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from bookings.models.drafts import DRAFT_LIFETIME
from boroughs.models.texts import HelpContact
from tests.support.feedback_factories import make_completed_booking
from tests.support.requester_pages import create_page_link

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/attribution/", "/safety/", "/privacy/", "/cookies/", "/accessibility/"])
def test_information_pages_are_public_and_read_only(client, address):
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


def test_attribution_has_every_line_the_licences_require(client):
    sources = Path(settings.BASE_DIR / "data" / "SOURCES.md").read_text("utf-8")
    lines = re.findall(r"^> (.+)$", sources, re.MULTILINE)

    page = re.sub(r"<[^>]+>", "", client.get("/attribution/").content.decode())

    assert len(lines) == 7
    assert [line for line in lines if line not in page] == []


def test_every_data_file_has_a_documented_source():
    sources = Path(settings.BASE_DIR / "data" / "SOURCES.md").read_text("utf-8")

    files = {path.name for path in Path(settings.BASE_DIR / "data").iterdir()} - {"SOURCES.md"}

    assert files
    assert {name for name in files if f"| {name} |" not in sources} == set()


def test_safety_lists_help_contacts_in_order_with_the_date_of_their_check(client):
    HelpContact.objects.create(name="Second", number="101", position=2)
    HelpContact.objects.create(
        name="First", number="999", note="Now", position=1, checked_on=date(2026, 12, 8), owner="Lead"
    )

    page = client.get("/safety/").content.decode()

    assert page.index("First") < page.index("Last checked on Tuesday 8 December 2026") < page.index("Second")
    assert page.count("Last checked on") == 1


def test_safety_says_that_history_is_not_erased(client):
    assert "It doesn’t clear your browser history." in client.get("/safety/").content.decode()


@pytest.mark.parametrize("address", ["/safety/", "/privacy/", "/cookies/", "/accessibility/"])
def test_help_contacts_are_on_every_page_about_the_service(client, address):
    HelpContact.objects.create(name="A line of help", number="0800 000 000")

    page = client.get(address).text

    assert "A line of help" in page
    assert ">0800 000 000</a>" in page


def test_cookies_page_names_every_cookie(client):
    page = client.get("/cookies/").text

    for name in (settings.ANSWERS_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        assert f'<dt class="govuk-summary-list__key">{name}</dt>' in page
    assert f"goes {settings.SESSION_COOKIE_AGE // 60} minutes after" in re.sub(r"\s+", " ", page)
    assert f"delete your answers after {DRAFT_LIFETIME.total_seconds() / 60:.0f} minutes" in page


def test_privacy_links_to_the_numbers_on_the_safety_page(client):
    assert 'href="/safety/#help"' in client.get("/privacy/").content.decode()


def test_privacy_names_what_her_page_really_offers(client, team):
    """Each right there quotes the words of the page on which she uses it."""
    her_page = client.get(create_page_link(make_completed_booking(team))).text

    rights = re.search(r'id="rights".*?</dl>', client.get("/privacy/").text, re.DOTALL)[0]
    quoted = set(re.findall("“([^”]+)”", rights))

    assert quoted == {"Your details", "Get a copy", "Delete my details"}
    assert [words for words in quoted if words not in her_page] == []


def retention_periods(client):
    """Return the retention periods on the privacy page."""
    page = re.sub(r"\s+", " ", client.get("/privacy/").text)
    return re.findall(r'value"> ?([^<]*(?:minutes|days?|years?)\b[^<]*?) ?</dd>', page)


def test_privacy_states_the_retention_periods(client):
    assert retention_periods(client) == [
        f"{int(DRAFT_LIFETIME.total_seconds() / 60)} minutes",
        "7 days",
        "90 days after your request ends. It ends when the walk is over, or when it’s declined, cancelled or stopped",
        "90 days after our last news about it, and never more than a year",
        "Until you stop the emails, or one comes back to us. If you never confirm it, 7 days",
        "3 years after you told us",
        "6 years",
        "400 days",
        "30 minutes",
        "6 years",
    ]


def test_privacy_uses_the_periods_in_the_settings(client, settings):
    settings.KEEP_UNCONFIRMED_DAYS, settings.KEEP_ENDED_DAYS = 1, 31
    settings.KEEP_CONCERNS_YEARS, settings.KEEP_HISTORY_YEARS = 1, 8
    settings.KEEP_MESSAGES_DAYS = 500

    figures = [" ".join(words.split()[:2]) for words in retention_periods(client)]

    ended = ["1 day", "31 days", "31 days", "Until you", "1 year"]
    assert figures[1:] == [*ended, "8 years", "500 days", "30 minutes", "8 years"]
