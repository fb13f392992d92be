"""The HTML of every kind of message: no sideways scrolling, buttons for a thumb, and nothing that axe finds.

With SCREENSHOTS=docs/images it also writes the contact sheets of docs/voice.md.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT

from devtools.previews.scenes import previews
from tests.support.addresses import rolled_back
from tests.support.browser.contact_sheet import write_contact_sheet
from tests.support.browser.visitor import AXE_OPTIONS
from tests.support.factories import BoroughFactory

PHONES, DESKTOP = (320, 375), 600
MONDAY_MORNING = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
FAULTS = """isPhone => [
  document.documentElement.scrollWidth > innerWidth ? `${document.documentElement.scrollWidth} px wide` : "",
  ...[...document.querySelectorAll(".button")].flatMap(button => {
    const {width, height} = button.querySelector("a").getBoundingClientRect();
    const room = document.querySelector("h1").getBoundingClientRect().width;
    return [
      height < 44 ? `button ${height} px high` : "",
      isPhone && width < room ? `button ${width} of ${room} px wide` : "",
    ];
  }),
].filter(Boolean)"""
AXE = "async options => (await axe.run(options)).violations.map(violation => violation.id)"


@pytest.fixture(scope="module")
def messages(django_db_setup, django_db_blocker):
    """Every message, written before Chromium starts. The dates are the same each time, and so are the pictures."""
    with time_machine.travel(MONDAY_MORNING), django_db_blocker.unblock(), rolled_back():
        BoroughFactory()
        return [(preview.name, preview.message.html) for preview in previews()]


def sheet_of(name, scheme):
    """Return the sheet that a picture belongs to. Messages to staff and partners are shown in light colours only."""
    if name.endswith("-discreet"):
        return "messages-discreet"
    if name.startswith(("team-", "officer-", "auditor-", "account-", "partner-", "standards-")):
        return "messages-staff" if scheme == "light" else ""
    return "messages" if scheme == "light" else "messages-dark"


def test_every_message_fits_each_screen_in_light_and_dark(messages, chromium):
    faults, sheets = [], {}
    pages = {scheme: chromium.new_page(color_scheme=scheme) for scheme in ("light", "dark")}
    for name, html in messages:
        for scheme, page in pages.items():
            page.set_content(html)
            for width in (DESKTOP, *PHONES):
                page.set_viewport_size({"width": width, "height": 300})
                faults += [f"{name}, {width} px, {scheme}: {fault}" for fault in page.evaluate(FAULTS, width in PHONES)]
            page.evaluate(AXE_SCRIPT)
            faults += [f"{name}, {scheme}: {violation}" for violation in page.evaluate(AXE, AXE_OPTIONS)]
            if "SCREENSHOTS" in os.environ and (sheet := sheet_of(name, scheme)):
                label = name.removesuffix("-discreet") + (" (dark)" if scheme == "dark" else "")
                sheets.setdefault(sheet, {})[label] = page.screenshot(full_page=True)
    for sheet, pictures in sheets.items():
        write_contact_sheet(chromium, Path(os.environ["SCREENSHOTS"]) / f"{sheet}.webp", pictures)

    assert faults == []
