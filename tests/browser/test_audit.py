"""An auditor finds who looked at a booking, reads a report, takes a file and holds an erasure."""

import datetime

import pytest

from tests.support.browser.inspector_steps import find_booking
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack
REASON = "Complaint 12 of 2026"


@pytest.fixture
def looked_at(visit):
    """The reference of a booking that an inspector has opened."""
    woman, inspector = visit(), visit()
    reference = ask_for_a_walk(woman, "audit@example.com", unused_date())
    inspector.sign_in("inspector.as")
    find_booking(inspector, reference)
    inspector.press("I’m checking our work")
    inspector.page.get_by_text(reference).first.wait_for()
    return reference


def fill_in_date(auditor, name, day):
    parts = {"day": day.day, "month": day.month, "year": day.year}
    auditor.fill(**{f"{name}_{part}": str(value) for part, value in parts.items()})


def test_auditor_searches_reads_downloads_and_holds(visit, looked_at, check_page):
    auditor = visit(width=320, keyboard=True)
    auditor.sign_in("auditor")
    check_page(auditor)

    auditor.fill(reference="K7QX")
    auditor.press("Search")
    check_page(auditor)
    faulty_links = auditor.dead_error_links()
    auditor.fill(reference=looked_at.lower().replace("-", " "), person="ingrid")
    auditor.press("Search")
    auditor.page.get_by_text(f"Booking {looked_at}").first.wait_for()
    found, address = auditor.text, auditor.page.url
    check_page(auditor)
    auditor.follow("Reports")
    check_page(auditor)
    auditor.follow("Looks without a claim or a walk")
    check_page(auditor)
    report = auditor.text
    auditor.follow("Download these as a file")
    auditor.press("Download")
    check_page(auditor)
    auditor.fill(reason=REASON)
    auditor.reach(auditor.page.get_by_role("button", name="Download"))
    with auditor.page.expect_download() as download:
        auditor.page.keyboard.press("Enter")
    file = download.value.path().read_text(encoding="utf-8-sig")
    auditor.go("/staff/audit/holds/")
    check_page(auditor)
    auditor.fill(reference=looked_at)
    auditor.press("Search")
    auditor.press("Hold the erasure")
    check_page(auditor)
    auditor.fill(reason=REASON)
    fill_in_date(auditor, "until", london.today() + datetime.timedelta(days=30))
    auditor.press("Hold the erasure")
    auditor.page.get_by_text("Held until the end of").first.wait_for()
    check_page(auditor)
    auditor.press("End the hold now")
    auditor.page.get_by_text("The hold has ended").wait_for()
    check_page(auditor)

    assert faulty_links == []
    assert "Ingrid Inspector" in found
    assert looked_at.replace("-", "").lower() not in address.replace("-", "").lower()
    assert looked_at in report
    assert looked_at in file
    assert "Maya" not in found + report + file


def test_auditor_reads_empty_pages_without_scripts(visit):
    auditor = visit(width=320, javascript=False)
    auditor.sign_in("auditor")
    faults = []

    for page in (
        "reports/freezes/?period=1",
        "reports/unusual/?period=1",
        "reports/administration/",
        "download/looks/",
    ):
        auditor.go(f"/staff/audit/{page}")
        faults += auditor.wider_than_the_screen() + auditor.covered_controls()

    assert faults == []
